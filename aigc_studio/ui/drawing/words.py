"""What the pad says: what is to be drawn, how many there are, whose they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aigc_studio.translation import _, ngettext

if TYPE_CHECKING:
    from aigc_studio.library.sketchbook import Leaves

_ENOUGH = 5
"""Of each kind: so many taught a model that knows the kinds another hand (docs/decisions.md)."""


def heading_text(leaves: Leaves) -> str:
    """What is to be drawn, or what the drawing is that lies open."""
    kind = leaves.kind
    if not leaves.is_fresh:
        return kind or _("Drawing")
    return _("Draw “{kind}”").format(kind=kind) if kind else _("Draw one")


def rights() -> dict[str, str]:
    """What goes with data that a person has drawn."""
    return {"licence": _("My own work"), "source": _("Drawn here")}


def count_text(leaves: Leaves) -> str:
    """How many are drawn, and whether that is enough to learn from."""
    count = len(leaves.leaves)
    if not count:
        return _("Each drawing is kept at once. Five of each kind are a beginning; ten learn well.")
    drawn = ngettext("{count} drawn", "{count} drawn", count).format(count=f"{count:,}")
    fewest = min(leaves.counts().values())
    if fewest >= 2 * _ENOUGH:
        return _("{drawn}: enough to learn well.").format(drawn=drawn)
    return _("{drawn}; ten of each kind learn well.").format(drawn=drawn)

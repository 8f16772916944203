"""What the pad says: what is to be drawn, how many there are, whose they are."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from aigc_studio.translation import _, ngettext

if TYPE_CHECKING:
    from aigc_studio.library.sketchbook import Leaves

_ENOUGH, _GOOD = 3, 5
"""Of each kind: so many taught a model that knows the kinds another hand; five did better, and ten
no better than five (docs/decisions.md)."""


def heading_text(leaves: Leaves) -> str:
    """What is to be drawn, or what the drawing is that lies open."""
    kind = leaves.kind
    if not leaves.is_fresh:
        return kind or _("Drawing")
    return _("Draw “{kind}”").format(kind=kind) if kind else _("Draw one")


def rights() -> dict[str, str]:
    """What goes with data that a person has drawn."""
    return {"licence": _("My own work"), "source": _("Drawn here")}


def count_text(leaves: Leaves, known: Collection[str] = ()) -> str:
    """How many are drawn, and whether that is enough to learn from: for a model that is `known` to
    know all of these kinds that was measured."""
    count, kinds = len(leaves.leaves), leaves.counts()
    drawn = ngettext("{count} drawn", "{count} drawn", count).format(count=f"{count:,}")
    fewest = min(kinds.values(), default=0)
    if not kinds or not set(kinds) <= set(known):
        if not count:
            return _("Each drawing is kept at once. The more there are, the better.")
        return _("{drawn}; the more there are, the better.").format(drawn=drawn)
    if fewest >= _GOOD:
        return _("{drawn}: enough of each kind.").format(drawn=drawn)
    if fewest >= _ENOUGH:
        return _("{drawn}: enough; five of each kind do better.").format(drawn=drawn)
    if count:
        return _("{drawn}; three of each kind teach your hand, five do better.").format(drawn=drawn)
    return _("Each drawing is kept at once. Three of each kind teach your hand, five do better.")

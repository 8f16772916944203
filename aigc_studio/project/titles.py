"""What the history calls each kind of command."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from aigc_studio.api import limits
from aigc_studio.translation import Localized, _, localized, ngettext

KINDS = (
    "add", "paste", "import", "accept", "remove", "duplicate", "reorder", "align", "group",
    "move", "scale", "rotate", "transform", "opacity", "rename", "show", "hide", "mask",
    "paint", "erase", "crop", "flip", "turn", "write", "compose", "regenerate", "restore",
    "change",
)  # fmt: skip
"""The kinds of command that have a title of their own."""


_LANGUAGES = 16
"""The most languages that a title may come in."""


def spoken(words: Any) -> Localized:
    """A title as a project keeps it, whatever a plugin gave: text, or text by language.

    Words that are none are left out, longer ones than `limits.TITLE` cut: a title is no reason to
    lose what it stands on.
    """
    if isinstance(words, Mapping):
        pairs = [pair for pair in words.items() if all(isinstance(part, str) for part in pair)]
        return {_cut(language): _cut(text) for language, text in pairs[:_LANGUAGES]}
    return _cut(words) if isinstance(words, str) else ""


def _cut(words: str) -> str:
    return words if len(words) <= limits.TITLE else words[: limits.TITLE - 1] + "…"


def title_of(kind: str, label: Localized, names: Sequence[str]) -> str:
    """The title of a command on items with these names, in the language that is spoken now."""
    if len(names) == 1:
        what = names[0]
    else:
        what = ngettext("{count} item", "{count} items", len(names)).format(count=len(names))
    if label:
        return _("{action} {item}").format(action=localized(label), item=what)
    pattern = _PATTERNS.get(kind)
    return (pattern() if pattern else _("Change {item}")).format(item=what)


# Bound late and literally: the catalogue is made from the literals in the source. Each alone, as
# a long history asks for thousands of titles.
_PATTERNS: dict[str, Callable[[], str]] = {
    "add": lambda: _("Add {item}"),
    "paste": lambda: _("Paste {item}"),
    "import": lambda: _("Import {item}"),
    "accept": lambda: _("Keep {item}"),
    "remove": lambda: _("Delete {item}"),
    "duplicate": lambda: _("Duplicate {item}"),
    "reorder": lambda: _("Reorder {item}"),
    "align": lambda: _("Align {item}"),
    "group": lambda: _("Change {item}"),
    "move": lambda: _("Move {item}"),
    "scale": lambda: _("Scale {item}"),
    "rotate": lambda: _("Rotate {item}"),
    "transform": lambda: _("Transform {item}"),
    "opacity": lambda: _("Change opacity of {item}"),
    "rename": lambda: _("Rename {item}"),
    "show": lambda: _("Show {item}"),
    "hide": lambda: _("Hide {item}"),
    "mask": lambda: _("Change mask of {item}"),
    "paint": lambda: _("Paint on {item}"),
    "erase": lambda: _("Erase on {item}"),
    "crop": lambda: _("Crop {item}"),
    "flip": lambda: _("Flip {item}"),
    "turn": lambda: _("Turn {item}"),
    "write": lambda: _("Write in {item}"),
    "compose": lambda: _("Edit notes of {item}"),
    "regenerate": lambda: _("Regenerate part of {item}"),
    "restore": lambda: _("Restore {item}"),
}

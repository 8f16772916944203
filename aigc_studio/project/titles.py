"""What the history calls each kind of command."""

from collections.abc import Mapping, Sequence
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
    # Bound late and literally: the catalogue is made from the literals in the source.
    return _patterns().get(kind, _("Change {item}")).format(item=what)


def _patterns() -> dict[str, str]:
    return {
        "add": _("Add {item}"),
        "paste": _("Paste {item}"),
        "import": _("Import {item}"),
        "accept": _("Keep {item}"),
        "remove": _("Delete {item}"),
        "duplicate": _("Duplicate {item}"),
        "reorder": _("Reorder {item}"),
        "align": _("Align {item}"),
        "group": _("Change {item}"),
        "move": _("Move {item}"),
        "scale": _("Scale {item}"),
        "rotate": _("Rotate {item}"),
        "transform": _("Transform {item}"),
        "opacity": _("Change opacity of {item}"),
        "rename": _("Rename {item}"),
        "show": _("Show {item}"),
        "hide": _("Hide {item}"),
        "mask": _("Change mask of {item}"),
        "paint": _("Paint on {item}"),
        "erase": _("Erase on {item}"),
        "crop": _("Crop {item}"),
        "flip": _("Flip {item}"),
        "turn": _("Turn {item}"),
        "write": _("Write in {item}"),
        "compose": _("Edit notes of {item}"),
        "regenerate": _("Regenerate part of {item}"),
        "restore": _("Restore {item}"),
    }

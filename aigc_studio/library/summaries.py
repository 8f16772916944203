"""A model in one plain line: what it makes, how large, how well."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from aigc_studio.library.cards import count, part, words
from aigc_studio.library.measures import card_measures, own_words, told_measures
from aigc_studio.translation import _, enumerated, localized, ngettext

if TYPE_CHECKING:
    from aigc_studio.library.measures import Own

_FEW = 3
"""Classes that are named; the others are counted."""


def plain_line(card: Mapping[str, Any], own: Own | None = None) -> str:
    """`0 to 9 · 28×28 · reads right 99 times in 100`; empty for a card that says nothing."""
    said = [known(card), size(card), *card_measures(card, own)[:1]]
    return " · ".join(each for each in said if each)


def known(card: Mapping[str, Any]) -> str:
    """What a model makes: its classes, or else the name of the data that it learnt from."""
    classes = part(card, "controls").get("classes")
    named = classes if isinstance(classes, list | tuple) else ()
    names = [localized(each) for each in named if isinstance(each, str | Mapping)]
    names = [name for name in names if name]
    if not names:
        return data_title(card)
    if len(names) > _FEW and _in_order(names):
        return _("{first} to {last}").format(first=names[0], last=names[-1])
    if len(names) <= _FEW + 1:
        return enumerated(names)
    more = len(names) - _FEW
    text = ngettext("{names} and {n} more", "{names} and {n} more", more)
    return text.format(names=enumerated(names[:_FEW]), n=more)


def data_title(card: Mapping[str, Any]) -> str:
    """What the data is called that a model learnt from: a sample pack by its title in the person's
    language, unless it was given another name; empty where the card does not say."""
    data = part(card, "data")
    return called(words(data, "name"), words(data, "pack"))


def called(name: str, pack: str) -> str:
    """What data of this name is called, which came of this pack or of none: a sample pack by its
    title in the person's language, unless it was given another name."""
    title = _manifest(pack).get("title")
    if isinstance(title, Mapping) and name.casefold() in _folded(pack, *title.values()):
        return localized(title)
    return name


def rights(licence: str, pack: str) -> str:
    """A licence as it is told: that of this sample pack, where it is in words, in the person's
    language. A dataset and the cards of models keep it as the pack says it to everybody."""
    manifest = _manifest(pack)
    own = localized(manifest.get("licence_words")) if licence == manifest.get("licence") else ""
    return own or licence


def card_rights(card: Mapping[str, Any]) -> str:
    """The licence that the card of a model says, as it is told (`rights`)."""
    return rights(words(card, "licence"), words(part(card, "data"), "pack"))


def _folded(*names: Any) -> tuple[str, ...]:
    return tuple(str(name).casefold() for name in names)


def pack_title(pack: str) -> str:
    """What a sample pack is called in the person's language; its id, where it is not known."""
    title = _manifest(pack).get("title")
    return localized(title) if isinstance(title, Mapping) else pack


def size(card: Mapping[str, Any]) -> str:
    """How large its pictures are; empty where it does not say."""
    frame = part(card, "frame")
    width, height = count(frame, "width"), count(frame, "height")
    return f"{width}×{height}" if width and height else ""


def numbers(card: Mapping[str, Any], own: Own | None = None) -> str:
    """Every measure with its value, a line for each; `own` are the plugin's words for its own."""
    told = told_measures(card.get("metrics"), own_words(card, own))
    return "\n".join(_("{title}: {value}").format(title=title, value=each) for title, each in told)


@lru_cache(maxsize=64)
def _manifest(pack: str) -> Mapping[str, Any]:
    """What a pack that comes with the studio says of itself, unchecked; nothing of another."""
    from aigc_studio import folders
    from aigc_studio.api import documents, limits

    if not pack.replace("-", "").isalnum():  # a card may be anybody's
        return {}
    # Unchecked: whoever checks the whole manifest knows all readers, .2 s of modules, and the
    # window asks this while a person waits for it.
    path = folders.resources_folder() / "packs" / f"{pack}.json"
    with contextlib.suppress(OSError, documents.Damaged):
        manifest = documents.read(path, limits.CARD_BYTES)
        return manifest if isinstance(manifest, dict) else {}
    return {}


def _in_order(names: Sequence[str]) -> bool:
    """Whether they are numbers or letters that follow each other: then first and last say it."""
    if all(name.isdecimal() for name in names):
        values = [int(name) for name in names if len(name) < 10]
    elif all(len(name) == 1 and name.isalpha() for name in names):
        values = [ord(name) for name in names]
    else:
        return False
    return values == list(range(values[0], values[0] + len(names))) if values else False

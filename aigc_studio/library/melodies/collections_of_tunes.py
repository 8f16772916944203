"""Files in ABC: one tune of a collection, or all of them, as the rest of the library takes them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aigc_studio.api import Melody, StudioError
from aigc_studio.library.melodies import abc
from aigc_studio.library.melodies.abc.remarks import sentences
from aigc_studio.library.melodies.abc.tunes import RawTune, cut
from aigc_studio.library.texts.reading import read_text
from aigc_studio.translation import _, ngettext

MOST_LISTED = 2_000
"""Tunes of a collection that can be chosen from."""


def chosen(data: bytes, name: str, wanted: str, remarks: list[str]) -> Melody:
    """The wanted tune of a collection (by title or number from 1), else the first that has notes;
    of a file with one tune the wanted voice. Repeats are written out.

    Raises `StudioError` that names the file, where there is nothing of the kind.
    """
    text = read_text(data, name, remarks=remarks)
    raws = list(cut(text))
    if not raws:
        raise StudioError(
            _("The tune {name} is damaged or no ABC: a tune begins with X: and has a key (K:).")
        )
    if len(raws) == 1:
        return _melody(next(abc.read_tunes(text, "played", wanted)), remarks)
    place = _place(raws, wanted)
    tune = abc.read_tune(raws[place])
    if not wanted:
        while tune.melody is None and place + 1 < len(raws):
            place += 1
            tune = abc.read_tune(raws[place])
        sentence = _("It holds {count} tunes: {title} was taken; choose others.")
        told = sentence.format(count=f"{len(raws):,}", title=title_of(tune.fields, place + 1))
        remarks.append(told)
    return _melody(tune, remarks)


def _melody(tune: abc.Tune, remarks: list[str]) -> Melody:
    remarks += tune.remarks
    if tune.melody is None:
        sentence = _("The tune {name} cannot be used: {reason}")
        raise StudioError(sentence.format(name="{name}", reason=tune.reason))
    return tune.melody


def _place(raws: Sequence[RawTune], wanted: str) -> int:
    asked = wanted.strip()
    for place, raw in enumerate(raws):
        if asked and raw.first("T").casefold() == asked.casefold():
            return place
    if asked.isdecimal() and len(asked) < 9 and 1 <= int(asked) <= len(raws):
        return int(asked) - 1
    if not asked or asked == "all":
        return 0
    sentence = _("The file {name} has no tune {part}: it has {count}, numbered from 1.")
    part = asked.replace("{", "(").replace("}", ")")
    raise StudioError(sentence.format(name="{name}", part=part, count=f"{len(raws):,}"))


def title(data: bytes, wanted: str = "") -> str:
    """The title of the tune that `chosen` takes; empty where it has none, or there is no such."""
    raws = list(cut(read_text(data)))
    try:
        return raws[_place(raws, wanted)].first("T") if len(raws) > 1 else raws[0].first("T")
    except (StudioError, IndexError):
        return ""


def names(data: bytes) -> tuple[str, ...]:
    """The titles of the tunes of a collection, or the voices of a single tune."""
    text = read_text(data)
    raws = list(cut(text))
    if len(raws) == 1:
        return next(abc.read_tunes(text)).voices
    return tuple(title_of(each.fields, place) for place, each in enumerate(raws, 1))


def title_of(fields: object, number: int) -> str:
    """The title of a tune; its number where it has none."""
    titles = fields.get("T", ()) if isinstance(fields, dict) else ()
    return next(iter(titles), "") or _("Tune {number}").format(number=number)


@dataclass(frozen=True)
class Collection:
    """The tunes of a file: those that can be used with their numbers (from 1), those that cannot
    with their names and why, and sentences on what is odd in all of them together."""

    tunes: Sequence[tuple[int, abc.Tune, Melody]]
    left: Sequence[tuple[str, str]]
    remarks: Sequence[str]


def collection(text: str, repeats: abc.Repeats = "once", voice: str = "") -> Collection:
    """All tunes of a text."""
    tunes: list[tuple[int, abc.Tune, Melody]] = []
    left: list[tuple[str, str]] = []
    odd: Counter[str] = Counter()
    for number, tune in enumerate(abc.read_tunes(text, repeats, voice), 1):
        odd.update(tune.odd)
        if tune.melody is None:
            left.append((f"{number} {tune.title}".strip(), tune.reason))
        else:
            tunes.append((number, tune, tune.melody))
    return Collection(tunes, left, [*_several(tunes), *sentences(odd)])


def _several(tunes: Sequence[tuple[int, abc.Tune, Melody]]) -> Iterator[str]:
    count = sum(len(tune.voices) > 1 for _number, tune, _melody in tunes)
    if count:
        yield ngettext(
            "Of {count} tune with several voices one voice was taken.",
            "Of {count} tunes with several voices one voice each was taken.",
            count,
        ).format(count=f"{count:,}")

"""Files in ABC: one tune of a collection, or all of them, as the rest of the library takes them."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass

from aigc_studio.api import Melody, StudioError
from aigc_studio.library.melodies import abc
from aigc_studio.library.melodies.abc.remarks import sentences
from aigc_studio.library.melodies.abc.tunes import RawTune, cut
from aigc_studio.library.options import ALL_PARTS
from aigc_studio.library.texts.reading import read_text
from aigc_studio.translation import _, ngettext

_begins = re.compile(r"^X:", re.MULTILINE)
MOST_LISTED = 2_000
"""Tunes of a collection that can be chosen from."""
_AT_ONCE = 100
"""Tunes that are read before it is told again how far it is."""


def chosen(data: bytes, name: str, wanted: str, remarks: list[str], encoding: str = "") -> Melody:
    """The wanted tune of a collection (by title or number from 1), else the first that has notes;
    of a file with one tune the wanted voice. Repeats are written out.

    Raises `StudioError` that names the file, where there is nothing of the kind.
    """
    text = read_text(data, name, encoding, remarks)
    raws = list(itertools.islice(cut(text), 2))
    if not raws:
        raise StudioError(
            _("The tune {name} is damaged or no ABC: a tune begins with X: and has a key (K:).")
        )
    if len(raws) == 1:
        return _melody(next(abc.read_tunes(text, "played", wanted)), remarks)
    if wanted and wanted != ALL_PARTS:
        return _melody(abc.read_tune(_wanted(text, wanted)), remarks)
    place, tune = _first(text)
    # Whoever wants the first of ten thousand does not wait for all of them to be cut.
    count = max(len(_begins.findall(text)), len(raws))
    sentence = _("It holds {count} tunes: {title} was taken; choose others.")
    remarks.append(sentence.format(count=f"{count:,}", title=title_of(tune.fields, place)))
    return _melody(tune, remarks)


def _first(text: str) -> tuple[int, abc.Tune]:
    """The first tune that has notes, with its number; the first one where none has."""
    first: tuple[int, abc.Tune] | None = None
    for place, raw in enumerate(cut(text), 1):
        tune = abc.read_tune(raw)
        if tune.melody is not None:
            return place, tune
        first = first or (place, tune)
    assert first is not None
    return first


def _melody(tune: abc.Tune, remarks: list[str]) -> Melody:
    remarks += tune.remarks
    if tune.melody is None:
        sentence = _("The tune {name} cannot be used: {reason}")
        raise StudioError(sentence.format(name="{name}", reason=tune.reason))
    return tune.melody


def _wanted(text: str, wanted: str) -> RawTune:
    """The tune with this title, or else with this number. Raises `StudioError` for no such."""
    asked = wanted.strip()
    number = int(asked) if asked.isdecimal() and len(asked) < 9 else 0
    numbered, count = None, 0
    for raw in cut(text):
        count += 1
        if raw.first("T").casefold() == asked.casefold():
            return raw
        numbered = raw if count == number else numbered
    if numbered is not None:
        return numbered
    sentence = _("The file {name} has no tune {part}: it has {count}, numbered from 1.")
    part = asked.replace("{", "(").replace("}", ")")
    raise StudioError(sentence.format(name="{name}", part=part, count=f"{count:,}"))


def title(data: bytes, wanted: str = "", encoding: str = "") -> str:
    """The title of the tune that `chosen` takes; empty where it has none, or there is no such."""
    text = read_text(data, encoding=encoding)
    raws = list(itertools.islice(cut(text), 2))
    try:
        if len(raws) < 2:
            return raws[0].first("T")
        if wanted and wanted != ALL_PARTS:
            return _wanted(text, wanted).first("T")
        return _first(text)[1].title
    except (StudioError, IndexError):
        return ""


def names(data: bytes, encoding: str = "") -> tuple[str, ...]:
    """The titles of the tunes of a collection (up to `MOST_LISTED`), or the voices of a tune."""
    text = read_text(data, encoding=encoding)
    raws = list(itertools.islice(cut(text), MOST_LISTED))
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


def collection(
    text: str, repeats: abc.Repeats = "once", voice: str = ""
) -> Generator[tuple[int, int], None, Collection]:
    """Read all tunes of a text, yielding how many of about how many are read; returns them."""
    total = len(_begins.findall(text))
    tunes: list[tuple[int, abc.Tune, Melody]] = []
    left: list[tuple[str, str]] = []
    odd: Counter[str] = Counter()
    for number, tune in enumerate(abc.read_tunes(text, repeats, voice), 1):
        odd.update(tune.odd)
        if number % _AT_ONCE == 0:
            yield number, max(total, number)
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

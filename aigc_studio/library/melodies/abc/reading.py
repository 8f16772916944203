"""ABC as melodies: one or many tunes of a text, each with what stands above it."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from aigc_studio.api import Melody, StudioError, limits
from aigc_studio.library.melodies.abc import repeats as repeating
from aigc_studio.library.melodies.abc.elements import Change, Sound
from aigc_studio.library.melodies.abc.fields import (
    Meter,
    read_key,
    read_length,
    read_metre,
    read_tempo,
    usual_length,
)
from aigc_studio.library.melodies.abc.layout import Layout
from aigc_studio.library.melodies.abc.remarks import sentences
from aigc_studio.library.melodies.abc.tunes import RawTune, cut
from aigc_studio.library.melodies.abc.voices import Voice
from aigc_studio.library.options import ALL_PARTS
from aigc_studio.translation import _, enumerated

Repeats = Literal["played", "once", "written"]
"""Repeats written out as they are played; everything once, of several endings the last; or all
as it is written, one ending behind the other."""

_voice_field = re.compile(r"V:\s*(\S+)(.*)")
# Nothing is tried twice, and nothing is looked for to the end of a line: one of 100,000 characters
# that never closes its brackets takes no longer than another.
_part = re.compile(r"(?:^|\[)P:\s*(\w)")
_inline_voice = re.compile(r"\[V:\s{0,20}+([^\]\s]{1,200}+)([^\]]{0,500}+)\]")
_name = re.compile(r'\b(?:name|nm)\s*=\s*"?([^"]*)"?')


@dataclass(frozen=True)
class Tune:
    """A tune of a collection. `fields` are those above the music, by letter, in order.

    `melody` is None where nothing could be made of it, and `reason` says why; `remarks` are
    sentences on what was left out, guessed or odd, and `odd` counts it (`remarks.sentences`).
    `voices` are the names of its voices where it has several.
    """

    fields: Mapping[str, tuple[str, ...]]
    melody: Melody | None = None
    remarks: tuple[str, ...] = ()
    reason: str = ""
    voices: tuple[str, ...] = ()
    metre: str = ""
    odd: Mapping[str, int] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The first title; empty for none."""
        return self.first("T")

    @property
    def number(self) -> str:
        """What stands behind `X:`."""
        return self.first("X")

    def first(self, letter: str) -> str:
        """What the first field with this letter says; empty where there is none."""
        return next(iter(self.fields.get(letter, ())), "")


def read_tunes(text: str, repeats: Repeats = "played", voice: str = "") -> Iterator[Tune]:
    """The tunes of a text in ABC, in order; what cannot be read costs only its own tune.

    Of several voices the one with this name or number (from 1), or all together (`ALL_PARTS`), else
    the first that has notes.
    Chords give their highest note; grace notes and ornaments are left out. Never raises for
    whatever stands in the text.
    """
    for raw in cut(text):
        yield _tune(raw, repeats, voice)


def read_tune(raw: RawTune, repeats: Repeats = "played", voice: str = "") -> Tune:
    """One tune that `tunes.cut` gave; as `read_tunes`."""
    return _tune(raw, repeats, voice)


def read_voices(raw: RawTune, most: int) -> tuple[list[tuple[str, Tune]], int]:
    """The first `most` voices of one tune, each with its name as a tune of its own; and how many
    there are. Reads each line once, however many voices it is."""
    voices = _voices(raw)
    if len(voices) <= 1 or not raw.has_key:
        tune = _tune(raw, "played", "")
        return [(tune.title, tune)], 1
    first = itertools.islice(voices.items(), most)
    return [(each.name, _tune(raw, "played", "", {name: each})) for name, each in first], len(
        voices
    )


def _tune(
    raw: RawTune, repeats: Repeats, wanted: str, voices: Mapping[str, _Lines] | None = None
) -> Tune:
    fields = {letter: tuple(told) for letter, told in raw.fields.items()}
    if not raw.has_key:
        reason = _("Its header breaks off before the key (K:), so there is no music in it.")
        return Tune(fields, reason=reason)
    voices = _voices(raw) if voices is None else voices
    names = tuple(each.name for each in voices.values()) if len(voices) > 1 else ()
    try:
        if wanted == ALL_PARTS and len(voices) > 1:
            return _together(raw, repeats, voices, names)
        chosen, reader = _chosen(raw, voices, "" if wanted == ALL_PARTS else wanted)
        melody, remarks = _melody(raw, reader, repeats)
    except StudioError as error:
        return Tune(fields, reason=str(error), voices=names)
    except (ValueError, ArithmeticError, LookupError, RecursionError):
        reason = _("It cannot be read: something in it is not valid ABC.")
        return Tune(fields, reason=reason, voices=names)
    if len(voices) > 1 and not wanted:
        sentence = _("Of {count} voices {part} was taken. There are: {parts}.")
        told = sentence.format(count=len(voices), part=chosen, parts=enumerated(names, 8))
        remarks = (told, *remarks)
    metre = str(_metre(raw))
    return Tune(fields, melody, remarks, voices=names, metre=metre, odd=reader.odd)


def _together(
    raw: RawTune, repeats: Repeats, voices: Mapping[str, _Lines], names: tuple[str, ...]
) -> Tune:
    """All voices as one melody, with the metres and keys of the first that has notes.

    Raises `StudioError` when none has.
    """
    found = [_tune(raw, repeats, "", {name: each}) for name, each in voices.items()]
    playing = [each for each in found if each.melody is not None]
    if not playing:
        raise StudioError(_("It has no notes."))
    melodies = [each.melody for each in playing if each.melody is not None]
    ticks = math.lcm(*(each.ticks_per_quarter for each in melodies))
    first = _finer(melodies[0], ticks)
    notes = (note for each in melodies for note in _finer(each, ticks).notes)
    length = max(each.length * (ticks // each.ticks_per_quarter) for each in melodies)
    whole = replace(first, notes=tuple(notes), length=length)
    remarks = dict.fromkeys(sentence for each in playing for sentence in each.remarks)
    return replace(playing[0], melody=whole, remarks=tuple(remarks), voices=names)


def _finer(melody: Melody, ticks: int) -> Melody:
    """The same with more ticks to a quarter note."""
    times = ticks // melody.ticks_per_quarter
    if times == 1:
        return melody
    notes = (
        replace(each, start=each.start * times, duration=each.duration * times)
        for each in melody.notes
    )
    return replace(
        melody,
        notes=tuple(notes),
        ticks_per_quarter=ticks,
        tempos=tuple(replace(each, start=each.start * times) for each in melody.tempos),
        metres=tuple(replace(each, start=each.start * times) for each in melody.metres),
        keys=tuple(replace(each, start=each.start * times) for each in melody.keys),
        length=melody.length * times,
    )


@dataclass
class _Lines:
    """The lines of a voice, with how its field describes it."""

    name: str
    told: str = ""
    lines: list[str] = field(default_factory=list)


def _voices(raw: RawTune) -> dict[str, _Lines]:
    """The voices by their ids. Fields before the first voice, and lines without one, go to all of
    them or to the first."""
    found: dict[str, _Lines] = {}
    for told in raw.fields.get("V", ()):
        _declare(found, f"V:{told}")
    now: _Lines | None = None
    before: list[str] = []
    for line in raw.lines:
        if line.startswith("V:"):
            now = _declare(found, line)
            continue
        for own, piece in _pieces(line):
            now = _declare(found, own) if own else now
            (now.lines if now else before).append(piece)
    playing = {name: each for name, each in found.items() if each.lines}
    if not playing:
        return {"1": _Lines("1", "", before)}
    if before and any("|" in line for line in before):
        next(iter(playing.values())).lines[:0] = before
    return playing


def _pieces(line: str) -> Iterator[tuple[str, str]]:
    """The line cut where an inline field changes the voice: that field, and what follows."""
    if "[V:" not in line:
        yield "", line
        return
    place, own = 0, ""
    for found in _inline_voice.finditer(line):
        if line[place : found.start()].strip() or own:
            yield own, line[place : found.start()]
        place, own = found.end(), f"V:{found[1]} {found[2]}"
    yield own, line[place:]


def _declare(found: dict[str, _Lines], line: str) -> _Lines:
    match = _voice_field.match(line)
    identity, told = (match[1], match[2]) if match else ("1", "")
    known = found.setdefault(identity, _Lines(identity))
    named = _name.search(told)
    if named and named[1].strip():
        known.name = named[1].strip()
    known.told = f"{known.told} {told}".strip()
    return known


def _chosen(raw: RawTune, voices: Mapping[str, _Lines], wanted: str) -> tuple[str, Voice]:
    """The name of a voice, and what it plays. Raises `StudioError` where there is none."""
    asked = [
        each
        for number, (identity, each) in enumerate(voices.items(), 1)
        if wanted.strip().casefold() in (each.name.casefold(), identity.casefold(), str(number))
    ]
    if wanted and not asked:
        sentence = _("It has no voice {part}: it has {parts}.")
        names = enumerated([each.name for each in voices.values()], 8)
        raise StudioError(sentence.format(part=wanted, parts=names))
    for each in asked or voices.values():
        reader = _reader(raw, each)
        if any(isinstance(x, Sound) and x.pitch >= 0 for x in reader.elements):
            return each.name, reader
    raise StudioError(_("It has no notes."))


def _metre(raw: RawTune) -> Meter:
    return read_metre(raw.first("M")) or Meter()


def _reader(raw: RawTune, voice: _Lines) -> Voice:
    metre, key = _metre(raw), read_key(raw.first("K"))
    unit = read_length(raw.first("L")) or usual_length(metre)
    spread = raw.directives.get("propagate-accidentals", "pitch").lower()
    shift = read_key(f"none {voice.told}").shift + _transposed(raw)
    reader = Voice(metre, unit, key, spread if spread in ("not", "octave") else "pitch", shift)
    reader.odd["fields"] += not key.is_understood
    reader.odd["fields"] += read_metre(raw.first("M")) is None
    reader.odd["fields"] += bool(raw.first("L")) and read_length(raw.first("L")) is None
    reader.odd["gaps"] += raw.gaps
    reader.odd["parts"] += _has_own_order(raw, voice)
    reader.elements.append(Change(key))
    tempo = read_tempo(raw.first("Q"), unit)
    if tempo is not None:
        reader.elements.append(Change(tempo))
    reader.read(voice.lines)
    return reader


def _melody(raw: RawTune, reader: Voice, repeats: Repeats) -> tuple[Melody, tuple[str, ...]]:
    elements = reader.elements
    if repeats == "played":
        order = repeating.played(elements, 2 * limits.NOTES)
        reader.odd["unrolled"] += order is None
        elements = repeating.once(elements) if order is None else order
    elif repeats == "once":
        elements = repeating.once(elements)
    if sum(isinstance(each, Sound) for each in elements) > limits.NOTES:
        raise StudioError(_("It is too long: cut it into parts first."))
    layout = Layout(_metre(raw), reader.odd)
    layout.place(elements)
    if layout.now > 1 << 40 or len(layout.metres) > limits.CHANGES:
        raise StudioError(_("It is too long: cut it into parts first."))
    return layout.melody(_program(raw)), tuple(sentences(reader.odd))


def _has_own_order(raw: RawTune, voice: _Lines) -> bool:
    """Whether its parts are played in another order than that in which they stand: `P:ABA`."""
    labels = [found[1] for line in voice.lines if (found := _part.search(line))]
    order = re.sub(r"[\s.,]", "", raw.first("P"))
    return bool(labels and order) and order != "".join(labels)


def _transposed(raw: RawTune) -> int:
    """The semitones that a directive moves all notes by."""
    found = re.match(r"\s*([+-]?\d{1,2})\b", raw.directives.get("midi transpose", ""))
    return int(found[1]) if found else 0


def _program(raw: RawTune) -> int:
    """The General MIDI program that a directive names (counted from 0 or 1: from 1 in ABC)."""
    numbers = re.findall(r"\d{1,3}", raw.directives.get("midi program", ""))
    return min(int(numbers[-1]), 127) if numbers else 0

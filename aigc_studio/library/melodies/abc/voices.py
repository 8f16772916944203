"""The lines of one voice as notes, bar lines and changes; what is odd is counted."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from aigc_studio.api import StudioError, limits
from aigc_studio.library.melodies.abc.elements import WHOLE, Bar, Change, Element, Sound
from aigc_studio.library.melodies.abc.fields import (
    SEMITONES,
    Key,
    Meter,
    read_key,
    read_length,
    read_metre,
    read_tempo,
)
from aigc_studio.library.melodies.abc.scanning import NOTE, SIGNS, length_of
from aigc_studio.library.melodies.abc.tunes import is_field, without_comment
from aigc_studio.translation import _

_longest = 256 * WHOLE
_most_passes = 16
_most_elements = 4 * limits.NOTES
_in_time = {2: 3, 3: 2, 4: 3, 6: 2, 8: 3}
"""How many notes' time that many notes of a tuplet take; 5, 7 and 9 go by the metre."""
_jumps = re.compile(r"[!+](?:D\.?C\.?|D\.?S\.?|dacapo|dacoda|segno|coda|fine)[^!+]*[!+]", re.I)


@dataclass
class Voice:
    """Reads lines into `elements`. `odd` counts what was left out or guessed, by a word for it.

    `propagation` says how far an accidental reaches: `pitch` (all octaves of its bar), `octave`
    (its own) or `not`.
    """

    metre: Meter
    unit: tuple[int, int]
    key: Key
    propagation: str = "pitch"
    shift: int = 0
    elements: list[Element] = field(default_factory=list)
    odd: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._held: dict[str, int] = {}
        self._name = ""
        self._tied: tuple[str, int] | None = None
        self._last: Sound | None = None
        self._next = (1, 1)
        self._tuplet: tuple[int, int, int] = (0, 1, 1)
        self._in_overlay = False
        self._pitches: dict[str, tuple[str, int | None, str, int, int, int]] = {}

    def read(self, lines: list[str]) -> None:
        """Take all lines, in order. Raises `StudioError` for far too many."""
        for line in lines:
            if is_field(line):
                self._field(line[0], without_comment(line[2:]))
            elif line[:1] != "%":
                self._line(without_comment(line))
            if len(self.elements) > _most_elements:  # not read to its end only to be refused
                raise StudioError(_("It is too long: cut it into parts first."))
        if self._next != (1, 1):
            self.odd["broken"] += 1

    def _line(self, line: str) -> None:
        for found in SIGNS.finditer(line):
            kind = found.lastgroup
            if kind == "note":
                self._note(found[0])
            elif kind != "space" and kind is not None and kind != "slur":
                getattr(self, f"_on_{kind}")(found[0])

    # One sign each

    def _note(self, text: str) -> None:
        pitch, name = self._pitch(text)
        over, under = self._pitches[text][4:6]
        if not self._in_overlay:
            self._sound(pitch, over, under)
            self._tied = None
            self._name = name

    def _on_rest(self, text: str) -> None:
        found = NOTE.match(text)
        if found and not self._in_overlay:
            self._sound(-1, *length_of(found[5], found[6], found[7]))
            self._tied = None

    def _on_many(self, text: str) -> None:
        sounds = bool(self.elements) and isinstance(self.elements[-1], Sound)
        if sounds:  # whole bars cannot rest inside a bar: some write Z for z
            self._on_rest(f"z{text[1:]}")
        elif not self._in_overlay:
            self._last = Sound(-1, 0, bars=max(int(text[1:] or 1), 1))
            self.elements.append(self._last)

    def _on_chord(self, text: str) -> None:
        inner, _close, outer = text[1:].rpartition("]")
        notes = [each[0] for each in SIGNS.finditer(inner) if each.lastgroup == "note"]
        length = re.match(r"(\d{0,4})(/{0,8})(\d{0,4})", outer)
        if not notes or length is None:
            self.odd["signs"] += 1
            return
        pitches = [self._pitch(each)[0] for each in notes]
        if self._in_overlay:
            return
        self.odd["chords"] += len(notes) > 1
        over, under = self._pitches[notes[0]][4:6]
        more, less = length_of(*length.groups())
        self._sound(max(pitches), over * more, under * less)
        self._tied = None
        if self._last is not None:
            self._last.is_tied = "-" in inner

    def _on_broken(self, text: str) -> None:
        if self._last is None or self._in_overlay:
            self.odd["broken"] += not self._in_overlay
            return
        parts = 1 << min(len(text), 4)
        short, long = (1, parts), (2 * parts - 1, parts)
        own, self._next = (long, short) if text[0] == ">" else (short, long)
        self._last.length = self._scaled(self._last.length, *own)

    def _on_tie(self, _text: str) -> None:
        if self._last is not None and self._last.pitch >= 0 and not self._in_overlay:
            self._last.is_tied = True
            self._tied = (self._name, self._last.pitch)

    def _on_tuplet(self, text: str) -> None:
        parts = text[1:].split(":")
        count = int(parts[0])
        by_metre = 3 if self.metre.is_compound else 2
        time = _in_time.get(count, by_metre)
        if len(parts) > 1 and parts[1]:
            time = int(parts[1])
        reach = int(parts[2]) if len(parts) > 2 and parts[2] else count
        if count and time and not self._in_overlay:
            self._tuplet = (reach, time, count)

    def _on_bar(self, text: str) -> None:
        line, endings = _bar_parts(text)
        self._in_overlay = False
        self._held.clear()
        before, _stroke, after = line.partition("|")
        if not _stroke:  # only colons
            before = after = ":"
        double = line.count("|") + line.count("[") + line.count("]") > 1
        self.elements.append(Bar(before.count(":"), after.count(":"), double, endings))

    def _on_ending(self, text: str) -> None:
        _line, endings = _bar_parts("|" + text[1:].replace('"', "").strip())
        self.elements.append(Bar(endings=endings or frozenset((1,))))

    def _on_field(self, text: str) -> None:
        self._field(text[1], text[3:-1])

    def _on_grace(self, text: str) -> None:
        self.odd["graces"] += sum(each.lastgroup == "note" for each in SIGNS.finditer(text[1:-1]))

    def _on_overlay(self, _text: str) -> None:
        self._in_overlay = True
        self.odd["overlays"] += 1

    def _on_mark(self, text: str) -> None:
        self.odd["jumps"] += _jumps.match(text) is not None

    def _on_odd(self, _text: str) -> None:
        self.odd["signs"] += 1

    def _on_text(self, _text: str) -> None:
        """Chord names and annotations are left alone."""

    _on_spacer = _on_sign = _on_text

    # Fields between the music

    def _field(self, letter: str, told: str) -> None:
        if letter == "K":
            self.key = read_key(told)
            self.odd["fields"] += not self.key.is_understood
            self.elements.append(Change(self.key))
            self._held.clear()
            self._pitches.clear()
        elif letter == "M":
            metre = read_metre(told)
            if metre is None:
                self.odd["fields"] += 1
                return
            self.metre = metre
            self.elements.append(Change(metre))
        elif letter == "L":
            unit = read_length(told)
            self.odd["fields"] += unit is None
            self.unit = unit or self.unit
        elif letter == "Q":
            tempo = read_tempo(told, self.unit)
            if tempo is not None:
                self.elements.append(Change(tempo))

    # Pitch and length

    def _pitch(self, text: str) -> tuple[int, str]:
        """The MIDI pitch of a note, and its letter with its octave; keeps accidentals in mind."""
        known = self._pitches.get(text)
        if known is None:
            known = self._pitches[text] = _parts(text)
        name, steps, letter, natural, _over, _under = known
        held = name if self.propagation == "octave" else letter
        if steps is not None:
            if self.propagation != "not":
                self._held[held] = steps
        elif self._tied is not None and self._tied[0] == name:
            return self._tied[1], name  # a tie carries its accidental over the bar line
        else:
            steps = self._held.get(held)
            if steps is None:
                steps = self.key.altered.get(letter, 0)
        return natural + steps + self.key.shift + self.shift, name

    def _sound(self, pitch: int, over: int, under: int) -> None:
        more, less = self._next
        left, time, count = self._tuplet
        if left:
            more, less = more * time, less * count
            self._tuplet = (left - 1, time, count)
        self._next = (1, 1)
        top, bottom = WHOLE * self.unit[0] * over * more, self.unit[1] * under * less
        length, rest = divmod(top, bottom)
        if rest or length > _longest or not length:
            self.odd["lengths"] += 1
            length = min(max(round(top / bottom), 1), _longest)
        if not 0 <= pitch <= 127 and pitch != -1:
            self.odd["pitches"] += 1
            pitch = pitch % 12 + (0 if pitch < 0 else 108)
        self._last = Sound(pitch, length)
        self.elements.append(self._last)

    def _scaled(self, length: int, over: int, under: int) -> int:
        scaled, rest = divmod(length * over, under)
        self.odd["lengths"] += bool(rest)
        return max(scaled, 1)


def _parts(text: str) -> tuple[str, int | None, str, int, int, int]:
    """Letter with octave, accidental, letter, pitch without it, and the fraction of the length."""
    found = NOTE.match(text)
    assert found is not None, text
    sign, part, letter, octaves = found[1], found[2], found[3], found[4]
    steps = sign.count("^") - sign.count("_") if sign else None
    if part:  # of microtones the nearest semitone
        over, _slash, under = part.partition("/")
        steps = round((steps or 0) * int(over or 1) / (int(under) or 1))
    natural = 60 + SEMITONES[letter.upper()] + 12 * letter.islower()
    natural += 12 * (octaves.count("'") - octaves.count(","))
    name = f"{letter.upper()}{natural}"
    return name, steps, letter.upper(), natural, *length_of(found[5], found[6], found[7])


def _bar_parts(text: str) -> tuple[str, frozenset[int]]:
    """The strokes and colons of a bar line, and the numbers of the endings behind it."""
    found = re.search(r"\[?\d[\d,.\-]*$", text)
    if found is None:
        return text.strip(" .\t"), frozenset()
    line = text[: found.start()].strip(" .\t") or "|"
    numbers: set[int] = set()
    for part in re.split(r"[,.]", found[0].strip("[")):
        ends = [int(each[:3]) for each in part.split("-") if each]
        if ends:
            first, last = ends[0], min(ends[-1], ends[0] + _most_passes)
            numbers.update(range(first, max(first, last) + 1))
    return line, frozenset(each for each in numbers if 1 <= each <= _most_passes)

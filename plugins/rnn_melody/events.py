"""What the model reads: one voice, cut at the bar lines into tones and rests on a grid.

A `Voice` is a list of events. An event is a tone, a rest, or more of the tone before it (`HOLD`: a
tie). Its duration is in units, `UNITS` to a quarter note, in which sixteenths, their triplets and
thirty-seconds are whole. No event crosses a bar line: a tone that does is held on by a tie in the
next bar, and so every bar is complete when its events fill it.
"""

from __future__ import annotations

import operator
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from aigc_studio.api import KeySignature, Melody, Metre, Note

UNITS = 24
"""Units of a quarter note."""
REST, HOLD = -1, -2
"""What stands in the place of a MIDI pitch: silence, and more of the tone before."""
TONIC_FROM = 60
"""Pitches are told from the tonic that lies in the octave from here up."""
_start_of = operator.attrgetter("start")


@dataclass(frozen=True)
class Bar:
    """A bar of a voice: where it begins and how long it is, in units, and its metre.

    `nominal` is how long the metre makes it. A first bar that is shorter (an upbeat) has the end of
    such a bar; any other that is shorter has the beginning.
    """

    start: int
    length: int
    nominal: int
    metre: str
    upbeat: bool = False

    @property
    def stop(self) -> int:
        """Where it ends."""
        return self.start + self.length

    @property
    def offset(self) -> int:
        """The position in a whole bar at which it begins."""
        return self.nominal - self.length if self.upbeat else 0


@dataclass(frozen=True)
class Voice:
    """One voice as events, in order, without gaps: `pitches` (MIDI, `REST` or `HOLD`), `durations`
    in units and `places` (units from the beginning), all equally long, and the `bars` that they
    fill. `tonic` is a pitch class and `mode` a word, or None where they are not known.
    """

    pitches: tuple[int, ...]
    durations: tuple[int, ...]
    places: tuple[int, ...]
    bars: tuple[Bar, ...]
    tonic: int | None = None
    mode: str | None = None

    def __len__(self) -> int:
        return len(self.pitches)

    @property
    def counted(self) -> int:
        """How many events a loss is divided by: tones and rests; a tie is a part of its tone."""
        return sum(pitch != HOLD for pitch in self.pitches)

    @property
    def base(self) -> int:
        """The MIDI pitch that relative pitches are told from: the tonic, or middle C."""
        return tonic_pitch(self.tonic)


@dataclass
class Remarks:
    """What of a melody was not taken, or not as it was; nought where all was."""

    beside: int = 0
    """Notes that sound below or beside the voice that was taken."""
    moved: int = 0
    """Notes that were moved to the grid by more than a hair's breadth."""
    notes: int = 0

    def words(self) -> list[tuple[str, str]]:
        """Sentences, English and Chinese."""
        said = list[tuple[str, str]]()
        if self.beside:
            said.append(
                (
                    f"One voice was taken, the highest: {self.beside:,} notes beside it were not.",
                    f"只取最高的一个声部：其余 {self.beside:,} 个音符未采用。",
                )
            )
        if self.moved:
            said.append(
                (
                    f"{self.moved:,} notes did not lie on a beat or a part of it and were moved.",
                    f"{self.moved:,} 个音符不在拍点上，已对齐。",
                )
            )
        return said


def tonic_pitch(tonic: int | None) -> int:
    """The MIDI pitch of a tonic in the octave from middle C up; of none, middle C."""
    return TONIC_FROM if tonic is None else TONIC_FROM + (tonic - TONIC_FROM) % 12


def metre_name(metre: Metre) -> str:
    """`6/8`."""
    return f"{metre.numerator}/{metre.denominator}"


def bar_units(metre: str) -> int:
    """How long a bar of `6/8` is, in units. Raises ValueError for what is no metre."""
    above, below = metre.split("/")
    found = Fraction(4 * UNITS * int(above), int(below))
    return max(1, round(found))


# -- from a melody ---------------------------------------------------------------------------------


def read_voice(melody: Melody) -> tuple[Voice, Remarks]:
    """The voice that is taken of a melody, and what of it was not.

    Of notes that begin together the highest is taken; of one that begins below a sounding one
    nothing, unless that ends within a sixteenth, and then it is cut. Silence shorter than a
    sixteenth belongs to the note before. A melody without a key gets one by its notes.
    """
    from aigc_studio.toolkit.sequences import estimated_key

    remarks = Remarks(notes=len(melody.notes))
    bars = bars_of(melody)
    key = melody.keys[0] if melody.keys else None
    if key is None:
        key = estimated_key(melody)
    tones = _on_grid(_highest(melody, remarks), melody.ticks_per_quarter, remarks)
    voice = _filled(tones, bars)
    if key is None:
        return voice, remarks
    return replace(voice, tonic=key.tonic, mode=key.mode), remarks


def bars_of(melody: Melody) -> tuple[Bar, ...]:
    """The bars of a melody, in units."""
    found, number = list[Bar](), 0
    metres, all_bars = melody.metres, melody.bars
    ticks = melody.ticks_per_quarter
    for place, (start, stop) in enumerate(all_bars):
        while number + 1 < len(metres) and metres[number + 1].start <= start:
            number += 1
        metre = metre_name(metres[number])
        begins, ends = _units(start, ticks), _units(stop, ticks)
        nominal = bar_units(metre)
        if ends <= begins:
            continue
        short = ends - begins < nominal
        found.append(
            Bar(begins, ends - begins, max(nominal, ends - begins), metre,
                upbeat=short and place == 0 and len(all_bars) > 1)
        )  # fmt: skip
    return tuple(found)


def _units(tick: int, ticks_per_quarter: int) -> int:
    return (2 * tick * UNITS + ticks_per_quarter) // (2 * ticks_per_quarter)


@dataclass
class _Tone:
    start: int
    stop: int
    pitch: int


def _highest(melody: Melody, remarks: Remarks) -> list[_Tone]:
    """The notes of the upper voice, in ticks, none over another."""
    near = melody.ticks_per_quarter // 4
    found = list[_Tone]()
    for note in sorted(melody.notes, key=lambda each: (each.start, -each.pitch, -each.duration)):
        tone = _Tone(note.start, note.start + note.duration, note.pitch)
        if not found or tone.start >= found[-1].stop:
            found.append(tone)
            continue
        last = found[-1]
        together = tone.start - last.start < max(1, near // 4)
        goes_on = last.stop - tone.start > near
        if together or (goes_on and tone.pitch < last.pitch):
            remarks.beside += 1
            continue
        if goes_on:  # what sounds on below is another voice
            remarks.beside += 0
        last.stop = tone.start
        found.append(tone)
    return found


def _on_grid(tones: Sequence[_Tone], ticks: int, remarks: Remarks) -> list[_Tone]:
    """The tones in units; those of a free hand on sixteenths and triplets."""
    loose = sum(not _fits(tone.start, ticks) for tone in tones)
    step = _nearest if 5 * loose > len(tones) else None
    found = list[_Tone]()
    for tone in tones:
        start, stop = _units(tone.start, ticks), _units(tone.stop, ticks)
        if step is not None:
            start, stop = step(start), max(step(stop), step(start) + 3)
        remarks.moved += abs(start * ticks - tone.start * UNITS) > ticks
        if found and start <= found[-1].start:
            start = found[-1].start + 1
        if found and found[-1].stop > start:
            found[-1].stop = start
        found.append(_Tone(start, max(stop, start + 1), tone.pitch))
    return found


def _fits(tick: int, ticks: int) -> bool:
    """Whether it lies on a thirty-second or a triplet of sixteenths, but for a hair's breadth."""
    place = tick * UNITS / ticks
    return min(abs(place - step * round(place / step)) for step in (3, 4)) < 0.51


def _nearest(unit: int) -> int:
    sixteenth, triplet = 6 * round(unit / 6), 8 * round(unit / 8)
    return sixteenth if abs(unit - sixteenth) <= abs(unit - triplet) else triplet


def _filled(tones: Sequence[_Tone], bars: Sequence[Bar]) -> Voice:
    """The tones and what is silent between them, cut at the bar lines."""
    pitches, durations, places = list[int](), list[int](), list[int]()
    end = bars[-1].stop if bars else 0

    def add(pitch: int, start: int, stop: int) -> None:
        for number, (begin, finish) in enumerate(_cut(start, stop, bars)):
            pitches.append(HOLD if number and pitch != REST else pitch)
            durations.append(finish - begin)
            places.append(begin)

    now = 0
    for number, tone in enumerate(tones):
        following = tones[number + 1].start if number + 1 < len(tones) else end
        stop = min(tone.stop, end)
        if 0 < following - stop < UNITS // 4:
            stop = following
        if stop <= tone.start:
            continue
        if tone.start > now:
            add(REST, now, tone.start)
        add(tone.pitch, tone.start, stop)
        now = stop
    if now < end:
        add(REST, now, end)
    return Voice(tuple(pitches), tuple(durations), tuple(places), tuple(bars))


def _cut(start: int, stop: int, bars: Sequence[Bar]) -> Iterator[tuple[int, int]]:
    """The parts of a stretch that the bar lines make of it."""
    for number in range(bisect_right(bars, start, key=_start_of) - 1, len(bars)):
        bar = bars[number]
        if bar.start >= stop:
            return
        yield max(start, bar.start), min(stop, bar.stop)


# -- to a melody -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Manner:
    """How a melody is played that is made of events."""

    ticks_per_quarter: int = 480
    program: int = 0
    microseconds: int = 500_000
    velocity: int = 80
    keys: tuple[KeySignature, ...] = field(default=())


def to_notes(voice: Voice, ticks_per_quarter: int, velocity: int = 80) -> tuple[Note, ...]:
    """The notes of a voice; ties are joined."""
    found = list[Note]()
    sounding = False
    for pitch, duration, place in zip(voice.pitches, voice.durations, voice.places, strict=True):
        start = place * ticks_per_quarter // UNITS
        stop = (place + duration) * ticks_per_quarter // UNITS
        if pitch == HOLD and sounding:
            found[-1] = replace(found[-1], duration=stop - found[-1].start)
        elif pitch >= 0:
            found.append(Note(start, max(1, stop - start), pitch, velocity))
        sounding = pitch >= 0 or (pitch == HOLD and sounding)
    return tuple(found)


def to_melody(voice: Voice, manner: Manner | None = None) -> Melody:
    """A melody of a voice: its bars and metres, its key where that is known."""
    from aigc_studio.api import Tempo

    how = manner or Manner()
    ticks = how.ticks_per_quarter
    metres = list[Metre]()
    for number, bar in enumerate(voice.bars):
        above, below = map(int, bar.metre.split("/"))
        metre = Metre(bar.start * ticks // UNITS, above, below)
        before = voice.bars[number - 1] if number else None
        if before is None or before.metre != bar.metre or before.length != before.nominal:
            metres.append(metre)
    end = voice.bars[-1].stop if voice.bars else 0
    return Melody(
        notes=to_notes(voice, ticks, how.velocity),
        ticks_per_quarter=ticks,
        program=how.program,
        tempos=(Tempo(0, how.microseconds),),
        metres=tuple(metres) or (Metre(0),),
        length=end * ticks // UNITS,
        keys=how.keys or keys_of(voice.tonic, voice.mode),
    )


def keys_of(tonic: int | None, mode: str | None) -> tuple[KeySignature, ...]:
    """The key signature of a tonic and a mode, with the fewest accidentals; none of none."""
    if tonic is None or mode is None:
        return ()
    fits = (KeySignature(0, fifths, mode) for fifths in range(-7, 8))
    return (min((key for key in fits if key.tonic == tonic), key=lambda key: abs(key.fifths)),)


def regular_bars(metre: str, count: int, upbeat: int = 0) -> tuple[Bar, ...]:
    """So many whole bars of a metre, with `upbeat` units before them in a bar of their own."""
    nominal = bar_units(metre)
    found = [Bar(0, upbeat, nominal, metre, upbeat=True)] if upbeat else []
    found += [Bar(upbeat + number * nominal, nominal, nominal, metre) for number in range(count)]
    return tuple(found)

"""Bars that are to be made anew: what stands before them, in them and after them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from aigc_studio.api import Bars, GeneratorError, KeySignature, Melody, Note
from rnn_melody.events import HOLD, REST, UNITS, Bar, Voice, read_voice

Events = tuple[tuple[int, int, int], ...]
"""Events as (pitch, units, place): a MIDI pitch, `REST` or `HOLD`."""

NEAR = 40
"""So many bars on either side are read: what lies further has long been forgotten."""
_WHOLE = 8
"""What is read begins so many bars from the beginning, or twice, and so on: phrases stay whole."""
_LEAST = 3
"""Less room than a thirty-second cannot be written in."""


@dataclass(frozen=True)
class Gap:
    """Some bars of a tune, in the units of `events`, counted from where `bars` begin.

    `before` is the voice up to where there is something to write (`begin`): a tone of what stands
    before that goes on in the gap stays. `former` and `after` are the events in the gap and behind
    it (pitch, units, place); there are none behind it where nothing sounds any more. `tail` is the
    note that went on behind the gap, if any: its pitch is kept, or what is behind would have a
    hole. `beside` are the notes of the gap that are in no event, other voices and lower tones of
    chords: they stay. `taken` are the others.
    """

    melody: Melody
    selection: Bars
    bars: tuple[Bar, ...]
    before: Voice
    former: Events
    after: Events
    begin: int
    stop: int
    origin: int
    tail: Note | None
    taken: tuple[Note, ...]
    beside: tuple[Note, ...]

    @property
    def outside(self) -> Voice:
        """All that is known of the voice: what stands before, and what stands after."""
        return replace(
            self.before,
            pitches=(*self.before.pitches, *(pitch for pitch, _units, _place in self.after)),
            durations=(*self.before.durations, *(units for _pitch, units, _place in self.after)),
            places=(*self.before.places, *(place for _pitch, _units, place in self.after)),
        )

    @property
    def inside(self) -> tuple[Bar, ...]:
        """The bars of the gap."""
        return tuple(bar for bar in self.bars if self.begin < bar.stop <= self.stop)

    @property
    def count(self) -> int:
        """How many bars there are to fill."""
        return len(self.inside)

    def tick(self, place: int) -> int:
        """The tick of the melody that a place is at."""
        return (place + self.origin) * self.melody.ticks_per_quarter // UNITS


def gap_of(melody: Melody, selection: Bars, key: KeySignature | None = None) -> Gap:
    """What stands around these bars, told from a key, or from that which the melody begins in.

    Raises GeneratorError where nothing can be written in them.
    """
    voice, _remarks = read_voice(melody)
    if key is not None:
        voice = replace(voice, tonic=key.tonic, mode=key.mode)
    ticks = melody.ticks(selection)
    inside = [
        number
        for number, bar in enumerate(voice.bars)
        if ticks[0] <= bar.start * melody.ticks_per_quarter / UNITS < ticks[1]
    ]
    if not inside:
        raise _no_room(selection)
    start, stop = voice.bars[inside[0]].start, voice.bars[inside[-1]].stop
    first = max(0, inside[0] - NEAR) // _WHOLE * _WHOLE
    bars = voice.bars[first : inside[-1] + 1 + NEAR]
    return _within(melody, selection, voice, bars, start, stop)


def _within(
    melody: Melody, selection: Bars, voice: Voice, bars: tuple[Bar, ...], start: int, stop: int
) -> Gap:
    origin, end = bars[0].start, bars[-1].stop
    events = [
        (pitch, units, place)
        for pitch, units, place in zip(voice.pitches, voice.durations, voice.places, strict=True)
        if origin <= place < end
    ]
    begin = start
    for pitch, units, place in events:
        if place == begin and pitch == HOLD:
            begin += units
    if stop - begin < _LEAST:
        raise _no_room(selection)
    shown = [(pitch, units, place - origin) for pitch, units, place in events]
    before = [each for each in shown if each[2] < begin - origin]
    after = tuple(each for each in shown if each[2] >= stop - origin)
    if all(pitch == REST for pitch, _units, _place in after):
        # Empty bars up to the end are not silence that is wished for: nobody has written them yet.
        after = ()
    taken, beside = _notes(melody, selection, voice)
    return Gap(
        melody=melody, selection=selection,
        bars=tuple(replace(bar, start=bar.start - origin) for bar in bars),
        before=replace(
            voice, pitches=tuple(each[0] for each in before),
            durations=tuple(each[1] for each in before), places=tuple(each[2] for each in before),
            bars=tuple(replace(bar, start=bar.start - origin) for bar in bars),
        ),
        former=tuple(each for each in shown if begin - origin <= each[2] < stop - origin),
        after=after, begin=begin - origin, stop=stop - origin, origin=origin,
        tail=taken[-1] if after and after[0][0] == HOLD and taken else None,
        taken=taken, beside=beside,
    )  # fmt: skip


def _notes(
    melody: Melody, selection: Bars, voice: Voice
) -> tuple[tuple[Note, ...], tuple[Note, ...]]:
    """The notes that begin in the bars: those that the voice has, and those beside it."""
    start, stop = melody.ticks(selection)
    ticks = melody.ticks_per_quarter
    heard = dict[int, list[float]]()
    for pitch, place in zip(voice.pitches, voice.places, strict=True):
        at = place * ticks / UNITS
        if pitch >= 0 and start - ticks / 4 <= at < stop + ticks / 4:
            heard.setdefault(pitch, []).append(at)
    taken, beside = list[Note](), list[Note]()
    for note in melody.notes:
        if not start <= note.start < stop:
            continue
        places = heard.get(note.pitch, [])
        nearest = min(places, key=lambda at: abs(at - note.start), default=None)
        if nearest is not None and abs(nearest - note.start) <= ticks / 4:
            places.remove(nearest)
            taken.append(note)
        else:
            beside.append(note)
    return tuple(taken), tuple(beside)


def _no_room(selection: Bars) -> GeneratorError:
    where = (
        f"bar {selection.first}"
        if selection.first == selection.last
        else f"bars {selection.first} to {selection.last}"
    )
    return GeneratorError(
        f"A note that begins earlier sounds all through {where}: mark the bar in which it begins "
        "too.",
        zh=f"第 {selection.first} 至 {selection.last} 小节始终被更早开始的音占据："
        "请把该音开始的小节也选上。",
    )

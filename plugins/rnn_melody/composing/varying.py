"""Vary: the same bars with changes. What changes is chosen by beats; the rest is as it was."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from aigc_studio.api import Bars, EditRequest, Event, GeneratorError, Melody, Message, Note
from aigc_studio.toolkit import exactly, parameters_of
from rnn_melody.composing.continuing import heard_style, unseen
from rnn_melody.composing.page import Page, Part
from rnn_melody.composing.parameters import Kept, VaryParameters
from rnn_melody.composing.pen import Pen, pen_of
from rnn_melody.composing.side_by_side import Press, Task, style_of
from rnn_melody.copying import read_known
from rnn_melody.events import HOLD, REST, UNITS, Voice, read_voice
from rnn_melody.model import open_model
from rnn_melody.network.steps import Floats
from rnn_melody.signs import FIRST_TONE, HOLD_SIGN, REST_SIGN, numbers_of
from rnn_melody.voices import key_at, new_notes, own_notes, usual_velocity
from rnn_melody.words.dances import beat_quarters

_OTHER = 4.0
"""How much less likely (nats) what stood there is where something is to change."""


def vary_bars(request: EditRequest) -> Iterator[Event]:
    """Yield `count` variations of the selected bars, or of the tune."""
    exactly(request)
    model = open_model(request.model)
    pen, wish = pen_of(model), parameters_of(request, VaryParameters)
    melody, bars = request.melody, request.bars
    part = bool(request.selections) and request.selections[0] is not None
    if not any(_inside(melody, bars)):
        raise GeneratorError(
            "There are no notes to vary here: draw some, select other bars, or recompose these.",
            zh="这里没有可变奏的音符：请先画几个音，选择其他小节，或重写这些小节。",
        )
    theme = Theme.of(pen, melody, bars)
    yield from theme.said
    yield from unseen(model, [bar.metre for bar in theme.voice.bars])
    style = heard_style(style_of(wish), theme.voice.pitches)
    begin, stop = theme.span
    sheet = pen.sheet(_until(theme.voice, begin), theme.voice.bars, style, stop)

    def made(page: Page, row: int, upto: int | None) -> Melody:
        notes = theme.notes(page, row, upto)
        whole = replace(melody, notes=(*theme.rest, *notes))
        return whole.part(bars) if part else whole

    task = Task(
        sheet=sheet, style=style, made=made, part=part,
        steer=_Change(theme, wish.change, wish.keep),
        # What was learnt already before is no copy that this made.
        parted=lambda found: found if wish.change >= 0.5 else Melody(),
    )  # fmt: skip
    press = Press(pen, read_known(request.model), wish.known == "drawn-anew")
    yield from press.events([task] * request.count, request.seed)


def _inside(melody: Melody, bars: Bars) -> Iterator[Note]:
    start, stop = melody.ticks(bars)
    return (note for note in melody.notes if start <= note.start < stop)


def _until(voice: Voice, end: int) -> Voice:
    count = sum(place < end for place in voice.places)
    bars = tuple(bar for bar in voice.bars if bar.start < end)
    return replace(
        voice, pitches=voice.pitches[:count], durations=voice.durations[:count],
        places=voice.places[:count], bars=bars,
    )  # fmt: skip


def beside_notes(melody: Melody) -> list[Note]:
    """The notes that are none of the voice that is read of it: chords, a second part."""
    voice, _remarks = read_voice(melody)
    own = {id(note) for note in own_notes(melody, voice) if note is not None}
    return [note for note in melody.notes if id(note) not in own]


@dataclass(frozen=True)
class Theme:
    """What is varied: events of a voice with the notes that they are of. `rest` are the notes that
    stay whatever comes, `tones`, `lengths` and `places` the events within `span` (units)."""

    pen: Pen
    melody: Melody
    voice: Voice
    span: tuple[int, int]
    rest: tuple[Note, ...]
    own: dict[tuple[int, int], Note]
    tones: tuple[int, ...]
    lengths: tuple[int, ...]
    places: tuple[int, ...]
    beat: int
    said: tuple[Message, ...]

    @classmethod
    def of(cls, pen: Pen, melody: Melody, bars: Bars) -> Theme:
        """The selected bars of a melody."""
        key, said = key_at(melody, melody.ticks(bars)[0])
        voice = read_voice(melody)[0]
        voice = replace(voice, tonic=key.tonic if key else None, mode=key.mode if key else None)
        chosen = voice.bars[bars.first - 1 : bars.last]
        span = chosen[0].start, chosen[-1].stop
        own = own_notes(melody, voice)
        varied = {
            (place, note.pitch): note
            for place, note in zip(voice.places, own, strict=True)
            if note is not None and span[0] <= place < span[1]
        }
        replaced = {id(note) for note in varied.values()}
        shift = pen.sheet(voice, voice.bars, heard_style(style_of(VaryParameters()), ())).shift
        moved = replace(voice, pitches=tuple(p if p < 0 else p - shift for p in voice.pitches))
        numbers = zip(*numbers_of(moved, pen.model.signs), strict=True)
        events = [tuple(map(int, each)) for each in numbers if span[0] <= each[2] < span[1]]
        above, below = (int(each) for each in chosen[0].metre.split("/"))
        tones, lengths, places = (tuple(event[column] for event in events) for column in range(3))
        rest = tuple(note for note in melody.notes if id(note) not in replaced)
        beat = max(1, round(beat_quarters(above, below) * UNITS))
        said_of_it = (said,) if said else ()
        return cls(pen, melody, voice, span, rest, varied, tones, lengths, places, beat, said_of_it)

    def notes(self, page: Page, row: int, upto: int | None) -> list[Note]:
        """The notes of a variation: those that stayed as they were, the others new; behind what is
        done, those of the tune."""
        ticks, begin = self.melody.ticks_per_quarter, self.span[0]
        stop = self.span[1] if upto is None else page.frame.bars[upto - 1].stop
        start = -(-begin * ticks // UNITS)
        velocity = usual_velocity(list(self.own.values()))
        found = list[Note]()
        for note in new_notes(page, row, stop, ticks, velocity):
            place = begin + (2 * note.start * UNITS + ticks) // (2 * ticks)
            own = self.own.get((place, note.pitch))
            if own is not None and _units(own.duration, ticks) == _units(note.duration, ticks):
                found.append(own)
            else:
                loud = own.velocity if own is not None else velocity
                found.append(replace(note, start=note.start + start, velocity=loud))
        return found + [note for (place, _pitch), note in self.own.items() if place >= stop]


def _units(ticks: int, per_quarter: int) -> int:
    return (2 * ticks * UNITS + per_quarter) // (2 * per_quarter)


class _Change:
    """What keeps a theme but for some beats of it, which are others for each seed."""

    def __init__(self, theme: Theme, change: float, keep: Kept) -> None:
        self.theme, self.change, self.keep = theme, change, keep
        self.there = {place: number for number, place in enumerate(theme.places)}
        self._open = dict[int, list[bool]]()
        self._line = _line(theme.voice)

    def __call__(self, page: Page, part: Part, logits: Floats) -> None:
        """Leave only what stood there, but in the beats that change."""
        theme = self.theme
        for number, row in enumerate(page.rows.tolist()):
            place = int(page.places[number])
            opened = self._opened(page.seeds[row])
            at = self.there.get(place)
            kept = at is not None and not opened[at]
            value = None if at is None else (theme.lengths if part == "length" else theme.tones)[at]
            if kept or (part == "length" and self.keep == "rhythm" and value is not None):
                _only(logits[number], value)
            elif part == "length":
                room = self._room(place, opened)
                logits[number, theme.pen.units > room] = -np.inf
            else:
                self._tones(page, number, row, place, value, logits[number])

    def _tones(
        self, page: Page, number: int, row: int, place: int, value: int | None, logits: Floats
    ) -> None:
        if self.keep == "rhythm" and value in (REST_SIGN, HOLD_SIGN):
            _only(logits, value)
            return
        if self.keep != "either":
            logits[[REST_SIGN, HOLD_SIGN]] = -np.inf
        if value is not None and value >= FIRST_TONE:
            logits[value] -= _OTHER
        if self.keep == "contour":
            self._rise(page, number, row, place, logits)

    def _rise(self, page: Page, number: int, row: int, place: int, logits: Floats) -> None:
        """Only what goes up where the theme did, or down."""
        events = page.events[row]
        heard = [tone for tone, _units_ in events if tone >= FIRST_TONE][-1:]
        if not heard or place not in self._line:
            return
        before = place - (events[-1][1] if events else 0)
        rise = self._line[place] - self._line.get(before, self._line[place])
        tones = np.arange(len(logits))
        if rise:
            against = (tones <= heard[0]) if rise > 0 else (tones >= heard[0])
            if np.isfinite(logits[~against & (tones >= FIRST_TONE)]).any():
                logits[against] = -np.inf

    def _opened(self, seed: int) -> list[bool]:
        """Which events change: whole beats of them, some at least; a tie goes with its tone."""
        found = self._open.get(seed)
        if found is not None:
            return found
        theme, rng = self.theme, random.Random(f"vary {seed}")
        beats = sorted({(place - theme.span[0]) // theme.beat for place in theme.places})
        chosen = {beat for beat in beats if rng.random() < self.change}
        if not chosen:
            chosen = {rng.choice(beats)}
        found = list[bool]()
        for tone, place in zip(theme.tones, theme.places, strict=True):
            opened = (place - theme.span[0]) // theme.beat in chosen
            found.append(found[-1] if tone == HOLD_SIGN and found else opened)
        self._open[seed] = found
        return found

    def _room(self, place: int, opened: list[bool]) -> int:
        """How much there is to the next event that stays."""
        theme = self.theme
        following = (
            at for at, stays in zip(theme.places, opened, strict=True) if at > place and not stays
        )
        return next(following, theme.span[1]) - place


def _only(logits: Floats, value: int | None) -> None:
    if value is not None:
        logits[:] = -np.inf
        logits[value] = 0


def _line(voice: Voice) -> dict[int, int]:
    """The pitch that sounds at each unit; of a rest that before it."""
    found, pitch = dict[int, int](), -1
    for each, duration, place in zip(voice.pitches, voice.durations, voice.places, strict=True):
        pitch = pitch if each in (REST, HOLD) else each
        if pitch >= 0:
            found.update(dict.fromkeys(range(place, place + duration), pitch))
    return found

"""The pen: it reads the bars that are there, and writes the others, several tunes side by side.

A tune is written on a frame: its bars are known beforehand, and no event crosses a bar line, so
there are exactly as many bars as were asked for, each complete. What tune n becomes depends neither
on how many are written beside it nor on the threads: products are exact, and each tune has random
numbers of its own.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np

from aigc_studio.toolkit.sequences import Chances, sample
from rnn_melody.composing.closing import close
from rnn_melody.events import UNITS, Bar, Voice, tonic_pitch
from rnn_melody.network.steps import Floats, Ints, Steps
from rnn_melody.signs import (
    FIRST_TONE,
    HOLD_SIGN,
    NO_TONE,
    REST_SIGN,
    Frame,
    Score,
    agreement,
    joined,
    numbers_of,
)

if TYPE_CHECKING:
    from rnn_melody.model import Model

Part = Literal["length", "tone"]

_PENS = 3
"""So many models are ready to write."""
_LEAST = 3
"""No less than a thirty-second is left of a bar, where there is a choice."""
_LONGER = 3.0
"""How strongly the density leans on durations: at its ends, by what factor a note twice as long is
more or less likely (in nats an octave of durations)."""
_UNSAID = 1.5
"""How much of the same goes against ties and silence."""
SIDE_BY_SIDE = 32
"""So many tunes are written at once."""


@dataclass(frozen=True, kw_only=True)
class Style:
    """How events are drawn: `density` from 0 (few, long) over 0.5 (as learnt) to 1 (many, short);
    no pitch below `lowest` or above `highest` (MIDI)."""

    temperature: float = 1.0
    top_p: float = 0.95
    density: float = 0.5
    lowest: int = 0
    highest: int = 127


@dataclass(frozen=True)
class Sheet:
    """What is written on: the bars, and the voice that stands in the first of them.

    `voice` goes from the beginning without gaps, and has the tonic and the mode of all. `shift` is
    how many semitones, in octaves, the range lies from where the model writes. Writing ends at
    `stop` units, or with the last bar: those behind are known of only as how many are left.
    """

    voice: Voice
    bars: tuple[Bar, ...]
    shift: int = 0
    stop: int | None = None

    @property
    def begin(self) -> int:
        """Where writing begins, in units."""
        return self.voice.places[-1] + self.voice.durations[-1] if len(self.voice) else 0

    @property
    def end(self) -> int:
        """Where writing ends, in units."""
        whole = self.bars[-1].stop if self.bars else 0
        return whole if self.stop is None else min(self.stop, whole)

    @property
    def base(self) -> int:
        """The MIDI pitch that tones are told from."""
        return tonic_pitch(self.voice.tonic) + self.shift


class Page:
    """Tunes that are being written side by side: what steers them sees it.

    `rows` (n,) says which are still being written; `places` (n,) where each of them stands, in
    units, in which of the `bars`, and how much `remaining` of it; `lengths` (n,) the numbers of the
    durations just drawn, once they are. `seeds[row]` is what a row is drawn from, `score` has what
    sounds where, and `events[row]` are (tone, units) from where writing began.
    """

    def __init__(self, pen: Pen, sheet: Sheet, seeds: Sequence[int]) -> None:
        self.pen, self.sheet, self.seeds = pen, sheet, seeds
        count = len(seeds)
        signs = pen.model.signs
        self.frame = Frame(sheet.bars, signs, sheet.voice.tonic, sheet.voice.mode)
        self.score = Score(count, self.frame.length)
        self.rows: Ints = np.arange(count)
        self.places: Ints = np.full(count, sheet.begin, np.int64)
        self.remaining: Ints = np.zeros(count, np.int64)
        self.bars: Ints = np.zeros(count, np.int64)
        self.lengths: Ints = np.zeros(count, np.int64)
        self.last: Ints = np.zeros(count, np.int64)
        """The last tone of each that is being written."""
        self.events: list[list[tuple[int, int]]] = [[] for _row in range(count)]
        self.bars_before = int(np.searchsorted(self.frame.stops, sheet.begin, side="right"))
        """How many bars were complete before writing began."""
        self.bars_read = len(sheet.voice.bars)
        """How many bars belong to what stood before, complete or not."""
        self.reached: Ints = np.full(count, sheet.begin, np.int64)
        """Where each of all tunes ends by now, in units."""
        self.carried: tuple[Floats, Ints, Ints] = (
            np.zeros((count, 0), np.float32),
            np.zeros((count, 3), np.int64),
            np.zeros((count, len(signs.lags)), np.int64),
        )
        """What each of all tunes could be read on from: the state, the last events, the runs."""

    def voice(self, row: int, upto: int | None = None) -> Voice:
        """A tune as far as it is written, or to `upto` units; what stood there before included."""
        sheet, signs = self.sheet, self.pen.model.signs
        pitches, durations = list(sheet.voice.pitches), list(sheet.voice.durations)
        places, place = list(sheet.voice.places), sheet.begin
        for tone, units in self.events[row]:
            if upto is not None and place >= upto:
                break
            pitches.append(signs.pitch(tone, sheet.base))
            durations.append(units)
            places.append(place)
            place += units
        return replace(
            sheet.voice, pitches=tuple(pitches), durations=tuple(durations), places=tuple(places),
            bars=sheet.bars,
        )  # fmt: skip

    def bars_done(self, row: int) -> int:
        """How many bars of a tune are complete."""
        return int(np.searchsorted(self.frame.stops, self.reached[row], side="right"))


class Steering(Protocol):
    """What sees a page before each draw and changes the logits, in place."""

    def __call__(self, page: Page, part: Part, logits: Floats, /) -> None:
        """Change logits (n, durations) of the "length", or (n, tones) of the "tone" that has it.

        A row that nothing is left of is drawn as it was before.
        """
        ...


class Bending(Protocol):
    """What sees a page before the heads do, and changes what they see, in place."""

    def __call__(self, page: Page, outputs: Floats, /) -> None:
        """Change outputs (n, 2 * head)."""
        ...


class Pen:
    """Reads and writes with one model."""

    def __init__(self, model: Model) -> None:
        self.model, self.steps = model, Steps(model.writer)
        self.units = np.array(model.signs.durations, np.int64)
        self._octaves = np.log2(self.units / (UNITS / 2)).astype(np.float32)

    def sheet(
        self, voice: Voice, bars: tuple[Bar, ...], style: Style, stop: int | None = None
    ) -> Sheet:
        """The sheet to write the rest of these bars on; its range as near the model's as can be."""
        signs, base = self.model.signs, tonic_pitch(voice.tonic)
        low, high = signs.lowest + base, signs.highest + base
        octaves = sorted((12 * number for number in range(-6, 7)), key=abs)
        pitches = [pitch for pitch in voice.pitches if pitch >= 0]
        if pitches:
            # A voice that is there says where it lies.
            def heard(shift: int) -> int:
                return sum(low + shift <= pitch <= high + shift for pitch in pitches)

            return Sheet(voice, bars, max(octaves, key=heard), stop)
        lowest, highest = sorted((style.lowest, style.highest))
        wanted = min(12, highest - lowest)

        def room(shift: int) -> int:
            return min(min(high + shift, highest) - max(low + shift, lowest), wanted)

        return Sheet(voice, bars, max(octaves, key=room), stop)

    def bias(self, style: Style) -> Floats:
        """What the density adds to logits of durations (durations,)."""
        found: Floats = (self._octaves * np.float32(_LONGER * (0.5 - style.density))).astype(
            np.float32
        )
        return found


def write(
    pen: Pen,
    sheet: Sheet,
    *,
    seed: int,
    count: int = 0,
    style: Style,
    numbers: Sequence[int] = (),
    steer: Steering | None = None,
    bend: Bending | None = None,
) -> Iterator[Page]:
    """Write the bars of a sheet that are empty, row n from the seed `seed + numbers[n]`, which are
    0 to `count - 1` where none are named; yields the page after each event."""
    drawn_by = np.array(numbers or range(count), np.int64)
    count = len(drawn_by)
    page, luck = (
        Page(pen, sheet, [seed + n for n in drawn_by.tolist()]),
        Chances(seed, int(drawn_by.max(initial=-1)) + 1),
    )

    def chances() -> np.ndarray[Any, np.dtype[np.float64]]:
        return luck.next()[drawn_by[page.rows]]

    page.carried = read(pen, sheet, page, count)
    state, before, runs = page.carried
    signs, bias, shut = pen.model.signs, pen.bias(style), _shut(pen, sheet, style)
    density = np.float32(_UNSAID * (style.density - 0.5))
    while (page.places < sheet.end).any():
        place = page.frame.at(page.places)
        looked = page.score.look(page.rows, page.frame.earlier(page.places), signs)
        outputs, state = pen.steps.advance(joined(before, place, looked, runs), state)
        page.bars = page.frame.bar_at(page.places)
        page.remaining = np.minimum(page.frame.stops[page.bars], sheet.end) - page.places
        if bend is not None:
            bend(page, outputs)
        logits = pen.steps.length_logits(outputs) + bias
        lengths = _draw(page, "length", _fitting(logits, page, pen), chances(), style, steer)
        page.lengths = lengths
        logits = pen.steps.tone_logits(outputs, lengths) + shut
        logits[:, REST_SIGN] -= density
        logits[_no_hold(page), HOLD_SIGN] = -np.inf
        logits[:, HOLD_SIGN] -= density
        tones = _draw(page, "tone", logits, chances(), style, steer)
        agreed = agreement(looked, tones, lengths)
        runs = (runs + 1) * agreed
        _set_down(page, tones, pen.units[lengths])
        before = np.stack([tones, before[:, 0], lengths + 1], -1)
        for kept, now in zip(page.carried, (state, before, runs), strict=True):
            np.asarray(kept)[page.rows] = now
        yield page
        going = page.places < sheet.end
        if not going.all():
            page.rows, page.places, page.last = page.rows[going], page.places[going], tones[going]
            state, before, runs = state[going], before[going], runs[going]


def read(pen: Pen, sheet: Sheet, page: Page, count: int) -> tuple[Floats, Ints, Ints]:
    """The state, the last events and the runs after the voice that is there, for all rows."""
    signs = pen.model.signs
    voice = sheet.voice
    moved = replace(voice, pitches=tuple(p if p < 0 else p - sheet.shift for p in voice.pitches))
    tones, lengths, places = numbers_of(moved, signs)
    state, before = pen.steps.start(1), np.zeros((1, 3), np.int64)
    runs = np.zeros((1, len(signs.lags)), np.int64)
    score, one = Score(1, page.frame.length), np.zeros(1, np.int64)
    for tone, length, at in zip(tones, lengths, places, strict=True):
        here = np.array([at])
        looked = score.look(one, page.frame.earlier(here), signs)
        inputs = joined(before, page.frame.at(here), looked, runs)
        _outputs, state = pen.steps.advance(inputs, state)
        runs = (runs + 1) * agreement(looked, np.array([tone]), np.array([length]))
        score.put(0, int(at), int(tone), signs.durations[length])
        before = np.array([[tone, before[0, 0], length + 1]])
    for name in ("tones", "begins", "ends"):
        getattr(page.score, name)[:] = getattr(score, name)
    page.last = np.full(count, before[0, 0])
    return state.repeat(count, 0), before.repeat(count, 0), runs.repeat(count, 0)


def _shut(pen: Pen, sheet: Sheet, style: Style) -> Floats:
    """What is added to logits of tones (tones,): nothing is drawn out of the range."""
    signs = pen.model.signs
    found = np.zeros(signs.tones, np.float32)
    found[NO_TONE] = -np.inf
    low, high = sorted((style.lowest, style.highest))
    pitches = np.arange(signs.tones - FIRST_TONE) + signs.lowest + sheet.base
    outside = (pitches < low) | (pitches > high) | (pitches < 0) | (pitches > 127)
    if not outside.all():
        found[FIRST_TONE:][outside] = -np.inf
    return found


def _fitting(logits: Floats, page: Page, pen: Pen) -> Floats:
    """Only what fits into the bar, and leaves enough of it for another event, or nothing."""
    left = page.remaining[:, None] - pen.units
    shut = (left < 0) | ((left > 0) & (left < _LEAST))
    shut[shut.all(1)] = left[shut.all(1)] < 0
    logits[shut] = -np.inf
    return logits


def _no_hold(page: Page) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Where no tone may be held on: but at the beginning of a bar, after a tone that was written
    here (what stood before the beginning stays as long as it is)."""
    after_tone = page.last >= HOLD_SIGN
    at_bar = page.places == page.frame.starts[page.bars]
    shut: np.ndarray[Any, np.dtype[np.bool_]] = ~(after_tone & at_bar)
    return shut | (page.places == page.sheet.begin)  # type: ignore[no-any-return]


def _draw(
    page: Page,
    part: Part,
    logits: Floats,
    chances: np.ndarray[Any, np.dtype[np.float64]],
    style: Style,
    steer: Steering | None,
) -> Ints:
    close(page, part, logits)
    if steer is not None:
        kept = logits.copy()
        steer(page, part, logits)
        nothing = ~np.isfinite(logits).any(1)
        logits[nothing] = kept[nothing]
    drawn: Ints = sample(logits, chances, temperature=style.temperature, top_p=style.top_p)
    return drawn


def _set_down(page: Page, tones: Ints, units: Ints) -> None:
    for row, place, tone, length in zip(
        page.rows.tolist(), page.places.tolist(), tones.tolist(), units.tolist(), strict=True
    ):
        page.score.put(row, place, tone, length)
        page.events[row].append((tone, length))
    page.places = page.places + units
    page.reached[page.rows] = page.places
    page.last = tones


_pens: OrderedDict[bytes, Pen] = OrderedDict()
_pens_lock = threading.Lock()


def pen_of(model: Model) -> Pen:
    """The pen of a model, the same as last time."""
    with _pens_lock:
        pen = _pens.pop(model.tag, None) or Pen(model)
        _pens[model.tag] = pen
        while len(_pens) > _PENS:
            _pens.popitem(last=False)
        return pen

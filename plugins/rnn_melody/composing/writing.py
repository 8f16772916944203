"""Writing: it reads the bars that are there, and writes the others, several tunes side by side.

A tune is written on a frame: its bars are known beforehand, and no event crosses a bar line, so
there are exactly as many bars as were asked for, each complete. What tune n becomes depends neither
on how many are written beside it nor on the threads: products are exact, and each tune has random
numbers of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from aigc_studio.toolkit.sequences import Chances, sample
from rnn_melody.composing.closing import close
from rnn_melody.composing.page import Bending, Page, Part, Steering
from rnn_melody.composing.pen import Pen
from rnn_melody.composing.sheet import Sheet, Style
from rnn_melody.network.steps import Floats, Ints
from rnn_melody.signs import (
    FIRST_TONE,
    HOLD_SIGN,
    NO_TONE,
    REST_SIGN,
    Score,
    agreement,
    joined,
    numbers_of,
)

Luck = np.ndarray[Any, np.dtype[np.float64]]

_LEAST = 3
"""No less than a thirty-second is left of a bar, where there is a choice."""
_UNSAID = 1.5
"""How strongly the density leans on ties and silence: half of it, in nats, at its ends."""
SIDE_BY_SIDE = 32
"""So many tunes are written at once."""


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
    page = Page(pen, sheet, [seed + n for n in drawn_by.tolist()])
    luck = Chances(seed, int(drawn_by.max(initial=-1)) + 1)
    page.carried = read(pen, sheet, page, len(drawn_by))
    hand = _Hand(page, style, steer, lambda: luck.next()[drawn_by[page.rows]])
    while (page.places < sheet.end).any():
        outputs = hand.advance()
        if bend is not None:
            bend(page, outputs)
        hand.write(outputs)
        yield page
        hand.lay_aside(page.places < sheet.end)


class _Hand:
    """Writes the next event of each tune on a page: its length, and then the tone that has it."""

    def __init__(
        self, page: Page, style: Style, steer: Steering | None, chances: Callable[[], Luck]
    ) -> None:
        self._page, self._pen = page, page.pen
        self._style, self._steer, self._chances = style, steer, chances
        self._bias, self._shut = page.pen.bias(style), _shut(page.pen, page.sheet, style)
        self._density = np.float32(_UNSAID * (style.density - 0.5))
        self._state, self._before, self._runs = page.carried
        self._looked: Ints = np.zeros((0, 0), np.int64)
        """What sounded where each of the tunes may take up again."""

    def advance(self) -> Floats:
        """Read the events that were written last; gives outputs (n, 2 * head) for what follows."""
        page, frame = self._page, self._page.frame
        place = frame.at(page.places)
        self._looked = page.score.look(page.rows, frame.earlier(page.places), self._pen.model.signs)
        seen = joined(self._before, place, self._looked, self._runs)
        outputs, self._state = self._pen.steps.advance(seen, self._state)
        page.bars = frame.bar_at(page.places)
        page.remaining = np.minimum(frame.stops[page.bars], page.sheet.end) - page.places
        return outputs

    def write(self, outputs: Floats) -> None:
        """Draw an event for each tune, and set it down."""
        page = self._page
        lengths = page.lengths = self._draw("length", self._lengths(outputs))
        tones = self._draw("tone", self._tones(outputs, lengths))
        self._runs = (self._runs + 1) * agreement(self._looked, tones, lengths)
        _set_down(page, tones, self._pen.units[lengths])
        self._before = np.stack([tones, self._before[:, 0], lengths + 1], -1)
        for kept, now in zip(page.carried, (self._state, self._before, self._runs), strict=True):
            np.asarray(kept)[page.rows] = now

    def lay_aside(self, going: np.ndarray[Any, np.dtype[np.bool_]]) -> None:
        """Go on with these tunes (n,) only: the others are complete."""
        if going.all():
            return
        page = self._page
        page.rows, page.places, page.last = page.rows[going], page.places[going], page.last[going]
        self._state, self._before = self._state[going], self._before[going]
        self._runs = self._runs[going]

    def _lengths(self, outputs: Floats) -> Floats:
        logits = self._pen.steps.length_logits(outputs) + self._bias
        return _fitting(logits, self._page, self._pen)

    def _tones(self, outputs: Floats, lengths: Ints) -> Floats:
        logits = self._pen.steps.tone_logits(outputs, lengths) + self._shut
        logits[:, REST_SIGN] -= self._density
        logits[_no_hold(self._page), HOLD_SIGN] = -np.inf
        logits[:, HOLD_SIGN] -= self._density
        return logits

    def _draw(self, part: Part, logits: Floats) -> Ints:
        style = self._style
        close(self._page, part, logits)
        if self._steer is not None:
            kept = logits.copy()
            self._steer(self._page, part, logits)
            nothing = ~np.isfinite(logits).any(1)
            logits[nothing] = kept[nothing]
        chances = self._chances()
        return sample(logits, chances, temperature=style.temperature, top_p=style.top_p)


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


def _set_down(page: Page, tones: Ints, units: Ints) -> None:
    for row, place, tone, length in zip(
        page.rows.tolist(), page.places.tolist(), tones.tolist(), units.tolist(), strict=True
    ):
        page.score.put(row, place, tone, length)
        page.events[row].append((tone, length))
    page.places = page.places + units
    page.reached[page.rows] = page.places
    page.last = tones

"""Drafts of a gap of bars: written side by side towards what follows, and weighed by how well they
go over into it.

The writer's right side steers them (`right`); then each is read on into what follows, so that a
draft counts as much as what follows is expected behind it (importance resampling).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import torch
from torch import Tensor

from rnn_melody.composing.page import Page, Part
from rnn_melody.composing.pen import Pen
from rnn_melody.composing.sheet import Sheet, Style
from rnn_melody.composing.writing import read, write
from rnn_melody.events import Voice
from rnn_melody.network.right import Right, later
from rnn_melody.network.steps import Floats, Ints
from rnn_melody.recomposing.gaps import Events, Gap
from rnn_melody.recomposing.keeping import Keeping
from rnn_melody.signs import (
    HOLD_SIGN,
    MOST_RUN,
    Score,
    agreement,
    joined,
    numbers_of,
)

DRAFTS = 64
"""So many drafts are written at once of a gap of few bars."""
FOLLOWED = 2
"""So many bars behind the gap are read to weigh a draft."""
_STEPS = 6_000
"""A long gap is drafted fewer times: events in all, at most."""

Numbers = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Draft:
    """What may stand in a gap: events as (pitch, units, place), as in `Gap`.

    `own` is how expected its events are one after another, `asked` how much they were so with what
    follows in sight, and `fit` how expected what follows is behind them: logarithms of chances, in
    all. `followed` is how many events those are.
    """

    events: Events
    own: float
    asked: float
    fit: float
    followed: int


class Desk:
    """Where a gap is drafted, with one pen."""

    def __init__(self, pen: Pen, gap: Gap, style: Style, keeping: Keeping) -> None:
        self.pen, self.gap, self.style, self.keeping = pen, gap, style, keeping
        outside = gap.outside
        shift = pen.sheet(outside, gap.bars, style).shift
        if not any(pitch >= 0 for pitch in outside.pitches):
            shift = pen.sheet(_alone(gap), gap.bars, style).shift
        self.sheet = Sheet(gap.before, gap.bars, shift, gap.stop)
        self._after = self._numbers(gap.after)

    @property
    def many(self) -> int:
        """How many drafts are written at once."""
        return max(4, min(DRAFTS, _STEPS // (8 * max(1, self.gap.count))))

    def drafts(self, seed: int, *, towards: bool = True) -> list[Draft]:
        """Drafts, in the order of their rows; without `towards` from the left alone."""
        page: Page | None = None
        far = _Far(self, self.many) if towards and self._right is not None else None
        tally = _Tally(self.pen, self.many, far)
        for page in write(
            self.pen, self.sheet, seed=seed, count=self.many, style=self.style,
            steer=self._steer, bend=tally,
        ):  # fmt: skip
            tally.count(page)
        if page is None:
            return []
        fits = self._fits(page, self.many)
        return [
            Draft(self._events(page, row), float(tally.own[row]), float(tally.asked[row]),
                  float(fits[row]), self._followed)
            for row in range(self.many)
        ]  # fmt: skip

    @cached_property
    def former_fit(self) -> float:
        """How expected what follows is behind what stood there: the logarithm of its chance."""
        page = Page(self.pen, self.sheet, [0])
        sheet = replace(self.sheet, voice=_joined(self.gap.before, self.gap.former))
        page.carried = read(self.pen, sheet, page, 1)
        return float(self._fits(page, 1)[0])

    @property
    def _right(self) -> Right | None:
        right = self.pen.model.writer.right
        return right if right is not None and self.gap.after else None

    @property
    def _followed(self) -> int:
        """How many of the events behind the gap are read."""
        behind = [bar for bar in self.gap.bars if bar.start >= self.gap.stop][:FOLLOWED]
        end = behind[-1].stop if behind else 0
        return int((self._after[2] < end).sum())

    def _numbers(self, events: Events) -> tuple[Ints, Ints, Ints]:
        shift = self.sheet.shift
        pitches = tuple(pitch if pitch < 0 else pitch - shift for pitch, _units, _place in events)
        voice = replace(
            self.gap.before, pitches=pitches, durations=tuple(each[1] for each in events),
            places=tuple(each[2] for each in events),
        )  # fmt: skip
        return numbers_of(voice, self.pen.model.signs)

    def _events(self, page: Page, row: int) -> Events:
        found, place, signs = list[tuple[int, int, int]](), self.sheet.begin, self.pen.model.signs
        for tone, units in page.events[row]:
            found.append((signs.pitch(tone, self.sheet.base), units, place))
            place += units
        return tuple(found)

    def _steer(self, page: Page, part: Part, logits: Floats) -> None:
        self.keeping(page, part, logits)
        tail = self.gap.tail
        if part == "length" or tail is None:
            return
        # The last tone is the one that goes on behind the gap.
        signs = self.pen.model.signs
        tone = signs.tone(tail.pitch - self.sheet.shift, self.sheet.base - self.sheet.shift)
        last = page.places + self.pen.units[page.lengths] >= self.gap.stop
        for row in np.flatnonzero(last):
            others = np.arange(signs.tones) != tone
            others[HOLD_SIGN] = page.last[row] != tone
            logits[row, tone] = max(float(logits[row, tone]), -30.0)
            logits[row, others] = -np.inf

    def _fits(self, page: Page, many: int) -> Numbers:
        """How expected what follows is behind each row: the logarithm of its chance."""
        count = self._followed
        if not count:
            return np.zeros(many)
        signs = self.pen.model.signs
        tones, lengths, places = (each[:count] for each in self._after)
        for tone, length, place in zip(tones, lengths, places, strict=True):
            for row in range(many):
                page.score.put(row, int(place), int(tone), signs.durations[length])
        state, before, runs = page.carried
        rows = np.arange(many)
        found = np.zeros((many, count, len(signs.sizes())), np.int64)
        for number, (tone, length, place) in enumerate(zip(tones, lengths, places, strict=True)):
            here = np.full(many, place)
            looked = page.score.look(rows, page.frame.earlier(here), signs)
            found[:, number] = joined(before, page.frame.at(here), looked, runs)
            chosen = np.full(many, tone), np.full(many, length)
            runs = (runs + 1) * agreement(looked, *chosen)
            before = np.stack([chosen[0], before[:, 0], chosen[1] + 1], -1)
        return self._read(state, found, np.stack([tones, lengths], -1))

    def _read(self, state: Floats, inputs: Ints, events: Ints) -> Numbers:
        writer = self.pen.model.writer
        wanted = torch.from_numpy(events).expand(len(inputs), -1, -1)
        told = torch.from_numpy(inputs)
        with torch.no_grad():
            outputs, _state = writer.outputs(told, torch.from_numpy(state.copy())[None])
            nats = writer.nats(outputs, told, wanted).sum(-1)
        found: Numbers = -nats.double().sum(1).numpy()
        return found


class _Far:
    """What is known of the other side, as each row comes nearer to it."""

    def __init__(self, desk: Desk, many: int) -> None:
        right, gap = desk._right, desk.gap
        assert right is not None
        self.right, self.signs = right, desk.pen.model.signs
        tones, lengths, places = desk._after
        frame = Page(desk.pen, desk.sheet, []).frame
        self.score, self.first = Score(1, frame.length), int(frame.bar_at(np.array([gap.stop]))[0])
        for tone, length, place in zip(tones, lengths, places, strict=True):
            self.score.put(0, int(place), int(tone), self.signs.durations[length])
        events = torch.from_numpy(np.stack([tones, lengths], -1))[None]
        positions = torch.from_numpy(frame.at(places)[:, 0])[None]
        with torch.no_grad():
            self.known: Tensor = right.states(events, positions)[0, :1]
        self.runs = np.repeat(self._runs_before(desk, frame), many, 0)
        self.looked: Ints = np.zeros((many, len(self.signs.lags), 2), np.int64)

    def _runs_before(self, desk: Desk, frame: Any) -> Ints:
        """How many events before the gap were what stands ahead of them, for each lag."""
        tones, lengths, places = desk._numbers(tuple(zip(*_columns(desk.gap.before), strict=True)))
        runs = np.zeros((1, len(self.signs.lags)), np.int64)
        near = slice(max(0, len(tones) - 16 * MOST_RUN), None)
        looked = self._look(frame, places[near])
        agreed = agreement(looked, tones[near], lengths[near])
        for each in agreed:
            runs = (runs + 1) * each
        return runs

    def _look(self, frame: Any, places: Ints) -> Ints:
        return self.score.look(np.zeros(len(places), np.int64), later(frame, places), self.signs)

    def __call__(self, page: Page, outputs: Floats) -> None:
        """Change what the heads see."""
        self.looked = self._look(page.frame, page.places)
        runs = np.minimum(self.runs[page.rows], MOST_RUN)
        ahead = np.concatenate([self.looked, runs[..., None]], -1).reshape(len(outputs), -1)
        with torch.no_grad():
            changed = self.right.change(
                torch.from_numpy(outputs), self.known.expand(len(outputs), -1),
                torch.from_numpy(self.first - page.bars), torch.from_numpy(ahead),
            )  # fmt: skip
        outputs[:] = changed.numpy()

    def count(self, page: Page) -> None:
        """Take in what was drawn."""
        agreed = agreement(self.looked, page.last, page.lengths)
        self.runs[page.rows] = (self.runs[page.rows] + 1) * agreed


class _Tally:
    """How expected what is drawn is, without what follows (`own`) and with it (`asked`)."""

    def __init__(self, pen: Pen, many: int, far: _Far | None) -> None:
        self.pen, self.far = pen, far
        self.own, self.asked = np.zeros(many), np.zeros(many)
        self._plain = self._bent = np.zeros((0, 0), np.float32)

    def __call__(self, page: Page, outputs: Floats) -> None:
        """Let what follows have its say."""
        self._plain = self._bent = outputs.copy()
        if self.far is not None:
            self.far(page, outputs)
            self._bent = outputs.copy()

    def count(self, page: Page) -> None:
        """Take in what was drawn."""
        plain = self._chances(page, self._plain)
        self.own[page.rows] += plain
        self.asked[page.rows] += plain if self.far is None else self._chances(page, self._bent)
        if self.far is not None:
            self.far.count(page)

    def _chances(self, page: Page, outputs: Floats) -> Numbers:
        of_length = self.pen.steps.length_logits(outputs)
        of_length[self.pen.units > page.remaining[:, None]] = -np.inf
        of_tone = self.pen.steps.tone_logits(outputs, page.lengths)
        return _log_chance(of_length, page.lengths) + _log_chance(of_tone, page.last)


def _log_chance(logits: Floats, chosen: Ints) -> Numbers:
    exact = logits.astype(np.float64)
    exact -= exact.max(1, keepdims=True)
    found: Numbers = exact[np.arange(len(chosen)), chosen] - np.log(np.exp(exact).sum(1))
    return found


def _joined(voice: Voice, events: Events) -> Voice:
    """The voice with these events behind it."""
    pitches, durations, places = zip(*events, strict=True) if events else ((), (), ())
    return replace(
        voice, pitches=voice.pitches + pitches, durations=voice.durations + durations,
        places=voice.places + places,
    )  # fmt: skip


def _columns(voice: Voice) -> tuple[tuple[int, ...], ...]:
    return voice.pitches, voice.durations, voice.places


def _alone(gap: Gap) -> Voice:
    """What stood in the gap, as a voice: it says where a tune lies that is nothing else."""
    pitches, durations, places = zip(*gap.former, strict=True) if gap.former else ((), (), ())
    return replace(gap.before, pitches=pitches, durations=durations, places=places)

"""The page: tunes that are being written side by side, and those who have a say in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, Protocol

import numpy as np

from rnn_melody.composing.pen import Pen
from rnn_melody.composing.sheet import Sheet
from rnn_melody.events import Voice
from rnn_melody.network.steps import Floats, Ints
from rnn_melody.signs import Frame, Score

Part = Literal["length", "tone"]


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

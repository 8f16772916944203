"""Drafts of a gap: written side by side from the left, steered to what follows, and weighed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from aigc_studio.toolkit import mixed_seed
from rnn_text.model import Model
from rnn_text.network.stepping import Floats
from rnn_text.rewriting.gaps import Gap
from rnn_text.rewriting.weighing import State, Weight, joints, state_after, weighed
from rnn_text.writing.ends import End
from rnn_text.writing.pen import Page, Pen, Style, write

Numbers = np.ndarray[Any, np.dtype[np.int64]]

DRAFTS = 24
"""So many drafts a candidate is chosen from."""
_GIVE = 4
"""By so many symbols at most a draft is longer or shorter than asked for: words join then."""


@dataclass(frozen=True)
class Draft:
    """What may stand in a gap, as numbers and as text, and how expected it is there."""

    symbols: Numbers
    text: str
    weight: Weight


class Desk:
    """Where a gap is filled: with one model and its pen, behind what is settled by then.

    `settled` are the first symbols of the new part; `length` is how many are still to be written.
    """

    def __init__(
        self, model: Model, pen: Pen, gap: Gap, length: int, settled: Numbers | None = None
    ) -> None:
        self.model, self.pen, self.gap, self.length = model, pen, gap, length
        self.settled: Numbers = np.zeros(0, np.int64) if settled is None else settled
        self._before = np.concatenate([gap.before, self.settled])
        self._state: State | None = None
        self._far = self._far_side()
        self._line_ends = [] if gap.breaks else [n for n, p in enumerate(pen.pieces) if "\n" in p]

    def settle(self, symbols: Numbers) -> Desk:
        """The same with these symbols settled behind those that are."""
        settled = np.concatenate([self.settled, symbols])
        return Desk(self.model, self.pen, self.gap, self.length - len(symbols), settled)

    def write(
        self,
        seed: int,
        style: Style,
        lengths: Numbers,
        *,
        end: End | None = None,
        most: int | None = None,
    ) -> Iterator[Page]:
        """Write on, a text for each of the lengths, in symbols, which it is steered to.

        Without an `end` all of them go on to `most` symbols, or to the longest of the lengths.
        """
        far = self._far

        def bend(page: Page, outputs: Floats) -> None:
            right = self.model.writer.right
            if far is None or right is None:
                return
            left_over = torch.from_numpy(lengths[page.rows] - page.place)
            with torch.no_grad():
                changed = right.change(
                    torch.from_numpy(outputs), far.expand(len(outputs), -1), left_over
                )
            outputs[:] = changed.numpy()

        return write(
            self.pen, self._before, seed=seed, count=len(lengths), style=style, end=end or _never,
            most=most or int(lengths.max()), steer=self._keep_within, bend=bend, ends_itself=False,
        )  # fmt: skip

    def drafts(self, seed: int, style: Style) -> list[Draft]:
        """`DRAFTS` drafts in a random order, the likelier ahead the better they fit."""
        random = np.random.default_rng(mixed_seed("order", seed))
        lengths = self._lengths(random)
        *_before, page = self.write(mixed_seed("drafts", seed), style, lengths)
        if self._far is None:
            lengths = self._cuts(page.written, int(lengths.max()))
        made = [row[:length] for row, length in zip(page.written, lengths, strict=True)]
        texts = ["".join(pieces[:n]) for pieces, n in zip(page.pieces, lengths, strict=True)]
        weights = self.weigh(made)
        scores = np.array([each.fit for each in weights])
        order = np.argsort(-(scores + random.gumbel(size=DRAFTS)))
        return [Draft(made[n], texts[n], weights[n]) for n in order]

    def _lengths(self, random: np.random.Generator) -> Numbers:
        """How long each draft is to be; without a right side to steer by, as long as any may be."""
        give = self._give()
        if self._far is None:
            return np.full(DRAFTS, self.length + give)
        return self.length + random.integers(-give, give + 1, DRAFTS)

    def _give(self) -> int:
        return min(_GIVE, (self.length + 2) // 4)

    def _cuts(self, written: Numbers, longest: int) -> Numbers:
        """Where drafts that are not steered go over best into what follows, near the length."""
        least = max(1, longest - 2 * self._give())
        chances = joints(
            self.model.writer,
            self._whole_before(),
            written[:, :longest],
            int(self.gap.after[0]),
            state=self._before_state(),
        )
        found: Numbers = least + chances[:, least - 1 :].argmax(1)
        return found

    def weigh(self, made: list[Numbers]) -> list[Weight]:
        """How expected each is between the two sides."""
        writer, before = self.model.writer, self._whole_before()
        return weighed(writer, before, made, self.gap.after, state=self._before_state())

    def _whole_before(self) -> Numbers:
        return np.concatenate([self.model.opening, self._before])

    def _before_state(self) -> State | None:
        if self._state is None:
            self._state = state_after(self.model.writer, self._whole_before()[:-1])
        return self._state

    def _far_side(self) -> Tensor | None:
        """What the writer's right side knows of what follows, (1, size); None where it has none."""
        writer, after = self.model.writer, self.gap.after
        if writer.right is None or not len(after):
            return None
        with torch.no_grad():
            known: Tensor = writer.right.states(writer.embed(torch.from_numpy(after)[None]))
        return known[:, 0]

    def _keep_within(self, page: Page, logits: Floats) -> None:
        """Where a text is one line it stays one."""
        logits[:, self._line_ends] = -np.inf


def _never(_pieces: list[str]) -> int | None:
    return None

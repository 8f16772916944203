"""What follows a gap of bars: the part of a writer that lets it write towards it.

A net reads what follows from far to near and has its say before the heads, as in Anticipation-RNN
(Hadjeres and Nielsen 2018), together with how many bars of the gap are still to come and with what
stands at the same place so many bars ahead: tunes come back to what they said, before and after.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from aigc_studio.toolkit.sequences import gathered
from rnn_melody.events import Voice
from rnn_melody.signs import (
    LONGEST_BAR,
    MOST_RUN,
    Frame,
    Score,
    Signs,
    agreement,
    runs_of,
)

Ints = NDArray[np.int64]

FAR = 8
"""Further than so many bars from what follows nothing of it is told."""
_PARTS = 3
"""Columns of what stands ahead, to a lag: tone, duration, run of agreement."""


class Right(nn.Module):
    """Reads what follows and changes what a writer's heads see.

    `width` is that of what the heads see, `size` that of the net that reads, `hidden` that of the
    layer where both sides meet. It begins with changing nothing.
    """

    offsets: Tensor

    def __init__(self, width: int, signs: Signs, size: int = 96, hidden: int = 128) -> None:
        super().__init__()
        lengths = len(signs.durations)
        self.signs = signs
        self.tones = nn.Embedding(signs.tones, size)
        self.lengths = nn.Embedding(lengths, size)
        self.positions = nn.Embedding(LONGEST_BAR, size)
        self.reader = nn.GRU(size, size, batch_first=True)
        sizes = (2 * signs.tones, lengths + 1, MOST_RUN + 1) * len(signs.lags)
        starts = [sum(sizes[:number]) for number in range(len(sizes))]
        self.register_buffer("offsets", torch.tensor(starts), persistent=False)
        self.ahead = nn.Embedding(sum(sizes), hidden)
        self.left_over = nn.Embedding(FAR + 1, hidden)
        self.left, self.right = nn.Linear(width, hidden), nn.Linear(size, hidden, bias=False)
        self.added = nn.Linear(hidden, width, bias=False)
        if not self.added.weight.is_meta:
            for table in (self.tones, self.lengths, self.positions, self.ahead, self.left_over):
                nn.init.normal_(table.weight, std=0.3)
            nn.init.zeros_(self.added.weight)

    def states(self, events: Tensor, positions: Tensor, lengths: Tensor | None = None) -> Tensor:
        """What is known of the right side at each event: (rows, n, size).

        `events` int64 (rows, n, 2) are tones and numbers of durations, `positions` (rows, n) where
        in a bar they begin. Place i has read the events from the last one down to i. `lengths`
        int64 (rows,) are those of rows that are filled up behind their ends.
        """
        rows, count, _two = events.shape
        heard = self.tones(events[..., 0]) + self.lengths(events[..., 1])
        heard = heard + self.positions(positions.clamp(0, LONGEST_BAR - 1))
        ends = torch.full((rows,), count) if lengths is None else lengths.cpu()
        # The last event comes first, and what fills a row up after all of its own. Turning a row
        # twice is to leave it as it was, so the same places lead there and back.
        turned = (ends[:, None] - 1 - torch.arange(count)).remainder(count).to(events.device)
        read, _state = self.reader(gathered(heard, turned))
        return gathered(read, turned)

    def change(self, outputs: Tensor, states: Tensor, left_over: Tensor, ahead: Tensor) -> Tensor:
        """The outputs (…, width) of a writer as they are with what follows in sight.

        Those in bars that are further than `FAR` from it stay as they are.

        `states` (…, size) are those of the first event behind the gap; `left_over` int64 (…) is how
        many bars of the gap are still to be filled, the one that is written in included; `ahead`
        int64 (…, columns) is what stands ahead (`ahead_of`), 0 where that is in the gap.
        """
        met = self.left(outputs) + self.right(states) + self.left_over(left_over.clamp(0, FAR))
        met = met + self.ahead(ahead + self.offsets).sum(-2)
        is_near = (left_over <= FAR)[..., None]
        changed: Tensor = torch.where(is_near, outputs + self.added(torch.tanh(met)), outputs)
        return changed


def later(frame: Frame, places: Ints) -> Ints:
    """The same place so many bars ahead, for each lag: int64 (n, lags); -1 for none."""
    bar = frame.bar_at(places)
    position = places - frame.starts[bar] + frame.offsets[bar]
    found = np.full((len(places), len(frame.signs.lags)), -1, np.int64)
    for column, lag in enumerate(frame.signs.lags):
        then = np.minimum(bar + lag, len(frame.bars) - 1)
        place = frame.starts[then] + position - frame.offsets[then]
        fits = (bar + lag < len(frame.bars)) & (place >= frame.starts[then])
        found[:, column] = np.where(fits & (place < frame.stops[then]), place, -1)
    return found


def ahead_of(voice: Voice, signs: Signs, tones: Ints, lengths: Ints, places: Ints) -> Ints:
    """What a right side is told at each event: int64 (n, 1 + 3 * lags).

    The number of its bar, from 0, and for each lag what stands so many bars ahead: twice the tone
    (and 1 where it begins there), how long it lasts on, and how many events in a row up to here
    were what stood so far ahead of them. `tones`, `lengths` and `places` are `numbers_of` a voice.
    """
    frame = Frame(voice.bars, signs, voice.tonic, voice.mode)
    count = len(tones)
    score = Score.of(signs, tones, lengths, places)
    looked = score.look(np.zeros(count, np.int64), later(frame, places), signs)
    runs = runs_of(agreement(looked, tones, lengths))
    parts = np.concatenate([looked, np.minimum(runs, MOST_RUN)[..., None]], -1)
    return np.concatenate([frame.bar_at(places)[:, None], parts.reshape(count, -1)], -1)


def seen_behind(signs: Signs, ahead: Tensor, bars: Tensor, gaps: Tensor) -> Tensor:
    """What stands ahead (rows, n, columns) where it is behind the gap, and 0 where it is in it.

    A run of agreement began at the earliest where what stood ahead was behind the gap.
    """
    rows, count = bars.shape
    places = torch.arange(count, device=bars.device)
    found = ahead[..., 1:].view(rows, count, len(signs.lags), _PARTS).clone()
    for column, lag in enumerate(signs.lags):
        begins = torch.searchsorted(bars, (bars + gaps - lag).clamp(min=0))
        found[..., column, 2] = torch.minimum(found[..., column, 2], (places - begins).clamp(min=0))
        found[:, :, column] *= (gaps <= lag)[..., None]
    return found.view(rows, count, -1)

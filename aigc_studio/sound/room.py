"""A small room, and a limiter behind it: what several voices have to share.

The room is a feedback delay network (Jot & Chaigne 1991): eight echoes that mix into one another
and lose their highs. The limiter looks ahead: it turns down before a peak comes, and no sample is
ever above `CEILING`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from aigc_studio.sound.tones import RATE, Samples

BLOCK = 1024
"""Frames that are mixed at once; no echo is shorter."""

CEILING = 0.891
"""The highest sample: 1 dB under full scale."""

_ECHOES = (1031, 1151, 1277, 1423, 1579, 1747, 1913, 2111)
_LONGEST = max(_ECHOES) + 1


class Room:
    """The echoes of what went in, block by block. `seconds`: until they have fallen by 60 dB."""

    def __init__(self, level: float = 0.16, seconds: float = 0.75) -> None:
        self._past: Samples = np.zeros((len(_ECHOES), _LONGEST + BLOCK), np.float32)
        falls = 10.0 ** (-3.0 * np.array(_ECHOES) / (seconds * RATE))
        count = len(_ECHOES)
        mixing = np.eye(count) - 2.0 / count  # Householder: mixes all and loses nothing
        self._mixing = (mixing * falls[None, :]).astype(np.float32)
        signs = np.array([1, -1, 1, 1, -1, 1, -1, -1], np.float32)
        outs = np.zeros((2, count), np.float32)
        outs[0, ::2], outs[1, 1::2] = signs[::2], signs[1::2]
        self._outs = outs * np.float32(level)
        self._is_silent = True

    @property
    def is_silent(self) -> bool:
        """Whether nothing echoes any more (-100 dB)."""
        return self._is_silent

    def add(self, mixed: Samples) -> None:
        """Add the echoes to a block, (2, BLOCK), which goes into the room."""
        heard = mixed[0] + mixed[1]
        if self._is_silent and not heard.any():
            return
        past = self._past
        echoes = np.empty((len(_ECHOES), BLOCK), np.float32)
        for number, delay in enumerate(_ECHOES):
            start = past.shape[1] - delay
            echoes[number] = past[number, start : start + BLOCK]
            # A sample's neighbour takes some of it: highs go first.
            echoes[number] *= np.float32(0.72)
            echoes[number] += np.float32(0.28) * past[number, start - 1 : start + BLOCK - 1]
        past[:, :-BLOCK] = past[:, BLOCK:].copy()
        past[:, -BLOCK:] = self._mixing @ echoes + np.float32(0.5) * heard
        mixed += self._outs @ echoes
        self._is_silent = float(np.abs(past).max()) < 1e-5
        if self._is_silent:
            past[:] = 0.0


_HOP = 64
_AHEAD = 8
_RELEASE = 1.0 - np.exp(-_HOP / (0.12 * RATE))


class Limiter:
    """Blocks in, the same blocks out one later, turned down where they would be too loud."""

    def __init__(self) -> None:
        self._waiting: Samples | None = None
        self._peaks: Samples = np.zeros(0, np.float32)
        self._gain = 1.0

    def next(self, block: Samples | None) -> Samples | None:
        """Take a block, (2, BLOCK), or None at the end; give the one before, None at first."""
        if block is None:
            peaks = np.zeros(BLOCK // _HOP, np.float32)
        else:
            peaks = np.abs(block).reshape(2, -1, _HOP).max(axis=(0, 2))
        waiting, before = self._waiting, self._peaks
        self._waiting, self._peaks = block, peaks
        if waiting is None:
            return None
        if self._gain == 1.0 and max(before.max(), peaks[:_AHEAD].max()) <= CEILING:
            return waiting
        return self._limited(waiting, np.concatenate([before, peaks[:_AHEAD]]))

    def after(self, make: Callable[[], Samples | None]) -> Samples | None:
        """The next block of those that `make` gives; None when nothing comes any more."""
        while True:
            block = make()
            limited = self.next(block)
            if limited is not None or block is None:
                return limited

    def _limited(self, block: Samples, peaks: Samples) -> Samples:
        hops = BLOCK // _HOP
        need = np.minimum(1.0, CEILING / np.maximum(peaks, 1e-9))
        # The gain where a hop ends: low enough for the hop before and behind it, and on the way
        # down to what comes within the next ones.
        target = np.minimum(need[:hops], need[1 : hops + 1])
        for ahead in range(2, _AHEAD + 1):
            share = (ahead - 1) / _AHEAD
            target = np.minimum(target, need[ahead : ahead + hops] * (1 - share) + share)
        gains = [self._gain]
        for each in target:
            risen = gains[-1] + (1.0 - gains[-1]) * _RELEASE
            gains.append(min(float(each), risen if risen < 0.9999 else 1.0))
        steps = np.arange(_HOP) / _HOP
        start, stop = np.array(gains[:-1])[:, None], np.array(gains[1:])[:, None]
        curve = (start + (stop - start) * steps).reshape(-1)
        self._gain = gains[-1]
        limited: Samples = np.clip(block * curve.astype(np.float32), -CEILING, CEILING)
        return limited

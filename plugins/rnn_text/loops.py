"""A guard against loops: a text that says the same again and again, at once and without end.

A refrain comes back after something else, and twice or three times; a loop is what repeats itself
with nothing between. So what is looked for is a stretch that stands there three times in a row, and
is long by then. Then the symbol that would go on with it is not drawn.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Numbers = np.ndarray[Any, np.dtype[np.int64]]

LONGEST = 256
"""The longest stretch that is looked for."""

LEAST = 40
"""So many symbols must be a repetition of those before them: `ha, ha, ha, ha!` is none."""


class Guard:
    """Watches rows of symbols; each row by itself.

    Of each row and each period there is a count of how many symbols in a row were equal to those
    one period before. A row whose count reaches twice the period and `LEAST` has a loop. Each time
    it had one, it takes less to have the next. `breaks` (symbols,) says after which symbols a word
    is over: a loop is left there rather than within a word, unless there is no such place in it.
    """

    def __init__(self, count: int, breaks: np.ndarray[Any, np.dtype[np.bool_]]) -> None:
        self._breaks = breaks
        self._seen = np.full((count, LONGEST), -1, np.int32)  # the last ones, the newest first
        self._runs = np.zeros((count, LONGEST), np.int32)
        self._struck = np.ones((count, 1), np.int32)
        self._needed = np.maximum(2 * np.arange(1, LONGEST + 1), LEAST)[None].astype(np.int32)
        self.strikes = np.zeros(count, np.int64)

    def add(self, rows: Numbers, symbols: Numbers) -> None:
        """Take note of what was written next in these rows."""
        seen, same = self._seen[rows], self._seen[rows] == symbols[:, None]
        self._runs[rows] = (self._runs[rows] + 1) * same
        seen[:, 1:] = seen[:, :-1]
        seen[:, 0] = symbols
        self._seen[rows] = seen

    def forbid(self, rows: Numbers, logits: np.ndarray[Any, np.dtype[np.float32]]) -> None:
        """Set to -inf what would go on with a loop; `logits` (rows, symbols), changed in place."""
        runs = self._runs[rows]
        if runs.max(initial=0) < LEAST // 4:
            return
        patience = np.where(self._breaks[self._seen[rows, 0]], 0, LEAST)[:, None]
        looping = (runs - patience) * self._struck[rows] >= self._needed
        for place in np.flatnonzero(looping.any(1)):
            row = rows[place]
            period = int(looping[place].argmax())  # the shortest
            logits[place, self._seen[row, period]] = -np.inf
            self.strikes[row] += 1
            self._struck[row] = min(self._struck[row] + 1, 4)

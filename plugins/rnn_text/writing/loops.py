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
    """Watches texts that are written side by side; each by itself.

    Of each text and each period there is a count of how many symbols in a row were equal to those
    one period before. One whose count reaches twice the period and `LEAST` has a loop. Each time it
    had one, it takes less to have the next. `breaks` (symbols,) says after which symbols a word is
    over: a loop is left there rather than within a word, unless there is no such place in it.
    """

    def __init__(self, count: int, breaks: np.ndarray[Any, np.dtype[np.bool_]]) -> None:
        self._breaks = breaks
        # The symbols so far, the newest first, with room before them for those to come.
        self._seen = np.full((count, 2 * LONGEST), -1, np.int32)
        self._newest = LONGEST
        self._runs = np.zeros((count, LONGEST), np.int32)
        self._struck = np.ones((count, 1), np.int32)
        self._needed = np.maximum(2 * np.arange(1, LONGEST + 1), LEAST)[None].astype(np.int32)

    def add(self, symbols: Numbers) -> None:
        """Take note of what was written next in each text: int (texts,)."""
        seen = self._seen[:, self._newest : self._newest + LONGEST]
        self._runs += 1
        self._runs *= seen == symbols[:, None]
        if self._newest == 0:
            self._seen[:, LONGEST:] = self._seen[:, :LONGEST]
            self._newest = LONGEST
        self._newest -= 1
        self._seen[:, self._newest] = symbols

    def keep(self, places: Numbers) -> None:
        """Go on with these texts only, in this order."""
        self._seen, self._runs = self._seen[places], self._runs[places]
        self._struck = self._struck[places]

    def forbid(self, logits: np.ndarray[Any, np.dtype[np.float32]]) -> bool:
        """Set to -inf what would go on with a loop, in place: `logits` (texts, symbols).

        Answers whether there was any.
        """
        if self._runs.max(initial=0) < LEAST // 4:
            return False
        seen = self._seen[:, self._newest :]
        patience = np.where(self._breaks[seen[:, 0]], 0, LEAST)[:, None]
        looping = (self._runs - patience) * self._struck >= self._needed
        places = np.flatnonzero(looping.any(1))
        for place in places:
            period = int(looping[place].argmax())  # the shortest
            logits[place, seen[place, period]] = -np.inf
            self._struck[place] = min(self._struck[place] + 1, 4)
        return bool(len(places))

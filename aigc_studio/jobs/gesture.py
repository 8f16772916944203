"""The hand on the board: what can wait lets it go first.

A stroke is felt in milliseconds. What comes from other threads, and what clocks do, may come a
moment later; whoever does such work on the UI thread asks here whether a hand moves just now.
"""

from __future__ import annotations

import math
import time

STILL = 0.06
"""Seconds after its last move in which a hand with the button down may go on at any moment."""

PATIENCE = 0.5
"""Seconds that work waits for a hand that does not rest."""


class Gesture:
    """What is done with a button or a pen down. The canvas tells of it; only the UI thread asks."""

    def __init__(self) -> None:
        self._moved = -math.inf

    def go_on(self) -> None:
        """It has begun, or the pointer has moved."""
        self._moved = time.monotonic()

    def end(self) -> None:
        """The hand is lifted."""
        self._moved = -math.inf

    @property
    def is_under_way(self) -> bool:
        """Whether a hand moves now. One that rests is not waited for, however long it is down."""
        return time.monotonic() - self._moved < STILL


gesture = Gesture()
"""There is one pointer."""

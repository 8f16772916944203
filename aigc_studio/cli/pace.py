"""How far and how fast many results come."""

from __future__ import annotations

import time

from aigc_studio.api import Candidate, Event, Progress
from aigc_studio.cli.console import Console
from aigc_studio.translation import _

TELLING = 0.1
"""Seconds between two looks at the clock's progress."""


class Pace:
    """Shows candidates as a part of `count` numbers from the seed `first` on, with their rate.

    Takes the place of the generator's own progress, which may count something else.
    """

    def __init__(self, console: Console, first: int, count: int) -> None:
        self._console = console
        self._first = first
        self._count = count
        self._made = 0
        self._began = self._told = 0.0

    def __call__(self, event: Event) -> None:
        """Take note of an event; what is not progress is shown as always."""
        if isinstance(event, Candidate):
            self._note(event)
        elif not isinstance(event, Progress):
            self._console.event(event)

    def _note(self, event: Candidate) -> None:
        now = time.monotonic()
        # From the first result on: the start of a worker says nothing about its pace.
        self._began = self._began or now
        number = (event.seed or 0) - self._first
        if now - self._told >= TELLING or number + 1 == self._count:
            self._told = now
            rate = self._made / (now - self._began) if now > self._began else 0.0
            text = _("{number} of {count}, {rate} a second").format(
                number=f"{number:,}",
                count=f"{self._count:,}",
                rate=f"{rate:,.0f}" if rate >= 1 else f"{rate:.1g}",
            )
            self._console.progress(Progress(number, self._count, text))
        self._made += 1

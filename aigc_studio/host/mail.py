"""Events on their way from the reader thread to whoever iterates over a run."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aigc_studio.api.events import Event

    Letter = Callable[[], Event]

MOST_WAITING = 32
"""How many events may wait for a reader: then the worker is held at its next event."""


class Mail:
    """What has come and was not read yet, in order: calls that give an event.

    While somebody reads, `put` waits for room: the line from the worker fills, and a generator that
    is faster than its reader cannot fill the memory. Without a reader nothing is ever held up, nor
    after `let_go`.
    """

    def __init__(self) -> None:
        self._letters: deque[tuple[int | None, Letter]] = deque()
        self._condition = threading.Condition()
        self._is_read = False
        self._free = False
        self._ended = False

    def put(self, letter: Letter, growing: int | None = None) -> None:
        """Add one, after waiting for room.

        What says how far a result of this number has grown takes the place of what said so before,
        if nothing else was put between them.
        """
        with self._condition:
            if growing is not None and self._renewed(letter, growing):
                return
            self._condition.wait_for(self._has_room)
            self._letters.append((growing, letter))
            self._condition.notify_all()

    def _renewed(self, letter: Letter, growing: int) -> bool:
        for place in range(len(self._letters) - 1, -1, -1):
            number = self._letters[place][0]
            if number is None:
                return False
            if number == growing:
                self._letters[place] = (growing, letter)
                return True
        return False

    def _has_room(self) -> bool:
        return not self._is_read or self._free or len(self._letters) < MOST_WAITING

    def let_go(self) -> None:
        """From now on wait for nobody: the run is to end."""
        with self._condition:
            self._free = True
            self._condition.notify_all()

    def end(self) -> None:
        """Nothing more will come."""
        with self._condition:
            self._ended = True
            self._condition.notify_all()

    def read(self) -> Iterator[Letter]:
        """What comes, until the end."""
        try:
            while (letter := self._next()) is not None:
                yield letter
        finally:
            with self._condition:
                self._is_read = False
                self._condition.notify_all()

    def _next(self) -> Letter | None:
        with self._condition:
            self._is_read = True
            self._condition.wait_for(lambda: self._letters or self._ended)
            letter = self._letters.popleft()[1] if self._letters else None
            if len(self._letters) == MOST_WAITING // 2:
                self._condition.notify_all()
            return letter

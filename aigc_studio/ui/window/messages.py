"""What was said and waits to be read or answered: none is lost, the newest is in front."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field

_MOST = 12
"""Messages that wait; beyond that the oldest goes."""
_OLD_S = 60.0
"""What lay under another message for longer is no news any more."""
_SHORTEST_MS, _LONGEST_MS, _LETTER_MS = 5000, 20_000, 55


@dataclass(frozen=True)
class Aside:
    """What an action does that answers nothing by itself: it shows or asks something, and the
    message stays meanwhile."""

    call: Callable[[], object]

    def __call__(self) -> object:
        """Do what the button says."""
        return self.call()


@dataclass(frozen=True)
class Passing:
    """What an action does that nobody need decide on: a message with nothing else to do leaves by
    itself."""

    call: Callable[[], object]

    def __call__(self) -> object:
        """Do what the button says."""
        return self.call()


Calls = list[tuple[str, Callable[[], object]]]


def reading_time(sentence: str) -> int:
    """Milliseconds that a sentence is shown: wide letters are words, and take longer."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in sentence)
    needed = 2500 + _LETTER_MS * (len(sentence) + 2 * wide)
    return min(max(needed, _SHORTEST_MS), _LONGEST_MS)


@dataclass
class Message:
    """What was said. Two with one `subject` are about one thing: the newer one holds.

    `left` is the time that it is shown still, in milliseconds; `said` when it was said, in seconds.
    """

    sentence: str
    kind: str
    actions: Calls
    details: str = ""
    subject: str = ""
    left: int = field(init=False)
    said: float = field(init=False)

    def __post_init__(self) -> None:
        self.left, self.said = reading_time(self.sentence), time.monotonic()

    @property
    def stays(self) -> bool:
        """Whether it waits for the person: with something to do, and whatever went wrong."""
        asks = any(not isinstance(call, Passing) for _label, call in self.actions)
        return asks or self.kind == "error"


class Messages:
    """Those that wait, the newest in front."""

    def __init__(self) -> None:
        self._all: list[Message] = []

    @property
    def newest(self) -> Message | None:
        """The one to be shown; None when there is none."""
        return self._all[-1] if self._all else None

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._all)

    def add(self, message: Message) -> None:
        """One more, in the place of what was said on its subject or in the same words."""
        words, subject = message.sentence, message.subject
        kept = [each for each in self._all if each.sentence != words]
        kept = [each for each in kept if not subject or each.subject != subject]
        self._all = [*kept[1 - _MOST :], message]

    def drop(self) -> None:
        """The newest is read or answered."""
        self._all = self._all[:-1]

    def take_back(self, what: str) -> bool:
        """Drop what has these words or this subject. False when there is no such message."""
        left = [each for each in self._all if what not in (each.sentence, each.subject)]
        gone, self._all = len(left) < len(self._all), left
        return gone

    def forget_old(self) -> None:
        """What was only told, and lay under another message for long, is no news."""
        now = time.monotonic()
        self._all = [
            each for each in self._all if each.stays or (each.left > 0 and now - each.said < _OLD_S)
        ]

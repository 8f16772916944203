"""What an editor takes back: the steps of typing in a long text, kept as what each changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Change:
    """At code point `start`, `removed` became `inserted`."""

    start: int
    removed: str
    inserted: str


Replace = Callable[[int, int, str], None]


class TypingHistory:
    """Steps back and forth. Letters typed one after the other are one step, as are deletions."""

    def __init__(self) -> None:
        self._done: list[Change] = []
        self._undone: list[Change] = []
        self._joins = False

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether a step was taken back."""
        return bool(self._undone)

    def note(self, change: Change, *, joins: bool = False) -> None:
        """A change was made; one that `joins` goes on with the step before, where it can."""
        joined = _joined(self._done[-1], change) if joins and self._joins and self._done else None
        if joined is not None:
            self._done[-1] = joined
        else:
            self._done.append(change)
        self._undone.clear()
        self._joins = joins

    def part(self) -> None:
        """What is typed from now on is a step of its own: the caret went elsewhere."""
        self._joins = False

    def undo(self, replace: Replace) -> tuple[int, int] | None:
        """Take a step back. Gives what is to be selected then; None without a step."""
        return self._step(self._done, self._undone, replace, back=True)

    def redo(self, replace: Replace) -> tuple[int, int] | None:
        """Do a step again that was taken back."""
        return self._step(self._undone, self._done, replace, back=False)

    def _step(
        self, source: list[Change], goal: list[Change], replace: Replace, *, back: bool
    ) -> tuple[int, int] | None:
        if not source:
            return None
        change = source.pop()
        goal.append(change)
        self._joins = False
        old, new = change.inserted, change.removed
        if not back:
            old, new = new, old
        replace(change.start, change.start + len(old), new)
        stop = change.start + len(new)
        # What was typed over comes back selected, as it was.
        return (change.start, stop) if back and change.inserted else (stop, stop)


def _joined(first: Change, then: Change) -> Change | None:
    if not then.removed and then.start == first.start + len(first.inserted):
        if first.removed and not first.inserted:
            return None
        return Change(first.start, first.removed, first.inserted + then.inserted)
    if not then.inserted and not first.inserted:
        if then.start == first.start:
            return Change(first.start, first.removed + then.removed, "")
        if then.start + len(then.removed) == first.start:
            return Change(then.start, then.removed + first.removed, "")
    return None

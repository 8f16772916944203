"""The history: which commands were done, how many of them stand, and whether that was saved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from aigc_studio.project.board import Board
from aigc_studio.project.commands import Command


class History:
    """A line of commands and a position in it.

    `state` numbers the states of the board: equal numbers mean the same board. 0 is the start.
    """

    def __init__(self, commands: Iterable[Command] = (), position: int | None = None) -> None:
        self.commands = list(commands)
        self.position = len(self.commands) if position is None else position
        if not 0 <= self.position <= len(self.commands):
            raise ValueError("the position is not in the history")
        self._states = list(range(1, len(self.commands) + 1))
        self._last = len(self.commands)
        self._accepted: Counter[str] = Counter()
        for command in self.commands[: self.position]:
            self._accepted.update(command.candidates)

    @property
    def state(self) -> int:
        """The number of the state that the board is in."""
        return self._states[self.position - 1] if self.position else 0

    @property
    def latest(self) -> Command | None:
        """The command that undo would take back."""
        return self.commands[self.position - 1] if self.position else None

    @property
    def next(self) -> Command | None:
        """The command that redo would do."""
        return self.commands[self.position] if self.position < len(self.commands) else None

    def accepts(self, id: str) -> bool:
        """Whether a candidate is accepted by a command that is done."""
        return self._accepted[id] > 0

    def can_merge(self, command: Command) -> bool:
        """Whether the command goes on with the latest one: same kind, same items, no new order."""
        latest = self.latest
        return (
            latest is not None
            and self.next is None
            and latest.kind == command.kind
            and latest.ids == command.ids
            and command.order_after is None
        )

    def note_done(self, command: Command, *, merge: bool = False) -> None:
        """The command was done: what could have been redone is forgotten."""
        del self.commands[self.position :], self._states[self.position :]
        self._last += 1
        self._accepted.update(command.candidates)
        if merge:
            self.commands[-1] = self.commands[-1].then(command)
            self._states[-1] = self._last
            return
        self.commands.append(command)
        self._states.append(self._last)
        self.position += 1

    def note_undone(self) -> None:
        """The latest command was undone."""
        self.position -= 1
        self._accepted.subtract(self.commands[self.position].candidates)

    def note_redone(self) -> None:
        """The next command was done again."""
        self._accepted.update(self.commands[self.position].candidates)
        self.position += 1

    def fits(self, board: Board) -> bool:
        """Whether it can be undone to its start and redone to its end from this board."""
        draft = board.draft()
        try:
            for command in reversed(self.commands[: self.position]):
                command.inverse.apply(draft)
            for command in self.commands:
                command.apply(draft)
        except ValueError:
            return False
        return True

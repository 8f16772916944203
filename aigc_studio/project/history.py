"""The history: which commands were done, how many of them stand, and whether that was saved."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise

from aigc_studio.project.commands import Command

MEMORY = 64 << 20
"""How much the commands of a history weigh at most; the oldest beyond it are forgotten."""
STEPS = 20_000
"""And how many they are: a window takes over those that are left, and that is to be no halt."""


class History:
    """A line of commands and a position in it.

    `state` numbers the states of the board: equal numbers mean the same board. `base` is the one
    before the first command: 0 at the start of a session. `states` are those after each of them.
    """

    def __init__(
        self,
        commands: Iterable[Command] = (),
        position: int | None = None,
        states: Sequence[int] | None = None,
        base: int = 0,
    ) -> None:
        self.commands = list(commands)
        self.position = len(self.commands) if position is None else position
        if not 0 <= self.position <= len(self.commands):
            raise ValueError("the position is not in the history")
        self.base = base
        self.states = list(states or range(base + 1, base + len(self.commands) + 1))
        if len(self.states) != len(self.commands):
            raise ValueError("the states are not those of the commands")
        self.last = max((base, *self.states))
        self._weight = sum(command.weight for command in self.commands)
        self._accepted: Counter[str] = Counter()
        self.forgotten: set[str] = set()
        for command in self.commands[: self.position]:
            self._accepted.update(command.candidates)

    @property
    def state(self) -> int:
        """The number of the state that the board is in."""
        return self.state_at(self.position)

    def state_at(self, position: int) -> int:
        """The number of the state that so many done commands make."""
        return self.states[position - 1] if position else self.base

    def steps_to(self, position: int) -> list[Command]:
        """What is to be done until so many commands are done. Raises `ValueError` for too many."""
        if not 0 <= position <= len(self.commands):
            raise ValueError("the position is not in the history")
        back = self.commands[position : self.position]
        return [each.inverse for each in reversed(back)] or self.commands[self.position : position]

    def place_of(self, state: int) -> int | None:
        """After how many commands the board is in a state; None for one that is not known."""
        if state == self.base:
            return 0
        # They rise: each command leads to a new state.
        place = bisect_left(self.states, state)
        known = place < len(self.states) and self.states[place] == state
        return place + 1 if known else None

    @property
    def latest(self) -> Command | None:
        """The command that undo would take back."""
        return self.commands[self.position - 1] if self.position else None

    @property
    def next(self) -> Command | None:
        """The command that redo would do."""
        return self.commands[self.position] if self.position < len(self.commands) else None

    @property
    def before_latest(self) -> int:
        """The number of the state that undo leads to."""
        return self.states[self.position - 2] if self.position > 1 else self.base

    @property
    def after_next(self) -> int:
        """The number of the state that redo leads to. Raises `IndexError` when there is none."""
        return self.states[self.position]

    def accepts(self, id: str) -> bool:
        """Whether a candidate is accepted by a command that is done, forgotten or not."""
        return self._accepted[id] > 0 or id in self.forgotten

    def can_merge(self, command: Command) -> bool:
        """Whether the command goes on with the latest one: same kind, same items, no new order."""
        latest = self.latest
        return (
            latest is not None
            and self.next is None
            and latest.kind == command.kind
            and latest.ids == command.ids
            and command.order is None
        )

    def note_done(self, command: Command, *, merge: bool = False, state: int | None = None) -> None:
        """The command was done: what could have been redone is forgotten.

        `state` is the number of the board after it, by default a new one.
        """
        self._weight -= sum(each.weight for each in self.commands[self.position :])
        del self.commands[self.position :], self.states[self.position :]
        self.last = self.last + 1 if state is None else max(self.last, state)
        number = self.last if state is None else state
        self._accepted.update(command.candidates)
        if merge:
            self._weight -= self.commands[-1].weight
            command = self.commands[-1].then(command)
            self.commands[-1], self.states[-1] = command, number
        else:
            self.commands.append(command)
            self.states.append(number)
            self.position += 1
        self._weight += command.weight

    def note_undone(self) -> None:
        """The latest command was undone."""
        self.position -= 1
        self._accepted.subtract(self.commands[self.position].candidates)

    def note_redone(self) -> None:
        """The next command was done again."""
        self._accepted.update(self.commands[self.position].candidates)
        self.position += 1

    def note_gone(self, position: int) -> None:
        """So many commands are done now: the others were undone, or these done again."""
        while self.position > position:
            self.note_undone()
        while self.position < position:
            self.note_redone()

    def put_in_order(self, *told: int) -> tuple[int, ...]:
        """Number the states anew unless their numbers rise; what the numbers `told` are then.

        A journal with lines out of turn leaves such a history, and its position is found by them.
        A number that is none of this history, or twice in it, is none of the new ones.
        """
        known = [self.base, *self.states]
        if all(one < other for one, other in pairwise(known)):
            return told
        first = max(self.last, *known, *told) + 1
        self.base = first
        self.states = list(range(first + 1, first + len(known)))
        self.last = first + len(known) - 1
        places = {number: first + place for place, number in enumerate(known)}
        return tuple(places[number] if known.count(number) == 1 else number for number in told)

    def forget(self, limit: int | None = None) -> bool:
        """Forget the oldest commands when all weigh more than `limit` (`MEMORY`), or are too many.

        A quarter at a time, so that it is rarely done. What they accepted stays accepted. True
        when some were forgotten.
        """
        limit = MEMORY if limit is None else limit
        many = len(self.commands) - STEPS
        if self._weight <= limit and many <= 0:
            return False
        weights = accumulate(command.weight for command in self.commands)
        enough = self._weight - limit * 3 // 4
        # What can be redone stays, and so does the latest: what was just done can be undone.
        most = max(self.position - 1, 0)
        heavy = sum(1 for weight in weights if weight < enough) + 1
        count = min(max(heavy, many + STEPS // 4 if many > 0 else 0), most)
        for command in self.commands[:count]:
            self.forgotten.update(command.candidates)
            self._accepted.subtract(command.candidates)
            self._weight -= command.weight
        if count:
            self.base = self.states[count - 1]
            del self.commands[:count], self.states[:count]
            self.position -= count
        return count > 0

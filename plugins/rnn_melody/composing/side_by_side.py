"""Several tunes growing side by side, as events: for all that writes on from the left."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from aigc_studio.api import Candidate, Event, Melody, Partial, Progress
from aigc_studio.toolkit import mixed_seed
from rnn_melody.composing.page import Bending, Page, Steering
from rnn_melody.composing.parameters import DrawingParameters
from rnn_melody.composing.pen import Pen
from rnn_melody.composing.sheet import Sheet, Style
from rnn_melody.composing.writing import SIDE_BY_SIDE, write
from rnn_melody.copying import Known, Run

_ATTEMPTS = 12
"""So often a tune that shares a long run with one that was learnt is made anew, and then marked."""


def style_of(wish: DrawingParameters) -> Style:
    """How the parameters say that events are drawn."""
    return Style(
        temperature=wish.daring,
        top_p=wish.top_p,
        density=wish.density,
        lowest=wish.lowest,
        highest=wish.highest,
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class Task:
    """A tune that is to be written: on which sheet, and what becomes of it.

    `made` gives the melody of a page's row, of its first so many bars where a number is named.
    """

    sheet: Sheet
    style: Style
    made: Callable[[Page, int, int | None], Melody]
    steer: Steering | None = None
    bend: Bending | None = None
    part: bool = False
    title: dict[str, str] | None = None
    latent: Callable[[Melody], bytes | None] = lambda melody: None
    parted: Callable[[Melody], Melody] = lambda melody: melody
    """What of a melody is looked for in the tunes that were learnt."""


@dataclass(frozen=True)
class Press:
    """What tunes are written with: the pen, and the tunes that must not be copied unseen."""

    pen: Pen
    known: Known
    anew: bool = True

    def events(self, tasks: Sequence[Task], seed: int, first: int = 0) -> Iterator[Event]:
        """Yield a candidate of each task in order, seen bar by bar; number n from `seed + n`.

        Tasks that are one object are written side by side.
        """
        for start in range(0, len(tasks), SIDE_BY_SIDE):
            block = tasks[start : start + SIDE_BY_SIDE]
            yield Progress(first + start, first + len(tasks))
            yield from _Block(self, block, seed + start, first + start).events()
        yield Progress(first + len(tasks), first + len(tasks))

    def unheard(self, task: Task, melody: Melody, seed: int) -> tuple[Melody, Run]:
        """The melody, or another where it was learnt, and the longest run that it shares."""
        run = self.known.longest_run(task.parted(melody))
        for attempt in range(1, _ATTEMPTS * self.anew + 1):
            if not run.is_copy:
                break
            # Each time a little bolder: what is known by heart is the likeliest of all.
            style = replace(task.style, temperature=task.style.temperature * 1.05**attempt)
            *_earlier, page = write(
                self.pen, task.sheet, seed=mixed_seed("anew", seed, attempt), count=1,
                style=style, steer=task.steer, bend=task.bend,
            )  # fmt: skip
            melody = task.made(page, 0, None)
            run = self.known.longest_run(task.parted(melody))
        return melody, run


class _Block:
    """Tunes that are written side by side."""

    def __init__(self, press: Press, tasks: Sequence[Task], seed: int, first: int) -> None:
        self.press, self.tasks, self.seed, self.first = press, tasks, seed, first
        self.done: dict[int, Melody] = {}
        self.given = self.begun = 0

    def appears(self, number: int) -> bool:
        """Whether a tune that has a bar is shown: the first time, those before it come first."""
        while self.begun in self.done:
            self.begun += 1
        if number == self.begun:
            self.begun += 1
        return number < self.begun

    def events(self) -> Iterator[Event]:
        groups = dict[int, list[int]]()
        for number, task in enumerate(self.tasks):
            groups.setdefault(id(task), []).append(number)
        waiting = [_Group(self, numbers) for numbers in groups.values()]
        while waiting:
            for group in tuple(waiting):
                if not group.step():
                    waiting.remove(group)
                yield from group.partials()
                yield from self._finished()

    def _finished(self) -> Iterator[Event]:
        """The candidates whose turn it is. A tune that is done waits for those before it."""
        while self.given in self.done:
            number = self.given
            task, seed = self.tasks[number], self.seed + number
            melody, run = self.press.unheard(task, self.done[number], seed)
            title = _marked(run) if run.is_copy else task.title
            yield Candidate(
                melody, seed=seed, part=task.part, title=title or "", latent=task.latent(melody)
            )
            self.given += 1


class _Group:
    """The tunes of one task."""

    def __init__(self, block: _Block, numbers: Sequence[int]) -> None:
        task = block.tasks[numbers[0]]
        self.block, self.numbers, self.task = block, numbers, task
        self.pages = write(
            block.press.pen, task.sheet, seed=block.seed, numbers=numbers, style=task.style,
            steer=task.steer, bend=task.bend,
        )  # fmt: skip
        self.page: Page | None = None
        self.bars = [-1] * len(numbers)

    def step(self) -> bool:
        """One event more of each; False where all are done."""
        page = next(self.pages, None)
        self.page = page or self.page
        if self.page is None:
            return False
        end = self.task.sheet.end
        for row, number in enumerate(self.numbers):
            if self.page.reached[row] >= end and number not in self.block.done:
                self.block.done[number] = self.task.made(self.page, row, None)
        return page is not None

    def partials(self) -> Iterator[Event]:
        """Those that have a bar more, but for what is done."""
        page = self.page
        if page is None:
            return
        for row, number in enumerate(self.numbers):
            bars = page.bars_done(row)
            more = bars > max(self.bars[row], page.bars_before)
            if more and number not in self.block.done and self.block.appears(number):
                self.bars[row] = bars
                melody = self.task.made(page, row, bars)
                yield Partial(melody, self.block.first + number, part=self.task.part)


def _marked(run: Run) -> dict[str, str]:
    name = run.title or "?"
    return {
        "en": f"{run.intervals} intervals as in “{name}”",
        "zh": f"与《{name}》有 {run.intervals} 个连续音程相同",
    }

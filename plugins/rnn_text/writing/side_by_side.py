"""Several texts growing side by side, as events: for all that writes on from the left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from aigc_studio.api import Candidate, Event, Partial, Progress, Text
from rnn_text.writing.ends import ending, most_symbols
from rnn_text.writing.parameters import DrawingParameters, WritingParameters
from rnn_text.writing.pen import SIDE_BY_SIDE, Numbers, Page, Pen, Steering, Style, write

_LETTER_BY_LETTER, _LONG = 64, 8_192
"""So many symbols are shown one by one, of a text that is not long; after them some at a time."""
_STRIDE, _SHARE, _WIDEST = 8, 128, 256
"""So many at least, of a long text this part of what there is, since all of it is told each time,
and so many at most."""


def style_of(parameters: DrawingParameters) -> Style:
    """How the parameters say that symbols are drawn."""
    return Style(
        temperature=parameters.daring,
        top_k=parameters.top_k,
        top_p=parameters.top_p,
        guard=parameters.loops,
    )


@dataclass(frozen=True, kw_only=True)
class Task:
    """What is written: after which symbols, how far and how, and what stands around it.

    `head` and `foot` are put before and behind each text, which is laid out by `laid`. `finished`
    makes the result of a text, with its seed: where it answers None another is written instead,
    from the seed it is given.
    """

    pen: Pen
    left: Numbers
    parameters: WritingParameters
    ends_itself: bool
    head: str = ""
    foot: str = ""
    part: bool = False
    steer: Steering | None = None
    laid: Callable[[str], str] = str
    finished: Callable[[str, int], Candidate] = field(
        default=lambda text, seed: Candidate(Text(text), seed=seed)
    )

    def pages(self, seed: int, count: int) -> Iterator[Page]:
        """The page with `count` texts after each symbol."""
        wish = self.parameters
        return write(
            self.pen, self.left, seed=seed, count=count, style=style_of(wish),
            end=ending(wish.stop, wish.length), most=most_symbols(wish.stop, wish.length),
            steer=self.steer, ends_itself=self.ends_itself,
        )  # fmt: skip

    def whole(self, page: Page, row: int) -> str:
        """A text with what stands around it."""
        return self.head + self.laid(page.text(row)) + self.foot


def events(task: Task, seed: int, count: int) -> Iterator[Event]:
    """Yield `count` candidates in order, seen as they grow; number n is written from `seed + n`."""
    for first in range(0, count, SIDE_BY_SIDE):
        block = min(SIDE_BY_SIDE, count - first)
        yield Progress(first, count)
        yield from _block(task, seed + first, block, first)
    yield Progress(count, count)


def _block(task: Task, seed: int, count: int, first: int) -> Iterator[Event]:
    """The texts of one page. A text that ended waits for those before it."""
    given, due = 0, 0
    for page in task.pages(seed, count):
        growing = set(page.rows.tolist())
        while given < count and given not in growing:
            yield _result(task, page, given, seed + given)
            given += 1
        if page.ended or page.place >= due:
            due = page.place + _stride(page.place, len(task.head))
            for row in range(given, count):
                yield Partial(Text(task.whole(page, row)), first + row, part=task.part)


def _stride(place: int, before: int) -> int:
    """After how many symbols more a text is shown again, with so many characters before it."""
    if place < _LETTER_BY_LETTER and before < _LONG:
        return 1
    return min(max(_STRIDE, (before + place) // _SHARE), _WIDEST)


def _result(task: Task, page: Page, row: int, seed: int) -> Candidate:
    made = task.finished(task.whole(page, row), seed)
    return replace(made, part=True) if task.part else made

"""The pen: it reads what stands to the left, and writes on, several texts side by side.

What it writes is the same whether one text is asked for or sixteen, whether the left side was read
before or not: products are exact (`WholeMatrix`), and each text has random numbers of its own.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from aigc_studio.toolkit.sequences import Chances, sample
from rnn_text.network.stepping import Floats, State, Steps
from rnn_text.writing.ends import End, is_word, stands_alone
from rnn_text.writing.loops import Guard

if TYPE_CHECKING:
    from rnn_text.model import Model

Numbers = np.ndarray[Any, np.dtype[np.int64]]

REACH = 256
"""So many symbols to the left are read at most: what stands before them has long been forgotten."""

_STRIDE = 64
"""Where reading begins moves on by so many at once, so that what was read can be gone on from."""

_REMEMBERED = 96
"""States that are kept of what was read, some kilobytes each."""

_TAIL = 8 * REACH
"""Code points that hold `REACH` symbols, but for those of emoji families."""

_BLANK = 8
"""A text may end without anything in it after so many symbols of space."""

_PENS = 3
"""So many models are ready to write."""

SIDE_BY_SIDE = 16
"""So many texts are written at once."""


@dataclass(frozen=True, kw_only=True)
class Style:
    """How symbols are drawn: as in `sequences.probabilities`, and whether loops are left."""

    temperature: float = 0.8
    top_k: int = 0
    top_p: float = 1.0
    guard: bool = True


class Pen:
    """Reads and writes with one model; what it read last is remembered.

    `steps` is the net a step at a time. `pieces` has the writing of each symbol; `allowed`
    (symbols,) is False for the unknown one and for marks, which are never written.
    """

    def __init__(self, model: Model) -> None:
        alphabet = model.alphabet
        self.steps = Steps(model.writer)
        self.pieces = alphabet.symbols
        self.allowed = np.array([bool(each) for each in self.pieces], np.bool_)
        self.end: int | None = alphabet.marks.get("end")
        self.shut_for_good = np.where(self.allowed, 0, -np.inf).astype(np.float32)
        self.shut = self.shut_for_good.copy()
        """What is added to logits (symbols,), so that nothing is drawn but writing and the end."""
        if self.end is not None:
            self.shut[self.end] = 0
        self.breaks = np.array([_is_over_after(each) for each in self.pieces], np.bool_)
        self.opening = np.asarray(model.opening, np.int64)
        self._read: OrderedDict[bytes, tuple[Floats, State]] = OrderedDict()
        self._lock = threading.Lock()

    def read(self, left: Numbers) -> tuple[Floats, State]:
        """The output (1, width) and the state after `left`, whose last `REACH` symbols count.

        Where there is nothing to the left it is what a text opens with.
        """
        whole = np.concatenate([self.opening, left])
        begin = -(-max(0, len(whole) - REACH) // _STRIDE) * _STRIDE
        window = whole[begin:]
        with self._lock:
            done, (output, state) = self._known(window)
            for place in range(done, len(window)):
                output, state = self.steps.advance(window[place : place + 1], state)
                if place + 1 == len(window) or (place + 1) % _STRIDE == 0:
                    self._remember(window[: place + 1], (output, state))
        return output, state

    def _known(self, window: Numbers) -> tuple[int, tuple[Floats, State]]:
        """How much of a window was read before, as far as it is known, and what came of it."""
        if self._read:
            for stop in range(len(window), 0, -1):
                if (found := self._read.get(window[:stop].tobytes())) is not None:
                    return stop, found
        return 0, (np.zeros((1, self.steps.width), np.float32), self.steps.start(1))

    def _remember(self, window: Numbers, found: tuple[Floats, State]) -> None:
        self._read[window.tobytes()] = found
        while len(self._read) > _REMEMBERED:
            self._read.popitem(last=False)


class Page:
    """Texts that are being written side by side: what steers them sees it, and may change it.

    `rows` (n,) says which texts are still being written; `outputs` (n, width), what the output
    layer is about to see of them, and `logits` (n, symbols) may be changed in place, each in its
    turn. `place` is how many symbols each of them has so far, `written` (texts, most) has them.
    """

    def __init__(self, pen: Pen, count: int, most: int) -> None:
        self.pen = pen
        self.rows: Numbers = np.arange(count)
        self.place = 0
        self.written: Numbers = np.zeros((count, most), np.int64)
        self.outputs: Floats = np.zeros((count, 0), np.float32)
        self.ended: list[int] = []
        """The texts that came to their end with the last symbol."""
        self.pieces: list[list[str]] = [[] for _number in range(count)]
        """What each text is made of; one that has ended has lost what it had beyond its end."""

    def text(self, number: int) -> str:
        """What there is of a text."""
        return "".join(self.pieces[number])


class Steering(Protocol):
    """What sees a page before each symbol and changes what will be drawn from, in place."""

    def __call__(self, page: Page, values: Floats, /) -> None:
        """Change `values`: outputs (n, width) for `bend`, logits (n, symbols) for `steer`."""
        ...


def write(
    pen: Pen,
    left: Numbers,
    *,
    seed: int,
    count: int,
    style: Style,
    end: End,
    most: int,
    steer: Steering | None = None,
    bend: Steering | None = None,
    ends_itself: bool = True,
) -> Iterator[Page]:
    """Write on after `left`, text n from the seed `seed + n`; yields the page after each symbol.

    A text ends where `end` says, at the mark for the end where `ends_itself` says that its kind has
    one, and after `most` symbols. Closing the iterator leaves what is there.
    """
    page, chances = Page(pen, count, most), Chances(seed, count)
    guard = Guard(count, pen.breaks) if style.guard else None
    output, state = pen.read(left)
    page.outputs = np.repeat(output, count, 0)
    state = tuple(np.repeat(each, count, 0) for each in state)
    while len(page.rows):
        logits = _steered(page, steer, bend, ends_itself)
        if (guard is not None and guard.forbid(logits)) or steer is not None:
            _keep_one(logits, pen)
        drawn = sample(
            logits, chances.next()[page.rows],
            temperature=style.temperature, top_k=style.top_k, top_p=style.top_p,
        )  # fmt: skip
        if guard is not None:
            guard.add(drawn)
        kept = _set_down(page, drawn, end)
        yield page
        if len(kept) < len(drawn):
            if guard is not None:
                guard.keep(kept)
            drawn, state = drawn[kept], tuple(each[kept] for each in state)
        if len(page.rows):
            page.outputs, state = pen.steps.advance(drawn, state)


def _steered(
    page: Page, steer: Steering | None, bend: Steering | None, ends_itself: bool
) -> Floats:
    """The logits that are drawn from: nothing unwritable, and no end before anything is there."""
    pen = page.pen
    if bend is not None:
        bend(page, page.outputs)
    logits = pen.steps.logits(page.outputs)
    logits += pen.shut if ends_itself else pen.shut_for_good
    if ends_itself and pen.end is not None and page.place < _BLANK:
        for place, row in enumerate(page.rows.tolist()):
            if not page.text(row).strip():
                logits[place, pen.end] = -np.inf
    if steer is not None:
        steer(page, logits)
    return logits


def _keep_one(logits: Floats, pen: Pen) -> None:
    """A row that nothing is left of may be anything that can be written."""
    empty = ~np.isfinite(logits).any(1)
    if empty.any():
        logits[empty] = np.where(pen.allowed, 0, -np.inf)


def _set_down(page: Page, drawn: Numbers, end: End) -> Numbers:
    """Write the symbols down, and take out the texts that end; which of the rows go on: int64."""
    page.written[page.rows, page.place] = drawn
    page.place += 1
    page.ended, going = [], []
    for place, (row, symbol) in enumerate(zip(page.rows.tolist(), drawn.tolist(), strict=True)):
        pieces = page.pieces[row]
        if symbol == page.pen.end:
            page.ended.append(row)
            continue
        pieces.append(page.pen.pieces[symbol])
        drop = end(pieces)
        if drop is None and page.place < page.written.shape[1]:
            going.append(place)
            continue
        del pieces[len(pieces) - (drop or 0) :]
        page.ended.append(row)
    kept = np.array(going, np.int64)
    page.rows = page.rows[kept]
    return kept


def _is_over_after(piece: str) -> bool:
    last = piece[-1:]
    return not last or not is_word(last) or stands_alone(last)


_pens: OrderedDict[bytes, Pen] = OrderedDict()
_pens_lock = threading.Lock()


def pen_of(model: Model) -> Pen:
    """The pen of a model, the same as last time: it remembers what it read."""
    with _pens_lock:
        pen = _pens.pop(model.tag, None) or Pen(model)
        _pens[model.tag] = pen
        while len(_pens) > _PENS:
            _pens.popitem(last=False)
        return pen


def tail_of(text: str) -> str:
    """As much of the end of a text as is read at all; of a long one from a place that stays for a
    while as it grows."""
    start = max(0, len(text) - _TAIL) // _TAIL * _TAIL
    return text[start:]

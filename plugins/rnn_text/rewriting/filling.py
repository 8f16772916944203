"""A gap filled: one text for it at a time, none like those before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from aigc_studio.toolkit import mixed_seed
from rnn_text.rewriting.drafting import Desk
from rnn_text.writing.ends import GRACE, End, ending
from rnn_text.writing.pen import Style

Numbers = np.ndarray[Any, np.dtype[np.int64]]

NEAR = 48
"""So many of the last symbols are drafted; what comes before them is written once."""
SHOWN = 8
"""What is long is shown again after so many symbols."""
_ALIKE = 0.7
"""Two parts that share so much of all threes of characters are the same to a reader."""
_SHORT = 6
"""Of parts with so few threes only those count as the same that are."""
_WORSE = 3.0
"""A draft that fits so many nats worse than the best one is no choice, even if all better ones are
known: they had better be alike than wrong."""
_ATTEMPTS = 3
_BOLDER = 1.4
"""How much the temperature is raised where nothing new was found."""
_SENTENCE = frozenset(".!?…。！？")


@dataclass(frozen=True)
class Filled:
    """A text for a gap as far as it is settled; when it is whole, `chance` is that of one of its
    symbols, and of those that follow, on (geometric) average."""

    text: str
    chance: float | None = None


class Filling:
    """A gap and all that was made for it by then: the next one differs as far as it can."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self._former = desk, [desk.gap.former]

    def fill(self, style: Style, seed: int) -> Iterator[Filled]:
        """Yield what is settled of the next text, and at last all of it."""
        last = None
        make = self._towards if len(self.desk.gap.after) else self._to_the_end
        for last in make(style, seed):
            yield replace(last, text=self.desk.gap.whole(last.text))
        if last is not None:
            self._former.append(last.text)

    def _towards(self, style: Style, seed: int) -> Iterator[Filled]:
        """What goes over into the right side. Drafts are not shown: which of them it will be is
        seen only at their ends."""
        settled, desk = "", self.desk
        if desk.length > NEAR + SHOWN:
            count, written = desk.length - NEAR, np.zeros(0, np.int64)
            lengths = np.array([desk.length])
            for page in desk.write(mixed_seed("far", seed), style, lengths, most=count):
                settled, written = page.text(0), page.written[0, : page.place]
                if page.place % SHOWN == 0:
                    yield Filled(settled)
            desk = desk.settle(written)
        for attempt in range(_ATTEMPTS):
            bolder = _bolder(style, attempt)
            is_last = attempt == _ATTEMPTS - 1
            found = self._choice(desk, settled, bolder, mixed_seed("near", seed, attempt), is_last)
            if found is not None:
                yield found
                return

    def _choice(
        self, desk: Desk, settled: str, style: Style, seed: int, any_will_do: bool
    ) -> Filled | None:
        """The first of the drafts that fits and is new; None where there is none such, unless
        `any_will_do`."""
        drafts = [(settled + each.text, each.weight) for each in desk.drafts(seed, style)]
        least = max(weight.fit for _text, weight in drafts) - _WORSE
        good = [
            (text, weight) for text, weight in drafts if weight.fit > least and desk.gap.fits(text)
        ]
        fresh = [each for each in good if not self._knows(each[0])]
        if not fresh and not any_will_do:
            return None
        others = [each for each in good if each[0] not in self._former]
        text, weight = (fresh or others or good or drafts)[0]
        return Filled(text, weight.typical)

    def _to_the_end(self, style: Style, seed: int) -> Iterator[Filled]:
        """What ends the text: as it ended before, with a sentence or with a word."""
        desk = self.desk
        end, most = _end_like(desk.gap.former, desk.length), 2 * desk.length + GRACE
        text, symbols = "", np.zeros(0, np.int64)
        for attempt in range(_ATTEMPTS):
            bolder = _bolder(style, attempt)
            seed_here = mixed_seed("end", seed, attempt)
            for page in desk.write(seed_here, bolder, np.array([most]), end=end, most=most):
                text, symbols = page.text(0), page.written[0, : len(page.pieces[0])]
                if page.place % SHOWN == 0:
                    yield Filled(text)
            if desk.gap.fits(text) and not self._knows(text):
                break
        (weight,) = desk.weigh([symbols])
        yield Filled(text, weight.typical)

    def _knows(self, text: str) -> bool:
        """Whether a reader would take it for one of the former ones."""
        return any(_alike(each, text) for each in self._former)


def _bolder(style: Style, attempt: int) -> Style:
    return replace(style, temperature=style.temperature * _BOLDER**attempt)


def _end_like(former: str, length: int) -> End:
    """An end as that of the former part, at about this length in symbols."""
    if former.rstrip()[-1:] not in _SENTENCE:
        return ending("length", length)
    sentence, least = ending("sentence", 2 * length), round(0.6 * length)

    def end(pieces: list[str]) -> int | None:
        return None if len(pieces) <= least else sentence(pieces)

    return end


def _alike(one: str, other: str) -> bool:
    if one.strip() == other.strip():
        return True
    first, second = _threes(one), _threes(other)
    least = _ALIKE * (len(first) + len(second)) / 2
    return min(len(first), len(second)) > _SHORT and len(first & second) >= least


def _threes(text: str) -> set[str]:
    """All that stands in a text of three characters in a row."""
    return {text[place : place + 3] for place in range(len(text) - 2)}

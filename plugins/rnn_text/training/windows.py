"""What a step of the training reads: a window of running text, or some whole examples."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from aigc_studio.toolkit import mixed_seed
from aigc_studio.toolkit.sequences import IGNORED, Excerpts, Stream, Window
from rnn_text.alphabet import BEGIN, THEME, Alphabet
from rnn_text.training.material import Material

LONGEST = 512
"""Symbols of an example that are learnt together; of a longer one a part, another each time."""
_UNTOLD, _THEMED, _FROM_TITLE = 0.25, 0.5, 0.6
"""How many poems are learnt without their form; how many of the others with a theme; how many
themes are words of the title, where there is one."""
_LONGEST_THEME = 6
_PASSAGES, _PASSAGE = 16, 64
"""How many passages of how many symbols are read to learn to write towards what follows."""


@dataclass(frozen=True)
class Reading:
    """One step's `window`. `beyond()` gives rows of symbols (rows, n) with what follows a gap in
    them, their lengths (None: all n), and whether their outputs are those of the window."""

    window: Window
    beyond: Callable[[], tuple[Tensor, Tensor | None, bool]]


class Windows:
    """Readings along running text, or example by example. `size` rows are read side by side, and
    after `steps` of them all was read once.

    Under torch.distributed each process sees its share of every window.
    """

    def __init__(self, material: Material, size: int, length: int, seed: int) -> None:
        self.seed, self._symbols = seed, material.learnt.symbols
        self._source: Stream | Excerpts
        if material.form.kind == "prose":
            # Of little text fewer places are read at once, or a step would see nearly all of it:
            # a half, a quarter, and so on, so that processes can still share them.
            self.size = size
            while self.size % 2 == 0 and self.size * 4 * length > len(self._symbols):
                self.size //= 2
            self._source = stream = Stream(self._symbols, self.size, length, seed)
            self.steps = stream.steps
            return
        self.size, self.steps = size, max(1, len(material.learnt) // size)
        begin = material.alphabet.marks[BEGIN]
        vary = told_varied(material.alphabet) if material.form.kind == "verse" else None
        self._source = Excerpts(
            material.learnt, size, LONGEST, seed, vary, given=told_by(begin), alike=True
        )

    def at(self, step: int) -> Reading:
        """What this step reads."""
        window = self._source.at(step)
        if isinstance(self._source, Excerpts):
            return Reading(window, lambda: _whole_rows(window))
        return Reading(window, lambda: self._passages(step))

    def _passages(self, step: int) -> tuple[Tensor, Tensor | None, bool]:
        source = torch.Generator().manual_seed(mixed_seed("beyond", self.seed, step))
        length = min(_PASSAGE, len(self._symbols))
        most = len(self._symbols) - length + 1
        starts = torch.randint(most, (_PASSAGES,), generator=source)
        return self._symbols[starts[:, None] + torch.arange(length)].long(), None, False


def _whole_rows(window: Window) -> tuple[Tensor, Tensor | None, bool]:
    """The examples of a window with their ends; what fills up a row does not count."""
    places = torch.arange(1, window.targets.shape[1] + 1)
    last = ((window.targets != IGNORED) * places).amax(1)
    rows = torch.cat([window.inputs, torch.zeros_like(window.inputs[:, :1])], 1)
    rows.scatter_(1, last[:, None], window.targets.gather(1, (last - 1)[:, None]).clamp(min=0))
    return rows, last + 1, True


def told_by(begin: int) -> Callable[[Tensor], int]:
    """How many symbols of a row are told and not learnt: all to its BEGIN; none where it has none,
    as in a part of a long example."""

    def count(row: Tensor) -> int:
        found = (row == begin).nonzero()
        return int(found[0]) + 1 if len(found) else 0

    return count


def told_varied(alphabet: Alphabet) -> Callable[[Tensor, torch.Generator], Tensor]:
    """What a poem is told by before its BEGIN, drawn anew each time: nothing, its form, or its form
    and a theme, which are some characters of its title or a word that stands in it."""
    begin, theme = alphabet.marks[BEGIN], alphabet.marks[THEME]
    count = told_by(begin)

    def vary(row: Tensor, source: torch.Generator) -> Tensor:
        start = max(0, count(row) - 1)
        drawn = torch.rand(4, generator=source).tolist()
        if drawn[0] < _UNTOLD or not start:
            return row[start:]
        if drawn[1] >= _THEMED:
            return torch.cat([row[:1], row[start:]])
        title, poem = row[2:start], row[start + 1 : -1]
        words = title if len(title) and drawn[2] < _FROM_TITLE else poem
        most = min(_LONGEST_THEME if words is title else 2, len(words))
        length = 1 + int(drawn[3] * most) if most else 0
        place = int(torch.randint(max(1, len(words) - length + 1), (), generator=source))
        chosen = words[place : place + length]
        return torch.cat([row[:1], torch.full_like(row[:1], theme), chosen, row[start:]])

    return vary

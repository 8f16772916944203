"""One training step: what follows each symbol, learnt along a text or example by example."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from aigc_studio.toolkit import Average, Learner, Moment, warm_up_and_decay
from aigc_studio.toolkit.sequences import IGNORED, Carried, Excerpts, Stream, Window, nats_along
from rnn_text.alphabet import BEGIN, THEME, Alphabet
from rnn_text.cuts import Cuts
from rnn_text.material import Material
from rnn_text.model import Form
from rnn_text.network import Writer

_CLIP = 1.0
_WARM_UP = 30
_UNTOLD, _THEMED, _FROM_TITLE = 0.25, 0.5, 0.6
"""How many poems are learnt without their form; how many of the others with a theme; how many
themes are words of the title, where there is one."""
_LONGEST_THEME = 6
_SHORTEST, _LONGEST = 4, 512


@dataclass(frozen=True)
class Recipe:
    """How a training goes; the shape of the net is in `WriterSettings`.

    `flat` is the part of the training before the learning rate falls, `size` how many places or
    examples a step reads side by side, `length` how many symbols of running text each.
    """

    learning_rate: float = 3e-3
    flat: float = 0.3
    dropout: float = 0.0
    weight_decay: float = 0.01
    average_decay: float = 0.998
    size: int = 32
    length: int = 32


class WriterStep(Learner):
    """The net, its moving average (which is the one to keep), its optimiser, and its state."""

    losses = ("loss",)

    def __init__(self, writer: Writer, recipe: Recipe) -> None:
        self.writer, self.recipe, self.carried = writer, recipe, Carried()
        writer.dropout = recipe.dropout
        self.average = Average(writer, recipe.average_decay)
        self.average.network.eval()
        optimiser = torch.optim.AdamW(
            writer.parameters(),
            lr=recipe.learning_rate,
            betas=(0.9, 0.99),
            weight_decay=recipe.weight_decay,
            fused=True,
        )
        super().__init__({"writer": writer}, {"writer": optimiser}, {"writer": self.average})

    def step(self, batch: Window, moment: Moment) -> Mapping[str, float]:
        """Learn from one window once, and say the loss: nats a symbol."""
        outputs, state = self.writer.outputs(batch.inputs, self.carried.before(batch))
        loss = self._loss(outputs, batch)
        rate = warm_up_and_decay(
            moment.step,
            moment.progress,
            warm_up=_WARM_UP,
            flat=self.recipe.flat,
            floor=0.01,
            shape="linear",
        )
        told = self.descend("writer", loss, rate=rate, clip=_CLIP)
        self.carried.after(state)
        self.average.update(moment.step)
        return {"loss": told}

    def _loss(self, outputs: Tensor, batch: Window) -> Tensor:
        """The mean nats; logits are made only where something is learnt."""
        learnt = batch.targets != IGNORED
        logits = self.writer.logits(outputs[learnt])
        return F.cross_entropy(logits, batch.targets[learnt], reduction="sum") / batch.count

    def tensors(self) -> dict[str, Tensor]:
        """All that the next step depends on, the carried state among it."""
        return super().tensors() | self.carried.tensors()

    def restore(self, tensors: Mapping[str, Tensor]) -> None:
        """Put back what `tensors` gave."""
        super().restore(tensors)
        self.carried.restore(tensors)


def windows_of(material: Material, recipe: Recipe, seed: int) -> Stream | Excerpts:
    """Where the windows of a training come from: along running text, or example by example."""
    if material.form.kind == "prose":
        symbols = material.learnt.symbols
        # Of little text fewer places are read at once, or each step would see nearly all of it.
        size = max(1, min(recipe.size, len(symbols) // (4 * recipe.length)))
        return Stream(symbols, size if size < recipe.size else recipe.size, recipe.length, seed)
    begin = material.alphabet.marks[BEGIN]
    vary = told_varied(material.alphabet) if material.form.kind == "verse" else None
    return Excerpts(
        material.learnt, recipe.size, _LONGEST, seed, vary, given=told_by(begin), alike=True
    )


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
    begin, theme, count = alphabet.marks[BEGIN], alphabet.marks[THEME], told_by(0)
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


# -- measuring -------------------------------------------------------------------------------------


@torch.no_grad()
def nats_of(writer: Writer, symbols: Cuts, form: Form, begin: int) -> float:
    """The sum of nats of texts, each symbol after the first by those before it; examples are told
    nothing but that they BEGIN."""
    if form.kind == "prose":
        return float(nats_along(writer.read, symbols.symbols, rows=8).sum())
    order = sorted(range(len(symbols)), key=lambda place: len(symbols[place]))
    total, told = 0.0, told_by(begin)
    for start in range(0, len(order), 64):
        rows = [symbols[place] for place in order[start : start + 64]]
        rows = [row[max(0, told(row) - 1) :][: 4 * _LONGEST] for row in rows]
        length = max(map(len, rows))
        read = torch.zeros(len(rows), length, dtype=torch.int64)
        wanted = torch.full((len(rows), length), IGNORED)
        for number, row in enumerate(rows):
            read[number, : len(row)] = row
            wanted[number, : len(row) - 1] = row[1:]
        outputs, _state = writer.outputs(read)
        learnt = wanted != IGNORED
        logits = writer.logits(outputs[learnt])
        total += float(F.cross_entropy(logits, wanted[learnt], reduction="sum"))
    return total


def held_out_metrics(writer: Writer, material: Material) -> dict[str, float]:
    """Nats and bits a character of what is held out; the END of an example counts as one."""
    if not len(material.held_out.symbols):
        return {}
    begin = material.alphabet.marks[BEGIN]
    nats = nats_of(writer, material.held_out, material.form, begin)
    ends = 0 if material.form.kind == "prose" else len(material.held_out)
    each = nats / max(1, material.held_out_characters + ends)
    return {"nats_per_character": each, "bits_per_character": each / math.log(2)}

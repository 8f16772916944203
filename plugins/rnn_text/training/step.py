"""One training step: what follows each symbol, learnt along a text or example by example."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from aigc_studio.toolkit import Average, Learner, Moment, rows_abreast, warm_up_and_decay
from aigc_studio.toolkit.sequences import IGNORED, Carried, Window
from rnn_text.network.net import State, Writer
from rnn_text.network.ngrams import RowAdagrad
from rnn_text.training.towards import right_losses
from rnn_text.training.windows import Reading

_CLIP = 1.0
_LEFT_OUT = ((3, 0.0), (4, 0.05), (7, 0.05), (8.5, 0.08), (16, 0.35), (32, 0.45))
"""How much is left out of what is read so many times."""
_WARM_UP = 30
_BEYOND, _EVERY = 0.7, 3
"""From this part of the training on every third step learns as well to write towards what follows,
beside a net that hardly changes any more."""


@dataclass(frozen=True)
class Recipe:
    """How a training goes; the shape of the net is in `WriterSettings`.

    `flat` is the part of the training before the learning rate falls, `size` how many places or
    examples a step reads side by side, `length` how many symbols of running text each. A `dropout`
    below 0 goes by how often the text will be read. N-grams learn at a rate of their own, by
    Adagrad that begins with the squares `ngrams_begun` of a symbol's gradients, and a part of them
    is left out: so of what is read four times. Of what is read twice they learn at half the rate,
    from nothing, and none is left out. With `only_right` nothing is learnt but to write towards
    what follows.
    """

    learning_rate: float = 3e-3
    flat: float = 0.3
    dropout: float = -1.0
    weight_decay: float = 0.01
    average_decay: float = 0.998
    ngrams_rate: float = 0.1
    ngrams_begun: float = 0.2
    ngrams_dropout: float = 0.3
    size: int = 32
    length: int = 32
    only_right: bool = False


class _Part:
    """Some rows of a step: their `loss`, and when it is known their `outputs` and the state `after`
    them."""

    outputs: Tensor
    after: State

    def __init__(
        self,
        writer: Writer,
        count: float,
        inputs: Tensor,
        targets: Tensor,
        before: State | None,
        source: torch.Generator | None,
    ) -> None:
        self.writer, self.count, self.inputs, self.targets = writer, count, inputs, targets
        self.before, self.source = before, source

    def loss(self) -> Tensor:
        """The rows' share of the mean nats; logits are made only where something is learnt."""
        outputs, self.after = self.writer.outputs(self.inputs, self.before, self.source)
        self.outputs, learnt = outputs.detach(), self.targets != IGNORED
        logits = self.writer.logits(outputs[learnt])
        return F.cross_entropy(logits, self.targets[learnt], reduction="sum") / self.count


class WriterStep(Learner):
    """The net, its moving average (which is the one to keep), its optimisers, and its state."""

    def __init__(self, writer: Writer, recipe: Recipe, epoch: int = 1) -> None:
        self.writer, self.recipe, self.carried = writer, recipe, Carried()
        self.epoch = epoch
        """How many steps it takes to read all once."""
        self.finished: Writer | None = None
        """The net as it is kept, once it was asked for after a step."""
        self.average = Average(writer, recipe.average_decay)
        self.average.network.eval()
        towards = list(writer.right.parameters()) if writer.right is not None else []
        own = {id(each) for each in towards}
        optimisers = {
            "writer": self._adam([p for p in writer.parameters() if id(p) not in own], 1.0),
        }
        if towards:
            optimisers["right"] = self._adam(towards, 0.5)
        if writer.ngrams is not None and (averaged := self.average.network.ngrams) is not None:
            # Averaging all rows would cost more than learning some, and they fall to rest as well.
            averaged.table = writer.ngrams.table.requires_grad_()
            optimisers["ngrams"] = RowAdagrad(
                [writer.ngrams.table], recipe.ngrams_rate, recipe.ngrams_begun
            )
        super().__init__({"writer": writer}, optimisers, {"writer": self.average})

    def _adam(self, parameters: list[nn.Parameter], share: float) -> torch.optim.Optimizer:
        r = self.recipe
        return torch.optim.AdamW(
            parameters,
            lr=share * r.learning_rate,
            betas=(0.9, 0.99),
            weight_decay=r.weight_decay,
            fused=True,
        )

    def step(self, batch: Reading, moment: Moment) -> Mapping[str, float]:
        """Learn from one window once, and say the loss: nats a symbol."""
        told, self.finished = dict[str, float](), None
        asked = self.recipe.dropout
        self.writer.dropout = asked if asked >= 0 else fitting_dropout(moment.total / self.epoch)
        outputs: Tensor | None = None
        if not self.recipe.only_right:
            outputs = self._learn(batch.window, moment, told)
        begun = 0.0 if self.recipe.only_right else _BEYOND
        is_due = self.recipe.only_right or moment.step % _EVERY == 0
        if self.writer.right is not None and moment.progress >= begun and is_due:
            self._learn_right(batch, outputs, moment, (moment.progress - begun) / (1 - begun), told)
        self.average.update(moment.step)
        return told

    def _learn(self, window: Window, moment: Moment, told: dict[str, float]) -> Tensor:
        if self.writer.ngrams is not None:
            part = often_read(moment.total / self.epoch) * self.recipe.ngrams_dropout
            self.writer.ngrams.dropout = part
        parts = self._parts(window, moment)
        rate = self._rate(moment.step, moment.progress)
        names = ["writer", "ngrams"] if "ngrams" in self.optimisers else ["writer"]
        told["loss"] = self.differentiate(names, [each.loss for each in parts])
        self.take_step("writer", rate=rate, clip=_CLIP)
        self._learn_ngrams(window, rate, often_read(moment.total / self.epoch))
        self.carried.after(_joined([each.after for each in parts]))
        return torch.cat([each.outputs for each in parts])

    def _parts(self, window: Window, moment: Moment) -> list[_Part]:
        """Some rows of a window for each thread, with what draws at random in them."""
        sizes = rows_abreast(len(window.inputs), window.inputs)
        states = _split(self.carried.before(window), sizes)
        inputs, targets = (torch.split(each, sizes) for each in (window.inputs, window.targets))
        sources = moment.sources(len(sizes))
        parts = zip(inputs, targets, states, sources, strict=True)
        return [_Part(self.writer, window.count, *each) for each in parts]

    def _learn_ngrams(self, window: Window, rate: float, often: float) -> None:
        ngrams = self.writer.ngrams
        if ngrams is not None and ngrams.table.grad is not None:
            ngrams.table.grad *= window.count  # of each symbol, however many are read in a step
            (group,) = self.optimisers["ngrams"].param_groups
            group["begun"] = often * self.recipe.ngrams_begun
            self.take_step("ngrams", rate=rate * (1 + often) / 2)

    def _learn_right(
        self,
        batch: Reading,
        outputs: Tensor | None,
        moment: Moment,
        progress: float,
        told: dict[str, float],
    ) -> None:
        symbols, lengths, same = batch.beyond()
        known = outputs if same else None
        parts = right_losses(self.writer, symbols, moment, lengths=lengths, outputs=known)
        if parts:
            rate = self._rate(moment.step, progress)
            told["rewriting_loss"] = self.differentiate(["right"], parts)
            self.take_step("right", rate=rate, clip=_CLIP)

    def _rate(self, step: int, progress: float) -> float:
        return warm_up_and_decay(
            step, progress, warm_up=_WARM_UP, flat=self.recipe.flat, floor=0.01, shape="linear"
        )

    def tensors(self) -> dict[str, Tensor]:
        """All that the next step depends on, the carried state among it."""
        return super().tensors() | self.carried.tensors()

    def restore(self, tensors: Mapping[str, Tensor]) -> None:
        """Put back what `tensors` gave."""
        super().restore(tensors)
        self.finished = None
        self.carried.restore(tensors)


def _split(state: State | None, sizes: list[int]) -> list[State | None]:
    """The state of so many rows each."""
    if state is None:
        return [None] * len(sizes)
    if isinstance(state, Tensor):
        return list(torch.split(state, sizes, 1))
    return list(zip(*(torch.split(each, sizes, 1) for each in state), strict=True))


def _joined(states: list[State]) -> State:
    """The state of all rows."""
    if isinstance(states[0], Tensor):
        return torch.cat(states, 1)  # type: ignore[arg-type]
    return tuple(torch.cat(each, 1) for each in zip(*states, strict=True))


def fitting_dropout(epochs: float) -> float:
    """The part left out in training, by how many times the text will be read as planned now: as
    measured (`_LEFT_OUT`), between those in proportion to the logarithm."""
    read, part = zip(*_LEFT_OUT, strict=True)
    return float(np.interp(math.log2(max(epochs, 1e-9)), np.log2(read), part))


def often_read(epochs: float) -> float:
    """0 for what will be read twice at most, 1 for what is read four times and more."""
    return min(max(0.0, epochs / 2 - 1), 1.0)

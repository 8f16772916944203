"""One training step: what follows each event, learnt tune by tune."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from aigc_studio.toolkit import Average, Learner, Moment, rows_abreast, warm_up_and_decay
from aigc_studio.toolkit.sequences import IGNORED, Excerpts, Window
from rnn_melody.network.net import Writer, nats_of
from rnn_melody.signs import METRE, MODE, REMAINING, TONIC
from rnn_melody.training.material import Material, Row
from rnn_melody.training.towards import right_losses

LONGEST = 400
"""Events of a tune that are learnt together; of a longer one a part, another each time."""
_UNTOLD = {METRE: 0.1, MODE: 0.1, TONIC: 0.2}
"""How many tunes are learnt without being told these, so that they need not be told."""
_CLIP = 1.0
_EVERY = 2
"""Every so many steps something is learnt of what follows: it is soon learnt, and takes as long."""
_WARM_UP = 30


@dataclass(frozen=True)
class Recipe:
    """How a training goes; the shape of the net is in `WriterSettings`.

    `flat` is the part of the training before the learning rate falls, `size` how many tunes a step
    reads. A `dropout` below 0 goes by how often the tunes will be read.
    """

    learning_rate: float = 3e-3
    flat: float = 0.3
    dropout: float = -1.0
    weight_decay: float = 0.01
    average_decay: float = 0.998
    size: int = 32


class Readings:
    """Windows of whole tunes. `size` are read side by side; after `steps` all were read once.

    The inputs of a window are (rows, n, columns), those that stand ahead behind those of the step;
    its targets (rows, n, 2) are tone and number of the duration. Under torch.distributed each
    process sees its share of every window.
    """

    def __init__(self, rows: Sequence[Row], size: int, seed: int) -> None:
        self.size, self.steps = size, max(1, len(rows) // size)
        joined = [_joined(row) for row in rows]
        self._source = Excerpts(joined, size, LONGEST, seed, _untold, alike=True)

    def at(self, step: int) -> Window:
        """What this step reads."""
        window = self._source.at(step)
        inputs, targets = window.inputs[..., :-2], window.targets[..., -2:]
        inputs[..., REMAINING].clamp_(min=1)
        return Window(inputs, targets, window.fresh, window.count)


def _joined(row: Row) -> Tensor:
    """Inputs, what stands ahead, and events in one: an event stands one place after its inputs."""
    inputs, events, ahead = row
    both = torch.cat([inputs, ahead], 1)
    found = torch.zeros(len(both) + 1, both.shape[1] + 2, dtype=both.dtype)
    found[:-1, :-2], found[1:, -2:] = both, events
    return found


def _untold(row: Tensor, source: torch.Generator) -> Tensor:
    """The row, as it is or with conditions that are not told."""
    drawn = torch.rand(len(_UNTOLD), generator=source).tolist()
    found = row.clone()
    for (column, part), chance in zip(_UNTOLD.items(), drawn, strict=True):
        if chance < part:
            found[:-1, column] = 12 if column == TONIC else 0
    return found


class _Part:
    """Some rows of a step: their `loss`, and their `outputs` when it is known."""

    outputs: Tensor

    def __init__(
        self,
        writer: Writer,
        count: float,
        inputs: Tensor,
        targets: Tensor,
        source: torch.Generator | None,
    ) -> None:
        self.writer, self.count, self.source = writer, count, source
        self.inputs, self.targets = inputs, targets

    def loss(self) -> Tensor:
        """The rows' share of the mean nats of an event."""
        outputs, _state = self.writer.outputs(self.inputs, source=self.source)
        self.outputs, learnt = outputs.detach(), self.targets[..., 0] != IGNORED
        told = outputs[learnt], self.inputs[learnt], self.targets[learnt]
        return self.writer.nats(*told, source=self.source).sum() / self.count


class WriterStep(Learner):
    """The net, its moving average (which is the one to keep), its optimiser, and their state."""

    def __init__(self, writer: Writer, recipe: Recipe, epoch: int = 1) -> None:
        self.writer, self.recipe, self.epoch = writer, recipe, epoch
        self.average = Average(writer, recipe.average_decay)
        self.average.network.eval()
        right = list(writer.right.parameters()) if writer.right is not None else []
        own = {id(each) for each in right}
        optimisers = {"writer": self._adam([p for p in writer.parameters() if id(p) not in own])}
        if right:
            optimisers["right"] = self._adam(right)
        super().__init__({"writer": writer}, optimisers, {"writer": self.average})

    def _adam(self, parameters: list[nn.Parameter]) -> torch.optim.Optimizer:
        r = self.recipe
        return torch.optim.AdamW(
            parameters,
            lr=r.learning_rate,
            betas=(0.9, 0.99),
            weight_decay=r.weight_decay,
            fused=True,
        )

    def step(self, batch: Window, moment: Moment) -> Mapping[str, float]:
        """Learn from some tunes once, and say the loss: nats an event."""
        asked = self.recipe.dropout
        self.writer.dropout = asked if asked >= 0 else fitting_dropout(moment.total / self.epoch)
        columns = len(self.writer.signs.sizes())
        inputs, ahead = batch.inputs[..., :columns], batch.inputs[..., columns:]
        sizes = rows_abreast(len(inputs), inputs)
        rows = (torch.split(each, sizes) for each in (inputs, batch.targets))
        cuts = zip(*rows, moment.sources(len(sizes)), strict=True)
        parts = [_Part(self.writer, batch.count, *each) for each in cuts]
        told = {"loss": self.differentiate(["writer"], [each.loss for each in parts])}
        self.take_step("writer", rate=self._rate(moment), clip=_CLIP)
        outputs = torch.cat([each.outputs for each in parts])
        if self.writer.right is not None and moment.step % _EVERY == 0:
            told |= self._learn_right(inputs, batch.targets, ahead, outputs, moment)
        self.average.update(moment.step)
        return told

    def _learn_right(
        self, inputs: Tensor, targets: Tensor, ahead: Tensor, outputs: Tensor, moment: Moment
    ) -> Mapping[str, float]:
        """Learn to write towards what follows, and say that loss: nats an event."""
        found = right_losses(self.writer, inputs, targets, ahead, outputs, moment.generator)
        right = self.writer.right
        assert right is not None
        # Where nothing follows, nothing is learnt; other processes may still wait for this one.
        nothing = {"": torch.stack([each.sum() for each in right.parameters()]).sum() * 0}
        rate = self._rate(moment)
        told = {
            f"{name}_loss": self.descend("right", loss, rate=rate, clip=_CLIP)
            for name, loss in (found or nothing).items()
        }
        return told if found else {}

    def _rate(self, moment: Moment) -> float:
        return warm_up_and_decay(
            moment.step,
            moment.progress,
            warm_up=_WARM_UP,
            flat=self.recipe.flat,
            floor=0.01,
            shape="linear",
        )


def fitting_dropout(epochs: float) -> float:
    """The part left out in training, by how many times the tunes will be read as planned now."""
    return min(max(0.1, 0.1 * math.log2(max(epochs, 1e-9))), 0.5)


def held_out_metrics(writer: Writer, material: Material) -> dict[str, float]:
    """Nats a note of what is held out: pitch and duration together, rests count as notes, and what
    ties cost belongs to their notes."""
    if not material.counted:
        return {}
    total = sum(float(nats.sum()) for nats in nats_of(writer, material.held_out))
    return {"nats_per_note": total / material.counted}

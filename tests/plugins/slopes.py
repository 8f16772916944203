"""A plugin on torch and the toolkit's loop: learns which line the texts' lengths lie on.

Without random draws, so that several processes learn what one learns.
"""

import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from aigc_studio.api import (
    Candidate,
    Description,
    Event,
    GenerateRequest,
    Operation,
    Parameters,
    Text,
    TrainRequest,
    hookimpl,
    parameter,
)


class SlopeParameters(Parameters):
    """What a person may choose; `trouble` is for tests."""

    batch: int = parameter(8, label={"en": "Batch", "zh": "批量"}, minimum=1, maximum=64)
    trouble: str = parameter("", label={"en": "Trouble", "zh": "麻烦"})


@hookimpl
def describe() -> Description:
    """What this plugin is."""
    train = Operation(id="train", verb="train", title="Learn a line", parameters=SlopeParameters)
    return Description(id="slopes", title="Slopes", medium=Text, operations=(train,))


@hookimpl
def train(request: TrainRequest[SlopeParameters]) -> Iterator[Event]:
    """Learn, on the toolkit's loop."""
    import torch
    from torch import Tensor, nn
    from torch.nn import functional as F

    from aigc_studio.toolkit import Batches, Learner, Moment, save_weights, training_loop

    class Line(Learner):
        def __init__(self) -> None:
            torch.manual_seed(request.seed)
            self.net = nn.Linear(2, 1).double()
            adam = torch.optim.Adam(self.net.parameters(), 0.02)
            super().__init__({"net": self.net}, {"net": adam})

        def step(self, batch: tuple[Tensor, ...], moment: Moment) -> Mapping[str, float]:
            inputs, targets = batch
            trouble, rank = request.parameters.trouble, os.environ.get("RANK", "0")
            if moment.step == 20 and trouble == f"breaks in {rank}":
                raise KeyError("trouble")
            if moment.step == 20 and trouble == f"dies in {rank}":
                os.kill(os.getpid(), 9)
            if trouble == "slow":
                time.sleep(0.02)
            return {"loss": self.descend("net", F.mse_loss(self.net(inputs)[:, 0], targets))}

    def publish(line: Line, folder: Path) -> dict[str, Any]:
        save_weights(folder / "weights.safetensors", line.net.state_dict(), {})
        return {}

    lengths = torch.tensor([len(each.artifact.value) for each in request.dataset]).double()  # type: ignore[union-attr]
    inputs = torch.stack([lengths / 20, torch.arange(len(lengths)).double() / 10], dim=1)
    targets = 3 * inputs[:, 0] - inputs[:, 1] + 0.5
    batches = Batches.of(inputs, targets, size=request.parameters.batch, seed=request.seed)
    yield from training_loop(request, Line(), batches, publish=publish)


@hookimpl
def generate(request: GenerateRequest) -> Iterator[Event]:
    """Say how many numbers there are in it."""
    yield Candidate(Text("a line"), seed=request.seed)

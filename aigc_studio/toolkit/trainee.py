"""What is trained: the one protocol a plugin fulfils, and a class that does most of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from aigc_studio.toolkit import abreast, distributed
from aigc_studio.toolkit.average import Average


@dataclass(frozen=True)
class Moment:
    """Where a training stands: `step` from 0 (of `total` as planned now), `progress` 0 to 1.

    `generator` is a random generator for this step alone, on the CPU; torch's own generators are
    seeded for the step as well. Schedules go by `progress`, which has no jumps when a plan changes.
    """

    step: int
    total: int
    progress: float
    generator: torch.Generator

    def sources(self, parts: int) -> list[torch.Generator | None]:
        """What draws at random in each of a loss's parts, which may run side by side: generators of
        their own; None, for torch's own, where there is one part."""
        if parts == 1:
            return [None]
        seeds = torch.randint(2**62, (parts,), generator=self.generator).tolist()
        return [torch.Generator().manual_seed(seed) for seed in seeds]


class Trainee(Protocol):
    """Nets, optimisers, averages: whatever learns. It is deep-copied for the calibration."""

    def step(self, batch: Any, moment: Moment) -> Mapping[str, float]:
        """Learn from one batch; return the losses, which must be finite.

        Where there are other numbers among them, an attribute `losses` names those that are losses;
        only they are watched for a collapse. Without it all are, but for counters.
        """

    def tensors(self) -> dict[str, Tensor]:
        """All that the next step depends on, by name: weights, moments, averages, carried states.

        The tensors may be those in use: the loop copies them.
        """

    def restore(self, tensors: Mapping[str, Tensor]) -> None:
        """Put back what `tensors` gave; the next step is then the same to the bit."""


class Learner:
    """A `Trainee` but for `step`: named nets, optimisers and averages, with all of their state.

    Subclass it, write `step`, and call `descend` for each loss in it.
    """

    def __init__(
        self,
        networks: Mapping[str, nn.Module],
        optimisers: Mapping[str, torch.optim.Optimizer],
        averages: Mapping[str, Average[Any]] | None = None,
    ) -> None:
        self.networks, self.optimisers = dict(networks), dict(optimisers)
        self.averages = dict(averages or {})
        self._rates = {
            name: [group["lr"] for group in optimiser.param_groups]
            for name, optimiser in self.optimisers.items()
        }

    def descend(
        self,
        optimisers: str | Sequence[str],
        loss: Tensor,
        *,
        rate: float = 1.0,
        clip: float | None = None,
    ) -> float:
        """One step of the named optimiser, or of several, down this loss; returns the loss.

        `rate` multiplies the learning rates that the optimisers were made with. Gradients are
        averaged over the processes, then clipped to the norm `clip`, each optimiser's by itself.
        """
        names = [optimisers] if isinstance(optimisers, str) else list(optimisers)
        found = self.differentiate(names, [lambda: loss])
        for name in names:
            self.take_step(name, rate=rate, clip=clip)
        return found

    def differentiate(
        self, optimisers: Sequence[str], losses: Sequence[Callable[[], Tensor]]
    ) -> float:
        """The first half of `descend`: gradients for the named optimisers; returns the loss.

        `losses` make the parts of the loss, which is their sum. They run side by side, each on a
        thread of its own: such as the parts of a `Window`. What is drawn at random in one of
        several must come from a generator of its own.
        """
        parameters = [p for name in optimisers for p in self._parameters(name)]
        return float(abreast.differentiate(losses, parameters))

    def take_step(self, name: str, *, rate: float = 1.0, clip: float | None = None) -> None:
        """The second half of `descend`: an optimiser steps by the gradients that are there."""
        chosen, parameters = self.optimisers[name], self._parameters(name)
        distributed.average_gradients(parameters)
        if clip is not None:
            nn.utils.clip_grad_norm_(parameters, clip)
        for group, base in zip(chosen.param_groups, self._rates[name], strict=True):
            group["lr"] = base * rate
        chosen.step()

    def _parameters(self, name: str) -> list[Tensor]:
        return [p for group in self.optimisers[name].param_groups for p in group["params"]]

    def tensors(self) -> dict[str, Tensor]:
        """Weights, buffers, averages and the optimisers' moments."""
        found = {
            f"{kind}/{name}/{key}": tensor
            for kind, networks in self._modules().items()
            for name, network in networks.items()
            for key, tensor in network.state_dict().items()
        }
        for name, optimiser in self.optimisers.items():
            for index, moments in optimiser.state_dict()["state"].items():
                for key, value in moments.items():
                    if value is None:
                        continue
                    found[f"optimiser/{name}/{index}/{key}"] = torch.as_tensor(value)
        return found

    def restore(self, tensors: Mapping[str, Tensor]) -> None:
        """Put back what `tensors` gave. Raises KeyError or RuntimeError for those of other nets."""
        for kind, networks in self._modules().items():
            for name, network in networks.items():
                prefix = f"{kind}/{name}/"
                network.load_state_dict(_below(tensors, prefix))
        for name, optimiser in self.optimisers.items():
            moments: dict[int, dict[str, Tensor]] = {}
            for key, tensor in _below(tensors, f"optimiser/{name}/").items():
                index, part = key.split("/", 1)
                moments.setdefault(int(index), {})[part] = tensor.clone()
            groups = optimiser.state_dict()["param_groups"]
            optimiser.load_state_dict({"state": moments, "param_groups": groups})

    def _modules(self) -> dict[str, dict[str, nn.Module]]:
        averages = {name: average.network for name, average in self.averages.items()}
        return {"network": self.networks, "average": averages}


def _below(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {key[len(prefix) :]: value for key, value in tensors.items() if key.startswith(prefix)}

"""What a plugin brings to the training loop: what learns, from what, and how it is judged."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Literal, Protocol, TypeVar

from aigc_studio.api import Artifact, Event, Preview
from aigc_studio.toolkit.trainee import Trainee

CLEAR = 0.01
"""A metric that has changed by less, as a part of what it was, tells nothing of what was learnt."""

_Learning = TypeVar("_Learning", bound=Trainee)


class BatchSource(Protocol):
    """Where batches come from: `Batches`, or what else gives one batch for one step, always."""

    size: int

    def at(self, step: int) -> Any:
        """This process's share of the batch of a step."""


@dataclass(frozen=True)
class Best:
    """By which metric of `evaluate` the best model is told: the `lowest` or the `highest` value.
    Until that has changed by a hundredth since it was first measured it tells nothing, and the
    newest model is the best.

    The training ends early when for `patience` (a part of it, 0 to 1) no model was better than the
    best; 1 never does.
    """

    metric: str
    wanted: Literal["lowest", "highest"] = "lowest"
    patience: float = 1.0

    def is_better(self, value: float, than: float | None) -> bool:
        """Whether `value` is better than the best so far (None: there is none yet)."""
        if than is None:
            return True
        return value < than if self.wanted == "lowest" else value > than


Evaluation = Mapping[str, float] | Generator[Event, None, Mapping[str, float]]
"""Metrics by name, or a generator that yields Progress while it measures and returns them."""


@dataclass(frozen=True)
class Recipe(Generic[_Learning]):
    """All of it; see `training_loop`, which takes the same one by one."""

    trainee: _Learning
    batches: BatchSource
    publish: Callable[[_Learning, Path], Mapping[str, Any]]
    sample: Callable[[_Learning], Artifact | Preview] | None = None
    evaluate: Callable[[_Learning], Evaluation] | None = None
    best: Best | None = None
    previews: int = 24
    evaluations: int = 4

"""The training loop: a generator of events that plans, learns, measures, and can be killed.

A `yield` is where pause, stop and cancel take effect. What it leaves in `request.folder`:
`plan.jsonl`, `metrics.jsonl`, `resume.safetensors` and `models/step-…/`. Random numbers, the order
of the data and the schedules depend on seed and step only, so that a run which was killed and
resumed equals one that was not, to the last bit, on one machine with one number of threads.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Literal, Protocol, TypeVar

from aigc_studio.api import Artifact, Event, Preview, TrainRequest
from aigc_studio.toolkit.trainee import Trainee

_Learning = TypeVar("_Learning", bound=Trainee)
_T = TypeVar("_T", covariant=True)


class BatchSource(Protocol):
    """Where batches come from: `Batches`, or what else gives one batch for one step, always."""

    size: int

    def at(self, step: int) -> Any:
        """This process's share of the batch of a step."""


@dataclass(frozen=True)
class Best:
    """By which metric of `evaluate` the best model is told: the `lowest` or the `highest` value.

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
    """What a plugin brings to the loop; see `training_loop`."""

    trainee: _Learning
    batches: BatchSource
    publish: Callable[[_Learning, Path], Mapping[str, Any]]
    sample: Callable[[_Learning], Artifact | Preview] | None = None
    evaluate: Callable[[_Learning], Evaluation] | None = None
    best: Best | None = None
    previews: int = 24
    evaluations: int = 4


def training_loop(
    request: TrainRequest,
    trainee: _Learning,
    batches: BatchSource,
    *,
    publish: Callable[[_Learning, Path], Mapping[str, Any]],
    sample: Callable[[_Learning], Artifact | Preview] | None = None,
    evaluate: Callable[[_Learning], Evaluation] | None = None,
    best: Best | None = None,
    previews: int = 24,
    evaluations: int = 4,
) -> Iterator[Event]:
    """Train for `request.steps` or `request.minutes`; yield what is learned and what it is worth.

    - `publish(trainee, folder)` writes a complete model into the empty `folder`
      (`weights.safetensors` and what else it needs) and returns what its card says.
    - `sample(trainee)` draws a look at what is learned, from a seed of its own; shown some
      `previews` times, more often at first.
    - `evaluate(trainee)` measures, `evaluations` times, the last time at the end.
    - `best` names the metric that tells the best model; without it the newest is the best.

    With `request.resume` it goes on from what it left in `request.folder`. Closing it (stop,
    cancel, end of file) writes a checkpoint to resume from. Time paused does not count. Under
    torch.distributed, process 0 writes and yields; the others must be run through as well.
    Raises GeneratorError when a loss is not a number or the memory does not suffice.
    """
    from aigc_studio.toolkit.run import TrainingRun

    recipe = Recipe(trainee, batches, publish, sample, evaluate, best, previews, evaluations)
    return TrainingRun(request, recipe).events()

"""The training loop: a generator of events that plans, learns, measures, and can be killed.

A `yield` is where pause, stop and cancel take effect. What it leaves in `request.folder`:
`plan.jsonl`, `metrics.jsonl`, `resume.safetensors` and `models/step-…/`. Random numbers, the order
of the data and the schedules depend on seed and step only, so that a run which was killed and
resumed equals one that was not, to the last bit, on one machine with one number of threads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from aigc_studio.api import Artifact, Event, Preview, TrainRequest
from aigc_studio.toolkit.recipe import BatchSource, Best, Evaluation, Recipe
from aigc_studio.toolkit.trainee import Trainee

_Learning = TypeVar("_Learning", bound=Trainee)


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

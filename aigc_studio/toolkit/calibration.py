"""How long a step takes, found out on a copy that is thrown away."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from aigc_studio.toolkit import distributed
from aigc_studio.toolkit.plan import Stage

_WARMING_STEPS = 2
_FEWEST_STEPS = 4
_LONGEST = 4.0
_PART_OF_BUDGET = 0.05
_PREVIEW_PART = 0.05
_SPARE = 1.02  # checkpoints and metrics take a little too


@dataclass
class Calibration:
    """What was measured: seconds for a step and for a preview."""

    seconds_per_step: float = 0.0
    seconds_per_preview: float = 0.0


def calibrate(
    trainee: Any,
    step: Callable[[Any, int], object],
    sample: Callable[[Any], object] | None,
    budget: float,
) -> Iterator[Calibration]:
    """Take real steps with a deep copy of `trainee`; yield after each what is known so far.

    `step(copy, n)` takes step n. `budget` is in seconds, of which at most a twentieth is used (but
    for four steps at least). The given trainee is not touched.
    """
    found = Calibration()
    double = copy.deepcopy(trainee)
    for number in range(_WARMING_STEPS):
        step(double, number)
        yield found
    taken, spent = 0, 0.0
    longest = min(_LONGEST, budget * _PART_OF_BUDGET)
    while distributed.agree(float(taken < _FEWEST_STEPS or spent < longest)):
        started = time.perf_counter()
        step(double, _WARMING_STEPS + taken)
        spent += time.perf_counter() - started
        taken += 1
        found.seconds_per_step = spent / taken
        yield found
    if sample is not None and distributed.rank() == 0:
        started = time.perf_counter()
        sample(double)
        found.seconds_per_preview = time.perf_counter() - started
    yield found


def first_stage(found: Calibration, left: float, previews: int) -> Stage:
    """The plan for `left` seconds; previews are thinned out so as to take a twentieth at most."""
    if found.seconds_per_preview > 0:
        affordable = int(left * _PREVIEW_PART / found.seconds_per_preview)
        previews = max(2, min(previews, affordable))
    for_steps = left - previews * found.seconds_per_preview
    total = max(1, int(for_steps / max(found.seconds_per_step * _SPARE, 1e-9)))
    total = int(distributed.agree(float(total)))
    previews = int(distributed.agree(float(previews)))
    return Stage(0, total, 0.0, previews, "calibrated", found.seconds_per_step)

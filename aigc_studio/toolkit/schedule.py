"""Schedules: factors from 0 to 1 that depend on the step and the plan, never on the clock."""

from __future__ import annotations

import math
from typing import Literal


def warm_up_and_decay(
    step: int,
    progress: float,
    *,
    warm_up: int = 0,
    flat: float = 0.0,
    floor: float = 0.0,
    shape: Literal["cosine", "linear"] = "cosine",
) -> float:
    """A factor for the learning rate: up over `warm_up` steps, flat, then down to `floor`.

    `progress` (0 to 1) is `Moment.progress`; the fall starts when it passes `flat` (0 to 1) and
    ends with the training. Both parts multiply, so a short training still falls to the floor.
    """
    rise = min(1.0, (step + 1) / warm_up) if warm_up > 0 else 1.0
    fallen = min(max((progress - flat) / max(1.0 - flat, 1e-9), 0.0), 1.0)
    left = 0.5 * (1.0 + math.cos(math.pi * fallen)) if shape == "cosine" else 1.0 - fallen
    return rise * (floor + (1.0 - floor) * left)

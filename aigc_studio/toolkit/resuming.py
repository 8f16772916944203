"""Taking up an interrupted training from what is whole of what it left."""

from __future__ import annotations

import contextlib
from pathlib import Path

from aigc_studio.api import StudioError
from aigc_studio.toolkit import failures
from aigc_studio.toolkit.checkpoints import ResumeFile, State
from aigc_studio.toolkit.plan import Plan
from aigc_studio.toolkit.trainee import Trainee
from aigc_studio.translation import _


def take_up(file: ResumeFile, trainee: Trainee) -> tuple[State | None, str]:
    """Put the newest saved state that is whole back into `trainee`.

    Gives what else it says (None: nothing was saved), and the name of a damaged one that was passed
    over. Raises GeneratorError when all are damaged, StudioError when it is of other nets.
    """
    damaged = ""
    for path in file.generations():
        try:
            tensors, state = file.read(path)
        except (StudioError, ValueError):
            damaged = damaged or path.name
            continue
        try:
            trainee.restore(tensors)
        except Exception as error:  # whatever a plugin's restore meets in tensors of others
            raise StudioError(
                _("The interrupted training does not fit these parameters: start it again.")
            ) from error
        return state, damaged
    if damaged:
        raise failures.state_lost(damaged)
    return None, ""


def read_plan(path: Path, kept: State | None) -> tuple[Plan, bool]:
    """The plan as it was logged, or else as the saved state has it; whether it was damaged."""
    try:
        plan = Plan.read(path)
        damaged = kept is not None and not plan.stages
    except StudioError:
        plan, damaged = Plan(), True
    if damaged and kept is not None:
        with contextlib.suppress(ValueError):
            plan = Plan.of(kept.get("plan", []))
    return plan, damaged

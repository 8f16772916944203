"""The model and the data that the measurements work with: speed does not ask how good they are."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from surroundings import environment, run_script

if TYPE_CHECKING:
    from aigc_studio.api import Dataset
    from aigc_studio.jobs import Job, TrainingJob
    from aigc_studio.library import Training
    from aigc_studio.ui.window import StudioWindow

GENERATOR = "gan-digits"
DATASET = "drawn for measuring"
MODEL = "for measuring"
STEPS = 3000
"""Of a training that others are measured beside: figures and samples come as often as usual."""
_FEW = 30


def write_data(home: Path, count: int = 1000) -> Dataset:
    """Pictures of 28x28 pixels with ten labels, as the library keeps them."""
    from aigc_studio.api import Dataset
    from aigc_studio.testing import draw, write_dataset

    folder = home / "data" / "datasets" / DATASET
    if not folder.is_dir():
        pictures, _labels = draw("image", count)
        # Not n % 10: every tenth example is held out.
        write_dataset(folder, pictures, [str(n // 10 % 10) for n in range(count)])
    return Dataset(folder)


def find_model(home: Path) -> str:
    """The name of a model of the digits: the one that comes with the studio, or one made now."""
    from aigc_studio.library import ModelStore

    shipped = [each.name for each in ModelStore().list(GENERATOR)]
    if shipped:
        return shipped[0]
    write_data(home)
    words = [sys.executable, "-m", "aigc_studio", "train", GENERATOR, "--json", "--out", MODEL]
    run_script([*words, "--data", DATASET, "--steps", str(_FEW)], environment(home))
    return MODEL


def new_training(home: Path, **parameters: Any) -> Training:
    """A training as a person starts it, longer than any measurement; nothing runs yet."""
    from aigc_studio.library import NewTraining, TrainingStore

    return TrainingStore().create(
        NewTraining(
            GENERATOR, write_data(home), name="under way", steps=STEPS, parameters=parameters
        )
    )


def started(window: StudioWindow, home: Path, **parameters: Any) -> TrainingJob:
    """Such a training under way in the window."""
    job = window.trainings.start(new_training(home, **parameters))
    if job is None:
        raise SystemExit("the window did not start the training")
    return job


def at_its_steps(job: Job) -> bool:
    """Whether a training has left its preparations behind."""
    return job.progress is not None and job.progress.total == STEPS and job.progress.step >= 3

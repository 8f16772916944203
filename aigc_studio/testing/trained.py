"""The kit's ordinary training, done and kept as the library does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from aigc_studio.api.errors import StudioError
from aigc_studio.api.events import Checkpoint, Event
from aigc_studio.api.models import is_model
from aigc_studio.api.requests import TrainRequest
from aigc_studio.library import ModelStore, NewTraining, Training, TrainingStore
from aigc_studio.testing.report import Violation
from aigc_studio.translation import _


@dataclass(frozen=True)
class Trained:
    """What was asked, what came of it, and the folder of the model that the library made of it."""

    request: TrainRequest
    events: list[Event]
    model: Path


def train(
    new: NewTraining,
    folder: Callable[[str], Path],
    run: Callable[[TrainRequest], list[Event]],
) -> Trained:
    """Train in a fresh worker, which `run` does, and make a model of the best checkpoint.

    `folder` gives a new one by a name. Raises `Violation` when that fails, or there is no model.
    """
    training = TrainingStore(folder("训练")).create(new)
    try:
        request = training.request()
        events = run(request)
        if not any(isinstance(event, Checkpoint) for event in events):
            told = _("train() ended without a Checkpoint: there is nothing to keep.")
            raise Violation(told, cause=told)
        return Trained(request, events, _keep(training, events, folder("模型")))
    finally:
        training.release()


def _keep(training: Training, events: list[Event], folder: Path) -> Path:
    """Note the checkpoints, make a model, send it and take it in again."""
    store = ModelStore(folder / "models", folder / "none")
    try:
        for event in events:
            if isinstance(event, Checkpoint) and is_model(event.path):
                training.note_checkpoint(event)
        made = training.publish(store)
        if made is None:
            raise StudioError(_("A checkpoint that it reported is gone when it ended."))
        back = store.import_file(store.export(made.name, folder / "sent"), "back")
        if back.digest != made.digest:
            raise StudioError(_("Its model is another one after it was exported and imported."))
    except StudioError as error:
        sentence = _("The library cannot keep its model: {problem}")
        told = sentence.format(problem=error)
        raise Violation(told, cause=told) from error
    return made.folder

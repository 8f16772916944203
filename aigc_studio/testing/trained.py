"""The kit's ordinary training, done and kept as the library does it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aigc_studio.api.errors import StudioError
from aigc_studio.api.events import Checkpoint, Event
from aigc_studio.api.models import is_model
from aigc_studio.api.requests import TrainRequest
from aigc_studio.library import ModelStore, TrainingStore
from aigc_studio.library.training import Training
from aigc_studio.testing.report import Violation
from aigc_studio.translation import _
from aigc_studio.wire.parameters import in_effect

if TYPE_CHECKING:
    from aigc_studio.testing.bench import Bench


@dataclass(frozen=True)
class Trained:
    """What was asked, what came of it, and the folder of the model that the library made of it."""

    request: TrainRequest
    events: list[Event]
    model: Path


def train(bench: Bench) -> Trained:
    """Train for the bench's steps in a fresh worker, and make a model of the best checkpoint.

    Raises `Violation` when that fails, or there is no model.
    """
    about, operation = bench.about, bench.operations("train")[0]
    training = TrainingStore(bench.folder("训练")).create(
        about.id,
        bench.dataset(),
        name="kit",
        steps=bench.steps,
        operation=operation.id,
        parameters=in_effect(operation.schema, bench.parameters),
        seed=1,
        versions={about.id: about.version},
    )
    try:
        request = training.request()
        events = bench.events("train", request, fresh=True)
        if not any(isinstance(event, Checkpoint) for event in events):
            told = _("train() ended without a Checkpoint: there is nothing to keep.")
            raise Violation(told, cause=told)
        return Trained(request, events, _keep(bench, training, events))
    finally:
        training.release()


def _keep(bench: Bench, training: Training, events: list[Event]) -> Path:
    """Note the checkpoints, make a model, send it and take it in again."""
    folder = bench.folder("模型")
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

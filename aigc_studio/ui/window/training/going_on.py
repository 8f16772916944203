"""A training that goes on from a model: the same data, the same parameters, some minutes more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aigc_studio.library.cards import count, part, words
from aigc_studio.ui.training.done_card import MORE_MINUTES

if TYPE_CHECKING:
    from aigc_studio.api import Operation
    from aigc_studio.library.model_info import ModelInfo
    from aigc_studio.library.trainings import Training
    from aigc_studio.ui.studio import Studio


def go_on(studio: Studio, model: ModelInfo) -> Training:
    """A training from this model on, as its card says that it was made; not on the UI thread.

    Raises `StudioError` when its data or its generator is not here.
    """
    from aigc_studio.library.new_trainings import NewTraining

    card = model.card
    record = studio.record(model.generator)
    description = record.description
    found = description.of_verb("train") if description is not None else ()
    operation = next((each for each in found if each.id == words(card, "operation")), found[0])
    return studio.training_store.create(
        NewTraining(
            model.generator,
            studio.dataset_store.open(words(part(card, "data"), "name")),
            name=studio.model_store.free_name(model.name),
            minutes=MORE_MINUTES,
            operation=operation.id,
            parameters=_parameters(part(card, "parameters"), operation),
            seed=count(card, "seed") or 0,
            model=model,
            versions={model.generator: description.version} if description is not None else {},
            distribution=record.source.distribution,
            measures=description.metrics if description is not None else {},
        )
    )


def _parameters(told: Any, operation: Operation) -> dict[str, Any]:
    """Those of the card that the operation has, a plugin may write others there; and the defaults
    of what it has now and had not when the model was trained."""
    from aigc_studio.wire.parameters import in_effect

    known = operation.schema.get("properties", {})
    given = {name: value for name, value in told.items() if name in known}
    return in_effect(operation.schema, given)

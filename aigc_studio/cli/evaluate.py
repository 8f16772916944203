"""`aigc-studio evaluate`: how good a model is on examples that it has not seen."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from aigc_studio.api import Dataset, EvaluateRequest, Metric, StudioError
from aigc_studio.cli import asking, model_choice, results
from aigc_studio.cli.cards import tell_measures
from aigc_studio.cli.console import Console
from aigc_studio.cli.train import find_data
from aigc_studio.translation import _, language, ngettext

if TYPE_CHECKING:
    from aigc_studio.library import ModelInfo


def run(arguments: argparse.Namespace) -> None:
    """Measure and print. Raises `StudioError`."""
    from aigc_studio.host.run import RunError, RunFailed

    console = Console(as_json=arguments.json)
    model = model_choice.named_model(model_choice.open_models(), arguments.model)
    record = asking.find_generator(model.generator)
    operation = asking.find_operation(asking.describe(record), "evaluate", arguments.operation)
    parameters = asking.parse_parameters(operation, arguments)
    name = arguments.data or _own_data(model)
    dataset = find_data(name, record, split="test", console=console)
    _check_unseen(model, dataset)
    with results.scratch_folder() as folder:
        request = EvaluateRequest(
            operation=operation.id,
            parameters=parameters,
            seed=arguments.seed,
            model=model.folder,
            dataset=dataset,
            folder=folder,
            language=language(),
        )
        metrics = {
            event.name: event.value
            for event in asking.events(record, "evaluate", request, console)
            if isinstance(event, Metric)
        }
    if not metrics:
        sentence = _("The plugin {name} measured nothing.")
        raise RunFailed(RunError(sentence.format(name=record.title)))
    told = model_choice.model_document(model)
    console.document({"metrics": metrics, "examples": len(dataset), "model": told})
    sentence = ngettext(
        "On {count} example that the model {name} has not seen:",
        "On {count} examples that the model {name} has not seen:",
        len(dataset),
    )
    console.say(sentence.format(count=len(dataset), name=model.name))
    tell_measures(metrics, console)


def _own_data(model: ModelInfo) -> str:
    """The dataset here that the model was trained on, else the pack to fetch it from."""
    from aigc_studio.library import DatasetStore

    told = model.card.get("data") or {}
    for info in DatasetStore().list():
        if info.fingerprint == told.get("fingerprint"):
            return info.name
    return str(told.get("pack") or told.get("name") or "")


def _check_unseen(model: ModelInfo, dataset: Dataset) -> None:
    """Raise `StudioError` when what is held out now may have been trained on.

    The split is kept with a dataset, and its fingerprint tells whether it is the one of then.
    """
    told = model.card.get("data") or {}
    before = told.get("before")
    for data in (told, *(before if isinstance(before, list) else ())):
        if not isinstance(data, dict):
            continue  # a card of another's making
        same = data.get("name") == dataset.name or (
            data.get("pack") and data.get("pack") == dataset.about.get("pack")
        )
        if same and data.get("fingerprint") not in (None, dataset.fingerprint):
            sentence = _(
                "The dataset {name} has changed since the model {model} was trained on it, so what "
                "is held out now may be what it has seen. Train again, or take other data."
            )
            raise StudioError(sentence.format(name=dataset.name, model=model.name))

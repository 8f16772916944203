"""`aigc-studio evaluate`: how good a model is on examples that it has not seen."""

from __future__ import annotations

import argparse

from aigc_studio.api import EvaluateRequest, Metric
from aigc_studio.cli import asking, results
from aigc_studio.cli.console import Console
from aigc_studio.cli.train import find_data
from aigc_studio.translation import _, language


def run(arguments: argparse.Namespace) -> None:
    """Measure and print. Raises `StudioError`."""
    from aigc_studio.library import ModelStore

    console = Console(as_json=arguments.json)
    model = ModelStore().find(arguments.model)
    record = asking.find_generator(model.generator)
    asking.find_operation(asking.describe(record), "evaluate", "")
    name = arguments.data or str(model.card.get("data", {}).get("name", ""))
    dataset = find_data(name, record, split="test", console=console)
    with results.scratch_folder() as folder:
        request = EvaluateRequest(
            operation="evaluate",
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
    console.document({"metrics": metrics, "examples": len(dataset)})
    console.say(_("{count} examples that the model has not seen:").format(count=len(dataset)))
    console.table((_("measure"), _("value")), [(k, f"{v:.4g}") for k, v in metrics.items()])

"""`aigc-studio evaluate`: how good a model is on examples that it has not seen.

Training measures its new model the same way, briefly.
"""

from __future__ import annotations

import argparse
import threading
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from aigc_studio.api import EvaluateRequest, Metric, Preview, StudioError
from aigc_studio.cli import asking, choosing, model_choice, results
from aigc_studio.cli.cards import tell_measures
from aigc_studio.cli.console import Console
from aigc_studio.cli.data_choice import find_data
from aigc_studio.library import evaluation
from aigc_studio.library.cards import part, words
from aigc_studio.translation import _, in_a_row, language, localized, ngettext

if TYPE_CHECKING:
    from aigc_studio.api import Dataset
    from aigc_studio.host import PluginRecord
    from aigc_studio.library import ModelInfo, ModelStore


@dataclass(frozen=True)
class Measured:
    """What came of it: the `model` as it is kept now, its `metrics`, and on what they were taken.
    `error` says why they are not kept in its card; empty when they are."""

    model: ModelInfo
    metrics: dict[str, float]
    unseen: evaluation.Unseen
    error: str = ""

    def document(self) -> dict[str, Any]:
        """What `--json` says of it."""
        return {
            "metrics": self.metrics,
            "examples": len(self.unseen.dataset),
            "left_out": self.unseen.trained_on,
            "dataset": self.unseen.dataset.name,
            **({"shown": str(self.model.shown)} if self.model.shown and not self.error else {}),
        }


def run(arguments: argparse.Namespace) -> None:
    """Measure, keep it in the card, and print. Raises `StudioError`."""
    console = Console(as_json=arguments.json)
    models = model_choice.open_models()
    if not arguments.model:
        raise StudioError(_("Name the model to measure: see aigc-studio models list."))
    model = model_choice.named_model(models, arguments.model)
    record = choosing.chosen(arguments, model.generator)
    operation = asking.find_operation(asking.describe(record), "evaluate", arguments.operation)
    parameters = asking.parse_parameters(operation, arguments)
    dataset = find_data(arguments.data or _own_data(model), record, split="test", console=console)
    unseen = _unseen(model, dataset, record)
    request = evaluation.request_for(
        model, unseen, operation, parameters=parameters, seed=arguments.seed, language=language()
    )
    measured = _measure(record, model, models, unseen, request, console)
    console.document(measured.document() | {"model": model_choice.model_document(measured.model)})
    tell(measured, record, console)


def briefly(
    record: PluginRecord, model: ModelInfo, models: ModelStore, threads: int, console: Console
) -> Measured | None:
    """Measure a model that was just trained on its own data, as far as that takes no long time.

    None where that cannot be done; why is said, and it is no error: the model is there.
    """
    from aigc_studio.library import DatasetStore

    about = asking.describe(record)
    if "evaluate" not in about.verbs:
        return None
    try:
        operation = evaluation.check_plugin(model, about)
        store = DatasetStore()
        own = evaluation.own_data(model, store.list())
        if own is None:
            return None
        unseen = _unseen(model, store.open(own.name, "test"), record, evaluation.BRIEF_EXAMPLES)
        more = {"threads": threads, "language": language()}
        request = evaluation.request_for(model, unseen, operation, **more)
        console.note(
            _("Measuring the model {name}. Ctrl+C leaves that out.").format(name=model.name)
        )
        return _measure(record, model, models, unseen, request, console, brief=True)
    except KeyboardInterrupt:
        console.note(_("The model {name} was not measured.").format(name=model.name))
    except StudioError as error:
        told = _("The model {name} was not measured.").format(name=model.name)
        console.note(in_a_row([told, str(error)]))
    return None


def tell(measured: Measured, record: PluginRecord, console: Console) -> None:
    """Print what was measured for a person."""
    count = len(measured.unseen.dataset)
    sentence = ngettext(
        "On {count} example that the model {name} has not seen:",
        "On {count} examples that the model {name} has not seen:",
        count,
    )
    console.say(sentence.format(count=count, name=measured.model.name))
    own = asking.describe(record).metrics
    tell_measures(measured.metrics, console, measured.model.card, own)
    if measured.model.shown is not None and not measured.error:
        title = localized(part(measured.model.card, "evaluation").get("shown", ""))
        console.say(
            _("{title}: {value}").format(title=title or _("To look at"), value=measured.model.shown)
        )
    for remark in (measured.unseen.remark(), measured.error):
        if remark:
            console.note(remark)


def _measure(
    record: PluginRecord,
    model: ModelInfo,
    models: ModelStore,
    unseen: evaluation.Unseen,
    request: EvaluateRequest,
    console: Console,
    *,
    brief: bool = False,
) -> Measured:
    """Ask the plugin, and keep what it found. Raises `StudioError` when it found nothing."""
    from aigc_studio.host.run_errors import RunError, RunFailed

    with results.scratch_folder() as folder:
        asked = replace(request, folder=folder)
        metrics, shown = _ask(record, asked, console, brief=brief)
    if not metrics:
        sentence = _("The plugin {name} measured nothing.")
        raise RunFailed(RunError(sentence.format(name=record.title)))
    error = ""
    try:
        own = asking.describe(record).metrics
        model = models.note_metrics(model, metrics, unseen.about(), own, shown)
    except StudioError as failure:  # it is told all the same
        error = str(failure)
    return Measured(model, metrics, unseen, error)


def _ask(
    record: PluginRecord, request: EvaluateRequest, console: Console, *, brief: bool
) -> tuple[dict[str, float], Preview | None]:
    """The metrics that the plugin gives, those of the first minute if it is to be `brief`; and what
    it showed last."""
    metrics: dict[str, float] = {}
    shown: Preview | None = None
    began = time.monotonic()
    with asking.running(record, "evaluate", request, console) as run:
        late = threading.Timer(evaluation.PATIENT_SECONDS, run.stop)
        late.daemon = True
        if brief:
            late.start()
        try:
            for event in run.events():
                console.event(event)
                if isinstance(event, Metric):
                    metrics[event.name] = event.value
                elif isinstance(event, Preview):
                    shown = event
                if brief and metrics and time.monotonic() - began > evaluation.BRIEF_SECONDS:
                    run.stop()
        finally:
            late.cancel()
    console.end_progress()
    return metrics, shown


def _unseen(
    model: ModelInfo, dataset: Dataset, record: PluginRecord, most: int | None = None
) -> evaluation.Unseen:
    from aigc_studio.library import DatasetStore

    medium = str(asking.describe(record).medium)
    return evaluation.find_unseen(model, dataset, DatasetStore(), medium, most)


def _own_data(model: ModelInfo) -> str:
    """The dataset here that the model was trained on, else the pack to fetch it from."""
    from aigc_studio.library import DatasetStore

    own = evaluation.own_data(model, DatasetStore().list())
    told = part(model.card, "data")
    return own.name if own is not None else words(told, "pack") or words(told, "name")

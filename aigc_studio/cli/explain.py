"""`aigc-studio evaluate GENERATOR --input FILE`: what a generator has to say of a file's parts."""

from __future__ import annotations

import argparse
from contextlib import closing
from typing import TYPE_CHECKING, Any

from aigc_studio.api import (
    Annotation,
    Artifact,
    Bars,
    EvaluateRequest,
    Mask,
    Message,
    Metric,
    Operation,
    StudioError,
    Text,
)
from aigc_studio.api.selections import Span
from aigc_studio.cli import asking, choosing, evaluate, model_choice, results
from aigc_studio.cli.cards import tell_measures
from aigc_studio.cli.console import Console
from aigc_studio.cli.failures import error_document
from aigc_studio.cli.inputs import read_input
from aigc_studio.translation import _, in_a_row, language, localized

if TYPE_CHECKING:
    from aigc_studio.api import Dataset
    from aigc_studio.host import PluginRecord
    from aigc_studio.library import ModelInfo
    from aigc_studio.library.evaluation import DataMissing
    from aigc_studio.library.measures import Own

LONGEST = 24
"""Letters of a part that are shown in the table."""


def run(arguments: argparse.Namespace) -> None:
    """Measure a model, or explain a file where one is given. Raises `StudioError`."""
    if arguments.input is not None:
        explain(arguments)
    elif arguments.with_model:
        raise StudioError(_("--model goes with --input FILE: without it, name the model alone."))
    else:
        evaluate.run(arguments)


def explain(arguments: argparse.Namespace) -> None:
    """Read the file, ask the generator, print what it says of each part. Raises `StudioError`."""
    console = Console(as_json=arguments.json)
    record, model = _who(arguments)
    operation = _operation(record, arguments.operation)
    if arguments.data and operation.data == "none":
        raise StudioError(_("--input and --data do not go together: leave one of them out."))
    parameters = asking.parse_parameters(operation, arguments)
    artifact = _read(arguments, record, console)
    dataset = _data(arguments, operation, record, model, console)
    model = None if operation.model == "none" else model
    with results.scratch_folder() as folder:
        request = EvaluateRequest(
            operation=operation.id,
            parameters=parameters,
            seed=arguments.seed,
            model=model.folder if model else None,
            folder=folder,
            language=language(),
            artifact=artifact,
            dataset=dataset,
        )
        named = arguments.with_model or (model and arguments.model == model.name)
        model_choice.tell_model(model, "named" if named else "", console)
        events = asking.events(record, "evaluate", request, console)
        own = asking.describe(record).metrics
        with _Told(console, arguments, artifact, model, own) as told, closing(events):
            for event in events:
                if isinstance(event, Annotation):
                    told.add(event)
                elif isinstance(event, Metric):
                    told.metrics[event.name] = event.value
                elif isinstance(event, Message):
                    told.words.append(localized(event.text))
    if not told.count and not told.metrics and not told.words:
        sentence = _("The plugin {name} has nothing to say about this.")
        console.note(sentence.format(name=record.title))


def _who(arguments: argparse.Namespace) -> tuple[PluginRecord, ModelInfo | None]:
    """The generator that is named, or that of the model that is, and the model to ask."""
    try:
        record = choosing.chosen(arguments, arguments.model)
    except StudioError as unknown:
        try:
            model = model_choice.named_model(model_choice.open_models(), arguments.model)
        except StudioError:
            raise unknown from None
        return choosing.chosen(arguments, model.generator), model
    return record, model_choice.find_model(record, arguments.with_model)


def _operation(record: PluginRecord, key: str) -> Operation:
    """The operation that is named, or the first that explains an item. Raises `StudioError`."""
    description = asking.describe(record)
    operation = asking.find_operation(description, "evaluate", key)
    explaining = [each for each in description.of_verb("evaluate") if each.artifacts]
    if key or not explaining:
        explaining = [operation] if operation.artifacts else []
    if not explaining:
        sentence = _(
            "“{title}” of {generator} explains no item, it measures on a dataset: name one with "
            "--data instead of --input."
        )
        title, generator = localized(operation.title), localized(description.title)
        raise StudioError(sentence.format(title=title, generator=generator))
    return explaining[0]


def _read(arguments: argparse.Namespace, record: PluginRecord, console: Console) -> Artifact:
    medium: Any = asking.describe(record).medium
    return read_input(arguments.input, medium, arguments, console)


def _data(
    arguments: argparse.Namespace,
    operation: Operation,
    record: PluginRecord,
    model: ModelInfo | None,
    console: Console,
) -> Dataset | None:
    """What the model learnt from, or the data that is named, where the operation looks into it.

    Raises `StudioError`.
    """
    if operation.data == "none":
        return None
    from aigc_studio.library import DatasetStore, evaluation

    if arguments.data:
        from aigc_studio.cli.data_choice import find_data

        return find_data(arguments.data, record, split="train", console=console)
    try:
        dataset, remark = evaluation.learnt_data(operation, model, DatasetStore())
    except evaluation.DataMissing as error:
        raise _with_command(error) from error
    if remark:
        console.note(remark)
    return dataset


def _with_command(missing: DataMissing) -> StudioError:
    """With the line that fetches the pack: here is no Library to press a button in."""
    if not missing.pack:
        return missing
    command = f"aigc-studio data fetch {missing.pack}"
    there = _("In the shell: {command}").format(command=command)
    return StudioError(in_a_row([str(missing), there]))


class _Told:
    """What is said of the parts, as a table or in one document; a context, as an end is needed."""

    def __init__(
        self,
        console: Console,
        arguments: argparse.Namespace,
        artifact: Artifact,
        model: ModelInfo | None,
        own: Own,
    ) -> None:
        self._console = console
        self._arguments = arguments
        self._artifact = artifact
        self._model = model
        self._own = own
        self._rows: list[tuple[str, str, str]] = []
        self.metrics: dict[str, float] = {}
        self.words: list[str] = []
        self.count = 0

    def __enter__(self) -> _Told:
        self._console.begin_list("annotations")
        return self

    def add(self, annotation: Annotation) -> None:
        """One more part."""
        self.count += 1
        if self._console.as_json:
            self._console.item(_document(annotation))
            return
        place, value = _place(annotation, self._artifact), f"{annotation.value:.4f}"
        self._rows.append((place, value, localized(annotation.text)))

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        told: dict[str, Any] = {
            "metrics": self.metrics,
            "messages": self.words,
            "model": model_choice.model_document(self._model),
        }
        if isinstance(error, KeyboardInterrupt):
            told["cancelled"] = True
        elif error is not None:
            told["error"] = error_document(error, self._arguments)
        self._console.end_list(**told)
        if self._rows:
            self._console.table((_("place"), _("value"), _("words")), self._rows)
        if self.metrics:
            card = self._model.card if self._model is not None else {}
            tell_measures(self.metrics, self._console, card, self._own)


def _document(annotation: Annotation) -> dict[str, Any]:
    """An annotation as plain JSON: characters (ticks of a melody) from 0 and half-open, bars from 1
    and inclusive, of a mask the box around it in pixels."""
    selection = annotation.selection
    said = {"value": annotation.value, "text": localized(annotation.text)}
    if isinstance(selection, Span):
        return {"span": [selection.start, selection.stop], **said}
    if isinstance(selection, Bars):
        return {"bars": [selection.first, selection.last], **said}
    return {"box": list(_box(selection)), **said}


def _place(annotation: Annotation, artifact: Artifact) -> str:
    """Where a part is, for the table."""
    selection = annotation.selection
    if isinstance(selection, Span) and isinstance(artifact, Text):
        letters = artifact.value[selection.start : selection.stop][: LONGEST + 1]
        if len(letters) > LONGEST:
            letters = letters[:LONGEST] + "…"
        return f"{selection.start}:{selection.stop} {letters!r}"
    if isinstance(selection, Span):
        return f"{selection.start}:{selection.stop}"
    if isinstance(selection, Bars):
        return f"{selection.first}:{selection.last}"
    left, top, right, bottom = _box(selection)
    return f"{left},{top} {right - left}×{bottom - top}"


def _box(mask: Mask) -> tuple[int, int, int, int]:
    """Left, top, right and bottom around a mask, half-open; all 0 for an empty one."""
    import numpy as np

    rows, columns = (np.flatnonzero(mask.pixels.any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return 0, 0, 0, 0
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1

"""`aigc-studio edit`: change a file, or only a part of it."""

from __future__ import annotations

import argparse
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aigc_studio.api import (
    Artifact,
    Candidate,
    EditRequest,
    Operation,
    Partial,
    Selection,
    Span,
    StudioError,
    Text,
)
from aigc_studio.cli import animating, asking, growing, model_choice, picking, results, steering
from aigc_studio.cli.console import Console
from aigc_studio.cli.inputs import read_frame, read_input, read_selection
from aigc_studio.cli.naming import numbered
from aigc_studio.translation import _, language

if TYPE_CHECKING:
    from aigc_studio.host import PluginRecord
    from aigc_studio.library import ModelInfo
    from aigc_studio.project.making import FramedEdit
    from aigc_studio.project.provenance import Provenance


@dataclass(frozen=True)
class Edit:
    """What a generator is asked to change.

    `composite`: what no generator made is in the result, unless every input says that one made it.
    """

    record: PluginRecord
    operation: Operation
    model: ModelInfo | None
    controls: dict[str, float | str]
    inputs: tuple[Artifact, ...]
    selection: Selection | None
    framed: FramedEdit
    composite: bool


def run(arguments: argparse.Namespace) -> None:
    """Read, select, ask the generator, bring the result back, write. Raises `StudioError`."""
    console = Console(as_json=arguments.json)
    begun = asking.begin(arguments, "edit", console)
    if begun is None:
        return
    edit = _read(arguments, *begun, console)
    with results.scratch_folder() as folder:
        request = _request(arguments, edit, folder)
        model_choice.tell_model(edit.model, arguments.model, console)
        growth = growing.Growing(
            console,
            request.seed,
            stream=growing.wants_stream(arguments),
            new=lambda event: _new_part(event, edit.inputs[0], edit.selection),
        )
        action = asking.events(edit.record, "edit", request, console, growing=growth)
        if edit.operation.pick and arguments.out is None:
            with closing(action) as events:
                picking.tell(events, edit.framed, edit.inputs[0], console)
            return
        written = results.Results(console, arguments, request.count, edit.model)
        with written, closing(action) as events:
            made = growing.results(events, growth, console)
            for frames in animating.gathered(made, bool(arguments.animation)):
                _write(frames, edit, request, arguments, written)


def _read(
    arguments: argparse.Namespace, record: PluginRecord, operation: Operation, console: Console
) -> Edit:
    """All that the edit stands on. Raises `StudioError`."""
    from aigc_studio.project.export import read_provenance
    from aigc_studio.project.making import FramedEdit

    description = asking.describe(record)
    results.check_enlarging(arguments)
    animating.check(arguments, description)
    asking.parse_parameters(operation, arguments)  # wrong values are said before files are read
    inputs = _read_inputs(arguments, operation, description.medium, console)
    selection = read_selection(arguments, inputs[0], console)
    model = model_choice.model_of(arguments, record, operation)
    controls = steering.parse_controls(arguments, description, operation, model)
    origins = [read_provenance(path) for path in arguments.inputs]
    composite = not all(made and made.generated_alone for made in origins)
    frame = read_frame(arguments, inputs[0], model)
    framed = FramedEdit.of(operation, inputs, selection, model.card if model else {}, frame)
    return Edit(record, operation, model, controls, inputs, selection, framed, composite)


def _read_inputs(
    arguments: argparse.Namespace, operation: Operation, medium: Any, console: Console
) -> tuple[Artifact, ...]:
    from aigc_studio.project.export import suffix_of

    if not arguments.inputs:
        raise StudioError(_("--input FILE is missing: what should be edited?"))
    if arguments.out is None and not operation.pick:
        raise StudioError(_("--out FILE is missing: where should the result go?"))
    if arguments.out is not None and not arguments.animation:
        suffix_of(arguments.out, medium)  # said before it is made, and not when it is
    return tuple(read_input(path, medium, arguments, console) for path in arguments.inputs)


def _write(
    frames: list[animating.Frame],
    edit: Edit,
    request: EditRequest,
    arguments: argparse.Namespace,
    written: results.Results,
) -> None:
    """Write one result, or the frames of one animation."""
    event, stopped = frames[0]
    made_by = replace(_provenance(edit, request, event), stopped=stopped)
    path = animating.path_of(numbered(arguments.out, written.count), arguments, frames)
    if len(frames) > 1:
        written.add_animation(animating.pictures(frames), path, made_by, event.seed or 0)
        return
    artifact = edit.framed.finish(event.artifact, event.part)
    written.add(artifact, path, made_by, event.seed or 0, stopped=stopped)


def _new_part(event: Partial | Candidate, whole: Artifact, selection: Selection | None) -> Artifact:
    """What is new of a text: all of it, or what comes in place of the span."""
    artifact = event.artifact
    if event.part or not isinstance(artifact, Text) or not isinstance(whole, Text):
        return artifact
    if not isinstance(selection, Span):
        return artifact
    return Text(artifact.value[selection.start : len(artifact) - (len(whole) - selection.stop)])


def _request(arguments: argparse.Namespace, edit: Edit, folder: Path) -> EditRequest:
    return EditRequest(
        operation=edit.operation.id,
        parameters=asking.parse_parameters(edit.operation, arguments),
        controls=edit.controls,
        seed=asking.choose_seed(arguments.seed),
        count=arguments.count,
        prompt=arguments.prompt,
        model=edit.model.folder if edit.model else None,
        folder=folder,
        language=language(),
        artifacts=edit.framed.artifacts,
        selections=edit.framed.selections,
        # A file carries no latent; the generator finds one by itself.
        latents=(None,) * len(edit.framed.artifacts),
    )


def _provenance(edit: Edit, request: EditRequest, event: Candidate) -> Provenance:
    from aigc_studio.project.making import provenance_of

    return provenance_of(
        asking.describe(edit.record),
        "edit",
        request,
        model=edit.model,
        seed=event.seed or 0,
        parents=tuple(each.digest for each in edit.inputs),
        selection=edit.selection,
        composite=edit.composite,
    )

"""`aigc-studio edit`: change a file, or only a part of it."""

from __future__ import annotations

import argparse
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aigc_studio.api import (
    Artifact,
    Bars,
    Candidate,
    EditRequest,
    Image,
    Mask,
    Operation,
    Partial,
    Selection,
    Span,
    StudioError,
    Text,
)
from aigc_studio.cli import animating, asking, growing, model_choice, picking, results, steering
from aigc_studio.cli.console import Console
from aigc_studio.cli.importing import import_options
from aigc_studio.translation import _, labelled, language

if TYPE_CHECKING:
    from aigc_studio.library import ModelInfo
    from aigc_studio.project.making import FramedEdit
    from aigc_studio.project.provenance import Provenance


def run(arguments: argparse.Namespace) -> None:
    """Read, select, ask the generator, bring the result back, write. Raises `StudioError`."""
    from aigc_studio.project.export import read_provenance
    from aigc_studio.project.making import FramedEdit

    console = Console(as_json=arguments.json)
    begun = asking.begin(arguments, "edit", console)
    if begun is None:
        return
    record, operation = begun
    description = asking.describe(record)
    results.check_enlarging(arguments)
    animating.check(arguments, description)
    asking.parse_parameters(operation, arguments)  # wrong values are said before files are read
    inputs = _read_inputs(arguments, operation, description.medium, console)
    selection = _read_selection(arguments, inputs[0], console)
    model = model_choice.model_of(arguments, record, operation)
    controls = steering.parse_controls(arguments, description, operation, model)
    # What no generator made is in the result, unless every input says that one made it.
    origins = [read_provenance(path) for path in arguments.inputs]
    composite = not all(made and made.generated_alone for made in origins)
    frame = _read_frame(arguments, inputs[0], model)
    framed = FramedEdit.of(operation, inputs, selection, model.card if model else {}, frame)
    with results.scratch_folder() as folder:
        request = _request(arguments, operation, model, framed, folder, controls)
        model_choice.tell_model(model, arguments.model, console)
        written = results.Results(console, arguments, request.count, model)
        growth = growing.Growing(
            console,
            request.seed,
            stream=growing.wants_stream(arguments),
            new=lambda event: _new_part(event, inputs[0], selection),
        )
        action = asking.events(record, "edit", request, console, growing=growth)
        if operation.pick and arguments.out is None:
            with closing(action) as events:
                picking.tell(events, framed, inputs[0], console)
            return
        with written, closing(action) as events:
            results_made = growing.results(events, growth, console)
            for frames in animating.gathered(results_made, bool(arguments.animation)):
                event, stopped = frames[0]
                provenance = _provenance(
                    record, model, request, event, inputs, selection, composite
                )
                path = animating.path_of(_numbered(arguments.out, written.count), arguments, frames)
                made_by, seed = replace(provenance, stopped=stopped), event.seed or 0
                if len(frames) > 1:
                    written.add_animation(animating.pictures(frames), path, made_by, seed)
                    continue
                artifact = framed.finish(event.artifact, event.part)
                written.add(artifact, path, made_by, seed, stopped=stopped)


def _new_part(event: Partial | Candidate, whole: Artifact, selection: Selection | None) -> Artifact:
    """What is new of a text: all of it, or what comes in place of the span."""
    artifact = event.artifact
    if event.part or not isinstance(artifact, Text) or not isinstance(whole, Text):
        return artifact
    if not isinstance(selection, Span):
        return artifact
    return Text(artifact.value[selection.start : len(artifact) - (len(whole) - selection.stop)])


def _request(
    arguments: argparse.Namespace, operation: Operation, model: ModelInfo | None,
    framed: FramedEdit, folder: Path, controls: dict[str, float | str],
) -> EditRequest:  # fmt: skip
    return EditRequest(
        operation=operation.id,
        parameters=asking.parse_parameters(operation, arguments),
        controls=controls,
        seed=asking.choose_seed(arguments.seed),
        count=arguments.count,
        prompt=arguments.prompt,
        model=model.folder if model else None,
        folder=folder,
        language=language(),
        artifacts=framed.artifacts,
        selections=framed.selections,
        # A file carries no latent; the generator finds one by itself.
        latents=(None,) * len(framed.artifacts),
    )


def _read_inputs(
    arguments: argparse.Namespace, operation: Operation, medium: Any, console: Console
) -> tuple[Artifact, ...]:
    from aigc_studio.library import readers

    if not arguments.inputs:
        raise StudioError(_("--input FILE is missing: what shall be edited?"))
    if arguments.out is None and not operation.pick:
        raise StudioError(_("--out FILE is missing: where shall the result go?"))
    options, found = import_options(arguments), []
    for path in arguments.inputs:
        artifact, remarks = readers.read(path, medium, options)
        found.append(artifact)
        for remark in remarks:
            console.note(labelled(path.name, remark))
    return tuple(found)


def _read_selection(
    arguments: argparse.Namespace, artifact: Artifact, console: Console
) -> Selection | None:
    if arguments.mask is not None:
        mask = _read_mask(arguments.mask, artifact, console)
        return _with_other_edge(mask, arguments.grow, arguments.feather)
    if arguments.grow or arguments.feather:
        raise StudioError(_("--grow and --feather change a mask: give one with --mask PNG."))
    if arguments.span is not None:
        start, stop = _two_numbers("--span", arguments.span)
        return _selected(Span, start, stop, arguments.span)
    if arguments.bars is not None:
        first, last = _two_numbers("--bars", arguments.bars)
        return _selected(Bars, first, last, arguments.bars)
    return None


def _read_frame(
    arguments: argparse.Namespace, artifact: Artifact, model: ModelInfo | None
) -> tuple[int, int, int, int] | None:
    if arguments.frame is None:
        return None
    if not isinstance(artifact, Image):
        raise StudioError(_("--frame says which part of a picture the model sees: leave it out."))
    if model is None or not model.card.get("frame"):
        raise StudioError(_("--frame needs a model that says how large the pictures are it takes."))
    try:
        left, top, right, bottom = (int(word) for word in arguments.frame.split(","))
    except ValueError:
        raise StudioError(
            _("--frame needs four whole numbers (left,top,right,bottom), not {words}.").format(
                words=arguments.frame
            )
        ) from None
    return left, top, right, bottom


def _read_mask(path: Path, artifact: Artifact, console: Console) -> Mask:
    from aigc_studio.library.pictures.masks import read_with_remarks

    if not isinstance(artifact, Image):
        raise StudioError(
            _("A mask selects in pictures; use --span for text, --bars for melodies.")
        )
    mask, remarks = read_with_remarks(path, artifact)
    for remark in remarks:
        console.note(labelled(path.name, remark))
    return mask


def _with_other_edge(mask: Mask, grow: int, feather: int) -> Mask:
    """As the mask tools of the window make it: larger or smaller first, then soft."""
    from aigc_studio.api import limits
    from aigc_studio.project import masking

    for flag, number, least in (("--grow", grow, -limits.MASK_EDGE), ("--feather", feather, 0)):
        if not least <= number <= limits.MASK_EDGE:
            sentence = _("{flag} takes a number from {least} to {most}, not {number}.")
            most = limits.MASK_EDGE
            raise StudioError(sentence.format(flag=flag, least=least, most=most, number=number))
    pixels = masking.feathered(masking.grown(mask.pixels, grow), feather)
    if not pixels.any():
        sentence = _("With --grow {number} nothing is left of the mask: it is thinner than that.")
        raise StudioError(sentence.format(number=grow))
    return Mask(pixels)


def _two_numbers(flag: str, words: str) -> tuple[int, int]:
    first, colon, last = words.partition(":")
    try:
        return int(first), int(last if colon else first)
    except ValueError:
        sentence = _("{flag} needs two whole numbers with a colon between, not {words}.")
        raise StudioError(sentence.format(flag=flag, words=words)) from None


def _selected(kind: type[Span] | type[Bars], first: int, last: int, words: str) -> Selection:
    try:
        return kind(first, last)
    except ValueError:
        sentence = _("{words} is no range: the second number must not be below the first.")
        raise StudioError(sentence.format(words=words)) from None


def _numbered(path: Path, number: int) -> Path:
    return path if number == 0 else path.with_stem(f"{path.stem}-{number + 1}")


def _provenance(
    record: Any,
    model: Any,
    request: EditRequest,
    event: Candidate,
    inputs: tuple[Artifact, ...],
    selection: Selection | None,
    composite: bool,
) -> Provenance:
    from aigc_studio.project.making import provenance_of

    return provenance_of(
        record.description,
        "edit",
        request,
        model=model,
        seed=event.seed or 0,
        parents=tuple(each.digest for each in inputs),
        selection=selection,
        composite=composite,
    )

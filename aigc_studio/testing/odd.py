"""The checks of what is odd: items, parts, models, controls, values out of range."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from aigc_studio.api import documents, limits
from aigc_studio.api.artifacts import Artifact, Image, Medium, Text
from aigc_studio.api.controls import Control, Controls, read_controls
from aigc_studio.api.description import Operation
from aigc_studio.api.melody import KeySignature, Melody, Metre, Note
from aigc_studio.api.models import DOCUMENT, WEIGHTS
from aigc_studio.api.requests import EditRequest
from aigc_studio.testing.bench import Bench, making
from aigc_studio.testing.report import NotApplicable, Violation
from aigc_studio.testing.selecting import odd_parts_of, part_of
from aigc_studio.translation import _, enumerated
from aigc_studio.wire.model_folder import CARD

_HEADER = b'{"of.another.net":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}'
FOREIGN = len(_HEADER).to_bytes(8, "little") + _HEADER + bytes(8)
"""Whole weights, of a net that is none of this generator's."""

DAMAGE = {
    WEIGHTS: (b"", b"\x80\x04\x95a pickle by another name.", b"\x08" + bytes(200), FOREIGN),
    DOCUMENT: (b"", b"[1]", b'{"a": ' + b"[" * 10_000, b'{"of another generator": 1}'),
}
"""What takes the place of a model's files."""


def check_refusals(bench: Bench) -> None:
    """A count of -3, an unknown parameter and values out of range are refused by name."""
    for operation in making(bench):
        bad: dict[str, Any] = {"no_such_parameter": 1}
        for name, field in operation.schema.get("properties", {}).items():
            if field.get("type") in ("integer", "number") and "minimum" in field:
                bad[name] = field["minimum"] - 1
        run, _events = bench.run(operation.verb, bench.wish(operation, count=-3, parameters=bad))
        missed = {"count", *bad} - set(run.error.errors if run.error else ())
        if missed:
            sentence = _("{name} does not refuse wrong values of: {fields}.")
            fields = enumerated(sorted(missed))
            raise Violation(sentence.format(name=operation.id, fields=fields))


def check_controls(bench: Bench) -> None:
    """What the card of its model says it can be steered by is taken, at both ends."""
    controls = _controls_of(bench)
    for operation in making(bench):
        if not (operation.controls and controls.controls):
            continue
        for control in controls.controls:
            _steer(bench, operation, {control.name: _ends(control)[1]})
        _steer(bench, operation, {each.name: _ends(each)[0] for each in controls.controls})
        return
    raise NotApplicable(_("It has no controls."))


def _controls_of(bench: Bench) -> Controls:
    """Those of its model, or its own. Raises `Violation` for some that could not be shown."""
    controls, remarks = bench.about.controls, list[str]()
    if bench.model is not None and (bench.model / CARD).is_file():
        card = documents.read(bench.model / CARD, limits.CARD_BYTES)
        controls = read_controls(card, remarks)
    if remarks:
        sentence = _("The card of its model has controls that cannot be shown: {problem}.")
        raise Violation(sentence.format(problem=remarks[0]))
    return controls


def _ends(control: Control) -> tuple[float | str, float | str]:
    if control.options:
        return control.options[0], control.options[-1]
    return control.low, control.high


def _steer(bench: Bench, operation: Operation, given: dict[str, float | str]) -> None:
    run, _events = bench.run(operation.verb, bench.wish(operation, controls=given))
    if run.error is not None:
        sentence = _(
            "{name} does not take {controls}, which the card of its model offers: {problem}"
        )
        told = sentence.format(
            name=operation.id,
            controls=enumerated(f"{name}={value}" for name, value in given.items()),
            problem=run.error.sentence,
        )
        raise Violation(told, run.error.details, run.error.sentence)


def check_odd_input(bench: Bench) -> None:
    """Odd artifacts to edit: of one pixel, empty, in another mode or metre."""
    odds = odd_artifacts(bench.medium)
    for place, operation in enumerate(bench.operations("edit")):
        # Each of them goes to one operation at least, and the other way round.
        count = -(-len(odds) // len(bench.operations("edit")))
        for odd in [odds[(place * count + number) % len(odds)] for number in range(count)]:
            artifacts = (odd, *bench.inputs(operation.artifacts)[1:])
            wish = bench.wish(operation)
            assert isinstance(wish, EditRequest)
            chosen = part_of(odd) if operation.selection != "none" else None
            selections = (chosen, *wish.selections[1:])
            request = replace(wish, artifacts=artifacts, selections=selections)
            bench.accepts_or_explains("edit", request, name_of(odd))


def check_parts(bench: Bench) -> None:
    """Any part that can be selected is worked on or refused: the first, the last, a caret, all."""
    marked = [each for each in bench.operations("edit") if each.selection != "none"]
    if not marked:
        raise NotApplicable(_("It works on whole items."))
    for operation in marked:
        wish = bench.wish(operation)
        assert isinstance(wish, EditRequest)
        for name, part in odd_parts_of(wish.artifacts[0]):
            request = replace(wish, selections=(part, *wish.selections[1:]))
            what = _("the part {name}").format(name=name)
            bench.accepts_or_explains("edit", request, what)


def check_bad_model(bench: Bench) -> None:
    """A model file that is something else is refused with a sentence."""
    if bench.model is None:
        raise NotApplicable(_("It has no model."))
    for folder in broken_models(bench, bench.model):
        for operation in making(bench)[:1]:
            request = bench.wish(operation, model=folder)
            bench.accepts_or_explains(operation.verb, request, _("a broken model file"))


def broken_models(bench: Bench, model: Path) -> Iterator[Path]:
    """Copies of a model with one of its files damaged, or another's: each way of `DAMAGE`."""
    for name, contents in DAMAGE.items():
        for content in contents if (model / name).is_file() else ():
            folder = bench.folder("模型")
            shutil.copytree(model, folder, dirs_exist_ok=True)
            (folder / name).write_bytes(content)
            yield folder


def odd_artifacts(medium: Medium) -> list[Artifact]:
    """Artifacts that are easily forgotten: of one pixel, empty, in another mode or metre."""
    if medium == "text":
        return [Text(""), Text("a"), Text("\n🎵 多行\r\n\u0301"), Text("x" * 20_000)]
    if medium == "melody":
        waltz = tuple(Note(start, 90, 72) for start in range(0, 2880, 96))
        return [
            Melody(),
            Melody((Note(0, 1, 0, 0),)),
            Melody(waltz, 96, 40, metres=(Metre(0, 3, 4), Metre(576, 6, 8))),
            Melody(waltz, 96, keys=(KeySignature(0, 2, "dorian"), KeySignature(384, -3))),
        ]
    import numpy as np

    rng = np.random.default_rng(1)
    shapes = [(1, 1), (37, 53), (29, 17, 3), (64, 40, 4), (1, 30)]
    return [Image(rng.integers(0, 256, shape).astype(np.uint8)) for shape in shapes]


def name_of(artifact: Artifact) -> str:
    """What an odd artifact is called where it is met."""
    if isinstance(artifact, Image):
        return f"{artifact.width}×{artifact.height} {artifact.mode}"
    if isinstance(artifact, Text):
        return repr(artifact.value[:20])
    notes = _("notes")
    return f"{len(artifact.notes)} {notes}, {artifact.metres[0].numerator}/4"

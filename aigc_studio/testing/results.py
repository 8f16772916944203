"""The checks in motion: what a generator makes, and what it does with odd input."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

from aigc_studio.api.artifacts import Artifact, Image, Melody, Metre, Note, Text
from aigc_studio.api.dataset import Dataset
from aigc_studio.api.description import Operation
from aigc_studio.api.events import Annotation, Candidate, Message, Metric
from aigc_studio.api.requests import EditRequest, EvaluateRequest
from aigc_studio.api.starters import Starter, selected
from aigc_studio.testing.bench import Bench, part_of, snapshot
from aigc_studio.testing.report import NotApplicable, Violation
from aigc_studio.translation import _, enumerated, language, localized
from aigc_studio.wire.annotations import left_out


def check_generate(bench: Bench) -> None:
    """Every operation of generate makes as many candidates as asked for, with its defaults."""
    for operation in bench.operations("generate"):
        made = bench.candidates(bench.wish(operation, count=3))
        count = len({each.strip or f"#{number}" for number, each in enumerate(made)})
        if count != 3:
            sentence = _("{name} was asked for 3 candidates and made {count}.")
            raise Violation(sentence.format(name=operation.id, count=count))


def check_edit(bench: Bench) -> None:
    """Every operation of edit works with its defaults, and keeps what is not selected."""
    for operation in bench.operations("edit"):
        if not bench.candidates(bench.wish(operation)):
            raise Violation(_("{name} made no candidate.").format(name=operation.id))


def check_starters(bench: Bench) -> None:
    """What it offers for an empty board works as it is prepared."""
    if not bench.about.starters:
        raise NotApplicable(_("It offers no starters."))
    for starter in bench.about.starters:
        operation = bench.about.operation(starter.operation)
        if operation is None:
            sentence = _(
                "The starter {name} asks for the operation {operation}, which is not there."
            )
            raise Violation(sentence.format(name=starter.id, operation=starter.operation))
        typed = {"prompt": starter.prompt} if starter.prompt else {}
        wish = bench.wish(operation, **typed)
        if isinstance(wish, EditRequest):
            wish = _prepared(bench, starter, operation, wish)
        if not bench.candidates(wish):
            raise Violation(_("The starter {name} leads to no candidate.").format(name=starter.id))


def _prepared(
    bench: Bench, starter: Starter, operation: Operation, wish: EditRequest
) -> EditRequest:
    """The request that a starter's board leads to; sheets have the kit's own drawings on them."""
    if len(starter.pieces) != operation.artifacts:
        sentence = _("The starter {name} lays out {count} pieces, and {operation} takes {wanted}.")
        counts = {"count": len(starter.pieces), "wanted": operation.artifacts}
        raise Violation(sentence.format(name=starter.id, operation=operation.id, **counts))
    drawn = bench.inputs(operation.artifacts)
    given = tuple(each.read() or own for each, own in zip(starter.pieces, drawn, strict=True))
    marks = tuple(
        selected(each.marked, artifact) if each.artifact is not None else part_of(artifact)
        for each, artifact in zip(starter.pieces, given, strict=True)
    )
    if operation.selection == "required" and marks[0] is None:
        sentence = _("The starter {name} marks nothing, and {operation} needs a marked part.")
        raise Violation(sentence.format(name=starter.id, operation=operation.id))
    if operation.selection == "none":
        marks = tuple(None for _each in marks)
    return replace(wish, artifacts=given, selections=marks)


def check_latents(bench: Bench) -> None:
    """A candidate that carries a latent can be edited with it given back."""
    if "generate" not in bench.about.verbs:
        raise NotApplicable(_("It does not {verb}.").format(verb="generate"))
    made = bench.candidates(bench.wish(bench.operations("generate")[0]))[0]
    if made.latent is None:
        raise NotApplicable(_("Its candidates carry no latent."))
    for operation in bench.operations("edit"):
        wish = bench.wish(operation)
        assert isinstance(wish, EditRequest)
        artifacts = (made.artifact, *wish.artifacts[1:])
        chosen = part_of(made.artifact) if operation.selection != "none" else None
        selections = (chosen, *wish.selections[1:])
        latents = (made.latent, *(None for _each in wish.artifacts[1:]))
        request = replace(wish, artifacts=artifacts, selections=selections, latents=latents)
        bench.accepts_or_explains("edit", request, _("its own latent"))


def check_evaluate(bench: Bench) -> None:
    """Evaluating a dataset gives metrics; an operation that explains items says something of one,
    and breaks on none."""
    operations = bench.operations("evaluate")
    held_out = Dataset(bench.dataset().path, "test")
    measured = EvaluateRequest(operation=operations[0].id, model=bench.model, dataset=held_out)
    if not any(isinstance(event, Metric) for event in bench.events("evaluate", measured)):
        raise Violation(_("evaluate() of a dataset yields no Metric."))
    for operation in operations:
        if operation.artifacts:
            _check_explaining(bench, operation)


def _check_explaining(bench: Bench, operation: Operation) -> None:
    """What is said of an item is of parts that lie in it; odd items are explained or refused."""
    common: dict[str, Any] = {"operation": operation.id, "model": bench.model}
    (item,) = bench.inputs(1)
    said = bench.events("evaluate", EvaluateRequest(**common, artifact=item, language=language()))
    for each in said:
        if isinstance(each, Message) and left_out("") in localized(each.text):
            raise Violation(localized(each.text))
    if not any(isinstance(each, Annotation | Metric) for each in said):
        sentence = _(
            "{name} explains items (artifacts=1), and yields neither an Annotation nor a Metric of "
            "one."
        )
        raise Violation(sentence.format(name=operation.id))
    for odd in _odd(bench):
        request = EvaluateRequest(**common, artifact=odd)
        bench.accepts_or_explains("evaluate", request, _name_of(odd))


def check_same_seed(bench: Bench) -> None:
    """The same seed gives the same result, in a warm worker and in a fresh one."""
    wishes = [(operation, bench.wish(operation, count=2)) for operation in making(bench)]
    made = []
    for operation, request in wishes:
        made.append(_contents(bench.candidates(request)))
        bench.candidates(bench.wish(operation, seed=77))
        if _contents(bench.candidates(request)) != made[-1]:
            raise Violation(_changes(operation, _("when it is asked again")))
    bench.renew_workers()
    for (operation, request), before in zip(wishes, made, strict=True):
        if _contents(bench.candidates(request)) != before:
            raise Violation(_changes(operation, _("in a fresh worker")))


def check_first_ones(bench: Bench) -> None:
    """Asking for more candidates does not change the first ones."""
    for operation in making(bench):
        two = bench.candidates(bench.wish(operation, count=2))
        five = bench.candidates(bench.wish(operation, count=5))
        if _contents(five)[: len(two)] != _contents(two):
            sentence = _(
                "{name} makes other first candidates when more are asked for. Draw candidate n "
                "from a random generator of its own, seeded with seed + n."
            )
            raise Violation(sentence.format(name=operation.id))


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


def check_odd_input(bench: Bench) -> None:
    """Odd artifacts to edit: of one pixel, empty, in another mode or metre."""
    for operation in bench.operations("edit"):
        for odd in _odd(bench):
            artifacts = (odd, *bench.inputs(operation.artifacts)[1:])
            wish = bench.wish(operation)
            assert isinstance(wish, EditRequest)
            chosen = part_of(odd) if operation.selection != "none" else None
            selections = (chosen, *wish.selections[1:])
            request = replace(wish, artifacts=artifacts, selections=selections)
            bench.accepts_or_explains("edit", request, _name_of(odd))


def check_bad_model(bench: Bench) -> None:
    """A model file that is something else is refused with a sentence."""
    if bench.model is None:
        raise NotApplicable(_("It has no model."))
    for content in (b"", b"\x80\x04\x95a pickle by another name.", b"\x08" + bytes(200)):
        folder = bench.folder("模型")
        shutil.copytree(bench.model, folder, dirs_exist_ok=True)
        (folder / "weights.safetensors").write_bytes(content)
        for operation in making(bench)[:1]:
            request = bench.wish(operation, model=folder)
            bench.accepts_or_explains(operation.verb, request, _("a broken model file"))


def check_paths(bench: Bench) -> None:
    """Folders with Chinese characters, accents and spaces in their names."""
    folder = bench.folder("数据 é 'x'")
    model = None
    if bench.model is not None:
        model = folder / "模型 ü"
        shutil.copytree(bench.model, model)
    for operation in making(bench)[:1]:
        bench.candidates(bench.wish(operation, model=model, folder=folder / "抽屉"))


def check_own_folders(bench: Bench) -> None:
    """Nothing is written but into the folder of the request."""
    model = bench.model
    places = [bench.cwd, bench.home, *([model] if model else [])]
    if bench.record.source.kind == "folder":
        places.append(Path(bench.record.home))
    before = snapshot(*places)
    for operation in making(bench):
        bench.candidates(bench.wish(operation, folder=bench.folder("own")))
    if "train" in bench.about.verbs:
        data = bench.dataset()
        places.append(data.path)
        before = {**before, **snapshot(data.path)}
        bench.train(dataset=data)
    changed = sorted(set(before.items()) ^ set(snapshot(*places).items()))
    if changed:
        sentence = _("It wrote {name} outside the folder of the request.")
        raise Violation(sentence.format(name=changed[0][0].name))


def making(bench: Bench) -> tuple[Operation, ...]:
    """The operations that make candidates. Raises `NotApplicable` when there are none."""
    found = (*bench.about.of_verb("generate"), *bench.about.of_verb("edit"))
    if not found:
        raise NotApplicable(_("It makes nothing."))
    return found


def _contents(candidates: list[Candidate]) -> list[tuple[str, bytes | None, int | None]]:
    return [(each.artifact.digest, each.latent, each.seed) for each in candidates]


def _changes(operation: Operation, when: str) -> str:
    sentence = _(
        "{name} makes something else from the same seed {when}. Draw everything from generators "
        "seeded with seed + n, and keep no state between requests."
    )
    return sentence.format(name=operation.id, when=when)


def _odd(bench: Bench) -> list[Artifact]:
    medium = bench.about.medium
    if medium == "text":
        return [Text(""), Text("a"), Text("\n🎵 多行\r\n\u0301"), Text("x" * 20_000)]
    if medium == "melody":
        waltz = tuple(Note(start, 90, 72) for start in range(0, 2880, 96))
        return [
            Melody(),
            Melody((Note(0, 1, 0, 0),)),
            Melody(waltz, 96, 40, metres=(Metre(0, 3, 4), Metre(576, 6, 8))),
        ]
    import numpy as np

    rng = np.random.default_rng(1)
    shapes = [(1, 1), (37, 53), (29, 17, 3), (64, 40, 4), (1, 90)]
    return [Image(rng.integers(0, 256, shape).astype(np.uint8)) for shape in shapes]


def _name_of(artifact: Artifact) -> str:
    if isinstance(artifact, Image):
        return f"{artifact.width}×{artifact.height} {artifact.mode}"
    if isinstance(artifact, Text):
        return repr(artifact.value[:20])
    return f"{len(artifact.notes)} {_('notes')}, {artifact.metres[0].numerator}/4"

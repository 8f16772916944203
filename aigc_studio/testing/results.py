"""The checks in motion: what a generator makes."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import Any

from aigc_studio.api.dataset import Dataset
from aigc_studio.api.description import Operation
from aigc_studio.api.events import Annotation, Candidate, Event, Message, Metric
from aigc_studio.api.requests import EditRequest, EvaluateRequest
from aigc_studio.api.starters import Starter, selected
from aigc_studio.testing.bench import MANY, Bench, making
from aigc_studio.testing.odd import name_of, odd_artifacts
from aigc_studio.testing.report import NotApplicable, Violation
from aigc_studio.testing.selecting import part_of
from aigc_studio.translation import _, language, localized
from aigc_studio.wire.annotations import left_out

ANOTHER = 91
"""A seed that nothing else is made from."""

FEW = 2
"""How many results are asked for beside the usual ones, to see that more change nothing."""


def check_generate(bench: Bench) -> None:
    """Every operation of generate makes as many candidates as asked for, with its defaults."""
    for operation in bench.operations("generate"):
        made = _candidates(bench.usual(operation))
        count = len({each.strip or f"#{number}" for number, each in enumerate(made)})
        if count != MANY:
            sentence = _("{name} was asked for {wanted} candidates and made {count}.")
            told = sentence.format(name=operation.id, wanted=MANY, count=count)
            raise Violation(told)


def check_edit(bench: Bench) -> None:
    """Every operation of edit works with its defaults, and keeps what is not selected."""
    for operation in bench.operations("edit"):
        if not _candidates(bench.usual(operation)):
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
        typed = {"prompt": localized(starter.prompt)} if starter.prompt else {}
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
    """A candidate that carries a latent can be edited with it given back, and more like it made."""
    if "generate" not in bench.about.verbs:
        raise NotApplicable(_("It does not {verb}.").format(verb="generate"))
    plain = bench.operations("generate")[0]
    made = bench.candidates(bench.wish(plain))[0]
    if made.latent is None:
        raise NotApplicable(_("Its candidates carry no latent."))
    edits = bench.operations("edit") if "edit" in bench.about.verbs or not plain.controls else ()
    for operation in edits:
        wish = bench.wish(operation)
        assert isinstance(wish, EditRequest)
        artifacts = (made.artifact, *wish.artifacts[1:])
        chosen = part_of(made.artifact) if operation.selection != "none" else None
        selections = (chosen, *wish.selections[1:])
        latents = (made.latent, *(None for _each in wish.artifacts[1:]))
        request = replace(wish, artifacts=artifacts, selections=selections, latents=latents)
        bench.accepts_or_explains("edit", request, _("its own latent"))
        foreign = (made.latent[: len(made.latent) // 2] + b"?", *latents[1:])
        request = replace(request, latents=foreign)
        bench.accepts_or_explains("edit", request, _("a latent of another model"))
    if plain.controls:
        _check_more_like(bench, plain, made)


def _check_more_like(bench: Bench, operation: Operation, made: Candidate) -> None:
    """More like a result begins from its latent: the window leaves the controls away then."""
    latent = made.latent or b""
    request = bench.wish(operation, latents=(latent,), seed=ANOTHER)
    told = bench.accepts_or_explains("generate", request, _("its own latent"))
    before = bench.candidates(bench.wish(operation, seed=ANOTHER))
    if told is not None and _contents(_candidates(told)) == _contents(before):
        sentence = _(
            "{name} makes the same with the latent of a result as without: “More like this” would "
            "give nothing like it. Begin from request.latents where there are some."
        )
        raise Violation(sentence.format(name=operation.id))
    foreign = bench.wish(operation, latents=(latent[: len(latent) // 2] + b"?",))
    bench.accepts_or_explains("generate", foreign, _("a latent of another model"))


def check_evaluate(bench: Bench) -> None:
    """Evaluating a dataset gives metrics; an operation that explains items says something of one,
    and breaks on none."""
    operations = bench.operations("evaluate")
    if not any(isinstance(event, Metric) for event in bench.measured()):
        raise Violation(_("evaluate() of a dataset yields no Metric."))
    explaining = [operation for operation in operations if operation.artifacts]
    explained = [_check_explaining(bench, operation) for operation in explaining]
    if explaining and not any(explained):
        raise Violation(_("No operation of evaluate explains an item of the kit: all refuse it."))


def _check_explaining(bench: Bench, operation: Operation) -> bool:
    """What is said of an item is of parts that lie in it; odd items are explained or refused.

    False where it refuses the kit's item, by a GeneratorError or a warning: it may be about items
    of another kind. Words are an answer: what is to be seen in a picture, say.
    """
    model = None if operation.model == "none" else bench.model
    common: dict[str, Any] = {"operation": operation.id, "model": model}
    if operation.data != "none":
        common["dataset"] = Dataset(bench.dataset().path, "train")
    (item,) = bench.inputs(1)
    asked = EvaluateRequest(**common, artifact=item, language=language())
    said = bench.accepts_or_explains("evaluate", asked, name_of(item))
    for each in said or ():
        if isinstance(each, Message) and left_out("") in localized(each.text):
            raise Violation(localized(each.text))
    if said is not None and not any(
        isinstance(each, Annotation | Metric | Message) for each in said
    ):
        sentence = _(
            "{name} explains items (artifacts=1), and yields neither an Annotation nor a Metric of "
            "one."
        )
        raise Violation(sentence.format(name=operation.id))
    if operation.data == "optional":
        without = EvaluateRequest(**common | {"dataset": None}, artifact=item)
        bench.accepts_or_explains("evaluate", without, _("no data that the model learnt from"))
    for odd in odd_artifacts(bench.medium):
        request = EvaluateRequest(**common, artifact=odd)
        bench.accepts_or_explains("evaluate", request, name_of(odd))
    return any(map(_is_answer, said or ()))


def _is_answer(event: Event) -> bool:
    if isinstance(event, Message):
        return event.level == "info"
    return isinstance(event, Annotation | Metric)


def check_same_seed(bench: Bench) -> None:
    """The same seed gives the same result, in a warm worker and in a fresh one."""
    for operation in making(bench):
        before = _contents(_candidates(bench.usual(operation)))
        bench.candidates(bench.wish(operation, seed=77))
        if _contents(bench.candidates(bench.usual_wish(operation))) != before:
            raise Violation(_changes(operation, _("when it is asked again")))
    bench.renew_workers()
    for operation in making(bench):
        again = _contents(bench.candidates(bench.usual_wish(operation)))
        if again != _contents(_candidates(bench.usual(operation))):
            raise Violation(_changes(operation, _("in a fresh worker")))


def check_first_ones(bench: Bench) -> None:
    """Asking for more candidates does not change the first ones."""
    for operation in making(bench):
        first = _contents(_candidates(bench.usual(operation)))
        others = _contents(bench.candidates(bench.wish(operation, count=FEW)))
        shared = min(len(first), len(others))
        if first[:shared] != others[:shared]:
            sentence = _(
                "{name} makes other first candidates when more are asked for. Draw candidate n "
                "from a random generator of its own, seeded with seed + n."
            )
            raise Violation(sentence.format(name=operation.id))


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
    """Nothing is written but into the folder of the request, in all that it was asked for."""
    for operation in making(bench):
        if operation.id not in bench.asked:
            bench.candidates(bench.wish(operation, folder=bench.folder("own")))
    if "train" in bench.about.verbs:
        bench.trained()
    changed = bench.watch.changed()
    if changed:
        sentence = _("It wrote {name} outside the folder of the request.")
        raise Violation(sentence.format(name=changed[0].name))


def _candidates(events: list[Event]) -> list[Candidate]:
    return [event for event in events if isinstance(event, Candidate)]


def _contents(candidates: list[Candidate]) -> list[tuple[str, bytes | None, int | None]]:
    """What candidates are, to be compared."""
    return [(each.artifact.digest, each.latent, each.seed) for each in candidates]


def _changes(operation: Operation, when: str) -> str:
    sentence = _(
        "{name} makes something else from the same seed {when}. Draw everything from generators "
        "seeded with seed + n, and keep no state between requests."
    )
    return sentence.format(name=operation.id, when=when)

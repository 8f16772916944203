"""The checks of what a person may ask for: words, values, numbers, seeds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aigc_studio.api.description import Operation
from aigc_studio.api.events import Candidate
from aigc_studio.host import RunState
from aigc_studio.testing.bench import Bench, making
from aigc_studio.testing.failing import check_explained
from aigc_studio.testing.report import NotApplicable, Violation
from aigc_studio.translation import _, enumerated, ngettext

COUNTS = {"generate": (1, 5), "edit": (2,)}
"""So many results are asked for beside the usual number."""

PROMPTS = {
    "你好，世界": "“你好，世界”",
    "🎵👩‍👩‍👧 é\u0301\u200f": "🎵👩‍👩‍👧",
    "of words " * 1112: "10,008 characters",
    " \n\t ": "“ \\n\\t ”",
}
"""What is typed, and how it is told."""


def check_prompts(bench: Bench) -> None:
    """Any words may be typed: Chinese, emoji, ten thousand characters, nothing but spaces.

    Each is worked on, or refused with a `GeneratorError`; that a prompt may be left out is checked
    where it is optional.
    """
    asked = [each for each in making(bench) if each.prompt != "none"]
    if not asked:
        raise NotApplicable(_("It takes no prompts."))
    for operation in asked:
        for typed, told in PROMPTS.items():
            what = _("the prompt {words}").format(words=told)
            run = bench.tried(operation.verb, bench.wish(operation, prompt=typed, count=1))
            check_explained(run, what)
        if operation.prompt == "optional":
            run = bench.tried(operation.verb, bench.wish(operation, prompt="", count=1))
            check_explained(run, _("no prompt"))


def check_ranges(bench: Bench) -> None:
    """Every parameter of generate and edit works at both ends of its range, and in every choice.

    All are at their lowest together, and all at their highest; what takes longer than two seconds
    is cancelled and has passed. An end that makes no sense is left out of the range.
    """
    found = False
    for operation in making(bench):
        for ends in both_ends(operation):
            found = True
            request = bench.wish(operation, parameters=ends, count=1)
            _check_ends(bench, operation, ends, request)
    if not found:
        raise NotApplicable(_("It has no parameters."))


def _check_ends(bench: Bench, operation: Operation, ends: Mapping[str, Any], request: Any) -> None:
    run = bench.tried(operation.verb, request)
    if run.error is None or run.error.mendable:
        return
    for name, value in ends.items():  # which of them it is, where it is one alone
        alone = bench.tried(
            operation.verb, bench.wish(operation, parameters={name: value}, count=1)
        )
        check_explained(alone, f"{name}={value}")
    check_explained(run, enumerated(f"{name}={value}" for name, value in ends.items()))


def both_ends(operation: Operation) -> list[dict[str, Any]]:
    """The parameters at their lowest and at their highest; nothing where there are none."""
    fields: Mapping[str, Mapping[str, Any]] = operation.schema.get("properties", {})
    ends = [{name: _ends_of(field) for name, field in fields.items()}]
    known = {name: pair for name, pair in ends[0].items() if pair is not None}
    if not known:
        return []
    return [{name: pair[place] for name, pair in known.items()} for place in (0, 1)]


def _ends_of(field: Mapping[str, Any]) -> tuple[Any, Any] | None:
    if field.get("type") == "boolean":
        return False, True
    if choices := field.get("enum"):
        return choices[0], choices[-1]
    default = field.get("default")
    if field.get("type") in ("integer", "number"):
        return field.get("minimum", default), field.get("maximum", default)
    return None


def check_counts(bench: Bench) -> None:
    """One result and five are as many as were asked for; an edit may make fewer, never more."""
    for operation in making(bench):
        for count in COUNTS[operation.verb]:
            events: list[Any] = []
            run = bench.tried(operation.verb, bench.wish(operation, count=count), events.append)
            if run.state is not RunState.DONE:  # it takes its time, or does not make so many
                check_explained(run, _results(count))
                continue
            made = number_of([each for each in events if isinstance(each, Candidate)])
            if made > count or (made < count and operation.verb == "generate"):
                sentence = _("{name} was asked for {wanted} and made {made}.")
                told = sentence.format(name=operation.id, wanted=_results(count), made=made)
                raise Violation(told)


def _results(count: int) -> str:
    return ngettext("{count} result", "{count} results", count).format(count=count)


def number_of(candidates: list[Candidate]) -> int:
    """How many results these are: a strip is one."""
    return len({each.strip or f"#{number}" for number, each in enumerate(candidates)})


def check_seeds(bench: Bench) -> None:
    """Another seed makes something else: else asking for three would give one three times.

    Not asked of operations that require a prompt: what they make may follow from the words alone.
    """
    asked = [each for each in bench.operations("generate") if each.prompt != "required"]
    if not asked:
        raise NotApplicable(_("What it makes may follow from the prompt alone."))
    for operation in asked:
        usual = [each for each in bench.usual(operation) if isinstance(each, Candidate)]
        others = bench.candidates(bench.wish(operation, seed=1234, count=1))
        if len({each.artifact.digest for each in usual + others}) == 1:
            sentence = _(
                "{name} makes the same from every seed. Draw from a generator of random numbers "
                "that is seeded with seed + n."
            )
            raise Violation(sentence.format(name=operation.id))


def check_own_seed(bench: Bench) -> None:
    """A result comes again from its own seed alone, whatever was made beside it.

    The board keeps the seed of each result, and *Make again* asks for that one.
    """
    for operation in bench.operations("generate"):
        usual = [each for each in bench.usual(operation) if isinstance(each, Candidate)]
        if len(usual) < 2 or usual[1].strip or usual[1].seed == usual[0].seed:
            continue
        (again, *_more) = bench.candidates(bench.wish(operation, seed=usual[1].seed, count=1))
        if again.artifact.digest != usual[1].artifact.digest:
            sentence = _(
                "The second result of {name} does not come again from its own seed. Draw result n "
                "from seed + n alone, and from nothing that was drawn for the others."
            )
            raise Violation(sentence.format(name=operation.id))

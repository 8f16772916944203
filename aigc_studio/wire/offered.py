"""What is wrong with what a generator offers: its titles, its operations, its forms, as sentences.

A plugin with such a fault works as far as it can. Its author is told when it is loaded, and by the
conformance kit. Needs no plugin: the description is enough.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from aigc_studio.api.description import Description, Operation
from aigc_studio.translation import Localized, _, enumerated

TAKEN: Mapping[str, frozenset[str]] = {
    "any": frozenset(
        ("help", "here", "json", "model", "operation", "out", "parameters", "plugin", "seed", "set",
         "traceback")
    ),
    "generate": frozenset(
        ("animation", "control", "controls", "count", "crisp", "enlarge", "format", "latents",
         "no_label", "no_prompt", "prompt", "resume", "stream", "to_data")
    ),
    "edit": frozenset(
        ("animation", "artifacts", "bars", "control", "controls", "count", "crisp", "encoding",
         "enlarge", "feather", "frame", "grow", "input", "latents", "mask", "no_label", "no_prompt",
         "part", "prompt", "selections", "span", "stream")
    ),
    "train": frozenset(
        ("attributes", "data", "dataset", "discard", "encoding", "from", "group_column", "keep",
         "label_column", "list", "minutes", "no_measure", "part", "processes", "resume", "steps",
         "text_column", "threads")
    ),
    "evaluate": frozenset(("artifacts", "data", "dataset", "encoding", "input", "part")),
}  # fmt: skip
"""Flags of the shell and fields of requests, by verb: a parameter called so could not be set by its
name in the shell, and an error that names it could mean either."""

KINDS = ("integer", "number", "boolean", "string")


def all_faults(about: Description) -> Iterator[str]:
    """Everything that the three below say."""
    yield from title_faults(about)
    yield from operation_faults(about)
    yield from form_faults(about)


def title_faults(about: Description) -> Iterator[str]:
    """A sentence for each title that says nothing in one of its languages."""
    yield from _unsaid(about.title, _("the title"))
    for operation in about.operations:
        yield from _unsaid(operation.title, _("the title of {name}").format(name=operation.id))


def operation_faults(about: Description) -> Iterator[str]:
    """A sentence for what does not fit the verb of an operation."""
    for operation in about.operations:
        yield from _misfits(operation)


def _misfits(operation: Operation) -> Iterator[str]:
    fits = 1 <= operation.artifacts <= 2 if operation.verb == "edit" else True
    if operation.verb in ("train", "generate"):
        fits = operation.artifacts == 0 and operation.selection == "none"
    if not fits:
        sentence = _(
            "The operation {name} says that {count} artifacts go in: edit takes 1 or 2, train "
            "and generate take none and no selection."
        )
        yield sentence.format(name=operation.id, count=operation.artifacts)
    if operation.data != "none" and (operation.verb, operation.artifacts) != ("evaluate", 1):
        sentence = _(
            "The operation {name} asks for the data that the model learnt from: only an "
            "evaluate of an item (artifacts=1) gets it."
        )
        yield sentence.format(name=operation.id)
    if operation.prompt == "required" and not operation.prompt_example:
        sentence = _("The operation {name} requires a prompt: give it a prompt_example.")
        yield sentence.format(name=operation.id)


def form_faults(about: Description) -> Iterator[str]:
    """A sentence for each parameter that a form cannot show, or a shell cannot set."""
    sentence = _("The parameter {name} of {operation}: {problem}.")
    for operation, name, field in _fields(about):
        problem = _name_problem(operation, name) or _field_problem(field)
        if problem:
            yield sentence.format(name=name, operation=operation.id, problem=problem)


def _fields(about: Description) -> Iterator[tuple[Operation, str, Mapping[str, Any]]]:
    for verb in about.verbs:
        for operation in about.of_verb(verb):
            for name, field in operation.schema.get("properties", {}).items():
                yield operation, name, field


def _name_problem(operation: Operation, name: str) -> str:
    if name in TAKEN["any"] or name in TAKEN.get(operation.verb, ()):
        return _("the studio already has something of this name; rename it")
    return ""


def _field_problem(field: Mapping[str, Any]) -> str:
    shown = field.get("x-ui")
    if not shown or not shown.get("label"):
        return _("it has no label; make it with parameter(default, label)")
    if "default" not in field:
        return _("it has no default")
    if field.get("type") not in KINDS:
        return _("a form can show only int, float, bool, str and Literal of strings")
    return _default_problem(field) or _shown_problem(field, shown)


def _default_problem(field: Mapping[str, Any]) -> str:
    default, kinds = field["default"], {"integer": int, "number": (int, float), "boolean": bool}
    kind: Any = kinds.get(field["type"], str)
    if not isinstance(default, kind) or (isinstance(default, bool) != (kind is bool)):
        return _("its default {value} is of another type").format(value=default)
    choices = field.get("enum") or ([field["const"]] if "const" in field else None)
    if choices is not None and default not in choices:
        return _("its default {value} is not one of its choices").format(value=default)
    low, high = field.get("minimum"), field.get("maximum")
    if (low is not None and default < low) or (high is not None and default > high):
        return _("its default {value} is out of its range").format(value=default)
    return ""


def _shown_problem(field: Mapping[str, Any], shown: Mapping[str, Any]) -> str:
    unknown = set(shown.get("choices", {})) - set(field.get("enum", shown.get("choices", {})))
    if unknown:
        return _("it labels choices that it does not have: {names}").format(
            names=enumerated(sorted(unknown))
        )
    if shown.get("scale") == "log" and not field.get("minimum", 0) > 0:
        return _("a logarithmic scale needs a minimum above 0")
    if shown.get("step") is not None and not shown["step"] > 0:
        return _("its step must be above 0")
    return ""


def _unsaid(value: Localized, what: str) -> Iterator[str]:
    words = [value] if isinstance(value, str) else list(value.values())
    if not words or not all(isinstance(word, str) and word.strip() for word in words):
        yield _("{what} is empty.").format(what=what.capitalize())

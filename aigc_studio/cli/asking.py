"""What generate, edit and train share: the generator, its operation, parameters, model and seed."""

from __future__ import annotations

import argparse
import math
import secrets
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from aigc_studio.api import Description, Event, Operation, StudioError
from aigc_studio.api.requests import Request
from aigc_studio.api.spelling import Spellings
from aigc_studio.cli import choosing
from aigc_studio.cli.console import Console
from aigc_studio.cli.unplaced import flags_of, meant, unplaced
from aigc_studio.translation import _, enumerated, localized
from aigc_studio.wire.parameters import in_effect, wrong_values

if TYPE_CHECKING:
    from aigc_studio.cli.growing import Growing
    from aigc_studio.cli.here import Running
    from aigc_studio.host import PluginRecord


def describe(record: PluginRecord) -> Description:
    """The description of a record that `choosing` gave."""
    if record.description is None:
        raise StudioError(record.reason)
    return record.description


def find_operation(description: Description, verb: str, key: str) -> Operation:
    """The operation asked for, or the first of the verb. Raises `StudioError`."""
    offered = description.of_verb(verb)
    if not offered:
        sentence = _("{generator} cannot do this: it offers {verbs}.")
        verbs = enumerated(description.verbs) or _("nothing")
        raise StudioError(sentence.format(generator=description.id, verbs=verbs))
    if not key:
        return offered[0]
    for operation in offered:
        if operation.id == key:
            return operation
    sentence = _("{generator} has no operation {operation}. It has: {operations}.")
    names = enumerated(operation.id for operation in offered)
    raise StudioError(sentence.format(generator=description.id, operation=key, operations=names))


def begin(
    arguments: argparse.Namespace, verb: str, console: Console
) -> tuple[PluginRecord, Operation] | None:
    """The generator and the operation of `verb` that were named.

    None when only its parameters were asked for; they are listed then. Raises `StudioError`.
    """
    record = choosing.chosen(arguments, arguments.generator)
    description = describe(record)
    arguments.generator = description.id
    operation = find_operation(description, verb, arguments.operation)
    if not arguments.parameters:
        return record, operation
    list_parameters(operation, console, description.of_verb(verb))
    return None


def parse_parameters(operation: Operation, arguments: argparse.Namespace) -> dict[str, Any]:
    """The parameters in effect: those given by `--set NAME=VALUE` and `--NAME VALUE`, as the
    schema types them, and the defaults of the others.

    Raises `StudioError` with all values at once that the schema does not allow.
    """
    properties: Mapping[str, Any] = operation.schema.get("properties", {})
    given: dict[str, Any] = {}
    for name, value in _pairs(arguments):
        key = name.replace("-", "_")
        if key not in properties:
            raise StudioError(_no_parameter(operation, name, properties, flags_of(arguments)))
        given[key] = _typed(key, value, properties[key])
    refuse_wrong(wrong_values(operation.schema, given))
    return in_effect(operation.schema, given)


def _no_parameter(
    operation: Operation, name: str, properties: Iterable[str], flags: Sequence[str]
) -> str:
    """That there is none of this name, and what may have been meant: a flag, mistyped, as well."""
    own = [f"--{each.replace('_', '-')}" for each in properties]
    near = meant(f"--{name}", [*own, *flags])
    names = enumerated(properties) or _("none")
    sentence = _("{operation} has no parameter {name}. It has: {names}.")
    if near:
        sentence = _("{operation} has no parameter {name}: did you mean {near}? It has: {names}.")
    return sentence.format(operation=operation.id, name=name, near=near, names=names)


def refuse_wrong(errors: Mapping[str, str]) -> None:
    """Raise `RunFailed` with all of the errors (`{field: sentence}`), if there are any."""
    if errors:
        from aigc_studio.host.run_errors import RunError, RunFailed

        sentence = next(iter(errors.values()))
        raise RunFailed(RunError(sentence, errors=errors, mendable=True))


def _pairs(arguments: argparse.Namespace) -> Iterator[tuple[str, str]]:
    for setting in arguments.settings:
        name, equals, value = setting.partition("=")
        if not equals:
            raise StudioError(_("--set needs NAME=VALUE, not {word}.").format(word=setting))
        yield name.strip(), value
    words = list(arguments.rest)
    while words:
        word = words.pop(0)
        if not word.startswith("--"):
            raise StudioError(unplaced(arguments, [word, *words]))
        name, equals, value = word[2:].partition("=")
        if not equals:
            if not words:
                raise StudioError(_("{word} needs a value after it.").format(word=word))
            value = words.pop(0)
        yield name, value


def _typed(name: str, value: str, schema: Mapping[str, Any]) -> Any:
    kind = schema.get("type")
    try:
        if kind == "integer":
            return int(value)
        if kind == "number":
            number = float(value)
            if not math.isfinite(number):
                raise ValueError(value)
            return number
        if kind == "boolean":
            return {"true": True, "yes": True, "1": True, "on": True}.get(value.lower()) or {
                "false": False, "no": False, "0": False, "off": False
            }[value.lower()]  # fmt: skip
    except (ValueError, KeyError):
        kinds = {"integer": _("a whole number"), "number": _("a number"), "boolean": _("yes or no")}
        sentence = _("The parameter {name} must be {kind}, not {value}.")
        raise StudioError(
            sentence.format(name=name, kind=kinds.get(str(kind), ""), value=value)
        ) from None
    choices = [each for each in schema.get("enum", ()) if isinstance(each, str)]
    place = Spellings(choices).find(value)
    return value if place is None else choices[place]


def list_parameters(
    operation: Operation, console: Console, offered: Sequence[Operation] = ()
) -> None:
    """Print the parameters of an operation, their range, default and help.

    Says whose they are, and which others of the same verb are `offered`.
    """
    properties: Mapping[str, Any] = operation.schema.get("properties", {})
    console.document(operation.schema)
    sentence = _("The parameters of {operation} (“{title}”):")
    console.say(sentence.format(operation=operation.id, title=localized(operation.title)))
    console.table(
        (_("parameter"), _("default"), _("range"), _("what it does")),
        [
            (
                "--" + name.replace("_", "-"),
                field.get("default", ""),
                _range(field),
                _sentence(field),
            )
            for name, field in properties.items()
        ],
    )
    others = enumerated(each.id for each in offered if each.id != operation.id)
    if others:
        console.say(_("Other operations: {operations}.").format(operations=others))


def _range(field: Mapping[str, Any]) -> str:
    if "enum" in field:
        return " | ".join(map(str, field["enum"]))
    low, high = field.get("minimum"), field.get("maximum")
    if low is None and high is None:
        return ""
    return f"{'' if low is None else low} … {'' if high is None else high}"


def _sentence(field: Mapping[str, Any]) -> str:
    shown = field.get("x-ui", {})
    label, unit, told = (localized(shown.get(key, "")) for key in ("label", "unit", "help"))
    label = (
        _("{label} ({unit})").format(label=label, unit=unit) if label and unit else label or unit
    )
    both = label and told
    return _("{title}: {value}").format(title=label, value=told) if both else label or told


def choose_seed(seed: int | None) -> int:
    """The seed given, or a new one of up to nine digits that is easy to type again."""
    return secrets.randbelow(10**9) if seed is None else seed


@contextmanager
def running(
    record: PluginRecord,
    verb: str,
    request: Request,
    console: Console,
    *,
    fresh: bool = False,
    processes: int = 1,
) -> Iterator[Running]:
    """One action in a worker of its own, of several `processes` where it is a training; the worker
    is gone when the block ends.

    After an exception (Ctrl+C) that takes a second at most, whatever the plugin does.
    """
    from aigc_studio.host import WorkerPool

    if choosing.is_here(record):
        from aigc_studio.cli import here

        assert isinstance(record, here.HereRecord)
        with here.running(record, verb, request, processes) as run_here:
            yield run_here
        return
    pool = WorkerPool(request.folder, threads=request.threads)
    run = pool.start(record, verb, request, fresh=fresh, processes=processes)
    try:
        yield run
    except BaseException:
        run.cancel()
        run.wait(1.0)
        pool.close(0.1)
        raise
    pool.close()
    if record.source.origin == "path":  # named by its path: whoever asks is its author
        for sentence in run.outdated:
            console.note(sentence)


def events(
    record: PluginRecord,
    verb: str,
    request: Request,
    console: Console,
    show: Callable[[Event], None] | None = None,
    growing: Growing | None = None,
) -> Generator[Event]:
    """The events of one action, shown as they come. Raises `StudioError` when it fails.

    `show` takes the console's place in showing them. With `growing`, Ctrl+C stops the action while
    something grows: then the events end.
    """
    show = show or console.event
    with ExitStack() as stack:
        run = stack.enter_context(running(record, verb, request, console))
        if growing is not None:
            stack.enter_context(growing.heeding(run))
        for event in run.events():
            if growing is not None:
                growing.take(event)
            show(event)
            yield event
    console.end_progress()

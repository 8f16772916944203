"""One action from its request to its end; a `yield` is where pause, stop and cancel take effect."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from aigc_studio import translation
from aigc_studio.api.description import Description
from aigc_studio.api.events import Event, Message
from aigc_studio.api.requests import EditRequest, Request
from aigc_studio.translation import _, ngettext
from aigc_studio.wire import InvalidRequest, check_request, decode_request, validate_parameters
from aigc_studio.wire.checks import find_operation
from aigc_studio.wire.places import at, place_in, place_of, problem_of, stack_of
from aigc_studio.worker import threads
from aigc_studio.worker.control import Control
from aigc_studio.worker.outbox import Outbox
from aigc_studio.worker.outcomes import Outcome, failed, title_of
from aigc_studio.worker.plugin import Plugin
from aigc_studio.worker.results import BadAnnotation, BadResult, Fence
from aigc_studio.worker.seeds import seed_everything
from aigc_studio.worker.tally import Tally

_ends = {"": "done", "cancel": "cancelled", "stop": "stopped", "quit": "stopped"}

MOST_REMARKS = 3
"""So many remarks for a plugin's author are told in one run."""


def run_action(
    plugin: Plugin,
    document: Mapping[str, Any],
    control: Control,
    outbox: Outbox,
    told: Callable[[str], None],
    check: Callable[[Event], None] | None = None,
) -> Outcome:
    """Run one action to its end, whatever it is. Never raises anything of the plugin's.

    `check` may raise `StudioError` for an event that must not be: the action ends with that.
    """
    try:
        request = begin(plugin, document)
        told("started")
        action = performed(plugin, str(document["verb"]), request, control, told, _log)
        return Outcome(_ends[_sent(action, outbox, check)])
    except BaseException as error:
        outcome = failed(plugin, error)
        if not outcome.mendable and outcome.details:
            _log(outcome.details)
        return outcome


def begin(plugin: Plugin, document: Mapping[str, Any]) -> Request:
    """Make ready for an action: its language, its folder, its seeds, and its request, checked.

    Raises `InvalidRequest`.
    """
    translation.set_language(str(document.get("language", "en")))
    request = prepare(plugin.description, document)
    Path(request.folder).mkdir(parents=True, exist_ok=True)
    seed_everything(request.seed, request.threads)
    return request


def _sent(
    action: Generator[Event, None, str], outbox: Outbox, check: Callable[[Event], None] | None
) -> str:
    """Send what an action yields; gives how it ended."""
    try:
        while True:
            try:
                event = next(action)
            except StopIteration as end:
                return str(end.value)
            if check is not None:
                check(event)
            outbox.put(event)
    finally:
        action.close()
        outbox.flush()


def _log(words: str) -> None:
    """Into the worker's log."""
    print(words, file=sys.stderr)  # noqa: T201


def prepare(description: Description, document: Mapping[str, Any]) -> Request:
    """The request with everything checked and filled in. Raises `InvalidRequest`: all at once."""
    request = decode_request(document)
    verb = str(document["verb"])
    errors = check_request(description, verb, request)
    operation = find_operation(description, verb, request.operation)
    if operation is not None:
        request, found = _with_parameters(request, operation.parameters)
        errors |= {name: sentence for name, sentence in found.items() if name not in errors}
        request = replace(request, operation=operation.id)
    if errors:
        raise InvalidRequest(errors)
    if isinstance(request, EditRequest):
        return _filled(request)
    return request


def _with_parameters(request: Request, model: Any) -> tuple[Request, dict[str, str]]:
    values, errors = validate_parameters(model, request.parameters)
    return replace(request, parameters=values), errors


def _filled(request: EditRequest) -> EditRequest:
    """Selections and latents made as long as the artifacts."""
    nothing = (None,) * len(request.artifacts)
    return replace(
        request, selections=request.selections or nothing, latents=request.latents or nothing
    )


def performed(
    plugin: Plugin,
    verb: str,
    request: Request,
    control: Control,
    told: Callable[[str], None],
    note: Callable[[str], None],
) -> Generator[Event, None, str]:
    """What an action yields, passed by the fence; returns `stop`, `cancel`, `quit` or nothing.

    `told` hears of states, `note` of what is for the plugin's author. Raises `BadResult`, and what
    the plugin raises.
    """
    action = _called(plugin, verb, request)
    fence, tally = Fence(plugin.description, request), Tally(request)
    try:
        while not (ending := control.hold(told)):
            try:
                event: Event | None = _passed(fence, next(action), action, plugin)
            except StopIteration:
                _check_made(tally, plugin, verb)
                break
            except BadAnnotation as error:
                fence.leave_out(error)
                event = None  # nothing but a remark is told
            if event is not None:
                tally.count(event)
                yield event
            for remark in (*_remarks(fence, plugin), *_of_threads(plugin)):
                note(remark)
                yield Message(remark, "warning")
        if ending:
            told("closing")
    finally:
        _close(action)
    at_end = (tally.remark(title_of(plugin)), _more_left_out(plugin, fence), *_of_threads(plugin))
    for remark in at_end:
        if remark:
            yield Message(remark, "warning")
    return ending


def _check_made(tally: Tally, plugin: Plugin, verb: str) -> None:
    """Raise `BadResult`, with the place of the hook, where an action made not what it had to."""
    try:
        tally.check()
    except BadResult as error:
        error.place = plugin.place_of(verb)
        raise


def _called(plugin: Plugin, verb: str, request: Request) -> Iterator[Any]:
    returned = plugin.call(verb, request)
    try:
        return iter(returned)
    except TypeError:
        sentence = _("{verb}() returned {kind}, and must yield events")
        error = BadResult(sentence.format(verb=verb, kind=type(returned).__name__))
        error.place = plugin.place_of(verb)
        raise error from None


def _remarks(fence: Fence, plugin: Plugin) -> list[str]:
    """Which words were left out, once and of the first few: for who runs it, who may be the
    author."""
    sentence = _("For the author of the plugin {name}: {problem}.")
    new = fence.remarks[len(fence.told) : MOST_REMARKS]
    fence.told.extend(new)
    return [sentence.format(name=title_of(plugin), problem=problem) for problem in new]


def _of_threads(plugin: Plugin) -> list[str]:
    """What broke in threads of the plugin, which end without a word otherwise."""
    sentence = _("A thread of the plugin {name} broke: {problem}.")
    problems = [at(problem_of(error), place_of(error, plugin.root)) for error in threads.faults()]
    return [
        sentence.format(name=title_of(plugin), problem=each) for each in problems[:MOST_REMARKS]
    ]


def _more_left_out(plugin: Plugin, fence: Fence) -> str:
    """A sentence where more than the one that was told of does not fit."""
    count = fence.misfits
    if count < 2:
        return ""
    sentence = ngettext(
        "{count} annotation of the plugin {name} does not fit and was left out: {problem}.",
        "{count} annotations of the plugin {name} do not fit and were left out. Of the first: "
        "{problem}.",
        count,
    )
    return sentence.format(count=count, name=title_of(plugin), problem=fence.first_misfit)


def _passed(fence: Fence, event: Any, action: Any, plugin: Plugin) -> Event:
    try:
        return fence.passed(event)
    except BadResult as error:
        # Asked here, while the action still stands at the `yield` of what was wrong.
        error.place, error.stack = place_in(action, plugin.root), stack_of(action)
        raise


def _close(action: Iterator[Any]) -> None:
    """End the action where it stands: it may write down where it was, and yield no more."""
    close = getattr(action, "close", None)
    if close is not None:
        close()

"""One action from its request to its end; a `yield` is where pause, stop and cancel take effect."""

from __future__ import annotations

import errno
import sys
import traceback
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from aigc_studio import files, translation
from aigc_studio.api.dataset import ABOUT, CONTENT, ROWS
from aigc_studio.api.description import Description
from aigc_studio.api.documents import Damaged
from aigc_studio.api.errors import GeneratorError, StudioError
from aigc_studio.api.events import Event, Message
from aigc_studio.api.fitting import plain_words, words
from aigc_studio.api.limits import DETAILS, SENTENCE
from aigc_studio.api.requests import EditRequest, Request
from aigc_studio.translation import Localized, _, localized, ngettext
from aigc_studio.wire import InvalidRequest, check_request, decode_request, validate_parameters
from aigc_studio.wire.checks import find_operation
from aigc_studio.wire.places import Place, at, kind_of, place_in, place_of, problem_of, stack_of
from aigc_studio.worker import threads
from aigc_studio.worker.control import Control
from aigc_studio.worker.outbox import Outbox
from aigc_studio.worker.plugin import Plugin
from aigc_studio.worker.results import BadAnnotation, BadResult, Fence
from aigc_studio.worker.seeds import seed_everything
from aigc_studio.worker.tally import Tally

_TABLES = (ABOUT, ROWS, CONTENT)
"""The files of a dataset."""
_GONE = {errno.ENOENT, errno.ENOTDIR, getattr(errno, "ESTALE", errno.ENOENT)}
_STUDIO = Path(__file__).resolve().parents[1]

_ends = {"": "done", "cancel": "cancelled", "stop": "stopped", "quit": "stopped"}

MOST_REMARKS = 3
"""So many remarks for a plugin's author are told in one run."""


@dataclass(frozen=True)
class Outcome:
    """How an action ended: `done`, `stopped`, `cancelled`, or `failed` with the reason.

    `mendable` tells a sentence for the person from a bug of the plugin's; `place` is the line of
    the plugin's own code that such a bug was met in.
    """

    state: str
    sentence: Localized = ""
    parameter: str = ""
    details: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    mendable: bool = False
    place: Place | None = None

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, cut: a plugin's own error may be of any length."""
        return vars(self) | {
            "sentence": words(self.sentence, "error", "sentence", most=SENTENCE, lines=20),
            "parameter": plain_words(str(self.parameter)),
            "details": self.details[-DETAILS:],
            "errors": {
                plain_words(str(key)): plain_words(each, SENTENCE, 20)
                for key, each in self.errors.items()
            },
            "place": self.place and self.place.to_json(),
        }


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


def failed(plugin: Plugin, error: BaseException) -> Outcome:
    """What is told of an error that ended an action, while it is handled."""
    try:
        return _failed(plugin, error)
    except BaseException:  # the plugin's error is of a kind that breaks who looks at it
        sentence = _("The plugin {name} broke: {problem}.")
        problem = problem_of(error)
        return Outcome("failed", sentence.format(name=_title(plugin), problem=problem))


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


def _failed(plugin: Plugin, error: BaseException) -> Outcome:
    if isinstance(error, InvalidRequest):
        return Outcome("failed", str(error), errors=_sentences(error.errors), mendable=True)
    if isinstance(error, GeneratorError):
        return _told(plugin, error)
    if isinstance(error, StudioError):
        return Outcome("failed", str(error), details=_traceback(), mendable=True)
    if isinstance(error, BadResult):
        sentence = _("The plugin {name} did not keep to the rules: {problem}.")
        problem = at(str(error), error.place)
        sentence = sentence.format(name=_title(plugin), problem=problem)
        return Outcome("failed", sentence, details=error.stack, place=error.place)
    details = _traceback()
    if isinstance(error, OSError) and error.errno in files.FULL:  # nobody's bug
        sentence = _(
            "There is no room left on the disk for what the plugin {name} writes. Make room, then "
            "go on or try again."
        )
        return Outcome("failed", sentence.format(name=_title(plugin)), "", details, mendable=True)
    if reason := _lost_data(error, plugin.root):  # nor this
        sentence = _(
            "The data cannot be read any more ({reason}), because another program has changed it: "
            "import it again."
        )
        return Outcome("failed", sentence.format(reason=reason), "", details, mendable=True)
    place = place_of(error, plugin.root)
    sentence = _broken(plugin, error, place)
    return Outcome("failed", sentence, details=details, place=place)


def _lost_data(error: BaseException, root: Path) -> str:
    """What is the matter with a dataset's own file that was whole when it was asked for; empty for
    every other error."""
    if isinstance(error, OSError) and error.errno in _GONE and _is_ours(error, root):
        name = Path(str(error.filename)).name
        return f"{name}: {error.strerror}" if name in _TABLES else ""
    return str(error) if isinstance(error, Damaged) and str(error).startswith(_TABLES) else ""


def _is_ours(error: BaseException, root: Path) -> bool:
    """Whether the studio's own code met with it, and not the plugin, which may have such files."""
    ours = False
    for frame, _line in traceback.walk_tb(error.__traceback__):
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(root):
            ours = False
        elif path.is_relative_to(_STUDIO):
            ours = True
    return ours


def _sentences(errors: Mapping[str, str]) -> dict[str, str]:
    """Those of the errors that are sentences: a plugin may raise an `InvalidRequest` as well."""
    return {str(key): each for key, each in errors.items() if isinstance(each, str)}


_FIELDS = frozenset(
    ("", "prompt", "count", "seed", "model", "controls", "artifacts", "selections", "latents",
     "dataset", "steps", "minutes", "operation")
)  # fmt: skip
"""What a sentence may stand beside that is no parameter of the plugin's own."""


def _told(plugin: Plugin, error: GeneratorError) -> Outcome:
    """What a plugin has to say to the person. Beside no field it stands by itself, and the author
    is told that there is none of that name."""
    chinese = isinstance(error.zh, str) and error.zh
    sentence: Localized = {"en": str(error), "zh": error.zh} if chinese else str(error)
    parameter = error.parameter if isinstance(error.parameter, str) else ""
    errors = {parameter: localized(sentence)} if parameter else {}
    details = "\n\n".join(filter(None, (_misplaced(plugin, parameter), _traceback())))
    return Outcome("failed", sentence, parameter, details, errors, True)


def _misplaced(plugin: Plugin, parameter: str) -> str:
    """That no operation has a field of this name, for the author; empty where one has."""
    schemas = [operation.schema for operation in plugin.description.operations]
    known = _FIELDS.union(*(schema.get("properties", {}) for schema in schemas))
    if parameter in known:
        return ""
    sentence = _(
        "The GeneratorError of {name} names the parameter {parameter}, which none of its "
        "operations has: the sentence stands beside no field."
    )
    return sentence.format(name=_title(plugin), parameter=parameter)


def _traceback() -> str:
    """Of the exception that is being handled; what it says of itself may be broken as well."""
    try:
        return traceback.format_exc()
    except BaseException:
        return ""


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
    at_end = (tally.remark(_title(plugin)), _more_left_out(plugin, fence), *_of_threads(plugin))
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
    return [sentence.format(name=_title(plugin), problem=problem) for problem in new]


def _of_threads(plugin: Plugin) -> list[str]:
    """What broke in threads of the plugin, which end without a word otherwise."""
    sentence = _("A thread of the plugin {name} broke: {problem}.")
    problems = [at(problem_of(error), place_of(error, plugin.root)) for error in threads.faults()]
    return [sentence.format(name=_title(plugin), problem=each) for each in problems[:MOST_REMARKS]]


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
    return sentence.format(count=count, name=_title(plugin), problem=fence.first_misfit)


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


def _title(plugin: Plugin) -> str:
    return localized(plugin.description.title)


def _broken(plugin: Plugin, error: BaseException, place: Place | None) -> str:
    if kind_of(error) == "BdbQuit":
        sentence = _(
            "The plugin {name} came to a breakpoint: {place}. A worker has no keyboard: run it in "
            "a shell, with --here."
        )
        return sentence.format(name=_title(plugin), place=place or "breakpoint()")
    if _is_lack_of_memory(error):
        sentence = _(
            "The plugin {name} asked for more memory than there is ({problem}). Ask it for less, "
            "or close other programs."
        )
        return sentence.format(name=_title(plugin), problem=at(problem_of(error), place))
    sentence = _("The plugin {name} broke: {problem}.")
    return sentence.format(name=_title(plugin), problem=at(problem_of(error), place))


def _is_lack_of_memory(error: BaseException) -> bool:
    """Python's and numpy's own error, or one of torch's: of the graphics card, of the processor."""
    if isinstance(error, MemoryError) or kind_of(error) == "OutOfMemoryError":
        return True
    return isinstance(error, RuntimeError) and "can't allocate memory" in str(error)

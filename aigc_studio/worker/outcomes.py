"""How an action ended, and what is told of an error: whose it is, and what can be done."""

from __future__ import annotations

import errno
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from aigc_studio import files
from aigc_studio.api.dataset import ABOUT, CONTENT, ROWS
from aigc_studio.api.documents import Damaged
from aigc_studio.api.errors import GeneratorError, StudioError
from aigc_studio.api.fitting import plain_words, words
from aigc_studio.api.limits import DETAILS, SENTENCE
from aigc_studio.api.requests import EditRequest, EvaluateRequest, GenerateRequest, TrainRequest
from aigc_studio.translation import Localized, _, localized
from aigc_studio.wire import InvalidRequest
from aigc_studio.wire.places import Place, at, kind_of, place_of, problem_of
from aigc_studio.worker.plugin import Plugin
from aigc_studio.worker.results import BadResult

_TABLES = (ABOUT, ROWS, CONTENT)
"""The files of a dataset."""


_GONE = {errno.ENOENT, errno.ENOTDIR, getattr(errno, "ESTALE", errno.ENOENT)}


_STUDIO = Path(__file__).resolve().parents[1]


_FIELDS = frozenset(
    each.name
    for request in (GenerateRequest, EditRequest, TrainRequest, EvaluateRequest)
    for each in fields(request)
)
"""What a sentence may be about that is no parameter of the plugin's own."""


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


def failed(plugin: Plugin, error: BaseException) -> Outcome:
    """What is told of an error that ended an action, while it is handled."""
    try:
        return _failed(plugin, error)
    except BaseException:  # the plugin's error is of a kind that breaks who looks at it
        sentence = _("The plugin {name} broke: {problem}.")
        problem = problem_of(error)
        return Outcome("failed", sentence.format(name=title_of(plugin), problem=problem))


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
        sentence = sentence.format(name=title_of(plugin), problem=problem)
        return Outcome("failed", sentence, details=error.stack, place=error.place)
    details = _traceback()
    if isinstance(error, OSError) and error.errno in files.FULL:  # nobody's bug
        sentence = _(
            "There is no room left on the disk for what the plugin {name} writes. Free up space, "
            "then go on or try again."
        )
        return Outcome("failed", sentence.format(name=title_of(plugin)), "", details, mendable=True)
    if reason := _lost_data(error, plugin.root):  # nor this
        sentence = _(
            "The data can no longer be read ({reason}), because another program has changed it: "
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
    if not parameter or parameter in known:
        return ""
    sentence = _(
        "The GeneratorError of {name} names the parameter {parameter}, which none of its "
        "operations has: the sentence stands beside no field."
    )
    return sentence.format(name=title_of(plugin), parameter=parameter)


def _broken(plugin: Plugin, error: BaseException, place: Place | None) -> str:
    if kind_of(error) == "BdbQuit":
        sentence = _(
            "The plugin {name} came to a breakpoint: {place}. A worker has no keyboard: run it in "
            "a shell, with --here."
        )
        return sentence.format(name=title_of(plugin), place=place or "breakpoint()")
    if _is_lack_of_memory(error):
        sentence = _(
            "The plugin {name} asked for more memory than there is ({problem}). Ask it for less, "
            "or close other programs."
        )
        return sentence.format(name=title_of(plugin), problem=at(problem_of(error), place))
    sentence = _("The plugin {name} broke: {problem}.")
    return sentence.format(name=title_of(plugin), problem=at(problem_of(error), place))


def _is_lack_of_memory(error: BaseException) -> bool:
    """Python's and numpy's own error, or one of torch's: of the graphics card, of the processor."""
    if isinstance(error, MemoryError) or kind_of(error) == "OutOfMemoryError":
        return True
    return isinstance(error, RuntimeError) and "can't allocate memory" in str(error)


def title_of(plugin: Plugin) -> str:
    """What its author calls it."""
    return localized(plugin.description.title)


def _traceback() -> str:
    """Of the exception that is being handled; what it says of itself may be broken as well."""
    try:
        return traceback.format_exc()
    except BaseException:
        return ""

"""Lines from a worker, parsed without trusting it: whatever comes is a reply or a `BadLine`.

A plugin shares its process with the code that writes these lines: it can find the descriptor, and
can change that code. So each line is looked at here, on the window's side.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from aigc_studio.api import limits
from aigc_studio.api.documents import is_deeper
from aigc_studio.api.fitting import Misfit, plain_words
from aigc_studio.translation import _

STATES = ("done", "stopped", "cancelled", "failed")
_LOG_LINES = 10_000


class BadLine(ValueError):
    """A line that no worker of ours writes: `str()` is a phrase in the spoken language."""


def parse_line(line: bytes) -> dict[str, Any]:
    """A reply of a worker: a document with `is` and all that belongs to its kind. Raises `BadLine`.

    Words come cut to `limits`; events are mappings, and are looked at by `decode_event`.
    """
    if len(line) > limits.LINE_BYTES:
        raise BadLine(_("a line of more than {count} bytes").format(count=limits.LINE_BYTES))
    try:
        document = json.loads(line, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise BadLine(_("something that is not JSON")) from error
    if not isinstance(document, dict):
        raise BadLine(_("JSON of the type {kind}").format(kind=type(document).__name__))
    brackets = line.count(b"[") + line.count(b"{")
    if brackets > limits.DEPTH and is_deeper(document, limits.DEPTH):
        raise BadLine(_("JSON of more than {count} levels").format(count=limits.DEPTH))
    kind = document.get("is")
    if not isinstance(kind, str) or kind not in _parts:
        raise BadLine(_("a reply of no known kind"))
    try:
        return {"is": kind} | {name: fit(document[name]) for name, fit in _parts[kind].items()}
    except (KeyError, TypeError, ValueError) as error:
        sentence = _("a reply “{kind}” with something missing or wrong in it ({problem})")
        problem = str(error) if isinstance(error, Misfit) else plain_words(repr(error))
        raise BadLine(sentence.format(kind=kind, problem=problem)) from error


def _refuse(word: str) -> NoReturn:
    raise ValueError(word)


# The kinds of values


def _any(value: Any) -> Any:
    return value


def _of(*kinds: type) -> Callable[[Any], Any]:
    def fit(value: Any) -> Any:
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            raise TypeError(type(value).__name__)
        return value

    return fit


def _cut(most: int, lines: int = 1) -> Callable[[Any], str]:
    def fit(value: Any) -> str:
        if not isinstance(value, str):
            raise TypeError(type(value).__name__)
        return plain_words(value, most, lines)

    return fit


_sentence = _cut(limits.SENTENCE, 20)


def _details(value: Any) -> str:
    """The end of a traceback or a log: what happened last stands there."""
    if not isinstance(value, str):
        raise TypeError(type(value).__name__)
    return plain_words(value[-limits.DETAILS :], limits.DETAILS, _LOG_LINES)


def _state_of(*allowed: str) -> Callable[[Any], str]:
    def fit(value: Any) -> str:
        if not isinstance(value, str) or value not in allowed:
            raise ValueError("state")
        return value

    return fit


def _localized(value: Any) -> Any:
    """A sentence of a plugin's own error: a string, or one for each language."""
    if isinstance(value, str):
        return _sentence(value)
    if not isinstance(value, dict):
        raise TypeError(type(value).__name__)
    return {plain_words(key, 20): _sentence(each) for key, each in value.items() if each}


def _sentences(value: Any) -> dict[str, str]:
    """`{field: sentence}`."""
    if not isinstance(value, dict) or len(value) > 4 * limits.PARAMETERS:
        raise TypeError("errors")
    return {plain_words(key): _sentence(each) for key, each in value.items()}


def _path(value: Any) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise TypeError("path")
    return value


def _place(value: Any) -> dict[str, Any] | None:
    if value is None:
        return None
    line = _of(int)(value["line"])
    return {
        "file": _cut(4096)(value["file"]),
        "line": line if 0 <= line < 2**31 else 0,
        "function": _cut(limits.TITLE)(value["function"]),
    }


def _warnings(value: Any) -> list[str]:
    if not isinstance(value, list):
        raise TypeError(type(value).__name__)
    return [_sentence(each) for each in value[: limits.OPERATIONS]]


def _events(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise TypeError("events")
    return value


_parts: Mapping[str, Mapping[str, Callable[[Any], Any]]] = {
    "hello": {},
    "beat": {},
    "importing": {},
    "warmed": {"torch": _of(bool)},
    "loaded": {
        "description": _of(dict),
        "home": _path,
        "warnings": _warnings,
        "outdated": _warnings,
        "torch": _of(bool),
    },
    "refused": {
        "state": _state_of("failed", "incompatible"),
        "reason": _sentence,
        "details": _details,
        "place": _place,
    },
    "started": {"run": _any},
    "paused": {"run": _any},
    "resumed": {"run": _any},
    "closing": {"run": _any},
    "events": {"run": _any, "events": _events},
    "ended": {
        "run": _any,
        "state": _state_of(*STATES),
        "sentence": _localized,
        "parameter": _cut(limits.TITLE),
        "details": _details,
        "errors": _sentences,
        "mendable": _of(bool),
        "place": _place,
        "outdated": _warnings,
    },
}

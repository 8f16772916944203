"""Hooks that say they take another hook's request: what no type checker can notice.

A decorator does not know the name of what it marks, so that to a checker a `generate` which takes a
`TrainRequest` is as good a hook as a `train`.
"""

from __future__ import annotations

import inspect
import re
from typing import Any, get_origin

from aigc_studio.api.hookspecs import VERBS
from aigc_studio.translation import _

_REQUESTS = {verb: f"{verb.capitalize()}Request" for verb in VERBS}


def misread(plugin: Any) -> tuple[str, ...]:
    """A sentence for every hook whose annotation names the request of another."""
    sentences = []
    for verb, wanted in _REQUESTS.items():
        told = _request_of(getattr(plugin, verb, None))
        if told in _REQUESTS.values() and told != wanted:
            sentence = _("{verb}() says that it takes a {told}: what it is given is a {wanted}.")
            sentences.append(sentence.format(verb=verb, told=told, wanted=wanted))
    return tuple(sentences)


def _request_of(hook: Any) -> str:
    """The name of the class that a hook's `request` is annotated with; empty where it is not."""
    if not callable(hook):
        return ""
    try:
        annotation = inspect.get_annotations(inspect.unwrap(hook)).get("request", "")
    except (TypeError, ValueError):
        return ""
    if isinstance(annotation, str):
        found = re.match(r"(?:\w+\.)*(\w+)", annotation.strip("'\" "))
        return found[1] if found else ""
    kind: Any = get_origin(annotation)
    return str(getattr(annotation if kind is None else kind, "__name__", ""))

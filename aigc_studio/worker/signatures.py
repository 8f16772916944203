"""What is wrong with how hooks say they are called.

Hooks that say they take another hook's request are what no type checker can notice.

A decorator does not know the name of what it marks, so that to a checker a `generate` which takes a
`TrainRequest` is as good a hook as a `train`.
"""

from __future__ import annotations

import inspect
import re
from typing import Any, get_origin

from aigc_studio.api.hookspecs import HOOKS, VERBS
from aigc_studio.translation import _, enumerated

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


def surplus(plugin: Any) -> tuple[str, str]:
    """The first hook that takes what none is given, and a sentence with a place for the `{name}` of
    the plugin; two empty strings where there is none."""
    for hook in HOOKS:
        given = () if hook == "describe" else ("request",)
        wanted = [each for each in _wanted(getattr(plugin, hook, None)) if each not in given]
        if not wanted:
            continue
        sentence = _(
            "{hook}() of the plugin {name} takes {wanted}: a hook is given `request`, under this "
            "name, and nothing else."
        )
        if not given:
            sentence = _("{hook}() of the plugin {name} takes {wanted}: it is given nothing.")
        told = enumerated(f"`{each}`" for each in wanted)
        return hook, sentence.format(hook=hook, name="{name}", wanted=told)
    return "", ""


def _wanted(hook: Any) -> list[str]:
    """The arguments without which a hook cannot be called."""
    if not callable(hook):
        return []
    try:
        arguments = inspect.signature(hook).parameters.values()
    except (TypeError, ValueError):
        return []
    rest = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return [each.name for each in arguments if each.default is each.empty and each.kind not in rest]


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

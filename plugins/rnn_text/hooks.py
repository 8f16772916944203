"""Which function does an operation: each part of the plugin lists its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from aigc_studio.api import (
    EditRequest,
    EvaluateRequest,
    Event,
    GenerateRequest,
    Message,
    Parameters,
    StudioError,
)
from rnn_text.judging.operations import WORK as JUDGING
from rnn_text.operations import WORK as WRITING
from rnn_text.rewriting.parameters import RewriteParameters
from rnn_text.verse.operations import WORK as VERSE
from rnn_text.verse.parameters import ComposeParameters, RuleParameters
from rnn_text.writing.parameters import GenerateParameters

Asked = GenerateRequest | EditRequest | EvaluateRequest
"""What an operation is asked for by."""

WORK = {**WRITING, **JUDGING, **VERSE}
"""All of them, by the id of the operation."""

_PLAIN = {"compose": "generate", "rewrite-verse": "rewrite"}
"""What does the work of verse with a model that has learnt no verse."""

_PARAMETERS: Mapping[str, type[Parameters]] = {
    "generate": GenerateParameters,
    "compose": ComposeParameters,
    "rewrite": RewriteParameters,
    "rewrite-verse": RuleParameters,
}
"""What the operations go by that stand in for each other."""

_NO_VERSE = {
    "en": "This model has not learnt verse: it writes as it learnt, and keeps to no form.",
    "zh": "此模型没有学过诗：它按所学的方式写作，不守任何体裁。",
}


def work(request: Asked, usual: str) -> Iterator[Event]:
    """Do a request's operation; `usual` is what is done of one that names none.

    What is asked of the wrong kind of model is done as that model can: verse by a model of prose,
    a passage of a poem by one of verse.
    """
    operation = request.operation or usual
    suited = _suited(request, operation)
    if operation in _PLAIN and suited != operation:
        yield Message(_NO_VERSE)
    if suited != operation:
        request = replace(request, operation=suited, parameters=_shared(request, suited))
    yield from WORK[suited](request)


def _shared(request: Asked, operation: str) -> Parameters:
    """The parameters of another operation: of those asked for what it knows and takes."""
    kind, found = _PARAMETERS[operation], dict[str, Any]()
    for name, value in dict(request.parameters).items():
        if name in kind.model_fields:
            try:
                kind(**{name: value})
            except ValueError:  # out of its range: its default is better than a refusal
                continue
            found[name] = value
    return kind(**found)


def _suited(request: Asked, operation: str) -> str:
    if request.model is None or operation not in _PARAMETERS:
        return operation
    from rnn_text.model import open_model

    if open_model(request.model).kind != "verse":
        return _PLAIN.get(operation, operation)
    if operation == "generate":
        return "compose"
    if operation == "rewrite" and isinstance(request, EditRequest) and _marks_verse(request):
        return "rewrite-verse"
    return operation


def _marks_verse(request: EditRequest) -> bool:
    """Whether characters of a poem are marked."""
    from rnn_text.model import open_model
    from rnn_text.verse.rewriting import marked_verse
    from rnn_text.verse.voice import voice_of

    try:
        marked_verse(request, voice_of(open_model(request.model)))
    except StudioError:
        return False
    return True

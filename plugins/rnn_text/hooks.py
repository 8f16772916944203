"""Which function does an operation: each part of the plugin lists its own."""

from __future__ import annotations

from collections.abc import Iterator

from aigc_studio.api import (
    EditRequest,
    EvaluateRequest,
    Event,
    GenerateRequest,
    Message,
    StudioError,
)
from rnn_text.judging import WORK as JUDGING
from rnn_text.operations import WORK as WRITING
from rnn_text.verse.operations import WORK as VERSE

WORK = {**WRITING, **JUDGING, **VERSE}
"""All of them, by the id of the operation."""

_PLAIN = {"compose": "generate", "rewrite-verse": "rewrite"}
"""What does the work of verse with a model that has learnt no verse."""

_NO_VERSE = {
    "en": "This model has not learnt verse: it writes as it learnt, and keeps to no form.",
    "zh": "此模型没有学过诗：它按所学的方式写作，不守任何体裁。",
}


def work(request: GenerateRequest | EditRequest | EvaluateRequest, usual: str) -> Iterator[Event]:
    """Do a request's operation; `usual` is what is done of one that names none.

    What is asked of the wrong kind of model is done as that model can: verse by a model of prose,
    a passage of a poem by one of verse.
    """
    operation = request.operation or usual
    suited = _suited(request, operation)
    if operation in _PLAIN and suited != operation:
        yield Message(_NO_VERSE)
    yield from WORK[suited](request)


def _suited(request: GenerateRequest | EditRequest | EvaluateRequest, operation: str) -> str:
    if request.model is None or operation not in (*_PLAIN, "rewrite"):
        return operation
    from rnn_text.model import open_model

    if open_model(request.model).kind != "verse":
        return _PLAIN.get(operation, operation)
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

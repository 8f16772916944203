"""Which function does an operation: each part of the plugin lists its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from aigc_studio.api import EditRequest, EvaluateRequest, Event, GenerateRequest, GeneratorError
from rnn_melody.judging.operations import WORK as JUDGING
from rnn_melody.operations import WORK as WRITING

Asked = GenerateRequest | EditRequest | EvaluateRequest
"""What an operation is asked for by."""

WORK: Mapping[str, Callable[[Any], Iterator[Event]]] = {**WRITING, **JUDGING}
"""All of them, by the id of the operation."""


def work(request: Asked, usual: str) -> Iterator[Event]:
    """What the operation asked for does; `usual` where none is named. Raises GeneratorError."""
    found = WORK.get(request.operation or usual)
    if found is None:
        raise GeneratorError(
            "RNN melody cannot do this: choose another operation.",
            zh="RNN 旋律没有这项操作：请选择其他操作。",
            parameter="operation",
        )
    return found(request)

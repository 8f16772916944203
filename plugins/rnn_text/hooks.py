"""Which function does an operation: each part of the plugin lists its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from aigc_studio.api import EditRequest, EvaluateRequest, Event, GenerateRequest
from rnn_text.operations import WORK as WRITING
from rnn_text.verse.operations import WORK as VERSE

WORK = {**WRITING, **VERSE}
"""All of them, by the id of the operation."""


def work_for(
    request: GenerateRequest | EditRequest | EvaluateRequest, usual: str
) -> Callable[[Any], Iterator[Event]]:
    """The function of a request's operation; `usual` names that of one that names none."""
    return WORK[request.operation or usual]

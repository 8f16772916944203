"""What can be told of models and texts, as the description lists it, and what does it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from aigc_studio.api import EvaluateRequest, Event, Operation
from rnn_text.judging.parameters import CopiedParameters

OPERATIONS = (
    Operation(
        id="evaluate",
        verb="evaluate",
        title={"en": "How expected is this?", "zh": "意料之中吗？"},
        help={
            "en": "How probable each character was to the model after those before it.",
            "zh": "模型根据前文认为每个字符出现的可能性。",
        },
        artifacts=1,
    ),
    Operation(
        id="copied",
        verb="evaluate",
        title={"en": "What was copied?", "zh": "哪些是抄来的？"},
        help={
            "en": "Marks what stands in the training text as well, and says where it stands there.",
            "zh": "标出训练文本中也有的内容，并说明出处。",
        },
        parameters=CopiedParameters,
        artifacts=1,
        data="required",
    ),
)
"""Measure a model or tell how expected a text is, and tell what of it was copied."""


def _evaluate(request: EvaluateRequest) -> Iterator[Event]:
    from rnn_text.judging.evaluating import evaluate_text

    return evaluate_text(request)


WORK: Mapping[str, Callable[[Any], Iterator[Event]]] = {"evaluate": _evaluate, "copied": _evaluate}
"""The function of each operation, by its id."""

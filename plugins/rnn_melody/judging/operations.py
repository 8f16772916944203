"""What can be told of models and tunes, as the description lists it, and what does it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from aigc_studio.api import EvaluateRequest, Event, Operation
from rnn_melody.judging.parameters import CopiedParameters

OPERATIONS = (
    Operation(
        id="evaluate",
        verb="evaluate",
        title={"en": "How expected is this?", "zh": "意料之中吗？"},
        help={
            "en": "How probable each note was to the model after those before it.",
            "zh": "模型根据前面的音符认为每个音符出现的可能性。",
        },
        artifacts=1,
    ),
    Operation(
        id="copied",
        verb="evaluate",
        title={"en": "What was copied?", "zh": "哪些是抄来的？"},
        help={
            "en": "Marks what stands in a tune of the training data as well, in any key, and says "
            "in which.",
            "zh": "标出训练数据的曲子中也有的内容（不论调），并说明出自哪一首。",
        },
        parameters=CopiedParameters,
        artifacts=1,
        data="required",
    ),
)
"""Measure a model or tell how expected a tune is, and tell what of it was copied."""


def _evaluate(request: EvaluateRequest) -> Iterator[Event]:
    from rnn_melody.judging.evaluating import evaluate_melody

    return evaluate_melody(request)


WORK: Mapping[str, Callable[[Any], Iterator[Event]]] = {"evaluate": _evaluate, "copied": _evaluate}
"""The function of each operation, by its id."""

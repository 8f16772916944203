"""What can be told of models and tunes, as the description lists it, and what does it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from aigc_studio.api import EvaluateRequest, Event, Operation, Parameters, parameter


class CopiedParameters(Parameters):
    """From which length on a run counts as copied."""

    least: int = parameter(
        12,
        {"en": "At least", "zh": "至少"},
        help={
            "en": "Runs of so many intervals that stand in a tune of the data as well are marked, "
            "whatever key and rhythm they have. Real tunes share up to 16 with others.",
            "zh": "标出数据中的曲子也有的、不少于这么多音程的片段，不论调和节奏。"
            "真实曲子之间相同的可达 16 个。",
        },
        unit={"en": "intervals", "zh": "个音程"},
        minimum=6,
        maximum=1_000,
    )


OPERATIONS = (
    Operation(
        id="evaluate",
        verb="evaluate",
        title={"en": "How expected is this?", "zh": "这有多容易预料？"},
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

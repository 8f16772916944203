"""What *evaluate* tells of texts: nats on a dataset, and how expected each character is."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator

from aigc_studio.api import (
    Annotation,
    EvaluateRequest,
    Event,
    GeneratorError,
    Metric,
    Progress,
    Span,
)

_TELL_EVERY = 0.1


def judge_text(
    request: EvaluateRequest, chances: Callable[[str], Iterable[float]]
) -> Iterator[Event]:
    """Measure a dataset, or explain the text of the request, by a model's `chances`.

    `chances(text)` gives of each character, from the first, how probable it was after those before
    it: above 0, at most 1. Yields an Annotation for each character of a text; of a dataset Progress
    and the metric `nats_per_character`. Raises GeneratorError for texts without any character.
    """
    if request.artifact is not None:
        for place, chance in enumerate(chances(request.text.value)):
            told = f"{chance:.1%}" if chance >= 0.001 else f"{chance:.1e}"
            yield Annotation(Span(place, place + 1), min(max(chance, 0.0), 1.0), told)
    if request.dataset is None:
        return
    nats, count, told_at = 0.0, 0, 0.0
    for number, example in enumerate(request.dataset):
        for chance in chances(str(example.artifact)):
            nats, count = nats - math.log(chance), count + 1
            if count % 256 == 0 and time.monotonic() - told_at > _TELL_EVERY:
                told_at = time.monotonic()
                yield Progress(number, len(request.dataset))
        yield Progress(number + 1, len(request.dataset))
    if not count:
        raise GeneratorError(
            "The texts are all empty, so there is nothing to measure: choose other data.",
            zh="所有文本均为空，无可评估的内容：请选择其他数据。",
            parameter="dataset",
        )
    yield Metric("nats_per_character", nats / count)

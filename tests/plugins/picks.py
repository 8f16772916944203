"""Words that may come next in a text: those that stood there before after the same word.

After `slow` it takes its time, and after `broken` it fails.
"""

import time
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from aigc_studio.api import (
    Candidate,
    Description,
    Event,
    GeneratorError,
    Operation,
    Parameters,
    Progress,
    Text,
    hookimpl,
    parameter,
)


class Picking(Parameters):
    least: int = parameter(1, {"en": "At least", "zh": "至少"}, minimum=1, maximum=9)


@hookimpl
def describe() -> Description:
    return Description(
        id="picks",
        title={"en": "Word after word", "zh": "一词接一词"},
        medium=Text,
        operations=(
            Operation(
                id="shout", verb="edit", title={"en": "Shout", "zh": "大写"}, artifacts=1,
                selection="optional", model="none",
            ),
            Operation(
                id="pick", verb="edit", title={"en": "Pick what comes next", "zh": "挑选下一个"},
                artifacts=1, selection="required", model="none", pick=True, parameters=Picking,
            ),
        ),
    )  # fmt: skip


@hookimpl
def edit(request: Any) -> Iterator[Event]:
    text, span = request.text.value, request.span
    if request.operation == "shout":
        for number in range(request.count):
            yield Candidate(Text(text[span.start : span.stop].upper() + "!" * number), part=True)
        return
    before = text[: span.stop].split() or [""]
    if before[-1] == "broken":
        raise GeneratorError("Nobody knows what comes next.", zh="没人知道接下来是什么。")
    for step in range(100 * (before[-1] == "slow")):
        time.sleep(0.01)
        yield Progress(step, 100)
    words = text.split()
    after = Counter(second for first, second in pairwise(words) if first == before[-1])
    after += Counter(dict.fromkeys(words, 0))
    likely = [each for each in after.most_common() if each[1] >= request.parameters.least]
    total = sum(count for _word, count in likely)
    space = "" if text[: span.stop].endswith(" ") else " "
    for word, count in likely[: request.count]:
        yield Candidate(Text(space + word), probability=count / total, part=True)

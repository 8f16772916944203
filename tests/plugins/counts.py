"""A generator of text whose model is a document: which letter follows which, without torch."""

import random
from collections.abc import Iterator, Mapping
from typing import Any

from aigc_studio.api import (
    Candidate,
    Description,
    EvaluateRequest,
    Event,
    Example,
    GenerateRequest,
    GeneratorError,
    Metric,
    Operation,
    Parameters,
    Text,
    TrainRequest,
    hookimpl,
    load_model,
    parameter,
)
from aigc_studio.toolkit import counting_loop


class Learning(Parameters):
    order: int = parameter(2, {"en": "Memory", "zh": "记忆长度"}, minimum=1, maximum=8)


@hookimpl
def describe() -> Description:
    return Description(
        id="counts",
        title={"en": "Counts", "zh": "计数"},
        medium=Text,
        version="2.5",
        operations=(
            Operation(
                id="learn", verb="train", title={"en": "Count", "zh": "计数"}, parameters=Learning
            ),
        ),
    )


class Chain:
    def __init__(self, order: int = 1) -> None:
        self.order = order
        self.counts: dict[str, dict[str, int]] = {}

    def learn(self, example: Example) -> Mapping[str, float]:
        text = example.artifact
        assert isinstance(text, Text)
        for place, letter in enumerate(text.value):
            after = self.counts.setdefault(text.value[max(0, place - self.order) : place], {})
            after[letter] = after.get(letter, 0) + 1
        return {"contexts": len(self.counts)}

    def contents(self) -> tuple[dict[str, Any], None]:
        return {"order": self.order, "counts": self.counts}, None

    def restore(self, document: dict[str, Any], arrays: object) -> None:
        try:
            self.order, self.counts = int(document["order"]), dict(document["counts"])
        except (KeyError, TypeError, ValueError) as error:
            raise GeneratorError(
                "This is no model of counts. Choose another one.", parameter="model"
            ) from error

    def write(self, length: int, rng: random.Random) -> Text:
        text = ""
        while len(text) < length:
            after = sorted(self.counts.get(text[-self.order :], self.counts.get("", {})).items())
            if not after:
                break
            text += rng.choices([letter for letter, _n in after], [n for _letter, n in after])[0]
        return Text(text)


@hookimpl
def train(request: TrainRequest[Learning]) -> Iterator[Event]:
    return counting_loop(
        request,
        Chain(request.parameters.order),
        card=lambda chain: {"order": chain.order},
        sample=lambda chain: chain.write(60, random.Random(1)),
        evaluate=lambda chain: {"contexts": float(len(chain.counts))},
    )


def opened(request: Any) -> Chain:
    chain = Chain()
    chain.restore(*load_model(request.model))
    return chain


@hookimpl
def generate(request: GenerateRequest) -> Iterator[Event]:
    chain = opened(request)
    for n in range(request.count):
        yield Candidate(chain.write(80, random.Random(request.seed + n)))


@hookimpl
def evaluate(request: EvaluateRequest) -> Iterator[Event]:
    yield Metric("contexts", float(len(opened(request).counts)))

"""A generator of texts with a measure of its own: how warm a text is, by its longest word.

In windows under test its measuring plays what a test wrote down for it, if anything.
"""

import contextlib
import json
from collections.abc import Iterator
from typing import Any

import numpy as np
from safetensors.numpy import save_file

from aigc_studio.api import (
    Candidate,
    Checkpoint,
    Description,
    Event,
    Measure,
    Metric,
    Progress,
    Text,
    hookimpl,
)

lines: Any = ()
with contextlib.suppress(ImportError):  # in a process of its own it is not there
    from thread_workers import script

    lines = script.lines


@hookimpl
def describe() -> Description:
    return Description(
        id="judged",
        title={"en": "Judged", "zh": "评判"},
        medium=Text,
        verbs=("train", "generate", "evaluate"),
        metrics={
            "warmth": Measure(title={"en": "Warmth", "zh": "温暖度"}, unit="°", better="higher"),
            "haste": Measure(title={"en": "Haste", "zh": "急躁度"}, better="lower"),
        },
    )


@hookimpl
def train(request: Any) -> Iterator[Event]:
    for step in range(1, (request.steps or 5) + 1):
        yield Progress(step, request.steps or 5)
        yield Metric("warmth", float(step), step)
    path = request.folder / "one"
    path.mkdir(exist_ok=True)
    save_file({"seed": np.array([request.seed], np.int64)}, path / "weights.safetensors")
    (path / "about.json").write_text(json.dumps({"examples": len(request.dataset)}), "utf-8")
    yield Checkpoint(path, step, {"warmth": float(step)}, best=True)


@hookimpl
def generate(request: Any) -> Iterator[Event]:
    for _number in range(request.count):
        yield Candidate(Text("warm words"))


@hookimpl
def evaluate(request: Any) -> Iterator[Event]:
    if lines:
        yield from script.play(request)
        return
    texts = [example.artifact.value for example in request.dataset]
    for number, text in enumerate(texts):
        yield Progress(number + 1, len(texts), {"en": "Reading", "zh": "阅读"})
        yield Metric("warmth", float(max(map(len, text.split()), default=0)))
    yield Metric("haste", 1 / len(texts))

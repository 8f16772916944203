"""A generator of grey pictures without a model: fills a mask, darkens all, and morphs two."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from aigc_studio.api import Candidate, Description, Event, Image, Operation, hookimpl


@hookimpl
def describe() -> Description:
    return Description(
        id="paints",
        title={"en": "Paints", "zh": "颜料"},
        medium=Image,
        operations=(
            Operation(
                id="fill", verb="edit", title="Fill", artifacts=1, selection="required",
                model="none",
            ),
            Operation(
                id="darken", verb="edit", title={"en": "Darken", "zh": "变暗"}, model="none",
                artifacts=1, selection="none",
            ),
            Operation(id="morph", verb="edit", title="Morph", artifacts=2, model="none"),
        ),
    )  # fmt: skip


@hookimpl
def edit(request: Any) -> Iterator[Event]:
    first = request.artifacts[0].pixels
    for n in range(request.count):
        seed = request.seed + n
        if request.operation == "morph":
            ends = [artifact.pixels.astype(float).mean() for artifact in request.artifacts]
            for step in range(4):
                grey = ends[0] + (ends[1] - ends[0]) * step / 3
                picture = Image(np.full(first.shape[:2], grey, np.uint8))
                yield Candidate(picture, strip=f"morph {seed}", position=step, seed=seed)
        elif request.operation == "fill":
            yield Candidate(Image(np.full(first.shape[:2], seed % 256, np.uint8)))
        else:
            yield Candidate(Image(first // 2))

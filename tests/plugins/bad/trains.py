"""Yields a checkpoint that does not fit, and then a good one: the parameter `kind` names it."""

import math
from typing import Literal

from aigc_studio.api import (
    Candidate,
    Checkpoint,
    Description,
    Metric,
    Operation,
    Parameters,
    Progress,
    Text,
    hookimpl,
    parameter,
)

KINDS = (
    "nan",
    "inf",
    "none",
    "text",
    "list",
    "many",
    "step",
    "best",
    "card",
    "card-nan",
    "keys",
    "step-negative",
    "sparse",
)


class Ways(Parameters):
    kind: Literal[KINDS] = parameter("nan", "Kind")


@hookimpl
def describe():
    return Description(
        id="trains",
        title="Trains",
        medium=Text,
        operations=(
            Operation(id="train", verb="train", title="Train", parameters=Ways),
            Operation(id="generate", verb="generate", title="Generate"),
        ),
    )


def _saved(request, step):
    import numpy as np
    from safetensors.numpy import save_file

    path = request.folder / f"step-{step}"
    path.mkdir(exist_ok=True)
    save_file({"step": np.full(1, step, np.float32)}, path / "weights.safetensors")
    return path


ODD = {
    "nan": {"metrics": {"loss": math.nan, "psnr_db": 20.0}},
    "inf": {"metrics": {"loss": -math.inf}},
    "none": {"metrics": {"loss": None}},
    "text": {"metrics": {"loss": "low"}},
    "list": {"metrics": [1.0]},
    "many": {"metrics": {str(n): 1.0 for n in range(1000)}},
    "step": {"step": 10**30},
    "step-negative": {"step": -1},
    "sparse": {},
    "best": {"best": "yes"},
    "card": {"card": {"names": ["n" * 60] * 20_000}},
    "card-nan": {"card": {"scale": math.nan}},
    "keys": {"metrics": {5: 1.0}},
}


@hookimpl
def train(request):
    yield Progress(0, 2)
    odd = {"step": 1, "metrics": {"loss": 1.0}} | ODD[request.parameters.kind]
    first = _saved(request, 1)
    if request.parameters.kind == "sparse":  # far larger than any disk, and takes no room
        with (first / "notes.txt").open("wb") as file:
            file.truncate(1 << 42)
    yield Checkpoint(first, **odd)
    yield Metric("loss", 0.5, 2)
    yield Checkpoint(_saved(request, 2), 2, {"loss": 0.5}, best=True)


@hookimpl
def generate(request):
    yield Candidate(Text("x"))

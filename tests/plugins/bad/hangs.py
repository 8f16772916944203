"""Sleeps in every hook that AIGC_HANGS names, and never comes to a `yield` there."""

import os
import time
from pathlib import Path

from aigc_studio.api import (
    Candidate,
    Checkpoint,
    Description,
    Metric,
    Operation,
    Progress,
    Text,
    hookimpl,
)


def hang(verb):
    if os.environ.get("AIGC_HANGS") == verb:
        Path(os.environ["AIGC_HANGS_AT"]).write_text(verb)
        while True:
            time.sleep(100)


hang("import")


@hookimpl
def describe():
    verbs = ("train", "generate", "edit", "evaluate")
    return Description(
        id="hangs",
        title="Hangs",
        medium=Text,
        operations=[
            Operation(
                id=each, verb=each, title=each, artifacts=int(each == "edit"), model="optional"
            )
            for each in verbs
        ],
    )


@hookimpl
def train(request):
    import numpy
    from safetensors.numpy import save_file

    path = request.folder / "model"
    path.mkdir(parents=True, exist_ok=True)
    save_file({"x": numpy.zeros(1, numpy.float32)}, path / "weights.safetensors")
    yield Progress(0, request.steps)
    yield Checkpoint(path, 1, best=True)
    hang("train")


@hookimpl
def generate(request):
    yield Candidate(Text("one"))
    hang("generate")
    yield Candidate(Text("two"))


@hookimpl
def edit(request):
    yield Candidate(request.artifacts[0])
    hang("edit")


@hookimpl
def evaluate(request):
    hang("evaluate")
    yield Metric("accuracy", 1.0)

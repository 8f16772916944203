"""A generator that needs a model, brings some in `shipped-models`, and tells which it was given.

Asked without one it marks the file that its prompt names.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aigc_studio.api import Candidate, Checkpoint, Description, Event, Progress, Text, hookimpl

WEIGHTS = (
    b"@" + bytes(7) + b'{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}'.ljust(64) + b"1"
)


@hookimpl
def describe() -> Description:
    return Description(
        id="needs-model", title="Needs a model", medium=Text, models="shipped-models"
    )


@hookimpl
def train(request: Any) -> Iterator[Event]:
    path = request.folder / "model"
    path.mkdir(parents=True, exist_ok=True)
    (path / "weights.safetensors").write_bytes(WEIGHTS)
    for step in range(request.steps or 1):
        yield Progress(step + 1, request.steps or 1)
    yield Checkpoint(path, request.steps or 1, best=True)


@hookimpl
def generate(request: Any) -> Iterator[Event]:
    if request.model is None:
        Path(request.prompt).write_text("asked without a model", encoding="utf-8")
    for n in range(request.count):
        yield Candidate(Text(f"{request.prompt} {request.model and request.model.name} {n}"))

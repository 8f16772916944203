"""Learns two steps, breaks, and would come to its end when it went on."""

import time

from aigc_studio.api import (
    Candidate,
    Checkpoint,
    Description,
    GeneratorError,
    Operation,
    Parameters,
    Text,
    hookimpl,
    parameter,
)


class Ways(Parameters):
    whole: int = parameter(2, "Whole checkpoints", minimum=0, maximum=2)


@hookimpl
def describe():
    return Description(
        id="breaks-in-training",
        title="Breaks in training",
        medium=Text,
        operations=(
            Operation(id="train", verb="train", title="Train", parameters=Ways),
            Operation(id="generate", verb="generate", title="Generate"),
        ),
    )


def _save(request, step, whole):
    import numpy as np
    from safetensors.numpy import save

    path = request.folder / f"step-{step}"
    path.mkdir(exist_ok=True)
    data = save({"step": np.full(1, step, np.float32)})
    # As a full disk or a bad one leaves it: the name is there, and not all of the file.
    (path / "weights.safetensors").write_bytes(data if whole else data[: len(data) // 2])
    return Checkpoint(path, step, best=step == 1)


@hookimpl
def train(request):
    for step in (1, 2):
        yield _save(request, step, whole=step <= request.parameters.whole)
    if not request.resume:
        time.sleep(0.2)
        raise GeneratorError("The loss left every scale.", zh="损失值超出了范围。")
    yield _save(request, 3, whole=True)


@hookimpl
def generate(request):
    yield Candidate(Text("x"))

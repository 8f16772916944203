import time

from aigc_studio.api import Checkpoint, Description, Progress, Text, hookimpl


@hookimpl
def describe():
    return Description(id="starts-over", title="Starts over", medium=Text)


@hookimpl
def train(request):
    # request.resume is not heeded: the weights are the same in the end, and the work is lost.
    path = request.folder / "model"
    path.mkdir(parents=True, exist_ok=True)
    for step in range(request.steps):
        time.sleep(0.02)
        yield Progress(step, request.steps)
    (path / "weights.safetensors").write_bytes(b"x")
    yield Checkpoint(path, request.steps, best=True)

import time

from aigc_studio.api import Checkpoint, Description, Progress, Text, hookimpl

# Whole safetensors of one byte: it is not the weights that are wrong here.
WEIGHTS = (
    b"@" + bytes(7) + b'{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}'.ljust(64) + b"1"
)


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
    (path / "weights.safetensors").write_bytes(WEIGHTS)
    yield Checkpoint(path, request.steps, best=True)

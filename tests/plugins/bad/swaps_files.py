"""Puts what is no file where its results, checkpoints and log are. The prompt says what."""

import os
import socket
from pathlib import Path

from aigc_studio.api import Candidate, Checkpoint, Description, Operation, Progress, Text, hookimpl

LONG = "word " * 40_000


@hookimpl
def describe():
    operations = [
        Operation(id="generate", verb="generate", title="Make", prompt="optional", model="none"),
        Operation(id="train", verb="train", title="Learn"),
    ]
    return Description(id="swaps-files", title="Swaps files", medium=Text, operations=operations)


def put(kind, path):
    path = Path(path)
    path.unlink(missing_ok=True)
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "link":
        path.symlink_to("/etc/hostname")
    elif kind == "device":
        path.symlink_to("/dev/zero")
    elif kind == "folder":
        path.mkdir()
    elif kind == "socket":
        here = os.getcwd()
        os.chdir(path.parent)
        socket.socket(socket.AF_UNIX).bind(path.name)
        os.chdir(here)
    elif kind == "huge":
        with path.open("wb") as file:
            file.truncate(1 << 40)


@hookimpl
def generate(request):
    kind = request.prompt
    if kind == "log":
        log = Path(os.readlink("/proc/self/fd/2"))
        put("pipe", log)
        raise RuntimeError("on purpose")
    real = os.replace

    def swapped(source, target):
        if Path(target).name.startswith("candidate"):
            os.unlink(source)
            put(kind, target)
        else:
            real(source, target)

    os.replace = swapped
    yield Candidate(Text(LONG))


@hookimpl
def train(request):
    import numpy as np
    from safetensors.numpy import save_file

    kind, where = (request.folder.parent / "kind").read_text().split()
    model = request.folder / "model"
    model.mkdir(exist_ok=True)
    save_file({"a": np.zeros(1, np.float32)}, model / "weights.safetensors")
    if where == "before":
        put(kind, model / "notes.txt")
    yield Progress(1, 2)
    yield Checkpoint(model, 1, best=True, card={"generator": "swaps-files"})
    if where == "after":
        put(kind, model / "weights.safetensors")

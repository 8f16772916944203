"""Takes memory: slowly, at once, in a child, in many, more than there can be. The prompt says."""

import os
import time

import numpy as np

from aigc_studio.api import Candidate, Checkpoint, Description, Operation, Progress, Text, hookimpl

MB = 1 << 20
STEP = 16


@hookimpl
def describe():
    operations = [
        Operation(id="generate", verb="generate", title="Make", prompt="optional", model="none"),
        Operation(id="train", verb="train", title="Learn"),
    ]
    return Description(id="eats-memory", title="Eats memory", medium=Text, operations=operations)


def eat(megabytes, pause=0.0, kept=None):
    kept = [] if kept is None else kept
    for _step in range(0, megabytes, STEP):
        kept.append(np.ones(STEP * MB, np.uint8))
        time.sleep(pause)
    return kept


def in_children(count, megabytes):
    for _child in range(count):
        if os.fork() == 0:
            kept = eat(megabytes)
            time.sleep(60)
            os._exit(len(kept))
    time.sleep(60)


def shares(count, megabytes):
    """What children only read is there once, however many they are."""
    kept = eat(megabytes)
    children = []
    for _child in range(count):
        pid = os.fork()
        if pid == 0:
            total = sum(int(each[0]) for each in kept)
            time.sleep(1.0)
            os._exit(total % 7)
        children.append(pid)
    for pid in children:
        os.waitpid(pid, 0)


@hookimpl
def generate(request):
    kind = request.prompt
    yield Candidate(Text("first"))
    if kind == "slow":
        eat(700, 0.05)
    elif kind == "fast":
        kept = np.empty(900 * MB, np.uint8)
        kept[:] = 1
        time.sleep(2)
    elif kind == "child":
        in_children(1, 700)
    elif kind == "children":
        in_children(6, 100)
    elif kind == "shares":
        shares(5, 96)
    elif kind == "pause":
        time.sleep(1.0)
    elif kind == "huge":
        np.zeros(1 << 60, np.uint8)
    elif kind == "list":
        raise MemoryError
    yield Candidate(Text("second"))


@hookimpl
def train(request):
    import json

    header = json.dumps({"a": {"dtype": "U8", "shape": [1], "data_offsets": [0, 1]}}).encode()
    model = request.folder / "model"
    model.mkdir(parents=True, exist_ok=True)
    weights = len(header).to_bytes(8, "little") + header + b"\1"
    (model / "weights.safetensors").write_bytes(weights)
    yield Progress(1, 10)
    yield Checkpoint(model, 1, best=True, card={"generator": "eats-memory"})
    if not request.resume:
        eat(700, 0.02)
    yield Progress(10, 10)

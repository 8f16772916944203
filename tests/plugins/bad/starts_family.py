"""Starts processes in every way there is and leaves them running. The prompt says which, and how
the action ends: `daemon`, `daemon crash`. Each writes its number into the folder AIGC_FAMILY_AT."""

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from aigc_studio.api import Candidate, Checkpoint, Description, Operation, Progress, Text, hookimpl

SECONDS = 60


def note_and_sleep(kind):
    Path(os.environ["AIGC_FAMILY_AT"], f"{kind}-{os.getpid()}").touch()
    time.sleep(SECONDS)
    os._exit(0)


def forked(then):
    if os.fork() == 0:
        then()
        os._exit(0)


def fork():
    forked(lambda: note_and_sleep("fork"))


def daemon():
    """Twice forked, in a session of its own, with all descriptors open."""

    def first():
        os.setsid()
        forked(lambda: note_and_sleep("daemon"))

    forked(first)


def deaf():
    """Ignores whatever can be ignored."""

    def ignore():
        os.setsid()
        for number in range(1, 32):
            try:
                signal.signal(number, signal.SIG_IGN)
            except (OSError, ValueError):
                continue
        note_and_sleep("deaf")

    forked(ignore)


def bare():
    """A daemon that keeps nothing of its environment, by which it could be found."""

    def replace():
        os.setsid()
        Path(os.environ["AIGC_FAMILY_AT"], f"bare-{os.getpid()}").touch()
        os.execve("/bin/sleep", ["sleep", str(SECONDS)], {})

    forked(lambda: forked(replace))


def chain():
    """Each is the child of the last, and the ones between have ended."""

    def deeper(left):
        note = Path(os.environ["AIGC_FAMILY_AT"], f"chain-{os.getpid()}")
        if left:
            forked(lambda: deeper(left - 1))
            time.sleep(0.05 if left % 2 else SECONDS)
        else:
            note.touch()
            time.sleep(SECONDS)

    forked(lambda: deeper(6))


def popen():
    code = (
        "import os, pathlib, sys, time; pathlib.Path(sys.argv[1], f'popen-{os.getpid()}').touch()"
    )
    words = [sys.executable, "-c", f"{code}; time.sleep({SECONDS})", os.environ["AIGC_FAMILY_AT"]]
    subprocess.Popen(words, start_new_session=True)


def shell():
    place = os.environ["AIGC_FAMILY_AT"]
    subprocess.Popen(
        f'sleep {SECONDS} & touch "{place}/shell-$!"; nohup sleep {SECONDS} & wait', shell=True
    )


def spawn():
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=time.sleep, args=(SECONDS,), daemon=False)
    process.start()
    Path(os.environ["AIGC_FAMILY_AT"], f"spawn-{process.pid}").touch()


def thread():
    """A thread that starts another process for as long as it lives."""

    def go_on():
        while True:
            words = ["sh", "-c", f'touch "$AIGC_FAMILY_AT/thread-$$"; sleep {SECONDS}']
            subprocess.Popen(words)
            time.sleep(0.2)

    threading.Thread(target=go_on, daemon=True).start()


KINDS = {
    each.__name__: each for each in (fork, daemon, deaf, bare, chain, popen, shell, spawn, thread)
}


def start(kind):
    KINDS[kind]()
    place = Path(os.environ["AIGC_FAMILY_AT"])
    while not list(place.glob(f"{kind}-*")):
        time.sleep(0.01)


def end(how):
    if how == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif how == "exit":
        os._exit(3)
    elif how == "raise":
        raise RuntimeError("on purpose")
    elif how == "warden":
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(SECONDS)
    elif how == "hang":
        time.sleep(SECONDS)


if os.environ.get("AIGC_FAMILY_IMPORT") and __name__ == "starts_family":
    start(os.environ["AIGC_FAMILY_IMPORT"])


@hookimpl
def describe():
    operations = [
        Operation(id="generate", verb="generate", title="Make", prompt="optional", model="none"),
        Operation(id="train", verb="train", title="Learn"),
    ]
    return Description(
        id="starts-family", title="Starts a family", medium=Text, operations=operations
    )


@hookimpl
def generate(request):
    kind, _space, how = (request.prompt or "daemon").partition(" ")
    start(kind)
    yield Candidate(Text(str(os.getpid())))
    end(how)


@hookimpl
def train(request):
    start("daemon")
    model = request.folder / "model"
    for step in range(request.steps or 10):
        yield Progress(step, request.steps or 10)
    _write(model)
    yield Checkpoint(model, request.steps or 10, best=True)


def _write(folder):
    import numpy as np
    from safetensors.numpy import save_file

    folder.mkdir(exist_ok=True)
    save_file({"a": np.zeros(1, np.float32)}, folder / "weights.safetensors")

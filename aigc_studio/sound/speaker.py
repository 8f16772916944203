"""The process that sounds: a line of wishes in, a line of news out.

Each line is JSON: `[name, {…}]`. What `Desk` has is what can be wished for. It ends when the line
of wishes does, so it never outlives the studio.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import signal
import sys
import threading
from typing import Any

from aigc_studio.sound.desk import Desk
from aigc_studio.sound.device import Speaker, names

_PLAYING = ("play", "stop", "seek", "loop", "replace", "note")
_MANNER = ("device", "soundfont", "volume", "metronome")

_LOOK = 0.03
"""Seconds between two looks at where the tune is."""


def main() -> int:
    """Sound until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the studio, which tells us
    # Threads of this process hand the interpreter on quickly: the device's must not wait.
    sys.setswitchinterval(0.001)
    with contextlib.suppress(OSError, AttributeError):
        os.nice(-10)  # where the system lets us, a training goes after us
    out, lock = sys.stdout.buffer, threading.Lock()

    def tell(name: str, **values: Any) -> None:
        with lock, contextlib.suppress(OSError, ValueError):
            out.write(json.dumps([name, values]).encode() + b"\n")
            out.flush()

    desk = Desk(tell, Speaker)
    ends = threading.Event()
    looker = threading.Thread(target=_look, args=(desk, ends), daemon=True)
    looker.start()
    desk.prepare()
    tell("devices", names=names())
    gc.freeze()  # what is there now is never garbage: no long search in the middle of a tune
    for line in sys.stdin.buffer:
        _do(desk, line)
    ends.set()
    looker.join()
    desk.close()
    return 0


def _look(desk: Desk, ends: threading.Event) -> None:
    while not ends.wait(_LOOK):
        desk.look()


def _do(desk: Desk, line: bytes) -> None:
    with contextlib.suppress(ValueError, TypeError):  # nobody of ours wrote that
        name, values = json.loads(line)
        if name in _PLAYING + _MANNER:
            getattr(desk, name)(**values)

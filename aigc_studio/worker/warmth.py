"""Getting ready before anybody asks, and stepping back while a training runs."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
import time
from typing import Any

NICE = 10
"""How far a worker steps back: beside a window that has work to do it gets a tenth of a core."""
_TRIES = 5


def warm_up() -> bool:
    """Import torch (about 2 s) and take one optimiser step, which begins what it does at first.

    False when there is no torch here.
    """
    try:
        import torch
    except ImportError:
        return False
    layer = torch.nn.Conv2d(1, 2, 3, padding=1)
    optimiser = torch.optim.AdamW(layer.parameters(), fused=True)
    layer(torch.zeros(1, 1, 8, 8)).square().mean().backward()
    optimiser.step()
    return True


def get_ready() -> None:
    """Import what every plugin stands on: 0.2 s that its author does not wait for after a save."""
    importlib.import_module("aigc_studio.api.parameters")
    importlib.import_module("PIL.Image")
    importlib.import_module("numpy")


def step_back() -> None:
    """Let the window go first: lower the priority of this process, all its threads included."""
    if sys.platform == "win32":
        import ctypes

        kernel: Any = ctypes.windll.kernel32
        below_normal = 0x4000
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), below_normal)
    elif os.path.isdir("/proc/self/task"):
        # On Linux a nice value belongs to a thread, and torch may have started its own already.
        for thread in os.listdir("/proc/self/task"):
            with contextlib.suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, int(thread), NICE)
        _lower_session()
    else:
        os.nice(NICE)


def _lower_session() -> None:
    """Lower the session that this process leads, if it leads one.

    Where Linux shares the processor out by sessions (autogroups, as on a usual desktop), nice
    values count only within each: a worker, with one of its own, had as much as all of the window.
    """
    if os.getsid(0) != os.getpid():
        return
    for _try in range(_TRIES):
        try:
            descriptor = os.open("/proc/self/autogroup", os.O_WRONLY)
        except OSError:
            return  # no autogroups here
        try:
            os.write(descriptor, str(NICE).encode())
            return
        except BlockingIOError:
            time.sleep(0.12)  # ten a second may be changed, by all processes together
        except OSError:
            return
        finally:
            os.close(descriptor)

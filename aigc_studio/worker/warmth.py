"""Getting ready before anybody asks, and stepping back while a training runs."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from typing import Any


def warm_up() -> bool:
    """Import torch and take one optimiser step, which imports the rest of it (about 2 s).

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
    """Let the window go first: lower the priority of all threads of this process."""
    if sys.platform == "win32":
        import ctypes

        kernel: Any = ctypes.windll.kernel32
        below_normal = 0x4000
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), below_normal)
    elif os.path.isdir("/proc/self/task"):
        # On Linux a nice value belongs to a thread, and torch may have started its own already.
        for thread in os.listdir("/proc/self/task"):
            with contextlib.suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, int(thread), 10)
    else:
        os.nice(10)

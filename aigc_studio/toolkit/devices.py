"""Which device and how many threads a run computes with."""

from __future__ import annotations

import os

import torch

from aigc_studio.api import StudioError
from aigc_studio.api.requests import Request
from aigc_studio.translation import _


def best_device() -> str:
    """The fastest kind there is: `cuda`, `mps` or `cpu`."""
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def default_threads() -> int:
    """All cores but one, so that a window beside it stays smooth."""
    return max(1, (os.cpu_count() or 2) - 1)


def choose_device(request: Request) -> torch.device:
    """Set torch's threads as the request says, make it repeatable, and give the device.

    `request.device` is what torch calls a device (`cpu`, `cuda:1`, `mps`) or `auto`. Raises
    StudioError for one that is not here.
    """
    wanted = best_device() if request.device in ("", "auto") else request.device
    try:
        device = torch.device(wanted)
    except RuntimeError:
        device = None
    if device is None or not _is_here(device):
        raise StudioError(
            _("The device {name} is not on this machine: choose cpu or auto.").format(name=wanted)
        )
    if request.threads >= 1 and request.threads != torch.get_num_threads():
        torch.set_num_threads(request.threads)
    _repeat_exactly()
    return device


def _is_here(device: torch.device) -> bool:
    if device.type == "cuda":
        return (device.index or 0) < torch.cuda.device_count()
    if device.type == "mps":
        return torch.backends.mps.is_available()
    return device.type == "cpu"


def _repeat_exactly() -> None:
    # cuBLAS needs its workspace set before the first call to be repeatable.
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    # Not `use_deterministic_algorithms`: that imports the compiler, half a second and 80 MB of it.
    torch.set_deterministic_debug_mode("warn")
    # Filling fresh memory would cost time.
    torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]
    torch.backends.cudnn.benchmark = False
    # Numbers too small for a normal float make a CPU crawl, and change nothing that is seen.
    torch.set_flush_denormal(True)

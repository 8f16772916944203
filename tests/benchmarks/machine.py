"""The machine that the figures were taken on, without names or paths of it."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from pathlib import Path


def describe() -> str:
    """One paragraph: processor, cores, memory, system, versions, and how busy it is."""
    parts = [
        _processor(),
        f"{os.cpu_count()} cores",
        _memory(),
        f"{platform.system()} {platform.machine()}",
        f"Python {platform.python_version()}",
        *(_version(name) for name in ("PySide6-Essentials", "torch", "numpy")),
        "no GPU used",
    ]
    return ", ".join(filter(None, parts)) + "."


def load() -> float:
    """How many processes wanted a core in the last minute; -1 where the system does not say."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else -1.0


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return " ".join(line.partition(":")[2].split())
    except OSError:
        pass
    return platform.processor() or "unknown processor"


def _memory() -> str:
    try:
        pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return ""
    return f"{pages * size / 2**30:.0f} GiB memory"


def _version(name: str) -> str:
    try:
        return f"{name.partition('-')[0]} {importlib.metadata.version(name)}"
    except importlib.metadata.PackageNotFoundError:
        return ""

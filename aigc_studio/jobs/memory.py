"""How much memory a process holds, where the system tells."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

_M_MMAP_THRESHOLD = -3
LARGE_BLOCK = 256 << 10
"""Bytes from which on a block of memory goes back to the system as soon as it is free."""


def resident_bytes(pid: int = 0) -> int:
    """Resident bytes of process `pid` (0 = this one); 0 where the system does not say.

    Linux reads /proc, elsewhere psutil is asked.
    """
    with contextlib.suppress(OSError, ValueError, IndexError):
        fields = Path(f"/proc/{pid or os.getpid()}/statm").read_text().split()
        return int(fields[1]) * os.sysconf("SC_PAGE_SIZE")
    import psutil

    with contextlib.suppress(psutil.Error):
        return int(psutil.Process(pid or None).memory_info().rss)
    return 0


def give_back_large_blocks() -> bool:
    """Have glibc give the memory of large blocks back when they are freed; False elsewhere.

    It begins so, but after the first picture is freed it keeps blocks of up to 32 MiB for later, in
    each thread's own pool: after three edits of a photograph the window held 250 MB for nothing.
    """
    if not sys.platform.startswith("linux"):
        return False
    import ctypes

    with contextlib.suppress(OSError, AttributeError):
        return bool(ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, LARGE_BLOCK))
    return False

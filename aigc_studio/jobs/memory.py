"""How much memory a process holds, where the system tells."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def resident_bytes(pid: int = 0) -> int:
    """Resident bytes of process `pid` (0 = this one); 0 where the system does not say.

    Linux reads /proc; for this process elsewhere the peak is given, as getrusage knows no more.
    """
    with contextlib.suppress(OSError, ValueError, IndexError):
        fields = Path(f"/proc/{pid or os.getpid()}/statm").read_text().split()
        return int(fields[1]) * os.sysconf("SC_PAGE_SIZE")
    if pid in (0, os.getpid()):
        with contextlib.suppress(ImportError):
            import resource
            import sys

            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            return peak if sys.platform == "darwin" else peak * 1024
    return 0

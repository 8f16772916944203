"""Where tests write: into memory, where there is a file system for that (Linux).

Nearly every test has a home and fills it. On a disk that took more of the processor than what many
of them are about, and several times as long: folders are made, renamed and removed by the dozen.
What a test that passes has written is gone after it; what one that failed has written stays.
"""

import os
import shutil
from pathlib import Path

MEMORY = Path("/dev/shm")
ENOUGH = 4 << 30
"""Bytes that must be free there: all processes of `-n` together keep below a quarter of it."""
ROOT = "PYTEST_DEBUG_TEMPROOT"
"""The variable that says below which folder `tmp_path` is."""


def write_to_memory(memory: Path = MEMORY) -> None:
    """Put the folders of tests there, unless somebody has said where, or little is free."""
    if ROOT in os.environ or not os.access(memory, os.W_OK):
        return
    if shutil.disk_usage(memory).free >= ENOUGH:
        os.environ[ROOT] = str(memory)

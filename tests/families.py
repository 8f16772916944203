"""What is left of the processes that test plugins start: by the numbers they wrote down."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

posix = pytest.mark.skipif(os.name != "posix", reason="Windows forks no processes")


def living(folder: Path) -> list[str]:
    """The files `kind-number` of processes that still run."""
    return sorted(each.name for each in folder.iterdir() if runs(int(each.name.split("-")[1])))


def soon_none(folder: Path) -> list[str]:
    """As `living`, after those that are about to end have had their time."""
    due = time.monotonic() + 10
    while (left := living(folder)) and time.monotonic() < due:
        time.sleep(0.02)
    return left


def runs(pid: int) -> bool:
    """Whether a process is there, and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def until(condition: Callable[[], object], seconds: float = 30) -> None:
    """Wait for something; fails when it takes longer."""
    due = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < due
        time.sleep(0.01)

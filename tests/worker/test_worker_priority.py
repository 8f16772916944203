"""A worker beside the window goes last, also where sessions share the processor."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

STEPS_BACK = """
import os, sys
if "session" in sys.argv:
    os.setsid()
import threading
beside = threading.Event()
seen = []
def other():
    beside.wait()
    seen.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
thread = threading.Thread(target=other)
thread.start()
from aigc_studio.worker.warmth import step_back
step_back()
beside.set()
thread.join()
print(os.getpriority(os.PRIO_PROCESS, 0), *seen)
if os.path.exists("/proc/self/autogroup"):
    print(*open("/proc/self/autogroup").read().split()[-1:])
"""
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="nice values of threads are Linux's")


def found(*words: str) -> list[str]:
    """What a process that steps back prints: its nice value, a thread's, its session's."""
    command = [sys.executable, "-c", STEPS_BACK, *words]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


@LINUX
def test_it_steps_back_with_all_its_threads_and_its_session() -> None:
    here = Path("/proc/self/autogroup")
    assert found("session") == ["10", "10", *(["10"] if here.exists() else [])]


@LINUX
def test_a_session_that_is_not_its_own_stays_as_it_is() -> None:
    here = Path("/proc/self/autogroup")
    # Empty where this session began before there were such groups, as in a container.
    own = here.read_text().split()[-1:] if here.exists() else []
    assert found() == ["10", "10", *own]

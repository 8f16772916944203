"""What a test leaves behind: threads, running timers, child processes, windows on the screen."""

import gc
import os
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

PATIENCE = 5.0
"""Seconds that what is ending may take."""


@contextmanager
def nothing_left_behind() -> Iterator[None]:
    """Fail with an `AssertionError` that names what was not there before and is there after."""
    former = threads(), children(), windows()
    started = _watch_timers()
    yield
    checks: dict[str, Callable[[], set[Any]]] = {
        "threads": lambda: threads() - former[0],
        "processes": lambda: children() - former[1],
        "windows": lambda: windows() - former[2],
        "timers": lambda: running(started),
    }
    left = {}
    for kind, find in checks.items():
        if found := _wait_until_none(find, collect=kind != "processes"):
            left[kind] = sorted(map(_name if kind == "processes" else str, found))
    assert not left, f"the test left behind: {left}"


def threads() -> set[threading.Thread]:
    """Threads that Python started and that run; those of Qt and torch are not Python's."""
    dummy = getattr(threading, "_DummyThread")  # noqa: B009 - it has no public name
    return {each for each in threading.enumerate() if not isinstance(each, dummy)}


forking: set[int] = set()
"""Processes that start others for this one (`nursery`) and last as long as it."""


def children() -> set[str]:
    """Numbers of the processes that this one started and that run still (Linux only)."""
    found = set()
    for parent in (os.getpid(), *forking):
        for thread in _entries(f"/proc/{parent}/task"):
            for number in _read(f"/proc/{parent}/task/{thread}/children").split():
                # "12 (python) S 7 …": the state of one that ended and was not waited for is Z.
                state = _read(f"/proc/{number}/stat").rpartition(")")[2].split()[:1]
                if state and state[0] not in "ZX":
                    found.add(number)
    return found - {str(each) for each in forking}


def _entries(folder: str) -> list[str]:
    """Asked before and after each of thousands of tests: `Path.glob` takes ten times as long."""
    try:
        return os.listdir(folder)
    except OSError:  # no /proc, or it has just ended
        return []


def windows() -> set[Any]:
    """Top-level widgets that are shown."""
    widgets = sys.modules.get("PySide6.QtWidgets")
    application = widgets.QApplication.instance() if widgets else None
    if widgets is None or application is None:
        return set()
    return {each for each in widgets.QApplication.topLevelWidgets() if each.isVisible()}


_started: list[weakref.ref[Any]] = []
"""Timers that Python code has started since the test began."""


def _watch_timers() -> list[weakref.ref[Any]]:
    """Note from now on which timers are started; Qt can not be asked which run."""
    core = sys.modules.get("PySide6.QtCore")
    _started.clear()
    if core is not None and not hasattr(core.QTimer.start, "watched"):
        start = core.QTimer.start

        def noted(timer: Any, *interval: Any) -> None:
            _started.append(weakref.ref(timer))
            start(timer, *interval)

        noted.watched = True  # type: ignore[attr-defined]
        core.QTimer.start = noted
    return _started


def running(started: list[weakref.ref[Any]]) -> set[Any]:
    """Those of the timers that are alive and go on."""
    if not started:
        return set()
    import shiboken6

    found = set()
    for timer in filter(None, [each() for each in started]):
        # Another thread may delete it between the two questions.
        with suppress(RuntimeError):
            if shiboken6.isValid(timer) and timer.isActive():
                found.add(timer)
    return found


def _wait_until_none(find: Callable[[], set[Any]], collect: bool) -> set[Any]:
    """What is still there after some patience; garbage is no leak."""
    found = find()
    if not found:
        return found
    # Deferred deletions need a turn of the event loop: all that most windows wait for. Cycles need
    # a collection, which takes longer than most tests.
    _turn()
    if collect and (found := find()):
        gc.collect()
    deadline = time.monotonic() + PATIENCE
    while (found := find()) and time.monotonic() < deadline:
        _turn()
        time.sleep(0.02)
    return found


def _turn() -> None:
    """A turn of the event loop, if there is one, with the deletions that were put off."""
    core = sys.modules.get("PySide6.QtCore")
    if core is not None and core.QCoreApplication.instance() is not None:
        core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete)
        core.QCoreApplication.processEvents()


def _name(number: str) -> str:
    command = _read(f"/proc/{number}/cmdline").replace("\0", " ").strip()
    return f"{number} {command[-120:]}"


def _read(path: str) -> str:
    try:
        with open(path, "rb", buffering=0) as file:
            return (file.readall() or b"").decode("utf-8", "replace")
    except OSError:
        return ""

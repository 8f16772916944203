"""Errors in threads that a plugin starts: nobody waits for them, so they are told as remarks."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

_MOST = 100

_faults: list[BaseException] = []


@contextmanager
def heard() -> Iterator[None]:
    """In this block the errors of threads are kept for `faults`; Python tells them as ever."""
    former = threading.excepthook

    def hear(about: threading.ExceptHookArgs) -> None:
        if about.exc_value is not None and len(_faults) < _MOST:
            _faults.append(about.exc_value)
        former(about)

    threading.excepthook = hear
    try:
        yield
    finally:
        threading.excepthook = former
        _faults.clear()


def faults() -> list[BaseException]:
    """What threads have met since this was last asked."""
    found = _faults[:]
    del _faults[: len(found)]
    return found

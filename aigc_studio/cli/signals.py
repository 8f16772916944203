"""Ctrl+C at the right moment: between two steps, and not within one."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

Handler = Callable[[int, Any], Any]

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")


@contextmanager
def one_step() -> Iterator[None]:
    """Ctrl+C (and what ends a command as it does) waits until the block is done.

    For a step of milliseconds that must not be left half done: a file written and counted.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    former = _handled(lambda number, _frame: came.append(number))
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
    for number in came:
        former[number](number, None)


@contextmanager
def heeded(stop: Callable[[], bool]) -> Iterator[None]:
    """In this block Ctrl+C (and what ends a command as it does) calls `stop` first.

    It interrupts as ever when that says False: there was nothing to stop.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    former: dict[int, Handler] = {}

    def handle(number: int, frame: Any) -> None:
        if not stop():
            former[number](number, frame)

    former |= _handled(handle)
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _handled(handler: Handler) -> dict[int, Handler]:
    """Let this handle what interrupts a command; gives what did so before."""
    former: dict[int, Handler] = {}
    for name in _NAMES:
        number = getattr(signal, name, None)
        known = None if number is None else signal.getsignal(number)
        if number is not None and callable(known):
            former[number] = known
            signal.signal(number, handler)
    return former

"""Ctrl+C at the right moment: between two steps, and not within one."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

Handler = Callable[[int, Any], Any]

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")
_handed_on: Any = object()
"""The frame that a handler gives the one before it: that one need not ask what came before."""
_came: list[int] = []
"""What has asked this command to end, but for Ctrl+C."""
_on_terminal: list[int] = []
"""The streams that are lost with the terminal."""


def heed() -> None:
    """End a command as Ctrl+C does when the system asks, or the terminal is closed."""
    _came.clear()
    _on_terminal[:] = [number for number in (1, 2) if os.isatty(number)]
    for name in _NAMES[1:]:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _interrupt)


def status() -> int:
    """The exit status of a command that was interrupted, as shells tell it."""
    return 128 + (_came[0] if _came else signal.SIGINT)


def _interrupt(number: int, frame: Any) -> None:
    if not _is_repeated(number, frame):
        raise KeyboardInterrupt


def _is_repeated(number: int, frame: Any) -> bool:
    """Whether the system has asked before: shell and kernel both tell of a closed terminal.

    A person who presses Ctrl+C again means it.
    """
    if frame is _handed_on or number == signal.SIGINT:
        return False
    _came.append(number)
    if number == getattr(signal, "SIGHUP", None):
        _leave_terminal()
    return len(_came) > 1


def _leave_terminal() -> None:
    """Nobody reads what is still to be said, and saying it must not keep the end from its work."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for number in _on_terminal:
        os.dup2(nowhere, number)
    os.close(nowhere)


@contextmanager
def one_step() -> Iterator[None]:
    """Ctrl+C (and what ends a command as it does) waits until the block is done.

    For a step of milliseconds that must not be left half done: a file written and counted.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []

    def note(number: int, frame: Any) -> None:
        if not _is_repeated(number, frame):
            came.append(number)

    former = _handled(note)
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
    for number in came:
        former[number](number, _handed_on)


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
        if not _is_repeated(number, frame) and not stop():
            former[number](number, _handed_on)

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

"""Waiting for a condition in one event loop, which is told whenever there is something to see."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractEventDispatcher, QEventLoop, Qt, QTimer
from pytestqt.exceptions import TimeoutError as NeverCame
from pytestqt.qtbot import QtBot

_LOOK_MS = 5
"""What a thread does that tells nobody is seen no later."""


class _Looks:
    """Asks a condition after each turn of the event loop, until it holds or raises.

    It takes half of the time at most: what looks at much is not asked after each of many turns.
    """

    def __init__(self, condition: Callable[[], Any]) -> None:
        self._condition = condition
        self._asking = False
        self._next = 0.0
        self.missing: AssertionError | None = None
        self.fault: Exception | None = None
        self.over = False

    def look(self) -> bool:
        """Whether there is nothing more to wait for."""
        begin = time.perf_counter()
        # A condition may turn the event loop itself.
        if self._asking or self.over or begin < self._next:
            return self.over
        self._asking = True
        try:
            self.over = self._holds()
        except Exception as error:  # raised where it was waited, not in Qt's loop
            self.fault, self.over = error, True
        finally:
            self._asking = False
        now = time.perf_counter()
        self._next = now + (now - begin)
        return self.over

    def _holds(self) -> bool:
        self.missing = None
        try:
            answer = self._condition()
        except AssertionError as error:
            self.missing = error
            return False
        if answer not in (None, True, False):
            raise ValueError(f"a condition is None, True or False, and not {answer!r}")
        return answer is None or bool(answer)


def wait_until(condition: Callable[[], Any], timeout: int) -> None:
    """Return when `condition` is true, or None without an AssertionError, as pytest-qt has it.

    Its own looks every 10 ms, and makes an event loop and two timers for each look.
    """
    looks = _Looks(condition)
    if not looks.look():
        _turn(looks, time.monotonic() + timeout / 1000)
    if looks.fault is not None:
        raise looks.fault
    if not looks.over:
        raise NeverCame(f"not within {timeout} ms") from looks.missing


def _turn(looks: _Looks, end: float) -> None:
    loop, clock = QEventLoop(), QTimer(interval=_LOOK_MS, timerType=Qt.TimerType.PreciseTimer)

    def after_a_turn() -> None:
        if looks.look() or time.monotonic() > end:
            loop.quit()

    dispatcher = QAbstractEventDispatcher.instance()
    dispatcher.aboutToBlock.connect(after_a_turn)
    clock.timeout.connect(after_a_turn)
    clock.start()
    try:
        loop.exec()
    finally:
        clock.stop()
        dispatcher.aboutToBlock.disconnect(after_a_turn)


# 5 s are little where several processes have the cores: what is waited for comes, or never does.
def _of_a_bot(self: QtBot, callback: Callable[[], bool | None], *, timeout: int = 40_000) -> None:
    __tracebackhide__ = True
    wait_until(callback, timeout)


def wait_at_once() -> None:
    """All tests wait like this."""
    QtBot.waitUntil = _of_a_bot  # type: ignore[method-assign]

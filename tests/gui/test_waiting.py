"""What a test waits for is seen as soon as it is there."""

from functools import partial
from threading import Timer

import pytest
from PySide6.QtCore import QEventLoop, QTimer
from pytestqt.exceptions import TimeoutError as NeverCame
from pytestqt.qtbot import QtBot


def _has(turns: list[int], wanted: int) -> bool:
    return len(turns) >= wanted


def test_it_is_seen_in_the_turn_in_which_it_comes(qtbot: QtBot) -> None:
    """However many turns the event loop makes meanwhile."""
    turns: list[int] = []
    clock = QTimer(interval=0)
    clock.timeout.connect(lambda: turns.append(len(turns)))
    clock.start()
    for wanted in range(10, 200, 10):
        qtbot.waitUntil(partial(_has, turns, wanted))
        assert len(turns) <= wanted + 5  # ten milliseconds have many more
    clock.stop()


def test_what_a_thread_does_is_seen_without_an_event(qtbot: QtBot) -> None:
    done: list[bool] = []
    thread = Timer(0.02, done.append, [True])
    thread.start()
    qtbot.waitUntil(lambda: bool(done))
    thread.join()


def test_what_was_there_is_not_waited_for(qtbot: QtBot) -> None:
    turns: list[bool] = []
    QTimer.singleShot(0, lambda: turns.append(True))
    qtbot.waitUntil(lambda: True)
    assert not turns
    qtbot.waitUntil(lambda: bool(turns))


def test_what_never_comes_says_what_was_missing(qtbot: QtBot) -> None:
    def missing() -> None:
        assert not "there"

    with pytest.raises(NeverCame) as caught:
        qtbot.waitUntil(missing, timeout=20)
    assert isinstance(caught.value.__cause__, AssertionError)
    with pytest.raises(NeverCame):
        qtbot.wait_until(lambda: False, timeout=20)


def test_another_error_is_raised_where_it_is_waited(qtbot: QtBot) -> None:
    asked: list[int] = []

    def breaks_later() -> bool:
        asked.append(1)
        return {1: False}[len(asked)]

    with pytest.raises(KeyError):
        qtbot.waitUntil(breaks_later)
    with pytest.raises(ValueError, match="\\[\\]"):
        qtbot.waitUntil(list)  # type: ignore[arg-type]


def test_a_condition_may_turn_the_event_loop_itself(qtbot: QtBot) -> None:
    asked: list[int] = []
    deep: list[int] = []

    def turns() -> bool:
        deep.append(1)
        asked.append(len(deep))
        loop = QEventLoop()
        QTimer.singleShot(7, loop.quit)
        loop.exec()
        deep.pop()
        return len(asked) == 3

    qtbot.waitUntil(turns)
    assert asked == [1, 1, 1]

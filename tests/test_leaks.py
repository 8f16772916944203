"""The check for what a test leaves behind finds each kind of it."""

import subprocess
import sys
import threading

import leaks
import pytest
from pytestqt.qtbot import QtBot


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaks, "PATIENCE", 0.2)


def test_nothing_left_is_nothing_said(qtbot: QtBot) -> None:
    with leaks.nothing_left_behind():
        pass


def test_a_thread_is_found() -> None:
    release = threading.Event()
    thread = threading.Thread(target=release.wait, name="left", daemon=True)
    with pytest.raises(AssertionError, match="left"), leaks.nothing_left_behind():
        thread.start()
    release.set()
    thread.join()


@pytest.mark.skipif(sys.platform != "linux", reason="children are read from /proc")
def test_a_process_is_found() -> None:
    with pytest.raises(AssertionError, match="processes"), leaks.nothing_left_behind():
        child = subprocess.Popen(
            [sys.executable, "-c", "print(input())"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
    child.communicate(b"\n")


def test_a_window_is_found(qtbot: QtBot) -> None:
    from PySide6.QtWidgets import QLabel

    label = QLabel("left")
    with pytest.raises(AssertionError, match="windows"), leaks.nothing_left_behind():
        label.show()
    label.close()


def test_a_running_timer_is_found_and_a_stopped_one_is_not(qtbot: QtBot) -> None:
    from PySide6.QtCore import QTimer

    timer, stopped = QTimer(), QTimer()
    with leaks.nothing_left_behind():
        stopped.start(60_000)
        stopped.stop()
    with pytest.raises(AssertionError, match="timers"), leaks.nothing_left_behind():
        timer.start(60_000)
    timer.stop()

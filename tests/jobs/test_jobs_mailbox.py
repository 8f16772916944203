"""The mailbox: calls from other threads, in order, and none to a window that is gone."""

import threading

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QObject
from pytestqt.qtbot import QtBot

from aigc_studio.jobs import Mailbox, gesture
from aigc_studio.jobs.mailbox import FULL


def test_calls_come_in_order_on_the_ui_thread(qtbot: QtBot) -> None:
    mailbox, heard = Mailbox(), []

    def hear(number: int) -> None:
        heard.append((number, threading.current_thread() is threading.main_thread()))

    def speak() -> None:
        for number in range(500):
            mailbox.post(hear, number)

    thread = threading.Thread(target=speak)
    thread.start()
    qtbot.waitUntil(lambda: len(heard) == 500)
    thread.join()
    assert heard == [(number, True) for number in range(500)]
    mailbox.close()
    mailbox.post(hear, 1)
    qtbot.wait(10)
    assert len(heard) == 500


def test_a_window_may_go_while_threads_post_to_it(qtbot: QtBot) -> None:
    """Without the lock around it this ends the process: a segmentation fault."""
    over = threading.Event()
    current: list[Mailbox] = []

    def speak() -> None:
        while not over.is_set():
            if current:
                current[0].post(lambda: None)

    threads = [threading.Thread(target=speak) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(80):
        window = QObject()
        current[:] = [Mailbox(window)]
        qtbot.wait(1)
        shiboken6.delete(window)
    over.set()
    for thread in threads:
        thread.join()


def test_a_flood_is_held_up_where_it_comes_from(qtbot: QtBot) -> None:
    mailbox, heard, most = Mailbox(), [], [0]

    def hear(number: int) -> None:
        heard.append(number)
        most[0] = max(most[0], len(mailbox._box.calls))

    def speak() -> None:
        for number in range(3000):
            mailbox.wait_for_room()
            mailbox.post(hear, number)

    thread = threading.Thread(target=speak)
    thread.start()
    qtbot.waitUntil(lambda: len(heard) == 3000, timeout=20_000)
    thread.join()
    assert heard == list(range(3000))
    assert most[0] <= FULL


def test_a_window_that_stands_still_is_waited_for_once(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox, waits = Mailbox(), []
    condition = mailbox._box.lock

    def wait_for(_until: object, seconds: float) -> bool:
        waits.append(seconds)
        return False

    monkeypatch.setattr(condition, "wait_for", wait_for)

    def speak() -> None:
        for _number in range(3 * FULL):
            mailbox.wait_for_room()
            mailbox.post(lambda: None)

    thread = threading.Thread(target=speak)
    thread.start()
    thread.join()  # and nothing is delivered meanwhile
    assert len(waits) == 1


def test_a_mailbox_never_holds_up_its_own_thread_nor_outlives_its_window(qtbot: QtBot) -> None:
    mailbox = Mailbox()
    for _number in range(2 * FULL):
        mailbox.post(lambda: None)
    mailbox.wait_for_room()
    waiting = threading.Thread(target=mailbox.wait_for_room)
    waiting.start()
    mailbox.close()
    waiting.join(0.5)
    assert not waiting.is_alive()


def test_what_can_wait_waits_for_a_hand_that_moves(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gesture, "STILL", 3600.0)
    monkeypatch.setattr(gesture, "PATIENCE", 3600.0)
    patient, prompt = Mailbox(), Mailbox(prompt=True)
    heard: list[str] = []
    gesture.gesture.go_on()
    try:
        patient.post(heard.append, "patient")
        patient.post(heard.append, "too")
        prompt.post(heard.append, "prompt")
        qtbot.wait(60)
        assert heard == ["prompt"]
    finally:
        gesture.gesture.end()
    qtbot.waitUntil(lambda: heard == ["prompt", "patient", "too"])
    patient.post(heard.append, "at rest")
    QCoreApplication.sendPostedEvents()
    assert heard[-1] == "at rest"


def test_a_hand_that_never_rests_is_waited_for_once_in_a_while(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gesture, "STILL", 3600.0)
    mailbox = Mailbox()
    heard: list[int] = []
    gesture.gesture.go_on()
    try:
        mailbox.post(heard.append, 1)
        QCoreApplication.sendPostedEvents()
        assert heard == []
        qtbot.waitUntil(lambda: heard == [1])
        mailbox.post(heard.append, 2)
        QCoreApplication.sendPostedEvents()
        assert heard == [1]
        qtbot.waitUntil(lambda: heard == [1, 2])
    finally:
        gesture.gesture.end()

"""The mailbox: calls from other threads, in order, and none to a window that is gone."""

import threading

import shiboken6
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from aigc_studio.jobs import Mailbox


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

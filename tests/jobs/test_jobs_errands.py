"""Work beside the window."""

import threading
import time
from collections.abc import Iterator
from typing import Never

import pytest
from pytestqt.qtbot import QtBot

from aigc_studio.jobs import Errands, Mailbox, resident_bytes


@pytest.fixture
def errands(qtbot: QtBot) -> Iterator[Errands]:
    errands = Errands()
    yield errands
    errands.close()


def test_the_result_comes_back_on_the_ui_thread(qtbot: QtBot, errands: Errands) -> None:
    seen: list[tuple[int, int]] = []
    errands.run(threading.get_ident, lambda worker: seen.append((worker, threading.get_ident())))
    qtbot.waitUntil(lambda: bool(seen))
    worker, here = seen[0]
    assert worker != here
    assert here == threading.get_ident()
    assert errands.under_way == 0


def test_an_error_goes_to_failed(qtbot: QtBot, errands: Errands) -> None:
    seen: list[str] = []

    def break_down() -> Never:
        raise OSError("disk full")

    errands.run(break_down, seen.append, lambda error: seen.append(str(error)))
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == ["disk full"]


def test_errands_in_order_do_not_overtake_each_other(qtbot: QtBot, errands: Errands) -> None:
    seen: list[int] = []

    def slow() -> int:
        time.sleep(0.05)
        return 1

    errands.run_in_order(slow, seen.append)
    errands.run_in_order(lambda: 2, seen.append)
    qtbot.waitUntil(lambda: len(seen) == 2)
    assert seen == [1, 2]


def test_files_are_written_in_order_and_it_is_told_when_all_are(
    qtbot: QtBot, errands: Errands
) -> None:
    seen: list[object] = []

    def full() -> Never:
        raise OSError("disk full")

    errands.written.connect(seen.append)
    errands.run_in_order(lambda: "read", seen.append)
    errands.write(lambda: "one", seen.append)
    errands.write(full, seen.append, lambda error: seen.append(str(error)))
    assert errands.writing == 2
    qtbot.waitUntil(lambda: False in seen)
    errands.write(lambda: "two", seen.append)
    qtbot.waitUntil(lambda: True in seen)
    assert seen == ["read", "one", "disk full", False, "two", True]
    assert errands.writing == 0


def test_a_closed_mailbox_delivers_nothing(qtbot: QtBot) -> None:
    seen: list[int] = []
    mailbox = Mailbox()
    mailbox.post(seen.append, 1)
    mailbox.close()
    mailbox.post(seen.append, 2)
    qtbot.wait(20)
    assert seen == []


def test_memory_of_this_process_is_told() -> None:
    assert resident_bytes() > 10_000_000
    assert resident_bytes(2**30) == 0

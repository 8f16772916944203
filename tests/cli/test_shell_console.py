"""What the shell prints: results on one stream, all else on the other."""

import json
from typing import Any

import pytest

from aigc_studio.api import Message, Progress
from aigc_studio.cli.console import Console


class Clock:
    now = 100.0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that stands still until `now` is moved."""

    clock = Clock()
    monkeypatch.setattr("aigc_studio.cli.console.time.monotonic", lambda: clock.now)
    return clock


def test_json_prints_one_document_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    console = Console(as_json=True)
    console.say("for people")
    console.table(("a",), [(1,)])
    console.event(Message("a warning"))
    console.document({"数": 1})
    printed = capsys.readouterr()
    assert json.loads(printed.out) == {"数": 1}
    assert printed.err == "a warning\n"


def test_the_time_left_is_told_once_it_is_known(
    clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    console = Console()
    console.event(Progress(0, 100, "learning"))
    clock.now += 10
    console.event(Progress(10, 100, "learning"))
    assert capsys.readouterr().err.splitlines() == [" 10% learning · 1:30 left"]


def test_without_a_terminal_progress_is_a_line_now_and_then(
    clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    console = Console()
    for step in range(100):
        clock.now += 0.1
        console.event(Progress(step, 100))
    assert 1 <= len(capsys.readouterr().err.splitlines()) <= 3


def test_without_a_terminal_the_same_is_said_once(
    clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    console = Console()
    for step in range(600):
        clock.now += 0.1
        console.event(Progress(0, 0, "installing" if step < 500 else "trying it"))
    assert capsys.readouterr().err.splitlines() == ["installing", "trying it"]


def test_without_a_terminal_what_is_soon_done_leaves_no_line_at_nought(
    clock: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    console = Console()
    for step in range(0, 3001, 10):
        clock.now += 0.01
        console.event(Progress(step, 3000, f"{step} of 3000"))
    console.end_progress()
    assert capsys.readouterr().err == ""


def test_wide_letters_count_as_two(capsys: pytest.CaptureFixture[str]) -> None:
    Console().table(("名", "x"), [("数据集", 1), ("ab", 2)])
    lines = capsys.readouterr().out.splitlines()
    assert lines == ["名      x", "数据集  1", "ab      2"]


def test_without_a_terminal_what_comes_after_other_work_leaves_no_line_at_nought_either(
    clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    console = Console()
    for step, work in ((0, "learning"), (4, "learning"), (0, "drawing"), (4, "drawing")):
        clock.now += 10
        console.event(Progress(step, 4, work))
    assert capsys.readouterr().err.splitlines() == ["100% learning", "100% drawing"]

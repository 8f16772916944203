"""What the window does while an action is at a certain point: the test says when it goes on."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from thread_workers import Script

from aigc_studio.api import Candidate, GenerateRequest, GeneratorError, Progress, Text
from aigc_studio.ui.canvas import Tool
from aigc_studio.ui.canvas.items.text_card import TextItem
from aigc_studio.ui.window import StudioWindow


def test_the_first_result_is_there_before_the_second_is_made(
    qtbot: QtBot,
    script: Script,
    make_window: Callable[..., StudioWindow],
    wait: Callable[[Callable[[], Any]], None],
) -> None:
    window = make_window("scripted")
    on = threading.Event()
    script.will(Candidate(Text("one")), Progress(1, 2), on, Candidate(Text("two")))
    window.panel.middle.page().prompt.setFocus()
    qtbot.keyClicks(window.panel.middle.page().prompt, "ab")
    qtbot.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    strip = window.board_area.strip
    wait(lambda: strip.count == 1)
    assert window.studio.jobs.under_way()
    on.set()
    wait(lambda: strip.count == 2 and not window.studio.jobs.under_way())
    (request,) = script.requests
    assert isinstance(request, GenerateRequest)
    assert request.prompt == "ab"


def staged(window: StudioWindow) -> object:
    return window.board_area.view.stage.item


@pytest.mark.parametrize("goes_on", [False, True])
def test_who_drops_what_is_there_looks_at_what_comes_next(
    qtbot: QtBot,
    script: Script,
    make_window: Callable[..., StudioWindow],
    wait: Callable[[Callable[[], Any]], None],
    goes_on: bool,
) -> None:
    """Unless something else is begun meanwhile: then it waits in the strip."""
    window = make_window("scripted")
    on = threading.Event()
    script.will(Candidate(Text("one")), Progress(1, 2), on, Candidate(Text("two")))
    window.panel.run_action.trigger()
    area = window.board_area
    wait(lambda: area.decisions.isVisible())
    qtbot.mouseClick(area.decisions.drop, Qt.MouseButton.LeftButton)
    wait(lambda: not area.strip.ids())
    assert staged(window) is None
    assert window.studio.jobs.under_way()
    if goes_on:
        area.view.set_tool(Tool.BRUSH)
    on.set()
    wait(lambda: bool(area.strip.ids()) and not window.studio.jobs.under_way())
    if goes_on:
        assert staged(window) is None
        return
    wait(lambda: staged(window) is not None)
    item = staged(window)
    assert isinstance(item, TextItem)
    assert item.value == "two"
    assert area.decisions.isVisible()


def test_escape_gives_up_what_waits_and_keeps_what_came(
    qtbot: QtBot,
    script: Script,
    make_window: Callable[..., StudioWindow],
    wait: Callable[[Callable[[], Any]], None],
) -> None:
    window = make_window("scripted")
    script.will(Candidate(Text("one")), threading.Event(), Candidate(Text("never")))
    window.panel.run_action.trigger()
    strip = window.board_area.strip
    wait(lambda: strip.count == 1)
    window.panel.cancel_action.trigger()
    wait(lambda: not window.studio.jobs.under_way())
    assert strip.count == 1


def test_what_a_plugin_refuses_stands_in_the_panel(
    qtbot: QtBot,
    script: Script,
    make_window: Callable[..., StudioWindow],
    wait: Callable[[Callable[[], Any]], None],
) -> None:
    window = make_window("scripted")
    script.will(GeneratorError("No words today.", zh="今天无话。", parameter="prompt"))
    window.panel.run_action.trigger()
    wait(lambda: not window.studio.jobs.under_way())
    assert window.panel.middle.page()._error.text() == "No words today."

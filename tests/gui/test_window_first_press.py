"""Every press does something that can be seen, or the control says why it cannot."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from aigc_studio.ui.canvas import Tool
from aigc_studio.ui.window import StudioWindow

Wait = Callable[[Callable[[], object]], None]


def tab_buttons(window: StudioWindow) -> dict[str, QToolButton]:
    """The buttons of the status bar that open a tab, by the name of their action."""
    found = window.status.findChildren(QToolButton)
    return {each.defaultAction().objectName(): each for each in found if each.defaultAction()}


def test_a_tip_of_a_menu_hides_nothing_and_goes_with_it(window: StudioWindow) -> None:
    buttons, menu = tab_buttons(window), window.actions_by_name.menus["train"]
    menu.hovered.emit(window.actions_by_name["monitor"])
    assert window.status.tip.text() == "Watch the training that runs"
    assert [each.isVisible() for each in buttons.values()] == [True] * 3
    menu.aboutToHide.emit()
    assert window.status.tip.text() == ""


def test_no_action_has_a_tip_that_takes_the_buttons_of_the_status_bar_away(
    qtbot: QtBot, window: StudioWindow
) -> None:
    assert [each.text() for each in window.findChildren(QAction) if each.statusTip()] == []
    for button in tab_buttons(window).values():
        qtbot.mouseMove(button)
        assert button.isVisible()
        assert window.status.currentMessage() == ""


@pytest.mark.parametrize("name", ["history", "monitor", "jobs"])
def test_a_tab_button_is_on_only_while_its_tab_is_shown(
    qtbot: QtBot, window: StudioWindow, name: str
) -> None:
    buttons = tab_buttons(window)
    qtbot.mouseClick(buttons[name], Qt.MouseButton.LeftButton)
    assert window.bottom.isVisible()
    assert [key for key, each in buttons.items() if each.isChecked()] == [name]
    qtbot.mouseClick(buttons[name], Qt.MouseButton.LeftButton)
    assert not window.bottom.isVisible()
    assert [key for key, each in buttons.items() if each.isChecked()] == []


def test_a_tab_that_is_closed_another_way_leaves_no_button_on(
    qtbot: QtBot, window: StudioWindow
) -> None:
    buttons = tab_buttons(window)
    for close in (
        window.bottom.close,
        lambda: window.bottom.toggleViewAction().trigger(),
        lambda: window.bottom.open("history"),
    ):
        window.actions_by_name["monitor"].trigger()
        assert buttons["monitor"].isChecked()
        close()
        assert not buttons["monitor"].isChecked()
    window.bottom.hide()


def test_a_notice_of_a_tool_goes_when_the_tool_does(qtbot: QtBot, window: StudioWindow) -> None:
    view, bar = window.board_area.view, window.board_area.bar
    view.set_tool(Tool.MASK)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(60, 60))
    assert "Paint the mask" in bar.text
    window.studio.say("A question.", actions=[("Yes", lambda: None)])
    view.set_tool(Tool.MOVE)
    assert bar.text == "A question."
    bar.clear()
    assert bar.text == ""

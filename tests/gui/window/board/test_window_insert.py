"""Insert, driven through the real window: the button, the menus, the keys."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from kinds import a_text
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from aigc_studio.api import Image, Melody
from aigc_studio.project import Item, commands
from aigc_studio.ui.canvas import Target, Tool
from aigc_studio.ui.canvas.menu import board_menu
from aigc_studio.ui.window.window import StudioWindow

Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


def items(window: StudioWindow) -> tuple[Item, ...]:
    return tuple(window.studio.project.board.items)


def content(window: StudioWindow, item: Item) -> Any:
    return window.studio.project.store.get(item.content)


def press(window: StudioWindow, key: Qt.Key) -> None:
    QTest.keyClick(window.focusWidget() or window, key)


def test_the_button_has_what_the_menu_has(window: StudioWindow) -> None:
    shown = [action.text() for action in window.rail.add_button.menu().actions()]
    in_bar = [action.text() for action in window.actions_by_name.menus["insert"].actions()]
    assert shown == in_bar
    assert len(shown) == 4


def test_t_writes_at_once_and_letters_are_letters(window: StudioWindow) -> None:
    window.board_area.view.setFocus()
    press(window, Key.Key_T)
    QTest.keyClicks(window.focusWidget(), "The tea, not now")
    press(window, Key.Key_Escape)
    (item,) = items(window)
    assert a_text(content(window, item)).value == "The tea, not now"
    assert window.studio.history.stack.count() == 1
    assert window.board_area.view.tool == Tool.MOVE


def test_letters_in_a_field_insert_nothing(window: StudioWindow) -> None:
    line = QLineEdit(window.panel)
    line.show()
    line.setFocus()
    QTest.keyClicks(window.focusWidget(), "tn")
    assert line.text() == "tn"
    assert not items(window)


def test_from_the_button_the_caret_is_in_it(window: StudioWindow) -> None:
    window.panel.middle.page().prompt.setFocus()
    window.actions_by_name["insert_text"].trigger()
    QTest.keyClicks(window.focusWidget(), "here")
    press(window, Key.Key_Escape)
    window.actions_by_name["undo"].trigger()
    assert not items(window)
    window.actions_by_name["redo"].trigger()
    assert [a_text(content(window, item)).value for item in items(window)] == ["here"]


def test_another_panel_ends_the_writing_and_keeps_it(window: StudioWindow) -> None:
    window.board_area.view.setFocus()
    press(window, Key.Key_T)
    QTest.keyClicks(window.focusWidget(), "kept")
    QTest.mouseClick(window.panel.middle.page().prompt.viewport(), LEFT)
    assert [a_text(content(window, item)).value for item in items(window)] == ["kept"]


def test_a_new_board_takes_no_empty_text_along(window: StudioWindow) -> None:
    window.board_area.view.setFocus()
    press(window, Key.Key_T)
    window.documents.new()
    view = window.board_area.view
    assert view.writing is None
    assert not items(window)
    assert not view.board_scene.items()


@pytest.mark.parametrize("name", ["insert_text", "insert_melody", "insert_sheet"])
def test_the_menu_of_the_board_puts_it_where_it_was_opened(
    window: StudioWindow, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    view = window.board_area.view
    spot = QPoint(180, 120)
    wanted = view.to_scene(QPointF(spot))

    class Chosen:
        """A menu of which somebody takes an action at once."""

        def __init__(self, parent: QWidget, target: Target, offered: Mapping[str, Any]) -> None:
            self.menu = board_menu(parent, target, offered)

        def exec(self, _place: QPoint) -> None:
            action = window.actions_by_name[name]
            assert action in self.menu.actions()
            action.trigger()

        def deleteLater(self) -> None:
            self.menu.deleteLater()

    monkeypatch.setattr("aigc_studio.ui.canvas.menu.board_menu", Chosen)
    event = QContextMenuEvent(
        QContextMenuEvent.Reason.Mouse, spot, view.viewport().mapToGlobal(spot)
    )
    QApplication.sendEvent(view.viewport(), event)
    if name == "insert_text":
        QTest.keyClicks(window.focusWidget(), "there")
        press(window, Key.Key_Escape)
    (item,) = items(window)
    left, top, right, bottom = item.bounds
    assert left <= wanted.x() <= right
    assert top <= wanted.y() <= bottom


def test_what_is_for_melodies_is_grey_for_others(window: StudioWindow) -> None:
    actions = window.actions_by_name
    window.actions_by_name["insert_sheet"].trigger()
    assert not actions["edit_notes"].isEnabled()
    window.actions_by_name["insert_melody"].trigger()
    assert actions["edit_notes"].isEnabled()
    actions["add_bars"].trigger()
    window.board_area.finish_edits()
    melody = content(window, items(window)[-1])
    assert isinstance(melody, Melody)
    assert melody.bar_count == 8


def test_notes_are_edited_until_it_is_done(window: StudioWindow) -> None:
    window.actions_by_name["insert_melody"].trigger()
    window.actions_by_name["edit_notes"].trigger()
    view = window.board_area.view
    assert view.pending_bar.isVisible()
    assert not view.pending_bar.drop_button.isVisible()
    QTest.mouseClick(view.pending_bar.accept_button, LEFT)
    assert not view.pending_bar.isVisible()
    assert not view.marks.edited


def test_cropping_by_the_buttons_at_the_picture(
    window: StudioWindow, wait: Callable[[Callable[[], Any]], None]
) -> None:
    board, view = window.studio.project.board, window.board_area.view
    (id,) = board.new_ids(1)
    picture = window.studio.project.store.put(Image(np.zeros((100, 200), np.uint8)))
    window.studio.do(commands.add_items(board, [Item(id, "Item", picture, 0, 0, 200, 100)]))
    view.select([id])
    view.fit()
    window.actions_by_name["crop"].trigger()
    assert not view.pending_bar.isVisible()

    def pull() -> None:
        ends = [view.to_view(QPointF(x, 50)).toPoint() for x in (0, 20, 50)]
        QTest.mousePress(view.viewport(), LEFT, NONE, ends[0])
        for spot in ends[1:]:
            QTest.mouseMove(view.viewport(), spot)
        QTest.mouseRelease(view.viewport(), LEFT, NONE, ends[-1])

    pull()
    assert view.pending_bar.isVisible()
    assert view.geometry().contains(view.pending_bar.geometry())
    QTest.mouseClick(view.pending_bar.drop_button, LEFT)
    assert not view.pending_bar.isVisible()
    pull()
    QTest.mouseClick(view.pending_bar.accept_button, LEFT)
    wait(lambda: board.item(id).content.info["width"] == 150)
    assert view.tool == Tool.MOVE

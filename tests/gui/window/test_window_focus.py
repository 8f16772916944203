"""Who has the keyboard: fields are left by Escape and by a click; what letters in them do."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from kinds import there
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QSpinBox, QWidget

from aigc_studio.api import Image, Text
from aigc_studio.project import Item, commands
from aigc_studio.ui.canvas.tools.tool import Tool
from aigc_studio.ui.target import Target
from aigc_studio.ui.window.making.asked import Look
from aigc_studio.ui.window.window import StudioWindow

Key = Qt.Key
Wait = Callable[[Callable[[], Any]], None]
LEFT = Qt.MouseButton.LeftButton


def press(window: StudioWindow, key: Qt.Key) -> None:
    QTest.keyClick(window.focusWidget() or window, key)


def put(window: StudioWindow, artifact: Any, x: float = 0, **fields: Any) -> Item:
    board = window.studio.project.board
    (id,) = board.new_ids(1)
    size = {"width": 280.0, "height": 280.0} | fields
    item = Item(id, "Item", window.studio.project.store.put(artifact), x, 0, **size)
    assert window.studio.do(commands.add_items(board, [item]))
    return item


def field(window: StudioWindow, kind: str) -> QWidget:
    middle = window.panel.middle
    if kind == "prompt":
        return middle.page().prompt
    if kind == "seed":
        return middle.seed.box
    if kind == "count":
        return middle.count
    made: QWidget = QLineEdit(window.panel) if kind == "line" else QSpinBox(window.panel)
    made.show()
    return made


ALL = ["prompt", "seed", "count", "line", "spin"]


def test_the_prompt_has_the_keyboard_at_the_start(window: StudioWindow) -> None:
    words, prompt = there(window.beginning).screen.bar.words, window.panel.middle.page().prompt
    assert words.hasFocus()
    QTest.keyClicks(window.focusWidget(), "2024")
    assert prompt.toPlainText() == words.text() == "2024"
    press(window, Key.Key_Escape)
    press(window, Key.Key_M)
    assert window.board_area.view.tool == Tool.MASK


def test_whoever_works_already_keeps_the_keyboard(window: StudioWindow) -> None:
    view, panel = window.board_area.view, window.panel
    for work in (lambda: put(window, Text("one")), lambda: view.set_tool(Tool.BRUSH)):
        view.setFocus()
        window.prompting._fresh = True
        work()
        panel.generator_changed.emit(panel.generator())
        assert view.hasFocus()
        window.studio.history.stack.undo()


def test_undo_in_a_prompt_that_nothing_was_typed_in_is_the_boards(window: StudioWindow) -> None:
    put(window, Text("one"))
    prompt = window.panel.middle.page().prompt
    prompt.setFocus()
    ctrl = Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(prompt, Key.Key_Z, ctrl)
    assert not window.studio.project.board.items
    QTest.keyClick(prompt, Key.Key_Y, ctrl)
    assert len(window.studio.project.board.items) == 1
    QTest.keyClicks(prompt, "a")
    QTest.keyClick(prompt, Key.Key_Z, ctrl)
    assert (prompt.toPlainText(), len(window.studio.project.board.items)) == ("", 1)


def test_a_text_is_written_in_from_a_menu_while_a_field_has_the_keyboard(
    window: StudioWindow,
) -> None:
    item = put(window, Text("one"))
    window.board_area.view.select([item.id])
    window.panel.middle.page().prompt.setFocus()
    window.actions_by_name["write"].trigger()
    assert window.board_area.view.hasFocus()
    QTest.keyClicks(window.focusWidget(), "!")
    press(window, Key.Key_Escape)
    shown = window.studio.project.board.item(item.id)
    assert str(window.studio.project.store.get(shown.content)) == "one!"


def test_escape_leaves_a_field(window: StudioWindow) -> None:
    view = window.board_area.view
    for kind in ALL:
        box = field(window, kind)
        box.setFocus()
        assert box.hasFocus(), kind
        press(window, Key.Key_Escape)
        assert view.hasFocus(), kind
        view.set_tool(Tool.MOVE)
        press(window, Key.Key_B)
        assert view.tool == Tool.BRUSH, kind


@pytest.mark.parametrize("place", ["status", "background", "label", "column"])
def test_a_click_on_an_empty_place_leaves_a_field(window: StudioWindow, place: str) -> None:
    panel = window.panel
    where: QWidget = {
        "status": window.status,
        "background": panel,
        "label": panel.middle,
        "column": panel._scroll.viewport(),
    }[place]
    for kind in ALL:
        box = field(window, kind)
        box.setFocus()
        assert box.hasFocus(), kind
        QTest.mouseClick(where, LEFT, pos=QPoint(where.width() // 2, where.height() - 2))
        assert window.board_area.view.hasFocus(), kind


def test_letters_in_a_number_field_choose_tools(window: StudioWindow) -> None:
    view = window.board_area.view
    keys = ((Key.Key_E, Tool.ERASER), (Key.Key_M, Tool.MASK), (Key.Key_B, Tool.BRUSH))
    for kind in ("seed", "count", "spin"):
        box = field(window, kind)
        for key, tool in keys:
            box.setFocus()
            QTest.keyClick(box, key)
            assert view.tool == tool, kind


def test_the_e_of_a_large_number_is_typed_and_that_of_a_small_one_is_a_tool(
    window: StudioWindow,
) -> None:
    view, middle = window.board_area.view, window.panel.middle
    for box, tool in ((middle.seed.box, Tool.MOVE), (middle.count, Tool.ERASER)):
        box.setFocus()
        box.selectAll()
        QTest.keyClicks(box, "2e")
        assert view.tool == tool
        view.set_tool(Tool.MOVE)
    assert middle.count.number() == 2


class TestPreviews:
    def look(self, window: StudioWindow, artifact: Any, target: Target | None = None) -> None:
        verb = "edit" if target else "generate"
        window.session.looked.emit(Look(artifact, target, verb))

    def stand(self, window: StudioWindow) -> Any:
        view = window.board_area.view
        return view.zoom, view.horizontalScrollBar().value(), view.verticalScrollBar().value()

    @pytest.mark.parametrize(
        ("x", "size"), [(-140, 280), (-140, 4000), (5000, 280), (-900, 700)], ids=str
    )
    def test_they_never_move_the_view(self, window: StudioWindow, x: float, size: float) -> None:
        put(window, Image(np.full((28, 28), 9, np.uint8)), x, width=size, height=size)
        window.board_area.view.set_zoom(1.0)
        before = self.stand(window)
        self.look(window, Image(np.zeros((28, 28), np.uint8)))
        assert window.board_area.view.stage.item is not None
        assert self.stand(window) == before

    def test_they_lie_where_there_is_room_in_view(self, window: StudioWindow) -> None:
        view = window.board_area.view
        # A row that reaches past the right edge, so that the next place is out of sight.
        items = [put(window, Image(np.full((28, 28), 9, np.uint8)), x) for x in (-200, 120, 440)]
        view.set_zoom(0.7)
        view.centerOn(140, 260)
        self.look(window, Image(np.zeros((28, 28), np.uint8)))
        place = there(view.stage.place)
        assert view.seen().contains(place)
        shown = [view.board_scene.item(item.id) for item in items]
        assert not any(each and each.sceneBoundingRect().intersects(place) for each in shown)

    @pytest.mark.parametrize("kind", ["prompt", "seed", "button", "canvas"])
    def test_escape_takes_one_away_wherever_the_keyboard_is(
        self, window: StudioWindow, kind: str
    ) -> None:
        item = put(window, Image(np.full((28, 28), 9, np.uint8)))
        view = window.board_area.view
        view.select([item.id])
        other: dict[str, QWidget] = {"button": window.panel.buttons.main, "canvas": view}
        (other.get(kind) or field(window, kind)).setFocus()
        self.look(window, Image(np.zeros((28, 28), np.uint8)), Target((item,)))
        shown = [view.stage.is_empty]
        press(window, Key.Key_Escape)
        assert [*shown, view.stage.is_empty] == [False, True]
        assert [each.id for each in window.board_area.chosen_items()] == [item.id]

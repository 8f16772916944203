"""The options bar: always there, with the numbers of what is selected or of the brush."""

from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from kinds import there
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QSlider, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from aigc_studio.api import Artifact, Image, Text
from aigc_studio.project import Item, commands
from aigc_studio.ui.canvas import Tool, tool_infos
from aigc_studio.ui.forms.numbers import NumberBox
from aigc_studio.ui.window import StudioWindow
from aigc_studio.ui.window.board.geometry import Geometry
from aigc_studio.ui.window.board.options import HEIGHT

LEFT = Qt.MouseButton.LeftButton
SIDES = ("x", "y", "width", "height", "angle")


def put(window: StudioWindow, artifact: Artifact, x: float = 0, y: float = 0, **fields: Any) -> str:
    project = window.studio.project
    (id,) = project.board.new_ids(1)
    size = {"width": 200.0, "height": 100.0} | fields
    item = Item(id, f"Item {id}", project.store.put(artifact), x, y, **size)
    window.studio.do(commands.add_items(project.board, [item]))
    return id


def picture(window: StudioWindow, x: float = 0, y: float = 0, **fields: Any) -> str:
    return put(window, Image(np.full((50, 100), 90, np.uint8)), x, y, **fields)


def numbers(window: StudioWindow) -> Geometry:
    return window.board_area.options.geometry_page


def shown(window: StudioWindow) -> tuple[str, ...]:
    """What stands in the boxes that can be seen."""
    boxes = numbers(window).boxes.values()
    return tuple(each.box.text() for each in boxes if each.isVisible())


def item(window: StudioWindow, id: str) -> Item:
    return window.studio.project.board.item(id)


def place(window: StudioWindow, id: str) -> tuple[float, ...]:
    found = item(window, id)
    return found.x, found.y, found.width, found.height, found.rotation


def type_in(window: StudioWindow, side: Any, words: str) -> None:
    box = numbers(window).boxes[side].box
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, words)
    QTest.keyClick(box, Qt.Key.Key_Return)


def steps(window: StudioWindow) -> int:
    return window.studio.history.stack.index()


@pytest.fixture
def one(window: StudioWindow, qtbot: QtBot) -> str:
    id = picture(window, 120, 84)
    window.board_area.view.select([id])
    qtbot.waitUntil(lambda: shown(window) == ("120", "84", "200", "100", "0°"))
    return id


def test_it_is_there_with_every_tool_and_as_high(window: StudioWindow) -> None:
    options = window.board_area.options
    for info in tool_infos():
        window.board_area.view.set_tool(info.tool)
        QTest.qWait(1)
        assert options.isVisible()
        assert options.height() == HEIGHT
        assert options.width() == window.board_area.width()


def test_with_nothing_selected_it_says_so(window: StudioWindow, one: str, qtbot: QtBot) -> None:
    window.board_area.view.select([])
    qtbot.waitUntil(lambda: shown(window) == ())
    words = [each.text() for each in numbers(window).findChildren(QLabel) if each.isVisible()]
    assert words == ["Nothing selected"]


def test_it_follows_what_is_dragged_on_the_board(
    window: StudioWindow, one: str, qtbot: QtBot
) -> None:
    view = window.board_area.view
    (card,) = view.board_scene.chosen()
    at = view.to_view(card.sceneBoundingRect().center()).toPoint()
    QTest.mousePress(view.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, at)
    for far in (10, 30):
        QTest.mouseMove(view.viewport(), at + QPoint(far, 0))
    qtbot.waitUntil(lambda: shown(window)[0] == f"{120 + 30 / view.zoom:g}")
    QTest.mouseRelease(view.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, at + QPoint(30, 0))
    qtbot.waitUntil(lambda: shown(window)[0] == f"{item(window, one).x:g}")


def test_a_number_typed_is_one_step(window: StudioWindow, one: str) -> None:
    before = steps(window)
    typed: list[tuple[Any, str, tuple[float, ...]]] = [
        ("x", "-40", (-40, 84, 200, 100, 0)),
        ("y", "12,5", (120, 12.5, 200, 100, 0)),
        ("width", "400", (120, 84, 400, 200, 0)),
        ("height", "50", (120, 84, 100, 50, 0)),
        ("angle", "30", (120, 84, 200, 100, 30)),
        ("angle", "270", (120, 84, 200, 100, -90)),
        ("width", "1", (120, 84, 8, 4, 0)),
    ]
    for side, words, expected in typed:
        type_in(window, side, words)
        assert place(window, one) == expected
        assert steps(window) == before + 1
        assert window.board_area.view.hasFocus()
        window.actions_by_name["undo"].trigger()
        assert place(window, one) == (120, 84, 200, 100, 0)


def test_a_text_card_has_any_shape(window: StudioWindow, qtbot: QtBot) -> None:
    id = put(window, Text("one"))
    window.board_area.view.select([id])
    qtbot.waitUntil(lambda: len(shown(window)) == 5)
    type_in(window, "height", "300")
    assert place(window, id)[2:4] == (200, 300)


def test_a_turned_picture_keeps_its_corner(window: StudioWindow, qtbot: QtBot) -> None:
    id = picture(window, rotation=90.0)
    window.board_area.view.select([id])
    qtbot.waitUntil(lambda: len(shown(window)) == 5)
    _left, top, right, _bottom = item(window, id).bounds
    type_in(window, "width", "400")
    assert item(window, id).bounds == pytest.approx((right - 200, top, right, top + 400))


def test_steps_of_arrow_keys_are_one_step(window: StudioWindow, one: str) -> None:
    before, box = steps(window), numbers(window).boxes["x"].box
    box.setFocus()
    for _ in range(4):
        QTest.keyClick(box, Qt.Key.Key_Up)
    assert place(window, one)[0] == 124
    assert steps(window) == before + 1
    window.actions_by_name["undo"].trigger()
    assert place(window, one)[0] == 120


def test_escape_leaves_a_number_as_it_was(window: StudioWindow, one: str) -> None:
    before, box = steps(window), numbers(window).boxes["x"].box
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "77")
    QTest.keyClick(box, Qt.Key.Key_Escape)
    assert window.board_area.view.hasFocus()
    assert place(window, one)[0] == 120
    assert steps(window) == before
    assert shown(window)[0] == "120"


def test_a_letter_is_dragged_seen_at_once_and_one_step(window: StudioWindow, one: str) -> None:
    before, letter = steps(window), numbers(window).boxes["x"].letter
    (card,) = window.board_area.view.board_scene.chosen()
    at = letter.rect().center()
    QTest.mousePress(letter, LEFT, pos=at)
    for far in (5, 20, 40):
        QTest.mouseMove(letter, at + QPoint(far, 0))
        assert card.place.x() == 120 + far
        assert shown(window)[0] == f"{120 + far}"
    assert steps(window) == before
    QTest.mouseRelease(letter, LEFT, pos=at + QPoint(40, 0))
    assert place(window, one)[0] == 160
    assert steps(window) == before + 1


def test_a_drag_is_given_up_by_the_other_button(window: StudioWindow, one: str) -> None:
    before, letter = steps(window), numbers(window).boxes["width"].letter
    (card,) = window.board_area.view.board_scene.chosen()
    QTest.mousePress(letter, LEFT)
    QTest.mouseMove(letter, QPoint(90, 4))
    assert card.place.width() > 200
    QTest.mousePress(letter, Qt.MouseButton.RightButton)
    QTest.mouseRelease(letter, Qt.MouseButton.RightButton)
    QTest.mouseRelease(letter, LEFT)
    assert card.place.width() == 200
    assert steps(window) == before
    assert shown(window)[2] == "200"


def test_of_several_items_it_is_their_box(window: StudioWindow, qtbot: QtBot) -> None:
    ids = [picture(window, 0, 0), picture(window, 300, 200)]
    window.board_area.view.select(ids)
    qtbot.waitUntil(lambda: shown(window) == ("0", "0", "500", "300"))
    assert numbers(window).name.text() == "2 items"
    before = steps(window)
    type_in(window, "x", "-100")
    assert [place(window, id)[:2] for id in ids] == [(-100, 0), (200, 200)]
    type_in(window, "width", "1000")
    assert place(window, ids[0]) == (-100, 0, 400, 200, 0)
    assert place(window, ids[1]) == (500, 400, 400, 200, 0)
    assert steps(window) == before + 2


def test_the_brush_has_its_numbers_there(window: StudioWindow) -> None:
    view, brush = window.board_area.view, window.board_area.options.brush
    for tool in (Tool.BRUSH, Tool.ERASER, Tool.MASK, Tool.MASK_ERASER):
        view.set_tool(tool)
        assert brush.isVisible()
        assert not numbers(window).isVisible()
    brush.size_box.setFocus()
    brush.size_box.selectAll()
    QTest.keyClicks(brush.size_box, "33")
    assert view.options.brush.size == 33


def test_nothing_in_it_is_cut_in_a_small_window(window: StudioWindow, one: str) -> None:
    options, view = window.board_area.options, window.board_area.view
    smooth = window.actions_by_name["smooth"]
    (switch,) = (
        each for each in options.findChildren(QToolButton) if each.defaultAction() is smooth
    )
    for info in tool_infos():
        view.set_tool(info.tool)
        QTest.qWait(1)
        assert there(options.layout()).minimumSize().width() <= options.width(), info.tool
        assert switch.isVisible()
        assert switch.geometry().right() <= options.width()


@pytest.mark.parametrize("tool", [Tool.BRUSH, Tool.MASK_ERASER])
def test_in_any_window_nothing_of_the_brush_lies_on_anything(
    window: StudioWindow, tool: Tool
) -> None:
    window.board_area.view.set_tool(tool)
    bar = window.board_area.options.brush
    seen = []
    for width in (1600, 1024, 900, 820, 900, 1600):
        window.resize(width, 640)
        QApplication.processEvents()
        leaves = [
            each
            for each in bar.findChildren(QWidget)
            if each.isVisible() and isinstance(each, QLabel | QSlider | QAbstractButton | NumberBox)
        ]
        spots = [QRect(each.mapTo(bar, QPoint()), each.size()) for each in leaves]
        for one, other in combinations(spots, 2):
            assert not one.intersects(other), width
        assert all(bar.rect().contains(spot) for spot in spots), width
        seen.append({each.accessibleName() or str(each.property("text")) for each in leaves})
    assert seen[0] == seen[-1]
    assert seen[2] == seen[4]
    assert all({"Size", "Hardness"} <= each for each in seen)
    assert seen[3] < seen[0]


def test_save_undo_and_redo_have_buttons(
    window: StudioWindow, one: str, wait: Callable[..., None], tmp_path: Any
) -> None:
    found = window.board_area.options.findChildren(QToolButton)
    by_name = {each.defaultAction().objectName(): each for each in found if each.defaultAction()}
    for name in ("save", "undo", "redo"):
        assert by_name[name].isVisible()
        assert "Ctrl+" in by_name[name].toolTip()
    QTest.mouseClick(by_name["undo"], LEFT)
    assert not window.studio.project.board.items
    QTest.mouseClick(by_name["redo"], LEFT)
    assert window.studio.project.board.items
    window.documents.save_to(tmp_path / "one.aigc")
    wait(lambda: not window.documents.unsaved)
    window.board_area.view.select([one])
    wait(lambda: shown(window)[:1] == ("120",))
    type_in(window, "x", "4")
    wait(lambda: place(window, one)[0] == 4)
    assert window.documents.unsaved
    QTest.mouseClick(by_name["save"], LEFT)
    wait(lambda: not window.documents.unsaved)


def test_a_frame_has_crop_beside_it(window: StudioWindow, one: str) -> None:
    window.board_area.view.set_tool(Tool.FRAME)
    found = window.board_area.options.findChildren(QToolButton)
    names = [
        each.defaultAction().objectName()
        for each in found
        if each.isVisible() and each.defaultAction()
    ]
    assert "crop" in names

"""The crop tool: handles on a picture, Enter to cut, Escape to leave it whole."""

import numpy as np
import pytest
from gui.canvas_board import LEFT, CanvasBoard, move, text
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest

from aigc_studio.api import Image
from aigc_studio.ui.canvas import Tool

Key = Qt.Key
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def picture(canvas: CanvasBoard) -> str:
    """200 x 100 pixels on as many board units; each column has its own grey."""
    pixels = np.tile(np.arange(200, dtype=np.uint8), (100, 1))
    id = canvas.put(Image(pixels), -100, -50)
    canvas.view.select([id])
    canvas.view.set_tool(Tool.CROP)
    return id


def shown(canvas: CanvasBoard) -> QRect | None:
    cut = canvas.view.marks.cut
    return cut.rect if cut is not None else None


def size(canvas: CanvasBoard, id: str) -> tuple[int, int]:
    info = canvas.board.item(id).content.info
    return info["width"], info["height"]


def test_an_edge_and_a_corner_are_pulled_and_enter_cuts(canvas: CanvasBoard, picture: str) -> None:
    assert shown(canvas) == QRect(0, 0, 200, 100)
    canvas.drag((-100, 0), (-80, 5), (-60, 10))
    assert shown(canvas) == QRect(40, 0, 160, 100)
    canvas.drag((100, 50), (90, 40), (80, 30))
    assert shown(canvas) == QRect(40, 0, 140, 80)
    # Nothing has happened to the picture yet.
    assert len(canvas.project.history) == 1
    canvas.key(Key.Key_Return)
    canvas.settle()
    assert size(canvas, picture) == (140, 80)
    assert (canvas.pixels(picture) == np.tile(np.arange(40, 180, dtype=np.uint8), (80, 1))).all()
    item = canvas.board.item(picture)
    assert (item.x, item.y) == (-60, -50)
    assert len(canvas.project.history) == 2
    assert canvas.view.tool == Tool.MOVE
    canvas.project.undo()
    assert size(canvas, picture) == (200, 100)


def test_it_is_moved_as_it_is_and_not_out_of_the_picture(canvas: CanvasBoard, picture: str) -> None:
    canvas.drag((-100, 0), (0, 0))
    canvas.drag((50, 30), (20, 10), (-200, 10))
    assert shown(canvas) == QRect(0, 0, 100, 100)


def test_beside_it_another_one_is_drawn(canvas: CanvasBoard, picture: str) -> None:
    canvas.drag((-20, -20), (0, 0), (30, 20))
    assert shown(canvas) == QRect(80, 30, 50, 40)
    canvas.drag((-80, -40), (-70, -30), (-60, -10))
    assert shown(canvas) == QRect(20, 10, 20, 30)


def test_escape_leaves_the_picture_whole_and_then_selects_nothing(
    canvas: CanvasBoard, picture: str
) -> None:
    canvas.drag((-100, 0), (0, 0))
    canvas.key(Key.Key_Escape)
    assert shown(canvas) == QRect(0, 0, 200, 100)
    canvas.key(Key.Key_Escape)
    assert shown(canvas) is None
    assert canvas.scene.target().number == 0
    assert len(canvas.project.history) == 1


def test_a_double_click_inside_cuts(canvas: CanvasBoard, picture: str) -> None:
    canvas.drag((-100, 0), (0, 0))
    spot = canvas.at(50, 0)
    QTest.mouseClick(canvas.view.viewport(), LEFT, NONE, spot)
    QTest.mouseDClick(canvas.view.viewport(), LEFT, NONE, spot)
    QTest.mouseRelease(canvas.view.viewport(), LEFT, NONE, spot)
    canvas.settle()
    assert size(canvas, picture) == (100, 100)


def test_a_gesture_that_is_given_up_leaves_what_was_there(
    canvas: CanvasBoard, picture: str
) -> None:
    canvas.drag((-100, 0), (-60, 0))
    canvas.drag((100, 0), (0, 0), release=False)
    canvas.key(Key.Key_Escape)
    assert shown(canvas) == QRect(40, 0, 160, 100)
    QTest.mouseRelease(canvas.view.viewport(), LEFT, NONE, canvas.at(0, 0))


def test_a_click_takes_another_picture_and_a_text_says_what_to_do(
    canvas: CanvasBoard, picture: str
) -> None:
    other = canvas.put(Image(np.zeros((40, 40), np.uint8)), 200, 100)
    canvas.put(text(), -300, 100)
    canvas.view.select([picture])
    canvas.click(220, 120)
    assert canvas.scene.target().item_ids == (other,)
    assert shown(canvas) == QRect(0, 0, 40, 40)
    canvas.click(-200, 150)
    assert canvas.said


@pytest.mark.parametrize("turn", [0.0, 90.0, 30.0])
def test_the_cursor_says_what_a_handle_does(canvas: CanvasBoard, turn: float) -> None:
    id = canvas.put(Image(np.zeros((100, 100), np.uint8)), -50, -50, rotation=turn)
    canvas.view.select([id])
    canvas.view.set_tool(Tool.CROP)
    item = canvas.scene.item(id)
    assert item is not None
    spot = canvas.view.to_view(item.mapToScene(100.0, 50.0)).toPoint()
    move(canvas.view.viewport(), spot, Qt.MouseButton.NoButton)
    shapes = {
        0.0: Qt.CursorShape.SizeHorCursor,
        90.0: Qt.CursorShape.SizeVerCursor,
        30.0: Qt.CursorShape.SizeFDiagCursor,
    }
    assert canvas.view.viewport().cursor().shape() == shapes[turn]


def test_another_tool_shows_no_handles(canvas: CanvasBoard, picture: str) -> None:
    canvas.view.set_tool(Tool.BRUSH)
    assert shown(canvas) is None


def test_the_command_takes_the_tool_where_nothing_is_marked(canvas: CanvasBoard) -> None:
    id = canvas.put(Image(np.zeros((100, 100), np.uint8)), -50, -50)
    canvas.view.select([id])
    canvas.view.act("crop")
    assert canvas.view.tool == Tool.CROP
    assert not canvas.said
    canvas.view.set_tool(Tool.RECTANGLE)
    canvas.drag((-30, -30), (10, 10))
    canvas.view.act("crop")
    canvas.settle()
    assert size(canvas, id) == (40, 40)


def test_it_is_seen(canvas: CanvasBoard, picture: str) -> None:
    canvas.drag((-100, 0), (0, 0))
    dimmed, kept = canvas.seen(-50, 20), canvas.seen(80, 20)
    canvas.view.set_tool(Tool.MOVE)
    canvas.view.select([])
    assert canvas.seen(-50, 20) != dimmed
    assert canvas.seen(80, 20) == kept
    assert canvas.view.viewport().rect().contains(QPoint(0, 0))

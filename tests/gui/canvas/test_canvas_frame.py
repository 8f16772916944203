"""The frame for the model: seen before it goes, drawn, pulled, moved and taken away."""

import numpy as np
import pytest
from gui.canvas_board import CanvasBoard, grey, text
from handwork import change_content
from PySide6.QtCore import QRect, Qt

from aigc_studio.api import Image
from aigc_studio.ui.canvas import Tool

SQUARE = {"width": 64, "height": 64, "mode": "RGB"}


@pytest.fixture
def picture(canvas: CanvasBoard) -> str:
    id = canvas.put(grey(200, 100, 128), -100, -50)
    canvas.view.select([id])
    return id


def shown(canvas: CanvasBoard) -> bool:
    """Whether a frame is being dragged."""
    return canvas.view.marks.area is not None


def masked(canvas: CanvasBoard, box: tuple[int, int, int, int]) -> str:
    """A picture of 400 x 300 from -200, -150 with a mask over left, top, right, bottom."""
    pixels = np.zeros((300, 400), np.uint8)
    pixels[box[1] : box[3], box[0] : box[2]] = 255
    mask = canvas.project.store.put(Image(pixels))
    id = canvas.put(grey(400, 300, 128), -200, -150, mask=mask)
    canvas.view.select([id])
    canvas.view.set_tool(Tool.FRAME)
    return id


def test_it_is_drawn_and_taken_away(canvas: CanvasBoard, picture: str) -> None:
    canvas.view.set_tool(Tool.FRAME)
    canvas.drag((-60, -30), (40, 10))
    assert canvas.view.frame_of(picture) == (40, 20, 140, 60)
    assert canvas.view.board_scene.target().has_frame
    canvas.click(-80, -40)
    assert canvas.view.frame_of(picture) is None
    assert len(canvas.project.history) == 1


@pytest.mark.parametrize("more", [(0, 9), (9, 0)])
def test_it_goes_with_the_size_that_it_was_drawn_for(
    canvas: CanvasBoard, picture: str, more: tuple[int, int]
) -> None:
    had = canvas.board.item(picture).content.info
    canvas.scene.set_frame(picture, QRect(2, 2, 10, 10))
    other = grey(had["width"] + more[0], had["height"] + more[1])
    content = canvas.project.store.put(other)
    canvas.project.do(change_content(canvas.board, {picture: content}, "crop"))
    assert canvas.view.frame_of(picture) is None


def test_only_pictures_have_one(canvas: CanvasBoard) -> None:
    canvas.put(text(), 0, 0)
    canvas.view.set_tool(Tool.FRAME)
    canvas.drag((20, 20), (100, 60))
    assert canvas.said


def test_it_is_pulled_and_moved_within_the_picture(canvas: CanvasBoard, picture: str) -> None:
    canvas.view.set_tool(Tool.FRAME)
    canvas.drag((-60, -30), (40, 10))
    canvas.drag((40, 10), (50, 20), (60, 30))
    assert canvas.view.frame_of(picture) == (40, 20, 160, 80)
    canvas.drag((-60, 0), (-50, 0), (-40, 0))
    assert canvas.view.frame_of(picture) == (60, 20, 160, 80)
    canvas.drag((0, 0), (30, 0), (300, 300))
    assert canvas.view.frame_of(picture) == (100, 40, 200, 100), "not out of the picture"
    assert len(canvas.project.history) == 1


def test_it_has_the_shape_that_the_model_takes_unless_shift_is_held(
    canvas: CanvasBoard, picture: str
) -> None:
    canvas.scene.show_model_frame(SQUARE)
    canvas.view.set_tool(Tool.FRAME)
    canvas.drag((-60, -30), (-20, -10))
    assert canvas.view.frame_of(picture) == (40, 20, 80, 60)
    canvas.drag((-20, 10), (0, 10), (20, 10))
    assert canvas.view.frame_of(picture) == (40, 20, 120, 100), "as much down as across"
    canvas.view.board_scene.set_frame(picture, None)
    canvas.drag((40, 30), (20, 20), (10, -25))
    assert canvas.view.frame_of(picture) == (85, 25, 140, 80), "upwards and to the left as well"
    canvas.view.board_scene.set_frame(picture, None)
    canvas.drag((-60, -30), (-20, -10), modifiers=Qt.KeyboardModifier.ShiftModifier)
    assert canvas.view.frame_of(picture) == (40, 20, 80, 40)


def test_a_row_of_frames_has_any_shape(canvas: CanvasBoard, picture: str) -> None:
    canvas.scene.show_model_frame(SQUARE | {"repeat": "horizontal"})
    canvas.view.set_tool(Tool.FRAME)
    canvas.drag((-60, -30), (-20, -10))
    assert canvas.view.frame_of(picture) == (40, 20, 80, 40)


def test_what_would_go_by_itself_is_seen_and_becomes_ones_own_when_pulled(
    canvas: CanvasBoard,
) -> None:
    id = masked(canvas, (160, 110, 240, 190))
    assert canvas.scene.seen_frame(id) is None, "no model, no frame"
    canvas.scene.show_model_frame(SQUARE)
    assert canvas.scene.seen_frame(id) == QRect(140, 90, 120, 120)
    assert canvas.view.frame_of(id) is None
    canvas.drag((60, 60), (70, 70), (80, 80))
    assert canvas.view.frame_of(id) == (140, 90, 280, 230)
    canvas.click(-190, -140)
    assert canvas.view.frame_of(id) is None
    assert canvas.scene.seen_frame(id) == QRect(140, 90, 120, 120)


def test_a_frame_of_a_pixel_is_refused_in_words(canvas: CanvasBoard, picture: str) -> None:
    canvas.view.scale(8, 8)
    canvas.view.set_tool(Tool.FRAME)
    canvas.drag((0, 0), (1, 0.5), (1.9, 0.9))
    assert canvas.view.frame_of(picture) is None
    assert "shows the model too little" in canvas.said[-1]


def test_escape_leaves_the_frame_as_it_was(canvas: CanvasBoard, picture: str) -> None:
    canvas.view.set_tool(Tool.FRAME)
    canvas.drag((-60, -30), (40, 10))
    canvas.drag((0, 0), (20, 10), release=False)
    assert shown(canvas)
    canvas.key(Qt.Key.Key_Escape)
    assert not shown(canvas)
    assert canvas.view.frame_of(picture) == (40, 20, 140, 60)


@pytest.mark.parametrize(
    ("towards", "box"),
    [((1, 1), (10, 10, 40, 40)), ((-1, 1), (20, 10, 50, 40)), ((0, 1), (20, 10, 40, 30))],
)
def test_a_shape_is_kept_towards_each_side(
    towards: tuple[int, int], box: tuple[int, int, int, int]
) -> None:
    from PySide6.QtCore import QRectF

    from aigc_studio.ui.canvas.tools import pulling

    wanted = QRectF(10, 10, 40, 30) if towards[0] else QRectF(20, 10, 20, 20)
    found = pulling.shaped(wanted, 1.0, towards, QRectF(0, 0, 60, 40))
    assert found.getCoords() == tuple(map(float, box))


def test_the_rest_is_dimmed_under_the_tool_only(canvas: CanvasBoard, picture: str) -> None:
    canvas.scene.set_frame(picture, QRect(40, 20, 100, 40))
    plain = canvas.seen(-90, -40)
    assert plain.red() == 128
    canvas.view.set_tool(Tool.FRAME)
    assert canvas.seen(-90, -40) != plain
    assert canvas.seen(0, 0) == plain


def test_a_frame_is_seen_on_what_is_selected_only(canvas: CanvasBoard, picture: str) -> None:
    canvas.view.select([])
    grab = canvas.view.grab().toImage()
    canvas.scene.set_frame(picture, QRect(40, 20, 100, 40))
    assert canvas.view.grab().toImage() == grab
    canvas.view.select([picture])
    with_frame = canvas.view.grab().toImage()
    canvas.scene.set_frame(picture, None)
    assert canvas.view.grab().toImage() != with_frame

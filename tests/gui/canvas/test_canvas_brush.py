"""Strokes with the mouse on real pictures in a real project."""

from typing import Any

import numpy as np
import pytest
from gui.canvas_board import LEFT, NONE, CanvasBoard, grey, move
from kinds import an_image, known, there
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aigc_studio.api import Image
from aigc_studio.jobs import gesture
from aigc_studio.ui.canvas import Brush, Tool
from aigc_studio.ui.canvas.items.picture import ImageItem
from aigc_studio.ui.canvas.painting.blend import Stroke, stroked
from aigc_studio.ui.canvas.painting.brush import Line, capsule
from aigc_studio.ui.canvas.tools.snapping import snap


def noise(width: int, height: int, channels: int = 4, seed: int = 0) -> Image:
    rng = np.random.default_rng(seed)
    return Image(rng.integers(0, 256, (height, width, channels), dtype=np.uint8))


def hard(size: float, colour: tuple[int, int, int] = (255, 0, 0), **fields: Any) -> Brush:
    return Brush(size=size, hardness=1.0, colour=colour, **fields)


class TestOnPixels:
    def test_a_stroke_covers_its_line_and_not_one_pixel_more(self, canvas: CanvasBoard) -> None:
        picture = noise(400, 300)
        id = canvas.put(picture, -200, -150)
        canvas.view.set_tool(Tool.BRUSH)
        canvas.view.options.set_brush(hard(20))
        canvas.drag((-100, 0), (100, 0))
        after = canvas.pixels(id).astype(int)
        rows, columns = np.mgrid[0:300, 0:400] + 0.5
        distance = np.hypot(columns - np.clip(columns, 100, 300), rows - 150)
        assert (after[distance < 9][:, :3] == (255, 0, 0)).all()
        assert (after[distance < 9][:, 3] == 255).all()
        outside = distance > 11.5
        assert (after[outside] == picture.pixels[outside]).all()

    def test_undo_brings_back_the_same_content_and_screen(self, canvas: CanvasBoard) -> None:
        id = canvas.put(noise(300, 300), -150, -150)
        before = canvas.board.item(id).content
        screen = canvas.view.viewport().grab().toImage()
        canvas.view.set_tool(Tool.BRUSH)
        canvas.drag((-100, -100), (0, 30), (120, 90))
        assert canvas.board.item(id).content != before
        assert len(canvas.project.history) == 2
        canvas.project.undo()
        assert canvas.board.item(id).content == before
        canvas.view.set_tool(Tool.MOVE)
        canvas.scene.choose([])
        canvas.view.marks.hovered = ""
        canvas.settle()
        assert canvas.view.viewport().grab().toImage() == screen

    def test_what_is_shown_is_what_is_stored(self, canvas: CanvasBoard) -> None:
        id = canvas.put(noise(300, 200), -150, -100)
        canvas.view.set_tool(Tool.BRUSH)
        canvas.view.options.set_brush(
            Brush(size=40, hardness=0.2, colour=(20, 200, 90), opacity=0.6)
        )
        canvas.drag((-100, -50), (-20, 60), (100, -40))
        image = known(ImageItem, canvas.scene.item(id)).to_image()
        shown = np.array(
            [[image.pixelColor(x, y).getRgb() for x in range(0, 300, 7)] for y in range(0, 200, 7)]
        )
        stored = canvas.pixels(id)[::7, ::7].astype(int)
        solid = stored[..., 3] > 128
        assert np.abs(shown - stored)[solid].max() <= 2

    def test_one_stroke_is_even_where_it_crosses_itself(self, canvas: CanvasBoard) -> None:
        id = canvas.put(grey(200, 200, 255), -100, -100)
        canvas.view.set_tool(Tool.BRUSH)
        canvas.view.options.set_brush(hard(20, (0, 0, 0), opacity=0.5))
        canvas.drag((-60, 0), (60, 0), (60, 1), (-60, 0), (-60, 1), (60, 0))
        line = canvas.pixels(id)[100, 60:140]
        assert set(np.unique(line)) <= {127, 128}

    def test_grey_ink_leaves_a_grey_picture_grey_and_colour_makes_it_rgb(
        self, canvas: CanvasBoard
    ) -> None:
        id = canvas.put(grey(100, 100, 255), -50, -50)
        canvas.view.set_tool(Tool.BRUSH)
        canvas.view.options.set_brush(hard(8, (10, 10, 10)))
        canvas.drag((-20, 0), (20, 0))
        assert an_image(canvas.artifact(id)).mode == "L"
        canvas.view.options.set_brush(hard(8, (200, 10, 10)))
        canvas.drag((-20, 20), (20, 20))
        assert an_image(canvas.artifact(id)).mode == "RGB"

    def test_the_eraser_makes_holes_in_rgba_and_gives_opaque_pictures_their_ground(
        self, canvas: CanvasBoard
    ) -> None:
        clear = canvas.put(noise(100, 100), -120, -50)
        digit = np.zeros((100, 100), np.uint8)
        digit[30:70, 30:70] = 255
        opaque = canvas.put(Image(digit), 20, -50)
        canvas.view.set_tool(Tool.ERASER)
        canvas.view.options.set_brush(hard(20))
        canvas.drag((-80, 0), (-60, 0))
        canvas.drag((60, 0), (80, 0))
        assert canvas.pixels(clear)[50, 50, 3] == 0
        assert an_image(canvas.artifact(opaque)).mode == "L"
        assert canvas.pixels(opaque)[50, 50] == 0
        assert canvas.pixels(opaque)[35, 35] == 255
        assert [command.kind for command in canvas.project.history[2:]] == ["erase", "erase"]

    def test_the_size_is_in_board_units_whatever_the_resolution(self, canvas: CanvasBoard) -> None:
        id = canvas.put(grey(28, 28), -140, -140, 280, 280)
        canvas.view.set_tool(Tool.BRUSH)
        canvas.view.options.set_brush(hard(30, (255, 255, 255)))
        canvas.drag((-100, 5), (100, 5))
        column = canvas.pixels(id)[:, 14]
        assert (column > 128).sum() == 3

    def test_a_turned_picture_is_painted_where_the_pointer_is(self, canvas: CanvasBoard) -> None:
        id = canvas.put(grey(200, 100), -100, -50, rotation=90.0)
        canvas.view.set_tool(Tool.BRUSH)
        canvas.view.options.set_brush(hard(10, (255, 255, 255)))
        canvas.drag((0, -80), (0, -79))
        ys, xs = np.nonzero(canvas.pixels(id) > 128)
        assert abs(xs.mean() - 20) < 1.5
        assert abs(ys.mean() - 50) < 1.5


class TestOnTheWay:
    def test_quick_strokes_all_arrive_in_order(self, canvas: CanvasBoard) -> None:
        id = canvas.put(grey(300, 300, 255), -150, -150)
        canvas.view.set_tool(Tool.BRUSH)
        for row, value in ((-100, 0), (0, 100), (100, 200)):
            canvas.view.options.set_brush(hard(10, (value, value, value)))
            viewport = canvas.view.viewport()
            QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=canvas.at(-50, row))
            QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=canvas.at(-50, row))
        canvas.settle()
        assert [canvas.pixels(id)[row, 100] for row in (50, 150, 250)] == [0, 100, 200]
        assert len(canvas.project.history) == 4

    def test_an_undo_in_between_keeps_the_stroke_and_the_undo(self, canvas: CanvasBoard) -> None:
        id = canvas.put(grey(300, 300, 255), -150, -150)
        canvas.view.set_tool(Tool.BRUSH)
        canvas.view.options.set_brush(hard(10, (0, 0, 0)))
        canvas.drag((-100, -100), (-90, -100))
        viewport = canvas.view.viewport()
        QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=canvas.at(50, 50))
        QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=canvas.at(50, 50))
        canvas.project.undo()
        canvas.settle()
        pixels = canvas.pixels(id)
        assert pixels[50, 55] == 255
        assert pixels[200, 200] == 0

    def test_escape_takes_a_stroke_back(self, canvas: CanvasBoard) -> None:
        id = canvas.put(grey(300, 300, 255), -150, -150)
        canvas.view.set_tool(Tool.BRUSH)
        canvas.drag((-50, 0), (50, 0), release=False)
        assert canvas.seen(0, 0).lightness() < 60
        canvas.key(Qt.Key.Key_Escape)
        assert canvas.seen(0, 0).lightness() > 200
        assert len(canvas.project.history) == 1
        assert (canvas.pixels(id) == 255).all()

    @pytest.mark.parametrize("other", [Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton])
    def test_another_button_in_the_middle_of_a_stroke_means_nothing(
        self, canvas: CanvasBoard, other: Qt.MouseButton
    ) -> None:
        id = canvas.put(grey(300, 300, 255), -150, -150)
        canvas.view.set_tool(Tool.BRUSH)
        canvas.drag((-100, 0), (0, 0), release=False)
        viewport = canvas.view.viewport()
        QTest.mousePress(viewport, other, NONE, canvas.at(0, 0))
        menu = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, canvas.at(0, 0), QPoint())
        QApplication.sendEvent(viewport, menu)  # it would stand here for ever
        QTest.mouseRelease(viewport, other, NONE, canvas.at(0, 0))
        move(viewport, canvas.at(100, 0), LEFT, NONE)
        QTest.mouseRelease(viewport, LEFT, NONE, canvas.at(100, 0))
        canvas.settle()
        assert len(canvas.project.history) == 2
        assert (canvas.pixels(id)[150, 60:240] < 60).all()

    def test_a_double_click_while_the_board_is_pushed_opens_nothing(
        self, canvas: CanvasBoard
    ) -> None:
        viewport, middle = canvas.view.viewport(), Qt.MouseButton.MiddleButton
        canvas.view.set_tool(Tool.MOVE)
        QTest.mousePress(viewport, middle, NONE, canvas.at(0, 0))
        QTest.mouseDClick(viewport, LEFT, NONE, canvas.at(0, 0))
        assert canvas.view.writer.card is None
        QTest.mouseRelease(viewport, middle, NONE, canvas.at(0, 0))
        QTest.mouseDClick(viewport, LEFT, NONE, canvas.at(0, 0))
        assert canvas.view.writer.card is not None

    def test_the_key_of_the_next_tool_keeps_a_stroke_whose_button_is_still_down(
        self, canvas: CanvasBoard
    ) -> None:
        id = canvas.put(grey(300, 300, 255), -150, -150)
        canvas.view.set_tool(Tool.BRUSH)
        canvas.drag((-100, 0), (100, 0), release=False)
        canvas.key(Qt.Key.Key_E)
        QTest.mouseRelease(canvas.view.viewport(), LEFT, NONE, canvas.at(100, 0))
        canvas.settle()
        assert canvas.view.tool == Tool.ERASER
        assert (canvas.pixels(id)[150, 60:240] < 60).all()

    def test_space_in_the_middle_of_a_stroke_is_no_tap(self, canvas: CanvasBoard) -> None:
        canvas.put(grey(300, 300, 255), -150, -150)
        canvas.view.set_tool(Tool.BRUSH)
        taps: list[bool] = []
        canvas.view.space_tapped.connect(taps.append)
        canvas.drag((-100, 0), (100, 0), release=False)
        canvas.key(Qt.Key.Key_Space)
        QTest.mouseRelease(canvas.view.viewport(), LEFT, NONE, canvas.at(100, 0))
        canvas.settle()
        assert taps == []
        canvas.key(Qt.Key.Key_Space)
        assert taps == [False]

    def test_a_stroke_is_seen_before_it_is_stored(self, canvas: CanvasBoard) -> None:
        canvas.put(grey(300, 300, 255), -150, -150)
        canvas.view.set_tool(Tool.BRUSH)
        canvas.drag((-50, 0), (50, 0), release=False)
        assert canvas.seen(-20, 0).lightness() < 60
        assert len(canvas.project.history) == 1


class TestSheets:
    def test_a_stroke_on_the_empty_board_brings_a_sheet_with_it_on(
        self, canvas: CanvasBoard
    ) -> None:
        canvas.view.set_tool(Tool.BRUSH)
        canvas.drag((0, 0), (40, 0), (20, 60))
        (item,) = canvas.board.items
        assert (item.content.info["width"], item.content.info["mode"]) == (256, "L")
        pixels = canvas.pixels(item.id)
        assert pixels.max() == 255
        assert 200 < (pixels < 128).sum() < 6000
        assert [command.kind for command in canvas.project.history] == ["paint"]
        assert canvas.view.board_scene.target().item_ids == (item.id,)

    def test_the_next_stroke_goes_on_the_same_sheet(self, canvas: CanvasBoard) -> None:
        canvas.view.set_tool(Tool.BRUSH)
        canvas.drag((0, 0), (40, 0))
        canvas.drag((0, 40), (40, 40))
        assert len(canvas.board) == 1

    def test_a_large_stroke_is_kept_whole_in_the_middle_of_a_square(
        self, canvas: CanvasBoard
    ) -> None:
        canvas.view.set_tool(Tool.BRUSH)
        canvas.view.options.set_brush(hard(20, (0, 0, 0)))
        canvas.drag((-200, -150), (100, -150), (-50, 0), (150, 200), (-100, 240))
        (item,) = canvas.board.items
        pixels = canvas.pixels(item.id)
        assert pixels.shape[0] == pixels.shape[1] == item.width == item.height
        rows, columns = np.nonzero(pixels < 255)
        assert abs(rows.min() + item.y + 160) <= 1
        assert abs(columns.min() + item.x + 210) <= 1
        assert abs(rows.max() + 1 + item.y - 250) <= 1
        assert abs((rows.min() + rows.max()) / 2 - item.height / 2) <= 2
        assert abs((columns.min() + columns.max()) / 2 - item.width / 2) <= 2
        assert rows.min() > 0.12 * item.height

    def test_the_stroke_is_seen_on_its_paper_before_there_is_a_sheet(
        self, canvas: CanvasBoard
    ) -> None:
        canvas.view.set_tool(Tool.BRUSH)
        canvas.view.options.set_brush(hard(20, (200, 0, 0)))
        canvas.drag((-200, 0), (0, 0), (200, 0), release=False)
        assert canvas.seen(-150, 0).getRgb() == (200, 0, 0, 255)
        assert canvas.seen(-150, 60).getRgb() == (255, 255, 255, 255)
        assert len(canvas.board) == 0
        bare = [canvas.view.bare]
        canvas.key(Qt.Key.Key_Escape)
        assert [*bare, canvas.view.bare] == [False, True]
        canvas.view.show_hint(False)
        assert canvas.seen(-150, 0).getRgb() == canvas.seen(-150, 300).getRgb()
        assert len(canvas.project.history) == 0

    def test_strokes_that_leave_or_begin_beside_it_make_one_larger_square(
        self, canvas: CanvasBoard
    ) -> None:
        canvas.view.set_tool(Tool.BRUSH)
        canvas.view.options.set_brush(hard(20, (0, 0, 0)))
        canvas.drag((0, -100), (0, 0), (0, 60))
        (first,) = canvas.board.items
        before = canvas.pixels(first.id)
        canvas.drag((40, 0), (200, 0), (300, 0))
        canvas.drag((300, 250), (300, 100), (300, -200))
        (item,) = canvas.board.items
        assert item.id == first.id
        assert [command.kind for command in canvas.project.history] == ["paint", "paint", "paint"]
        pixels = canvas.pixels(item.id)
        assert pixels.shape[0] == pixels.shape[1] == item.width == item.height
        for x, y in ((0, -90), (0, 50), (50, 0), (290, 0), (300, 240), (300, -190)):
            assert pixels[round(y - item.y), round(x - item.x)] == 0
        x, y = round(first.x - item.x), round(first.y - item.y)
        kept = pixels[y : y + before.shape[0], x : x + before.shape[1]][:, : round(25 - first.x)]
        assert (kept == before[:, : round(25 - first.x)]).all()
        canvas.project.undo()
        canvas.project.undo()
        assert list(canvas.board.items) == [first]
        canvas.project.undo()
        assert len(canvas.board) == 0

    def test_a_stroke_far_from_the_sheet_brings_another(self, canvas: CanvasBoard) -> None:
        canvas.view.set_tool(Tool.BRUSH)
        canvas.drag((-300, 0), (-280, 20))
        canvas.drag((200, 0), (220, 20))
        assert len(canvas.board) == 2

    def test_a_mask_grows_with_its_sheet_and_other_pictures_do_not_grow(
        self, canvas: CanvasBoard
    ) -> None:
        picture = canvas.put(grey(100, 100, 255), -300, -300)
        canvas.view.select([picture])
        canvas.view.set_tool(Tool.BRUSH)
        canvas.drag((-250, -250), (-100, -250))
        assert canvas.board.item(picture).width == 100
        canvas.drag((0, 0), (20, 20))
        sheet = canvas.board.items[-1].id
        canvas.view.set_tool(Tool.RECTANGLE)
        canvas.drag((0, 0), (20, 20))
        canvas.view.set_tool(Tool.BRUSH)
        canvas.drag((0, 0), (250, 0))
        item = canvas.board.item(sheet)
        mask = canvas.mask(sheet)
        rows, columns = np.nonzero(mask)
        assert mask.shape == canvas.pixels(sheet).shape
        assert (mask > 0).sum() == 400
        assert (columns.min() + item.x, rows.min() + item.y) == (0, 0)

    def test_the_eraser_brings_none(self, canvas: CanvasBoard) -> None:
        canvas.view.set_tool(Tool.ERASER)
        canvas.drag((0, 0), (40, 0))
        assert len(canvas.board) == 0


class TestBrush:
    def test_brackets_change_the_size_and_braces_the_hardness(self, canvas: CanvasBoard) -> None:
        canvas.view.set_tool(Tool.BRUSH)
        size, hardness = canvas.view.options.brush.size, canvas.view.options.brush.hardness
        canvas.key(Qt.Key.Key_BracketRight)
        assert canvas.view.options.brush.size > size
        canvas.key(Qt.Key.Key_BracketLeft)
        canvas.key(Qt.Key.Key_BracketLeft)
        assert canvas.view.options.brush.size < size
        canvas.key(Qt.Key.Key_BraceLeft, Qt.KeyboardModifier.ShiftModifier)
        assert canvas.view.options.brush.hardness < hardness

    def test_the_size_stays_within_bounds(self) -> None:
        assert Brush(size=1).grown(-3) == 1
        assert Brush(size=500).grown(9) == 512

    def test_the_eyedropper_takes_the_pixel_under_it(
        self, canvas: CanvasBoard, qtbot: QtBot
    ) -> None:
        canvas.put(Image(np.full((50, 50, 3), (12, 200, 34), np.uint8)), -25, -25)
        canvas.view.set_tool(Tool.EYEDROPPER)
        with qtbot.waitSignal(canvas.view.options.colour_picked):
            canvas.click(0, 0)
        assert canvas.view.options.brush.colour == (12, 200, 34)

    def test_a_lighter_touch_draws_a_thinner_line(self, canvas: CanvasBoard) -> None:
        from aigc_studio.ui.canvas.painting.drawing import Drawing

        id = canvas.put(grey(200, 200), -100, -100)
        item = known(ImageItem, canvas.scene.item(id))
        widths = []
        for pressure in (0.2, 1.0):
            from PySide6.QtGui import QColor

            drawing = Drawing(item, "paint", hard(40), QColor("white"))
            drawing.to(QPointF(50, 100), pressure)
            drawing.to(QPointF(150, 100), pressure)
            stroke = there(drawing.finish())
            widths.append(int((stroke.tiles[0, 0][:, 100] > 128).sum()))
            item.drop_stroke(drawing.live)
        assert widths[0] < widths[1] / 2
        assert 39 <= widths[1] <= 41

    def test_hard_edges_are_one_pixel_wide_and_soft_ones_fall_evenly(self) -> None:
        disc = capsule(QRect(0, 0, 60, 60), (30, 30, 20), (30, 30, 20), 1.0)
        row = disc[30].astype(int)
        assert (row[12:48] == 255).all()
        assert np.count_nonzero((row > 0) & (row < 255)) <= 4
        soft = capsule(QRect(0, 0, 60, 60), (30, 30, 20), (30, 30, 20), 0.0)[30].astype(int)
        assert (np.diff(soft[30:51]) <= 0).all()
        assert np.count_nonzero((soft > 10) & (soft < 245)) > 20

    def test_lines_cross_tiles_without_a_seam(self) -> None:
        line = Line(600, 300, 1.0)
        line.draw((20, 255.5, 6), (580, 255.5, 6))
        assert set(line.tiles) == {(0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (2, 1)}
        whole = np.vstack([np.hstack([line.tiles[x, y] for x in range(3)]) for y in range(2)])
        assert (whole[251:260, 20:580] == 255).all()
        assert (whole[:245] == 0).all()


class TestBlending:
    def test_paint_over_clear_pixels_takes_the_brushs_opacity(self) -> None:
        base = np.zeros((1, 3, 4), np.uint8)
        coverage = np.array([[0, 128, 255]], np.uint8)
        after = stroked(base, coverage, Stroke("paint", {}, (200, 100, 50), 0.5))
        assert after.tolist() == [[[0, 0, 0, 0], [200, 100, 50, 64], [200, 100, 50, 128]]]

    def test_what_is_not_covered_stays_bit_equal_even_where_it_is_nearly_clear(self) -> None:
        base = np.array([[[201, 7, 99, 1], [3, 250, 1, 0]]], np.uint8)
        after = stroked(base, np.zeros((1, 2), np.uint8), Stroke("paint", {}, (9, 9, 9)))
        assert (after == base).all()

    def test_the_eraser_takes_alpha_and_leaves_the_colour(self) -> None:
        base = np.array([[[201, 7, 99, 200]]], np.uint8)
        after = stroked(base, np.array([[127]], np.uint8), Stroke("erase", {}))
        assert after.tolist() == [[[201, 7, 99, 100]]]


def test_snapping_draws_a_line_along_both_boxes() -> None:
    by, guides = snap(QRectF(0, 0, 10, 10), QPointF(98, 3), [QRectF(100, 50, 20, 20)], 5)
    assert by == QPointF(100, 3)
    assert guides == [QRectF(100, 3, 0, 67)]


class TestUnderTheHand:
    def test_the_stroke_before_becomes_a_command_once_the_hand_rests(
        self, canvas: CanvasBoard, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(gesture, "STILL", 3600.0)
        monkeypatch.setattr(gesture, "PATIENCE", 3600.0)
        canvas.put(noise(600, 600), -300, -300)
        canvas.view.set_tool(Tool.BRUSH)
        viewport = canvas.view.viewport()
        for y in (-100, 100):  # the second one begins before the first is a command
            QTest.mousePress(viewport, LEFT, NONE, canvas.at(-100, y))
            move(viewport, canvas.at(0, y))
            if y < 0:
                QTest.mouseRelease(viewport, LEFT, NONE, canvas.at(0, y))
        canvas.qtbot.wait(60)
        move(viewport, canvas.at(50, 100))
        assert len(canvas.project.history) == 1
        QTest.mouseRelease(viewport, LEFT, NONE, canvas.at(50, 100))
        canvas.settle()
        assert len(canvas.project.history) == 3

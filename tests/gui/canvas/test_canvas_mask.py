"""Masks, rectangles and frames; spans of texts and bars of melodies: the part to be made anew."""

import numpy as np
import pytest
from gui.canvas_board import CanvasBoard, grey, text, tune
from handwork import change_content
from kinds import known, there
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from aigc_studio.api import Bars, Mask, Span
from aigc_studio.ui import theme
from aigc_studio.ui.canvas import Brush, Tool
from aigc_studio.ui.canvas.items.melody_card import MelodyItem
from aigc_studio.ui.canvas.items.picture import ImageItem
from aigc_studio.ui.canvas.items.text_card import TextItem

SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def picture(canvas: CanvasBoard) -> str:
    id = canvas.put(grey(200, 100, 128), -100, -50)
    canvas.view.select([id])
    return id


class TestMaskBrush:
    def test_it_masks_and_leaves_the_picture_alone(self, canvas: CanvasBoard, picture: str) -> None:
        before = canvas.board.item(picture).content
        canvas.view.set_tool(Tool.MASK)
        canvas.view.options.set_brush(Brush(size=20, hardness=1.0))
        canvas.drag((-50, 0), (50, 0))
        mask = canvas.mask(picture)
        assert mask.shape == (100, 200)
        assert (mask[45:55, 60:140] == 255).all()
        assert (mask[:35] == 0).all()
        assert canvas.board.item(picture).content == before
        assert canvas.project.history[-1].kind == "mask"
        assert canvas.view.board_scene.mask_of(picture) == Mask(mask)

    def test_the_mask_eraser_takes_it_away_again(self, canvas: CanvasBoard, picture: str) -> None:
        canvas.view.options.set_brush(Brush(size=20, hardness=1.0))
        canvas.view.set_tool(Tool.MASK)
        canvas.drag((-50, 0), (50, 0))
        canvas.view.set_tool(Tool.MASK_ERASER)
        canvas.drag((0, -40), (0, 40))
        assert canvas.mask(picture)[50, 100] == 0
        assert canvas.mask(picture)[50, 60] == 255
        canvas.view.options.set_brush(Brush(size=300, hardness=1.0))
        canvas.drag((-80, 0), (80, 0))
        assert canvas.board.item(picture).mask is None
        assert canvas.view.board_scene.mask_of(picture) is None

    def test_a_mask_under_the_brush_counts_before_it_is_stored(
        self, canvas: CanvasBoard, picture: str
    ) -> None:
        canvas.view.set_tool(Tool.MASK)
        canvas.drag((-50, 0), (0, 0), (50, 0), release=False)
        assert there(canvas.view.board_scene.mask_of(picture)).pixels[50, 60] == 255
        assert canvas.view.board_scene.target().part == "mask"
        canvas.view.cancel()
        assert canvas.view.board_scene.mask_of(picture) is None

    def test_invert_and_clear(self, canvas: CanvasBoard, picture: str) -> None:
        canvas.view.set_tool(Tool.RECTANGLE)
        canvas.drag((-100, -50), (0, 50))
        mask = canvas.mask(picture)
        canvas.key(Qt.Key.Key_I, CTRL | SHIFT)
        canvas.settle()
        assert (canvas.mask(picture) == 255 - mask).all()
        canvas.view.commands.clear_mask()
        canvas.settle()
        assert canvas.board.item(picture).mask is None
        canvas.project.undo()
        canvas.project.undo()
        assert (canvas.mask(picture) == mask).all()

    def test_the_veil_is_seen_and_goes_with_undo(self, canvas: CanvasBoard, picture: str) -> None:
        plain = canvas.seen(-60, 0)
        canvas.view.set_tool(Tool.RECTANGLE)
        canvas.drag((-100, -50), (0, 50))
        veiled = canvas.seen(-60, 0)
        assert veiled.red() > plain.red() + 20
        assert veiled.red() > veiled.green() + 40
        canvas.project.undo()
        assert canvas.seen(-60, 0) == plain

    def test_the_veil_is_as_even_during_a_stroke_as_when_it_is_loaded_anew(
        self, canvas: CanvasBoard, picture: str
    ) -> None:
        canvas.view.set_tool(Tool.MASK)
        canvas.view.options.set_brush(Brush(size=40, hardness=0.5))
        # Back and forth: every place is shown again and again.
        there = [(x, 0) for x in range(-60, 61, 3)]
        canvas.drag(*there, *reversed(there), release=False)
        grid = known(ImageItem, canvas.scene.item(picture)).mask.grid
        during = grid.to_image()
        assert during.pixelColor(100, 50).alpha() == theme.mask_colour().alpha()
        spot = canvas.at(60, 0)
        QTest.mouseRelease(canvas.view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
        canvas.settle()
        after = grid.to_image()
        assert after == during
        canvas.view.show_project(canvas.project)
        canvas.settle()
        assert known(ImageItem, canvas.scene.item(picture)).mask.grid.to_image() == after

    def test_masks_are_not_in_the_rendered_board(self, canvas: CanvasBoard, picture: str) -> None:
        canvas.view.set_tool(Tool.RECTANGLE)
        canvas.drag((-100, -50), (0, 50))
        image = canvas.view.exchange.render_board()
        assert image.width() == 200
        assert image.height() == 100
        assert image.pixelColor(20, 50).getRgb() == (128, 128, 128, 255)


class TestRectangle:
    def test_it_masks_whole_pixels(self, canvas: CanvasBoard, picture: str) -> None:
        canvas.view.set_tool(Tool.RECTANGLE)
        canvas.drag((-60.0, -30.0), (-20.0, 10.0))
        expected = np.zeros((100, 200), np.uint8)
        expected[20:60, 40:80] = 255
        assert (canvas.mask(picture) == expected).all()

    def test_shift_adds_alt_takes_a_new_one_replaces_a_click_clears(
        self, canvas: CanvasBoard, picture: str
    ) -> None:
        canvas.view.set_tool(Tool.RECTANGLE)
        canvas.drag((-60, -30), (-20, 10))
        canvas.drag((20, -30), (60, 10), modifiers=SHIFT)
        assert (canvas.mask(picture) > 0).sum() == 2 * 40 * 40
        canvas.drag((20, -30), (40, 10), modifiers=ALT)
        assert (canvas.mask(picture) > 0).sum() == 40 * 40 + 20 * 40
        canvas.drag((0, 0), (10, 10))
        assert (canvas.mask(picture) > 0).sum() == 100
        canvas.click(-80, -30)
        canvas.settle()
        assert canvas.board.item(picture).mask is None

    def test_it_stays_inside_the_picture(self, canvas: CanvasBoard, picture: str) -> None:
        canvas.view.set_tool(Tool.RECTANGLE)
        canvas.drag((80, 30), (300, 200))
        assert (canvas.mask(picture) > 0).sum() == 20 * 20

    def test_the_mask_is_cropped_to(self, canvas: CanvasBoard, picture: str) -> None:
        canvas.view.set_tool(Tool.RECTANGLE)
        canvas.drag((-60, -30), (-20, 10))
        canvas.view.commands.crop()
        canvas.settle()
        item = canvas.board.item(picture)
        assert (item.content.info["width"], item.content.info["height"]) == (40, 40)
        assert (item.x, item.y, item.width, item.height) == (-60, -30, 40, 40)


class TestSpans:
    def test_a_drag_with_the_mask_tool_selects_code_points(self, canvas: CanvasBoard) -> None:
        id = canvas.put(text("𝄞𝄞 你好 world\nsecond line"), -160, -90)
        card = known(TextItem, canvas.scene.item(id))
        canvas.view.set_tool(Tool.MASK)
        spots = {card.position_at(card.mapFromScene(x, -66)): x for x in range(-160, 160, 2)}
        canvas.drag((spots[3] - 1, -66), (spots[5] - 1, -66))
        assert canvas.view.selection_of(id) == Span(3, 5)
        assert canvas.view.board_scene.target().part == "span"
        assert len(canvas.project.history) == 1

    def test_escape_takes_it_away_and_then_the_selection(self, canvas: CanvasBoard) -> None:
        id = canvas.put(text(), -160, -90)
        canvas.view.select([id])
        canvas.scene.set_part(id, Span(0, 3))
        canvas.key(Qt.Key.Key_Escape)
        assert canvas.view.selection_of(id) is None
        assert canvas.view.board_scene.target().number == 1
        canvas.key(Qt.Key.Key_Escape)
        assert canvas.view.board_scene.target().number == 0

    def test_the_span_is_seen(self, canvas: CanvasBoard) -> None:
        id = canvas.put(text("xxxxxxxxxxxx"), -160, -90)
        before = canvas.view.viewport().grab().toImage()
        canvas.scene.set_part(id, Span(2, 8))
        after = canvas.view.viewport().grab().toImage()
        assert after != before


class TestBars:
    def test_a_drag_on_the_ruler_selects_bars(self, canvas: CanvasBoard) -> None:
        id = canvas.put(tune(4), -240, -90)
        roll = known(MelodyItem, canvas.scene.item(id)).roll
        left = -240
        canvas.drag(
            (left + roll.x(480 * 5), -80),
            (left + roll.x(480 * 6), -80),
            (left + roll.x(480 * 9), -80),
        )
        assert canvas.view.selection_of(id) == Bars(2, 3)
        assert canvas.view.board_scene.target().part == "bars"
        assert canvas.board.item(id).x == -240

    @pytest.mark.parametrize("tool", [Tool.MASK, Tool.RECTANGLE])
    def test_mask_and_rectangle_select_bars_anywhere_on_it(
        self, canvas: CanvasBoard, tool: Tool
    ) -> None:
        id = canvas.put(tune(4), -240, -90)
        roll = known(MelodyItem, canvas.scene.item(id)).roll
        canvas.view.set_tool(tool)
        x = -240 + roll.x(480 * 13)
        canvas.drag((x, 20), (x + 3, 30))
        assert canvas.view.selection_of(id) == Bars(4, 4)

    def test_keys_choose_bars_once_the_melody_is_entered(self, canvas: CanvasBoard) -> None:
        id = canvas.put(tune(4), -240, -90)
        canvas.view.select([id])
        canvas.key(Qt.Key.Key_Return)
        assert canvas.view.selection_of(id) == Bars(1, 1)
        canvas.key(Qt.Key.Key_Right)
        canvas.key(Qt.Key.Key_Right, SHIFT)
        assert canvas.view.selection_of(id) == Bars(2, 3)
        canvas.key(Qt.Key.Key_Left)
        assert canvas.view.selection_of(id) == Bars(1, 1)
        assert len(canvas.project.history) == 1

    def test_bars_of_a_changing_metre(self, canvas: CanvasBoard) -> None:
        from aigc_studio.api import Melody, Metre, Note

        melody = Melody(
            (Note(0, 480, 60), Note(4000, 480, 72)), metres=(Metre(0, 4, 4), Metre(1920, 3, 4))
        )
        id = canvas.put(melody, -240, -90)
        roll = known(MelodyItem, canvas.scene.item(id)).roll
        assert len(melody.bars) == 3
        canvas.drag((-240 + roll.x(1930), -80), (-240 + roll.x(3300), -80))
        assert canvas.view.selection_of(id) == Bars(2, 2)


def test_a_change_of_content_that_cuts_a_part_off_forgets_it(canvas: CanvasBoard) -> None:

    words, song = canvas.put(text("one two three")), canvas.put(tune(4), 0, 200)
    canvas.scene.set_part(words, Span(8, 13))
    canvas.scene.set_part(song, Bars(3, 4))
    store, board = canvas.project.store, canvas.board
    shorter = {words: store.put(text("one")), song: store.put(tune(2))}
    canvas.project.do(change_content(board, shorter, "write"))
    assert canvas.view.selection_of(words) is None
    assert canvas.view.selection_of(song) is None


def test_the_target_says_what_is_selected(canvas: CanvasBoard, qtbot: QtBot, picture: str) -> None:
    words = canvas.put(text(), 0, 100)
    with qtbot.waitSignal(canvas.view.selection_changed) as told:
        canvas.view.select([picture, words])
    (target,) = told.args
    assert target.item_ids == (picture, words)
    assert target.media == ("image", "text")
    assert (target.medium, target.number, target.part) == ("", 2, "")
    QTest.qWait(0)

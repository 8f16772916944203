"""Lasso, wand, grow, shrink, feather, and masks on several pictures: under mouse and keyboard."""

import numpy as np
import pytest
from gui.canvas_board import LEFT, NONE, CanvasBoard, grey, move, text
from kinds import known, there
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from aigc_studio.api import Image
from aigc_studio.project import masking
from aigc_studio.ui.canvas import Brush, Tool
from aigc_studio.ui.canvas.edit_bar import EditBar
from aigc_studio.ui.canvas.items.picture import ImageItem
from aigc_studio.ui.canvas.painting.brush import MaskOptions
from aigc_studio.ui.canvas.painting.edits import Edit
from aigc_studio.ui.canvas.painting.progress import Progress

SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier
Key = Qt.Key


@pytest.fixture
def picture(canvas: CanvasBoard) -> str:
    id = canvas.put(grey(200, 100, 128), -100, -50)
    canvas.view.select([id])
    return id


def steps(canvas: CanvasBoard) -> int:
    return len(canvas.project.history)


def rectangle(canvas: CanvasBoard, *box: float) -> None:
    """Mask from left, top to right, bottom of the board."""
    canvas.view.set_tool(Tool.RECTANGLE)
    canvas.drag((box[0], box[1]), (box[2], box[3]))


def clicks(canvas: CanvasBoard, *corners: tuple[float, float]) -> None:
    for corner in corners:
        canvas.click(*corner)


class TestLasso:
    def test_what_is_drawn_around_is_masked_in_one_step(
        self, canvas: CanvasBoard, picture: str
    ) -> None:
        canvas.view.set_tool(Tool.LASSO)
        canvas.drag((-60, -30), (20, -30), (20, 10), (-60, 10), (-60, -28))
        mask = canvas.mask(picture)
        assert (mask[20:60, 40:120] == 255).all()
        assert (mask > 0).sum() == 40 * 80
        assert steps(canvas) == 2
        canvas.project.undo()
        assert canvas.board.item(picture).mask is None

    def test_corners_are_clicked_and_enter_closes(self, canvas: CanvasBoard, picture: str) -> None:
        canvas.view.set_tool(Tool.LASSO)
        clicks(canvas, (-60, -30), (20, -30), (20, 10), (-60, 10))
        assert steps(canvas) == 1
        assert canvas.view.pending_bar.isVisible()
        canvas.key(Key.Key_Return)
        canvas.settle()
        assert (canvas.mask(picture) > 0).sum() == 40 * 80
        assert not canvas.view.pending_bar.isVisible()
        assert canvas.view.marks.outline is None
        assert canvas.view.tool == Tool.LASSO

    @pytest.mark.parametrize("how", ["first corner", "double click", "button"])
    def test_it_is_closed_by_the_mouse_too(
        self, canvas: CanvasBoard, picture: str, how: str
    ) -> None:
        canvas.view.set_tool(Tool.LASSO)
        clicks(canvas, (-60, -30), (20, -30), (20, 10), (-60, 10))
        if how == "first corner":
            canvas.click(-57, -28)
        elif how == "double click":
            spot = canvas.at(-60, 10)
            QTest.mouseDClick(canvas.view.viewport(), LEFT, NONE, spot)
        else:
            QTest.mouseClick(canvas.view.pending_bar.accept_button, LEFT)
        canvas.settle()
        assert (canvas.mask(picture) > 0).sum() == 40 * 80

    def test_delete_takes_back_a_corner_and_escape_the_line(
        self, canvas: CanvasBoard, picture: str
    ) -> None:
        canvas.view.set_tool(Tool.LASSO)
        clicks(canvas, (-60, -30), (20, -30), (20, 10), (90, 40))
        canvas.key(Key.Key_Backspace)
        assert len(there(canvas.view.marks.outline).points) == 3
        assert picture in canvas.board
        clicks(canvas, (-60, 10))
        canvas.key(Key.Key_Escape)
        assert canvas.view.marks.outline is None
        assert canvas.view.board_scene.target().number == 1
        canvas.key(Key.Key_Escape)
        assert canvas.view.board_scene.target().number == 0
        assert steps(canvas) == 1

    def test_escape_gives_up_a_line_that_is_being_drawn(
        self, canvas: CanvasBoard, picture: str
    ) -> None:
        canvas.view.set_tool(Tool.LASSO)
        canvas.drag((-60, -30), (20, -30), (20, 10), release=False)
        assert not canvas.view.pending_bar.isVisible()
        canvas.key(Key.Key_Escape)
        assert canvas.view.marks.outline is None
        QTest.mouseRelease(canvas.view.viewport(), LEFT, pos=canvas.at(20, 10))
        canvas.settle()
        assert canvas.board.item(picture).mask is None

    def test_drawn_and_clicked_sides_make_one_line(self, canvas: CanvasBoard, picture: str) -> None:
        canvas.view.set_tool(Tool.LASSO)
        clicks(canvas, (-60, -30))
        canvas.drag((20, -30), (20, -10), (20, 10))
        assert steps(canvas) == 1
        clicks(canvas, (-60, 10))
        canvas.key(Key.Key_Return)
        canvas.settle()
        assert (canvas.mask(picture) > 0).sum() == 40 * 80

    def test_shift_adds_and_alt_takes_away(self, canvas: CanvasBoard, picture: str) -> None:
        canvas.view.set_tool(Tool.LASSO)
        canvas.drag((-60, -30), (-20, -30), (-20, 10), (-60, 10))
        canvas.drag((20, -30), (60, -30), (60, 10), (20, 10), modifiers=SHIFT)
        assert (canvas.mask(picture) > 0).sum() == 2 * 40 * 40
        canvas.drag((20, -30), (40, -30), (40, 10), (20, 10), modifiers=ALT)
        assert (canvas.mask(picture) > 0).sum() == 40 * 40 + 20 * 40
        canvas.drag((0, 0), (10, 0), (10, 10), (0, 10))
        assert (canvas.mask(picture) > 0).sum() == 100

    def test_two_corners_are_no_part_and_a_click_masks_nothing(
        self, canvas: CanvasBoard, picture: str
    ) -> None:
        canvas.view.set_tool(Tool.LASSO)
        clicks(canvas, (-60, -30), (20, -30))
        canvas.key(Key.Key_Return)
        assert "three corners" in canvas.said[-1]
        assert len(there(canvas.view.marks.outline).points) == 2
        canvas.view.set_tool(Tool.MOVE)
        assert canvas.view.marks.outline is None
        assert canvas.board.item(picture).mask is None

    def test_outside_of_the_picture_and_around_no_pixel_are_refused_in_words(
        self, canvas: CanvasBoard, picture: str
    ) -> None:
        canvas.view.set_tool(Tool.LASSO)
        canvas.drag((150, -30), (190, -30), (190, 10), (150, 10))
        assert "outside" in canvas.said[-1]
        tiny = canvas.put(grey(4, 4, 9), 150, 100, width=200.0, height=200.0)
        canvas.view.select([tiny])
        canvas.drag((152, 102), (160, 102), (160, 110), (152, 110))
        canvas.settle()
        assert "no pixel" in canvas.said[-1]
        assert steps(canvas) == 2
        canvas.view.select([])
        canvas.click(-200, 200)
        assert "Draw around" in canvas.said[-1]

    def test_a_turned_and_scaled_picture_is_masked_where_it_is_seen(
        self, canvas: CanvasBoard
    ) -> None:
        id = canvas.put(grey(28, 28, 40), -140, -140, width=280.0, height=140.0, rotation=90.0)
        canvas.view.select([id])
        item = known(ImageItem, canvas.scene.item(id))
        corners = [QPointF(x, y) for x, y in ((5, 3), (20, 3), (20, 9), (5, 9))]
        spots = [item.mapToScene(QPointF(p.x() * 10, p.y() * 5)) for p in corners]
        canvas.view.set_tool(Tool.LASSO)
        canvas.drag(*[(spot.x(), spot.y()) for spot in spots])
        expected = np.zeros((28, 28), np.uint8)
        expected[3:9, 5:20] = 255
        assert (canvas.mask(id) == expected).all()

    def test_while_a_line_is_open_a_press_anywhere_is_its_next_corner(
        self, canvas: CanvasBoard, picture: str
    ) -> None:
        card = canvas.put(text("words"), 120, -60)
        canvas.view.select([picture])
        canvas.view.set_tool(Tool.LASSO)
        clicks(canvas, (-60, -30), (180, -30), (180, 10), (-60, 10))
        assert len(there(canvas.view.marks.outline).points) == 4
        assert canvas.view.selection_of(card) is None
        canvas.key(Key.Key_Return)
        canvas.settle()
        assert (canvas.mask(picture) > 0).sum() == 40 * 160

    def test_the_line_goes_with_the_picture_that_it_is_around(
        self, canvas: CanvasBoard, picture: str
    ) -> None:
        canvas.view.set_tool(Tool.LASSO)
        clicks(canvas, (-60, -30), (20, -30), (20, 10))
        canvas.view.select([])
        assert canvas.view.marks.outline is None

    def test_in_texts_it_marks_words(self, canvas: CanvasBoard) -> None:
        id = canvas.put(text("some words to mark"), -160, -90)
        canvas.view.set_tool(Tool.LASSO)
        canvas.drag((-150, -66), (-100, -66), (-60, -66))
        assert canvas.view.selection_of(id) is not None

    def test_the_line_is_seen(self, canvas: CanvasBoard, picture: str) -> None:
        canvas.view.set_tool(Tool.LASSO)
        before = canvas.view.viewport().grab().toImage()
        clicks(canvas, (-60, -30), (20, -30))
        drawn = canvas.view.viewport().grab().toImage()
        assert drawn != before
        move(canvas.view.viewport(), canvas.at(20, 30), Qt.MouseButton.NoButton)
        assert there(canvas.view.marks.outline).end is not None
        assert canvas.view.viewport().grab().toImage() != drawn


class TestWand:
    @pytest.fixture
    def patches(self, canvas: CanvasBoard) -> str:
        pixels = np.full((60, 100, 3), 200, np.uint8)
        pixels[10:30, 10:30] = (20, 90, 20)
        pixels[10:30, 60:80] = (20, 100, 20)
        id = canvas.put(Image(pixels), -50, -30)
        canvas.view.select([id])
        canvas.view.set_tool(Tool.WAND)
        return id

    def test_a_click_masks_what_has_the_colour_there(
        self, canvas: CanvasBoard, patches: str
    ) -> None:
        canvas.click(-30, -10)
        canvas.settle()
        assert (canvas.mask(patches) > 0).sum() == 400
        canvas.click(20, -10, SHIFT)
        canvas.settle()
        assert (canvas.mask(patches) > 0).sum() == 800
        canvas.click(-30, -10, ALT)
        canvas.settle()
        assert (canvas.mask(patches)[:, 60:] > 0).sum() == 400
        assert not canvas.mask(patches)[:, :60].any()
        assert steps(canvas) == 4

    def test_how_near_and_whether_it_must_hang_together(
        self, canvas: CanvasBoard, patches: str
    ) -> None:
        canvas.view.options.set_mask(MaskOptions(tolerance=9, joined=False))
        canvas.click(-30, -10)
        canvas.settle()
        assert (canvas.mask(patches) > 0).sum() == 400
        canvas.view.options.set_mask(MaskOptions(tolerance=10, joined=False))
        canvas.click(-30, -10)
        canvas.settle()
        assert (canvas.mask(patches) > 0).sum() == 800

    def test_beside_every_picture_it_says_what_it_is_for(
        self, canvas: CanvasBoard, patches: str
    ) -> None:
        canvas.click(200, 200)
        assert "colour" in canvas.said[-1]
        assert canvas.board.item(patches).mask is None


class TestEdge:
    def test_keys_grow_shrink_and_feather_by_the_number(
        self, canvas: CanvasBoard, picture: str
    ) -> None:
        rectangle(canvas, -60, -30, 20, 10)
        drawn = canvas.mask(picture).copy()
        canvas.view.options.set_mask(MaskOptions(pixels=6))
        canvas.key(Key.Key_BracketRight, ALT)
        canvas.settle()
        assert (canvas.mask(picture) == masking.grown(drawn, 6)).all()
        canvas.key(Key.Key_BracketLeft, ALT)
        canvas.settle()
        assert (canvas.mask(picture) == masking.grown(masking.grown(drawn, 6), -6)).all()
        canvas.key(Key.Key_F6, SHIFT)
        canvas.settle()
        assert steps(canvas) == 5
        assert 0 < canvas.mask(picture)[19, 60] < 255
        assert not canvas.mask(picture)[:10].any()
        assert [command.kind for command in canvas.project.history[-3:]] == ["mask"] * 3
        for _step in range(3):
            canvas.project.undo()
        assert (canvas.mask(picture) == drawn).all()

    def test_a_mask_that_is_thinner_is_gone(self, canvas: CanvasBoard, picture: str) -> None:
        rectangle(canvas, -60, -30, 20, -25)
        canvas.view.options.set_mask(MaskOptions(pixels=3))
        canvas.view.act("shrink_mask")
        canvas.settle()
        assert canvas.board.item(picture).mask is None
        assert canvas.view.board_scene.target().part == ""

    def test_with_nothing_marked_it_is_said(self, canvas: CanvasBoard, picture: str) -> None:
        for name in ("grow_mask", "shrink_mask", "feather_mask"):
            canvas.said.clear()
            canvas.view.act(name)
            assert "Nothing is marked" in canvas.said[-1]
        assert steps(canvas) == 1

    def test_in_a_picture_of_many_tiles_only_those_at_the_edge_are_written(
        self, canvas: CanvasBoard
    ) -> None:
        id = canvas.put(grey(1400, 1100, 60), -700, -550)
        canvas.view.select([id])
        canvas.view.fit()
        rectangle(canvas, -300, -200, 310, 230)
        before, drawn = canvas.board.item(id).mask, canvas.mask(id)
        canvas.view.options.set_mask(MaskOptions(pixels=9))
        for name, change in (("grow_mask", 9), ("shrink_mask", -9)):
            canvas.view.act(name)
            canvas.settle()
            assert (canvas.mask(id) == masking.grown(drawn, change)).all()
            tiles = [dict(canvas.project.store.tiles(there(mask))) for mask in
                     (before, canvas.board.item(id).mask)]  # fmt: skip
            same = [place for place in tiles[0] if tiles[0][place] == tiles[1][place]]
            assert (0, 0) in same
            canvas.project.undo()

    def test_it_follows_turn_flip_and_crop(self, canvas: CanvasBoard, picture: str) -> None:
        rectangle(canvas, -60, -30, 20, 10)
        canvas.view.act("feather_mask")
        canvas.settle()
        soft = canvas.mask(picture).copy()
        canvas.view.act("turn_right")
        canvas.view.act("flip_h")
        canvas.settle()
        assert (canvas.mask(picture) == np.rot90(soft, -1)[:, ::-1]).all()


class TestOpaque:
    def test_the_mask_is_what_is_not_transparent(self, canvas: CanvasBoard) -> None:
        pixels = np.full((300, 400, 4), 90, np.uint8)
        pixels[..., 3] = 0
        pixels[50:280, 100:390, 3] = 255
        pixels[10, 10, 3] = 77
        id = canvas.put(Image(pixels), -200, -150)
        canvas.view.select([id])
        canvas.view.act("mask_opaque")
        canvas.settle()
        assert (canvas.mask(id) == pixels[..., 3]).all()
        assert steps(canvas) == 2

    def test_a_picture_without_transparency_has_no_such_shape(
        self, canvas: CanvasBoard, picture: str
    ) -> None:
        canvas.view.act("mask_opaque")
        assert "transparent" in canvas.said[-1]
        assert canvas.board.item(picture).mask is None

    def test_of_one_that_is_clear_all_over_there_is_none(self, canvas: CanvasBoard) -> None:
        id = canvas.put(Image(np.zeros((20, 20, 4), np.uint8)))
        canvas.view.select([id])
        canvas.view.act("mask_opaque")
        canvas.settle()
        assert canvas.board.item(id).mask is None


class TestSeveral:
    @pytest.fixture
    def both(self, canvas: CanvasBoard) -> tuple[str, str]:
        ids = (
            canvas.put(grey(100, 100, 128), -150, -50),
            canvas.put(grey(50, 50, 90), 20, -50, width=100.0, height=100.0, rotation=90.0),
        )
        canvas.view.select(list(ids))
        return ids

    @pytest.mark.parametrize("tool", [Tool.RECTANGLE, Tool.LASSO])
    def test_what_is_drawn_over_both_masks_both_in_one_step(
        self, canvas: CanvasBoard, both: tuple[str, str], tool: Tool
    ) -> None:
        canvas.view.set_tool(tool)
        if tool == Tool.LASSO:
            canvas.drag((-100, -20), (70, -20), (70, 20), (-100, 20))
        else:
            canvas.drag((-100, -20), (70, 20))
        assert (canvas.mask(both[0])[30:70, 50:] == 255).all()
        assert (canvas.mask(both[0]) > 0).sum() == 40 * 50
        assert (canvas.mask(both[1]) > 0).sum() == 20 * 25
        assert steps(canvas) == 3
        assert canvas.view.board_scene.target().item_ids == both
        canvas.project.undo()
        assert all(canvas.board.item(id).mask is None for id in both)

    def test_each_command_is_one_step_for_all(
        self, canvas: CanvasBoard, both: tuple[str, str]
    ) -> None:
        canvas.view.set_tool(Tool.RECTANGLE)
        canvas.drag((-100, -20), (70, 20))
        names = ("grow_mask", "invert_mask", "feather_mask", "turn_left", "flip_v", "clear_mask")
        for number, name in enumerate(names, 4):
            canvas.view.act(name)
            canvas.settle()
            assert steps(canvas) == number, name
        assert all(canvas.board.item(id).mask is None for id in both)

    def test_a_click_takes_the_masks_of_all_away(
        self, canvas: CanvasBoard, both: tuple[str, str]
    ) -> None:
        canvas.view.set_tool(Tool.RECTANGLE)
        canvas.drag((-100, -20), (70, 20))
        canvas.click(-100, 40)
        canvas.settle()
        assert all(canvas.board.item(id).mask is None for id in both)
        assert steps(canvas) == 4

    def test_inverting_leaves_one_without_a_mask_alone(
        self, canvas: CanvasBoard, both: tuple[str, str]
    ) -> None:
        canvas.view.set_tool(Tool.RECTANGLE)
        canvas.drag((-140, -20), (-100, 20))
        canvas.view.act("invert_mask")
        canvas.settle()
        assert (canvas.mask(both[0]) > 0).sum() == 100 * 100 - 40 * 40
        assert canvas.board.item(both[1]).mask is None

    def test_another_picture_is_taken_alone(
        self, canvas: CanvasBoard, both: tuple[str, str]
    ) -> None:
        other = canvas.put(grey(60, 60, 10), -30, 100)
        canvas.view.select(list(both))
        canvas.view.set_tool(Tool.RECTANGLE)
        canvas.drag((-20, 110), (10, 140))
        assert (canvas.mask(other) > 0).sum() == 900
        assert canvas.view.board_scene.target().item_ids == (other,)


class TestShape:
    def test_the_shape_of_a_turned_and_scaled_picture_over_it(self, canvas: CanvasBoard) -> None:
        id = canvas.put(grey(100, 60, 90), -100, -60, width=200.0, height=120.0)
        pixels = np.full((20, 40, 4), 255, np.uint8)
        pixels[:, :20, 3] = 0
        # Twice as large as its pixels, turned: its opaque right half lies below its middle.
        shape = canvas.put(Image(pixels), -40, -20, width=80.0, height=40.0, rotation=90.0)
        canvas.view.select([id, shape])
        canvas.view.act("mask_shape")
        canvas.settle()
        found = canvas.mask(id)
        rows, columns = np.nonzero(found > 127)
        assert (rows.min(), rows.max() + 1) == (30, 50)
        assert (columns.min(), columns.max() + 1) == (40, 60)
        assert len(rows) == 20 * 20
        assert canvas.board.item(shape).mask is None
        assert steps(canvas) == 3

    def test_one_that_lies_elsewhere_and_one_alone_are_refused_in_words(
        self, canvas: CanvasBoard, picture: str
    ) -> None:
        canvas.view.act("mask_shape")
        assert "lies over it" in canvas.said[-1]
        other = canvas.put(grey(30, 30, 9), 200, 100)
        canvas.view.select([picture, other])
        canvas.view.act("mask_shape")
        canvas.settle()
        assert "does not lie over" in canvas.said[-1]
        assert canvas.board.item(picture).mask is None


class TestRectangleAndBrush:
    def test_a_rectangle_beside_the_picture_is_refused_and_its_mask_stays(
        self, canvas: CanvasBoard, picture: str
    ) -> None:
        rectangle(canvas, -60, -30, -20, 10)
        canvas.drag((150, -30), (220, 10))
        assert "outside" in canvas.said[-1]
        assert (canvas.mask(picture) > 0).sum() == 1600
        canvas.view.set_tool(Tool.FRAME)
        canvas.drag((150, -30), (220, 10))
        assert canvas.view.frame_of(picture) is None
        assert len(canvas.said) == 2

    def test_a_line_along_the_edge_of_pixels_is_one_pixel_wide(self, canvas: CanvasBoard) -> None:
        id = canvas.put(grey(28, 28, 9), -140, -140, width=280.0, height=280.0)
        canvas.view.select([id])
        rectangle(canvas, -100, -40, 20, -40)
        assert (canvas.mask(id)[10, 4:16] == 255).all()
        assert (canvas.mask(id) > 0).sum() == 12

    def test_alt_turns_the_brush_into_the_eraser_and_back(
        self, canvas: CanvasBoard, picture: str
    ) -> None:
        canvas.view.set_tool(Tool.MASK)
        canvas.view.options.set_brush(Brush(size=20, hardness=1.0))
        canvas.drag((-50, 0), (50, 0))
        canvas.drag((0, -40), (0, 40), modifiers=ALT)
        assert canvas.mask(picture)[50, 100] == 0
        assert canvas.mask(picture)[50, 60] == 255
        canvas.view.set_tool(Tool.MASK_ERASER)
        canvas.drag((-5, 0), (5, 0), modifiers=ALT)
        assert canvas.mask(picture)[50, 100] == 255


class TestLongEdits:
    """An edit that takes its time says how far it is, and can be given up."""

    def hold(self, canvas: CanvasBoard, picture: str) -> Progress:
        """An edit that goes on until it is given up."""
        import threading

        progress, once = Progress("Growing the mask"), threading.Event()

        def make(store: object, item: object) -> object:
            progress.tell(0.4)
            while True:
                once.wait(0.005)
                progress.tell(0.6)

        edit = Edit(picture, "mask", make, progress=progress)  # type: ignore[arg-type]
        canvas.scene.edits.add(edit)
        return progress

    @pytest.fixture
    def bar(self, canvas: CanvasBoard, monkeypatch: pytest.MonkeyPatch) -> EditBar:
        canvas.view.edit_bar._later.setInterval(1)
        return canvas.view.edit_bar

    def test_escape_gives_it_up_and_nothing_has_changed(
        self, canvas: CanvasBoard, picture: str, bar: EditBar, qtbot: QtBot
    ) -> None:
        self.hold(canvas, picture)
        qtbot.waitUntil(bar.isVisible)
        qtbot.waitUntil(lambda: bar.progress.value() == 60)
        assert there(bar.words).text() == "Growing the mask…"
        canvas.key(Key.Key_Escape)
        canvas.settle()
        assert bar.isHidden()
        assert steps(canvas) == 1
        assert canvas.view.board_scene.target().number == 1
        assert canvas.said == []

    def test_its_button_does_too_and_what_waits_behind_it_is_done(
        self, canvas: CanvasBoard, picture: str, bar: EditBar, qtbot: QtBot
    ) -> None:
        self.hold(canvas, picture)
        canvas.view.act("turn_left")
        qtbot.waitUntil(bar.isVisible)
        QTest.mouseClick(bar.cancel, LEFT)
        canvas.settle()
        assert bar.isHidden()
        assert [command.kind for command in canvas.project.history] == ["add", "turn"]

    def test_one_that_is_quick_is_not_mentioned(self, canvas: CanvasBoard, picture: str) -> None:
        rectangle(canvas, -60, -30, 20, 10)
        canvas.view.act("grow_mask")
        canvas.settle()
        assert canvas.view.edit_bar.words is None

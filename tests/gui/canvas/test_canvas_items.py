"""Items of all three media under hands and keys: select, move, scale, turn, order, write."""

from dataclasses import replace

import numpy as np
import pytest
from gui.canvas_board import LEFT, CanvasBoard, grey, move, text, tune
from kinds import a_text, known, there
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from aigc_studio.api import Artifact, Image, Span, StudioError, Text
from aigc_studio.project import commands
from aigc_studio.ui.canvas import Tool
from aigc_studio.ui.canvas.items.text_card import TextItem

SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier
MEDIA: dict[str, Artifact] = {"image": grey(120, 80, 200), "text": text(), "melody": tune()}


@pytest.fixture
def three(canvas: CanvasBoard) -> list[str]:
    return [canvas.put(grey(60, 40, 200), x, y) for x, y in ((-200, -100), (-40, 0), (150, 120))]


@pytest.mark.parametrize("medium", MEDIA)
class TestEveryMedium:
    def test_it_is_moved_by_one_command_and_back(self, canvas: CanvasBoard, medium: str) -> None:
        id = canvas.put(MEDIA[medium], -60, -40)
        canvas.drag((0, 10), (20, 20), (70, -20))
        item = canvas.board.item(id)
        assert (item.x, item.y) == (10, -70)
        assert [command.kind for command in canvas.project.history] == ["add", "move"]
        canvas.project.undo()
        assert there(canvas.scene.item(id)).pos() == QPointF(-60, -40)

    def test_a_corner_scales_it(self, canvas: CanvasBoard, medium: str) -> None:
        id = canvas.put(MEDIA[medium], -100, -80, 120, 80)
        canvas.view.select([id])
        canvas.drag((20, 0), (40, 10), (80, 40))
        item = canvas.board.item(id)
        assert (item.x, item.y) == (-100, -80)
        assert (item.width, item.height) == (180, 120)
        assert canvas.project.history[-1].kind == "scale"

    def test_an_edge_stretches_it_in_one_direction(self, canvas: CanvasBoard, medium: str) -> None:
        id = canvas.put(MEDIA[medium], -100, -80, 120, 80)
        canvas.view.select([id])
        canvas.drag((-100, -40), (-130, -40), (-160, -45))
        item = canvas.board.item(id)
        assert (item.x, item.y, item.width, item.height) == (-160, -80, 180, 80)

    def test_the_arm_turns_it(self, canvas: CanvasBoard, medium: str) -> None:
        id = canvas.put(MEDIA[medium], -60, -40, 120, 80)
        canvas.view.select([id])
        canvas.drag((0, -64), (40, -40), (90, 0))
        assert canvas.board.item(id).rotation == 90
        assert canvas.project.history[-1].kind == "rotate"

    def test_arrows_nudge_and_delete_takes_away(self, canvas: CanvasBoard, medium: str) -> None:
        id = canvas.put(MEDIA[medium], 0, 0)
        canvas.view.select([id])
        canvas.key(Qt.Key.Key_Right)
        canvas.key(Qt.Key.Key_Down, SHIFT)
        assert (canvas.board.item(id).x, canvas.board.item(id).y) == (1, 10)
        canvas.key(Qt.Key.Key_Delete)
        assert id not in canvas.board
        canvas.project.undo()
        assert canvas.scene.item(id) is not None

    def test_a_duplicate_is_selected(self, canvas: CanvasBoard, medium: str) -> None:
        id = canvas.put(MEDIA[medium], 0, 0)
        canvas.view.select([id])
        canvas.key(Qt.Key.Key_D, CTRL)
        original, copy = canvas.board.items
        assert copy.content == original.content
        assert canvas.scene.target().item_ids == (copy.id,)

    def test_it_is_rendered_as_it_lies(self, canvas: CanvasBoard, medium: str) -> None:
        canvas.put(MEDIA[medium], -60, -40, 120, 80)
        image = canvas.view.exchange.render_board(scale=2)
        assert (image.width(), image.height()) == (240, 160)
        assert image.pixelColor(120, 80).alpha() == 255

    def test_a_name_tag_shows_while_it_is_hovered(self, canvas: CanvasBoard, medium: str) -> None:
        canvas.put(MEDIA[medium], -60, -40, name="名字 Name")
        before = canvas.view.viewport().grab().toImage()
        move(canvas.view.viewport(), canvas.at(0, 0), Qt.MouseButton.NoButton)
        assert canvas.view.marks.hovered
        assert canvas.view.viewport().grab().toImage() != before


class TestSelecting:
    def test_click_shift_click_and_the_empty_board(
        self, canvas: CanvasBoard, three: list[str]
    ) -> None:
        canvas.click(-180, -90)
        assert canvas.scene.target().item_ids == (three[0],)
        canvas.click(-20, 10, SHIFT)
        assert canvas.scene.target().item_ids == (three[0], three[1])
        canvas.click(-180, -90, SHIFT)
        assert canvas.scene.target().item_ids == (three[1],)
        canvas.click(300, -200)
        assert canvas.scene.target().number == 0

    def test_a_band_takes_what_it_touches(self, canvas: CanvasBoard, three: list[str]) -> None:
        canvas.drag((-250, -150), (-100, -50), (0, 20))
        assert canvas.scene.target().item_ids == (three[0], three[1])
        assert canvas.view.marks.band.isEmpty()

    def test_all_none_and_one_after_the_other(self, canvas: CanvasBoard, three: list[str]) -> None:
        canvas.key(Qt.Key.Key_A, CTRL)
        assert canvas.scene.target().number == 3
        canvas.key(Qt.Key.Key_A, CTRL | SHIFT)
        assert canvas.scene.target().number == 0
        found: list[str] = []
        for _ in range(4):
            canvas.key(Qt.Key.Key_Tab)
            found += canvas.scene.target().item_ids
        assert found == [*three, three[0]]
        canvas.key(Qt.Key.Key_Backtab, SHIFT)
        assert canvas.scene.target().item_ids == (three[2],)

    def test_several_are_moved_together(self, canvas: CanvasBoard, three: list[str]) -> None:
        canvas.view.select(three[:2])
        canvas.drag((-180, -90), (-170, -90), (-120, -140))
        assert [canvas.board.item(id).x for id in three] == [-140, 20, 150]
        assert len(canvas.project.history) == 4

    def test_several_are_scaled_together(self, canvas: CanvasBoard, three: list[str]) -> None:
        canvas.view.select(three[:2])
        canvas.drag((20, 40), (30, 50), (240, 180))
        first, second = (canvas.board.item(id) for id in three[:2])
        assert (first.x, first.y, first.width) == (-200, -100, 120)
        assert (second.x, second.y, second.width) == (120, 100, 120)

    def test_hidden_items_are_neither_hit_nor_taken(
        self, canvas: CanvasBoard, three: list[str]
    ) -> None:
        canvas.view.select([three[0]])
        canvas.view.commands.set_visible(False)
        canvas.click(-180, -90)
        assert canvas.scene.target().number == 0
        canvas.key(Qt.Key.Key_A, CTRL)
        assert canvas.scene.target().item_ids == (three[1], three[2])


class TestArranging:
    def test_align_and_distribute(self, canvas: CanvasBoard, three: list[str]) -> None:
        canvas.view.select(three)
        canvas.view.commands.align("left")
        assert {canvas.board.item(id).x for id in three} == {-200}
        canvas.view.commands.distribute("vertical")
        assert [canvas.board.item(id).y for id in three] == [-100, 10, 120]

    def test_order_is_seen(self, canvas: CanvasBoard) -> None:
        low = canvas.put(grey(80, 80, 0), 0, 0)
        canvas.put(grey(80, 80, 255), 0, 0)
        assert canvas.seen(40, 40).lightness() > 200
        canvas.view.select([low])
        canvas.key(Qt.Key.Key_BracketRight, CTRL)
        assert canvas.seen(40, 40).lightness() < 50

    def test_moving_sticks_to_edges_and_not_with_control(
        self, canvas: CanvasBoard, three: list[str]
    ) -> None:
        canvas.drag((-180, -90), (-100, -20), (-17, 93))
        item = canvas.board.item(three[0])
        assert (item.x, item.y) == (-40, 80)
        canvas.project.undo()
        viewport = canvas.view.viewport()
        QTest.mousePress(viewport, LEFT, CTRL, canvas.at(-180, -90))
        move(viewport, canvas.at(-100, -20), modifiers=CTRL)
        move(viewport, canvas.at(-17, 93), modifiers=CTRL)
        QTest.mouseRelease(viewport, LEFT, CTRL, canvas.at(-17, 93))
        item = canvas.board.item(three[0])
        assert (item.x, item.y) == (-37, 83)

    def test_turn_and_flip_are_exact(self, canvas: CanvasBoard) -> None:
        pixels = np.random.default_rng(1).integers(0, 256, (40, 60, 3), dtype=np.uint8)
        id = canvas.put(Image(pixels), 0, 0)
        canvas.view.select([id])
        canvas.view.commands.turn(1)
        canvas.settle()
        assert (canvas.pixels(id) == np.rot90(pixels, -1)).all()
        canvas.view.commands.flip("horizontal")
        canvas.settle()
        assert (canvas.pixels(id) == np.rot90(pixels, -1)[:, ::-1]).all()
        canvas.project.undo()
        canvas.project.undo()
        assert (canvas.pixels(id) == pixels).all()

    def test_opacity_and_name(self, canvas: CanvasBoard, three: list[str]) -> None:
        canvas.view.select([three[0]])
        canvas.view.commands.set_opacity(0.5)
        canvas.view.commands.rename("  新名字 ")
        assert canvas.board.item(three[0]).opacity == 0.5
        assert canvas.board.item(three[0]).name == "新名字"
        assert 100 < canvas.view.exchange.render_board().pixelColor(5, 5).alpha() < 150


class TestWriting:
    def open(self, canvas: CanvasBoard, value: str = "one two three") -> str:
        id = canvas.put(Text(value), -160, -90)
        canvas.view.setFocus()
        canvas.qtbot.waitUntil(canvas.view.isActiveWindow)
        canvas.view.select([id])
        canvas.key(Qt.Key.Key_Return)
        return id

    def type(self, canvas: CanvasBoard, keys: str) -> None:
        QTest.keyClicks(canvas.view.viewport(), keys)

    def test_enter_type_escape_is_one_command(self, canvas: CanvasBoard) -> None:
        id = self.open(canvas)
        self.type(canvas, " four vbem")
        canvas.key(Qt.Key.Key_Escape)
        assert a_text(canvas.artifact(id)).value == "one two three four vbem"
        assert [command.kind for command in canvas.project.history] == ["add", "write"]
        assert canvas.view.tool == Tool.MOVE
        canvas.project.undo()
        assert known(TextItem, canvas.scene.item(id)).value == "one two three"

    def test_nothing_typed_is_no_command_and_changes_no_character(
        self, canvas: CanvasBoard
    ) -> None:
        value = "a\u00a0b\r\nc\u2028d 𝄞"
        id = self.open(canvas, value)
        canvas.key(Qt.Key.Key_Escape)
        assert a_text(canvas.artifact(id)).value == value
        assert len(canvas.project.history) == 1

    def test_no_break_spaces_survive_typing(self, canvas: CanvasBoard) -> None:
        id = self.open(canvas, "a\u00a0b\nc")
        self.type(canvas, "!")
        canvas.key(Qt.Key.Key_Escape)
        assert a_text(canvas.artifact(id)).value == "a\u00a0b\nc!"

    def test_undo_inside_is_the_editors_own(self, canvas: CanvasBoard) -> None:
        id = self.open(canvas)
        self.type(canvas, "xyz")
        QTest.keyClick(canvas.view.viewport(), Qt.Key.Key_Z, CTRL)
        canvas.key(Qt.Key.Key_Escape)
        assert a_text(canvas.artifact(id)).value == "one two three"
        assert len(canvas.project.history) == 1

    def test_what_is_selected_with_shift_and_arrows_stays_as_the_span(
        self, canvas: CanvasBoard
    ) -> None:
        id = self.open(canvas, "ab𝄞d")
        for _ in range(2):
            QTest.keyClick(canvas.view.viewport(), Qt.Key.Key_Left, SHIFT)
        assert canvas.view.selection_of(id) == Span(2, 4)
        canvas.key(Qt.Key.Key_Escape)
        assert canvas.view.selection_of(id) == Span(2, 4)
        assert canvas.scene.target().part == "span"

    def test_a_double_click_writes_and_selects_the_word(self, canvas: CanvasBoard) -> None:
        id = canvas.put(Text("one two three"), -160, -90)
        card = known(TextItem, canvas.scene.item(id))
        x = next(x for x in range(-150, 100) if card.position_at(card.mapFromScene(x, -66)) == 5)
        QTest.mouseDClick(canvas.view.viewport(), LEFT, pos=canvas.at(x, -66))
        assert canvas.view.selection_of(id) == Span(4, 7)
        canvas.click(300, 300)
        assert canvas.view.writing is None
        assert canvas.view.selection_of(id) == Span(4, 7)

    def test_a_card_grows_with_its_text(self, canvas: CanvasBoard) -> None:
        id = self.open(canvas)
        height = canvas.board.item(id).height
        self.type(canvas, " word" * 120)
        canvas.key(Qt.Key.Key_Escape)
        assert canvas.board.item(id).height > height
        assert (
            known(TextItem, canvas.scene.item(id)).needed_height()
            <= canvas.board.item(id).height + 1
        )

    @pytest.mark.parametrize("again", ["write", "retry"])
    def test_what_a_full_disk_refuses_is_not_lost(
        self, canvas: CanvasBoard, monkeypatch: pytest.MonkeyPatch, again: str
    ) -> None:
        id = self.open(canvas)
        card = known(TextItem, canvas.scene.item(id))

        def full(_artifact: object) -> None:
            raise StudioError("The disk is full.")

        monkeypatch.setattr(canvas.project.store, "put", full)
        self.type(canvas, " four")
        canvas.key(Qt.Key.Key_Escape)
        canvas.view.writer.retry()
        assert {each.split(" What")[0] for each in canvas.said} == {"The disk is full."}
        assert card.value == "one two three"
        monkeypatch.undo()
        if again == "write":
            canvas.view.write(id)
            self.type(canvas, "!")
            canvas.key(Qt.Key.Key_Escape)
        canvas.view.writer.retry()
        value = "one two three four!" if again == "write" else "one two three four"
        assert a_text(canvas.artifact(id)).value == value
        assert len(canvas.project.history) == 2

    def test_what_the_journal_refuses_is_not_lost(self, canvas: CanvasBoard) -> None:
        id = self.open(canvas)
        canvas.view.command_made.disconnect()
        self.type(canvas, " four")
        QTest.keyClick(canvas.view.viewport(), Qt.Key.Key_Return)
        self.type(canvas, "five")
        canvas.key(Qt.Key.Key_Escape)
        card = known(TextItem, canvas.scene.item(id))
        assert card.value == "one two three"
        canvas.view.command_made.connect(canvas.project.do)
        canvas.view.write(id)
        canvas.key(Qt.Key.Key_Escape)
        assert a_text(canvas.artifact(id)).value == "one two three four\nfive"

    def test_what_is_kept_is_not_written_over_what_came_since(self, canvas: CanvasBoard) -> None:
        id = self.open(canvas)
        canvas.view.command_made.disconnect()
        self.type(canvas, " four")
        canvas.key(Qt.Key.Key_Escape)
        canvas.view.command_made.connect(canvas.project.do)
        other = replace(canvas.board.item(id), content=canvas.project.store.put(Text("other")))
        canvas.project.do(commands.change_items(canvas.board, {id: other}, "write"))
        canvas.view.writer.retry()
        assert a_text(canvas.artifact(id)).value == "other"
        canvas.view.write(id)
        canvas.key(Qt.Key.Key_Escape)
        assert a_text(canvas.artifact(id)).value == "one two three four"

    def test_going_elsewhere_keeps_what_was_typed(self, canvas: CanvasBoard) -> None:
        id = self.open(canvas)
        self.type(canvas, "!")
        canvas.view.set_tool(Tool.BRUSH)
        assert a_text(canvas.artifact(id)).value == "one two three!"


def test_single_keys_choose_tools(canvas: CanvasBoard) -> None:
    keys = {
        Qt.Key.Key_B: Tool.BRUSH,
        Qt.Key.Key_E: Tool.ERASER,
        Qt.Key.Key_M: Tool.MASK,
        Qt.Key.Key_R: Tool.RECTANGLE,
        Qt.Key.Key_F: Tool.FRAME,
        Qt.Key.Key_I: Tool.EYEDROPPER,
        Qt.Key.Key_H: Tool.HAND,
        Qt.Key.Key_V: Tool.MOVE,
    }
    told: list[Tool] = []
    canvas.view.tool_changed.connect(told.append)
    for key, tool in keys.items():
        canvas.key(key)
        assert canvas.view.tool == tool
    assert told == list(keys.values())


def test_keys_that_are_not_the_canvas_s_are_left_to_the_window(canvas: CanvasBoard) -> None:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QKeyEvent

    def claimed(
        key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> bool:
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, modifiers)
        event.ignore()
        QApplication.sendEvent(canvas.view, event)
        return event.isAccepted()

    assert claimed(Qt.Key.Key_B)
    assert not claimed(Qt.Key.Key_S, CTRL)
    assert not claimed(Qt.Key.Key_Return, CTRL)
    assert not claimed(Qt.Key.Key_Escape)
    id = canvas.put(text(), 0, 0)
    canvas.view.select([id])
    assert claimed(Qt.Key.Key_Escape)
    canvas.view.write(id)
    assert claimed(Qt.Key.Key_Z, CTRL)
    assert not claimed(Qt.Key.Key_S, CTRL)

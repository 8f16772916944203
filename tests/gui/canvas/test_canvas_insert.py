"""What is put on the board by hand: texts, melodies and sheets, each one step of the history."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from gui.canvas_board import LEFT, CanvasBoard, grey
from kinds import a_text
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from aigc_studio.api import Melody, StudioError, Text
from aigc_studio.ui.canvas import Tool

Key = Qt.Key


@pytest.fixture
def canvas(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[CanvasBoard]:
    """A board with the pointer somewhere else: where a test before left it must not matter."""
    board = CanvasBoard(tmp_path / "session", qtbot)
    monkeypatch.setattr(board.view, "pointed", lambda: None)
    yield board
    board.close()


def type_words(canvas: CanvasBoard, words: str) -> None:
    QTest.keyClicks(canvas.view.viewport(), words)


class TestText:
    def test_a_double_click_on_the_empty_board_begins_one_there(self, canvas: CanvasBoard) -> None:
        QTest.mouseDClick(
            canvas.view.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, canvas.at(50, 40)
        )
        assert canvas.view.writing is not None
        assert not canvas.view.bare
        type_words(canvas, "once")
        canvas.key(Key.Key_Escape)
        (item,) = canvas.board.items
        assert a_text(canvas.artifact(item.id)).value == "once"
        assert item.bounds[0] < 50 < item.bounds[2]
        assert item.bounds[1] < 40 < item.bounds[3]
        assert [entry.kind for entry in canvas.project.history] == ["add"]
        assert canvas.scene.target().item_ids == (item.id,)

    @pytest.mark.parametrize(("x", "y"), [(0.995, 0.5), (0.005, 0.005), (0.9, 0.995)])
    def test_begun_at_an_edge_it_is_in_view_whole_and_the_board_stays(
        self, canvas: CanvasBoard, x: float, y: float
    ) -> None:
        view = canvas.view
        size = view.viewport().size()
        spot = QPoint(round(x * (size.width() - 1)), round(y * (size.height() - 1)))
        before = view.seen()
        QTest.mouseDClick(view.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, spot)
        type_words(canvas, "at the edge")
        assert view.seen() == before
        canvas.key(Key.Key_Escape)
        (item,) = canvas.board.items
        left, top, right, bottom = item.bounds
        assert before.adjusted(-1, -1, 1, 1).contains(QRectF(left, top, right - left, bottom - top))

    def test_its_key_has_the_caret_in_it_at_once(self, canvas: CanvasBoard) -> None:
        canvas.view.setFocus()
        canvas.key(Key.Key_T)
        type_words(canvas, "twice")
        canvas.click(-400, -300)
        (item,) = canvas.board.items
        assert a_text(canvas.artifact(item.id)).value == "twice"
        canvas.project.undo()
        assert not canvas.board.items
        canvas.project.redo()
        assert [item.name for item in canvas.board.items] == ["Text 1"]

    def test_the_view_goes_with_the_caret_and_stays_where_that_is_seen(
        self, canvas: CanvasBoard
    ) -> None:
        canvas.view.setFocus()
        canvas.key(Key.Key_T)
        before = canvas.view.mapFromScene(0, 0)
        type_words(canvas, "seen")
        assert canvas.view.mapFromScene(0, 0) == before
        for _row in range(60):
            QTest.keyClick(canvas.view.viewport(), Key.Key_Return)
        card = canvas.view.writing
        assert card is not None
        assert canvas.view.seen().contains(card.mapRectToScene(card.caret_row()).center())
        low = canvas.view.seen().bottom()
        QTest.keyClick(canvas.view.viewport(), Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
        assert canvas.view.seen().contains(card.mapToScene(card.caret_row().topLeft()))
        assert canvas.view.seen().bottom() < low

    @pytest.mark.parametrize("tool", [Tool.BRUSH, Tool.ERASER])
    def test_a_double_click_writes_in_it_whatever_is_in_hand(
        self, canvas: CanvasBoard, tool: Tool
    ) -> None:
        canvas.put(Text("painted"))
        canvas.view.set_tool(tool)
        QTest.mouseDClick(canvas.view.viewport(), LEFT, pos=canvas.at(40, 20))
        assert canvas.view.writing is not None
        assert canvas.view.tool == Tool.MOVE
        type_words(canvas, "written")
        canvas.key(Key.Key_Escape)
        assert "written" in a_text(canvas.artifact(canvas.board.items[0].id)).value

    @pytest.mark.parametrize("words", ["", "  "])
    def test_left_empty_it_leaves_no_trace(self, canvas: CanvasBoard, words: str) -> None:
        canvas.key(Key.Key_T)
        type_words(canvas, words)
        shown = len(canvas.scene.items())
        canvas.key(Key.Key_Escape)
        assert not canvas.board.items
        assert not canvas.project.history
        assert len(canvas.scene.items()) < shown
        assert canvas.view.bare

    def test_what_a_full_disk_refuses_is_there_again(
        self, canvas: CanvasBoard, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        store = canvas.project.store
        canvas.key(Key.Key_T)
        type_words(canvas, "kept")

        def full(artifact: object) -> None:
            raise StudioError("The disk is full.")

        with monkeypatch.context() as context:
            context.setattr(store, "put", full)
            canvas.key(Key.Key_Escape)
        assert "disk is full" in canvas.said[-1]
        assert not canvas.board.items
        canvas.key(Key.Key_T)
        canvas.key(Key.Key_Escape)
        (item,) = canvas.board.items
        assert canvas.artifact(item.id) == Text("kept")

    def test_a_long_one_is_kept_whole(self, canvas: CanvasBoard) -> None:
        from PySide6.QtGui import QGuiApplication

        words = "so many words " * 3000
        canvas.key(Key.Key_T)
        QGuiApplication.clipboard().setText(words)
        QTest.keyClick(canvas.view.viewport(), Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        canvas.key(Key.Key_Escape)
        canvas.settle()
        (item,) = canvas.board.items
        assert a_text(canvas.artifact(item.id)).value == words


class TestSheetAndMelody:
    def test_a_melody_is_four_empty_bars_and_the_brush(self, canvas: CanvasBoard) -> None:
        canvas.key(Key.Key_N)
        (item,) = canvas.board.items
        melody = canvas.artifact(item.id)
        assert isinstance(melody, Melody)
        assert (melody.bar_count, melody.notes) == (4, ())
        assert [(metre.numerator, metre.denominator) for metre in melody.metres] == [(4, 4)]
        assert canvas.view.tool == Tool.BRUSH
        assert canvas.scene.target().item_ids == (item.id,)
        assert len(canvas.project.history) == 1

    def test_a_blank_sheet_is_drawn_on_at_once(self, canvas: CanvasBoard) -> None:
        canvas.key(Key.Key_N, Qt.KeyboardModifier.ShiftModifier)
        (item,) = canvas.board.items
        assert (canvas.pixels(item.id) == 255).all()
        x, y = item.x + item.width / 2, item.y + item.height / 2
        canvas.drag((x - 20, y), (x + 20, y))
        assert [each.id for each in canvas.board.items] == [item.id]
        assert (canvas.pixels(item.id) < 255).any()
        # It may grow, as one that a stroke brought.
        assert item.id in canvas.scene.sheets

    @pytest.mark.parametrize("at_pointer", [True, False])
    def test_what_is_new_covers_nothing_where_there_is_room(
        self, canvas: CanvasBoard, monkeypatch: pytest.MonkeyPatch, at_pointer: bool
    ) -> None:
        middle = canvas.view.middle()
        monkeypatch.setattr(canvas.view, "pointed", lambda: middle if at_pointer else None)
        other = canvas.board.item(canvas.put(grey(100, 100), middle.x() - 50, middle.y() - 50))
        canvas.view.act("insert_sheet")
        new = canvas.board.items[-1]
        apart = (
            new.bounds[0] >= other.bounds[2]
            or new.bounds[2] <= other.bounds[0]
            or new.bounds[1] >= other.bounds[3]
            or new.bounds[3] <= other.bounds[1]
        )
        assert apart
        assert canvas.view.seen().contains(new.x, new.y)

    def test_a_text_that_nobody_pointed_for_lies_in_the_middle(self, canvas: CanvasBoard) -> None:
        canvas.view.act("insert_text")
        type_words(canvas, "a")
        canvas.view.writer.end()
        (new,) = canvas.board.items
        assert abs(new.x + new.width / 2 - canvas.view.seen().center().x()) < 2

    def test_a_text_finds_room_to_be_written_in(
        self, canvas: CanvasBoard, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen = canvas.view.seen()
        pointed = QPointF(seen.center().x(), seen.top() + 130)
        monkeypatch.setattr(canvas.view, "pointed", lambda: pointed)
        # Above it, and nearer, a line of text would go, and no more.
        canvas.put(grey(round(seen.width()) - 60, 300), seen.left() + 30, seen.top() + 110)
        canvas.view.act("insert_text")
        type_words(canvas, "many words of a text that goes on for some lines " * 4)
        canvas.view.writer.end()
        other, new = canvas.board.items[-2:]
        assert new.height > 100
        assert not QRectF(other.x, other.y, other.width, other.height).intersects(
            QRectF(new.x, new.y, new.width, new.height)
        )

    @pytest.mark.parametrize("what", ["insert_sheet", "insert_melody", "insert_text"])
    def test_where_the_view_is_full_it_is_put_beside_and_shown(
        self, canvas: CanvasBoard, what: str
    ) -> None:
        seen = canvas.view.seen()
        wide, high = round(seen.width()) - 40, round(seen.height()) - 40
        other = canvas.board.item(canvas.put(grey(wide, high), seen.x() + 20, seen.y() + 20))
        canvas.view.act(what)
        if what == "insert_text":
            type_words(canvas, "a")
            canvas.view.writer.end()
        new = canvas.board.items[-1]
        assert new.id != other.id
        left, top, right, bottom = other.bounds
        assert not QRectF(left, top, right - left, bottom - top).intersects(
            QRectF(new.x, new.y, new.width, new.height)
        )
        assert canvas.view.seen().contains(QRectF(new.x, new.y, new.width, new.height))

    def test_very_near_it_comes_where_one_looks(self, canvas: CanvasBoard) -> None:
        canvas.put(grey(100, 100), -5000, 0)
        canvas.view.set_zoom(16)
        middle = canvas.view.middle()
        canvas.view.act("insert_sheet")
        new = canvas.board.items[-1]
        assert QRectF(new.x, new.y, new.width, new.height).contains(middle)
        assert canvas.view.zoom == 16

    def test_it_is_put_at_the_pointer(
        self, canvas: CanvasBoard, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(canvas.view, "pointed", lambda: QPointF(-150, 60))
        canvas.view.act("insert_sheet")
        (item,) = canvas.board.items
        assert (item.x + item.width / 2, item.y + item.height / 2) == (-150, 60)

    def test_names_are_numbered(self, canvas: CanvasBoard) -> None:
        for _number in range(3):
            canvas.view.act("insert_melody")
        canvas.view.select([canvas.board.items[1].id])
        canvas.view.commands.delete()
        canvas.view.act("insert_melody")
        assert [item.name for item in canvas.board.items] == ["Melody 1", "Melody 3", "Melody 4"]


def test_several_bars_more_are_one_step(canvas: CanvasBoard) -> None:
    canvas.view.act("insert_melody")
    (before,) = canvas.board.items
    canvas.view.act("add_bars")
    canvas.settle()
    (item,) = canvas.board.items
    melody = canvas.artifact(item.id)
    assert isinstance(melody, Melody)
    assert melody.bar_count == 8
    # A bar is as wide as it was.
    assert item.width == pytest.approx(before.width * 2)
    assert len(canvas.project.history) == 2

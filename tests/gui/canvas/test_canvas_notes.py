"""Notes by hand: drawn with the brush, taken by the eraser, moved and stretched."""

import pytest
from gui.canvas_board import LEFT, CanvasBoard, move
from kinds import known
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from aigc_studio.api import Bars, Melody, Metre, Note
from aigc_studio.ui.canvas import Tool
from aigc_studio.ui.canvas.items.melody_card import MelodyItem

NONE = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier


class Tune:
    """A melody on a board, and places on it by tick and pitch."""

    def __init__(self, canvas: CanvasBoard, *notes: Note, **fields: object) -> None:
        self.canvas = canvas
        melody = Melody(notes, length=4 * 1920, **fields)  # type: ignore[arg-type]
        self.id = canvas.put(melody, -320, -140, 640, 280)
        self.begun = len(canvas.project.history)

    @property
    def item(self) -> MelodyItem:
        return known(MelodyItem, self.canvas.scene.item(self.id))

    @property
    def notes(self) -> tuple[Note, ...]:
        return known(Melody, self.canvas.artifact(self.id)).notes

    @property
    def steps(self) -> int:
        return len(self.canvas.project.history) - self.begun

    def at(self, tick: float, pitch: int) -> tuple[float, float]:
        roll = self.item.roll
        x = roll.grid.left() + roll.grid.width() * tick / roll.score.length
        place = self.item.mapToScene(QPointF(x, roll.row(pitch).center().y()))
        return place.x(), place.y()

    def click(self, tick: float, pitch: int) -> None:
        self.canvas.click(*self.at(tick, pitch))
        self.canvas.settle()

    def drag(self, *places: tuple[float, int], modifiers: Qt.KeyboardModifier = NONE) -> None:
        self.canvas.drag(*(self.at(*place) for place in places), modifiers=modifiers)

    def edit(self) -> None:
        spot = self.canvas.at(*self.at(1900, 70))
        QTest.mouseDClick(self.canvas.view.viewport(), LEFT, NONE, spot)
        assert self.canvas.view.marks.edited == self.id


class TestBrush:
    def test_a_click_puts_a_note_on_the_beat_grid(self, canvas: CanvasBoard) -> None:
        tune = Tune(canvas)
        canvas.view.set_tool(Tool.BRUSH)
        tune.click(500, 64)
        (note,) = tune.notes
        assert (note.start, note.duration, note.pitch) == (480, 480, 64)
        assert tune.steps == 1
        canvas.project.undo()
        assert tune.notes == ()

    def test_a_drag_says_how_long_it_is_and_the_next_one_is_as_long(
        self, canvas: CanvasBoard
    ) -> None:
        tune = Tune(canvas)
        canvas.view.set_tool(Tool.BRUSH)
        tune.drag((10, 62), (400, 62), (950, 62))
        tune.click(1930, 65)
        assert [(note.start, note.duration) for note in tune.notes] == [(0, 960), (1920, 960)]
        assert tune.steps == 2

    def test_it_is_seen_while_it_is_drawn_and_escape_gives_it_up(self, canvas: CanvasBoard) -> None:
        tune = Tune(canvas)
        canvas.view.set_tool(Tool.BRUSH)
        before = canvas.seen(*tune.at(240, 66))
        canvas.drag(tune.at(10, 66), tune.at(450, 66), release=False)
        assert canvas.seen(*tune.at(240, 66)) != before
        canvas.key(Qt.Key.Key_Escape)
        QTest.mouseRelease(canvas.view.viewport(), LEFT, NONE, canvas.at(*tune.at(450, 66)))
        canvas.settle()
        assert canvas.seen(*tune.at(240, 66)) == before
        assert tune.steps == 0

    def test_a_note_that_ends_behind_the_melody_makes_it_longer(self, canvas: CanvasBoard) -> None:
        tune = Tune(canvas)
        canvas.view.set_tool(Tool.BRUSH)
        roll = tune.item.roll
        end = tune.item.mapToScene(QPointF(roll.width + 60, roll.row(64).center().y()))
        canvas.drag(tune.at(7000, 64), (end.x() - 80, end.y()), (end.x(), end.y()))
        (note,) = tune.notes
        assert note.start + note.duration > 4 * 1920
        longer = known(Melody, canvas.artifact(tune.id))
        assert (longer.bar_count, longer.length) == (5, 5 * 1920)
        assert canvas.board.item(tune.id).width == pytest.approx(640 * 5 / 4)
        assert tune.steps == 1

    def test_no_row_moves_when_a_note_is_put(self, canvas: CanvasBoard) -> None:
        tune = Tune(canvas)
        canvas.view.set_tool(Tool.BRUSH)
        rows = tune.item.roll.pitches
        for pitch in (60, 64, 71):
            tune.click(100, pitch)
            assert tune.item.roll.pitches == rows

    def test_a_note_that_sounds_there_is_taken_rather_than_covered(
        self, canvas: CanvasBoard
    ) -> None:
        tune = Tune(canvas, Note(0, 960, 64))
        canvas.view.set_tool(Tool.BRUSH)
        tune.drag((200, 64), (200 + 480, 64), (200 + 960, 66))
        assert tune.notes == (Note(960, 960, 66),)

    def test_every_bar_begins_on_the_grid(self, canvas: CanvasBoard) -> None:
        tune = Tune(canvas, metres=(Metre(0, 7, 16),))
        canvas.view.set_tool(Tool.BRUSH)
        start, _stop = known(Melody, canvas.artifact(tune.id)).bars[1]
        tune.click(start + 8, 64)
        assert tune.notes[0].start == start

    def test_it_draws_and_paints_no_circle(self, canvas: CanvasBoard) -> None:
        tune = Tune(canvas)
        canvas.view.set_tool(Tool.BRUSH)
        move(canvas.view.viewport(), canvas.at(-400, 200), Qt.MouseButton.NoButton)
        assert canvas.view.marks.brush_at is not None
        move(canvas.view.viewport(), canvas.at(*tune.at(960, 64)), Qt.MouseButton.NoButton)
        assert canvas.view.marks.brush_at is None


class TestEraser:
    def test_a_drag_takes_all_that_it_goes_over_in_one_step(self, canvas: CanvasBoard) -> None:
        tune = Tune(canvas, *(Note(480 * n, 400, 64) for n in range(6)), Note(0, 400, 67))
        canvas.view.set_tool(Tool.ERASER)
        tune.drag((50, 64), (1900, 64))
        assert [(note.start, note.pitch) for note in tune.notes] == [
            (0, 67), (1920, 64), (2400, 64)
        ]  # fmt: skip
        assert tune.steps == 1
        canvas.project.undo()
        assert len(tune.notes) == 7

    def test_where_no_note_is_it_does_nothing(self, canvas: CanvasBoard) -> None:
        tune = Tune(canvas, Note(0, 480, 64))
        canvas.view.set_tool(Tool.ERASER)
        tune.drag((3000, 62), (4000, 62))
        assert tune.steps == 0


class TestEditing:
    def test_until_it_is_edited_a_drag_moves_the_melody(self, canvas: CanvasBoard) -> None:
        tune = Tune(canvas, Note(480, 480, 64))
        tune.drag((700, 64), (1500, 66))
        assert tune.notes == (Note(480, 480, 64),)
        assert canvas.board.item(tune.id).x > -320

    def test_a_double_click_lets_notes_be_moved(self, canvas: CanvasBoard) -> None:
        tune = Tune(canvas, Note(480, 480, 64), Note(0, 480, 60))
        tune.edit()
        tune.drag((700, 64), (1200, 66), (1660, 67))
        assert Note(1440, 480, 67) in tune.notes
        assert Note(0, 480, 60) in tune.notes
        assert (tune.steps, canvas.board.item(tune.id).x) == (1, -320)

    def test_its_right_end_stretches_it(self, canvas: CanvasBoard) -> None:
        tune = Tune(canvas, Note(480, 480, 64))
        tune.edit()
        tune.drag((950, 64), (1500, 64), (1930, 60))
        assert tune.notes == (Note(480, 1440, 64),)
        canvas.project.undo()
        assert tune.notes == (Note(480, 480, 64),)

    def test_control_leaves_the_grid(self, canvas: CanvasBoard) -> None:
        tune = Tune(canvas, Note(480, 480, 64))
        tune.edit()
        tune.drag((700, 64), (760, 64), (750, 64), modifiers=CTRL)
        (note,) = tune.notes
        assert note.start not in (480, 600)
        assert abs(note.start - 530) < 30

    def test_delete_takes_the_note_that_was_clicked_and_never_the_melody(
        self, canvas: CanvasBoard
    ) -> None:
        tune = Tune(canvas, Note(480, 480, 64), Note(0, 480, 60))
        tune.edit()
        canvas.key(Qt.Key.Key_Delete)
        assert canvas.said[-1].endswith("press Delete.")
        tune.click(700, 64)
        canvas.key(Qt.Key.Key_Delete)
        canvas.settle()
        assert tune.notes == (Note(0, 480, 60),)
        assert tune.steps == 1
        canvas.key(Qt.Key.Key_Delete)
        canvas.settle()
        assert tune.notes == (Note(0, 480, 60),)
        canvas.key(Qt.Key.Key_Escape)
        canvas.key(Qt.Key.Key_Delete)
        assert not canvas.board.items

    def test_the_note_that_delete_takes_is_seen(self, canvas: CanvasBoard) -> None:
        tune = Tune(canvas, Note(480, 480, 64))
        tune.edit()
        before = canvas.view.viewport().grab().toImage()
        tune.click(700, 64)
        assert canvas.view.viewport().grab().toImage() != before
        canvas.key(Qt.Key.Key_Escape)
        assert tune.item.is_plain()

    @pytest.mark.parametrize("way", ["escape", "enter", "elsewhere", "tool"])
    def test_it_ends(self, canvas: CanvasBoard, way: str) -> None:
        tune = Tune(canvas, Note(480, 480, 64))
        tune.edit()
        ways = {
            "escape": lambda: canvas.key(Qt.Key.Key_Escape),
            "enter": lambda: canvas.key(Qt.Key.Key_Return),
            "elsewhere": lambda: canvas.click(-400, 300),
            "tool": lambda: canvas.view.set_tool(Tool.BRUSH),
        }
        ways[way]()
        assert not canvas.view.marks.edited
        if way == "escape":
            assert canvas.scene.target().item_ids == (tune.id,)

    def test_the_ruler_still_selects_bars(self, canvas: CanvasBoard) -> None:
        tune = Tune(canvas, Note(480, 480, 64))
        tune.edit()
        spot = tune.item.mapToScene(QPointF(tune.item.roll.x(2000), 10))
        canvas.drag((spot.x(), spot.y()), (spot.x() + 4, spot.y()))
        assert canvas.view.selection_of(tune.id) == Bars(2, 2)


def test_two_notes_of_one_pitch_never_sound_together(canvas: CanvasBoard) -> None:
    tune = Tune(canvas, Note(0, 960, 64), Note(1920, 480, 64))
    tune.edit()
    canvas.view.set_tool(Tool.BRUSH)
    tune.drag((1210, 64), (2300, 64))
    starts = [(note.start, note.start + note.duration) for note in tune.notes]
    assert starts == [(0, 960), (1200, 1920), (1920, 2400)]

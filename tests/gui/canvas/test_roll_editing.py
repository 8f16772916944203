"""A tune that is edited: seen from near, notes picked and typed, bars that come and go."""

import pytest
from gui.canvas.test_canvas_notes import Tune
from gui.canvas_board import CanvasBoard
from kinds import known
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aigc_studio.api import Bars, KeySignature, Melody, Metre, Note
from aigc_studio.ui.canvas.items.roll import KEYS, scale_of
from aigc_studio.ui.canvas.items.score import Score

Key = Qt.Key
NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
THREE = (Note(0, 480, 62), Note(480, 480, 64), Note(960, 480, 66))


def press(tune: Tune, *keys: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    for key in keys:
        tune.canvas.key(key, modifiers)
        tune.canvas.settle()


def turn(tune: Tune, place: tuple[float, float], notches: int, held: Qt.KeyboardModifier) -> None:
    view = tune.canvas.view
    at = QPointF(tune.canvas.at(*place))
    event = QWheelEvent(
        at, QPointF(view.viewport().mapToGlobal(at.toPoint())), QPointF().toPoint(),
        QPointF(0, 120 * notches).toPoint(), Qt.MouseButton.NoButton, held,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view.viewport(), event)


def pitches(tune: Tune) -> list[int]:
    return [note.pitch for note in tune.notes]


class TestView:
    def test_ctrl_and_the_wheel_zoom_the_roll_around_the_pointer(self, canvas: CanvasBoard) -> None:
        tune = Tune(canvas, *THREE)
        tune.edit()
        place = tune.at(3000, 64)
        turn(tune, place, 5, CTRL)
        first, last = tune.item.roll.ends
        assert first > 0
        assert last - first < 0.5 * 4 * 1920
        assert tune.at(3000, 64)[0] == pytest.approx(place[0], abs=0.01)
        assert canvas.view.zoom == 1.0

    def test_the_wheel_scrolls_it_and_no_further_than_it_goes(self, canvas: CanvasBoard) -> None:
        tune = Tune(canvas, *THREE)
        tune.edit()
        turn(tune, tune.at(100, 64), 5, CTRL)
        before = tune.item.roll.ends
        turn(tune, tune.at(before[0] + 100, 64), -1, NONE)
        assert tune.item.roll.ends[0] > before[0]
        turn(tune, tune.at(before[0] + 900, 64), -99, NONE)
        assert tune.item.roll.ends[1] == pytest.approx(4 * 1920)

    def test_over_the_keyboard_it_goes_up_and_down(self, canvas: CanvasBoard) -> None:
        tune = Tune(canvas, *THREE)
        tune.edit()
        low, _high = tune.item.roll.pitches
        spot = tune.item.mapToScene(QPointF(KEYS / 2, 100))
        turn(tune, (spot.x(), spot.y()), 1, NONE)
        assert tune.item.roll.pitches[0] == low + 2

    def test_a_card_that_is_not_edited_leaves_the_wheel_to_the_board(
        self, canvas: CanvasBoard
    ) -> None:
        tune = Tune(canvas, *THREE)
        turn(tune, tune.at(100, 64), 1, NONE)
        assert canvas.view.zoom > 1.0
        assert tune.item.roll.span is None

    def test_the_bar_scrolls_it(self, canvas: CanvasBoard) -> None:
        from aigc_studio.ui.canvas.items.roll_margins import scroll_thumb

        tune = Tune(canvas, *THREE)
        tune.edit()
        turn(tune, tune.at(0, 64), 5, CTRL)
        assert tune.item.roll.ends[0] == 0
        thumb = scroll_thumb(tune.item.roll, 1.0).center()
        start = tune.item.mapToScene(thumb)
        canvas.drag((start.x(), start.y()), (start.x() + 60, start.y()))
        assert tune.item.roll.ends[0] == pytest.approx(
            60 * 7680 / tune.item.roll.grid.width(), rel=0.05
        )

    def test_keys_that_are_clicked_sound(self, canvas: CanvasBoard, qtbot: QtBot) -> None:
        tune = Tune(canvas, *THREE, program=40)
        tune.edit()
        spot = tune.item.mapToScene(QPointF(KEYS / 2, tune.item.roll.row(64).center().y()))
        with qtbot.waitSignal(canvas.view.note_sounded) as heard:
            canvas.click(spot.x(), spot.y())
        assert heard.args is not None
        assert heard.args[:2] == [64, 40]
        assert tune.steps == 0


class TestPicked:
    def test_a_rectangle_picks_notes_and_they_move_together(self, canvas: CanvasBoard) -> None:
        tune = Tune(canvas, *THREE)
        tune.edit()
        tune.drag((1300, 60), (1100, 65), (500, 67))
        assert [note.pitch for note in tune.item.picked()] == [64, 66]
        press(tune, Key.Key_Up)
        assert pitches(tune) == [62, 65, 67]
        press(tune, Key.Key_Down, modifiers=SHIFT)
        assert pitches(tune) == [62, 53, 55]
        press(tune, Key.Key_Right)
        assert [note.start for note in tune.notes] == [0, 600, 1080]
        assert tune.steps == 3
        canvas.project.undo()
        assert [note.start for note in tune.notes] == [0, 480, 960]

    def test_all_of_them_are_dragged_by_one(self, canvas: CanvasBoard) -> None:
        tune = Tune(canvas, *THREE)
        tune.edit()
        press(tune, Key.Key_A, modifiers=CTRL)
        tune.drag((600, 64), (600, 65), (1080, 65))
        assert [(note.start, note.pitch) for note in tune.notes] == [
            (480, 63),
            (960, 65),
            (1440, 67),
        ]
        assert tune.steps == 1

    def test_copied_and_pasted_at_the_place_that_was_clicked(self, canvas: CanvasBoard) -> None:
        tune = Tune(canvas, *THREE)
        tune.edit()
        press(tune, Key.Key_A, modifiers=CTRL)
        press(tune, Key.Key_C, modifiers=CTRL)
        tune.click(1920, 70)
        press(tune, Key.Key_V, modifiers=CTRL)
        assert [note.start for note in tune.notes] == [0, 480, 960, 1920, 2400, 2880]
        assert len(canvas.board.items) == 1

    def test_duplicated_behind_themselves_and_deleted(self, canvas: CanvasBoard) -> None:
        tune = Tune(canvas, *THREE)
        tune.edit()
        press(tune, Key.Key_A, modifiers=CTRL)
        press(tune, Key.Key_D, modifiers=CTRL)
        assert [note.start for note in tune.notes] == [0, 480, 960, 1440, 1920, 2400]
        press(tune, Key.Key_Delete)
        assert tune.notes == THREE

    def test_alt_and_a_drag_upwards_is_louder(self, canvas: CanvasBoard) -> None:
        tune = Tune(canvas, *THREE)
        tune.edit()
        tune.drag((600, 64), (600, 66), modifiers=ALT)
        assert tune.notes[1].velocity > 80
        assert pitches(tune) == [62, 64, 66]

    def test_quantised_to_the_grid_that_was_chosen(self, canvas: CanvasBoard) -> None:
        from aigc_studio.ui.canvas.painting.note_options import NoteOptions

        tune = Tune(canvas, Note(13, 200, 62), Note(333, 150, 64))
        tune.edit()
        canvas.view.options.set_notes(NoteOptions("1/8T"))
        press(tune, Key.Key_Q)
        assert [(note.start, note.duration) for note in tune.notes] == [(0, 160), (320, 160)]


class TestTyped:
    def test_letters_are_notes_of_the_key_and_go_on_from_each_other(
        self, canvas: CanvasBoard
    ) -> None:
        tune = Tune(canvas, keys=(KeySignature(0, 2),))
        tune.edit()
        tune.click(0, 62)
        press(tune, Key.Key_D, Key.Key_4, Key.Key_F, Key.Key_G, Key.Key_0, Key.Key_A)
        assert [(note.start, note.duration, note.pitch) for note in tune.notes] == [
            (0, 480, 62), (480, 240, 66), (720, 240, 67), (1200, 240, 69),
        ]  # fmt: skip
        canvas.project.undo()
        assert pitches(tune) == [62, 66, 67]

    def test_the_last_one_is_altered_and_a_chord_stands_on_it(self, canvas: CanvasBoard) -> None:
        tune = Tune(canvas)
        tune.edit()
        tune.click(0, 62)
        press(tune, Key.Key_G, Key.Key_Up)
        press(tune, Key.Key_B, modifiers=SHIFT)
        assert [(note.start, note.pitch) for note in tune.notes] == [(0, 68), (0, 71)]

    def test_the_tune_grows_as_one_types(self, canvas: CanvasBoard) -> None:
        tune = Tune(canvas)
        tune.edit()
        press(tune, Key.Key_End, Key.Key_7, Key.Key_C)
        assert known(Melody, canvas.artifact(tune.id)).bar_count == 5

    def test_tools_have_their_letters_back_when_it_is_done(self, canvas: CanvasBoard) -> None:
        tune = Tune(canvas)
        tune.edit()
        press(tune, Key.Key_Escape, Key.Key_C)
        assert tune.notes == ()


class TestBars:
    def test_a_bar_comes_before_those_selected_and_goes_again(self, canvas: CanvasBoard) -> None:
        tune = Tune(canvas, Note(0, 480, 60), Note(1920, 480, 62))
        canvas.scene.choose([tune.id])
        canvas.scene.set_part(tune.id, Bars(2, 2))
        canvas.view.act("insert_bar")
        canvas.settle()
        assert [note.start for note in tune.notes] == [0, 3840]
        canvas.scene.set_part(tune.id, Bars(2, 2))
        canvas.view.act("delete_bars")
        canvas.settle()
        assert [note.start for note in tune.notes] == [0, 1920]
        assert tune.steps == 2

    def test_metre_from_a_bar_on_leaves_notes_where_they_are(self, canvas: CanvasBoard) -> None:
        tune = Tune(canvas, *THREE)
        canvas.scene.choose([tune.id])
        canvas.scene.set_part(tune.id, Bars(2, 2))
        canvas.view.commands.set_metre(6, 8)
        canvas.settle()
        made = known(Melody, canvas.artifact(tune.id))
        assert made.notes == THREE
        assert made.metres == (Metre(0), Metre(1920, 6, 8))
        assert tune.steps == 1

    def test_a_tune_is_transposed_with_its_key(self, canvas: CanvasBoard) -> None:
        tune = Tune(canvas, *THREE, keys=(KeySignature(0, 2),))
        canvas.scene.choose([tune.id])
        canvas.view.act("semitone_up")
        canvas.settle()
        made = known(Melody, canvas.artifact(tune.id))
        assert pitches(tune) == [63, 65, 67]
        assert made.keys == (KeySignature(0, -3),)


def test_six_eighths_are_counted_in_two() -> None:
    pulse = Score.of(Melody(THREE, metres=(Metre(0, 6, 8),))).pulse_at(0)
    assert (pulse.beat, pulse.unit) == (720, 240)


def test_the_rows_of_d_major() -> None:
    assert scale_of(2) == {2, 4, 6, 7, 9, 11, 1}

"""Notes as columns are what a list of notes would be; hands on many of them do no work for each."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from calls import calls
from gui.canvas.test_canvas_notes import Tune
from gui.canvas_board import CanvasBoard
from kinds import known
from PySide6.QtCore import QMimeData, QRectF, Qt
from pytestqt.qtbot import QtBot

from aigc_studio.api import Melody, Note
from aigc_studio.ui.canvas.exchange import clipboard, note_clipboard
from aigc_studio.ui.canvas.items import melody_card
from aigc_studio.ui.canvas.items.handful import Handful, nothing
from aigc_studio.ui.canvas.items.melody_card import MelodyItem
from aigc_studio.ui.canvas.items.roll import Roll
from aigc_studio.ui.canvas.items.roll_ghost import Ghost
from aigc_studio.ui.canvas.items.score import Score

Key = Qt.Key
NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


LONG = 1_500
"""Notes that are too many to be read at once."""


@pytest.fixture
def canvas(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[CanvasBoard]:
    monkeypatch.setattr(melody_card, "AT_ONCE", LONG - 1)
    monkeypatch.setattr(note_clipboard, "AT_ONCE", LONG - 1)
    board = CanvasBoard(tmp_path / "session", qtbot)
    yield board
    board.close()


def some(dice: random.Random, count: int) -> list[Note]:
    return [
        Note(dice.randrange(0, 9_000, 30), dice.choice([5, 60, 240]), dice.randint(60, 63))
        for _ in range(count)
    ]


@pytest.mark.parametrize("seed", range(6))
def test_columns_are_as_a_list_of_notes(seed: int) -> None:
    dice = random.Random(seed)
    notes, others = list(dict.fromkeys(some(dice, 300))), some(dice, 500)
    held = Handful.of(notes)
    assert list(held) == notes
    assert held[7] == notes[7]
    assert list(held[10:20]) == notes[10:20]
    assert list(held.among(Handful.of(others))) == [each for each in notes if each in others]
    assert list(held.with_others(others)) == list(dict.fromkeys([*notes, *others]))
    assert list(held.without(notes[3])) == [*notes[:3], *notes[4:]]
    assert all((each in held) == (each in notes) for each in others)
    assert held.end == max(each.start + each.duration for each in notes)
    assert list(held.moved(30, 2)) == [
        replace(each, start=each.start + 30, pitch=each.pitch + 2) for each in notes
    ]
    assert list(held.louder(99)) == [replace(each, velocity=127) for each in notes]
    assert list(held.longer(-100, 60)) == [
        replace(each, duration=max(each.duration - 100, min(60, each.duration))) for each in notes
    ]
    assert list(held.lasting(7)) == [replace(each, duration=7) for each in notes]
    score = Score.of(Melody(tuple(notes)))
    assert sorted(Handful.of_score(score)) == sorted(notes)
    assert held.is_same(Handful.of(notes))
    assert not held.is_same(held.moved(1))
    assert not held.is_same(nothing())


def test_no_notes_are_no_notes() -> None:
    assert len(nothing()) == 0
    assert list(nothing().with_others([Note(0, 1, 60)])) == [Note(0, 1, 60)]
    assert nothing().end == 0
    assert nothing().is_same(nothing().among(nothing()))


def many(canvas: CanvasBoard, count: int) -> Tune:
    """A tune of many notes that is edited."""
    tune = Tune(canvas, *(Note(n * 120, 100, 48 + n % 24) for n in range(count)))
    tune.edit()
    canvas.settle()
    return tune


def on_the_window(tune: Tune, key: Qt.Key, held: Qt.KeyboardModifier) -> int:
    """How many calls a key takes on the window's thread, until what it did is painted."""
    canvas = tune.canvas

    def press() -> None:
        canvas.key(key, held)
        canvas.view.viewport().repaint()

    count = calls(press)
    canvas.settle()

    def arrived() -> None:
        canvas.view.viewport().repaint()

    return count + calls(arrived)


ALL: tuple[tuple[Qt.Key, Qt.KeyboardModifier], ...] = (
    (Key.Key_A, CTRL), (Key.Key_Up, NONE), (Key.Key_Up, ALT), (Key.Key_Right, NONE),
    (Key.Key_5, NONE), (Key.Key_C, CTRL), (Key.Key_V, CTRL), (Key.Key_Delete, NONE),
    (Key.Key_A, CTRL), (Key.Key_D, CTRL), (Key.Key_X, CTRL), (Key.Key_A, CTRL), (Key.Key_Q, NONE),
)  # fmt: skip


def test_keys_take_no_longer_for_three_times_as_many_notes(canvas: CanvasBoard) -> None:
    """Select, transpose, louder, move, lengthen, copy, paste, delete, duplicate, cut, quantise."""
    costs = []
    for count in (LONG, 3 * LONG):
        tune = many(canvas, count)
        costs.append([on_the_window(tune, *each) for each in ALL])
        assert len(tune.notes) == count
        canvas.project.undo()
        costs[-1].append(calls(canvas.view.viewport().repaint))
        canvas.settle()
        canvas.view.act("delete")
        tune.canvas.key(Key.Key_Escape)
        canvas.view.select([tune.id])
        canvas.view.act("delete")
    for few, more in zip(*costs, strict=True):
        assert more < 1.5 * few + 500


def test_all_of_many_notes_are_dragged(canvas: CanvasBoard) -> None:
    bars = LONG // 24 + 1
    former = Melody(tuple(Note(n % bars * 1_920, 1_920, 60 + n // bars) for n in range(24 * bars)))
    tune = Tune(canvas, *former.notes)
    tune.edit()
    canvas.settle()
    canvas.key(Key.Key_A, CTRL)
    place = 1_920 * (bars // 2) + 300
    tune.drag((place, 64), (place, 65), (place, 66))
    moved = (replace(each, pitch=each.pitch + 2) for each in former.notes)
    assert tune.notes == tuple(sorted(moved))
    assert len(tune.item.picked()) == len(former.notes)


def test_a_key_while_a_long_tune_is_on_its_way_reads_nothing(
    canvas: CanvasBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    tune = many(canvas, LONG)
    canvas.key(Key.Key_A, CTRL)
    monkeypatch.setattr(MelodyItem, "load_all", lambda _self: pytest.fail("read at once"))
    canvas.key(Key.Key_Up)
    canvas.scene.edits.wait()
    assert not tune.item.is_here
    canvas.view.viewport().repaint()
    canvas.key(Key.Key_Up)
    canvas.scene.edits.wait()
    canvas.settle()
    assert [each.pitch for each in tune.notes] == [50 + n % 24 for n in range(LONG)]


def test_notes_that_an_undo_took_are_not_put_back_by_the_next_key(canvas: CanvasBoard) -> None:
    tune = many(canvas, LONG)
    former = tune.notes
    canvas.key(Key.Key_A, CTRL)
    canvas.key(Key.Key_Up)
    canvas.settle()
    canvas.project.undo()
    assert not tune.item.is_here
    canvas.key(Key.Key_Up)
    canvas.settle()
    assert tune.notes == former


def test_all_of_a_tune_that_is_still_read_are_picked_once_it_is_there(canvas: CanvasBoard) -> None:
    tune = Tune(canvas, *(Note(n * 120, 100, 60) for n in range(LONG)))
    canvas.view.select([tune.id])
    canvas.view.marks.edited = tune.id
    assert not tune.item.is_here
    canvas.key(Key.Key_A, CTRL)
    assert len(tune.item.picked()) == 0
    canvas.settle()
    assert len(tune.item.picked()) == LONG


def test_many_notes_of_another_window_are_read_beside_this_one(
    canvas: CanvasBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    tune = Tune(canvas, Note(0, 480, 64))
    tune.edit()
    monkeypatch.setattr(note_clipboard, "READ_AT_ONCE", 100)
    held = Melody(tuple(Note(n * 10, 10, 60) for n in range(5)), ticks_per_quarter=240)
    mime = QMimeData()
    mime.setData(note_clipboard.NOTES_TYPE, held.to_json().encode())
    clipboard.put(mime)
    tune.click(480, 70)
    canvas.key(Key.Key_V, CTRL)
    assert len(tune.notes) == 1
    canvas.settle()
    assert tune.notes[1:] == tuple(Note(480 + n * 20, 20, 60) for n in range(5))
    assert len(canvas.board.items) == 1


def test_what_is_copied_is_there_for_other_windows(canvas: CanvasBoard) -> None:
    tune = many(canvas, LONG)
    canvas.key(Key.Key_A, CTRL)
    canvas.key(Key.Key_C, CTRL)
    canvas.settle()
    data = bytes(clipboard.held().data(note_clipboard.NOTES_TYPE).data())
    assert Melody.from_json(data.decode()).notes == tune.notes


def test_notes_that_are_written_when_something_else_was_copied_are_let_go(
    canvas: CanvasBoard,
) -> None:
    many(canvas, LONG)
    canvas.key(Key.Key_A, CTRL)
    canvas.key(Key.Key_C, CTRL)
    other = QMimeData()
    other.setText("words")
    clipboard.put(other)
    canvas.settle()
    assert clipboard.held().text() == "words"


def test_of_very_many_notes_behind_the_end_a_few_are_drawn(
    canvas: CanvasBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aigc_studio.ui.canvas.items import hand_marks
    from aigc_studio.ui.canvas.items.sketch import Sketch

    shown: list[int] = []
    show = Ghost.show_notes

    def note(ghost: Ghost, roll: Roll, notes: Sequence[Note], end: int) -> None:
        shown.append(len(notes))
        show(ghost, roll, notes, end)

    monkeypatch.setattr(Ghost, "show_notes", note)
    tune = Tune(canvas, Note(0, 480, 60))
    item = known(MelodyItem, tune.item)
    late = Handful.of(Note(9_000 + n, 10, 60) for n in range(3_000))
    item.show_sketch(Sketch(put=late))
    assert hand_marks.BESIDE >= shown[-1] > hand_marks.BESIDE / 2
    assert item.notes_in(QRectF(0, 0, 640, 280))

"""Tunes of a hundred thousand notes: what is painted of them at any zoom; nothing is lost."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from calls import calls
from gui.canvas_board import CanvasBoard
from handwork import change_content
from kinds import known
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aigc_studio.api import Bars, Melody, Metre, Note
from aigc_studio.project import preview
from aigc_studio.project.following import find
from aigc_studio.ui import artifact_pictures, theme
from aigc_studio.ui.canvas.items import roll_painting
from aigc_studio.ui.canvas.items.melody_card import MelodyItem
from aigc_studio.ui.canvas.items.roll import Roll
from aigc_studio.ui.canvas.items.score import Columns, Score
from aigc_studio.ui.canvas.painting import melody_edits

pytestmark = pytest.mark.usefixtures("qapp")

Pixels = np.ndarray[Any, Any]


@pytest.fixture
def canvas(tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[CanvasBoard]:
    theme.apply(qapp, "light")
    board = CanvasBoard(tmp_path / "session", qtbot)
    yield board
    board.close()


def a_tune(count: int, *, step: int = 30, seed: int = 1) -> Melody:
    dice = random.Random(seed)
    notes = [
        Note(
            number * step,
            dice.choice([20, 60, 240]),
            dice.choice([48, 55, 60, 64, 67, 72]),
            dice.randint(1, 127),
        )
        for number in range(count)
    ]
    return Melody(tuple(notes))


def painted(
    draw: Callable[[QPainter], object], width: int, height: int, scale: float = 1.0, left: float = 0
) -> Pixels:
    """What is drawn, white where nothing is: (height, width, 4), BGRA."""
    picture = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(0xFFFFFFFF)
    painter = QPainter(picture)
    painter.scale(scale, scale)
    painter.translate(-left, 0)
    draw(painter)
    painter.end()
    return np.array(picture.constBits()).reshape(height, width, 4)


def notes_of(roll: Roll, scale: float, width: int, left: float = 0.0) -> Pixels:
    """Where notes are drawn: true for each pixel of a window on the roll."""
    exposed = QRectF(left, 0, width / scale, roll.height)
    pixels = painted(
        lambda painter: roll_painting.paint_notes(painter, roll, scale, exposed),
        width, max(round(roll.height * scale), 1), scale, left,
    )  # fmt: skip
    seen: Pixels = np.any(pixels[..., :3] < 250, axis=2)
    return seen


class TestScore:
    @pytest.mark.parametrize("seed", range(5))
    def test_it_finds_what_sounds(self, seed: int) -> None:
        dice = random.Random(seed)
        notes = [
            Note(dice.randint(0, 9_000), dice.choice([1, 50, 8_000]), 60 + number % 9)
            for number in range(300)
        ]
        melody = Melody(tuple(notes))
        score = Score.of(melody)
        for _ in range(50):
            first = dice.uniform(-100, 18_000)
            last = first + dice.choice([0, 10, 3_000])
            wanted = [
                number
                for number, note in enumerate(melody.notes)
                if note.start <= last and note.start + note.duration >= first
            ]
            assert score.sounding(first, last).tolist() == wanted
            near = score.near(first, last)
            assert set(wanted) <= set(range(near.start, near.stop))

    def test_bars_are_found_by_halves(self) -> None:
        melody = Melody((Note(0, 50_000, 60),), metres=(Metre(0), Metre(9_000, 3), Metre(20_000)))
        score = Score.of(melody)
        assert score.count == melody.bar_count
        for tick in range(0, melody.length + 3_000, 37):
            walked = next(
                (number for number, (_start, stop) in enumerate(melody.bars, 1) if tick < stop),
                melody.bar_count,
            )
            assert score.bar_at(tick) == walked

    def test_a_level_is_the_mean_of_what_meets_there(self) -> None:
        melody = Melody((Note(0, 10, 60, 20), Note(0, 10, 60, 40), Note(0, 10, 61, 127)))
        score = Score.of(melody)
        rows = np.clip(61 - np.arange(128), 0, 1)
        levels = score.levels(slice(0, 3), Columns(1.0, 0, 12), rows, 2)
        assert levels[0].tolist() == [128] * 10 + [0, 0]
        assert levels[1].tolist() == [31] * 10 + [0, 0]

    @pytest.mark.parametrize("seed", range(8))
    def test_no_note_is_lost_and_none_is_invented(self, seed: int) -> None:
        dice = random.Random(seed)
        melody = a_tune(dice.choice([500, 5_000]), step=dice.choice([1, 7, 300]), seed=seed)
        score = Score.of(melody)
        columns = Columns(dice.choice([0.001, 0.03, 1.0]), dice.choice([0, 5]), 900)
        levels = score.levels(slice(0, len(melody.notes)), columns, 127 - np.arange(128), 128)
        wanted = np.zeros((128, 900), bool)
        for note in melody.notes:
            first = int(np.floor(note.start * columns.scale)) - columns.first
            last = int(np.rint((note.start + note.duration) * columns.scale)) - columns.first
            wanted[127 - note.pitch, max(first, 0) : max(last, first + 1, 0)] = True
        assert (wanted == (levels > 0)).all()

    def test_the_loudest_of_all_in_one_place(self) -> None:
        melody = Melody(tuple(Note(0, 5, 60, 127) for _ in range(100_000)))
        levels = Score.of(melody).levels(
            slice(0, 100_000), Columns(1.0, 0, 5), np.zeros(128, np.int64), 1
        )
        assert levels.tolist() == [[128] * 5]


class TestWork:
    def test_as_many_things_are_drawn_of_ten_times_as_many_notes(self) -> None:
        drawn = []
        for count in (10_000, 100_000):
            roll = Roll(Score.of(a_tune(count)), 1_200, 400)
            calls: list[str] = []
            for zoom in (0.05, 0.5, 1.0, 8.0, 64.0):
                width = min(1_200.0, 1_400 / zoom)
                exposed = QRectF(300, 0, width, 400)
                painted(partial(count_draws, calls, roll, zoom, exposed), 64, 64)
            drawn.append(len(calls))
        assert drawn[1] <= drawn[0] * 1.2 + 50
        assert drawn[1] < 5 * 2_500

    def test_notes_are_looked_at_only_where_they_are_in_sight(self) -> None:
        score = Score.of(a_tune(100_000))
        near = score.near(1_000_000, 1_010_000)
        assert near.stop - near.start < 500

    def test_a_drone_does_not_have_all_of_them_drawn(self) -> None:
        tune = a_tune(100_000)
        roll = Roll(Score.of(Melody((Note(0, 3_000_000, 30), *tune.notes))), 1_200, 400)
        exposed = QRectF(500, 0, 2, 400)
        drawn = painted_count(roll, 64.0, exposed)
        assert 1 < drawn <= roll_painting.SINGLY

    @pytest.mark.parametrize("bars", [20_000, 200_000])
    def test_bar_lines_are_no_closer_than_a_few_pixels(self, bars: int) -> None:
        roll = Roll(Score.of(Melody((Note(0, bars * 1_920, 60),))), 1_200, 400)
        assert roll.score.count == bars
        for zoom in (0.05, 0.3, 1.0, 7.0, 64.0):
            width = min(1_200.0, 1_400 / zoom)
            lines, numbers = painted_bars(roll, zoom, QRectF(400, 0, width, 400))
            assert lines <= width * zoom / 2 + 4
            assert numbers <= width / 20 + 4

    def test_bars_of_very_different_lengths(self) -> None:
        short = (Metre(480 + each, 1, 64) for each in range(0, 3_000_000, 30))
        metres = (Metre(0, 1, 4), *short, Metre(3_000_480, 10_000))
        roll = Roll(Score.of(Melody((Note(0, 90_000_000, 60),), metres=metres)), 1_200, 400)
        assert roll.score.count > 100_000
        for zoom in (0.5, 1.0, 64.0):
            lines, numbers = painted_bars(roll, zoom, QRectF(0, 0, 1_400 / zoom, 400))
            assert lines < 1_500
            assert numbers < 100

    def test_a_bar_of_a_million_beats_is_drawn_as_far_as_it_is_seen(self) -> None:
        melody = Melody(
            (Note(0, 10_000_000, 60),), ticks_per_quarter=1, metres=(Metre(0, 5_000_000),)
        )
        roll = Roll(Score.of(melody), 1_200, 400)
        for zoom in (1.0, 64.0):
            lines, _numbers = painted_bars(roll, zoom, QRectF(600, 0, 20, 400))
            assert lines < 1_500

    def test_the_same_view_is_not_reckoned_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        roll = Roll(Score.of(a_tune(20_000)), 1_200, 400)
        counted: list[int] = []
        levels = Score.levels

        def count(self: Score, *rest: Any) -> Any:
            counted.append(1)
            return levels(self, *rest)

        monkeypatch.setattr(Score, "levels", count)
        for _ in range(5):
            notes_of(roll, 1.0, 1_200)
        assert len(counted) == 1


class TestLooks:
    def test_many_notes_lie_where_single_ones_would(self, monkeypatch: pytest.MonkeyPatch) -> None:
        roll = Roll(Score.of(a_tune(1_000, step=100)), 1_600, 400)
        for scale in (0.5, 1.0, 2.5):
            width = round(1_600 * scale)
            many = notes_of(roll, scale, width)
            with monkeypatch.context() as patch:
                patch.setattr(roll_painting, "SINGLY", 10_000)
                single = notes_of(roll, scale, width)
            assert many.sum() == pytest.approx(single.sum(), rel=0.35)
            assert (many & ~spread(single)).sum() == 0, "something is painted where no note is"
            assert (single & ~spread(many)).sum() == 0, "a note is lost"

    @pytest.mark.parametrize("scale", [1 / 32, 0.1, 0.37, 1.0, 3.0])
    def test_a_lonely_note_is_seen_at_any_zoom(self, scale: float) -> None:
        notes = (*a_tune(2_000, step=5).notes, Note(2_000_000, 1, 90))
        roll = Roll(Score.of(Melody(notes)), 3_000, 400)
        at = roll.x(2_000_000)
        left = max(at - 200 / scale, 0)
        seen = notes_of(roll, scale, 400, left)
        column = round((at - left) * scale)
        assert seen[:, max(column - 2, 0) : column + 3].any()

    def test_moving_the_view_changes_no_pixel(self) -> None:
        roll = Roll(Score.of(a_tune(60_000)), 1_200, 400)
        whole = notes_of(roll, 2.0, 2_400)
        for shift in (1, 7, 333):
            part = notes_of(roll, 2.0, 900, left=shift / 2)
            assert (part[:, 80:] == whole[:, shift + 80 : shift + 900]).all()

    def test_a_turned_card_shows_them_too(self, canvas: CanvasBoard) -> None:
        id = canvas.put(a_tune(9_000), -200, -100, 400, 200, rotation=30.0)
        canvas.settle()
        pixels = canvas.view.viewport().grab().toImage()
        middle = canvas.at(0, 20)
        area = [
            pixels.pixelColor(middle.x() + x, middle.y() + y)
            for x in range(-40, 40)
            for y in range(-40, 40)
        ]
        assert sum(each.red() > each.blue() + 60 for each in area) > 500
        assert canvas.scene.item(id) is not None


class TestItem:
    def test_a_long_one_is_read_beside_the_window(self, canvas: CanvasBoard) -> None:
        tune = a_tune(20_000)
        id = canvas.put(tune)
        item = known(MelodyItem, canvas.scene.item(id))
        assert item.score.count == 1
        canvas.view.viewport().grab()
        canvas.settle()
        assert item.score.count == tune.bar_count
        assert item.melody == tune

    def test_who_asks_for_the_notes_gets_them_now(self, canvas: CanvasBoard) -> None:
        tune = a_tune(20_000)
        item = known(MelodyItem, canvas.scene.item(canvas.put(tune)))
        assert item.melody == tune
        assert item.score.count == tune.bar_count
        canvas.settle()
        assert item.melody == tune

    def test_a_picture_of_the_board_has_it_whole(self, canvas: CanvasBoard) -> None:
        canvas.put(a_tune(20_000), 0, 0, 400, 200)
        early = canvas.view.exchange.render_board()
        canvas.settle()
        assert canvas.view.exchange.render_board() == early

    def test_bars_marked_before_it_was_read_stay(self, canvas: CanvasBoard) -> None:
        id = canvas.put(a_tune(20_000))
        canvas.scene.set_part(id, Bars(5, 9))
        canvas.settle()
        assert canvas.view.selection_of(id) == Bars(5, 9)

    def test_undo_in_between_shows_the_one_that_is_wanted(self, canvas: CanvasBoard) -> None:

        one, other = a_tune(20_000), a_tune(21_000, seed=2)
        id = canvas.put(one)
        content = canvas.project.store.put(other)
        canvas.project.do(change_content(canvas.board, {id: content}))
        canvas.project.undo()
        canvas.settle()
        assert known(MelodyItem, canvas.scene.item(id)).melody == one
        canvas.project.redo()
        canvas.settle()
        assert known(MelodyItem, canvas.scene.item(id)).melody == other

    def test_bars_are_chosen_by_a_drag_on_the_ruler(self, canvas: CanvasBoard) -> None:
        id = canvas.put(Melody((Note(0, 200_000 * 1_920, 60),)), -300, -100, 600, 200)
        canvas.settle()
        item = known(MelodyItem, canvas.scene.item(id))
        bars = item.select_to(QPointF(100, 5), QPointF(400, 5))
        assert bars == Bars(item.roll.bar_at(QPointF(100, 5)), item.roll.bar_at(QPointF(400, 5)))
        assert 20_000 < bars.first < 30_000
        canvas.view.select([id])
        canvas.scene.set_part(id, Bars(7, 7))
        canvas.view.setFocus()
        canvas.key(Qt.Key.Key_Right)
        assert canvas.view.selection_of(id) == Bars(8, 8)


class TestSmallPictures:
    def test_of_a_long_tune_no_more_is_drawn_than_there_is_room_for(self) -> None:
        drawn = [counted(a_tune(count)) for count in (10_000, 100_000)]
        assert drawn[1] <= max(2 * drawn[0], 1_500)
        assert drawn[1] <= artifact_pictures.MOST_NOTES

    def test_two_hundred_thousand_bar_lines_are_not_drawn(self) -> None:
        assert counted(Melody((Note(0, 200_000 * 1_920, 60),))) < 200

    def test_the_picture_of_a_project_neither(self) -> None:
        sizes = [len(preview.notes_within(a_tune(count), (300, 90))) for count in (10_000, 100_000)]
        assert sizes[1] <= 300 * 90
        assert sizes[1] <= 2 * sizes[0]

    def test_each_pitch_of_a_short_tune_is_there(self) -> None:
        melody = Melody(tuple(Note(0, 480, pitch) for pitch in range(60, 72)))
        assert counted(melody) == 12


class Counting:
    """What of a painter a small picture uses; counts what is drawn."""

    def __init__(self) -> None:
        self.count = 0

    def setPen(self, *_rest: Any) -> None:
        """Nothing is drawn by it."""

    def setBrush(self, *_rest: Any) -> None:
        """Nothing is drawn by it."""

    def drawRoundedRect(self, *_rest: Any) -> None:
        """A note."""
        self.count += 1

    def drawLine(self, *_rest: Any) -> None:
        """A bar line."""
        self.count += 1


def counted(melody: Melody) -> int:
    """How many things a small picture of a tune is made of."""
    painter = Counting()
    artifact_pictures.draw_melody(cast(QPainter, painter), melody, QRectF(0, 0, 120, 72))
    return painter.count


def test_a_tune_that_is_on_its_way_says_so(
    canvas: CanvasBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    hints: list[str] = []
    paint_hint = roll_painting.paint_hint

    def hint(painter: QPainter, roll: Roll, words: str) -> None:
        hints.append(words)
        paint_hint(painter, roll, words)

    monkeypatch.setattr(roll_painting, "paint_hint", hint)
    canvas.put(a_tune(10))
    canvas.view.viewport().repaint()
    assert hints == []  # a short one is there at once
    held: list[Callable[[], object]] = []
    monkeypatch.setattr(
        canvas.scene.loader, "bring", lambda read, take: held.append(lambda: take(read()))
    )
    item = canvas.scene.item(canvas.put(a_tune(5_000), y=300))
    assert isinstance(item, MelodyItem)
    canvas.view.viewport().repaint()
    assert set(hints) == {"Loading…"}
    hints.clear()
    held[0]()
    canvas.view.viewport().repaint()
    assert hints == []
    assert item.score.count > 1


def test_bars_that_are_all_alike_are_looked_for_in_proportion() -> None:
    class Bar(tuple[int, ...]):
        compared = 0

        def __eq__(self, other: object) -> bool:
            Bar.compared += 1
            return super().__eq__(other)

        __hash__ = tuple.__hash__

    costs = []
    for count in (500, 5_000):
        Bar.compared = 0
        before = [Bar((1, 0)) for _ in range(count)] + [Bar((2, 0))]
        now = [Bar((3, 0))] + [Bar((1, 0)) for _ in range(count + 3)] + [Bar((4, 0))]
        assert find(before, now, (count // 4, count // 2), least=1) is None
        costs.append(Bar.compared)
    assert costs[1] < 12 * costs[0]


def count_draws(
    calls: list[str], roll: Roll, zoom: float, exposed: QRectF, painter: QPainter
) -> None:
    """How many things are drawn, with notes painted together counted as their strips."""
    alone = roll_painting.paint_notes(painter, roll, zoom, exposed)
    calls += ["note"] * (alone or 128)
    calls += ["line"] * roll_painting.paint_bars(painter, roll, zoom, exposed)
    calls += ["number"] * roll_painting.paint_numbers(painter, roll, None, exposed)


def painted_count(roll: Roll, zoom: float, exposed: QRectF) -> int:
    """How many notes are drawn one by one."""
    found: list[int] = []
    painted(
        lambda painter: found.append(roll_painting.paint_notes(painter, roll, zoom, exposed)), 8, 8
    )
    return found[0]


def painted_bars(roll: Roll, zoom: float, exposed: QRectF) -> tuple[int, int]:
    """How many bar lines and numbers are drawn."""
    found: list[int] = []

    def draw(painter: QPainter) -> None:
        found.append(roll_painting.paint_bars(painter, roll, zoom, exposed))
        found.append(roll_painting.paint_numbers(painter, roll, None, exposed))

    painted(draw, 8, 8)
    return found[0], found[1]


def spread(seen: Pixels) -> Pixels:
    """What lies within two pixels of something."""
    wide = np.pad(seen, 2)
    height, width = seen.shape
    shifts = [wide[y : y + height, x : x + width] for y in range(5) for x in range(5)]
    found: Pixels = np.logical_or.reduce(shifts)
    return found


@pytest.mark.parametrize("step", [1, 96])
def test_many_notes_are_exchanged_in_proportion(step: int) -> None:
    """All of a drone quantised, or pasted: 100,000 notes of one pitch took minutes."""
    costs = []
    for count in (200, 2_000):
        melody = Melody(tuple(Note(n * 96 + 5, 90, 60) for n in range(count)))
        moved = [replace(note, start=note.start + step) for note in melody.notes]
        costs.append(calls(partial(melody_edits._exchanged, melody, melody.notes[1:], moved)))
    assert costs[1] < 15 * costs[0]


def test_notes_put_in_end_and_are_ended_as_one_key_sounds() -> None:
    before = Melody((Note(0, 100, 60), Note(200, 100, 60), Note(0, 400, 62)))
    put = [Note(50, 300, 60), Note(200, 10, 60, 1), Note(60, 10, 60), Note(400, 9, 62)]
    after = melody_edits._exchanged(before, [], put)
    assert [(each.start, each.duration, each.pitch) for each in after.notes] == [
        (0, 50, 60), (0, 400, 62), (50, 10, 60), (60, 10, 60), (200, 10, 60), (400, 9, 62),
    ]  # fmt: skip

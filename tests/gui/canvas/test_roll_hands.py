"""What hands do on a roll is seen: many picked notes, and bars that are about to come."""

import numpy as np
import pytest
from gui.canvas.test_canvas_notes import NONE, Tune
from gui.canvas_board import LEFT, CanvasBoard
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from aigc_studio.api import Melody, Note
from aigc_studio.ui.canvas import Tool
from aigc_studio.ui.canvas.items import roll_hands, roll_painting
from aigc_studio.ui.canvas.items.roll import Roll
from aigc_studio.ui.canvas.items.roll_ghost import Ghost
from aigc_studio.ui.canvas.items.score import Score
from aigc_studio.ui.canvas.items.sketch import Sketch

BAR = 1920


def ghosts(tune: Tune) -> list[Ghost]:
    children = tune.item.childItems()
    return [each for each in children if isinstance(each, Ghost) and each.isVisible()]


def past_the_end(tune: Tune, far: float, *, release: bool) -> None:
    roll = tune.item.roll
    y = roll.row(64).center().y()
    start, end = (tune.item.mapToScene(QPointF(x, y)) for x in (roll.width - 20, roll.width + far))
    tune.canvas.drag((start.x(), start.y()), (end.x(), end.y()), release=release)


class TestPastTheEnd:
    def test_the_bars_that_come_are_seen_while_it_is_drawn(self, canvas: CanvasBoard) -> None:
        tune = Tune(canvas)
        canvas.view.set_tool(Tool.BRUSH)
        roll = tune.item.roll
        wide = BAR * roll.per_tick
        spot = tune.item.mapToScene(QPointF(roll.width + 0.3 * wide, 60))
        before = canvas.seen(spot.x(), spot.y())
        past_the_end(tune, 0.6 * wide, release=False)
        (ghost,) = ghosts(tune)
        assert ghost.bars == 1
        assert ghost.boundingRect().width() == pytest.approx(wide)
        assert canvas.seen(spot.x(), spot.y()) != before
        end = tune.item.mapToScene(QPointF(roll.width + 0.6 * wide, 60))
        QTest.mouseRelease(canvas.view.viewport(), LEFT, NONE, canvas.at(end.x(), end.y()))
        canvas.settle()
        assert ghosts(tune) == []
        assert tune.item.score.count == 5

    def test_escape_takes_them_away(self, canvas: CanvasBoard) -> None:
        tune = Tune(canvas)
        canvas.view.set_tool(Tool.BRUSH)
        past_the_end(tune, 30, release=False)
        assert ghosts(tune)
        canvas.key(Qt.Key.Key_Escape)
        assert ghosts(tune) == []

    def test_a_note_within_the_tune_brings_none(self, canvas: CanvasBoard) -> None:
        tune = Tune(canvas)
        canvas.view.set_tool(Tool.BRUSH)
        canvas.drag(tune.at(10, 66), tune.at(450, 66), release=False)
        assert ghosts(tune) == []


def painted(
    roll: Roll, notes: tuple[Note, ...]
) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
    image = QImage(800, 200, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    roll_hands.paint_sketch(painter, roll, 1.0, QRectF(0, 0, 800, 200), Sketch(put=notes))
    painter.end()
    return np.frombuffer(image.constBits(), np.uint8).reshape(200, 800, 4)[..., :3].copy()


class TestMany:
    tune = Melody(tuple(Note(n * 240, 240, 60 + n % 12) for n in range(1200)))

    def test_as_many_as_one_likes_are_marked_where_they_are(
        self, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
    ) -> None:
        roll = Roll(Score.of(self.tune), 800, 200)
        drawn: list[int] = []
        monkeypatch.setattr(roll_hands, "paint_put", lambda *args: drawn.append(len(args[3])))
        half = self.tune.notes[:600]
        marked = (painted(roll, half) != 255).any(axis=(0, 2))
        assert max(drawn) == 0
        assert marked[40:400].any()
        middle = int(roll.x(600 * 240))
        assert not marked[middle + 2 :].any()

    def test_of_many_the_few_in_sight_are_drawn_one_by_one(
        self, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
    ) -> None:
        roll = Roll(Score.of(self.tune), 800, 200, span=(0.0, 4.0 * BAR))
        drawn: list[int] = []
        monkeypatch.setattr(roll_hands, "paint_put", lambda *args: drawn.append(len(args[3])))
        painted(roll, self.tune.notes)
        assert 32 <= max(drawn) <= 40


@pytest.mark.parametrize(("bars", "numbers"), [(200, 12), (208, 13)])
def test_a_number_of_a_bar_is_whole_or_not_there(qtbot: QtBot, bars: int, numbers: int) -> None:
    """Every 16th has a number; 193 is cut by the edge where only seven bars are behind it."""
    roll = Roll(Score.of(Melody((Note(0, 480, 60),), length=bars * BAR)), 480.0, 180.0)
    image = QImage(480, 180, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    drawn = roll_painting.paint_numbers(painter, roll, None, QRectF(0, 0, 480, 180))
    painter.end()
    assert roll_painting.number_step(roll) == 16
    assert drawn == numbers

"""The plot: what is kept, thinned out, smoothed, read, and shown as a table."""

import math
import random

import pytest
from gui.pixels import how_near
from kinds import there
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aigc_studio.ui import theme
from aigc_studio.ui.training.plot import LinePlot
from aigc_studio.ui.training.plot_panel import PlotPanel
from aigc_studio.ui.training.series import MOST, Series, log_ticks, short_number, ticks


def test_many_points_are_few_buckets_and_lose_no_extreme() -> None:
    series = Series("loss")
    chance = random.Random(1)
    values = [chance.gauss(0, 1) for _ in range(100_000)]
    values[54_321] = 99.0
    for step, value in enumerate(values):
        series.add(step, value)
    assert len(series.buckets) < 2 * MOST
    assert len(series.xs) == 100_000
    left, *others = there(series.bounds())
    assert left == pytest.approx(0, abs=200)
    assert others == [99_999, min(values), 99.0]
    assert [b.x for b in series.buckets] == sorted(b.x for b in series.buckets)


def test_smoothing_is_the_unbiased_exponential_average() -> None:
    series = Series("loss", 0.9)
    for step in range(50):
        series.add(step, 5.0)
    assert all(b.smooth == pytest.approx(5.0) for b in series.buckets)
    series.add(50, 15.0)
    weights = [0.9 ** (50 - n) for n in range(51)]
    wanted = sum(w * y for w, y in zip(weights, series.ys, strict=True)) / sum(weights)
    assert series.buckets[-1].smooth == pytest.approx(wanted)
    series.set_smoothing(0)
    assert series.buckets[-1].smooth == 15.0


def test_values_that_are_no_numbers_are_counted() -> None:
    series = Series("loss")
    for value in (1.0, math.nan, math.inf, 2.0):
        series.add(1, value)
    assert list(series.ys) == [1.0, 2.0]
    assert series.skipped == 2


def test_a_resumed_training_says_steps_again() -> None:
    series = Series("loss")
    for step in range(10):
        series.add(step, float(step))
    series.add(6, 60.0)
    assert list(series.xs) == [0, 1, 2, 3, 4, 5, 6]
    assert series.last() == 60.0
    assert series.buckets[-1].high == 60.0


@pytest.mark.parametrize(
    ("low", "high", "wanted"),
    [(0, 10, [0, 2, 4, 6, 8, 10]), (0.03, 0.11, [0.04, 0.06, 0.08, 0.1]), (-3, 3, [-2, 0, 2])],
)
def test_ticks_are_round(low: float, high: float, wanted: list[float]) -> None:
    assert ticks(low, high, 5) == pytest.approx(wanted)


def test_log_ticks_are_powers() -> None:
    assert log_ticks(0.001, 1000) == pytest.approx([10.0**n for n in range(-3, 4)])
    assert log_ticks(1, 10) == pytest.approx([1, 2, 5, 10])


def test_short_numbers() -> None:
    numbers = {0: "0", 0.03456: "0.0346", 12.345: "12.35", 1500: "1500", 25_000: "25k"}
    numbers |= {3_200_000: "3.2M", 1.5e-6: "1.5e-06"}
    assert {value: short_number(value) for value in numbers} == numbers


@pytest.fixture
def plot(qtbot: QtBot, qapp: QApplication) -> LinePlot:
    theme.apply(qapp, "light")
    made = LinePlot()
    qtbot.addWidget(made)
    made.resize(500, 220)
    for step in range(0, 1000, 10):
        made.add_point("generator", step, 2 + math.cos(step / 100))
        made.add_point("discriminator", step, 0.5)
    made.show()
    return made


def ink(plot: LinePlot, role: str) -> int:
    near = how_near(plot.grab().toImage(), theme.colour(role)).max(axis=-1) < 50
    return int(near.sum())


def test_lines_are_drawn_in_their_colours(plot: LinePlot) -> None:
    assert ink(plot, "accent") > 50
    assert ink(plot, plot.colour_role("discriminator")) > 50
    plot.set_visible("discriminator", False)
    assert ink(plot, "badge_melody") == 0


def test_empty_and_odd_plots_are_drawn(qtbot: QtBot) -> None:
    plot = LinePlot()
    qtbot.addWidget(plot)
    plot.resize(300, 120)
    plot.show()
    plot.grab()
    plot.add_point("one", 5, 0.0)
    plot.grab()
    plot.set_logarithmic(True)
    plot.grab()
    plot.add_point("one", 6, -3.0)
    plot.add_point("one", 7, 1e-300)
    plot.add_point("one", 8, 1e300)
    for logarithmic in (True, False):
        plot.set_logarithmic(logarithmic)
        plot.set_smoothing(0.9)
        assert not plot.grab().isNull()
    plot.resize(20, 20)
    plot.grab()


def test_reading_under_the_pointer(plot: LinePlot, qtbot: QtBot) -> None:
    room = plot._room()
    place = QPointF(room.left() + room.width() / 2, room.center().y())
    qtbot.mouseMove(plot, place.toPoint())
    found = plot.read_at(500)
    assert found["generator"] == pytest.approx((500, 2 + math.cos(5)))
    before = ink(plot, "outline")
    assert before > 20
    plot.read_at(None)
    assert ink(plot, "outline") < before


def test_reading_with_the_keyboard(plot: LinePlot, qtbot: QtBot) -> None:
    qtbot.keyClick(plot, Qt.Key.Key_Left)
    assert plot._reading == pytest.approx(990 - 990 / 50)
    assert "generator" in plot.accessibleDescription()
    qtbot.keyClick(plot, Qt.Key.Key_Escape)
    assert plot._reading is None


def test_escape_is_the_plots_only_while_it_has_something_to_hide(plot: LinePlot) -> None:
    """Else the window's Escape, which cancels, would get it first, or never."""

    def claimed() -> bool:
        event = QKeyEvent(
            QEvent.Type.ShortcutOverride, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier
        )
        event.ignore()
        QApplication.sendEvent(plot, event)
        return event.isAccepted()

    assert not claimed()
    plot.read_at(500)
    assert claimed()


def test_the_panel_has_a_legend_and_a_table(qtbot: QtBot) -> None:
    panel = PlotPanel()
    qtbot.addWidget(panel)
    panel.resize(700, 240)
    panel.show()
    for step in range(5):
        panel.add_point("a", step, step / 3)
        if step % 2:
            panel.add_point("b", step, 9)
    assert panel._legend["a"].text().endswith("1.333")
    panel.as_table.setChecked(True)
    model = panel.table.model()
    header = [model.headerData(n, Qt.Orientation.Horizontal) for n in range(model.columnCount())]
    rows = [
        [model.data(model.index(row, column)) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]
    assert header == ["Step", "a", "b"]
    assert rows[0] == ["4", "1.33333", ""]
    assert rows[1] == ["3", "1", "9"]
    panel._legend["b"].setChecked(False)
    assert not panel.plot.series["b"].visible
    panel.clear()
    assert panel._legend == {}

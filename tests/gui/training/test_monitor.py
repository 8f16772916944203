"""The training monitor: curves, samples of any medium, time left, and every way out."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from calls import calls
from kinds import there
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QScrollArea
from pytestqt.qtbot import QtBot

from aigc_studio.api import Artifact, Image, Measure, Melody, Metric, Note, Preview, Progress, Text
from aigc_studio.host import PluginRecord, PluginSource
from aigc_studio.jobs import Job, JobError, JobState, gesture
from aigc_studio.ui.training import monitor as monitors
from aigc_studio.ui.training.hood import MOST_CHARTS, chart_of
from aigc_studio.ui.training.monitor import Monitor, TrainingMonitor
from aigc_studio.ui.training.pace import time_words
from aigc_studio.ui.training.plot_panel import MOST_LINES
from aigc_studio.ui.training.previews import KEPT

ANY = (
    Image(np.zeros((4, 4), np.uint8)),
    Text("a sample"),
    Melody(notes=(Note(0, 480, 60),)),
)


@pytest.fixture
def clock() -> SimpleNamespace:
    return SimpleNamespace(now=0.0)


@pytest.fixture
def monitor(qtbot: QtBot, clock: SimpleNamespace) -> TrainingMonitor:
    made = TrainingMonitor(clock=lambda: clock.now)
    qtbot.addWidget(made)
    made.resize(900, 260)
    made.show()
    made.show_training("Digits")
    made.set_state("running")
    return made


def heard(signal: Any) -> list[bool]:
    found: list[bool] = []
    signal.connect(lambda: found.append(True))
    return found


def test_before_anything_is_learnt_nobody_is_told_that_all_is_alike(
    monitor: TrainingMonitor,
) -> None:
    def look(step: int, varied: float) -> None:
        told = {"diversity": 0.9, "diversity_within": varied}
        monitor.add_metrics([Metric(name, value, step) for name, value in told.items()])
        monitor.add_look(step, told)

    for step, varied in ((24, 0.21), (48, 0.3), (72, 0.45), (96, 0.65), (120, 0.8)):
        look(step, varied)
        assert "much alike" not in monitor.readout()
    look(144, 0.35)
    assert "much alike: only 35 % as varied" in monitor.readout()
    monitor.show_training("Digits")
    monitor.set_state("running")
    for step in (24, 48, 72, 96):
        look(step, 0.2)
    assert "much alike: only 20 %" in monitor.readout()  # it never came
    monitor.show_training("Digits")
    monitor.set_state("running")
    look(24, 0.21)
    assert "much alike" not in monitor.readout()
    monitor.set_state("stopped")
    assert "much alike: only 21 %" in monitor.readout()  # of the model that is kept


def test_time_left_comes_from_the_last_seconds(
    monitor: TrainingMonitor, clock: SimpleNamespace
) -> None:
    monitor.add_preview(Preview(ANY[0], 0))  # from here on steps are counted
    for step in range(0, 101, 10):
        clock.now += 1.0
        monitor.set_progress(Progress(step, 700, "Learning"))
    assert "step 100 of 700" in monitor.readout()
    assert "600 steps a minute" in monitor.readout()
    assert "about 1 minute left" in monitor.readout()
    for step in range(105, 251, 5):
        clock.now += 1.0
        monitor.set_progress(Progress(step, 700))
    assert "300 steps a minute" in monitor.readout()


@pytest.mark.parametrize("state", ["done", "stopped", "failed", "cancelled"])
def test_nothing_is_left_after_the_end(
    monitor: TrainingMonitor, clock: SimpleNamespace, state: str
) -> None:
    monitor.add_preview(Preview(ANY[0], 0))  # from here on steps are counted
    for step in (0, 10, 20):
        clock.now += 1.0
        monitor.set_progress(Progress(step, 100, "Learning"))
    assert "left" in monitor.readout()
    monitor.set_state(state)
    assert monitor.readout() == "step 20 of 100"
    assert monitor.box.phase.text() == ""
    assert not monitor.stop_button.isVisible()
    monitor.show_training("Another")
    assert monitor.stop_button.isVisible()
    assert monitor.readout() == ""


def test_the_title_is_whole_beside_a_long_state(monitor: TrainingMonitor, qtbot: QtBot) -> None:
    monitor.show_training("My GAN digits 2 · drawn by hand")
    monitor.set_state("stopped")
    qtbot.waitUntil(lambda: monitor._title.shown_text() == "My GAN digits 2 · drawn by hand")


def test_a_long_name_leaves_room_for_the_plot(monitor: TrainingMonitor, qtbot: QtBot) -> None:
    name = "penalty loss " * 12
    monitor.hood_button.click()
    monitor.add_metrics([Metric(name, 0.5, 1)])
    panel = there(monitor.panel("loss"))
    (button,) = panel._legend.values()
    assert button.text().endswith("…  0.5")
    assert name in button.toolTip()
    qtbot.waitUntil(lambda: panel.plot.width() >= 240)


@pytest.mark.parametrize(("width", "samples"), [(610, False), (870, True)])
def test_the_curves_fit_a_low_place_without_scrolling(
    monitor: TrainingMonitor, qtbot: QtBot, width: int, samples: bool
) -> None:
    """As wide as the place is under the board in the smallest window, and at 1280 pixels."""
    area = QScrollArea(widgetResizable=True)
    qtbot.addWidget(area)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setWidget(monitor)
    area.resize(width, 290)
    area.show()
    monitor.hood_button.click()
    monitor.set_state("running")
    names = ("discriminator_loss", "generator_loss", "reconstruction_loss", "learning_rate")
    monitor.add_metrics([Metric(name, 0.012345, 1) for name in names])
    monitor.add_preview(Preview(ANY[0], 1))
    qtbot.waitUntil(lambda: monitor.previews.isVisible() == samples)
    bars = (area.horizontalScrollBar(), area.verticalScrollBar())
    qtbot.waitUntil(lambda: [bar.maximum() for bar in bars] == [0, 0])
    right = monitor.stop_button.mapTo(monitor, monitor.stop_button.rect().topRight()).x()
    assert right < width
    monitor.hood_button.click()
    qtbot.waitUntil(monitor.previews.isVisible)
    assert [bar.maximum() for bar in bars] == [0, 0]
    area.takeWidget().setParent(None)  # it is closed by itself


def test_curves_that_come_under_an_open_hood_have_their_room(monitor: TrainingMonitor) -> None:
    """The hood stays open from one training to the next, whose first number comes later."""
    monitor.resize(750, 290)
    monitor.hood_button.click()
    QApplication.processEvents()
    names = ("discriminator_loss", "generator_loss", "learning_rate")
    monitor.add_metrics([Metric(name, 0.012345, 1) for name in names])
    QApplication.processEvents()
    QApplication.processEvents()
    shown = monitor.previews.isVisible()
    monitor.resize(751, 290)  # looked at anew, it is the same
    QApplication.processEvents()
    assert monitor.previews.isVisible() == shown
    assert monitor.hood.height() >= monitor.hood.minimumSizeHint().height()
    monitor.resize(751, 10)  # as low as it may be
    QApplication.processEvents()
    assert monitor.minimumSizeHint().height() >= monitor.hood.minimumSizeHint().height()


def test_a_pause_does_not_count_as_slowness(
    monitor: TrainingMonitor, clock: SimpleNamespace
) -> None:
    monitor.add_preview(Preview(ANY[0], 0))  # from here on steps are counted
    for step in (0, 10, 20):
        clock.now += 1.0
        monitor.set_progress(Progress(step, 100))
    monitor.set_state("paused")
    clock.now += 1000
    monitor.set_state("running")
    for step in (30, 40):
        clock.now += 1.0
        monitor.set_progress(Progress(step, 100))
    assert "600 steps a minute" in monitor.readout()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "1 second"),
        (30, "30 seconds"),
        (59.6, "60 seconds"),
        (150, "2 minutes"),
        (7300, "2 hours"),
    ],
)
def test_spans_of_time(seconds: float, words: str) -> None:
    assert time_words(seconds) == words


def test_what_it_counts_while_it_measures_is_not_told_as_steps(
    monitor: TrainingMonitor, clock: SimpleNamespace
) -> None:
    """A minute was told as a second, at 851 steps a minute: it counted its measuring."""
    monitor.add_metrics([Metric("loss", 1.0, 1)])
    for step in range(30, 33):
        clock.now += 1
        monitor.set_progress(Progress(step, 60, "20 pictures a second"))
    before = monitor.readout()
    assert before == "about 28 seconds left · step 32 of 60 · 60 steps a minute"
    for step in range(1, 5):
        clock.now += 0.1
        monitor.set_progress(Progress(step, 5, "Measuring on pictures it has not seen"))
    assert monitor.readout() == before
    assert monitor.box.phase.shown_text().startswith("Measuring on")
    clock.now += 0.6
    monitor.set_progress(Progress(33, 60, "20 pictures a second"))
    assert monitor.readout() == "about 27 seconds left · step 33 of 60 · 60 steps a minute"


def test_a_plugin_that_names_its_steps_is_told_by_them(
    monitor: TrainingMonitor, clock: SimpleNamespace
) -> None:
    monitor.add_metrics([Metric("loss", 1.0, 1)])
    for step in range(1, 4):
        clock.now += 1
        monitor.set_progress(Progress(step, 10, "Learning"))
    assert "step 3 of 10" in monitor.readout()


def test_losses_of_a_plugin_have_its_words_and_are_told_only_under_the_hood(
    monitor: TrainingMonitor,
) -> None:
    own = {
        "generator_loss": Measure(title="Generator, loss"),
        "critic_loss": Measure(title="Critic, loss"),
        "sharp_db": Measure(title="Sharpness", unit="dB"),
    }
    monitor.show_training("Digits", own=own)
    monitor.set_state("running")
    monitor.add_metrics([Metric(name, 0.5, 1) for name in own])
    assert list(there(monitor.panel("loss")).plot.series) == ["Generator, loss", "Critic, loss"]
    assert "Sharpness: 0.5 dB" in monitor.readout()
    assert "loss" not in monitor.readout()


def test_metrics_of_one_scale_share_a_chart(monitor: TrainingMonitor) -> None:
    monitor.hood_button.click()
    for step in range(3):
        monitor.add_metrics([Metric("generator_loss", 1.0, step)])
        monitor.add_metrics([Metric("discriminator_loss", 0.7, step)])
        monitor.add_metrics([Metric("label_accuracy", 0.4, step)])
        monitor.add_metrics([Metric("frechet_distance", 300.0, step)])
    assert list(there(monitor.panel("loss")).plot.series) == [
        "generator loss",
        "discriminator loss",
    ]
    assert monitor.hood.chart.count() == 3
    assert there(monitor.panel("loss")).isVisible()
    monitor.hood.chart.setCurrentIndex(2)
    assert there(monitor.panel("frechet_distance")).isVisible()
    assert not there(monitor.panel("loss")).isVisible()
    monitor.show_training("Another")
    assert monitor.hood.chart.count() == 0
    assert monitor.panel("loss") is None


def test_chart_of() -> None:
    names = {"loss": "loss", "recall": "shares", "nats_per_note": "nats", "beta": "beta"}
    assert {name: chart_of(name) for name in names} == names


@pytest.mark.parametrize("artifact", ANY, ids=lambda artifact: artifact.medium)
def test_previews_of_any_medium(monitor: TrainingMonitor, artifact: Artifact) -> None:
    monitor.add_preview(Preview(artifact, 10, {"en": "Samples", "zh": "样例"}))
    assert there(monitor.previews.look()).artifact is artifact
    assert "10" in monitor.previews._title.text()
    assert not monitor.grab().isNull()


def test_previews_can_be_looked_back_at(monitor: TrainingMonitor) -> None:
    for step in range(5):
        monitor.add_preview(Preview(ANY[1], step))
    assert there(monitor.previews.look()).step == 4
    monitor.previews.slider.setValue(1)
    assert there(monitor.previews.look()).step == 1
    monitor.add_preview(Preview(ANY[1], 5))
    assert there(monitor.previews.look()).step == 1
    monitor.previews.slider.setValue(monitor.previews.slider.maximum())
    monitor.add_preview(Preview(ANY[1], 6))
    assert there(monitor.previews.look()).step == 6


def test_old_previews_thin_out_but_the_first_stays(monitor: TrainingMonitor) -> None:
    for step in range(KEPT * 3):
        monitor.add_preview(Preview(ANY[1], step))
    steps = monitor.previews.steps()
    assert len(steps) <= KEPT
    assert steps[0] == 0
    assert steps == sorted(set(steps))
    assert steps[-30:] == list(range(KEPT * 3 - 30, KEPT * 3))


def enabled(monitor: TrainingMonitor) -> set[str]:
    names = ("pause", "stop", "try", "cancel")
    return {name for name in names if getattr(monitor, f"{name}_button").isEnabled()}


@pytest.mark.parametrize(
    ("state", "can"),
    [
        ("queued", {"cancel"}),
        ("starting", {"cancel"}),
        ("running", {"pause", "stop", "try", "cancel"}),
        ("paused", {"pause", "stop", "try", "cancel"}),
        ("done", {"try"}),
        ("stopped", {"try"}),
        ("failed", {"try"}),
        ("cancelled", set()),
    ],
)
def test_what_can_be_done_follows_from_the_state(
    monitor: TrainingMonitor, state: str, can: set[str]
) -> None:
    monitor.set_state(JobState(state))
    assert enabled(monitor) == can


def test_buttons_ask(monitor: TrainingMonitor, qtbot: QtBot) -> None:
    asked = {
        name: heard(getattr(monitor, f"{name}_requested"))
        for name in ("pause", "resume", "stop", "try", "cancel")
    }
    for name in ("pause", "stop", "try", "cancel"):
        qtbot.mouseClick(getattr(monitor, f"{name}_button"), Qt.MouseButton.LeftButton)
    monitor.set_state("paused")
    assert monitor.pause_button.text() == "Resume"
    qtbot.mouseClick(monitor.pause_button, Qt.MouseButton.LeftButton)
    assert {name: len(found) for name, found in asked.items()} == dict.fromkeys(asked, 1)


@pytest.mark.parametrize("width", [320, 900, 1600])
def test_what_is_said_never_moves_the_buttons(
    monitor: TrainingMonitor, qtbot: QtBot, width: int
) -> None:
    monitor.resize(width, 420)
    box, asked = monitor.box, heard(monitor.stop_requested)
    window = box.window()
    spots = []
    for sentence in (
        "It is under way.",
        "The samples still change a lot, and more than that.",
    ):
        for readout in ("", "step 1", "about 3 minutes left · step 13 · 16 steps a minute"):
            for phase in ("", "Learning"):
                box.sentence.setText(sentence)
                box.show_readout(readout)
                box.show_phase(phase)
                qtbot.wait(1)
                middle = box.stop_button.rect().center()
                spots.append(box.stop_button.mapTo(window, middle).y())
    assert spots == sorted(spots)
    assert len(set(spots)) == 1 or width == 320  # there words need more room than they usually do
    target = window.childAt(box.stop_button.mapTo(window, middle))
    assert target is box.stop_button
    qtbot.mouseClick(there(target), Qt.MouseButton.LeftButton)
    assert asked


def test_it_gives_way_on_a_narrow_window(monitor: TrainingMonitor) -> None:
    monitor.show_training("数" * 200)
    monitor.add_metrics([Metric("a_very_long_name_of_a_loss_that_nobody_needs", 1.0, 1)])
    assert monitor.minimumSizeHint().width() <= 760


class FakeJob(Job):
    """A training that runs nowhere and notes what it is asked to do."""

    def __init__(self) -> None:
        record = PluginRecord(PluginSource("file", "digits"), "ready")
        super().__init__(record, "train", "Digits", None)
        self.state = JobState.RUNNING
        self.metrics = [Metric("loss", 2.0, 1)]
        self.previews = [Preview(ANY[0], 1)]
        self.progress = Progress(1, 10)
        self.asked: list[str] = []

    def pause(self) -> None:
        self.asked.append("pause")

    def resume(self) -> None:
        self.asked.append("resume")

    def stop(self) -> None:
        self.asked.append("stop")

    def cancel(self) -> None:
        self.asked.append("cancel")


def test_a_job_is_watched_from_its_beginning(qtbot: QtBot) -> None:
    job = FakeJob()
    monitor = Monitor(job)
    qtbot.addWidget(monitor)
    monitor.resize(900, 260)
    monitor.show()
    assert list(there(monitor.panel("loss")).plot.series["Loss"].ys) == [2.0]
    assert monitor.previews.steps() == [1]
    job.metric_received.emit(Metric("loss", 1.0, 2))
    qtbot.waitUntil(lambda: there(monitor.panel("loss")).plot.series["Loss"].last() == 1.0)
    for button in (monitor.pause_button, monitor.stop_button, monitor.cancel_button):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert job.asked == ["pause", "stop", "cancel"]
    with qtbot.waitSignal(monitor.try_model) as tried:
        qtbot.mouseClick(monitor.try_button, Qt.MouseButton.LeftButton)
    assert tried.args == [job]


def test_why_a_job_failed_is_told_in_place(qtbot: QtBot) -> None:
    job = FakeJob()
    monitor = Monitor(job)
    qtbot.addWidget(monitor)
    job.metric_received.emit(Metric("loss", 0.5, 3))
    job.error = JobError("The worker ended by itself.")
    job.state_changed.emit(JobState.FAILED)
    assert monitor._notice.text() == "The worker ended by itself."
    assert there(monitor.panel("loss")).plot.series["Loss"].last() == 0.5
    assert monitor.state() == "failed"


def test_a_long_training_is_drawn_in_slices_when_it_is_opened(qtbot: QtBot) -> None:
    job = FakeJob()
    count = 5 * monitors._SLICE
    job.metrics = [Metric("loss", 1.0 / (n + 1), n) for n in range(count)]
    monitor = Monitor(job)
    qtbot.addWidget(monitor)
    series = there(monitor.panel("loss")).plot.series["Loss"]
    assert len(series.ys) <= 2 * monitors._SLICE
    job.metric_received.emit(Metric("loss", 9.0, count))
    qtbot.waitUntil(lambda: len(series.ys) == count + 1)
    assert series.last() == 9.0


def test_curves_are_not_drawn_under_a_hand_that_paints(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gesture, "STILL", 3600.0)
    monkeypatch.setattr(monitors, "_PATIENCE", 1)
    job = FakeJob()
    monitor = Monitor(job)
    qtbot.addWidget(monitor)
    series = there(monitor.panel("loss")).plot.series["Loss"]
    gesture.gesture.go_on()
    try:
        job.metric_received.emit(Metric("loss", 1.0, 2))
        qtbot.wait(30)
        assert series.last() == 2.0
    finally:
        gesture.gesture.end()
    qtbot.waitUntil(lambda: series.last() == 1.0)


def test_numbers_that_come_together_write_legend_and_table_once(
    monitor: TrainingMonitor,
) -> None:
    monitor.add_metrics([Metric("loss", 2.0, 1)])
    there(monitor.panel("loss")).as_table.setChecked(True)
    model = there(monitor.panel("loss")).table.model()
    resets: list[bool] = []
    model.modelReset.connect(lambda: resets.append(True))
    few = [Metric("loss", 1.0, 2 + n) for n in range(100)]
    many = [Metric("loss", 1.0, 102 + n) for n in range(1000)]
    took = [calls(lambda: monitor.add_metrics(few)), calls(lambda: monitor.add_metrics(many))]
    assert len(resets) == 2
    assert took[1] <= 11 * took[0]


def test_a_flood_of_names_makes_no_flood_of_charts(monitor: TrainingMonitor) -> None:
    monitor.add_metrics(Metric(f"odd {n}", 1.0, 1) for n in range(300))
    assert monitor.hood.chart.count() == MOST_CHARTS
    monitor.show_training("another")
    monitor.add_metrics(Metric(f"loss {n}", 1.0, 1) for n in range(300))
    assert len(there(monitor.panel("loss")).plot.series) == MOST_LINES
    assert monitor.hood.chart.toolTip() == f"{300 - MOST_LINES} more metrics are not drawn"


def test_a_training_without_samples_says_so_when_it_is_over(monitor: TrainingMonitor) -> None:
    view = monitor.previews.view
    assert view.words == "Samples appear here as the model learns"
    monitor.set_state("done")
    assert view.words == "It showed no samples."
    monitor.show_training("Digits")
    assert view.words == "Samples appear here as the model learns"


def test_what_was_measured_along_the_way_is_told_in_words(qtbot: QtBot) -> None:
    monitor = TrainingMonitor()
    qtbot.addWidget(monitor)
    monitor.show_training("mine", timed=True, minutes=10)
    monitor.set_state("running")
    monitor.add_metrics([Metric("loss", 2.0, 1)])
    for step, value in ((100, 2.0), (200, 1.7), (300, 1.5), (400, 1.6), (500, 1.7)):
        monitor.set_progress(Progress(step, 1000))
        monitor.add_look(step, {"nats_per_character": value})
    told = monitor.box.sentence.text()
    assert told == "Over-fitting since minute 3: it did better then on what it has not seen."
    monitor.set_state("done")
    assert monitor.box.sentence.text() == f"It is done. {told}"
    monitor.show_training("other", timed=True, minutes=10)
    monitor.set_state("running")
    assert "Over-fitting" not in monitor.box.sentence.text()

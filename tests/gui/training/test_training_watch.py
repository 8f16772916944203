"""What a person sees of a training: its data, its samples as a film, a sentence, how long still."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from kinds import there
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from aigc_studio.api import Artifact, Image, Melody, Metric, Note, Preview, Progress, Text
from aigc_studio.library import DatasetStore, ModelInfo
from aigc_studio.library.drafts import Draft
from aigc_studio.ui.training.done_card import DoneCard
from aigc_studio.ui.training.lessons import MOST_KINDS, about, mixed, read_lessons
from aigc_studio.ui.training.monitor_panel import TrainingMonitor
from aigc_studio.ui.training.mosaic import Mosaic
from aigc_studio.ui.training.outlook import Standing, change_between, outlook
from aigc_studio.ui.training.previews import PreviewPane


@pytest.fixture
def clock() -> SimpleNamespace:
    return SimpleNamespace(now=0.0)


@pytest.fixture
def monitor(qtbot: QtBot, clock: SimpleNamespace) -> TrainingMonitor:
    made = TrainingMonitor(clock=lambda: clock.now)
    qtbot.addWidget(made)
    made.resize(900, 300)
    made.show()
    made.show_training("Digits")
    made.set_state("running")
    return made


def noise(seed: int, ink: int = 255) -> Image:
    dots = np.random.default_rng(seed).integers(0, 2, (20, 20), dtype=np.uint8)
    return Image((dots * ink).astype(np.uint8))


# How it stands


def test_what_is_read_before_it_learns_counts_as_no_step(monitor: TrainingMonitor) -> None:
    monitor.set_progress(Progress(10, 4500, "Reading the pictures"))
    assert monitor.readout() == ""
    assert monitor.box.ring.share is None
    assert monitor.box.phase.text() == "Reading the pictures"
    assert monitor.box.sentence.text() == "It is getting ready."
    monitor.add_preview(Preview(noise(1), 0))
    monitor.set_progress(Progress(3, 30))
    assert monitor.readout() == "step 3 of 30"
    assert monitor.box.ring.words() == "10 %"
    assert monitor.box.sentence.text() == "These are its first samples."


def test_a_training_of_some_minutes_tells_no_number_that_it_guesses(
    monitor: TrainingMonitor, clock: SimpleNamespace
) -> None:
    monitor.show_training("Digits", timed=True)
    monitor.set_state("running")
    monitor.add_preview(Preview(noise(1), 0))
    for step in (0, 10):
        clock.now += 10
        monitor.set_progress(Progress(step, 40, "1,234 examples a second"))
    assert monitor.readout() == "about 30 seconds left · step 10 · 60 steps a minute"
    assert monitor.box.phase.text() == ""  # the pace is told already


def test_what_was_measured_is_told_in_plain_words(monitor: TrainingMonitor) -> None:
    monitor.add_metrics([Metric("generator_loss", 2.0, 1), Metric("label_accuracy", 0.934, 1)])
    assert "reads right 93 times in 100" in monitor.readout()
    assert "loss" not in monitor.readout()


def test_how_much_samples_change_is_measured() -> None:
    same, other = noise(1), noise(2)
    grey = Image(np.full((20, 20), 9, np.uint8))
    assert change_between(same, same) == 0
    assert there(change_between(same, other)) > 0.5
    assert change_between(same, grey) is None
    assert change_between(same, Image(np.zeros((4, 4), np.uint8))) is None
    assert change_between(Text("a"), Text("b")) is None
    colours = Image(np.zeros((600, 600, 3), np.uint8)), Image(np.eye(600, dtype=np.uint8) * 255)
    assert change_between(*colours) is None


@pytest.mark.parametrize(
    ("change", "words"), [(0.9, "change a lot"), (0.3, "only a little"), (0.01, "hardly change")]
)
def test_the_sentence_says_what_was_seen(change: float, words: str) -> None:
    standing = Standing("running", learns=True, looks=3, change=change, share=0.9)
    assert words in outlook(standing)
    early = replace(standing, share=0.1)
    assert (words in outlook(early)) == (change > 0.5)  # at first nothing has settled


def test_samples_are_compared_with_those_of_half_the_steps(monitor: TrainingMonitor) -> None:
    for step in (0, 1, 2, 4, 8, 16, 17, 18):
        monitor.add_preview(Preview(noise(step), step))
    monitor.add_preview(Preview(noise(8), 19))
    assert monitor.so_far.change == 0


def test_what_cannot_be_compared_is_told_by_how_far_it_is() -> None:
    shares = (None, 0.2, 0.6, 0.95)
    told = {outlook(Standing("running", learns=True, looks=4, share=each)) for each in shares}
    assert len(told) == len(shares)


@pytest.mark.parametrize("state", ["queued", "starting", "paused", "done", "stopped", "cancelled"])
def test_each_state_has_a_sentence(monitor: TrainingMonitor, state: str) -> None:
    monitor.set_state(state)
    assert monitor.box.sentence.isVisible()
    assert monitor.box.sentence.text().endswith(".")


# Samples


@pytest.fixture
def pane(qtbot: QtBot) -> PreviewPane:
    made = PreviewPane()
    qtbot.addWidget(made)
    made.resize(500, 300)
    made.show()
    for step in range(4):
        made.add(noise(step), 10 * step)
    return made


def test_the_film_is_played_from_its_beginning_and_stops_at_its_end(
    qtbot: QtBot, pane: PreviewPane
) -> None:
    assert pane.play.text() == "How it learnt"
    qtbot.mouseClick(pane.play, Qt.MouseButton.LeftButton)
    assert pane.play.text() == "Stop"
    assert there(pane.look()).step == 0
    pane.add(noise(9), 40)  # one that comes meanwhile does not tear it away
    seen = []
    while pane.playing:
        seen.append(there(pane.look()).step)
        pane._clock.timeout.emit()
    assert seen == [0, 10, 20, 30]
    assert there(pane.look()).step == 40
    pane.add(noise(10), 50)
    assert there(pane.look()).step == 50


def test_the_film_is_held_by_its_button_and_by_hand(qtbot: QtBot, pane: PreviewPane) -> None:
    for stop in (pane.play, pane.slider):
        qtbot.mouseClick(pane.play, Qt.MouseButton.LeftButton)
        assert pane.play.text() == "Stop"
        place = stop.rect().center()
        qtbot.mousePress(stop, Qt.MouseButton.LeftButton, pos=place)
        qtbot.mouseRelease(stop, Qt.MouseButton.LeftButton, pos=place)
        assert not pane.playing


def test_one_sample_is_no_film(qtbot: QtBot) -> None:
    pane = PreviewPane()
    qtbot.addWidget(pane)
    pane.show()
    pane.add(noise(1), 1)
    assert not pane.play.isVisible()


# Where things lie


def test_samples_grow_with_the_room(qtbot: QtBot, monitor: TrainingMonitor) -> None:
    monitor.add_preview(Preview(noise(1), 0))
    sides = []
    for width, height in ((640, 240), (900, 340), (640, 520), (1200, 900)):
        monitor.resize(width, height)
        qtbot.waitUntil(lambda: monitor._grid.geometry().width() > 0)
        view = monitor.previews.view
        sides.append(min(view.width(), view.height()))
        left, right = monitor._left.geometry(), monitor.box.geometry()
        assert not left.intersects(monitor.previews.geometry())
        assert not right.intersects(monitor.previews.geometry())
        assert monitor.rect().contains(monitor.box.geometry())
    assert sides == sorted(sides)
    assert sides[-1] >= 480


def test_a_card_fits_into_the_lowest_place(qtbot: QtBot, monitor: TrainingMonitor) -> None:
    header = ModelInfo("mine", "g", Path("m"), {"step": 9}, False, "", 0)
    monitor.set_state("done")
    card = DoneCard(header, list)
    monitor.show_card(card)
    monitor.resize(616, 204)
    qtbot.waitUntil(lambda: monitor.width() == 616)
    assert card.height() >= card.minimumSizeHint().height()
    for part in (card.use, card.more, card.compare):
        place = part.mapTo(monitor, part.rect().bottomRight())
        assert monitor.rect().contains(place)
    assert not monitor.box.sentence.isVisible()
    monitor.resize(1000, 700)
    qtbot.waitUntil(monitor.box.sentence.isVisible)
    monitor.show_card(None)
    assert monitor.try_button.isVisible()


def test_the_button_asks_for_more_room_and_for_less(qtbot: QtBot, monitor: TrainingMonitor) -> None:
    asked: list[bool] = []
    monitor.large_wanted.connect(asked.append)
    assert monitor.large_button.text() == "Large"
    qtbot.mouseClick(monitor.large_button, Qt.MouseButton.LeftButton)
    monitor.resize(1000, 700)
    qtbot.waitUntil(lambda: monitor.large_button.text() == "Small")
    qtbot.mouseClick(monitor.large_button, Qt.MouseButton.LeftButton)
    assert asked == [True, False]


def test_the_hood_takes_the_place_of_the_data(qtbot: QtBot, monitor: TrainingMonitor) -> None:
    assert monitor.lessons.isVisible()
    assert not monitor.hood.isVisible()
    qtbot.mouseClick(monitor.hood_button, Qt.MouseButton.LeftButton)
    assert monitor.hood.isVisible()
    assert not monitor.lessons.isVisible()
    assert not monitor.hood.geometry().intersects(monitor.previews.geometry())


# Data


def a_tune(pitch: int) -> Melody:
    return Melody(notes=tuple(Note(n * 480, 480, pitch + n % 5) for n in range(8)))


@pytest.fixture(params=["image", "text", "melody"])
def kinds(request: pytest.FixtureRequest) -> tuple[str, Path]:
    """A dataset of three kinds, ten of each."""
    made: dict[str, list[Artifact]] = {
        "image": [noise(n) for n in range(30)],
        "text": [Text(f"line {n}\nand more") for n in range(30)],
        "melody": [a_tune(50 + n) for n in range(30)],
    }
    drafts = [Draft(each, label="abc"[n % 3]) for n, each in enumerate(made[request.param])]
    list(DatasetStore().write("d", request.param, drafts, {"licence": "CC0"}))
    return request.param, DatasetStore().info("d").folder


def colours(picture: QImage) -> int:
    points = (
        picture.pixel(QPoint(x, y))
        for x in range(0, picture.width(), 3)
        for y in range(0, picture.height(), 3)
    )
    return len(set(points))


def test_data_is_shown_by_kind_with_its_counts(qtbot: QtBot, kinds: tuple[str, Path]) -> None:
    medium, folder = kinds
    lessons = read_lessons(folder, each=4)
    assert [kind.label for kind in lessons.kinds] == ["a", "b", "c"]
    assert sum(kind.count for kind in lessons.kinds) == lessons.train
    assert lessons.train + lessons.test == 30
    assert all(len(kind.artifacts) == min(4, kind.count) for kind in lessons.kinds)
    names = {"image": "pictures", "text": "texts", "melody": "tunes"}
    assert about(lessons).startswith(f"{lessons.train} {names[medium]} in 3 kinds")
    assert f"{lessons.test} to test it" in about(lessons)
    for flat in (False, True):
        mosaic = Mosaic(flat=flat)
        qtbot.addWidget(mosaic)
        mosaic.resize(240, 120)
        mosaic.show()
        empty = colours(mosaic.grab().toImage())
        mosaic.show_lessons(lessons)
        assert mosaic.has_kinds
        assert colours(mosaic.grab().toImage()) > empty


def test_a_small_mosaic_of_few_examples_has_no_empty_row(
    qtbot: QtBot, kinds: tuple[str, Path]
) -> None:
    lessons = read_lessons(kinds[1], each=2)
    mosaic = Mosaic(flat=True)
    qtbot.addWidget(mosaic)
    mosaic.resize(800, 90)
    mosaic.show_lessons(lessons)
    mosaic.show()
    low = 82 if lessons.medium == "text" else 40  # three lines, or one row
    assert mosaic.minimumHeight() == low
    if lessons.medium != "text":
        mosaic.resize(150, 90)
        qtbot.waitUntil(lambda: mosaic.minimumHeight() > low)


def test_kinds_take_turns_in_a_small_mosaic(kinds: tuple[str, Path]) -> None:
    lessons = read_lessons(kinds[1], each=2)
    flat: list[Artifact] = mixed(lessons)
    firsts = [kind.artifacts[0] for kind in lessons.kinds]
    assert flat[:3] == firsts
    assert len(flat) == sum(len(kind.artifacts) for kind in lessons.kinds)


def test_data_without_kinds_is_one_mosaic(qtbot: QtBot) -> None:
    drafts = [Draft(noise(n)) for n in range(90)]
    list(DatasetStore().write("d", "image", drafts, {"licence": "CC0"}))
    lessons = read_lessons(DatasetStore().info("d").folder)
    assert len(lessons.kinds) == 1
    assert len(lessons.kinds[0].artifacts) == 48
    assert "kinds" not in about(lessons)
    mosaic = Mosaic()
    qtbot.addWidget(mosaic)
    mosaic.show_lessons(lessons)
    assert not mosaic.has_kinds
    assert not mosaic.grab().isNull()


def test_of_many_kinds_some_are_shown(qtbot: QtBot) -> None:
    drafts = [Draft(Text(f"{n}"), label=f"kind {n:03}") for n in range(3 * MOST_KINDS)]
    list(DatasetStore().write("d", "text", drafts, {"licence": "CC0"}))
    lessons = read_lessons(DatasetStore().info("d").folder)
    assert len(lessons.kinds) == MOST_KINDS
    assert lessons.more + MOST_KINDS == lessons.train
    monitor = TrainingMonitor()
    qtbot.addWidget(monitor)
    monitor.show_lessons(lessons)
    assert "are not shown" in monitor.lessons.about.text()
    assert monitor.lessons.mosaic.minimumHeight() >= MOST_KINDS * 26

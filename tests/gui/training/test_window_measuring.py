"""How good a model is: measured by itself when it was trained, and when a person wants to know."""

import threading
from collections.abc import Callable, Iterator

import pytest
from kinds import known, there
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot
from thread_workers import Script

from aigc_studio.api import (
    Description,
    Metric,
    Operation,
    Preview,
    Progress,
    StudioError,
    Text,
)
from aigc_studio.jobs import JobState, TrainingJob
from aigc_studio.library import ModelInfo, ModelStore, evaluation
from aigc_studio.library.drafts import Draft
from aigc_studio.library.new_trainings import NewTraining
from aigc_studio.ui.library.window import LibraryWindow
from aigc_studio.ui.settings_dialog import SettingsDialog
from aigc_studio.ui.studio import Studio
from aigc_studio.ui.training.done_card import DoneCard
from aigc_studio.ui.window import StudioWindow

Wait = Callable[[Callable[[], object]], None]
MakeWindow = Callable[..., StudioWindow]
Train = Callable[..., TrainingJob]


class Hang(threading.Event):
    """What a generator waits for without a word, so that it hears of nothing."""

    def wait(self, timeout: float | None = None) -> bool:
        return super().wait(30)


@pytest.fixture
def studio(
    qtbot: QtBot, add_plugins: Callable[..., None], plugin_names: Callable[..., None]
) -> Iterator[Studio]:
    """One that knows a generator with measures of its own."""
    plugin_names("echo", "spans", "judged")
    add_plugins("echo", "spans", "judged")
    studio = Studio()
    studio.registry.refresh()
    yield studio
    if not studio.closed:
        studio.close()


@pytest.fixture
def keep(studio: Studio) -> Callable[..., None]:
    """Keep texts as a dataset, the last `held` of them held out."""

    def write(name: str, first: int = 0, last: int = 12, held: int = 4) -> None:
        drafts = [
            Draft(Text(f"Sentence {n} of it."), split="test" if n >= last - held else "train")
            for n in range(first, last)
        ]
        list(studio.dataset_store.write(name, "text", drafts, {"test_share": None}))

    return write


@pytest.fixture
def train(studio: Studio, keep: Callable[..., None], wait: Wait) -> Train:
    """Train to the end, until the model is listed."""

    def run(window: StudioWindow, name: str = "mine", generator: str = "judged") -> TrainingJob:
        if "words" not in studio.dataset_store.names():
            keep("words")
        about = there(studio.record(generator).description)
        training = studio.training_store.create(
            NewTraining(
                generator,
                studio.dataset_store.open("words"),
                name=name,
                steps=3,
                seed=len(name),
                operation=about.of_verb("train")[0].id,
                measures=about.metrics,
            )
        )
        job = there(window.trainings.start(training))
        wait(lambda: job.is_settled and listed(studio, name) is not None)
        return job

    return run


def listed(studio: Studio, name: str = "mine") -> ModelInfo | None:
    return next((each for each in studio.models if each.name == name), None)


def metrics(studio: Studio, name: str = "mine") -> dict[str, float]:
    """What the card of the listed model says."""
    return dict(there(listed(studio, name)).card["metrics"])


def press(qtbot: QtBot, button: QAbstractButton) -> None:
    assert button.isVisible()
    assert button.isEnabled()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def card_of(window: StudioWindow) -> DoneCard:
    return known(DoneCard, there(window.trainings.monitor).box.card)


def library(window: StudioWindow, wait: Wait, name: str = "mine") -> LibraryWindow:
    window.actions_by_name["library"].trigger()
    found: LibraryWindow = window.dialogs.library
    found.show_model(name)
    wait(lambda: found.models.view.title.text() == name)
    return found


def told(shelf: LibraryWindow, section: str) -> str:
    return shelf.models.view.sections[section][1].text()


def test_a_new_model_is_measured_by_itself(
    make_window: MakeWindow, train: Train, script: Script, studio: Studio, wait: Wait
) -> None:
    window, go_on = make_window("judged", (1280, 800)), threading.Event()
    script.will(go_on, Metric("warmth", 21.5), Metric("haste", 0.25))
    job = train(window)
    card = card_of(window)
    wait(card.measuring.bar.isVisible)
    assert "Being measured…" in card.measuring.words.text()
    card.show_measuring(True, Progress(1, 4, {"en": "Reading", "zh": "阅读"}))
    assert card.measuring.words.text() == "Being measured… Reading"
    assert (card.measuring.bar.value(), card.measuring.bar.maximum()) == (1, 4)
    assert "Warmth: 3 °" in card.about.text()  # as it was while it learnt
    # Neither the person nor another training waits for it.
    assert not studio.jobs.under_way()
    assert not window.session.is_busy
    go_on.set()
    wait(lambda: "Warmth: 21.5 °" in card.about.text())
    assert not card.measuring.isVisible()
    wait(lambda: metrics(studio) == {"warmth": 21.5, "haste": 0.25})
    (request,) = script.requests
    assert len(there(request.dataset)) == 4  # type: ignore[attr-defined]
    model = there(listed(studio))
    assert model.digest == there(job.model).digest
    assert model.card["evaluation"]["data"]["name"] == "words"
    assert card_of(window) is card


@pytest.mark.parametrize(("share", "told_so"), [(0.97, True), (0.6, False)])
def test_what_is_easily_told_from_real_ones_is_not_praised(
    make_window: MakeWindow,
    train: Train,
    script: Script,
    studio: Studio,
    wait: Wait,
    share: float,
    told_so: bool,
) -> None:
    """After a short training: a judge of classes must name one for smudges, too."""
    window = make_window("judged", (1280, 800))
    measured = {"told_apart": share, "label_accuracy": 0.99, "precision": 0.9}
    script.will(*(Metric(name, value) for name, value in measured.items()))
    train(window)
    wait(lambda: metrics(studio) == measured)
    card = card_of(window)
    warning = "easily told from real ones: 97 times in 100 (50 is chance)"
    praise = "reads right 99 times in 100"
    wait(lambda: (warning in card.about.text()) is told_so)
    wait(lambda: (praise in card.about.text()) is not told_so)
    assert card.about.height() >= card.about.heightForWidth(card.about.width())  # nothing is cut
    first = card.more if told_so else card.use
    assert [b for b in (card.use, card.more) if b.property("kind") == "primary"] == [first]
    window.panel.choose("judged", "mine", there(listed(studio)).digest)
    wait(lambda: (warning in _said_in_panel(window)) is told_so)
    assert (praise in _said_in_panel(window)) is not told_so
    about = library(window, wait).models.view
    shown = " ".join(label.text() for label in about.findChildren(QLabel) if label.isVisible())
    assert (warning in shown) is told_so


def _said_in_panel(window: StudioWindow) -> str:
    """What is read in the panel, of the model above all."""
    return " ".join(label.text() for label in window.panel.findChildren(QLabel))


def test_what_measuring_shows_stands_on_the_card_in_the_library(
    make_window: MakeWindow, train: Train, script: Script, studio: Studio, wait: Wait
) -> None:
    window, go_on = make_window("judged", (1280, 800)), threading.Event()
    go_on.set()
    shown = Preview(Text("the nearest one"), title={"en": "Nearest to it", "zh": "最接近的"})
    script.will(go_on, Metric("warmth", 21.5), shown)
    train(window)
    wait(lambda: metrics(studio) == {"warmth": 21.5})
    view = library(window, wait).models.view
    assert view.shown.artifact == Text("the nearest one")
    assert view.shown.isVisible()
    assert view.shown_title.text() == "Nearest to it"
    assert not view.sections["controls"][0].isVisible()
    studio.model_store.note_metrics(there(listed(studio)), {"warmth": 1.0}, {})
    view.show_model(studio.model_store.find("mine"))
    assert not view.shown.isVisible()
    assert not view.shown_title.isVisible()


def test_it_can_be_switched_off_and_asked_for_instead(
    qtbot: QtBot, make_window: MakeWindow, train: Train, studio: Studio, wait: Wait
) -> None:
    dialog = SettingsDialog(studio.settings)
    qtbot.addWidget(dialog)
    dialog.controls["measure_models"].setChecked(False)
    assert studio.settings.preference("measure_models") is False
    window = make_window("spans", (1280, 800))
    train(window, generator="spans")
    assert metrics(studio) == {}
    card = card_of(window)
    assert "as unsure" not in card.about.text()
    press(qtbot, card.measuring.button)
    wait(lambda: "as unsure of each character" in card.about.text())
    assert not card.measuring.isVisible()


def test_a_model_is_measured_in_the_library(
    qtbot: QtBot, make_window: MakeWindow, train: Train, script: Script, studio: Studio, wait: Wait
) -> None:
    studio.settings.set_preference("measure_models", False)
    window, go_on = make_window("judged", (1280, 800)), threading.Event()
    train(window)
    shelf = library(window, wait)
    view = shelf.models.view
    assert told(shelf, "quality") == "Warmth: 3 °"
    script.will(go_on, Metric("warmth", 30.0))
    press(qtbot, view.measuring.button)  # there is one dataset: nothing is to be chosen
    wait(view.measuring.cancel.isVisible)
    assert not view.measuring.button.isVisible()
    go_on.set()
    wait(lambda: told(shelf, "quality") == "Warmth: 30 °")
    assert "Warmth (°, more is better): 30" in told(shelf, "measures")
    assert view.measured_on.text() == "Measured on 4 examples of “words” that it has not seen."
    assert view.measuring.button.isVisible()
    wait(lambda: "Warmth: 30 °" in window.panel.models.about.text())
    assert "Warmth (°, more is better): 30" in window.panel.models.about.toolTip()


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_other_data_is_chosen_from_a_menu_and_what_was_trained_on_is_left_out(
    qtbot: QtBot,
    make_window: MakeWindow,
    train: Train,
    keep: Callable[..., None],
    studio: Studio,
    wait: Wait,
) -> None:
    studio.settings.set_preference("measure_models", False)
    keep("other", 4, 14, held=8)  # 6 and 7 were trained on
    keep("nothing held out", 50, 60, held=0)
    window = make_window("judged", (1280, 800))
    train(window)
    shelf = library(window, wait)
    row = shelf.models.view.measuring
    press(qtbot, row.button)
    wait(row.menu.isVisible)
    offered = [each.text() for each in row.menu.actions()]
    assert offered == ["words (what it learnt from)", "other"]
    place = row.menu.actionGeometry(row.menu.actions()[1]).center()
    QTest.mouseClick(row.menu, Qt.MouseButton.LeftButton, pos=place)
    wait(lambda: "“other”" in shelf.models.view.measured_on.text())
    text = shelf.models.view.measured_on.text()
    assert text == (
        "Measured on 6 examples of “other” that it has not seen. 2 of 8 examples were trained on "
        "and are left out."
    )


@pytest.mark.parametrize("end", ["cancel", "crash", "nothing"])
def test_what_comes_to_nothing_leaves_the_model_as_it_was(
    qtbot: QtBot,
    make_window: MakeWindow,
    train: Train,
    script: Script,
    studio: Studio,
    wait: Wait,
    end: str,
) -> None:
    studio.settings.set_preference("measure_models", False)
    window, go_on = make_window("judged", (1280, 800)), threading.Event()
    train(window)
    before = ModelStore().find("mine")
    shelf = library(window, wait)
    row = shelf.models.view.measuring
    if end == "cancel":
        script.will(Metric("warmth", 99.0), go_on)
    elif end == "crash":
        script.will(Metric("warmth", 99.0), ValueError("It broke."))
    else:
        script.will(Progress(1, 1))
    press(qtbot, row.button)
    if end == "cancel":
        wait(row.cancel.isVisible)
        press(qtbot, row.cancel)
        wait(lambda: studio.jobs.jobs[-1].state is JobState.CANCELLED)
        assert not shelf.bar.isVisible()
    else:
        wait(shelf.bar.isVisible)
        assert "The model mine was not measured. " in shelf.bar.text.text()
    wait(row.button.isVisible)
    assert ModelStore().find("mine") == before


def test_closing_in_the_middle_leaves_the_model_as_it_was(
    make_window: MakeWindow, train: Train, script: Script, studio: Studio, wait: Wait
) -> None:
    window = make_window("judged")
    script.will(Metric("warmth", 99.0), threading.Event())
    train(window)
    measuring = window.trainings.answers.measuring
    before = ModelStore().find("mine")
    job = there(measuring.job(before.digest))
    wait(lambda: bool(job.metrics))
    window.close()
    assert not window.isVisible()
    wait(lambda: job.state is JobState.CANCELLED)
    assert ModelStore().find("mine") == before


def test_what_was_measured_in_time_is_kept(
    make_window: MakeWindow,
    train: Train,
    script: Script,
    studio: Studio,
    wait: Wait,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("aigc_studio.library.evaluation.BRIEF_SECONDS", 0.2)
    window = make_window("judged")
    script.will(Metric("warmth", 7.0), threading.Event(), Metric("haste", 1.0))
    train(window)
    wait(lambda: metrics(studio) == {"warmth": 7.0})


@pytest.mark.parametrize("measured", [{}, {"warmth": 7.0}])
def test_a_generator_that_hangs_holds_up_no_other_model(
    make_window: MakeWindow,
    train: Train,
    script: Script,
    studio: Studio,
    wait: Wait,
    monkeypatch: pytest.MonkeyPatch,
    measured: dict[str, float],
) -> None:
    monkeypatch.setattr("aigc_studio.library.evaluation.PATIENT_SECONDS", 0.3)
    window = make_window("judged")
    studio.settings.set_preference("measure_models", False)
    train(window, "one")
    train(window, "three")
    before = metrics(studio, "one")
    hang = Hang()
    script.will(*(Metric(*each) for each in measured.items()), hang)
    script.will(Metric("warmth", 2.5))
    studio.settings.set_preference("measure_models", True)
    measuring = window.trainings.answers.measuring
    for name in ("one", "three"):
        measuring.begin_briefly(there(listed(studio, name)))
    job = there(measuring.job(there(listed(studio, "one")).digest))
    wait(lambda: metrics(studio, "three") == {"warmth": 2.5})
    hang.set()
    assert job.state is JobState.CANCELLED
    assert metrics(studio, "one") == (measured or before)
    assert "not measured" not in window.board_area.bar.text


def test_one_that_cannot_be_measured_holds_up_no_other(
    make_window: MakeWindow,
    train: Train,
    script: Script,
    studio: Studio,
    wait: Wait,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    window, go_on = make_window("judged"), threading.Event()
    studio.settings.set_preference("measure_models", False)
    for name in ("one", "three", "eleven"):
        train(window, name)
    script.will(go_on, Metric("warmth", 1.5))
    script.will(Metric("warmth", 2.5))
    studio.settings.set_preference("measure_models", True)
    measuring = window.trainings.answers.measuring
    models = [there(listed(studio, name)) for name in ("one", "three", "eleven")]
    for model in models:
        measuring.begin_briefly(model)
    check = evaluation.check_plugin

    def refuse(model: ModelInfo, about: Description | None) -> Operation:
        if model.name == "three":
            raise StudioError("Its plugin went.")
        return check(model, about)

    monkeypatch.setattr(evaluation, "check_plugin", refuse)
    go_on.set()
    wait(lambda: metrics(studio, "eleven") == {"warmth": 2.5})
    assert not any(measuring.is_under_way(model.digest) for model in models)


def test_models_are_measured_one_after_the_other(
    make_window: MakeWindow, train: Train, script: Script, studio: Studio, wait: Wait
) -> None:
    window, go_on = make_window("judged"), threading.Event()
    script.will(go_on, Metric("warmth", 1.5))
    script.will(Metric("warmth", 2.5))
    train(window, "one")
    train(window, "three")
    measuring = window.trainings.answers.measuring
    first, second = (there(listed(studio, name)).digest for name in ("one", "three"))
    assert measuring.is_under_way(first)
    assert measuring.is_under_way(second)
    go_on.set()
    wait(lambda: not measuring.is_under_way(second))


def test_a_model_without_its_plugin_is_told_so(
    qtbot: QtBot, make_window: MakeWindow, train: Train, studio: Studio, wait: Wait, home: object
) -> None:
    window = make_window("judged", (1280, 800))
    train(window)
    wait(lambda: "haste" in metrics(studio))
    (studio.registry.records,) = (
        tuple(each for each in studio.registry.records if each.source.name != "judged"),
    )
    studio.records_changed.emit()
    shelf = library(window, wait)
    view = shelf.models.view
    assert not view.measuring.isVisible()
    assert "Warmth" in told(shelf, "quality")  # the card keeps the plugin's words
    assert "Haste (less is better)" in told(shelf, "measures")
    window.trainings.answers.measuring.begin(there(listed(studio)), "words")
    assert "The model mine was not measured." in shelf.bar.text.text()


def test_data_that_changes_in_this_moment_is_not_measured_on(
    qtbot: QtBot, make_window: MakeWindow, train: Train, studio: Studio, wait: Wait
) -> None:
    studio.settings.set_preference("measure_models", False)
    window = make_window("judged", (1280, 800))
    train(window)
    studio.dataset_store.exclude("words", [0, 8, 9, 10, 11])
    shelf = library(window, wait)
    window.trainings.answers.measuring.begin(there(listed(studio)), "words")
    wait(shelf.bar.isVisible)
    assert "Nothing of the dataset words is held out" in shelf.bar.text.text()


def test_models_that_share_a_measure_are_sorted_and_compared_by_it(
    qtbot: QtBot, make_window: MakeWindow, train: Train, studio: Studio, wait: Wait
) -> None:
    studio.settings.set_preference("measure_models", False)
    window = make_window("judged", (1280, 800))
    for name in ("a first", "better", "worst"):
        train(window, name)
    for name, warmth in (("a first", 20.0), ("better", 30.0), ("worst", 10.0)):
        model = there(listed(studio, name))
        about = {"data": {"name": name, "fingerprint": name}, "examples": 4}
        own = there(studio.record("judged").description).metrics
        studio.model_store.note_metrics(model, {"warmth": warmth, "haste": 1.0}, about, own)
    studio.refresh_models()
    wait(lambda: metrics(studio, "worst")["warmth"] == 10.0)
    tab = library(window, wait, "better").models
    wait(lambda: tab.order.findData("warmth") > 0)
    titles = [tab.order.itemText(n) for n in range(tab.order.count())]  # models that came along too
    assert titles[0] == "By name"
    assert {"Best first: Warmth", "Best first: Haste"} < set(titles)
    while tab.order.currentData() != "warmth":
        QTest.keyClick(tab.order, Qt.Key.Key_Down)
    rows = [tab.list.item(n).text() for n in range(tab.list.count())]
    assert rows[:3] == ["better", "a first", "worst"]
    assert "Warmth: 30 °" in tab.list.item(0).toolTip()
    assert tab.list.current() == "better"
    comparing = window.trainings.answers.comparing
    comparing.open(there(listed(studio, "a first")), there(listed(studio, "better")).digest)
    dialog = there(comparing.dialog)
    assert dialog.measures.rows == [
        ("Warmth (°, more is better): 20", "Warmth (°, more is better): 30", "right"),
        ("Haste (less is better): 1", "Haste (less is better): 1", ""),
    ]
    assert dialog.measures.isVisible()
    dialog.resize(dialog.minimumSizeHint())
    numbers = [each for each in dialog.measures.findChildren(QLabel) if each.text() in ("20", "30")]
    assert len(numbers) == 2
    for number in numbers:  # a title is cut where there is little room, never a number
        assert number.width() >= number.sizeHint().width()
    assert not dialog.measures._note.isHidden()  # each was measured on data of its own
    dialog.close()


def test_curves_have_the_words_of_the_table(
    qtbot: QtBot, make_window: MakeWindow, train: Train, studio: Studio
) -> None:
    studio.settings.set_preference("measure_models", False)
    window = make_window("judged", (1280, 800))
    train(window)
    monitor = there(window.trainings.monitor)
    qtbot.waitUntil(lambda: monitor.panel("warmth") is not None)
    assert monitor.hood.chart.itemText(monitor.hood.chart.findData("warmth")) == "Warmth"
    assert "Warmth: 3 °" in monitor.readout()
    monitor.add_metrics([Metric("recall", 0.5, 1), Metric("a_loss", 1.0, 1)])
    assert monitor.hood.chart.itemText(monitor.hood.chart.findData("shares")) == "Shares (0 to 1)"
    assert monitor.hood.chart.itemText(monitor.hood.chart.findData("loss")) == "Loss"

"""What a training made, tried while it goes on and used when it ended; and one that failed."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from kinds import known, there
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from aigc_studio.jobs import TrainingJob
from aigc_studio.library.new_trainings import NewTraining
from aigc_studio.ui.studio import Studio
from aigc_studio.ui.training.done_card import DoneCard
from aigc_studio.ui.window import StudioWindow

Wait = Callable[[Callable[[], object]], None]
MakeWindow = Callable[..., StudioWindow]
Start = Callable[..., TrainingJob]


def press(qtbot: QtBot, button: QAbstractButton) -> None:
    assert button.isVisible()
    assert button.isEnabled()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def offers(window: StudioWindow) -> list[str]:
    """The labels of what the message bar offers now."""
    return [button.text() for button, _call in window.board_area.bar._calls]


def answer(window: StudioWindow, label: str) -> None:
    found = [button for button, _call in window.board_area.bar._calls if button.text() == label]
    found[0].click()


def card_of(window: StudioWindow) -> DoneCard:
    """The card of the model that the training in view made."""
    return known(DoneCard, there(window.trainings.monitor).box.card)


def own(studio: Studio) -> list[str]:
    return [model.name for model in studio.models if not model.shipped]


def chosen(window: StudioWindow) -> str:
    model = window.panel.models.model()
    return model.name if model is not None else ""


@pytest.fixture
def dataset(studio: Studio, tmp_path: Path) -> Any:
    folder = tmp_path / "texts"
    folder.mkdir()
    for number in range(12):
        (folder / f"{number}.txt").write_text(f"{number} the cat sat on the mat. " * 8)
    for _progress in studio.dataset_store.import_files(folder, "words", "text"):
        pass
    return studio.dataset_store.open("words")


@pytest.fixture
def start(studio: Studio, dataset: Any) -> Start:
    def begin(window: StudioWindow, name: str = "mine", **asked: Any) -> TrainingJob:
        named: dict[str, Any] = {"generator": "spans", "operation": "learn"} | asked
        training = studio.training_store.create(
            NewTraining(dataset=dataset, name=name, seed=1, **named)
        )
        job = window.trainings.start(training)
        assert job is not None
        return job

    return begin


@pytest.fixture
def breaking(
    studio: Studio,
    add_plugins: Callable[..., None],
    plugin_names: Callable[..., None],
    make_window: MakeWindow,
    wait: Wait,
) -> StudioWindow:
    plugin_names("spans", "bars", "echo", "breaks_in_training")
    add_plugins("bad/breaks_in_training")
    studio.registry.refresh()
    return make_window("breaks-in-training")


def test_use_it_stays_until_it_is_answered(
    qtbot: QtBot, make_window: MakeWindow, start: Start, studio: Studio, wait: Wait
) -> None:
    window = make_window("echo")
    bar = window.board_area.bar
    job = start(window, steps=20)
    window.bottom.close()  # whoever sees the card needs no message
    wait(lambda: "Use it" in offers(window))
    assert not bar._timer.isActive()
    studio.say("Something else.")
    assert bar.text == "Something else."
    assert bar._timer.isActive()
    bar._timer.timeout.emit()  # it leaves by itself, and what waits is there again
    assert "mine" in bar.text
    studio.say("An error.", "error")
    studio.say("Another question.", actions=[("Yes", lambda: None)])
    answer(window, "Yes")
    bar.clear()
    assert offers(window) == ["Use it"]
    answer(window, "Use it")
    wait(lambda: window.panel.generator() == "spans")
    assert chosen(window) == "mine"
    assert job.model is not None
    assert "Use it" not in offers(window)


def test_what_is_said_of_one_subject_takes_the_place_of_what_was(window: StudioWindow) -> None:
    bar, said = window.board_area.bar, window.studio.say
    said("First.", actions=[("A", lambda: None)], subject="one")
    said("Second.", actions=[("B", lambda: None)], subject="two")
    said("First again.", actions=[("C", lambda: None)], subject="one")
    assert (bar.text, offers(window)) == ("First again.", ["C"])
    assert bar._more.text() == "and 1 more"
    bar.take_back("one")
    assert (bar.text, offers(window)) == ("Second.", ["B"])
    assert not bar._more.isVisible()
    window.studio.taken_back.emit("two")
    assert bar.text == ""
    assert not bar.isVisible()


def test_what_went_wrong_stays_and_what_is_only_told_goes(window: StudioWindow) -> None:
    bar, said = window.board_area.bar, window.studio.say
    said("It is saved.")
    assert bar._timer.isActive()
    said("It could not be saved.", "error")
    assert not bar._timer.isActive()
    said("A pack is here.")
    assert bar._timer.isActive()
    bar._timer.timeout.emit()
    assert bar.text == "It could not be saved."
    bar._close.click()
    assert bar.text == "It is saved."  # which nobody had the time to read
    bar._timer.timeout.emit()
    assert bar.text == ""


def test_trying_after_the_end_takes_the_model(
    qtbot: QtBot, make_window: MakeWindow, start: Start, studio: Studio, wait: Wait
) -> None:
    window = make_window("echo")
    job = start(window, steps=20)
    wait(lambda: job.is_settled)
    wait(lambda: own(studio) == ["mine"])
    monitor = there(window.trainings.monitor)
    assert not monitor.try_button.isVisible()  # the card has a button for that
    press(qtbot, card_of(window).use)
    assert monitor.box.card is None
    button = monitor.try_button
    assert button.text() == "Use the model"
    press(qtbot, button)
    assert (window.panel.generator(), chosen(window)) == ("spans", "mine")
    assert "no checkpoint" not in window.board_area.bar.text
    assert own(studio) == ["mine"]
    studio.model_store.rename("mine", "renamed")
    studio.refresh_models()
    wait(lambda: own(studio) == ["renamed"])
    press(qtbot, button)
    assert chosen(window) == "renamed"
    studio.model_store.delete("renamed")
    studio.refresh_models()
    wait(lambda: own(studio) == [])
    press(qtbot, button)
    wait(lambda: "no longer in the library" in window.board_area.bar.text)


def test_the_panel_goes_from_a_tried_step_to_the_model(
    qtbot: QtBot, make_window: MakeWindow, start: Start, studio: Studio, wait: Wait
) -> None:
    window = make_window("spans")
    job = start(window, minutes=5)
    wait(lambda: bool(job.checkpoints))
    press(qtbot, there(window.trainings.monitor).try_button)
    wait(lambda: chosen(window).startswith("mine at step"))
    first = studio.model(chosen(window), "spans")
    assert first is not None
    assert first.name == f"mine at step {first.card['step']}"
    assert "as it stands now" in window.board_area.bar.text
    wait(lambda: job.checkpoints[-1].step > first.card["step"])
    wait(lambda: not studio.jobs.under_way())  # what it makes was asked for at once
    window.panel.run()
    assert f"made with “{first.name}”" in window.board_area.bar.text
    answer(window, "Use the newest")
    wait(lambda: chosen(window) not in ("", first.name))
    second = studio.model(chosen(window), "spans")
    assert second is not None
    assert second.card["step"] > first.card["step"]
    job.stop()
    wait(lambda: job.is_settled)
    wait(lambda: chosen(window) == "mine")
    assert window.board_area.bar.text == "The model “mine” is chosen."  # its card says the rest


def test_another_model_that_the_person_chose_stays_chosen(
    qtbot: QtBot, make_window: MakeWindow, start: Start, studio: Studio, wait: Wait
) -> None:
    window = make_window("spans")
    first = start(window, name="first", steps=10)
    wait(lambda: first.is_settled and "first" in own(studio))
    job = start(window, minutes=5)
    wait(lambda: bool(job.checkpoints))
    press(qtbot, there(window.trainings.monitor).try_button)
    wait(lambda: chosen(window).startswith("mine at step"))
    window.panel.choose("spans", "first")
    window.bottom.close()
    job.stop()
    wait(lambda: job.is_settled and "mine" in own(studio))
    assert chosen(window) == "first"
    assert offers(window) == ["Use it"]


def test_a_training_that_failed_offers_to_keep_its_best(
    qtbot: QtBot, breaking: StudioWindow, start: Start, studio: Studio, wait: Wait
) -> None:
    job = start(breaking, generator="breaks-in-training", operation="train", steps=9)
    wait(lambda: job.is_settled)
    monitor = there(breaking.trainings.monitor)
    assert monitor._notice.text() == "The loss left every scale."
    row = monitor.failed_row
    for button in (row.keep, row.again, row.discard):
        assert button.isVisible()
    assert "Keep the best so far" in offers(breaking)
    press(qtbot, row.keep)
    wait(lambda: own(studio) == ["mine"])
    assert studio.models[0].card["step"] == 1
    assert not row.isVisible()
    assert offers(breaking) == ["Use it"]
    wait(lambda: studio.training_store.list() == [])


def test_only_a_whole_checkpoint_is_kept(
    qtbot: QtBot, breaking: StudioWindow, start: Start, studio: Studio, wait: Wait
) -> None:
    asked = {"generator": "breaks-in-training", "operation": "train", "steps": 9}
    job = start(breaking, parameters={"whole": 0}, **asked)
    wait(lambda: job.is_settled)
    row = there(breaking.trainings.monitor).failed_row
    assert not row.keep.isVisible()
    assert "Keep the best so far" not in offers(breaking)
    press(qtbot, row.discard)
    wait(lambda: studio.training_store.list() == [])
    assert not row.isVisible()


def test_one_that_could_not_even_begin_is_asked_for_again(
    qtbot: QtBot,
    make_window: MakeWindow,
    start: Start,
    studio: Studio,
    wait: Wait,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from aigc_studio.api import StudioError
    from aigc_studio.library.training import Training

    def refuse(_training: Training, **_asked: Any) -> None:
        raise StudioError("It cannot begin.")

    monkeypatch.setattr(Training, "request", refuse)
    window = make_window("spans")
    job = start(window, steps=9)
    wait(lambda: job.is_settled)
    row = there(window.trainings.monitor).failed_row
    assert (row.keep.isVisible(), row.discard.isVisible()) == (False, False)
    assert not there(window.trainings.monitor).try_button.isEnabled()
    press(qtbot, row.again)
    assert window.trainings.dialog.isVisible()
    window.trainings.dialog.reject()


def test_a_training_that_failed_is_tried_again(
    qtbot: QtBot, breaking: StudioWindow, start: Start, studio: Studio, wait: Wait
) -> None:
    job = start(breaking, generator="breaks-in-training", operation="train", steps=9)
    wait(lambda: job.is_settled)
    press(qtbot, there(breaking.trainings.monitor).failed_row.again)
    wait(lambda: own(studio) == ["mine"])
    assert not breaking.board_area.bar.isVisible()
    assert card_of(breaking).isVisible()


def test_trying_a_training_that_failed_takes_its_newest(
    qtbot: QtBot, breaking: StudioWindow, start: Start, studio: Studio, wait: Wait
) -> None:
    job = start(breaking, generator="breaks-in-training", operation="train", steps=9)
    wait(lambda: job.is_settled)
    press(qtbot, there(breaking.trainings.monitor).try_button)
    wait(lambda: chosen(breaking) == "mine at step 2")


def test_one_that_was_cut_off_before_a_checkpoint_cannot_be_kept(
    qtbot: QtBot, make_window: MakeWindow, studio: Studio, dataset: Any, wait: Wait
) -> None:
    training = studio.training_store.create(
        NewTraining("spans", dataset, name="cut", steps=40, operation="learn")
    )
    training.note("running")  # as a killed window leaves it
    window = make_window("spans")
    wait(lambda: "cut" in window.board_area.bar.text)
    assert offers(window) == ["Resume", "Discard"]
    window.trainings._publish(training)
    wait(lambda: "no complete checkpoint" in window.board_area.bar.text)
    assert [each.name for each in studio.training_store.list()] == ["cut"]


@pytest.fixture
def slow_list(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Lists of models know what was there at first, and come when they are let."""
    here, may_come = studio.model_store.list(), threading.Event()
    truly = studio.model_store.list

    def listed(*asked: Any) -> Any:
        early = not may_come.is_set()
        may_come.wait(40)
        return here if early and not asked else truly(*asked)

    def hold() -> Callable[[], None]:
        monkeypatch.setattr(studio.model_store, "list", listed)
        return may_come.set

    yield hold
    may_come.set()


def test_what_is_asked_for_before_a_list_knows_the_model_is_made_with_it(
    make_window: MakeWindow, start: Start, studio: Studio, wait: Wait, slow_list: Any
) -> None:
    window = make_window("spans")
    asked: list[Any] = []
    window.panel.generate_requested.connect(asked.append)
    window.panel.edit_requested.connect(asked.append)
    let_come = slow_list()
    studio.refresh_models()  # begun before there was the model
    job = start(window, steps=20)
    window.bottom.close()
    wait(lambda: "Use it" in offers(window))
    answer(window, "Use it")
    window.panel.set_verb("generate")
    window.panel.run()
    assert [each.model for each in asked] == ["mine"]
    let_come()
    wait(lambda: not studio.errands.under_way and not studio.jobs.under_way())
    assert chosen(window) == "mine"
    assert own(studio) == ["mine"]
    # A list that was begun after it knows better.
    assert job.model is not None
    studio.model_store.delete("mine")
    studio.refresh_models()
    wait(lambda: own(studio) == [])


def without(studio: Studio, generator: str) -> Callable[[], None]:
    """The window as it is while a generator is still being read; what is called when it is."""
    records = studio.registry.records
    studio.registry.records = tuple(
        each for each in records if each.description is None or each.description.id != generator
    )
    studio.scanning, studio.complete = True, False
    studio.records_changed.emit()

    def come() -> None:
        studio.registry.records = records
        studio._note_records("")

    return come


@pytest.fixture
def mine(make_window: MakeWindow, start: Start, studio: Studio, wait: Wait) -> StudioWindow:
    """A window in which a model of spans waits to be used."""
    window = make_window("echo")
    start(window, steps=20)
    window.bottom.close()
    wait(lambda: "Use it" in offers(window) and own(studio) == ["mine"])
    return window


def test_what_is_asked_for_before_its_generator_is_known_waits_for_it(
    mine: StudioWindow, studio: Studio, wait: Wait
) -> None:
    asked: list[Any] = []
    mine.panel.generate_requested.connect(asked.append)
    come = without(studio, "spans")
    answer(mine, "Use it")
    mine.panel.run()
    assert not asked
    assert "“mine” is still being looked for" in mine.board_area.bar.text
    studio.refresh_models()
    wait(lambda: not studio.errands.under_way)
    come()
    wait(lambda: bool(asked))
    assert [(each.generator, each.model) for each in asked] == [("spans", "mine")]
    assert "“mine” is chosen" in mine.board_area.bar.text
    wait(lambda: not studio.jobs.under_way())
    mine.panel.run()
    assert len(asked) == 2  # once, and once more as it was pressed


def test_what_was_asked_for_is_made_and_not_what_a_try_would_make(
    mine: StudioWindow, studio: Studio, wait: Wait
) -> None:
    done: list[str] = []
    models = mine.trainings.new_models
    models.try_wanted.connect(lambda: done.append("tried"))
    (model,) = [each for each in studio.models if each.name == "mine"]
    come = without(studio, "spans")
    models._use_once_listed(model, "", at_once=True)
    assert models.hold(lambda: done.append("asked for"), "spans")
    come()
    wait(lambda: bool(done))
    assert done == ["asked for"]


def test_that_a_model_has_no_generator_is_told_and_not_that_it_is_chosen(
    mine: StudioWindow, studio: Studio, wait: Wait
) -> None:
    without(studio, "spans")
    studio.scanning, studio.complete = False, True
    answer(mine, "Use it")
    wait(lambda: "There is no generator spans" in mine.board_area.bar.text)
    asked: list[Any] = []
    mine.panel.generate_requested.connect(asked.append)
    mine.panel.run()
    assert [each.generator for each in asked] == ["echo"]  # nothing is waited for

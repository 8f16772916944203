"""A model that is ready waits for an answer, wherever it is looked for: use, train on, compare."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from kinds import known, there
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QPushButton
from pytestqt.qtbot import QtBot

from aigc_studio.api import Text
from aigc_studio.jobs import TrainingJob
from aigc_studio.library import ModelInfo
from aigc_studio.library.drafts import Draft
from aigc_studio.library.new_trainings import NewTraining
from aigc_studio.ui.studio import Studio
from aigc_studio.ui.training.done_card import DoneCard
from aigc_studio.ui.window import StudioWindow
from aigc_studio.ui.window.training.cards import Cards, WaitingCards

Wait = Callable[[Callable[[], object]], None]
MakeWindow = Callable[..., StudioWindow]
Start = Callable[..., TrainingJob]
Ready = Callable[[StudioWindow], None]


def press(qtbot: QtBot, button: QAbstractButton) -> None:
    assert button.isVisible()
    assert button.isEnabled()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def own(studio: Studio) -> list[str]:
    return [model.name for model in studio.models if not model.shipped]


def chosen(window: StudioWindow) -> str:
    model = window.panel.models.model()
    return model.name if model is not None else ""


def weights(number: int) -> bytes:
    header = b'{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}'
    return len(header).to_bytes(8, "little") + header + bytes([number])


def card_of(window: StudioWindow) -> DoneCard:
    """The card of the model that the training in view made."""
    return known(DoneCard, there(window.trainings.monitor).box.card)


def waiting(window: StudioWindow) -> list[str]:
    """The models whose cards are listed in the Training tab."""
    place = window.trainings.place
    return [card.model.name for card in place.waiting.shown] if place is not None else []


@pytest.fixture
def dataset(studio: Studio) -> Any:
    drafts = [Draft(Text(f"{n} the cat sat on the mat. " * 8)) for n in range(12)]
    list(studio.dataset_store.write("words", "text", drafts, {"licence": "CC0"}))
    return studio.dataset_store.open("words")


@pytest.fixture
def start(studio: Studio, dataset: Any) -> Start:
    def begin(window: StudioWindow, name: str = "mine", **asked: Any) -> TrainingJob:
        training = studio.training_store.create(
            NewTraining("spans", dataset, name=name, seed=1, operation="learn", **asked)
        )
        return there(window.trainings.start(training))

    return begin


@pytest.fixture
def made(start: Start, studio: Studio, wait: Wait) -> Start:
    """Trains to the end, until the model is listed."""

    def make(window: StudioWindow, name: str = "mine", steps: int = 10) -> TrainingJob:
        job = start(window, name=name, steps=steps)
        wait(lambda: job.is_settled and name in own(studio))
        return job

    return make


@pytest.fixture
def ready(studio: Studio, tmp_path: Path, wait: Wait) -> Callable[[StudioWindow], None]:
    """A model that came of a training, without one: it waits for an answer."""

    def publish(window: StudioWindow) -> None:
        (tmp_path / "made").mkdir()
        (tmp_path / "made" / "weights.safetensors").write_bytes(weights(1))
        card = {"generator": "spans", "step": 120, "seconds": 60.0}
        model = studio.model_store.publish(tmp_path / "made", "mine", card)
        window.trainings.unanswered.add(model)
        studio.refresh_models()
        wait(lambda: waiting(window) == ["mine"])

    return publish


def test_the_card_stays_until_the_model_is_used(
    qtbot: QtBot, make_window: MakeWindow, made: Start
) -> None:
    window = make_window("echo", (1280, 800))
    made(window)
    card = card_of(window)
    assert card.isVisible()
    assert card.name.shown_text() == "“mine” is ready"
    window.board_area.bar.clear()
    assert card_of(window) is card
    press(qtbot, card.use)
    assert (window.panel.generator(), chosen(window)) == ("spans", "mine")
    assert there(window.trainings.monitor).box.card is None
    assert window.trainings.unanswered.models() == []


def test_using_it_by_the_message_answers_the_card(
    make_window: MakeWindow, start: Start, studio: Studio, wait: Wait
) -> None:
    window = make_window("echo")
    job = start(window, steps=10)
    window.bottom.close()  # who does not look is told
    wait(lambda: job.is_settled and "mine" in own(studio))
    (button,) = [b for b, _call in window.board_area.bar._calls if b.text() == "Use it"]
    button.click()
    assert chosen(window) == "mine"
    assert there(window.trainings.monitor).box.card is None


@pytest.mark.parametrize("large", [False, True])
def test_a_card_that_is_seen_is_not_told_once_more(
    make_window: MakeWindow, start: Start, studio: Studio, wait: Wait, large: bool
) -> None:
    window = make_window("echo", (1280, 800))
    job = start(window, steps=10)
    window.trainings.large_wanted.emit(large)
    assert there(window.trainings.monitor).is_large == large
    wait(lambda: job.is_settled and "mine" in own(studio))
    assert card_of(window).isVisible()
    assert "is ready" not in window.board_area.bar.text


def test_one_that_nobody_answered_is_found_again_after_a_restart(
    qtbot: QtBot, make_window: MakeWindow, ready: Ready, studio: Studio, wait: Wait
) -> None:
    ready(make_window("echo"))
    studio.settings.save()
    again = StudioWindow(studio)
    qtbot.addWidget(again)
    again.resize(1280, 800)
    again.show()
    wait(lambda: waiting(again) == ["mine"])
    again.actions_by_name["monitor"].trigger()
    (card,) = there(again.trainings.place).waiting.shown
    assert card.about.text() == "120 steps · 60 s"
    press(qtbot, card.use)
    assert chosen(again) == "mine"
    assert waiting(again) == []
    again.closing.allowed = True
    again.close()


def test_it_is_found_in_the_library_too_until_it_is_removed(
    qtbot: QtBot, make_window: MakeWindow, ready: Ready, studio: Studio, wait: Wait
) -> None:
    window = make_window("echo")
    ready(window)
    window.dialogs.show_library()
    cards = there(window.dialogs.library.findChild(WaitingCards))
    assert [card.model.name for card in cards.shown] == ["mine"]
    assert cards.isVisible()
    studio.model_store.delete("mine")
    studio.refresh_models()
    wait(lambda: cards.shown == [])
    assert not cards.isVisible()
    assert waiting(window) == []
    window.dialogs.library.close()


def test_not_now_keeps_the_model_and_takes_the_card_away(
    qtbot: QtBot, make_window: MakeWindow, ready: Ready, studio: Studio
) -> None:
    window = make_window("echo")
    ready(window)
    window.actions_by_name["monitor"].trigger()
    press(qtbot, there(window.trainings.place).waiting.shown[0].close_button)
    assert waiting(window) == []
    assert own(studio) == ["mine"]
    assert window.panel.generator() == "echo"


def test_the_next_training_leaves_the_card_where_it_is_seen(
    qtbot: QtBot, make_window: MakeWindow, made: Start
) -> None:
    window = make_window("echo", (1280, 800))
    made(window)
    made(window, name="second")
    assert card_of(window).model.name == "second"
    assert waiting(window) == ["mine"]


def test_no_card_is_made_that_nobody_sees(
    make_window: MakeWindow, made: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, cards = make_window("echo", (1280, 800)), list[tuple[str, bool]]()
    make = Cards.make

    def noted(maker: Cards, model: ModelInfo, *, wide: bool = False) -> DoneCard:
        cards.append((model.name, wide))
        return make(maker, model, wide=wide)

    monkeypatch.setattr(Cards, "make", noted)
    made(window)
    assert cards == [("mine", False)]
    made(window, name="second")
    # That of the first goes from beside its curves to the list, and stays there.
    assert cards == [("mine", False), ("mine", True), ("second", False)]


def test_a_card_that_comes_in_view_stands_below_the_newer_ones(
    qtbot: QtBot, make_window: MakeWindow, studio: Studio, tmp_path: Path, wait: Wait
) -> None:
    window = make_window("echo", (1280, 800))
    for number in range(4):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "weights.safetensors").write_bytes(weights(number))
        card = {"generator": "spans", "step": 120, "seconds": 60.0}
        window.trainings.unanswered.add(studio.model_store.publish(folder, f"m{number}", card))
    studio.refresh_models()
    wait(lambda: waiting(window) == ["m3", "m2", "m1"])
    window.actions_by_name["monitor"].trigger()
    listed = there(window.trainings.place).waiting
    press(qtbot, listed.shown[0].close_button)
    assert waiting(window) == ["m2", "m1", "m0"]
    qtbot.waitUntil(lambda: all(card.isVisible() and card.height() > 0 for card in listed.shown))
    qtbot.waitUntil(lambda: len({card.y() for card in listed.shown}) == 3)
    assert sorted(listed.shown, key=lambda card: card.y()) == listed.shown


def test_train_on_goes_on_from_the_model_with_its_own_data(
    qtbot: QtBot, make_window: MakeWindow, made: Start, studio: Studio, wait: Wait
) -> None:
    window = make_window("spans", (1280, 800))
    first = made(window)
    press(qtbot, card_of(window).more)
    wait(lambda: len(studio.jobs.trainings) == 1)
    (job,) = studio.jobs.trainings
    told = job.training.document
    assert (told["minutes"], told["operation"], told["name"]) == (5, "learn", "mine 2")
    assert told["model"]["digest"] == there(first.model).digest
    assert told["dataset"]["name"] == "words"
    assert told["parameters"] == {"order": 4}  # those in effect, which the first did not say
    assert there(window.trainings.monitor).job is job
    assert window.trainings.unanswered.models() == []
    job.cancel()
    wait(lambda: job.is_settled)


def test_train_on_without_its_data_asks_what_to_learn_from(
    qtbot: QtBot, make_window: MakeWindow, made: Start, studio: Studio, wait: Wait
) -> None:
    window = make_window("spans", (1280, 800))
    job = made(window)
    studio.dataset_store.delete("words")
    press(qtbot, card_of(window).more)
    wait(lambda: window.trainings.dialog is not None)
    page = window.trainings.dialog.page
    wait(lambda: page.model.currentData() == there(job.model).digest)
    assert "words" in page.error.text()
    window.trainings.dialog.reject()


def test_two_models_are_compared_with_the_same_seeds(
    qtbot: QtBot, make_window: MakeWindow, made: Start, studio: Studio, wait: Wait
) -> None:
    window = make_window("spans", (1280, 800))
    made(window)
    assert not card_of(window).compare.isEnabled()
    made(window, name="second", steps=30)
    press(qtbot, card_of(window).compare)
    dialog = there(window.trainings.answers.comparing.dialog)
    assert [model.name for model in dialog.models] == ["second", "mine"]
    assert dialog.prompt.text() == "The"
    wait(lambda: all(view.artifact is not None for side in dialog.views for view in side))
    jobs = [job for job in studio.jobs.jobs if job.verb == "generate"]
    assert {(job.request.seed, job.request.prompt) for job in jobs} == {(dialog.seed, "The")}
    assert len({job.request.model for job in jobs}) == 2
    shown = [[view.artifact for view in side] for side in dialog.views]
    qtbot.keyClicks(dialog.prompt, "dog")
    qtbot.keyClick(dialog.prompt, Qt.Key.Key_Return)
    wait(lambda: all(view.artifact is not None for side in dialog.views for view in side))
    assert shown != [[view.artifact for view in side] for side in dialog.views]
    press(qtbot, dialog.use[1])
    assert chosen(window) == "mine"
    assert window.trainings.answers.comparing.dialog is None
    assert not window.board_area.strip.ids()  # nothing of it came onto the board


def test_a_model_that_understands_no_words_is_compared_without(
    qtbot: QtBot, make_window: MakeWindow, made: Start, studio: Studio, wait: Wait
) -> None:
    window = make_window("spans", (1280, 800))
    made(window)
    made(window, name="second")
    (wordless,) = [model for model in studio.models if model.name == "mine"]
    card = json.loads((wordless.folder / "card.json").read_text("utf-8")) | {"prompt": False}
    (wordless.folder / "card.json").write_text(json.dumps(card), encoding="utf-8")
    studio.refresh_models()
    mute = (wordless.folder, False)
    wait(lambda: mute in [(each.folder, each.card.get("prompt")) for each in studio.models])
    press(qtbot, card_of(window).compare)
    dialog = there(window.trainings.answers.comparing.dialog)
    assert dialog.prompt.isEnabled()
    wait(lambda: all(view.artifact is not None for side in dialog.views for view in side))
    jobs = [job for job in studio.jobs.jobs if job.verb == "generate"]
    prompts = {Path(job.request.model).name: job.request.prompt for job in jobs[-2:]}
    assert prompts == {wordless.folder.name: "", dialog.models[0].folder.name: "The"}
    dialog.reject()


def test_models_of_other_words_are_compared_without_an_example(
    qtbot: QtBot, make_window: MakeWindow, made: Start, studio: Studio, wait: Wait
) -> None:
    """A model of circles and crosses was asked for `2024`, which it refuses."""
    window = make_window("spans", (1280, 800))
    made(window)
    made(window, name="second")
    (other,) = [model for model in studio.models if model.name == "mine"]
    card = json.loads((other.folder / "card.json").read_text("utf-8")) | {"prompt": "Rats."}
    (other.folder / "card.json").write_text(json.dumps(card), encoding="utf-8")
    studio.refresh_models()
    wait(lambda: "Rats." in [each.card.get("prompt") for each in studio.models])
    press(qtbot, card_of(window).compare)
    dialog = there(window.trainings.answers.comparing.dialog)
    assert dialog.prompt.isEnabled()
    assert dialog.prompt.text() == dialog.prompt.placeholderText() == ""
    dialog.reject()


def test_a_side_that_cannot_be_made_says_why(
    qtbot: QtBot, make_window: MakeWindow, made: Start, studio: Studio, wait: Wait
) -> None:
    window = make_window("spans", (1280, 800))
    made(window)
    made(window, name="second")
    (other,) = [model for model in studio.models if model.name == "mine"]
    (other.folder / "weights.safetensors").unlink()
    press(qtbot, card_of(window).compare)
    dialog = there(window.trainings.answers.comparing.dialog)
    wait(lambda: bool(dialog.notes[1].text()))
    assert dialog.notes[1].isVisible()
    assert dialog.notes[0].text() == ""
    dialog.reject()


def test_trying_before_the_first_model_is_not_forgotten(
    qtbot: QtBot, make_window: MakeWindow, start: Start, studio: Studio, wait: Wait
) -> None:
    window = make_window("echo", (1280, 800))
    job = start(window, minutes=5)
    wait(lambda: bool(job.metrics) and there(window.trainings.monitor).try_button.isEnabled())
    for _time in range(3):
        press(qtbot, there(window.trainings.monitor).try_button)
    wait(lambda: chosen(window).startswith("mine at step"))
    assert len(own(studio)) == 1
    wait(lambda: bool(window.board_area.strip.ids()))  # and what it makes is seen
    assert window.panel.verb() == "generate"
    job.cancel()
    wait(lambda: job.is_settled)


def test_the_curves_stay_open_once_they_were_opened(
    qtbot: QtBot, make_window: MakeWindow, start: Start, wait: Wait
) -> None:
    window = make_window("spans", (1280, 800))
    job = start(window, steps=10)
    monitor = there(window.trainings.monitor)
    assert not monitor.hood.isVisible()
    press(qtbot, monitor.hood_button)
    wait(lambda: job.is_settled)
    start(window, name="again", steps=10)
    assert there(window.trainings.monitor) is not monitor
    assert there(window.trainings.monitor).hood.isVisible()
    wait(lambda: not window.studio.jobs.trainings)


def test_the_data_of_a_training_is_seen(
    qtbot: QtBot, make_window: MakeWindow, start: Start, wait: Wait
) -> None:
    window = make_window("spans", (1280, 800))
    job = start(window, steps=10)
    pane = there(window.trainings.monitor).lessons
    wait(lambda: pane.mosaic.lessons is not None)
    assert "texts" in pane.about.text()
    wait(lambda: job.is_settled)


def test_large_and_small(qtbot: QtBot, make_window: MakeWindow, start: Start, wait: Wait) -> None:
    window = make_window("spans", (1280, 1000))
    job = start(window, steps=10)
    monitor = there(window.trainings.monitor)
    before = monitor.height()
    press(qtbot, monitor.large_button)
    qtbot.waitUntil(lambda: monitor.height() > before and monitor.is_large)
    wait(lambda: job.is_settled)
    press(qtbot, card_of(window).use)  # the board is seen again
    qtbot.waitUntil(lambda: not monitor.is_large)


def test_what_a_minute_buys_is_told_once_it_was_measured(
    qtbot: QtBot, make_window: MakeWindow, made: Start, studio: Studio, wait: Wait
) -> None:
    window = make_window("spans")
    window.trainings.ask("spans")
    page = window.trainings.dialog.page
    wait(lambda: page.accept.isEnabled())
    assert "first seconds" in page.buys.text()
    wait(lambda: page.mosaic.lessons is not None)
    window.trainings.dialog.reject()
    studio.settings.remember({"per_minute": 114.0}, "pace", "spans")
    window.trainings.ask("spans")
    page = window.trainings.dialog.page
    wait(lambda: page.accept.isEnabled())
    assert "5 min are about 570 steps" in page.buys.text()
    page.by_steps.click()
    page.steps.setValue(228)
    assert "228 steps take about 2 min" in page.buys.text()
    window.trainings.dialog.reject()


def test_cards_that_wait_in_a_low_place_are_scrolled_and_not_pressed_together(
    qtbot: QtBot, make_window: MakeWindow, made: Start, studio: Studio, wait: Wait, tmp_path: Path
) -> None:
    window = make_window("echo", (1024, 640))
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "model.json").write_text(f'{{"name": "{name}"}}')
        card = {"generator": "spans", "step": 120, "seconds": 60.0}
        window.trainings.unanswered.add(studio.model_store.publish(tmp_path / name, name, card))
    made(window, "three")
    place, monitor = there(window.trainings.place), there(window.trainings.monitor)
    wait(lambda: card_of(window).isVisible() and len(place.waiting.shown) == 2)

    def is_whole(card: DoneCard) -> bool:
        return card.height() >= card.minimumSizeHint().height()

    wait(lambda: all(is_whole(each) for each in [*place.waiting.shown, card_of(window)]))
    for shown in place.waiting.shown:
        assert shown.name.geometry().bottom() <= shown.about.geometry().top()
    # What is watched is in sight; the others are reached by scrolling.
    view = place.viewport()
    wait(lambda: 0 <= monitor.mapTo(view, monitor.rect().topLeft()).y() < view.height() // 2)
    place.ensureWidgetVisible(place.waiting.shown[0])
    press(qtbot, place.waiting.shown[0].use)
    assert chosen(window) == "two"


@pytest.mark.parametrize(("width", "beside"), [(560, False), (1100, True)])
def test_what_is_told_of_a_model_is_not_cut_for_its_buttons(
    qtbot: QtBot, home: Path, studio: Studio, tmp_path: Path, width: int, beside: bool
) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "model.json").write_text("{}")
    told = {"generator": "spans", "step": 120, "seconds": 60.0, "metrics": {"told_apart": 0.97}}
    model = studio.model_store.publish(tmp_path / "one", "Landscapes by the sea", told)
    card = DoneCard(model, list, wide=True)
    qtbot.addWidget(card)
    card.resize(width, card.sizeHint().height())
    card.show()
    QApplication.processEvents()
    assert "easily told from real ones: 97 times in 100" in card.about.text()
    for words in (card.name, card.about):
        assert words.width() >= words.fontMetrics().horizontalAdvance(words.text())
    assert (card.use.x() > card.about.geometry().right()) is beside
    assert (card.use.y() > card.about.geometry().bottom()) is not beside
    assert card.rect().contains(card.close_button.geometry())


def test_one_that_has_lost_its_variety_is_first_offered_what_brings_it_back(
    qtbot: QtBot, make_window: MakeWindow, ready: Ready, dataset: Any, wait: Wait, studio: Studio
) -> None:
    drafts = [Draft(Text(f"{n} the cow sat on the mat. " * 8)) for n in range(12)]
    list(studio.dataset_store.write("a first one", "text", drafts, {}))
    window = make_window("echo", (1280, 800))
    ready(window)
    place = there(window.trainings.place)
    window.bottom.open("training")
    (card,) = place.waiting.shown
    assert card.more.isVisible()
    assert not card.anew.isVisible()
    lost = {"metrics": {"diversity": 0.3}, "course": {"variety": "diversity", "most_varied": 0.8}}
    told = {**card.model.card, **lost, "data": {"name": "words"}}
    card.show_model(replace(card.model, card=told))
    assert not card.more.isVisible()
    primary = [each.text() for each in card.findChildren(QPushButton) if each.isVisible()
               and each.property("kind") == "primary"]  # fmt: skip
    assert primary == ["Train anew…"]
    press(qtbot, card.anew)
    dialog = there(window.trainings.dialog)
    wait(lambda: dialog.asked().dataset == "words")
    assert dialog.asked().model == ""  # from the beginning
    dialog.reject()
    assert waiting(window) == ["mine"]  # what was asked for was given up
    # Called otherwise by now it is found by what is in it; where it is gone, that is said.
    told = {**told, "data": {"name": "cows", "fingerprint": dataset.fingerprint}}
    card.show_model(replace(card.model, card=told))
    press(qtbot, card.anew)
    dialog = there(window.trainings.dialog)
    wait(lambda: dialog.asked().dataset == "words")
    assert dialog.page.error.text() == ""
    dialog.reject()
    card.show_model(replace(card.model, card={**told, "data": {"name": "cows"}}))
    press(qtbot, card.anew)
    dialog = there(window.trainings.dialog)
    wait(lambda: "“cows” that it learnt from is no longer in the library" in
         dialog.page.error.text())  # fmt: skip
    dialog.reject()

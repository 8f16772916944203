"""A training in the window, from its start to a model that rewrites a part of a text."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from gui.window.test_window_ending import Desk
from kinds import a_text, there
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from aigc_studio.api import Dataset, Message, Progress, Span, Text
from aigc_studio.library import DatasetStore
from aigc_studio.library.drafts import Draft
from aigc_studio.library.new_trainings import NewTraining
from aigc_studio.project import Item, commands
from aigc_studio.ui.library.import_dialog import ImportDialog
from aigc_studio.ui.studio import Studio
from aigc_studio.ui.window import StudioWindow
from aigc_studio.ui.window.ending import Ending

WORDS = "the cat sat on the mat. the dog sat on the log. a rat ran at the cat. "


def own(models: Any) -> Any:
    """The names of those that do not come with the studio."""
    return [model.name for model in models if not model.shipped]


@pytest.fixture
def dataset(studio: Studio, tmp_path: Path) -> Dataset:
    folder = tmp_path / "texts"
    folder.mkdir()
    for number in range(12):
        (folder / f"{number}.txt").write_text(f"{number} {WORDS * 4}")
    for _progress in studio.dataset_store.import_files(folder, "words", "text"):
        pass
    return studio.dataset_store.open("words")


@pytest.fixture
def start(studio: Studio, dataset: Dataset) -> Callable[..., Any]:
    def begin(
        window: StudioWindow, steps: Any = None, minutes: Any = None, name: str = "mine"
    ) -> Any:
        training = studio.training_store.create(
            NewTraining(
                "spans", dataset, name=name, steps=steps, minutes=minutes, operation="learn", seed=1
            )
        )
        return window.trainings.start(training)

    return begin


def test_a_training_becomes_a_model_and_the_model_rewrites_a_span(
    qtbot: QtBot,
    make_window: Callable[..., StudioWindow],
    start: Callable[..., Any],
    studio: Studio,
    wait: Callable[[Callable[[], Any]], None],
) -> None:
    window = make_window("spans")
    job = start(window, steps=30)
    assert window.bottom.current == "training"
    with qtbot.waitSignal(job.settled, timeout=40_000):
        pass
    assert job.error is None, job.error
    wait(lambda: own(studio.models) == ["mine"])
    assert studio.training_store.list() == []
    assert there(window.trainings.monitor).state() == "done"
    assert job.metrics
    value = "the cat sat on the mat and the dog sat on the log"
    board = studio.project.board
    item = Item(board.new_ids(1)[0], "T", studio.project.store.put(Text(value)), 0, 0, 320, 180)
    studio.do(commands.add_items(board, [item]))
    view = window.board_area.view
    view.select([item.id])
    assert window.panel.verb() == "edit"
    view.board_scene.set_part(item.id, Span(8, 19))
    window.panel.set_verb("generate")  # the person's choice stays
    view.board_scene.set_part(item.id, Span(8, 12))
    assert window.panel.verb() == "generate"
    view.board_scene.set_part(item.id, Span(8, 19))
    window.actions_by_name["edit_selection"].trigger()
    wait(lambda: bool(window.board_area.strip.ids()))
    assert window.board_area.staging.candidate == window.board_area.strip.ids()[0]
    wait(lambda: there(view.stage).hides == item.id)
    window.actions_by_name["accept"].trigger()
    (changed,) = board.items
    result = a_text(studio.project.store.get(changed.content)).value
    assert changed.id == item.id
    assert (result[:8], result[-30:]) == (value[:8], value[-30:])
    assert there(changed.provenance).model == "mine"
    assert there(changed.provenance).parents == (item.content.digest,)
    assert there(changed.provenance).selection == {"kind": "span", "start": 8, "stop": 19}
    studio.history.stack.undo()
    assert board.items == (item,)


def test_stop_keeps_the_best_and_cancel_keeps_nothing(
    qtbot: QtBot,
    make_window: Callable[..., StudioWindow],
    start: Callable[..., Any],
    studio: Studio,
    wait: Callable[[Callable[[], Any]], None],
) -> None:
    window = make_window("spans")
    kept = start(window, minutes=5, name="kept")
    wait(lambda: bool(kept.checkpoints))
    there(window.trainings.monitor).pause_button.click()
    assert kept.state.value == "paused"
    there(window.trainings.monitor).pause_button.click()
    with qtbot.waitSignal(kept.settled, timeout=40_000):
        there(window.trainings.monitor).stop_button.click()
    wait(lambda: own(studio.models) == ["kept"])
    thrown = start(window, minutes=5, name="thrown")
    wait(lambda: bool(thrown.checkpoints))
    with qtbot.waitSignal(thrown.settled, timeout=40_000):
        there(window.trainings.monitor).cancel_button.click()
    assert own(studio.model_store.list()) == ["kept"]
    assert studio.training_store.list() == []


def test_quitting_while_training_asks_and_the_next_start_offers_to_go_on(
    qtbot: QtBot,
    make_window: Callable[..., StudioWindow],
    start: Callable[..., Any],
    studio: Studio,
    wait: Callable[[Callable[[], Any]], None],
) -> None:
    window = make_window("spans")
    job = start(window, minutes=5)
    wait(lambda: bool(job.checkpoints))
    window.close()
    assert window.isVisible()
    # Neither a stray Escape nor a stray Return throws a training away.
    question = there(window.closing.question)
    assert question.defaultButton() is window.closing.buttons["later"]
    QTest.keyClick(question, Qt.Key.Key_Escape)
    assert window.closing.question is None
    assert window.isVisible()
    assert not job.state.ended
    window.close()
    window.closing.buttons["stay"].click()
    assert window.isVisible()
    assert not job.state.ended
    window.close()
    window.closing.buttons["later"].click()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=40_000)
    (left,) = studio.training_store.interrupted()
    assert left.name == "mine"
    assert left.best() is not None
    assert own(studio.model_store.list()) == []


@pytest.mark.parametrize("way", ["signal", "session"])
def test_a_training_is_left_with_its_checkpoint_when_the_system_ends_the_window(
    make_window: Callable[..., StudioWindow],
    start: Callable[..., Any],
    studio: Studio,
    wait: Callable[[Callable[[], Any]], None],
    way: str,
) -> None:
    window, desk = make_window("spans"), Desk()
    ending = Ending(window, desk)  # type: ignore[arg-type]
    job = start(window, minutes=5)
    wait(lambda: bool(job.checkpoints))
    if way == "signal":
        ending.end()
        assert window.isVisible()  # it is waited for
        wait(lambda: desk.left == [0])
    else:
        desk.commitDataRequest.emit(None)
        window.close()
        assert not window.isVisible()
    (training,) = studio.training_store.interrupted()
    assert (training.state, training.best() is not None) == ("paused", True)
    ending.close()


def test_what_was_said_of_a_training_holds_when_the_system_ends_the_window(
    make_window: Callable[..., StudioWindow],
    start: Callable[..., Any],
    studio: Studio,
    wait: Callable[[Callable[[], Any]], None],
) -> None:
    window, desk = make_window("spans"), Desk()
    ending = Ending(window, desk)  # type: ignore[arg-type]
    job = start(window, minutes=5)
    wait(lambda: bool(job.checkpoints))
    job.stop()
    ending.end()
    wait(lambda: desk.left == [0])
    assert own(studio.model_store.list()) == ["mine"]
    ending.close()


def test_a_training_that_was_cut_off_goes_on(
    qtbot: QtBot,
    make_window: Callable[..., StudioWindow],
    studio: Studio,
    dataset: Dataset,
    wait: Callable[[Callable[[], Any]], None],
) -> None:
    training = studio.training_store.create(
        NewTraining("spans", dataset, name="cut", steps=40, operation="learn")
    )
    training.note("running")  # as a killed window leaves it
    window = make_window("spans")
    wait(lambda: "cut" in window.board_area.bar.text)
    window.board_area.bar._calls[0][0].click()
    wait(lambda: own(studio.models) == ["cut"])


def test_a_training_that_cannot_go_on_now_is_still_offered(
    make_window: Callable[..., StudioWindow],
    studio: Studio,
    dataset: Dataset,
    wait: Callable[[Callable[[], Any]], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = [
        studio.training_store.create(
            NewTraining("spans", dataset, name=name, steps=40, operation="learn")
        )
        for name in ("one", "two")
    ]
    for training in made:
        training.note("running")  # as a killed window leaves it
    window = make_window("spans")
    bar = window.board_area.bar
    wait(lambda: "2 trainings were cut off" in bar.text)
    started: list[str] = []

    def start_one(training: Any) -> object:
        started.append(training.name)
        return True if training.name == "one" else None

    monkeypatch.setattr(window.trainings.interrupted, "_start", start_one)
    bar._calls[0][0].click()
    assert sorted(started) == ["one", "two"]
    assert "“two” was cut off" in bar.text
    bar._calls[0][0].click()  # its plugin is still switched off, say
    assert "“two” was cut off" in bar.text
    monkeypatch.setattr(window.trainings.interrupted, "_start", lambda _training: True)
    bar._calls[0][0].click()
    assert "cut off" not in bar.text


def test_the_train_dialog_starts_a_training(
    qtbot: QtBot,
    make_window: Callable[..., StudioWindow],
    dataset: Dataset,
    studio: Studio,
    wait: Callable[[Callable[[], Any]], None],
) -> None:
    window = make_window("spans")
    window.panel.train_requested.emit("spans")
    dialog = window.trainings.dialog
    wait(lambda: dialog.page.accept.isEnabled())
    dialog.page.by_steps.setChecked(True)
    dialog.page.steps.setValue(20)
    dialog.page.name.setText("from the dialog")
    dialog.page.accept.click()
    wait(lambda: not dialog.isVisible())
    wait(lambda: own(studio.models) == ["from the dialog"])
    wait(lambda: window.panel.models.model() is not None)
    assert window.panel.models.model().name == "from the dialog"
    assert window.panel.why_not() == ""


def test_a_folder_goes_to_a_generator_that_can_learn_from_it(
    make_window: Callable[..., StudioWindow],
    dataset: Dataset,
    tmp_path: Path,
    wait: Callable[[Callable[[], Any]], None],
) -> None:
    """Who drops tunes while another kind of generator is chosen need not know which learns them."""
    window = make_window("spans")
    (tmp_path / "tunes").mkdir()
    for number in range(6):
        tune = f"X:1\nT:{number}\nM:4/4\nL:1/4\nK:C\n{'CDEF|GABc|cBAG|FEDC|'[number:]}\n"
        (tmp_path / "tunes" / f"{number}.abc").write_text(tune)
    window.trainings.offer_data(tmp_path / "tunes")
    window.board_area.bar._calls[0][0].click()
    first = window.trainings.dialog
    wait(lambda: bool(first.findChildren(ImportDialog)))
    imports = first.findChildren(ImportDialog)[0]
    wait(lambda: imports.found is not None and imports.page.accept.isEnabled())
    imports.page.accept.click()
    wait(lambda: window.trainings.dialog is not first)
    assert not (isValid(first) and first.isVisible())
    page = window.trainings.dialog.page
    wait(lambda: page.dataset.currentData() == "tunes" and page.accept.isEnabled())
    assert page.generator.currentData() == "bars"
    # What was chosen for it is a choice still: another generator can be taken here.
    page.generator.setCurrentIndex(page.generator.findData("spans"))
    page.generator.activated.emit(page.generator.currentIndex())
    wait(lambda: window.trainings.dialog.page.dataset.currentData() == "words")
    assert window.trainings.dialog.page.generator.currentData() == "spans"


@pytest.fixture
def let_fetch(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """A pack is fetched until this is set; then there is the dataset."""
    may_end = threading.Event()

    def fetch(pack: str, datasets: DatasetStore, name: str, count: int | None) -> Iterator[Any]:
        while not may_end.wait(0.01):
            yield Progress(1, 3, "Fetching")
        drafts = [Draft(Text(f"{n} the cow sat on the mat. " * 8)) for n in range(12)]
        yield from datasets.write(name, "text", drafts, {"pack": pack})

    monkeypatch.setattr(studio.pack_store, "fetch", fetch)
    yield may_end
    may_end.set()


def take_other(dialog: Any, generator: str) -> None:
    """A person chooses another generator in the train dialog."""
    combo = dialog.page.generator
    combo.setCurrentIndex(combo.findData(generator))
    combo.activated.emit(combo.currentIndex())


def test_what_is_fetched_comes_though_another_generator_is_looked_at(
    qtbot: QtBot,
    make_window: Callable[..., StudioWindow],
    studio: Studio,
    wait: Callable[[Callable[[], Any]], None],
    let_fetch: threading.Event,
) -> None:
    window = make_window("spans")
    trainings, bar = window.trainings, window.board_area.bar
    trainings.ask("spans")
    first = trainings.dialog
    wait(lambda: "shakespeare" in first._packs.cards)
    card = first._packs.cards["shakespeare"]
    card.agree.setChecked(True)
    card.fetch.click()
    take_other(first, "bars")
    assert trainings.dialog.generator == "bars"
    assert (first.isVisible(), first.is_fetching) == (False, True)
    take_other(trainings.dialog, "spans")
    assert trainings.dialog is first  # where one sees how far it is
    assert first.isVisible()
    assert first.page.generator.currentData() == "spans"
    assert card.progress.isVisible()
    first.reject()
    trainings.ask("bars")
    let_fetch.set()
    wait(lambda: "is in the library now" in bar.text)
    (name,) = [each.name for each in studio.dataset_store.list()]
    assert bar.text == f"“{name}” is in the library now."
    trainings.dialog.reject()
    bar._calls[0][0].click()
    assert trainings.dialog.generator == "spans"
    wait(lambda: trainings.dialog.page.dataset.currentData() == name)
    trainings.dialog.reject()


def test_a_model_is_made_of_a_training_that_goes_on(
    qtbot: QtBot,
    make_window: Callable[..., StudioWindow],
    start: Callable[..., Any],
    studio: Studio,
    wait: Callable[[Callable[[], Any]], None],
) -> None:
    window = make_window("spans")
    job = start(window, minutes=5)
    # A worker that is a thread may have its first checkpoint before this one has its turn.
    awaited = job.training.newest() is None
    there(window.trainings.monitor).try_model.emit(job)
    told = window.board_area.bar.text
    assert "few seconds" in told or not awaited or job.training.newest() is not None
    wait(lambda: bool(own(studio.models)))
    assert window.panel.models.model().name == own(studio.models)[0]
    assert "as it stands" in window.board_area.bar.text
    assert not job.state.ended
    assert own(studio.models)[0].startswith("mine at step")
    with qtbot.waitSignal(job.settled, timeout=40_000):
        job.cancel()
    assert len(own(studio.model_store.list())) == 1


def test_what_a_training_says_is_told(
    qtbot: QtBot, make_window: Any, start: Any, studio: Any, wait: Any
) -> None:
    window = make_window("spans")
    job = start(window, minutes=5)
    wait(lambda: bool(job.metrics))
    job.message_received.emit(Message({"en": "It collapsed.", "zh": "它崩溃了。"}, "warning"))
    assert window.board_area.bar.text == "It collapsed."
    with qtbot.waitSignal(job.settled, timeout=40_000):
        job.cancel()

"""Leaving a window or a board while something is written or made: nothing is cut off in silence."""

import threading
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from kinds import there
from PIL import Image as Pillow
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMessageBox
from thread_workers import Script

from aigc_studio.api import Candidate, Dataset, Progress, StudioError, Text
from aigc_studio.library.new_trainings import NewTraining
from aigc_studio.project import Item, Project, archive, commands, export
from aigc_studio.project.export import ExportOptions
from aigc_studio.ui.library.work import Work
from aigc_studio.ui.network import watched
from aigc_studio.ui.studio import Studio
from aigc_studio.ui.window import StudioWindow
from aigc_studio.ui.window.files.written import Place

Wait = Callable[[Callable[[], Any]], None]
Start = Callable[[], Path]


def put(window: StudioWindow, words: str) -> Item:
    project = window.studio.project
    content = project.store.put(Text(words))
    item = Item(project.board.new_ids(1)[0], "T", content, 0, 0, 320, 180)
    window.studio.do(commands.add_items(project.board, [item]))
    return item


def press(window: StudioWindow, words: str) -> None:
    """Press what a message offers."""
    (button,) = [each for each, _call in window.board_area.bar._calls if each.text() == words]
    button.click()


def answer(window: StudioWindow, button: QMessageBox.StandardButton) -> None:
    there(window.documents.question).button(button).click()


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """No file is written before this is set."""
    free = threading.Event()
    for module, name in ((export, "export"), (archive, "write")):
        write = getattr(module, name)

        def slow(*values: Any, write: Any = write, **named: Any) -> Any:
            free.wait(30)
            return write(*values, **named)

        monkeypatch.setattr(module, name, slow)
    yield free
    free.set()


@pytest.fixture
def exported(window: StudioWindow, tmp_path: Path) -> Start:
    """Begins to write the text of a board that is saved."""

    def begin() -> Path:
        item, path = put(window, "one"), tmp_path / "out" / "one.txt"
        path.parent.mkdir()
        window.studio.project.save(tmp_path / "board.aigc")
        window.exporting.write_items([item], [path], ExportOptions())
        return path

    return begin


def test_a_window_closes_when_what_it_writes_is_written(
    window: StudioWindow, wait: Wait, exported: Start, free: threading.Event
) -> None:
    free.set()
    path = exported()
    wait(path.exists)
    path.unlink()
    wait(lambda: not window.studio.errands.writing)
    free.clear()
    item = window.studio.project.board.items[0]
    window.exporting.write_items([item], [path], ExportOptions())
    window.close()
    assert window.isVisible()
    assert "still being written" in window.board_area.bar.text
    window.board_area.bar.clear()
    window.close()  # whoever asks again is told again
    assert "still being written" in window.board_area.bar.text
    free.set()
    wait(lambda: not window.isVisible())
    assert path.read_text().startswith("one")


@pytest.mark.parametrize("way", ["Don't wait", "Don't quit"])
def test_nobody_need_wait_for_files(
    window: StudioWindow, wait: Wait, exported: Start, free: threading.Event, way: str
) -> None:
    free.set()
    path = exported()
    wait(lambda: path.exists() and not window.studio.errands.writing)
    free.clear()
    window.exporting.write_items(window.studio.project.board.items, [path], ExportOptions())
    window.close()
    press(window, way)
    assert window.isVisible() is (way == "Don't quit")
    free.set()
    if way == "Don't quit":
        wait(lambda: "was written" in window.board_area.bar.text)
        assert window.isVisible()


def test_why_a_file_was_not_written_is_read_before_the_window_closes(
    window: StudioWindow, wait: Wait, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    item, free = put(window, "one"), threading.Event()
    window.studio.project.save(tmp_path / "board.aigc")

    def refuse(*_values: Any) -> None:
        free.wait(30)
        raise StudioError("The disk is full.")

    monkeypatch.setattr(export, "export", refuse)
    window.exporting.write_items([item], [tmp_path / "one.txt"], ExportOptions())
    window.close()
    free.set()
    wait(lambda: "disk is full" in window.board_area.bar.text)
    assert window.isVisible()
    window.close()
    assert not window.isVisible()


def test_what_is_being_saved_is_not_asked_about(
    window: StudioWindow, wait: Wait, free: threading.Event, tmp_path: Path
) -> None:
    put(window, "one")
    window.documents.save_to(tmp_path / "board.aigc")
    window.close()
    assert window.documents.question is None
    assert window.isVisible()
    free.set()
    wait(lambda: not window.isVisible())
    again = Project.open(tmp_path / "board.aigc")
    assert len(again.board.items) == 1
    again.close()


def test_what_is_written_of_a_board_is_whole_though_another_comes(
    window: StudioWindow,
    wait: Wait,
    free: threading.Event,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    former, folder = window.studio.project, tmp_path / "out"
    items, paths = [put(window, "one"), put(window, "two")], [folder / "1.txt", folder / "2.txt"]
    free.set()
    former.save(tmp_path / "board.aigc")
    free.clear()
    folder.mkdir()
    window.exporting.write_items(items, paths, ExportOptions())
    written: list[bool] = []
    close = former.close

    def look_and_close() -> None:
        written.extend(path.exists() for path in paths)
        close()

    monkeypatch.setattr(former, "close", look_and_close)
    window.documents.new()
    assert window.studio.project is not former
    free.set()
    wait(lambda: not window.studio.errands.writing)
    assert [path.read_text()[:3] for path in paths] == ["one", "two"]
    wait(lambda: not former.folder.exists())
    assert written == [True, True]  # when it was closed


@pytest.mark.parametrize("what", ["items", "board"])
def test_what_was_asked_for_is_of_the_board_that_it_was_asked_of(
    window: StudioWindow, wait: Wait, free: threading.Event, tmp_path: Path, what: str
) -> None:
    free.set()
    items = [put(window, "one"), put(window, "two")]
    window.studio.project.save(tmp_path / "board.aigc")
    errands, path = window.studio.errands, tmp_path / "out.png"
    before, done = threading.Event(), errands.writing
    errands.run_in_order(lambda: before.wait(30))  # the place is looked for behind this
    place = Place(lambda: [tmp_path / "1.txt", tmp_path / "2.txt"], tmp_path)
    if what == "items":
        window.exporting.write_items(items, place, ExportOptions())
    else:
        window.exporting.write_board(Place(lambda: [path], tmp_path), ExportOptions())
        wait(lambda: errands.writing > done)
    window.documents.new()
    put(window, "of the next board")
    before.set()
    wait(lambda: "written" in window.board_area.bar.text)
    if what == "items":
        assert [path.read_text()[:3] for path in place.find()] == ["one", "two"]
    else:
        with Pillow.open(path) as picture:
            assert picture.size == (320, 180)


def test_a_board_that_was_left_is_no_lost_work_though_the_window_closes_at_once(
    window: StudioWindow, wait: Wait, exported: Start, free: threading.Event
) -> None:
    free.set()
    path = exported()
    wait(lambda: path.exists() and not window.studio.errands.writing)
    free.clear()
    former = window.studio.project
    window.exporting.write_items(former.board.items, [path], ExportOptions())
    window.documents.new()
    window.close()
    press(window, "Don't wait")
    assert not window.isVisible()
    assert not former.folder.exists()


def test_what_is_being_fetched_is_waited_for_to_the_last(window: StudioWindow, wait: Wait) -> None:
    studio, seen = window.studio, window.status.network
    for used, words in ((True, "Fetching"), (True, "Fetching"), (False, "Fetching")):
        studio.tell_network(used)
        wait(lambda words=words: seen.text() == words)  # type: ignore[misc]
    wait(lambda: studio.fetching == 1)
    assert seen.text() == "Fetching"  # one of two is there: the other still uses the network
    window.close()
    assert window.isVisible()
    assert "still being fetched" in window.board_area.bar.text
    studio.tell_network(False)
    wait(lambda: not window.isVisible())
    assert seen.text() == "Offline"


def test_why_something_was_not_fetched_is_read_before_the_window_closes(
    window: StudioWindow, wait: Wait
) -> None:
    def steps() -> Iterator[None]:
        yield
        raise StudioError("There is no network.")

    studio, fetch = window.studio, watched(steps(), window.studio.tell_network)
    next(fetch)
    wait(lambda: studio.fetching == 1)
    window.close()
    with pytest.raises(StudioError):
        next(fetch)
    wait(lambda: not studio.fetching)
    assert window.isVisible()
    for _step in watched(iter([None]), studio.tell_network):
        wait(lambda: studio.fetching == 1)
    window.close()  # that one went well
    wait(lambda: not window.isVisible())


def test_a_window_closes_when_the_library_has_written_a_model(
    window: StudioWindow, wait: Wait, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free, path = threading.Event(), tmp_path / "mine.aigcmodel"

    def export_slowly(_name: str, path: Path) -> Path:
        free.wait(30)
        path.touch()
        return path

    monkeypatch.setattr(window.studio.model_store, "export", export_slowly)
    window.dialogs.show_library()
    window.dialogs.library.models.exchange.give("mine", path)
    window.close()
    assert window.isVisible()
    free.set()
    wait(lambda: not window.isVisible())
    assert path.exists()


def test_so_it_does_when_the_library_has_taken_one(
    window: StudioWindow, wait: Wait, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free, taken = threading.Event(), list[Path]()

    def import_slowly(path: Path) -> None:
        free.wait(30)
        taken.append(path)
        raise StudioError("It is a pickle.")

    monkeypatch.setattr(window.studio.model_store, "import_file", import_slowly)
    window.dialogs.import_into_library([tmp_path / "mine.aigcmodel"])
    window.close()
    assert window.isVisible()
    free.set()
    wait(lambda: not window.studio.errands.writing)
    assert taken == [tmp_path / "mine.aigcmodel"]
    assert window.isVisible()  # why it failed is to be read
    assert "It is a pickle." in window.dialogs.library.bar.text.text()


@pytest.mark.parametrize("kind", ["done", "broken", "refused", "left", "looked at"])
def test_a_window_closes_when_what_is_imported_or_installed_is_there(
    window: StudioWindow, wait: Wait, kind: str
) -> None:
    free = threading.Event()

    def steps() -> Generator[Any, None, Any]:
        yield Progress(0, 0)
        free.wait(30)
        if kind == "broken":
            raise StudioError("The disk is full.")
        return StudioError("It does not fit.") if kind == "refused" else "there"

    window.dialogs.show_plugins()
    work = Work(there(window.dialogs.plugins))
    work.start(steps, keeps=kind != "looked at")
    window.close()
    assert window.isVisible() is (kind != "looked at")
    if kind == "looked at":
        free.set()
        return
    window.close()  # whoever asks again is told again
    assert "still being imported or installed" in window.board_area.bar.text
    if kind == "left":  # by its own dialog
        work.close()
        assert not window.isVisible()
    free.set()
    wait(lambda: not work.running)
    if kind in ("broken", "refused"):
        assert window.isVisible()  # why is to be read
    else:
        wait(lambda: not window.isVisible())


def test_a_plugin_is_installed_to_its_end_before_the_window_closes(
    window: StudioWindow, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = threading.Event()

    class Slow:
        """An installation as the dialog sees it."""

        plan = SimpleNamespace(plugin=SimpleNamespace(name="wordy"))

        def finish(self, _records: object) -> Iterator[Any]:
            free.wait(30)
            yield Progress(0, 0)
            installed.append("wordy")

        def close(self) -> None:
            """Nothing is half made."""

    installed: list[str] = []
    window.dialogs.show_plugins()
    plugins = there(window.dialogs.plugins)
    plugins.ask_to_install("")
    dialog: Any = there(plugins.dialog)
    dialog._installation = Slow()
    dialog._install()
    window.close()
    assert window.isVisible()
    free.set()
    wait(lambda: not window.isVisible())
    assert installed == ["wordy"]


@pytest.fixture
def scripted(make_window: Callable[..., StudioWindow], script: Script) -> StudioWindow:
    return make_window("scripted")


def run(window: StudioWindow, count: int) -> None:
    """Ask the scripted plugin, as a person would."""
    window.panel.middle.count.setValue(count)
    window.panel.set_verb("generate")
    prompt = window.panel.middle.page().prompt
    prompt.setFocus()
    QTest.keyClick(prompt, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_who_saves_while_more_is_made_is_asked_once(
    scripted: StudioWindow, studio: Studio, script: Script, wait: Wait, tmp_path: Path
) -> None:
    path = tmp_path / "board.aigc"
    put(scripted, "one")
    studio.project.save(path)
    more = threading.Event()
    script.will(Candidate(Text("first")), more, *[Candidate(Text(str(n))) for n in range(3)])
    run(scripted, 4)
    wait(lambda: len(studio.project.candidates.list()) == 1)
    scripted.close()
    assert "1 candidate waits" in there(scripted.documents.question).text()
    answer(scripted, QMessageBox.StandardButton.Save)
    more.set()
    wait(lambda: not scripted.isVisible())
    again = Project.open(path)
    assert len(again.candidates.list()) == 1
    again.close()


def test_who_gives_no_name_to_what_is_left_keeps_what_is_being_made(
    scripted: StudioWindow, studio: Studio, script: Script, wait: Wait
) -> None:
    more = threading.Event()
    script.will(Candidate(Text("first")), more, Candidate(Text("second")))
    run(scripted, 2)
    wait(lambda: len(studio.project.candidates.list()) == 1)
    scripted.close()
    answer(scripted, QMessageBox.StandardButton.Save)
    (dialog,) = [each for each in scripted.findChildren(QFileDialog) if each.isVisible()]
    dialog.reject()
    more.set()
    wait(lambda: not scripted.session.is_busy)
    assert len(studio.project.candidates.list()) == 2


def test_the_next_board_does_not_wait_for_what_was_asked_for_on_the_last(
    scripted: StudioWindow, studio: Studio, script: Script, wait: Wait
) -> None:
    script.will(threading.Event())  # never set
    script.will(Candidate(Text("for the new one")))
    run(scripted, 1)
    wait(lambda: len(script.requests) == 1)
    scripted.documents.new()
    first = there(scripted.beginning).screen
    assert first.isVisible()  # though the job may not have ended yet
    assert scripted.focusWidget() is first.bar.words
    wait(lambda: not scripted.session.is_busy)
    run(scripted, 1)
    wait(lambda: len(studio.project.candidates.list()) == 1)
    (record,) = studio.project.candidates.list()
    assert studio.project.store.get(record.content) == Text("for the new one")


# Trainings


@pytest.fixture
def train(studio: Studio, tmp_path: Path) -> Callable[[StudioWindow], Any]:
    folder = tmp_path / "texts"
    folder.mkdir()
    for number in range(12):
        (folder / f"{number}.txt").write_text(f"{number} the cat sat on the mat. " * 9)
    for _progress in studio.dataset_store.import_files(folder, "words", "text"):
        pass
    data: Dataset = studio.dataset_store.open("words")

    def begin(window: StudioWindow) -> Any:
        training = studio.training_store.create(
            NewTraining("spans", data, name="mine", minutes=5, operation="learn", seed=1)
        )
        return window.trainings.start(training)

    return begin


def test_a_model_that_is_just_being_made_is_waited_for(
    make_window: Any, studio: Studio, train: Any, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, free = make_window("spans"), threading.Event()
    job = train(window)
    wait(lambda: bool(job.checkpoints))
    publish = job.training.publish

    def slow(*values: Any, **named: Any) -> Any:
        free.wait(30)
        return publish(*values, **named)

    monkeypatch.setattr(job.training, "publish", slow)
    job.stop()
    wait(lambda: job.state.ended)
    window.close()
    assert window.closing.question is None  # it has ended: there is nothing to ask
    assert window.isVisible()
    free.set()
    wait(lambda: not window.isVisible())
    assert [model.name for model in studio.model_store.list() if not model.shipped] == ["mine"]
    assert not studio.training_store.interrupted()


def test_that_nothing_could_be_kept_is_read_before_the_window_closes(
    make_window: Any, studio: Studio, train: Any, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = make_window("spans")
    job = train(window)
    wait(lambda: bool(job.checkpoints))

    def refuse(*_values: Any, **_named: Any) -> None:
        raise StudioError("The disk is full.")

    monkeypatch.setattr(job.training, "publish", refuse)
    window.close()
    window.closing.buttons["keep"].click()
    wait(lambda: job.is_settled)
    assert "disk is full" in window.board_area.bar.text
    assert window.isVisible()
    window.close()
    assert not window.isVisible()


def test_what_is_done_while_a_training_ends_is_asked_about(
    make_window: Any, studio: Studio, train: Any, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, free = make_window("spans"), threading.Event()
    job = train(window)
    wait(lambda: bool(job.checkpoints))
    monkeypatch.setattr(job, "_leave", free.wait)
    window.close()
    window.closing.buttons["later"].click()
    put(window, "written meanwhile")
    free.set()
    wait(lambda: window.documents.question is not None)
    assert "Save the changes" in there(window.documents.question).text()
    answer(window, QMessageBox.StandardButton.Discard)
    assert not window.isVisible()


def test_a_training_that_was_told_how_to_end_is_not_asked_about_again(
    make_window: Any, studio: Studio, train: Any, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = make_window("spans")
    job = train(window)
    wait(lambda: bool(job.checkpoints))
    leave = job.leave_for_later
    monkeypatch.setattr(job, "leave_for_later", lambda: None)  # its plugin takes its time
    window.close()
    window.closing.buttons["later"].click()
    put(window, "written meanwhile")
    window.closing._limit.timeout.emit()  # it has waited long enough
    answer(window, QMessageBox.StandardButton.Discard)
    assert job in studio.jobs.trainings
    assert window.closing.question is None
    leave()
    wait(lambda: not window.isVisible())


def test_what_is_written_while_a_training_ends_is_waited_for(
    make_window: Any,
    train: Any,
    wait: Wait,
    monkeypatch: pytest.MonkeyPatch,
    free: threading.Event,
    tmp_path: Path,
) -> None:
    window, left, path = make_window("spans"), threading.Event(), tmp_path / "one.txt"
    item = put(window, "one")
    free.set()
    window.studio.project.save(tmp_path / "board.aigc")
    free.clear()
    job = train(window)
    wait(lambda: bool(job.checkpoints))
    monkeypatch.setattr(job, "_leave", left.wait)
    window.close()
    window.closing.buttons["later"].click()
    window.exporting.write_items([item], [path], ExportOptions())
    left.set()
    wait(lambda: job.is_settled)
    assert window.isVisible()
    assert "still being written" in window.board_area.bar.text
    free.set()
    wait(lambda: not window.isVisible())
    assert path.exists()
    assert window.closing.question is None


def test_nobody_need_wait_for_a_training_that_takes_long_to_end(
    make_window: Any, studio: Studio, train: Any, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, free = make_window("spans"), threading.Event()
    job = train(window)
    wait(lambda: bool(job.checkpoints))
    monkeypatch.setattr(job, "_leave", free.wait)
    window.close()
    window.closing.buttons["later"].click()
    wait(lambda: job.state.ended)
    assert window.isVisible()
    assert "writes its last checkpoint" in window.board_area.bar.text  # as long as it does
    assert not window.board_area.bar._timer.isActive()
    press(window, "Don't wait")
    assert not window.isVisible()
    free.set()
    job.training.release()
    assert [each.name for each in studio.training_store.interrupted()] == ["mine"]


def test_who_presses_again_while_it_is_saved_is_asked_about_trainings_once(
    make_window: Any, train: Any, wait: Wait, free: threading.Event, tmp_path: Path
) -> None:
    window = make_window("spans")
    free.set()
    window.studio.project.save(tmp_path / "board.aigc")
    free.clear()
    job = train(window)
    wait(lambda: bool(job.checkpoints))
    put(window, "one")
    window.close()
    answer(window, QMessageBox.StandardButton.Save)
    window.close()
    assert "still being written" in window.board_area.bar.text
    free.set()
    wait(lambda: window.closing.question is not None and not window.studio.errands.writing)
    boxes = [each for each in window.findChildren(QMessageBox) if each.isVisible()]
    assert boxes == [window.closing.question]
    window.closing.buttons["cancel"].click()
    wait(lambda: not window.isVisible())

"""The window ends when the system asks: nothing is asked, and nothing is lost."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from gui.window.files.test_window_typed import begin, write
from kinds import a_text, there
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QMessageBox

from aigc_studio.api import Progress
from aigc_studio.project import Project, lost
from aigc_studio.ui.library.work import Work
from aigc_studio.ui.window import StudioWindow, ending
from aigc_studio.ui.window.ending import Ending

Wait = Callable[[Callable[[], object]], None]
ROOT = Path(__file__).parents[3]

ENDS = """
import sys
from PySide6.QtCore import QTimer, Qt
from PySide6.QtTest import QTest
from aigc_studio import app

def begin(window):
    def work():
        view = window.board_area.view
        view.setFocus()
        QTest.keyClick(view, Qt.Key.Key_T)
        QTest.keyClicks(view.viewport(), "once upon a time")
        {more}
        print("ready", flush=True)
    window.filled.connect(lambda: QTimer.singleShot(300, window, work))
sys.exit(app.run((), begin))
"""
"""A window in which somebody types."""


class Desk(QObject):
    """What the application tells of the system, and how it was ended."""

    commitDataRequest = Signal(object)
    aboutToQuit = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.left: list[int] = []

    def exit(self, status: int) -> None:
        self.left.append(status)


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk()


@pytest.fixture
def end(desk: Desk) -> Iterator[Callable[[StudioWindow], Ending]]:
    made: list[Ending] = []

    def heed(window: StudioWindow) -> Ending:
        made.append(Ending(window, desk))  # type: ignore[arg-type]
        return made[-1]

    yield heed
    for each in made:
        each.close()


def text_of(folder: Path) -> str:
    """The text that a session brings back."""
    project = Project.recover(folder)
    (item,) = project.board.items
    words = a_text(project.store.get(item.content)).value
    project.close()
    return words


def test_what_is_typed_is_kept_and_nothing_is_asked(
    window: StudioWindow, wait: Wait, desk: Desk, end: Callable[[StudioWindow], Ending]
) -> None:
    begin(window)
    write(window, "once upon a time")
    end(window).end()
    assert (window.isVisible(), desk.left, window.documents.question) == (False, [0], None)
    (folder,) = lost.find()
    assert text_of(folder) == "once upon a time"


def test_a_question_that_is_open_holds_nothing_up(
    window: StudioWindow, wait: Wait, desk: Desk, end: Callable[[StudioWindow], Ending]
) -> None:
    begin(window)
    write(window, "once")
    window.close()
    question = there(window.documents.question)
    assert isinstance(question, QMessageBox)
    end(window).end()
    assert (window.isVisible(), desk.left) == (False, [0])
    assert len(lost.find()) == 1


def test_what_is_saved_is_not_offered_again(
    window: StudioWindow, tmp_path: Path, end: Callable[[StudioWindow], Ending]
) -> None:
    folder = window.studio.project.folder
    window.studio.project.save(tmp_path / "board.aigc")
    end(window).end()
    assert not folder.exists()
    assert lost.find() == {}


def test_a_file_that_is_being_written_is_waited_for(
    window: StudioWindow, wait: Wait, desk: Desk, end: Callable[[StudioWindow], Ending]
) -> None:
    free, written = threading.Event(), list[str]()
    window.studio.errands.write(lambda: written.append("it") if free.wait(30) else None)
    end(window).end()
    assert window.isVisible()
    free.set()
    wait(lambda: desk.left == [0])
    assert (written, window.isVisible()) == (["it"], False)


def test_so_is_what_is_imported_or_installed(
    window: StudioWindow, wait: Wait, desk: Desk, end: Callable[[StudioWindow], Ending]
) -> None:
    free, done = threading.Event(), list[str]()

    def steps() -> Iterator[Progress]:
        yield Progress(0, 0)
        done.append("it") if free.wait(30) else None

    work = Work(window)
    work.start(steps, keeps=True)
    end(window).end()
    assert window.isVisible()
    free.set()
    wait(lambda: desk.left == [0])
    assert (done, window.isVisible()) == (["it"], False)


def test_it_does_not_wait_for_ever(
    window: StudioWindow,
    wait: Wait,
    desk: Desk,
    end: Callable[[StudioWindow], Ending],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ending, "LIMIT", 0.0)
    free = threading.Event()
    window.studio.errands.write(lambda: free.wait(30))
    end(window).end()
    assert (window.isVisible(), desk.left) == (False, [0])
    free.set()


def test_a_board_that_was_left_is_kept_while_its_save_waits(
    window: StudioWindow, end: Callable[[StudioWindow], Ending], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ending, "LIMIT", 0.0)
    begin(window)
    write(window, "once")
    window.documents.about_to_settle.emit()
    left, free = window.studio.project, threading.Event()
    window.studio.errands.write(lambda: free.wait(30))
    window.studio.show_project(Project.new())
    end(window).end()
    free.set()
    assert list(lost.find()) == [left.folder]


@pytest.mark.parametrize("way", ["closed", "quit"])
def test_so_it_is_when_the_session_ends(
    window: StudioWindow, desk: Desk, end: Callable[[StudioWindow], Ending], way: str
) -> None:
    heeding = end(window)
    begin(window)
    write(window, "once")
    desk.commitDataRequest.emit(None)
    assert window.isVisible()  # somebody else may still hold it up
    assert window.studio.project.board.items  # but what was typed is a step
    if way == "closed":
        window.close()
    else:
        desk.aboutToQuit.emit()
    assert (window.isVisible(), window.documents.question) == (False, None)
    assert text_of(next(iter(lost.find()))) == "once"
    assert heeding is not None


@pytest.mark.parametrize("way", ["closed", "quit"])
def test_a_session_ends_when_what_is_being_written_is_there(
    window: StudioWindow, desk: Desk, end: Callable[[StudioWindow], Ending], way: str
) -> None:
    free, written = threading.Event(), list[str]()
    end(window)
    desk.commitDataRequest.emit(None)
    window.studio.errands.write(lambda: written.append("it") if free.wait(30) else None)
    QTimer.singleShot(0, free.set)  # nobody turns the event loop but who waits
    if way == "closed":
        window.close()
    else:
        desk.aboutToQuit.emit()
    assert (written, window.isVisible()) == (["it"], False)


def test_a_session_that_goes_on_leaves_the_questions(
    window: StudioWindow,
    desk: Desk,
    end: Callable[[StudioWindow], Ending],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ending, "SESSION", 0.0)
    end(window)
    begin(window)
    write(window, "once")
    desk.commitDataRequest.emit(None)
    window.close()
    assert window.documents.question is not None
    assert window.isVisible()


@pytest.mark.processes
@pytest.mark.skipif(os.name != "posix", reason="Windows sends no such signals")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_a_signal_ends_the_window_in_good_order(home: Path, name: str) -> None:
    with started(home, "pass") as process:
        process.send_signal(signal.Signals[name])
        if name != "SIGINT":  # a shell and the system may both tell that a terminal is closed
            process.send_signal(signal.Signals[name])
        assert process.wait(60) == 0, there(process.stderr).read()
    (folder,) = lost.find()
    assert text_of(folder) == "once upon a time"


@pytest.mark.processes
@pytest.mark.skipif(os.name != "posix", reason="Windows sends no such signals")
def test_a_window_that_hangs_is_ended_all_the_same(home: Path) -> None:
    more = "import time; from aigc_studio.ui.window import ending; ending.STUCK = 0.1"
    with started(home, f"{more}; QTimer.singleShot(0, lambda: time.sleep(300))") as process:
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 128 + signal.SIGTERM


@pytest.mark.processes
@pytest.mark.skipif(os.name != "posix", reason="Windows sends no such signals")
def test_a_second_interrupt_waits_for_nothing(home: Path) -> None:
    more = "from aigc_studio.ui.window import ending; ending.LIMIT = ending.STUCK = 300"
    write = "window.studio.errands.write(lambda: __import__('time').sleep(300))"
    with started(home, f"{more}; {write}") as process:
        process.send_signal(signal.SIGINT)
        while process.poll() is None:
            process.send_signal(signal.SIGINT)  # two that come at once are one
        assert process.returncode == 128 + signal.SIGINT


@contextmanager
def started(home: Path, more: str) -> Iterator[subprocess.Popen[str]]:
    environment = dict(os.environ) | {
        "AIGC_STUDIO_HOME": str(home),
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'plugins'}",
    }
    with subprocess.Popen(
        [sys.executable, "-c", ENDS.format(more=more)],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        try:
            assert there(process.stdout).readline() == "ready\n", there(process.stderr).read()
            yield process
        finally:
            process.kill()

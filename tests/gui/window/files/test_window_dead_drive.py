"""Files on a drive that does not answer any more: the window goes on, and says what waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from crashed import crash
from dead_drive import Drive
from kinds import there
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from aigc_studio.api import Text
from aigc_studio.project import Item, Project, commands
from aigc_studio.project.export import ExportOptions
from aigc_studio.ui.library.last_folder import note_folder
from aigc_studio.ui.studio import Studio
from aigc_studio.ui.window import StudioWindow
from aigc_studio.ui.window.files.written import Place

Wait = Callable[[Callable[[], object]], None]


@pytest.fixture
def drive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, patient: None) -> Iterator[Drive]:
    made = Drive(tmp_path / "drive", monkeypatch)
    yield made
    made.plug()
    assert not made.waited, "\n\n".join(made.waited)


def put(studio: Studio, words: str) -> None:
    content = studio.project.store.put(Text(words))
    (id,) = studio.project.board.new_ids(1)
    item = Item(id, words, content, 0, 0, 100, 50)
    assert studio.do(commands.add_items(studio.project.board, [item]))


def saved(path: Path, words: str) -> Path:
    project = Project.new()
    content = project.store.put(Text(words))
    project.do(commands.add_items(project.board, [Item("i1", words, content, 0, 0, 100, 50)]))
    project.save(path)
    project.close()
    return path


def names(window: StudioWindow) -> list[str]:
    return [item.name for item in window.studio.project.board.items]


def listed(window: StudioWindow) -> list[str]:
    """What stands in the menu of files that were opened lately."""
    menu = window.actions_by_name.menus["recent"]
    menu.aboutToShow.emit()
    return [each.text() for each in menu.actions() if each.whatsThis()]


def chosen(window: StudioWindow, name: str) -> None:
    """A click in that menu."""
    listed(window)
    actions = window.actions_by_name.menus["recent"].actions()
    next(each for each in actions if each.text() == name).trigger()


def chooser(window: StudioWindow) -> QFileDialog:
    (found,) = [each for each in window.findChildren(QFileDialog) if each.isVisible()]
    return found


def answer(window: StudioWindow, words: str) -> None:
    question = there(window.documents.question)
    next(each for each in question.buttons() if words in each.text()).click()


def test_those_opened_lately_are_shown_and_others_can_be_opened(
    window: StudioWindow, studio: Studio, wait: Wait, tmp_path: Path, drive: Drive
) -> None:
    folders = {"here": tmp_path, "far": drive.folder, "farther": drive.folder}
    paths = [saved(folder / f"{name}.aigc", name) for name, folder in folders.items()]
    drive.unplug()
    for path in paths:
        studio.settings.add_recent_file(path)
    assert listed(window) == ["farther", "far", "here"]
    screen = there(window.beginning).screen
    wait(lambda: [board.path.stem for board in screen.boards] == ["here"])
    chosen(window, "far")
    wait(lambda: f"{drive.folder} does not answer" in window.board_area.bar.text)
    chosen(window, "here")
    wait(lambda: names(window) == ["here"])
    drive.plug()
    wait(lambda: not studio.errands.under_way)
    assert names(window) == ["here"]  # what was asked for last is what the person wanted
    assert "does not answer" not in window.board_area.bar.text


def test_a_project_on_it_is_opened_once_it_answers(
    window: StudioWindow, studio: Studio, wait: Wait, drive: Drive
) -> None:
    path = saved(drive.folder / "far.aigc", "far")
    drive.unplug()
    window.take_files([path])
    wait(lambda: "does not answer" in window.board_area.bar.text)
    drive.plug()
    wait(lambda: names(window) == ["far"])
    assert studio.project.path == path


@pytest.mark.parametrize("leaves", [True, False])
def test_what_was_done_while_it_was_opened_is_asked_about(
    window: StudioWindow, studio: Studio, wait: Wait, drive: Drive, leaves: bool
) -> None:
    path = saved(drive.folder / "far.aigc", "far")
    drive.unplug()
    window.documents.open(path)
    put(studio, "drawn meanwhile")
    drive.plug()
    wait(lambda: window.documents.question is not None)
    assert names(window) == ["drawn meanwhile"]
    answer(window, "Don't save" if leaves else "Cancel")
    wait(lambda: names(window) == ["far" if leaves else "drawn meanwhile"])
    wait(lambda: not studio.errands.under_way)
    assert (studio.project.path == path) is leaves


def test_what_was_opened_is_let_go_where_the_board_before_it_gets_no_name(
    window: StudioWindow, studio: Studio, wait: Wait, drive: Drive
) -> None:
    path = saved(drive.folder / "far.aigc", "far")
    drive.unplug()
    window.documents.open(path)
    put(studio, "drawn meanwhile")
    drive.plug()
    wait(lambda: window.documents.question is not None)
    answer(window, "Save")
    chooser(window).reject()
    wait(lambda: not studio.errands.under_way)
    own = studio.project.folder
    assert [each for each in own.parent.iterdir() if each.is_dir()] == [own]


def test_who_begins_another_board_waits_for_none_any_more(
    window: StudioWindow, studio: Studio, wait: Wait, drive: Drive
) -> None:
    path = saved(drive.folder / "far.aigc", "far")
    drive.unplug()
    window.documents.open(path)
    window.documents.new()
    drive.plug()
    wait(lambda: not studio.errands.under_way)
    assert studio.project.path is None
    assert names(window) == []


def test_what_waits_for_it_is_written_though_its_board_was_left(
    window: StudioWindow, studio: Studio, wait: Wait, drive: Drive
) -> None:
    put(studio, "words")
    former, path, done = studio.project, drive.folder / "a.txt", list[object]()
    drive.unplug()
    place = Place(lambda: [path], drive.folder)
    window.exporting.write_items(former.board.items, place, ExportOptions())
    window.documents.new()
    answer(window, "Don't save")
    studio.errands.run_in_order(lambda: None, done.append)
    wait(lambda: bool(done))  # all that does not wait for the drive
    drive.plug()
    wait(lambda: not studio.errands.under_way)
    assert path.read_text().startswith("words")
    assert not former.folder.exists()


def test_what_is_to_be_lost_is_asked_about_once(
    window: StudioWindow, studio: Studio, wait: Wait, tmp_path: Path
) -> None:
    put(studio, "not wanted")
    window.documents.open(saved(tmp_path / "a.aigc", "a"))
    answer(window, "Don't save")
    wait(lambda: names(window) == ["a"])
    assert window.documents.question is None


def test_saved_elsewhere_meanwhile_it_stays_there(
    window: StudioWindow, studio: Studio, wait: Wait, tmp_path: Path, drive: Drive
) -> None:
    put(studio, "words")
    far, here = drive.folder / "far.aigc", tmp_path / "here.aigc"
    window.documents.save_to(far)
    wait(lambda: studio.project.path == far)
    drive.unplug()
    put(studio, "more")
    window.documents.save()
    wait(lambda: "does not answer" in window.board_area.bar.text)
    window.documents.save_to(here)
    wait(lambda: studio.project.path == here)
    assert not window.isWindowModified()
    drive.plug()
    wait(lambda: not studio.errands.under_way)
    assert studio.project.path == here
    assert len(names(window)) == 2


def test_work_on_a_file_there_is_brought_back_before_it_answers(
    make_window: Callable[..., StudioWindow],
    studio: Studio,
    wait: Wait,
    tmp_path: Path,
    drive: Drive,
) -> None:
    """A save waited for the drive when the studio ended: what is not in the file lies here."""
    path = saved(drive.folder / "far.aigc", "far")
    project = Project.open(path)
    content = project.store.put(Text("more"))
    project.do(commands.add_items(project.board, [Item("i2", "more", content, 0, 60, 100, 50)]))
    crash(project)
    drive.unplug()
    window = make_window()
    wait(lambda: "1 project has unsaved work" in window.board_area.bar.text)
    window.board_area.bar._calls[0][0].click()
    wait(lambda: names(window) == ["far", "more"])
    here, done = tmp_path / "here.txt", list[object]()
    studio.errands.run_in_order(lambda: here.write_text("words"), done.append)
    wait(lambda: bool(done))  # nothing else waits for the drive
    assert studio.project.path == path
    window.documents.save()
    wait(lambda: f"{drive.folder} does not answer" in window.board_area.bar.text)
    drive.plug()
    wait(lambda: not studio.errands.under_way and not window.isWindowModified())
    again = Project.open(path)
    assert [item.name for item in again.board.items] == ["far", "more"]
    again.close()


def test_dialogs_begin_in_a_folder_that_answers(
    window: StudioWindow, studio: Studio, wait: Wait, tmp_path: Path, drive: Drive
) -> None:
    put(studio, "words")
    window.documents.save_to(drive.folder / "far.aigc")
    wait(lambda: studio.project.path is not None)
    note_folder(drive.folder / "a.png")
    drive.unplug()
    window.importing.ask()
    assert chooser(window).directory().path() == str(Path.home())
    chooser(window).reject()
    window.documents.save_as()
    assert chooser(window).directory().path() == str(Path.home())
    chooser(window).reject()


def test_files_that_are_dropped_from_it_wait(
    window: StudioWindow, studio: Studio, wait: Wait, tmp_path: Path, drive: Drive
) -> None:
    (drive.folder / "far.txt").write_text("far")
    (here := tmp_path / "here.txt").write_text("here")
    drive.unplug()
    window.take_files([drive.folder / "far.txt"])
    window.take_files([here])
    wait(lambda: names(window) == ["here"])
    drive.plug()
    wait(lambda: names(window) == ["here", "far"])


def test_what_is_exported_to_it_waits(
    window: StudioWindow, studio: Studio, wait: Wait, qtbot: QtBot, drive: Drive
) -> None:
    put(studio, "words")
    drive.unplug()
    window.exporting.export_items()
    there(window.exporting.dialog).go.click()
    chooser(window).fileSelected.emit(str(drive.folder / "a.txt"))
    chooser(window).reject()
    wait(lambda: "does not answer" in window.board_area.bar.text)
    assert studio.errands.writing  # whoever closes the window now waits for it
    drive.plug()
    wait(lambda: "a.txt was written" in window.board_area.bar.text)
    drive.unplug()
    (show,) = [each for each, _call in window.board_area.bar._calls if "Show" in each.text()]
    opened: list[QUrl] = []
    with pytest.MonkeyPatch.context() as around:
        around.setattr("PySide6.QtGui.QDesktopServices.openUrl", opened.append)
        show.click()
    assert [url.toLocalFile() for url in opened] == [str(drive.folder)]


def test_the_plugins_window_takes_a_drop_from_it(
    window: StudioWindow, wait: Wait, drive: Drive
) -> None:
    (drive.folder / "mine.py").touch()
    drive.unplug()
    window.dialogs.show_plugins()
    plugins = there(window.dialogs.plugins)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(drive.folder / "mine.py"))])
    both = (
        Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(plugins, QDragEnterEvent(QPoint(20, 20), *both))
    QApplication.sendEvent(plugins, QDropEvent(QPointF(20, 20), *both))
    drive.plug()
    plugins.close()

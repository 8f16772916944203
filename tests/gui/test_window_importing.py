"""Files that come in: what is said of them, what can be read otherwise, and where one looks."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QInputDialog
from pytestqt.qtbot import QtBot

from aigc_studio.api import Image, Text
from aigc_studio.project import Item, Project, commands
from aigc_studio.ui.library.last_folder import EXPORT, last_folder
from aigc_studio.ui.window.files.remarks_dialog import RemarksDialog
from aigc_studio.ui.window.message_bar import MessageBar
from aigc_studio.ui.window.window import StudioWindow

Wait = Callable[[Callable[[], Any]], None]


def chunk(name: bytes, content: bytes) -> bytes:
    return name + len(content).to_bytes(4, "big") + content


def two_parts(path: Path) -> Path:
    """A MIDI file of two instruments that sound together: high and low."""
    tracks = []
    for channel, (name, pitch) in enumerate(((b"High", 72), (b"Low", 48))):
        notes = b"".join(
            bytes([0, 0x90 | channel, pitch + step, 80, 120, 0x80 | channel, pitch + step, 0])
            for step in range(4)
        )
        title = bytes([0, 0xFF, 3, len(name)]) + name
        tracks.append(chunk(b"MTrk", title + notes + b"\0\xff\x2f\0"))
    head = chunk(b"MThd", b"\0\1" + bytes([0, len(tracks)]) + b"\1\xe0")
    path.write_bytes(head + b"".join(tracks))
    return path


def odd_text(path: Path) -> Path:
    path.write_bytes("Привет, мир. Как дела?".encode("koi8-r"))
    return path


def names(bar: MessageBar) -> list[str]:
    return [button.text() for button, _call in bar._calls]


def press(bar: MessageBar, name: str) -> None:
    next(button for button, _call in bar._calls if button.text() == name).click()


def open_dialog(window: StudioWindow, kind: type) -> Any:
    return window.findChildren(kind)[-1]


@pytest.fixture
def imported(window: StudioWindow, wait: Wait, tmp_path: Path) -> MessageBar:
    """The bar after an import of an archive, an odd text and a tune of two parts."""
    archive = tmp_path / "many.zip"
    archive.write_bytes(b"PK\3\4 whatever")
    window.take_files([archive, odd_text(tmp_path / "odd.txt"), two_parts(tmp_path / "duet.mid")])
    bar = window.board_area.bar
    wait(lambda: bool(bar.text))
    return bar


def test_all_remarks_can_be_read_and_copied(
    qtbot: QtBot, window: StudioWindow, imported: MessageBar
) -> None:
    said = imported.text
    press(imported, "Show all")
    dialog = open_dialog(window, RemarksDialog)
    shown = dialog.text.toPlainText()
    for name in ("many.zip", "odd.txt", "duet.mid"):
        assert f"\n{name}\n    " in f"\n{shown}"
    assert "KOI8-R" in shown
    dialog.copy.click()
    assert QApplication.clipboard().text() == shown
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert imported.text == said
    assert names(imported) == ["All parts", "Other part…", "Other encoding…", "Show all"]


def test_a_question_that_is_left_answers_nothing(
    qtbot: QtBot, window: StudioWindow, imported: MessageBar
) -> None:
    said = imported.text
    press(imported, "Other encoding…")
    qtbot.keyClick(open_dialog(window, QInputDialog), Qt.Key.Key_Escape)
    assert imported.text == said
    assert "All parts" in names(imported)


def test_what_is_answered_goes_and_the_rest_is_offered_on(
    window: StudioWindow, imported: MessageBar, wait: Wait
) -> None:
    press(imported, "Other encoding…")
    open_dialog(window, QInputDialog).textValueSelected.emit("KOI8-R")
    assert names(imported) == ["All parts", "Other part…", "Show all"]
    wait(lambda: len(window.studio.project.board.items) == 3)
    press(imported, "All parts")
    assert imported.text == ""
    wait(lambda: len(window.studio.project.board.items) == 4)


def test_another_part_of_a_tune_is_chosen_by_its_name(
    window: StudioWindow, imported: MessageBar, wait: Wait
) -> None:
    press(imported, "Other part…")
    dialog = open_dialog(window, QInputDialog)
    assert dialog.comboBoxItems() == ["High", "Low"]
    dialog.textValueSelected.emit("Low")
    wait(lambda: len(window.studio.project.board.items) == 3)
    tune: Any = window.studio.project.store.get(window.studio.project.board.items[-1].content)
    assert [note.pitch for note in tune.notes] == [48, 49, 50, 51]


def test_a_single_remark_needs_no_list(window: StudioWindow, wait: Wait, tmp_path: Path) -> None:
    window.take_files([odd_text(tmp_path / "odd.txt")])
    wait(lambda: bool(window.board_area.bar.text))
    assert names(window.board_area.bar) == ["Other encoding…"]


def test_a_project_that_is_imported_is_opened(
    window: StudioWindow, wait: Wait, tmp_path: Path
) -> None:
    project = Project.new()
    content = project.store.put(Text("here"))
    project.do(commands.add_items(project.board, [Item("i1", "T", content, 0, 0, 60, 40)]))
    project.save(tmp_path / "mine.aigc")
    project.close()
    window.importing.ask()
    open_dialog(window, QFileDialog).filesSelected.emit([str(tmp_path / "mine.aigc")])
    wait(lambda: window.documents.name == "mine")
    assert window.board_area.bar.text == ""


def test_file_dialogs_open_where_the_last_one_was_left(
    window: StudioWindow, wait: Wait, tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    picture = np.zeros((8, 8), np.uint8)
    content = window.studio.project.store.put(Image(picture))
    board = window.studio.project.board
    item = Item("i1", "P", content, 0, 0, 60, 40)
    assert window.studio.do(commands.add_items(board, [item]))
    (tmp_path / "in" / "a.txt").write_text("words")
    window.importing.ask()
    open_dialog(window, QFileDialog).filesSelected.emit([str(tmp_path / "in" / "a.txt")])
    wait(lambda: len(window.studio.project.board.items) == 2)
    window.importing.ask()
    assert open_dialog(window, QFileDialog).directory().path() == str(tmp_path / "in")
    window.exporting._ask_file("a.png", lambda _path: None)
    open_dialog(window, QFileDialog).fileSelected.emit(str(tmp_path / "out" / "a.png"))
    assert (last_folder(), last_folder(EXPORT)) == (str(tmp_path / "in"), str(tmp_path / "out"))
    window.exporting._ask_file("a.png", lambda _path: None)
    assert open_dialog(window, QFileDialog).directory().path() == str(tmp_path / "out")

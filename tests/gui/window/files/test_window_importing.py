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
from aigc_studio.library import melodies
from aigc_studio.project import Item, Project, commands
from aigc_studio.translation import set_language
from aigc_studio.ui.library.import_dialog import ImportDialog
from aigc_studio.ui.library.last_folder import EXPORT, last_folder
from aigc_studio.ui.window.files.part_rows import described, name_of
from aigc_studio.ui.window.files.parts_dialog import PartsDialog
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
    archive = tmp_path / "many.rar"
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
    for name in ("many.rar", "odd.txt", "duet.mid"):
        assert f"\n{name}\n    " in f"\n{shown}"
    assert "KOI8-R" in shown
    dialog.copy.click()
    assert QApplication.clipboard().text() == shown
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert imported.text == said
    assert names(imported) == ["All parts", "Choose parts…", "Other encoding…", "Show all"]


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
    assert names(imported) == ["All parts", "Choose parts…", "Show all"]
    wait(lambda: len(window.studio.project.board.items) == 3)
    press(imported, "All parts")
    assert imported.text == ""
    wait(lambda: len(window.studio.project.board.items) == 4)


def test_parts_are_listed_and_chosen(
    qtbot: QtBot, window: StudioWindow, imported: MessageBar, wait: Wait
) -> None:
    press(imported, "Choose parts…")
    wait(lambda: bool(window.findChildren(PartsDialog)))
    dialog = open_dialog(window, PartsDialog)
    rows = [dialog.tree.topLevelItem(number) for number in range(2)]
    assert [row.text(0) for row in rows] == ["High", "Low"]
    assert [row.text(2) for row in rows] == ["4", "4"]
    assert rows[0].text(3) == "C5–E♭5"
    assert [row.checkState(0) for row in rows] == [Qt.CheckState.Checked, Qt.CheckState.Unchecked]
    assert not dialog.search.isVisible()
    dialog.none.click()
    assert not dialog.take.isEnabled()
    dialog.tree.setCurrentItem(rows[1])
    qtbot.keyClick(dialog.tree, Qt.Key.Key_Space)
    assert dialog.take.text() == "Import 1"
    dialog.take.click()
    wait(lambda: len(window.studio.project.board.items) == 3)
    item = window.studio.project.board.items[-1]
    tune: Any = window.studio.project.store.get(item.content)
    assert item.name == "duet, Low"
    assert [note.pitch for note in tune.notes] == [48, 49, 50, 51]
    assert names(imported) == ["Other encoding…", "Show all"]


def test_parts_come_together_in_one_tune(
    window: StudioWindow, imported: MessageBar, wait: Wait
) -> None:
    press(imported, "Choose parts…")
    wait(lambda: bool(window.findChildren(PartsDialog)))
    dialog = open_dialog(window, PartsDialog)
    assert not dialog.together.isEnabled()
    dialog.every.click()
    dialog.together.setChecked(True)
    assert dialog.take.text() == "Import 2"
    dialog.take.click()
    wait(lambda: len(window.studio.project.board.items) == 3)
    item = window.studio.project.board.items[-1]
    tune: Any = window.studio.project.store.get(item.content)
    assert item.name == "duet"
    assert len(tune.notes) == 8


def a_collection(path: Path, count: int) -> Path:
    tunes = [f"X:{n}\nT:Tune {n}\nM:2/4\nL:1/4\nK:Dmix\nCD|EF|\n" for n in range(1, count)]
    path.write_text("\n".join([*tunes, f"X:{count}\nT:Silent\nK:C\nz|\n"]))
    return path


def test_tunes_of_a_collection_are_chosen(
    qtbot: QtBot, window: StudioWindow, wait: Wait, tmp_path: Path
) -> None:
    window.take_files([a_collection(tmp_path / "book.abc", 20)])
    bar = window.board_area.bar
    wait(lambda: bool(bar.text))
    board = window.studio.project.board
    assert [item.name for item in board.items] == ["Tune 1"]
    assert "20 tunes" in bar.text
    press(bar, "Choose tunes…")
    wait(lambda: bool(window.findChildren(PartsDialog)))
    dialog = open_dialog(window, PartsDialog)
    silent = dialog.tree.topLevelItem(19)
    assert not silent.flags() & Qt.ItemFlag.ItemIsUserCheckable
    dialog.tree.setCurrentItem(silent)
    assert "no notes" in dialog.said.text()
    assert not dialog.hear.isVisibleTo(dialog)
    assert dialog.tree.topLevelItem(0).text(6) == "D mixolydian"
    assert not dialog.together.isVisible()
    dialog.none.click()
    qtbot.keyClicks(dialog.search, "tune 1")
    dialog.every.click()  # those that are seen: 1 and 10 to 19
    assert dialog.take.text() == "Import 11"
    dialog.search.clear()
    dialog.take.click()
    wait(lambda: len(window.studio.project.board.items) == 12)
    names_now = [item.name for item in window.studio.project.board.items]
    assert names_now[1:4] == ["Tune 1", "Tune 10", "Tune 11"]


def test_a_single_remark_needs_no_list(window: StudioWindow, wait: Wait, tmp_path: Path) -> None:
    window.take_files([odd_text(tmp_path / "odd.txt")])
    wait(lambda: bool(window.board_area.bar.text))
    assert names(window.board_area.bar) == ["Other encoding…"]


def tunes_in(path: Path, count: int) -> Path:
    tune = "X:{n}\nT:Tune {n}\nM:4/4\nL:1/4\nK:C\nCDEF|GABc|cBAG|FED{c}|]\n"
    path.write_text("\n".join(tune.format(n=n, c="CDEFGAB"[n % 7]) for n in range(1, count + 1)))
    return path


def test_a_long_text_that_comes_alone_can_be_learnt_from(
    window: StudioWindow, wait: Wait, tmp_path: Path
) -> None:
    story = tmp_path / "story.txt"
    story.write_text("".join(f"The fox ran on for {n} miles. " for n in range(500)))
    window.take_files([story])
    bar = window.board_area.bar
    wait(lambda: bool(bar.text))
    assert bar.text == "“story.txt” is long enough to train a generator with."
    assert names(bar) == ["Train…"]
    assert bar._timer.isActive()  # nobody need answer that
    assert [item.name for item in window.studio.project.board.items] == ["story"]
    press(bar, "Train…")
    dialog = window.trainings.dialog
    wait(lambda: bool(dialog.findChildren(ImportDialog)))
    imports = dialog.findChildren(ImportDialog)[0]
    wait(lambda: imports.found is not None and imports.page.accept.isEnabled())
    imports.page.accept.click()
    wait(lambda: dialog.page.dataset.currentData() == "story")
    dialog.reject()


def test_a_book_of_tunes_is_learnt_from_by_what_learns_tunes(
    window: StudioWindow, wait: Wait, tmp_path: Path
) -> None:
    window.take_files([tunes_in(tmp_path / "book.abc", 12)])
    bar = window.board_area.bar
    wait(lambda: bool(bar.text))
    assert names(bar) == ["Choose tunes…", "Train…"]
    press(bar, "Train…")
    assert window.trainings.dialog.generator == "bars"
    window.trainings.dialog.reject()


def test_a_long_text_that_is_read_otherwise_is_offered_for_learning_once(
    window: StudioWindow, wait: Wait, tmp_path: Path
) -> None:
    story = tmp_path / "story.txt"
    story.write_bytes(("Привет, мир! Это рассказ о лисе. " * 400).encode("koi8-r"))
    window.take_files([story])
    bar = window.board_area.bar
    wait(lambda: bool(bar.text))
    assert names(bar) == ["Other encoding…", "Train…"]
    press(bar, "Other encoding…")
    open_dialog(window, QInputDialog).textValueSelected.emit("KOI8-R")
    wait(lambda: len(window.studio.project.board.items) == 2)
    assert bar.text == "“story.txt” is long enough to train a generator with."
    bar.clear()
    assert bar.text == ""  # what was said of the other reading is gone


def test_what_is_little_or_came_with_others_is_no_lesson(
    window: StudioWindow, wait: Wait, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bar, items = window.board_area.bar, window.studio.project.board
    long = ["".join(f"{name} ran {n} miles. " for n in range(900)) for name in ("One", "Two")]
    for name, words in (("a", long[0]), ("b", long[1]), ("short", "A short one.")):
        (tmp_path / f"{name}.txt").write_text(words)
    window.take_files([tmp_path / "short.txt"])
    window.take_files([tmp_path / "a.txt", tmp_path / "b.txt"])
    wait(lambda: len(items) == 3)
    assert bar.text == ""
    window.take_files([tunes_in(tmp_path / "few.abc", 3)])
    wait(lambda: bool(bar.text))
    assert names(bar) == ["Choose tunes…"]
    bar.clear()
    monkeypatch.setattr(
        "aigc_studio.ui.window.training.learners.learner_of", lambda _studio, _medium: ""
    )
    window.take_files([tmp_path / "a.txt"])  # there is nothing that could learn it
    wait(lambda: len(items) == 5)
    assert bar.text == ""


def test_titles_of_tunes_can_be_read_otherwise(
    window: StudioWindow, wait: Wait, tmp_path: Path
) -> None:
    words = "X:1\nT:茉莉花\nM:4/4\nK:C\nCDEF|\n\nX:2\nT:紫竹調\nK:C\nCDEF|\n"
    (tmp_path / "tunes.abc").write_bytes(words.encode("big5"))
    window.take_files([tmp_path / "tunes.abc"])
    bar = window.board_area.bar
    wait(lambda: bool(bar.text))
    assert names(bar) == ["Choose tunes…", "Other encoding…"]
    press(bar, "Other encoding…")
    open_dialog(window, QInputDialog).textValueSelected.emit("Big5")
    wait(lambda: len(window.studio.project.board.items) == 2)
    assert window.studio.project.board.items[-1].name == "茉莉花"
    wait(lambda: "茉莉花" in bar.text)
    assert names(bar) == ["Choose tunes…"]


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


def test_of_a_long_collection_the_first_tunes_are_listed(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aigc_studio.library.melodies.offered.MOST_LISTED", 15)
    offer = melodies.choices(a_collection(tmp_path / "book.abc", 20))
    dialog = PartsDialog([offer])
    qtbot.addWidget(dialog)
    assert dialog.tree.topLevelItemCount() == 15
    assert "15 of 20" in dialog.more.text()


@pytest.mark.parametrize(
    ("key", "said"), [("Bb", "B♭ major"), ("F#m", "F♯ minor"), ("Ddor", "D dorian")]
)
def test_the_key_of_a_tune_is_told(key: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "a.abc").write_text(f"X:1\nT:A\nM:4/4\nK:{key}\nCDEF|\n")
    (choice,) = melodies.choices(tmp_path / "a.abc").found
    assert described(choice)[-1] == said


def test_a_part_is_named_as_the_language_lists(tmp_path: Path) -> None:
    offer = melodies.choices(two_parts(tmp_path / "二重奏.mid"))
    assert name_of(offer, offer.found[0]) == "二重奏, High"
    set_language("zh_CN")
    try:
        assert name_of(offer, offer.found[0]) == "二重奏、High"
    finally:
        set_language("en")

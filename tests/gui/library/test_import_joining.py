"""Files join a dataset that is there: chosen in the import dialog, dropped on it, or by *Add…*."""

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from aigc_studio.library import DatasetStore, ImportOptions, ModelStore, PackStore
from aigc_studio.ui.library.entries import Entry
from aigc_studio.ui.library.import_dialog import ImportDialog
from aigc_studio.ui.library.window import LibraryWindow

LEFT = Qt.MouseButton.LeftButton
COPY = Qt.DropAction.CopyAction
PLAIN = Qt.KeyboardModifier.NoModifier


def drawn(folder: Path, count: int, seed: int = 0, side: int = 16) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        pixels = np.random.default_rng(seed + number).integers(0, 255, (side, side, 3), np.uint8)
        Pillow.fromarray(pixels).save(folder / f"{number}.png")
    return folder


@pytest.fixture
def store(home: Path, tmp_path: Path) -> DatasetStore:
    """`my hand`, eight grey pictures of 12×12, and `words`, a text."""
    store = DatasetStore()
    options = ImportOptions(size=12, mode="grey")
    list(store.import_files(drawn(tmp_path / "hand", 8), "my hand", "image", options))
    (tmp_path / "words.txt").write_text("One. Two. Three.")
    list(store.import_files(tmp_path / "words.txt", "words", "text"))
    return store


@pytest.fixture
def more(tmp_path: Path) -> Path:
    """Four new pictures, and one that is there."""
    folder = drawn(tmp_path / "more", 4, 100)
    (folder / "twin.png").write_bytes((tmp_path / "hand" / "3.png").read_bytes())
    return folder


@pytest.fixture
def opened(qtbot: QtBot, store: DatasetStore) -> Callable[..., ImportDialog]:
    def open_dialog(into: str = "") -> ImportDialog:
        dialog = ImportDialog(store, None, into)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return open_dialog


def looked(qtbot: QtBot, dialog: ImportDialog) -> None:
    qtbot.waitUntil(lambda: dialog.found is not None, timeout=20_000)


def drop(widget: QWidget, path: Path, place: QPoint) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    QApplication.sendEvent(widget, QDragEnterEvent(place, COPY, mime, LEFT, PLAIN))
    QApplication.sendEvent(widget, QDragMoveEvent(place, COPY, mime, LEFT, PLAIN))
    QApplication.sendEvent(widget, QDropEvent(QPointF(place), COPY, mime, LEFT, PLAIN))


def test_files_join_what_is_chosen(
    qtbot: QtBot, opened: Callable[..., ImportDialog], store: DatasetStore, more: Path
) -> None:
    dialog = opened()
    page = dialog.page
    dialog.set_paths([more])
    looked(qtbot, dialog)
    qtbot.waitUntil(lambda: page.target.count() == 2)
    assert page.target.itemText(1) == "Add to “my hand” (8)"
    assert page.name.isVisible()
    assert page.accept.text() == "Import 5 examples"
    page.options.side.setCurrentIndex(3)
    QTest.keyClick(page.target, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: page.accept.text() == "Add 4 examples")
    assert not page.name.isVisible()
    assert not page.test_share.isEnabled()
    assert (page.options.side.currentData(), page.options.side.isEnabled()) == (12, False)
    assert page.options.mode.currentData() == "grey"
    assert page.options.folders.isEnabled()
    assert "1 example is in “my hand” already" in page.remarks.text()
    QTest.keyClick(page.target, Qt.Key.Key_Up)
    qtbot.waitUntil(lambda: page.accept.text() == "Import 5 examples")
    assert page.name.isVisible()
    assert page.options.side.isEnabled()
    assert page.options.side.currentIndex() == 3  # as it was chosen before
    QTest.keyClick(page.target, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: page.accept.text() == "Add 4 examples")
    with qtbot.waitSignal(dialog.imported) as imported:
        qtbot.mouseClick(page.accept, LEFT)
    assert imported.args == ["my hand"]
    assert store.info("my hand").shapes == {"12×12": 12}
    assert store.names() == ["my hand", "words"]


def test_a_choice_that_was_taken_back_while_it_was_read_fixes_nothing(
    qtbot: QtBot,
    opened: Callable[..., ImportDialog],
    store: DatasetStore,
    more: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dialog = opened()
    page, may_come, truly = dialog.page, threading.Event(), store.joining_options

    def slowly(name: str) -> ImportOptions:
        may_come.wait(20)
        return truly(name)

    monkeypatch.setattr(store, "joining_options", slowly)
    dialog.set_paths([more])
    qtbot.waitUntil(lambda: page.target.count() == 2)
    QTest.keyClick(page.target, Qt.Key.Key_Down)
    QTest.keyClick(page.target, Qt.Key.Key_Up)
    may_come.set()
    qtbot.waitUntil(lambda: not dialog._errands.under_way)
    looked(qtbot, dialog)
    assert page.options.side.isEnabled()
    assert page.chosen_options().size is None
    assert page.accept.text() == "Import 5 examples"


def test_data_of_the_medium_that_is_chosen_is_offered_and_none_where_there_is_none(
    qtbot: QtBot, opened: Callable[..., ImportDialog], more: Path
) -> None:
    dialog = opened()
    dialog.set_paths([more])
    looked(qtbot, dialog)
    target = dialog.page.target
    qtbot.waitUntil(lambda: target.isVisible())
    qtbot.mouseClick(dialog.page.media["melody"], LEFT)
    assert not target.isVisible()
    qtbot.mouseClick(dialog.page.media["text"], LEFT)
    assert target.isVisible()
    assert target.itemText(1).startswith("Add to “words”")


def test_a_dataset_that_is_gone_when_the_dialog_comes_is_none(
    qtbot: QtBot, opened: Callable[..., ImportDialog], more: Path
) -> None:
    dialog = opened("gone")
    dialog.set_paths([more])
    looked(qtbot, dialog)
    assert dialog.page.target.name() == ""
    assert dialog.page.accept.text() == "Import 5 examples"


def test_what_cannot_join_is_said(
    qtbot: QtBot, opened: Callable[..., ImportDialog], store: DatasetStore, tmp_path: Path
) -> None:
    dialog = opened("my hand")
    dialog.set_paths([tmp_path / "words.txt"])
    looked(qtbot, dialog)
    assert "It is not a picture." in dialog.page.error.text()
    assert not dialog.page.accept.isEnabled()


class TestLibrary:
    @pytest.fixture
    def window(self, qtbot: QtBot, store: DatasetStore, tmp_path: Path) -> LibraryWindow:
        window = LibraryWindow(ModelStore(shipped=tmp_path / "shipped"), store, PackStore())
        qtbot.addWidget(window)
        window.resize(1000, 660)
        window.show()
        qtbot.waitUntil(lambda: window.datasets.list.count() == 2)
        return window

    def test_files_that_are_dropped_on_a_dataset_join_it(
        self, qtbot: QtBot, window: LibraryWindow, store: DatasetStore, more: Path
    ) -> None:
        entries = window.datasets.list
        place = entries.visualItemRect(entries.item(0)).center()
        before = entries.viewport().grab().toImage()
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(more))])
        QApplication.sendEvent(entries.viewport(), QDragEnterEvent(place, COPY, mime, LEFT, PLAIN))
        assert entries.viewport().grab().toImage() != before  # it lights up
        drop(entries.viewport(), more, place)
        dialog = window.datasets.dialog
        assert dialog is not None
        looked(qtbot, dialog)
        assert dialog.page.target.name() == "my hand"
        with qtbot.waitSignal(window.datasets_changed):
            qtbot.mouseClick(dialog.page.accept, LEFT)
        assert store.info("my hand").examples == 12
        qtbot.waitUntil(lambda: "12 examples" in entries.item(0).toolTip())

    def test_the_list_may_be_filled_anew_while_files_hang_over_it(
        self, window: LibraryWindow, more: Path
    ) -> None:
        entries = window.datasets.list
        place = entries.visualItemRect(entries.item(0)).center()
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(more))])
        plain = entries.viewport().grab().toImage()
        QApplication.sendEvent(entries.viewport(), QDragEnterEvent(place, COPY, mime, LEFT, PLAIN))
        entries.fill([Entry(name, "", "image") for name in ("my hand", "words")])
        assert entries.viewport().grab().toImage() != plain
        entries.fill([])
        entries.viewport().grab()

    def test_beside_them_they_become_data_of_their_own(
        self, qtbot: QtBot, window: LibraryWindow, more: Path
    ) -> None:
        entries = window.datasets.list
        drop(entries.viewport(), more, QPoint(20, entries.viewport().height() - 4))
        dialog = window.datasets.dialog
        assert dialog is not None
        looked(qtbot, dialog)
        assert dialog.page.target.name() == ""

    def test_add_asks_for_files_that_join_what_is_shown(
        self, qtbot: QtBot, window: LibraryWindow, more: Path
    ) -> None:
        window.show_dataset("my hand")
        qtbot.mouseClick(window.datasets.view.add, LEFT)
        dialog = window.datasets.dialog
        assert dialog is not None
        qtbot.waitUntil(lambda: dialog.page.target.name() == "my hand")
        drop(dialog, more, QPoint(300, 200))
        looked(qtbot, dialog)
        assert dialog.page.accept.text() == "Add 4 examples"

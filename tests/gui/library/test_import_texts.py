"""Texts in the import dialog: a preview before use, columns to click on, pasted words."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from aigc_studio.library import DatasetStore
from aigc_studio.ui.library.dataset_view import DatasetView
from aigc_studio.ui.library.import_dialog import ImportDialog

LEFT = Qt.MouseButton.LeftButton
POEMS = "作者,题目,诗\n" + "".join(
    f"诗人{number % 3},第{number}首,床前明月光疑是地上霜举头望明月第{number}句\n"
    for number in range(40)
)


@pytest.fixture
def dialog(qtbot: QtBot, home: Path) -> ImportDialog:
    dialog = ImportDialog(DatasetStore())
    qtbot.addWidget(dialog)
    dialog.resize(900, 720)
    dialog.show()
    return dialog


def wait_for_look(qtbot: QtBot, dialog: ImportDialog) -> None:
    qtbot.waitUntil(
        lambda: not dialog._settle.isActive() and not dialog.looking.running and bool(dialog.found),
        timeout=30_000,
    )


def show_preview(qtbot: QtBot, dialog: ImportDialog) -> None:
    bar = dialog.page.tabs.tabBar()
    place = dialog.page.tabs.indexOf(dialog.page.preview)
    qtbot.mouseClick(bar, LEFT, pos=bar.tabRect(place).center())
    assert dialog.page.preview.isVisible()


def choose(qtbot: QtBot, dialog: ImportDialog, column: int, words: str) -> None:
    """Click on the head of a column and on an entry of the menu that opens."""
    heads = dialog.page.preview.table.horizontalHeader()
    spot = QPoint(heads.sectionViewportPosition(column) + 8, heads.height() // 2)
    qtbot.mouseClick(heads.viewport(), LEFT, pos=spot)
    menu = dialog.page.preview.findChildren(QMenu)[-1]
    next(each for each in menu.findChildren(QAction) if each.text() == words).trigger()


def cells(dialog: ImportDialog, column: int) -> list[str]:
    table = dialog.page.preview.table
    found = [table.item(row, column) for row in range(table.rowCount())]
    return [each.text() for each in found if each is not None]


def test_columns_are_seen_and_chosen_by_a_click(
    qtbot: QtBot, dialog: ImportDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QMenu, "popup", lambda *_place: None)  # without a screen it cannot grab
    (tmp_path / "poems.csv").write_bytes(POEMS.encode("gb18030"))
    dialog.set_paths([tmp_path / "poems.csv"])
    wait_for_look(qtbot, dialog)
    show_preview(qtbot, dialog)
    assert "GB18030" in dialog.page.preview.about.text()
    assert cells(dialog, 2)[0] == "床前明月光疑是地上霜举头望明月第0句"
    assert dialog.found is not None
    assert set(dialog.found.labels) == {"诗人0", "诗人1", "诗人2"}  # found out
    choose(qtbot, dialog, 0, "Take the labels from here")  # it was ticked
    wait_for_look(qtbot, dialog)
    assert not dialog.found.labels
    choose(qtbot, dialog, 0, "Take the labels from here")
    wait_for_look(qtbot, dialog)
    assert set(dialog.found.labels) == {"诗人0", "诗人1", "诗人2"}
    choose(qtbot, dialog, 1, "Take the texts from here")
    wait_for_look(qtbot, dialog)
    assert dialog.page.options.text_column.text() == "题目"


def test_another_encoding_is_seen_at_once(
    qtbot: QtBot, dialog: ImportDialog, tmp_path: Path
) -> None:
    (tmp_path / "names.txt").write_bytes("Zoé\nRené\nAndré\nChloé\n".encode("latin-1") * 9)
    dialog.set_paths([tmp_path / "names.txt"])
    wait_for_look(qtbot, dialog)
    show_preview(qtbot, dialog)
    assert cells(dialog, 0)[:2] == ["Zoé", "René"]
    choice = dialog.page.options.split_text
    assert choice.itemText(0) == "found: line"
    QApplication.processEvents()
    assert choice.width() >= choice.fontMetrics().horizontalAdvance("found: line") + 40  # its arrow
    dialog.page.options.encoding.setCurrentText("Mac Roman")
    wait_for_look(qtbot, dialog)
    qtbot.waitUntil(lambda: cells(dialog, 0)[:1] == ["ZoÈ"])


def test_pasted_words_become_a_dataset(qtbot: QtBot, dialog: ImportDialog) -> None:
    QGuiApplication.clipboard().setText("It was late in the evening.\n\n" * 80)
    qtbot.mouseClick(dialog.page.paste, LEFT)
    wait_for_look(qtbot, dialog)
    assert dialog.page.medium() == "text"
    assert dialog.page.name.text() == "Pasted text"
    with qtbot.waitSignal(dialog.imported, timeout=30_000) as imported:
        qtbot.mouseClick(dialog.page.accept, LEFT)
    assert DatasetStore().info(imported.args[0]).medium == "text"


def test_an_empty_clipboard_says_so(qtbot: QtBot, dialog: ImportDialog) -> None:
    QGuiApplication.clipboard().clear()
    qtbot.keyClick(dialog, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert "no text on the clipboard" in dialog.page.error.text()


def test_texts_are_searched_for_words_within(qtbot: QtBot, home: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "白日依山尽，黄河入海流。\n" * 20 + "春眠不觉晓，处处闻啼鸟。\n"
    )
    store = DatasetStore()
    list(store.import_files(tmp_path / "a.txt", "poems", "text"))
    view = DatasetView(store)
    qtbot.addWidget(view)
    view.show_dataset(store.info("poems"))
    qtbot.waitUntil(lambda: len(view.grid.examples.numbers) == 21)
    assert view.words.placeholderText() == "Search in the texts"
    view.words.insert("啼鸟")
    qtbot.waitUntil(lambda: list(view.grid.examples.numbers) == [20])
    view.words.clear()
    qtbot.waitUntil(lambda: len(view.grid.examples.numbers) == 21)

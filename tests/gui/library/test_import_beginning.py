"""How an import begins: a place to drop files on, then they and the few choices that matter."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QImage, QPixmap
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from aigc_studio.library import DatasetStore
from aigc_studio.ui import theme
from aigc_studio.ui.library.check_table import CheckTable
from aigc_studio.ui.library.import_dialog import ImportDialog

LEFT = Qt.MouseButton.LeftButton
COPY = Qt.DropAction.CopyAction
PLAIN = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Three red pictures, a green one, and one that is none."""
    folder = tmp_path / "flags"
    folder.mkdir()
    for number in range(4):
        values = np.zeros((20, 30, 3), np.uint8)
        values[number:, :, 0 if number else 1] = 200
        Pillow.fromarray(values).save(folder / f"{number}.png")
    (folder / "zz.png").write_bytes(b"no picture")
    return folder


@pytest.fixture
def dialog(qtbot: QtBot, home: Path) -> ImportDialog:
    dialog = ImportDialog(DatasetStore())
    qtbot.addWidget(dialog)
    dialog.resize(900, 640)
    dialog.show()
    return dialog


def fields(dialog: ImportDialog) -> list[QWidget]:
    kinds = (QComboBox, QSpinBox, QLineEdit)
    found = [each for kind in kinds for each in dialog.findChildren(kind)]
    return [
        each for each in found
        if each.isVisible() and not isinstance(each.parentWidget(), QComboBox | QSpinBox)
    ]  # fmt: skip


def dropped(dialog: ImportDialog, folder: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(folder))])
    place = QPoint(300, 200)
    QApplication.sendEvent(dialog, QDragEnterEvent(place, COPY, mime, LEFT, PLAIN))
    QApplication.sendEvent(dialog, QDropEvent(QPointF(place), COPY, mime, LEFT, PLAIN))


def colour_at(dialog: ImportDialog, row: int) -> str:
    """What the picture of a row mostly is."""
    model = dialog.page.table.checks
    shown = model.index(row, 0).data(Qt.ItemDataRole.DecorationRole)
    assert isinstance(shown, QPixmap)
    image: QImage = shown.toImage()
    colour = image.pixelColor(image.width() - 36, image.height() // 2)
    if colour.alpha() == 0:
        return ""
    return "red" if colour.red() > colour.green() else "green"


def test_before_anything_is_chosen_nothing_is_asked(dialog: ImportDialog) -> None:
    assert fields(dialog) == []
    place = dialog.page.drop_place
    assert place.isVisible()
    assert place.height() > dialog.height() // 2
    buttons = dialog.page.choose_files, dialog.page.choose_folder, dialog.page.paste
    assert all(place.isAncestorOf(each) and each.isVisible() for each in buttons)
    assert not dialog.page.accept.isEnabled()


def test_the_place_lights_up_while_files_hang_over_it(
    qtbot: QtBot, dialog: ImportDialog, pictures: Path
) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(pictures))])
    middle = QPoint(20, 20)
    before = dialog.page.drop_place.grab().toImage().pixelColor(middle)
    QApplication.sendEvent(dialog, QDragEnterEvent(QPoint(300, 200), COPY, mime, LEFT, PLAIN))
    assert dialog.page.drop_place.grab().toImage().pixelColor(middle) != before
    QApplication.sendEvent(dialog, QDragLeaveEvent())
    assert dialog.page.drop_place.grab().toImage().pixelColor(middle) == before


def test_dropped_pictures_are_seen_and_few_choices_asked(
    qtbot: QtBot, dialog: ImportDialog, pictures: Path
) -> None:
    dropped(dialog, pictures)
    qtbot.waitUntil(lambda: dialog.found is not None)
    page = dialog.page
    assert not page.drop_place.isVisible()
    assert page.choose_files.isVisible()
    assert page.name.text() == "flags"
    asked = [page.name, page.options.folders, page.options.side, page.options.mode]
    assert set(fields(dialog)) == {*asked, page.options.fit}
    rows = [page.table.checks.index(row, 0).data() for row in range(5)]
    assert rows == ["zz.png", "0.png", "1.png", "2.png", "3.png"]
    qtbot.waitUntil(
        lambda: [colour_at(dialog, row) for row in (1, 2, 4)] == ["green", "red", "red"]
    )
    assert colour_at(dialog, 0) == ""
    qtbot.mouseClick(page.more.button, LEFT)
    assert page.licence.isVisible()
    assert page.options.label_column.isVisible()
    assert not page.options.encoding.isVisible()


def test_what_cannot_be_used_shows_all_choices(
    qtbot: QtBot, dialog: ImportDialog, pictures: Path
) -> None:
    dropped(dialog, pictures)
    qtbot.waitUntil(lambda: dialog.found is not None)
    assert not dialog.page.more.is_open()
    qtbot.mouseClick(dialog.page.media["text"], LEFT)
    qtbot.waitUntil(lambda: dialog.found is not None and bool(dialog.found.problem))
    assert dialog.page.more.is_open()
    assert dialog.page.options.encoding.isVisible()


def test_what_to_do_about_a_file_is_read_in_full(
    dialog: ImportDialog, pictures: Path, qtbot: QtBot
) -> None:
    (pictures / "twin.png").write_bytes((pictures / "1.png").read_bytes())
    dropped(dialog, pictures)
    there = "Nothing to do: one of them is enough."
    table = dialog.findChild(CheckTable)
    assert table is not None
    qtbot.waitUntil(lambda: table.checks.rowCount() == 6, timeout=20_000)
    assert there in [row.remedy for row in table.checks.rows]
    room = table.columnWidth(2)
    assert room >= table.fontMetrics().horizontalAdvance(there) + 2 * theme.GRID
    assert room + 90 + 190 < table.viewport().width() - 200  # what was found has room still

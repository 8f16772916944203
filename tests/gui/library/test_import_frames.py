"""Import helps to align: a frame dragged over a contact sheet, near-duplicates left out."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aigc_studio.library import DatasetStore
from aigc_studio.library.framing import WHOLE
from aigc_studio.ui.library.contact_sheet import ContactSheet
from aigc_studio.ui.library.import_dialog import ImportDialog

LEFT = Qt.MouseButton.LeftButton


def drawn(seed: int, size: tuple[int, int] = (46, 56)) -> Pillow.Image:
    coarse = np.random.default_rng(seed).integers(0, 255, (5, 5, 3), np.uint8)
    return Pillow.fromarray(coarse).resize(size, Pillow.Resampling.BICUBIC)


@pytest.fixture
def faces(tmp_path: Path) -> Path:
    """Eight pictures of 46×56, and a copy of one of them as a JPEG."""
    folder = tmp_path / "faces"
    folder.mkdir()
    for number in range(8):
        drawn(number).save(folder / f"p{number}.png")
    drawn(5).save(folder / "z copy.jpg", quality=85)
    return folder


@pytest.fixture
def dialog(qtbot: QtBot) -> ImportDialog:
    dialog = ImportDialog(DatasetStore())
    qtbot.addWidget(dialog)
    dialog.resize(900, 720)
    dialog.show()
    return dialog


def wait_for_look(qtbot: QtBot, dialog: ImportDialog) -> None:
    # After a change of options it rests for a moment before it looks.
    qtbot.waitUntil(
        lambda: not dialog._settle.isActive() and not dialog.looking.running and bool(dialog.found)
    )


def tab(qtbot: QtBot, dialog: ImportDialog, number: int) -> None:
    bar = dialog.page.tabs.tabBar()
    qtbot.mouseClick(bar, LEFT, pos=bar.tabRect(number).center())
    assert dialog.page.tabs.currentIndex() == number


def opened(qtbot: QtBot, dialog: ImportDialog, folder: Path, pictures: int) -> ContactSheet:
    dialog.set_paths([folder])
    wait_for_look(qtbot, dialog)
    tab(qtbot, dialog, 1)
    qtbot.waitUntil(lambda: len(dialog.page.frame.images) == pictures)
    return dialog.page.frame.sheet


def drag(
    qtbot: QtBot, sheet: ContactSheet, start: QPoint, end: QPoint, *, let_go: bool = True
) -> None:
    qtbot.mousePress(sheet, LEFT, pos=start)
    for step in (1, 2, 3, 4):
        at = QPointF(start + (end - start) * step / 4)
        move = QMouseEvent(
            QMouseEvent.Type.MouseMove, at, sheet.mapToGlobal(at), LEFT, LEFT,
            Qt.KeyboardModifier.NoModifier,
        )  # fmt: skip
        QApplication.sendEvent(sheet, move)
    if let_go:
        qtbot.mouseRelease(sheet, LEFT, pos=end)


def point(spot: QRect, across: float, down: float) -> QPoint:
    return QPoint(round(spot.x() + across * spot.width()), round(spot.y() + down * spot.height()))


def test_a_square_dragged_on_one_picture_is_cut_out_of_all(
    qtbot: QtBot, dialog: ImportDialog, faces: Path
) -> None:
    sheet = opened(qtbot, dialog, faces, 9)
    assert dialog.page.frame.results.sizes[0] == (46, 56)
    spot = sheet.spots()[2]
    drag(qtbot, sheet, point(spot, 0.1, 0.2), point(spot, 0.8, 0.6))
    frame = sheet.frame
    assert (frame.left, frame.top) == pytest.approx((0.1, 0.2), abs=0.02)
    across, down = (frame.right - frame.left) * 46, (frame.bottom - frame.top) * 56
    assert across == pytest.approx(down, abs=0.01)
    assert frame.right == pytest.approx(0.8, abs=0.02)
    wait_for_look(qtbot, dialog)
    sizes = dialog.found.sizes if dialog.found else {}
    (size,) = sizes
    assert size.split("×")[0] == size.split("×")[1]
    qtbot.waitUntil(lambda: len(set(dialog.page.frame.results.sizes)) == 1)
    assert dialog.page.options.fit.currentData() == "crop"
    qtbot.mouseClick(dialog.page.accept, LEFT)
    qtbot.waitUntil(lambda: DatasetStore().names() == ["faces"])
    info = DatasetStore().info("faces")
    assert dict(info.shapes) == {f"{size}×3": 9}
    assert info.options["crop"] == pytest.approx(list(frame))


def test_the_frame_is_moved_and_its_corner_pulled(
    qtbot: QtBot, dialog: ImportDialog, faces: Path
) -> None:
    sheet = opened(qtbot, dialog, faces, 9)
    spot = sheet.spots()[0]
    drag(qtbot, sheet, point(spot, 0.2, 0.2), point(spot, 0.7, 0.5))
    first = sheet.frame
    other = sheet.spots()[4]
    middle = sheet.frame_on(other).center().toPoint()
    drag(qtbot, sheet, middle, middle + QPoint(5, 7))
    moved = sheet.frame
    assert moved.right - moved.left == pytest.approx(first.right - first.left)
    assert moved.left > first.left
    assert moved.top > first.top
    corner = sheet.frame_on(other).bottomRight().toPoint()
    drag(qtbot, sheet, corner, corner - QPoint(8, 8))
    assert sheet.frame[:2] == pytest.approx(moved[:2])
    assert sheet.frame.right < moved.right
    former = sheet.frame
    drag(qtbot, sheet, middle, middle + QPoint(20, 20), let_go=False)
    assert sheet.frame != former
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    assert sheet.frame == former
    assert dialog.isVisible()


def test_the_keyboard_does_all_of_it(qtbot: QtBot, dialog: ImportDialog, faces: Path) -> None:
    sheet = opened(qtbot, dialog, faces, 9)
    page = dialog.page.frame
    qtbot.mouseClick(page.square, LEFT)
    square = sheet.frame
    assert square == pytest.approx((0, 5 / 56, 1, 51 / 56))
    sheet.setFocus()
    for _ in range(4):
        qtbot.keyClick(sheet, Qt.Key.Key_Minus)
    smaller = sheet.frame
    assert smaller.right - smaller.left == pytest.approx(0.92)
    qtbot.keyClick(sheet, Qt.Key.Key_Right)
    assert sheet.frame.left == pytest.approx(smaller.left + 0.01)
    qtbot.keyClick(sheet, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert sheet.frame.top == pytest.approx(smaller.top - 0.05)
    assert "left 5 %" in sheet.accessibleName()
    qtbot.keyClick(sheet, Qt.Key.Key_Home)
    assert sheet.frame == WHOLE
    assert page.crop() is None
    wait_for_look(qtbot, dialog)
    assert dialog.found
    assert dialog.found.sizes == {"46×56": 9}


def test_pictures_of_any_size_are_on_one_sheet(
    qtbot: QtBot, dialog: ImportDialog, faces: Path
) -> None:
    drawn(50, (900, 300)).save(faces / "wide.png")
    drawn(51, (20, 90)).save(faces / "high.png")
    sheet = opened(qtbot, dialog, faces, 11)
    shapes = [spot.width() / spot.height() for spot in sheet.spots()]
    # They are drawn in whole pixels, a few of them: as wide as that allows.
    assert all(any(abs(found / shape - 1) < 0.15 for found in shapes) for shape in (3.0, 0.22, 0.8))
    assert all(sheet.rect().contains(spot) for spot in sheet.spots())
    qtbot.mouseClick(dialog.page.frame.square, LEFT)
    assert "different proportions" in dialog.page.frame.hint.text()
    dialog.page.options.side.setCurrentIndex(dialog.page.options.side.findData(32))
    wait_for_look(qtbot, dialog)
    assert dialog.found
    assert dialog.found.sizes == {"32×32": 11}


def test_other_files_come_without_the_frame(
    qtbot: QtBot, dialog: ImportDialog, faces: Path, tmp_path: Path
) -> None:
    sheet = opened(qtbot, dialog, faces, 9)
    qtbot.mouseClick(dialog.page.frame.square, LEFT)
    wait_for_look(qtbot, dialog)
    (tmp_path / "others").mkdir()
    for number in range(3):
        drawn(90 + number).save(tmp_path / "others" / f"{number}.png")
    opened(qtbot, dialog, tmp_path / "others", 3)
    assert sheet.frame == WHOLE
    assert dialog.found
    assert dialog.found.sizes == {"46×56": 3}


def test_texts_have_no_frame(qtbot: QtBot, dialog: ImportDialog, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("One sentence. Another one.")
    dialog.set_paths([tmp_path / "a.txt"])
    wait_for_look(qtbot, dialog)
    bar = dialog.page.tabs.tabBar()
    shown = [bar.tabText(n) for n in range(bar.count()) if bar.isTabVisible(n)]
    assert shown == ["Files", "Preview"]
    assert dialog.page.table.isVisible()
    dialog.page.media["image"].click()
    assert dialog.page.tabs.tabBar().isVisible()


def test_near_duplicates_stand_beside_each_other_and_the_second_is_left_out(
    qtbot: QtBot, dialog: ImportDialog, faces: Path
) -> None:
    opened(qtbot, dialog, faces, 9)
    tab(qtbot, dialog, 2)
    page = dialog.page.near_twins
    assert page.empty.isVisible()
    with qtbot.waitSignal(page.work.ended):
        qtbot.mouseClick(page.look, LEFT)
    assert [(pair.first, pair.second) for pair in page.pairs.pairs] == [("p5.png", "z copy.jpg")]
    assert page.table.isVisible()
    tick = page.pairs.index(0, 3)
    spot = page.table.visualRect(tick)
    qtbot.mouseClick(page.table.viewport(), LEFT, pos=QPoint(spot.left() + 14, spot.center().y()))
    assert page.left_out() == ("z copy.jpg",)
    assert "1 left out" in page.words.text()
    wait_for_look(qtbot, dialog)
    assert dialog.found
    assert [row.reason for row in dialog.found.skipped] == ["You left it out."]
    assert dialog.page.accept.text() == "Import 8 examples"
    page.table.setFocus()
    page.table.setCurrentIndex(tick)
    qtbot.keyClick(page.table, Qt.Key.Key_Space)
    assert page.left_out() == ()
    qtbot.mouseClick(page.all, LEFT)
    assert page.left_out() == ("z copy.jpg",)
    qtbot.mouseClick(page.none, LEFT)
    assert page.left_out() == ()
    qtbot.mouseClick(page.all, LEFT)
    wait_for_look(qtbot, dialog)
    qtbot.mouseClick(dialog.page.accept, LEFT)
    qtbot.waitUntil(lambda: DatasetStore().names() == ["faces"])
    assert DatasetStore().info("faces").examples == 8


def test_where_nothing_is_alike_it_says_so_and_looking_can_be_broken_off(
    qtbot: QtBot, dialog: ImportDialog, faces: Path
) -> None:
    (faces / "z copy.jpg").unlink()
    opened(qtbot, dialog, faces, 8)
    tab(qtbot, dialog, 2)
    page = dialog.page.near_twins
    with qtbot.waitSignal(page.work.ended):
        qtbot.mouseClick(page.look, LEFT)
    assert page.empty.text() == "No two pictures are nearly the same."
    qtbot.mouseClick(page.look, LEFT)
    qtbot.mouseClick(page.progress.cancel, LEFT)
    qtbot.waitUntil(lambda: not page.work.running)
    assert page.look.isEnabled()
    qtbot.mouseClick(page.look, LEFT)
    dialog.reject()
    assert page.work.wait()


def test_all_the_same_is_said_in_words(qtbot: QtBot, dialog: ImportDialog, tmp_path: Path) -> None:
    folder = tmp_path / "same"
    folder.mkdir()
    for number in range(3):
        drawn(1).save(folder / f"{number}.png")
    dialog.set_paths([folder])
    wait_for_look(qtbot, dialog)
    assert "The 3 examples in same are all the same" in dialog.page.error.text()
    assert not dialog.page.accept.isEnabled()


def test_folders_that_look_like_people_are_groups_unless_somebody_says_else(
    qtbot: QtBot, dialog: ImportDialog, tmp_path: Path
) -> None:
    for number in range(4):
        (tmp_path / "people" / f"s{number}").mkdir(parents=True)
        for each in range(2):
            drawn(10 * number + each).save(tmp_path / "people" / f"s{number}" / f"{each}.png")
    dialog.set_paths([tmp_path / "people"])
    wait_for_look(qtbot, dialog)
    folders = dialog.page.options.folders
    assert folders.currentData() == "group"
    assert "look like people: each is a group" in dialog.page.remarks.text()
    assert dialog.found
    assert dialog.found.labels == {}
    folders.setFocus()
    qtbot.keyClick(folders, Qt.Key.Key_Up)
    assert folders.currentData() == "label"
    wait_for_look(qtbot, dialog)
    assert dialog.found.labels == {f"s{number}": 2 for number in range(4)}
    assert "choose “a person or group”" in dialog.page.remarks.text()
    (tmp_path / "cats").mkdir()
    drawn(1).save(tmp_path / "cats" / "1.png")
    dialog.set_paths([tmp_path / "cats"])
    wait_for_look(qtbot, dialog)
    assert folders.currentData() == "label"
    assert "people" not in dialog.page.remarks.text()

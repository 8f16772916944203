"""The pad, as a person draws: mouse, pen and keyboard; and what comes of it."""

from collections.abc import Callable
from typing import Any

import pytest
from gui.drawing.conftest import closed
from gui.person import LEFT
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QInputDevice, QPointingDevice, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aigc_studio.library import DatasetStore
from aigc_studio.library.sketchbook import Leaves, Sketchbook
from aigc_studio.ui.drawing.dialog import DrawDialog
from aigc_studio.ui.drawing.sheet import Sheet
from aigc_studio.ui.drawing.words import count_text

KEY = Qt.Key


def draw(pad: DrawDialog, *points: tuple[int, int]) -> None:
    """One stroke by mouse, through points in hundredths of the sheet."""
    sheet = pad.page.sheet
    room = sheet.room()
    places = [
        QPoint(
            round(room.left() + x * room.width() / 100), round(room.top() + y * room.height() / 100)
        )
        for x, y in points
    ]
    QTest.mousePress(sheet, LEFT, pos=places[0])
    for place in places[1:]:
        QTest.mouseMove(sheet, place)
    QTest.mouseRelease(sheet, LEFT, pos=places[-1])


def key(pad: DrawDialog, press: Any, held: Any = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(pad.page.sheet, press, held)


def ink(sheet: Sheet) -> int:
    """How many pixels of the sheet are dark."""
    picture = sheet.picture()
    return sum(byte < 128 for byte in bytes(picture.constBits()))


def kinds_drawn(pad: DrawDialog) -> list[str]:
    drawn = pad.page.drawn
    return [drawn.item(row).text() for row in range(drawn.count())]


def test_kinds_are_drawn_in_turn_with_mouse_and_enter(opened: Callable[..., DrawDialog]) -> None:
    pad = opened("0", "1", "2")
    assert pad.page.heading.text() == "Draw “0”"
    assert pad.page.kinds.text() == "0 1 2"
    assert pad.page.sheet.hasFocus()
    for _each in range(4):
        draw(pad, (30, 20), (40, 50), (60, 80))
        key(pad, KEY.Key_Return)
    assert kinds_drawn(pad) == ["0", "1", "2", "0"]
    assert pad.page.heading.text() == "Draw “1”"
    assert pad.page.kind_list.item(0).text() == "0  ×2"
    assert "4 drawn" in pad.page.count.text()


def test_how_many_are_enough_is_said_of_kinds_that_a_model_knows() -> None:
    def told(count: int, known: str) -> str:
        leaves = Leaves(("a", "b"))
        for _each in range(count):
            leaves = leaves.taken()
        return count_text(leaves, tuple(known))

    assert "Three of each" in told(0, "abc")
    assert told(5, "abc") == "5 drawn; three of each kind teach your hand, five do better."
    assert told(6, "abc") == "6 drawn: enough; five of each kind do better."
    assert told(10, "abc") == "10 drawn: enough of each kind."
    assert told(10, "a") == "10 drawn; the more there are, the better."  # that was not measured
    assert told(0, "") == "Each drawing is kept at once. The more there are, the better."


def test_an_empty_sheet_is_not_taken_but_skipped(opened: Callable[..., DrawDialog]) -> None:
    pad = opened("a", "b")
    key(pad, KEY.Key_Return)
    assert kinds_drawn(pad) == []
    assert "skip it" in pad.page.error.text()
    key(pad, KEY.Key_Right)
    assert pad.page.heading.text() == "Draw “b”"
    draw(pad, (20, 20), (80, 80))
    assert not pad.page.skip.isEnabled()  # it would lose what is drawn
    key(pad, KEY.Key_Right)
    assert kinds_drawn(pad) == ["b"]


def test_a_full_book_says_so_and_keeps_what_is_on_the_sheet(
    opened: Callable[..., DrawDialog], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aigc_studio.library.sketchbook.MOST_LEAVES", 2)
    pad = opened("a")
    for _each in range(3):
        draw(pad, (20, 20), (80, 60))
        key(pad, KEY.Key_Return)
    assert kinds_drawn(pad) == ["a", "a"]
    assert "make data of them" in pad.page.error.text()
    assert not pad.page.sheet.is_blank


def test_strokes_are_taken_back_and_drawn_again(
    qtbot: QtBot, opened: Callable[..., DrawDialog]
) -> None:
    pad = opened("a")
    sheet = pad.page.sheet
    draw(pad, (20, 20), (80, 20))
    one = ink(sheet)
    draw(pad, (20, 80), (80, 80))
    two = ink(sheet)
    assert 0 < one < two
    control = Qt.KeyboardModifier.ControlModifier
    key(pad, KEY.Key_Z, control)
    assert ink(sheet) == one
    key(pad, KEY.Key_Y, control)
    assert ink(sheet) == two
    key(pad, KEY.Key_Delete)
    assert sheet.is_blank
    key(pad, KEY.Key_Z, control)
    assert ink(sheet) == two
    qtbot.mouseClick(pad.page.undo, LEFT)
    qtbot.mouseClick(pad.page.undo, LEFT)
    assert sheet.is_blank


def test_one_goes_back_and_draws_on(opened: Callable[..., DrawDialog]) -> None:
    pad = opened("a", "b")
    draw(pad, (20, 20), (80, 20))
    before = ink(pad.page.sheet)
    key(pad, KEY.Key_Return)
    draw(pad, (50, 10), (50, 90))  # begun, and left for a moment
    begun = ink(pad.page.sheet)
    key(pad, KEY.Key_Backspace)
    assert pad.page.place.text() == "1 of 1"
    assert ink(pad.page.sheet) == before
    draw(pad, (20, 80), (80, 80))
    more = ink(pad.page.sheet)
    assert more > before
    key(pad, KEY.Key_Return)
    assert ink(pad.page.sheet) == begun
    assert pad.page.heading.text() == "Draw “b”"
    assert kinds_drawn(pad) == ["a"]
    key(pad, KEY.Key_Left)
    assert ink(pad.page.sheet) == more
    key(pad, KEY.Key_Delete)
    key(pad, KEY.Key_Return)  # cleared: it is no drawing any more
    assert kinds_drawn(pad) == []


def test_a_drawing_is_taken_away_by_its_cross_and_comes_back(
    opened: Callable[..., DrawDialog],
) -> None:
    pad = opened("a", "b", "c")
    for _each in range(3):
        draw(pad, (20, 20), (80, 60))
        key(pad, KEY.Key_Return)
    drawn = pad.page.drawn
    QTest.mouseClick(drawn.viewport(), LEFT, pos=drawn.cross(1).center())
    assert kinds_drawn(pad) == ["a", "c"]
    assert "Ctrl+Z" in pad.page.error.text()
    QTest.keyClick(drawn, KEY.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert kinds_drawn(pad) == ["a", "b", "c"]
    QTest.mouseClick(drawn.viewport(), LEFT, pos=drawn.visualItemRect(drawn.item(0)).center())
    assert pad.page.place.text() == "1 of 3"
    QTest.keyClick(drawn, KEY.Key_Delete)
    assert kinds_drawn(pad) == ["b", "c"]


def test_a_kind_is_chosen_and_others_are_typed(
    qtbot: QtBot, opened: Callable[..., DrawDialog]
) -> None:
    pad = opened("a", "b", "c")
    kinds = pad.page.kind_list
    QTest.mouseClick(kinds.viewport(), LEFT, pos=kinds.visualItemRect(kinds.item(2)).center())
    assert pad.page.heading.text() == "Draw “c”"
    assert pad.page.sheet.hasFocus()
    pad.page.kinds.selectAll()
    qtbot.keyClicks(pad.page.kinds, "half moon, star")
    assert pad.page.heading.text() == "Draw “half moon”"
    pad.page.kinds.clear()
    assert pad.page.heading.text() == "Draw one"
    draw(pad, (20, 20), (80, 60))
    key(pad, KEY.Key_Return)
    assert kinds_drawn(pad) == [""]


def test_closing_loses_nothing(qtbot: QtBot, opened: Callable[..., DrawDialog]) -> None:
    pad = opened("a", "b")
    draw(pad, (20, 20), (80, 60))
    key(pad, KEY.Key_Return)
    draw(pad, (50, 10), (50, 90))
    begun = ink(pad.page.sheet)
    key(pad, KEY.Key_Escape)
    closed(qtbot, pad)
    again = opened("x", "y")  # what is proposed is for an empty book
    assert again.page.kinds.text() == "a b"
    assert kinds_drawn(again) == ["a"]
    assert ink(again.page.sheet) == begun
    assert again.page.heading.text() == "Draw “b”"


def test_a_stroke_is_on_disk_as_soon_as_it_ends(
    qtbot: QtBot, opened: Callable[..., DrawDialog]
) -> None:
    pad = opened("a")
    draw(pad, (20, 20), (80, 60))
    book = Sketchbook()
    qtbot.waitUntil(lambda: (book.folder / "000000.png").exists())


def test_a_second_window_is_told(qtbot: QtBot, opened: Callable[..., DrawDialog]) -> None:
    opened("a")
    other = DrawDialog(DatasetStore(), ("b",))
    other.show()
    qtbot.waitUntil(lambda: "Another window" in other.page.error.text())
    assert not other.page.sheet.isEnabled()
    closed(qtbot, other)


def test_a_pen_that_is_pressed_lightly_draws_thinner(
    opened: Callable[..., DrawDialog], stylus: QPointingDevice
) -> None:
    pad = opened("a")
    sheet, amounts = pad.page.sheet, []
    for pressure in (0.2, 1.0):
        for kind, x in (
            (QEvent.Type.TabletPress, 0.2),
            (QEvent.Type.TabletMove, 0.5),
            (QEvent.Type.TabletMove, 0.8),
            (QEvent.Type.TabletRelease, 0.8),
        ):
            at = QPointF(sheet.width() * x, sheet.height() / 2)
            QApplication.sendEvent(sheet, pen(stylus, kind, at, pressure))
        amounts.append(ink(sheet))
        sheet.clear()
    assert amounts[0] < amounts[1] / 2


@pytest.fixture
def stylus() -> QPointingDevice:
    """Held for as long as its events are: they do not own it."""
    kind, pointer = QInputDevice.DeviceType.Stylus, QPointingDevice.PointerType.Pen
    return QPointingDevice("pen", 1, kind, pointer, QInputDevice.Capability.Pressure, 1, 1)


def pen(stylus: QPointingDevice, kind: QEvent.Type, at: QPointF, pressure: float) -> QTabletEvent:
    none = Qt.KeyboardModifier.NoModifier
    return QTabletEvent(kind, stylus, at, at, pressure, 0, 0, 0.0, 0.0, 0.0, none, LEFT, LEFT)


def test_the_pen_is_as_thick_as_chosen_the_next_time_too(
    qtbot: QtBot, opened: Callable[..., DrawDialog]
) -> None:
    pad = opened("a")
    before = pad.page.sheet.pen
    QTest.keyClicks(pad.page.sheet, "]]")
    assert pad.page.sheet.pen == before + 8
    closed(qtbot, pad)
    assert opened("a").page.sheet.pen == before + 8


def test_all_is_thrown_away_when_that_is_meant(
    qtbot: QtBot, opened: Callable[..., DrawDialog]
) -> None:
    pad = opened("a")
    draw(pad, (20, 20), (80, 60))
    key(pad, KEY.Key_Return)
    qtbot.mouseClick(pad.page.discard, LEFT)
    box = QApplication.activeModalWidget()
    (sure,) = [each for each in box.buttons() if each.text() == "Delete"]  # type: ignore[union-attr]
    qtbot.mouseClick(sure, LEFT)
    qtbot.waitUntil(lambda: kinds_drawn(pad) == [])
    assert not pad.page.discard.isEnabled()


def test_what_was_taken_away_comes_back_only_where_there_is_room(
    opened: Callable[..., DrawDialog], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aigc_studio.library.sketchbook.MOST_LEAVES", 2)
    pad = opened("a")
    for _each in range(2):
        draw(pad, (20, 20), (80, 60))
        key(pad, KEY.Key_Return)
    QTest.mouseClick(pad.page.drawn.viewport(), LEFT, pos=pad.page.drawn.cross(0).center())
    draw(pad, (20, 20), (80, 60))
    key(pad, KEY.Key_Return)
    key(pad, KEY.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert kinds_drawn(pad) == ["a", "a"]  # a book of three could not be read again
    assert "make data of them" in pad.page.error.text()


@pytest.mark.parametrize("leave", [KEY.Key_Return, KEY.Key_Left, KEY.Key_Right])
def test_a_drawing_that_was_cleared_goes_when_it_is_left_and_comes_back_as_it_was(
    qtbot: QtBot, opened: Callable[..., DrawDialog], leave: Qt.Key
) -> None:
    pad = opened("a", "b", "c")
    for _each in range(3):
        draw(pad, (20, 20), (80, 60))
        key(pad, KEY.Key_Return)
    before = ink_of(pad, 1)
    key(pad, KEY.Key_Delete)
    key(pad, leave)
    assert kinds_drawn(pad) == ["a", "c"]
    assert "“b” is taken away" in pad.page.error.text()
    key(pad, KEY.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert kinds_drawn(pad) == ["a", "b", "c"]
    assert ink_of(pad, 1) == before > 0
    closed(qtbot, pad)
    assert ink_of(opened(), 1) == before


def ink_of(pad: DrawDialog, place: int) -> int:
    """How much is drawn on a leaf, which lies open then."""
    drawn = pad.page.drawn
    QTest.mouseClick(drawn.viewport(), LEFT, pos=drawn.visualItemRect(drawn.item(place)).center())
    pad.page.sheet.setFocus()
    return ink(pad.page.sheet)


def test_keys_under_a_stroke_do_not_lose_it(opened: Callable[..., DrawDialog]) -> None:
    pad = opened("a", "b")
    draw(pad, (20, 20), (80, 60))
    key(pad, KEY.Key_Return)
    sheet = pad.page.sheet
    middle = sheet.room().center().toPoint()
    QTest.mousePress(sheet, LEFT, pos=middle)
    QTest.mouseMove(sheet, middle + QPoint(40, 0))
    for press in (KEY.Key_Right, KEY.Key_Left, KEY.Key_Return):
        key(pad, press)
    QTest.mouseRelease(sheet, LEFT, pos=middle + QPoint(40, 0))
    assert pad.page.heading.text() == "Draw “b”"
    assert ink(sheet) > 0


def test_what_a_model_calls_its_kinds_stays_whole_and_more_than_can_be_kept_are_not_taken(
    qtbot: QtBot, opened: Callable[..., DrawDialog]
) -> None:
    kinds = ["Coat, warm", *map(str, range(299))]
    pad = opened(*kinds)
    assert pad.page.heading.text() == "Draw “Coat, warm”"
    for _each in range(2):
        draw(pad, (20, 20), (80, 60))
        key(pad, KEY.Key_Return)
    closed(qtbot, pad)
    again = opened()
    assert kinds_drawn(again) == ["Coat, warm", "0"]
    assert again.page.heading.text() == "Draw “1”"
    assert again.page.kind_list.count() == 200


def test_what_was_wrong_with_a_name_is_said_no_longer_once_it_is_mended(
    opened: Callable[..., DrawDialog],
) -> None:
    pad = opened("a")
    pad.page.name.setText("con")
    assert pad.page.error.isVisible()
    pad.page.name.setText("cone")
    assert not pad.page.error.isVisible()

"""Data that is made of drawings: of all of them, and of nothing else; what is not in it stays."""

import threading
from collections.abc import Callable, Iterator

import pytest
from gui.drawing.conftest import closed
from gui.drawing.test_draw_pad import KEY, draw, ink, key, kinds_drawn
from gui.person import LEFT
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from aigc_studio.library import DatasetStore
from aigc_studio.library.sketchbook import Leaves, Sketchbook
from aigc_studio.ui.drawing.dialog import DrawDialog


def test_what_is_drawn_becomes_data(qtbot: QtBot, opened: Callable[..., DrawDialog]) -> None:
    pad = opened("a", "b")
    for number in range(5):
        draw(pad, (20, 20 + number), (80, 60))
        key(pad, KEY.Key_Return)
    draw(pad, (10, 10), (50, 90))  # the last one needs no Enter
    pad.page.name.setText("con")
    assert not pad.page.make.isEnabled()  # no folder can be called that everywhere
    pad.page.name.setText("hand")
    with qtbot.waitSignal(pad.made) as made:
        qtbot.mouseClick(pad.page.make, LEFT)
    assert made.args == ["hand"]
    info = DatasetStore().info("hand")
    assert info.labels == {"a": 3, "b": 3}
    assert (info.licence, info.source) == ("My own work", "Drawn here")
    closed(qtbot, pad)
    assert kinds_drawn(opened("c")) == []


def test_what_lies_on_the_fresh_sheet_becomes_data_though_another_leaf_lies_open(
    qtbot: QtBot, opened: Callable[..., DrawDialog]
) -> None:
    pad = opened("a", "b")
    for number in range(3):
        draw(pad, (20, 20 + number), (80, 60))
        key(pad, KEY.Key_Return)
    draw(pad, (50, 10), (50, 90))  # a "b", and then a look at one before
    key(pad, KEY.Key_Left)
    assert pad.page.place.text() == "3 of 3"
    pad.page.name.setText("hand")
    with qtbot.waitSignal(pad.made):
        qtbot.mouseClick(pad.page.make, LEFT)
    assert DatasetStore().info("hand").labels == {"a": 2, "b": 2}


def test_data_of_a_full_book_leaves_what_is_on_the_sheet(
    qtbot: QtBot, opened: Callable[..., DrawDialog], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aigc_studio.library.sketchbook.MOST_LEAVES", 2)
    pad = opened("a", "b", "c")
    for number in range(3):
        draw(pad, (20, 20 + number), (80, 60))
        key(pad, KEY.Key_Return)
    third = ink(pad.page.sheet)
    pad.page.name.setText("hand")
    with qtbot.waitSignal(pad.made):
        qtbot.mouseClick(pad.page.make, LEFT)
    closed(qtbot, pad)
    again = opened()
    assert kinds_drawn(again) == []
    assert again.page.heading.text() == "Draw “c”"
    assert ink(again.page.sheet) == third


class TestMakingTakesLong:
    @pytest.fixture
    def going_on(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
        """What lets the making of data end, in which the last step is under way till then."""
        begun, end = threading.Event(), threading.Event()
        begin_next = Sketchbook._begin_next

        def wait(book: Sketchbook, leaves: Leaves) -> None:
            begun.set()
            end.wait(20)
            begin_next(book, leaves)

        monkeypatch.setattr(Sketchbook, "_begin_next", wait)
        self.begun = begun
        yield end
        end.set()

    def test_nothing_is_taken_back_meanwhile(
        self, qtbot: QtBot, opened: Callable[..., DrawDialog], going_on: threading.Event
    ) -> None:
        pad = opened("a")
        draw(pad, (20, 20), (80, 60))
        key(pad, KEY.Key_Return)
        draw(pad, (20, 20), (80, 60))
        key(pad, KEY.Key_Left)
        draw(pad, (20, 80), (80, 80))
        pad.page.name.setText("hand")
        qtbot.mouseClick(pad.page.make, LEFT)
        qtbot.waitUntil(self.begun.is_set)
        for letter in (KEY.Key_Z, KEY.Key_Y):
            QTest.keyClick(pad, letter, Qt.KeyboardModifier.ControlModifier)
        assert not pad.page.undo.isEnabled()
        with qtbot.waitSignal(pad.made):
            going_on.set()
        closed(qtbot, pad)
        assert kinds_drawn(opened()) == []

    def test_the_book_is_kept_from_others_until_it_is_empty(
        self, qtbot: QtBot, opened: Callable[..., DrawDialog], going_on: threading.Event
    ) -> None:
        pad = opened("a")
        draw(pad, (20, 20), (80, 60))
        pad.page.name.setText("hand")
        qtbot.mouseClick(pad.page.make, LEFT)
        qtbot.waitUntil(self.begun.is_set)
        pad.reject()
        other = DrawDialog(DatasetStore(), ("b",))
        other.show()
        qtbot.waitUntil(lambda: "Another window" in other.page.error.text())
        going_on.set()
        closed(qtbot, other)


def test_closed_before_it_begins_nothing_is_made_and_all_stays_drawn(
    qtbot: QtBot, opened: Callable[..., DrawDialog]
) -> None:
    pad = opened("a")
    draw(pad, (20, 20), (80, 60))
    pad.page.name.setText("hand")
    qtbot.mouseClick(pad.page.make, LEFT)
    closed(qtbot, pad)
    assert kinds_drawn(opened()) == ["a"]
    assert DatasetStore().names() == []


def splits(store: DatasetStore) -> dict[str, str]:
    """Which part each example of the data is in."""
    browser = store.browse("hand")
    infos = map(browser.info, range(len(browser)))
    return {info.sha256: info.split for info in infos}


def test_more_is_drawn_into_data_that_is_there(
    qtbot: QtBot, opened: Callable[..., DrawDialog]
) -> None:
    book, store = Sketchbook(), DatasetStore()
    pad = opened("b", "a")
    for number in range(6):
        draw(pad, (20, 20 + number), (80, 60))
        key(pad, KEY.Key_Return)
    pad.page.name.setText("hand")
    with qtbot.waitSignal(pad.made):
        qtbot.mouseClick(pad.page.make, LEFT)
    closed(qtbot, pad)
    before = splits(store)
    again = opened("x")
    target = again.page.target
    qtbot.waitUntil(target.isVisible)
    target.setCurrentIndex(target.findData("hand"))
    assert again.page.kinds.text() == "a b"  # of what it is to join
    assert not again.page.name.isVisible()
    draw(again, (50, 10), (50, 90))
    assert again.page.make.text() == "Add to the data"
    with qtbot.waitSignal(again.made) as made:
        qtbot.mouseClick(again.page.make, LEFT)
    assert made.args == ["hand"]
    assert store.info("hand").labels == {"b": 3, "a": 4}
    assert before.items() <= splits(store).items()
    assert not list(book.folder.glob("*.png"))

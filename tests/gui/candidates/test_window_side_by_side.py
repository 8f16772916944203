"""Candidates beside each other: chosen in the strip, looked at with one zoom, and one is kept."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from kinds import there
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from aigc_studio.api import Artifact, Image, Melody, Note, Text
from aigc_studio.project import CandidateRecord
from aigc_studio.ui.candidates.side_by_side import SideBySide
from aigc_studio.ui.studio import Studio
from aigc_studio.ui.window import StudioWindow

Wait = Callable[[Callable[[], Any]], None]
Key = Qt.Key
NONE = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton


def grey(value: int) -> Image:
    return Image(np.full((28, 28), value, np.uint8))


def offer(window: StudioWindow, *artifacts: Artifact) -> list[str]:
    project = window.studio.project
    tray = project.candidates
    records = [
        CandidateRecord(tray.new_id(), project.store.put(each), request="r1") for each in artifacts
    ]
    for record, artifact in zip(records, artifacts, strict=True):
        window.session.artifacts[record.id] = artifact
    tray.add(*records)
    QApplication.processEvents()
    return [record.id for record in records]


@pytest.fixture
def ids(window: StudioWindow) -> list[str]:
    return offer(window, *(grey(value) for value in (10, 60, 110, 160, 210)))


def compared(window: StudioWindow, wait: Wait, *ids: str) -> SideBySide:
    area = window.board_area
    area.strip.select(*ids)
    QTest.mouseClick(area.strip.compare_button, LEFT)
    wait(lambda: area.tray.beside.shown is not None)
    shown = there(area.tray.beside.shown)
    wait(shown.isVisible)
    return shown


def test_up_to_four_can_be_compared(window: StudioWindow, ids: list[str]) -> None:
    strip = window.board_area.strip
    button = strip.compare_button
    for count, able in ((1, True), (2, True), (4, True), (5, False)):
        strip.select(*ids[:count])
        assert button.isEnabled() is able, count
    assert button.toolTip() == "Up to four beside each other: choose which with Ctrl or Shift"


@pytest.mark.parametrize(("one", "first"), [(0, 0), (3, 0), (4, 1)])
def test_with_one_chosen_those_around_it_are_compared(
    window: StudioWindow, ids: list[str], one: int, first: int, wait: Wait
) -> None:
    shown = compared(window, wait, ids[one])
    reds = [pane.image.pixelColor(3, 3).red() for pane in shown.panes]
    assert reds == [10, 60, 110, 160, 210][first : first + 4]


def test_they_are_seen_at_the_same_size_with_one_zoom(
    window: StudioWindow, ids: list[str], wait: Wait
) -> None:
    shown = compared(window, wait, ids[0], ids[2], ids[4])
    assert [button.accessibleName() for button in shown.keeps][1] == "Keep Candidate 3"
    panes = shown.panes
    assert [pane.image.pixelColor(3, 3).red() for pane in panes] == [10, 110, 210]
    assert len({pane.place().size().toTuple() for pane in panes}) == 1
    whole = panes[0].place()
    QTest.keyClick(shown, Key.Key_Plus)
    assert panes[0].place().width() > whole.width()
    assert len({pane.place().size().toTuple() for pane in panes}) == 1
    before = QPointF(shown.look.middle)
    middle = panes[1].rect().center()
    QTest.mousePress(panes[1], LEFT, NONE, middle)
    QTest.mouseMove(panes[1], middle + QPoint(10, 6))
    QTest.mouseRelease(panes[1], LEFT, NONE, middle + QPoint(10, 6))
    assert shown.look.middle.x() < before.x()
    assert len({pane.place().size().toTuple() for pane in panes}) == 1
    QTest.keyClick(shown, Key.Key_Left)
    QTest.keyClick(shown, Key.Key_0)
    assert (shown.look.zoom, shown.look.middle) == (1.0, QPointF(0.5, 0.5))
    assert panes[2].place() == whole
    QTest.mouseDClick(panes[0], LEFT, NONE, panes[0].rect().center())
    assert shown.look.zoom == 4
    for _number in range(20):
        QTest.keyClick(shown, Key.Key_Left)
    assert panes[0].place().left() <= 0 + max(0, (panes[0].width() - whole.width()) / 2)


def test_the_one_that_is_decided_for_is_kept(
    window: StudioWindow, studio: Studio, ids: list[str], wait: Wait
) -> None:
    area = window.board_area
    shown = compared(window, wait, ids[1], ids[3])
    QTest.mouseClick(shown.keeps[1], LEFT)
    wait(lambda: len(studio.project.board) == 1)
    (item,) = studio.project.board.items
    picture = studio.project.store.get(item.content)
    assert isinstance(picture, Image)
    assert picture.pixels[0, 0] == 160
    assert area.tray.beside.shown is None
    assert set(area.strip.ids()) == set(ids) - {ids[3]}
    shown = compared(window, wait, ids[0], ids[1])
    QTest.keyClick(shown, Key.Key_1)
    wait(lambda: len(studio.project.board) == 2)


def test_escape_closes_it_and_so_does_losing_one(
    window: StudioWindow, ids: list[str], wait: Wait
) -> None:
    area = window.board_area
    shown = compared(window, wait, ids[1], ids[3])
    QTest.keyClick(shown, Key.Key_Escape)
    assert area.tray.beside.shown is None
    assert len(area.strip.ids()) == 5
    compared(window, wait, ids[1], ids[3])
    window.session.discard([ids[3]])
    assert area.tray.beside.shown is None


def test_what_is_no_picture_and_no_text_is_not_compared_so(window: StudioWindow) -> None:
    area = window.board_area
    area.strip.select(*offer(window, Melody((Note(0, 480, 60),)), Melody((Note(0, 480, 62),))))
    QTest.mouseClick(area.strip.compare_button, LEFT)
    assert "Only finished pictures or texts" in area.bar.text


def test_texts_are_read_beside_each_other(window: StudioWindow, wait: Wait) -> None:
    long = "\n".join(f"Line {number}" for number in range(200))
    ids = offer(window, Text(long), Text("Short."), Text(long + "\nThe end."))
    shown = compared(window, wait, *ids)
    assert [pane.toPlainText()[-8:] for pane in shown.texts] == ["Line 199", "Short.", "The end."]
    first, _short, last = (pane.verticalScrollBar() for pane in shown.texts)
    first.setValue(40)
    assert (first.value(), last.value()) == (40, 40)
    QTest.keyClick(shown.texts[0], Key.Key_3)
    wait(lambda: ids[2] not in window.board_area.strip.ids())
    assert window.board_area.tray.beside.shown is None
    assert [item.content.medium for item in window.studio.project.board.items] == ["text"]


def test_texts_that_begin_alike_are_seen_where_they_differ(
    window: StudioWindow, wait: Wait
) -> None:
    shared = "".join(f"Line {number} 𝄞\n" for number in range(200))
    rest = "".join(f"More {number}\n" for number in range(60))
    ids = offer(window, Text(f"{shared}It rained.\n{rest}"), Text(f"{shared}A horse.\n{rest}"))
    shown = compared(window, wait, *ids)
    for pane, words in zip(shown.texts, ("It rained.", "A horse."), strict=True):
        place = pane.cursorRect()
        assert pane.viewport().rect().contains(place.center())
        assert pane.textCursor().block().text() == words
        assert pane.verticalScrollBar().value() > 100


class Restored(QShowEvent):
    """As it comes from outside when a window was minimised."""

    def spontaneous(self) -> bool:
        return True


def test_where_they_were_read_stays_when_the_window_comes_back(
    window: StudioWindow, wait: Wait
) -> None:
    shared = "".join(f"Line {number}\n" for number in range(200))
    ids = offer(window, Text(f"{shared}It rained."), Text(f"{shared}A horse."))
    shown = compared(window, wait, *ids)
    bar = shown.texts[0].verticalScrollBar()
    assert bar.value() > 100
    bar.setValue(7)
    shown.showEvent(Restored())
    assert bar.value() == 7


def test_texts_that_are_one_are_read_from_the_beginning(window: StudioWindow, wait: Wait) -> None:
    same = "".join(f"Line {number}\n" for number in range(200))
    shown = compared(window, wait, *offer(window, Text(same), Text(same)))
    assert shown.texts[0].verticalScrollBar().value() == 0

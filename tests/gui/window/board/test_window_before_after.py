"""Before and after: a line over a picture, dragged and moved by keys, by a person at the window."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from handwork import change_content
from kinds import there
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from aigc_studio.api import Artifact, Image, Text
from aigc_studio.project import CandidateRecord, Item, commands
from aigc_studio.project.joining import Base
from aigc_studio.project.past import former
from aigc_studio.ui.canvas.staging import line
from aigc_studio.ui.studio import Studio
from aigc_studio.ui.window import StudioWindow

Wait = Callable[[Callable[[], Any]], None]
Key = Qt.Key
NONE = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


def grey(value: int, side: int = 28) -> Image:
    return Image(np.full((side, side), value, np.uint8))


def put(studio: Studio, artifact: Artifact, **fields: Any) -> Item:
    (id,) = studio.project.board.new_ids(1)
    place = {"x": -140.0, "y": -140.0, "width": 280.0, "height": 280.0} | fields
    item = Item(id, "Drawing", studio.project.store.put(artifact), **place)
    assert studio.do(commands.add_items(studio.project.board, [item]))
    return item


def offer(window: StudioWindow, item: Item, *artifacts: Artifact) -> list[str]:
    """Candidates of an edit of an item."""
    project = window.studio.project
    tray, base = project.candidates, Base.of(item, None)
    records = [
        CandidateRecord(
            tray.new_id(),
            project.store.put(each),
            request="r1",
            target=item.id,
            use="replace",
            base=base,
        )
        for each in artifacts
    ]
    for record, artifact in zip(records, artifacts, strict=True):
        window.session.artifacts[record.id] = artifact
    tray.add(*records)
    QApplication.processEvents()
    return [record.id for record in records]


def seen(window: StudioWindow, across: float, down: float = 0.8) -> int:
    """How bright it is on screen at a place of what is staged, 0 to 1 in its own directions."""
    QApplication.processEvents()
    view = window.board_area.view
    item = there(view.stage.item)
    rect = item.boundingRect()
    at = item.mapToScene(QPointF(rect.width() * across, rect.height() * down))
    return view.viewport().grab().toImage().pixelColor(view.to_view(at).toPoint()).red()


def line_at(window: StudioWindow, share: float, down: float = 0.2) -> QPoint:
    """A place on the line, or where it would be, in pixels of the viewport."""
    view = window.board_area.view
    return line.place(view, there(view.stage.item), share).pointAt(down).toPoint()


def drag(window: StudioWindow, share: float, to: float) -> None:
    port = window.board_area.view.viewport()
    QTest.mousePress(port, LEFT, NONE, line_at(window, share))
    QTest.mouseMove(port, line_at(window, (share + to) / 2))
    QTest.mouseMove(port, line_at(window, to))
    QTest.mouseRelease(port, LEFT, NONE, line_at(window, to))


def press(window: StudioWindow, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(window.focusWidget() or window, key, held)


@pytest.mark.parametrize("angle", [0.0, 90.0, 30.0])
def test_a_line_parts_what_was_from_what_would_be_in_turned_items_too(
    window: StudioWindow, studio: Studio, angle: float
) -> None:
    area = window.board_area
    item = put(studio, grey(200), width=240.0, height=160.0, rotation=angle)
    offer(window, item, grey(40), grey(60))
    bar = area.decisions
    assert bar.wipe.isVisible()
    QTest.mouseClick(bar.wipe, LEFT)
    assert bar.wipe.isChecked()
    assert (seen(window, 0.25), seen(window, 0.75)) == (200, 40)
    drag(window, 0.5, 0.8)
    assert area.staging.deciding.comparing.wipe.share == pytest.approx(0.8, abs=0.03)
    assert (seen(window, 0.7), seen(window, 0.9)) == (200, 40)
    assert (item.x, item.rotation) == (studio.project.board.item(item.id).x, angle)
    assert studio.history.stack.count() == 1
    # What is written is the board, as it is.
    picture = area.view.exchange.render_board()
    assert picture.pixelColor(picture.width() // 2, picture.height() // 2).red() == 200
    # It stays from one candidate to the next.
    area.view.setFocus()
    press(window, Key.Key_Down)
    assert (seen(window, 0.7), seen(window, 0.9)) == (200, 60)
    press(window, Key.Key_Escape)
    assert not bar.wipe.isChecked()
    assert (seen(window, 0.1), seen(window, 0.9)) == (60, 60)
    assert len(area.strip.ids()) == 2  # the line went, the candidate stays
    press(window, Key.Key_Escape)
    assert len(area.strip.ids()) == 1


def test_keys_have_the_line_move_it_and_leave_it(window: StudioWindow, studio: Studio) -> None:
    area = window.board_area
    item = put(studio, grey(200))
    offer(window, item, grey(40), grey(60))
    area.view.setFocus()
    press(window, Key.Key_O, SHIFT)
    wipe = area.staging.deciding.comparing.wipe
    assert (wipe.is_seen, wipe.share, area.decisions.count.text()) == (True, 0.5, "1 / 2")
    press(window, Key.Key_Right)
    press(window, Key.Key_Right, SHIFT)
    assert wipe.share == pytest.approx(0.61)
    press(window, Key.Key_Left)
    assert wipe.share == pytest.approx(0.6)
    press(window, Key.Key_End)
    assert seen(window, 0.97) == 200
    press(window, Key.Key_Home)
    assert seen(window, 0.1) == 40
    press(window, Key.Key_2)
    assert area.decisions.count.text() == "2 / 2"
    # Held, the other way to see it still shows all that was.
    wipe.move_to(0.5)
    QTest.keyPress(area.view, Key.Key_O)
    assert (seen(window, 0.25), seen(window, 0.75)) == (200, 200)
    QTest.keyRelease(area.view, Key.Key_O)
    assert (seen(window, 0.25), seen(window, 0.75)) == (200, 60)
    press(window, Key.Key_O, SHIFT)
    assert not wipe.is_on
    press(window, Key.Key_Left)
    assert area.decisions.count.text() == "1 / 2"


def test_keeping_ends_it_and_the_board_is_whole(window: StudioWindow, studio: Studio) -> None:
    area = window.board_area
    item = put(studio, grey(200))
    offer(window, item, grey(40))
    area.view.setFocus()
    press(window, Key.Key_O, SHIFT)
    press(window, Key.Key_Return)
    shown = there(area.view.board_scene.item(item.id))
    assert (area.view.stage.is_empty, shown.clip, shown.covered) == (True, None, False)
    assert not area.staging.deciding.is_compared


def test_a_press_beside_the_line_is_the_tools(window: StudioWindow, studio: Studio) -> None:
    area = window.board_area
    item = put(studio, grey(200))
    offer(window, item, grey(40))
    area.view.setFocus()
    press(window, Key.Key_O, SHIFT)
    QTest.mouseClick(area.view.viewport(), LEFT, NONE, line_at(window, 0.2))
    assert area.view.board_scene.target().item_ids == (item.id,)
    assert area.staging.deciding.comparing.wipe.share == 0.5


def test_texts_and_new_things_have_none(window: StudioWindow, studio: Studio) -> None:
    area = window.board_area
    item = put(studio, Text("one two"))
    offer(window, item, Text("three"))
    assert area.view.stage.item is not None
    assert area.decisions.before.isVisible()
    assert not area.decisions.wipe.isVisible()
    area.view.setFocus()
    press(window, Key.Key_O, SHIFT)
    assert not area.staging.deciding.is_compared


class TestAnItem:
    """What an item was, beside what it is."""

    @pytest.fixture
    def edited(self, window: StudioWindow, studio: Studio) -> Item:
        item = put(studio, grey(200))
        (id,) = offer(window, item, grey(40))
        window.session.accept([id])
        window.board_area.view.select([item.id])
        return studio.project.board.item(item.id)

    def test_it_is_compared_with_what_it_was_by_key_and_by_menu(
        self, window: StudioWindow, studio: Studio, edited: Item, wait: Wait
    ) -> None:
        area, action = window.board_area, window.actions_by_name["compare"]
        comparing = area.staging.deciding.comparing
        board = studio.project.board
        studio.do(commands.change_items(board, {edited.id: edited.changed({"x": -100.0})}, "move"))
        area.view.select([edited.id])
        area.view.setFocus()
        QTest.keySequence(area.view, "Shift+O")
        assert comparing.item_id == edited.id
        assert there(area.view.stage.place).left() == -100
        wait(lambda: (seen(window, 0.25), seen(window, 0.75)) == (200, 40))
        assert not area.decisions.isVisible()
        drag(window, 0.5, 0.2)
        assert (seen(window, 0.1), seen(window, 0.3)) == (200, 40)
        press(window, Key.Key_Right, SHIFT)
        assert seen(window, 0.27) == 200
        press(window, Key.Key_Escape)
        assert (comparing.item_id, area.view.stage.is_empty) == ("", True)
        assert area.view.board_scene.target().item_ids == (edited.id,)
        action.trigger()
        assert comparing.is_seen
        QTest.mouseClick(comparing._bar.done, LEFT)
        assert area.view.stage.is_empty
        assert not comparing._bar.isVisible()
        assert studio.history.stack.count() == 3

    def test_another_step_or_selection_ends_it(
        self, window: StudioWindow, studio: Studio, edited: Item
    ) -> None:
        area, action = window.board_area, window.actions_by_name["compare"]
        for ends in (
            studio.history.stack.undo,
            studio.history.stack.redo,
            lambda: area.view.select([]),
        ):
            area.view.select([edited.id])
            if former(studio.project.history[: studio.project.position], edited.id) is None:
                ends()
                continue
            action.trigger()
            assert area.staging.deciding.comparing.is_seen
            ends()
            assert not area.view.stage.is_past
            assert not area.staging.deciding.is_compared
            assert not area.staging.deciding.comparing.item_id
            area.staging.end()  # an undo has the candidate looked at again
            shown = there(area.view.board_scene.item(edited.id))
            assert (shown.clip, shown.covered) == (None, False)

    def test_without_a_before_it_says_so(self, window: StudioWindow, studio: Studio) -> None:
        item = put(studio, grey(90))
        window.board_area.view.select([item.id])
        window.actions_by_name["compare"].trigger()
        assert "There is no before" in window.board_area.bar.text
        assert window.board_area.view.stage.is_empty

    def test_the_last_work_of_a_generator_counts_else_how_it_came(self, studio: Studio) -> None:
        project = studio.project
        board, store = project.board, project.store
        item = put(studio, grey(1))
        for value, kind in ((2, "paint"), (3, "paint")):
            content = {item.id: store.put(grey(value))}
            studio.do(change_content(board, content, kind))
        assert there(former(project.history, item.id)).content == item.content
        made = {item.id: store.put(grey(4))}
        studio.do(change_content(board, made, "regenerate"))
        studio.do(change_content(board, {item.id: store.put(grey(5))}, "paint"))
        assert there(former(project.history, item.id)).content == store.put(grey(3))

"""What comes next is picked at the caret: by keys, by clicks, in the editor and out of it."""

from collections.abc import Callable, Iterator

import pytest
from kinds import there
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from aigc_studio.api import Span, Text
from aigc_studio.project import Item, commands
from aigc_studio.ui.canvas import BoardView
from aigc_studio.ui.canvas.items.text_card import TextItem
from aigc_studio.ui.studio import Studio
from aigc_studio.ui.window import StudioWindow
from aigc_studio.ui.window.making.picking import Picking

Wait = Callable[[Callable[[], object]], None]
MakeWindow = Callable[..., StudioWindow]
LEFT, ALT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.AltModifier
KING = "all his men and all his crown and all his men and all his"


@pytest.fixture
def studio(
    qtbot: QtBot, add_plugins: Callable[..., None], plugin_names: Callable[..., None]
) -> Iterator[Studio]:
    """A Studio that knows the plugins picks and spans."""
    plugin_names("picks", "spans")
    add_plugins("picks", "spans")
    studio = Studio()
    studio.registry.refresh()
    yield studio
    if not studio.closed:
        studio.close()
    studio.settings.save()


@pytest.fixture
def window(make_window: MakeWindow) -> StudioWindow:
    return make_window("picks", (1280, 800))


def put(window: StudioWindow, text: str, wait: Wait, x: float = 0.0) -> TextItem:
    """A text, selected, with the caret at its end."""
    project = window.studio.project
    board, content = project.board, project.store.put(Text(text))
    item = Item(board.new_ids(1)[0], "item", content, x, 0.0, 420.0, 120.0)
    assert window.studio.do(commands.add_items(board, [item]))
    view = window.board_area.view
    view.actual_size()
    view.select([item.id])
    view.setFocus()
    view.board_scene.set_part(item.id, Span(len(text), len(text)))
    wait(lambda: bool(window.panel.editing.verbs()))
    card = view.board_scene.item(item.id)
    assert isinstance(card, TextItem)
    return card


def begin(window: StudioWindow, wait: Wait) -> Picking:
    """Press the verb in the bar over the selection."""
    area = window.board_area

    def found() -> list[QPushButton]:
        buttons = area.verbs.findChildren(QPushButton)
        named = [each for each in buttons if each.accessibleName() == "Pick what comes next"]
        return named if area.verbs.isVisible() else []

    wait(lambda: bool(found()))
    QTest.mouseClick(found()[0], LEFT)
    assert area.picks
    wait(lambda: area.picking.count > 0)
    return area.picking


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    keyboard = QApplication.focusWidget()
    assert keyboard is not None
    QTest.keyClick(keyboard, key, modifiers)


def type_sign(sign: str) -> None:
    keyboard = QApplication.focusWidget()
    assert keyboard is not None
    QTest.keyClicks(keyboard, sign)


def labels(picking: Picking) -> list[str]:
    return [chip.accessibleName() for chip in picking.chips.chips]


def test_a_digit_writes_a_piece_and_the_next_ones_come(window: StudioWindow, wait: Wait) -> None:
    card = put(window, KING, wait)
    picking = begin(window, wait)
    assert labels(picking) == ["men, 67%", "crown, 33%"]
    assert picking.chips.hint.text() == "1 to 2 picks"
    assert window.board_area.verbs.isHidden()  # one bar is enough
    steps = window.studio.history.stack.count()
    press(Qt.Key.Key_2)
    assert card.value == f"{KING} crown"
    assert card.span == Span(len(card.value), len(card.value))
    wait(lambda: labels(picking) == ["and, 100%"])
    press(Qt.Key.Key_Return)
    assert card.value == f"{KING} crown and"
    wait(lambda: labels(picking) == ["all, 100%"])
    assert window.studio.history.stack.count() == steps + 2
    window.board_area.undo()
    wait(lambda: card.value == f"{KING} crown")
    assert card.span == Span(len(card.value), len(card.value))
    wait(lambda: labels(picking) == ["and, 100%"])  # as it was before the step
    window.board_area.redo()
    wait(lambda: labels(picking) == ["all, 100%"])
    press(Qt.Key.Key_Escape)
    assert not window.board_area.picks
    assert picking.chips.bar.isHidden()
    assert window.board_area.target().item_ids == (card.id,)


def test_a_click_picks_and_arrows_go_round(window: StudioWindow, wait: Wait) -> None:
    card = put(window, KING, wait)
    picking = begin(window, wait)
    assert picking.chips.current == 0
    press(Qt.Key.Key_Right)
    assert [chip.is_current for chip in picking.chips.chips] == [False, True]
    press(Qt.Key.Key_Tab)
    assert picking.chips.current == 0
    press(Qt.Key.Key_Backtab)
    press(Qt.Key.Key_Return)
    assert card.value.endswith(" crown")
    wait(lambda: picking.count > 0)
    QTest.mouseClick(picking.chips.chips[0], LEFT)
    assert card.value.endswith(" crown and")
    wait(lambda: picking.count > 0)
    QTest.mouseClick(picking.chips.close, LEFT)
    assert not window.board_area.picks


def test_letters_are_written_and_digits_too_while_the_chips_follow(
    window: StudioWindow, wait: Wait
) -> None:
    card = put(window, KING, wait)
    view = window.board_area.view
    picking = begin(window, wait)
    tool = view.tool
    for sign in " truly 2 men":
        type_sign(sign)
    assert card.writing is not None
    assert card.writing.result()[0] == f"{KING} truly 2 men"
    assert view.tool is tool
    wait(lambda: labels(picking) == ["and, 100%"])
    assert picking.chips.hint.text() == "Alt+1 picks"
    press(Qt.Key.Key_1, ALT)
    assert card.writing.result()[0] == f"{KING} truly 2 men and"
    wait(lambda: labels(picking) == ["all, 100%"])
    press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert card.writing.result()[0] == f"{KING} truly 2 men"
    wait(lambda: labels(picking) == ["and, 100%"])
    press(Qt.Key.Key_Tab)  # the chips have the plain keys now
    press(Qt.Key.Key_1)
    assert card.writing.result()[0] == f"{KING} truly 2 men and"
    press(Qt.Key.Key_Escape)
    assert not window.board_area.picks
    assert view.writing is not None  # Escape takes back one thing at a time
    steps = window.studio.history.stack.count()
    press(Qt.Key.Key_Escape)
    wait(lambda: view.writing is None)
    assert card.value == f"{KING} truly 2 men and"
    assert window.studio.history.stack.count() == steps + 1


def test_it_begins_in_the_editor_as_well(window: StudioWindow, wait: Wait) -> None:
    card = put(window, KING, wait)
    view = window.board_area.view
    view.board_scene.set_part(card.id, None)
    press(Qt.Key.Key_Return)  # writes in the text that is selected
    assert view.writing is card
    wait(lambda: any(verb.operation.pick for verb in window.panel.editing.verbs()))
    picking = begin(window, wait)
    assert card.writing is not None
    press(Qt.Key.Key_1)
    assert card.writing.result()[0] == f"{KING} men"
    wait(lambda: picking.count > 0)


def test_backspace_deletes_a_letter_and_not_the_card(window: StudioWindow, wait: Wait) -> None:
    card = put(window, KING, wait)
    begin(window, wait)
    press(Qt.Key.Key_Backspace)
    assert card.writing is not None
    assert card.writing.result()[0] == KING[:-1]


def test_words_that_are_marked_are_gone_on_after(window: StudioWindow, wait: Wait) -> None:
    card = put(window, KING, wait)
    window.board_area.view.board_scene.set_part(card.id, Span(0, 7))
    picking = begin(window, wait)
    assert card.span == Span(7, 7)
    press(Qt.Key.Key_1)
    assert card.value.startswith("all his men men and")
    assert picking.item_id == card.id


def test_a_worker_that_is_slow_or_fails_is_a_quiet_sentence(
    window: StudioWindow, wait: Wait, qtbot: QtBot
) -> None:
    card = put(window, KING, wait)
    picking = begin(window, wait)
    for sign in " slow":
        type_sign(sign)
    wait(lambda: picking.chips.words.isVisible())
    assert picking.chips.words.text() == "Looking for what may come next…"
    for sign in " men":  # the newest place counts
        type_sign(sign)
    wait(lambda: labels(picking) == ["and, 100%"])
    for sign in " broken":
        type_sign(sign)
    wait(lambda: picking.chips.words.text() == "Nobody knows what comes next.")
    assert picking.chips.words.isVisible()
    assert window.board_area.bar.isHidden()
    press(Qt.Key.Key_1, ALT)  # there is nothing to take
    assert card.writing is not None
    assert card.writing.result()[0].endswith(" broken")


def scroll_to(view: BoardView, place: QPointF, spot: QPoint) -> None:
    """Move the board until a place of it lies at a spot of its view."""
    shift = spot - view.mapFromScene(place)
    for bar, by in (
        (view.horizontalScrollBar(), -shift.x()),
        (view.verticalScrollBar(), -shift.y()),
    ):
        bar.setRange(min(bar.minimum(), -100_000), max(bar.maximum(), 100_000))
        bar.setValue(bar.value() + by)
    QApplication.processEvents()


@pytest.mark.parametrize("zoom", [0.5, 1.0, 3.0])
def test_the_bar_stays_in_the_window_and_covers_no_line(
    window: StudioWindow, wait: Wait, zoom: float
) -> None:
    card = put(window, KING, wait)
    picking = begin(window, wait)
    view = window.board_area.view
    view.actual_size()
    view.scale(zoom, zoom)
    line = there(card.caret_line())
    room = view.viewport().rect()
    for x, y in ((0.02, 0.02), (0.98, 0.02), (0.02, 0.98), (0.98, 0.98)):
        spot = QPoint(round(room.width() * x), round(room.height() * y))
        scroll_to(view, card.mapToScene(line.center()), spot)
        wait(lambda: view.viewport().geometry().contains(picking.chips.bar.geometry()))
        first, last = (view.mapFromScene(card.mapToScene(end)) for end in (line.p1(), line.p2()))
        seen = QRect(first, last).normalized().translated(view.viewport().pos())
        assert not picking.chips.bar.geometry().intersects(seen), (x, y)


def test_it_ends_with_the_selection_and_with_the_text(window: StudioWindow, wait: Wait) -> None:
    card = put(window, KING, wait)
    picking = begin(window, wait)
    window.board_area.view.select([])
    assert not picking.item_id
    window.board_area.view.select([card.id])
    window.board_area.view.board_scene.set_part(card.id, Span(3, 3))
    picking = begin(window, wait)
    window.board_area.command("delete")
    assert not picking.item_id
    assert picking.chips.bar.isHidden()


def test_what_is_set_in_the_panel_changes_the_chips(window: StudioWindow, wait: Wait) -> None:
    put(window, KING, wait)
    picking = begin(window, wait)
    window.panel.middle.edit_page.form.set_values({"least": 2})
    window.panel.middle.edit_page.changed.emit()
    wait(lambda: labels(picking) == ["men, 100%"])
    assert not window.board_area.view.stage.item  # nothing is staged for it

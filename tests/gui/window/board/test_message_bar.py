"""Messages over the board: one at a time, none lost, in nobody's way."""

from collections.abc import Callable, Iterator

import pytest
from kinds import there
from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from aigc_studio.api import Text
from aigc_studio.project import Item, commands
from aigc_studio.ui import theme
from aigc_studio.ui.window import StudioWindow
from aigc_studio.ui.window.files.remarks_dialog import RemarksDialog
from aigc_studio.ui.window.message_bar import EDGE, MessageBar
from aigc_studio.ui.window.messages import Aside, Message, Messages, reading_time

ROOM = QRect(0, 36, 900, 400)
LONG = "The picture can no longer be read, and a grey square stands in its place. " * 3


@pytest.fixture
def bar(qapp: QApplication, qtbot: QtBot) -> Iterator[MessageBar]:
    theme.apply(qapp, "light")
    area = QWidget()
    qtbot.addWidget(area)
    area.resize(900, 500)
    bar = MessageBar(area)
    bar.stay_in(ROOM)
    area.show()
    yield bar
    area.close()


def buttons(bar: MessageBar) -> list[str]:
    return [each.text() for each in bar.findChildren(QPushButton) if each.isVisible()]


def enter(bar: MessageBar) -> None:
    place = QPointF(5, 5)
    QApplication.sendEvent(bar, QEnterEvent(place, place, place))


def test_what_is_told_stays_as_long_as_it_takes_to_read() -> None:
    assert reading_time("Saved.") == 5000
    assert reading_time("Saved.") < reading_time("word " * 20) < reading_time("word " * 60)
    assert reading_time("字" * 40) > reading_time("a" * 40)
    assert reading_time("word " * 1000) == 20_000


def test_under_the_pointer_it_stays(bar: MessageBar) -> None:
    bar.say("It is saved.")
    assert bar._timer.isActive()
    enter(bar)
    assert not bar._timer.isActive()
    QApplication.sendEvent(bar, QEvent(QEvent.Type.Leave))
    assert bar._timer.isActive()
    bar._timer.timeout.emit()
    assert bar.isHidden()


def test_pointing_at_what_waits_for_an_answer_does_not_send_it_away(bar: MessageBar) -> None:
    bar.say("Use it?", actions=[("Use it", lambda: None)])
    enter(bar)
    QApplication.sendEvent(bar, QEvent(QEvent.Type.Leave))
    assert not bar._timer.isActive()


def test_each_message_has_its_own_room_after_one_has_gone(bar: MessageBar) -> None:
    for sentence in ("Saved.", "4 candidates wait to be kept or dropped.", LONG, "Saved."):
        bar.say(sentence)
        label = bar.label
        assert ROOM.contains(bar.geometry())
        assert bar.geometry().bottom() == ROOM.bottom() - EDGE
        assert label.height() >= label.heightForWidth(label.width())
        words = label.fontMetrics().horizontalAdvance(sentence)
        assert label.width() >= words or bar.width() > ROOM.width() // 2
        bar.clear()


def test_it_goes_to_another_corner_where_it_would_cover_a_bar(bar: MessageBar) -> None:
    bar.say("Use it?", actions=[("Use it", lambda: None)])
    usual = bar.geometry()
    bar.keep_clear_of([usual.adjusted(10, 0, 0, 0)])
    assert ROOM.contains(bar.geometry())
    assert not bar.geometry().intersects(usual)
    bar.keep_clear_of([QRect(ROOM)])  # nowhere is better
    assert bar.geometry() == usual
    bar.keep_clear_of([usual, QRect(ROOM)])  # what comes first is not covered for the rest
    assert not bar.geometry().intersects(usual)
    bar.keep_clear_of([])
    assert bar.geometry() == usual


def test_nothing_is_lost_in_a_crowd(bar: MessageBar) -> None:
    bar.say("First.")
    bar.say("Question?", actions=[("Yes", lambda: None)])
    bar.say("Second.")
    bar.say("It broke.", "error")
    seen = []
    while bar.text:
        seen.append(bar.text)
        (bar._timer.timeout.emit if bar._timer.isActive() else bar.clear)()
    assert seen == ["It broke.", "Second.", "Question?", "First."]


def test_news_that_are_old_do_not_come_back() -> None:
    messages = Messages()
    for sentence, said in (("Old.", 61), ("New.", 5)):
        messages.add(Message(sentence, "info", []))
        there(messages.newest).said -= said
    messages.add(Message("Question?", "info", [("Yes", lambda: None)]))
    there(messages.newest).said -= 3600
    messages.forget_old()
    assert messages.count == 2
    assert there(messages.newest).sentence == "Question?"
    messages.drop()
    assert there(messages.newest).sentence == "New."


def test_a_warning_without_an_action_leaves_too(bar: MessageBar) -> None:
    bar.say("This takes long.", "warning")
    assert bar._timer.isActive()


def test_an_error_has_its_details_behind_a_button(qtbot: QtBot, bar: MessageBar) -> None:
    bar.say("It broke.", "error", [("Try again", lambda: None)], "Traceback: here")
    assert buttons(bar) == ["Try again", "Details"]
    with qtbot.waitSignal(bar.details_wanted) as told:
        bar.findChildren(QPushButton)[-1].click()
    assert told.args == ["It broke.", "Traceback: here"]
    assert bar.text == "It broke."


def test_what_shows_all_of_it_already_needs_no_details(bar: MessageBar) -> None:
    bar.say("Two files broke.", "error", [("Show all", Aside(lambda: None))], "one\ntwo")
    assert buttons(bar) == ["Show all"]


@pytest.mark.parametrize("width", [420, 664, 900, 1500])
@pytest.mark.parametrize("words", ["Saved.", LONG])
@pytest.mark.parametrize("labels", [(), ("Show in folder",), ("Bring back", "Discard", "Later")])
def test_it_lies_at_the_lower_left_and_nothing_in_it_is_cut(
    bar: MessageBar, width: int, words: str, labels: tuple[str, ...]
) -> None:
    bar.window().resize(width, 500)
    bar.stay_in(QRect(0, 36, width, 400))
    bar.say(words, "error", [(label, lambda: None) for label in labels], "Details")
    bar.say("Another.", actions=[("Yes", lambda: None)])
    bar.clear()
    QTest.qWait(1)
    assert bar.x() == EDGE
    assert bar.geometry().bottom() == 36 + 400 - 1 - EDGE
    assert bar.geometry().right() <= width - EDGE
    assert bar.label.height() >= bar.label.heightForWidth(bar.label.width())
    for button in bar.findChildren(QPushButton):
        if button.isVisible():
            assert button.width() >= button.sizeHint().width(), button.text()
            corner = button.mapTo(bar, button.rect().topLeft())
            assert bar.rect().contains(QRect(corner, button.size()))


def test_it_does_not_lie_over_what_is_selected(
    qtbot: QtBot, make_window: Callable[..., StudioWindow]
) -> None:
    window = make_window("echo", size=(1280, 800))
    studio, view, bar = window.studio, window.board_area.view, window.board_area.bar
    window.panel.set_verb("edit")
    view.set_zoom(1.0)
    content, board = studio.project.store.put(Text("here")), studio.project.board
    (id,) = board.new_ids(1)
    corner = view.to_scene(QPointF(60, view.viewport().height() - 260))
    item = Item(id, "T", content, corner.x(), corner.y(), 320, 240)
    assert studio.do(commands.add_items(board, [item]))
    studio.say("Use it?", actions=[("Use it", lambda: None)])
    view.select([id])
    left = view.to_view(QPointF(item.x, item.y)).toPoint()
    taken = QRect(left, QSize(320, 240)).translated(view.pos() + view.viewport().pos())
    qtbot.waitUntil(lambda: not bar.geometry().intersects(taken))


def test_by_keys_it_is_reached_answered_and_left(qtbot: QtBot, window: StudioWindow) -> None:
    area, done = window.board_area, []
    assert not window.actions_by_name["message"].isEnabled()
    window.studio.say("Use it?", actions=[("Use it", lambda: done.append("used"))])
    window.studio.say("Sure?", actions=[("Yes", lambda: done.append("sure"))])
    area.view.setFocus()
    QTest.keyClick(area.view, Qt.Key.Key_F6)
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Space)
    assert done == ["sure"]
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Space)  # the keyboard went on to the next
    assert done == ["sure", "used"]
    assert area.view.hasFocus()
    window.studio.say("Again?", actions=[("Yes", lambda: done.append("again"))])
    QTest.keyClick(area.view, Qt.Key.Key_F6)
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Escape)
    assert area.bar.isHidden()
    assert area.view.hasFocus()


def test_details_open_from_the_window(qtbot: QtBot, window: StudioWindow) -> None:
    window.studio.say("It broke.", "error", details="Traceback: here")
    details = window.board_area.bar._details
    assert details is not None
    qtbot.mouseClick(details, Qt.MouseButton.LeftButton)
    (dialog,) = window.findChildren(RemarksDialog)
    assert dialog.text.toPlainText() == "It broke.\n    Traceback: here"
    assert dialog.windowTitle() == "Details"
    dialog.reject()

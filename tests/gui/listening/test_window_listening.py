"""Tunes are heard at the window: Play, the line that moves, candidates, notes under the hand."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from gui.listeners import DumbPlayer
from gui.window.making.test_window_staging import offer, press, put
from kinds import a_melody, a_text, known, there
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aigc_studio.api import Bars, Image, Melody, Note, Tempo
from aigc_studio.project import Item, commands
from aigc_studio.project.joining import Base
from aigc_studio.ui.canvas.items.melody_card import MelodyItem
from aigc_studio.ui.canvas.tools.tool import Tool
from aigc_studio.ui.listening import ear
from aigc_studio.ui.listening.clock import Clock, time_words
from aigc_studio.ui.studio import Studio
from aigc_studio.ui.window import StudioWindow

Wait = Callable[[Callable[[], Any]], None]
Key = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton
BAR = 1920
SCALE = Melody(tuple(Note(n * 480, 480, 60 + n % 12, 64) for n in range(32)), program=40)
"""Eight bars of quarter notes."""
OTHER = Melody(tuple(Note(n * 480, 480, 72 - n % 12, 64) for n in range(32)))


@pytest.fixture(autouse=True)
def player(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No process, no device, and time that stands still until a test has it go on."""
    monkeypatch.setattr("aigc_studio.sound.player.Player", DumbPlayer)
    monkeypatch.setattr(DumbPlayer, "lost", "")
    # The line is where the player says, at once.
    monkeypatch.setattr("aigc_studio.ui.listening.listening.LED", 1.0)
    DumbPlayer.made.clear()
    yield
    DumbPlayer.made.clear()


def the_player() -> DumbPlayer:
    (only,) = DumbPlayer.made
    return only


def a_tune(
    window: StudioWindow, melody: Melody = SCALE, x: float = -240, y: float = -100, **fields: Any
) -> Item:
    """A tune on the board, selected, as the keyboard is on the canvas."""
    item = put(window.studio, melody, x, y, **({"width": 480.0, "height": 200.0} | fields))
    window.board_area.view.select([item.id])
    window.board_area.view.setFocus()
    QApplication.processEvents()
    return item


def card(window: StudioWindow, item: Item) -> MelodyItem:
    return known(MelodyItem, window.board_area.view.board_scene.item(item.id))


def look(qtbot: QtBot, window: StudioWindow, ticks: float) -> None:
    """Let it play on, and be seen."""
    the_player().go_on(ticks)
    tick = the_player().tick
    qtbot.waitUntil(lambda: ear().tick == tick or not ear().is_playing)


class Painted(QObject):
    """How many pixels each paint event of a widget is about."""

    def __init__(self) -> None:
        super().__init__()
        self.areas: list[int] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            rects = list(event.region())  # type: ignore[call-overload]  # the stubs miss it
            self.areas.append(sum(rect.width() * rect.height() for rect in rects))
        return False


class TestSpace:
    def test_a_tap_plays_what_is_selected_and_stops_it(self, window: StudioWindow) -> None:
        a_tune(window)
        press(window, Key.Key_Space)
        assert ear().is_playing
        assert the_player().melody == SCALE
        assert the_player().calls == [("play", 0.0, None)]
        press(window, Key.Key_Space)
        assert not ear().is_playing
        assert the_player().calls[-1] == ("stop",)

    def test_held_it_moves_the_view_and_plays_nothing(self, window: StudioWindow) -> None:
        a_tune(window)
        view = window.board_area.view
        seen = view.seen()
        QTest.keyPress(view, Key.Key_Space)
        middle = view.viewport().rect().center()
        QTest.mousePress(view.viewport(), LEFT, pos=middle)
        QTest.mouseMove(view.viewport(), middle + QPoint(60, 20))
        QTest.mouseRelease(view.viewport(), LEFT, pos=middle + QPoint(60, 20))
        QTest.keyRelease(view, Key.Key_Space)
        assert view.seen() != seen
        assert not DumbPlayer.made

    def test_a_key_that_repeats_itself_is_held(self, window: StudioWindow) -> None:
        a_tune(window)
        view, kind = window.board_area.view, QEvent.Type.KeyPress
        none = Qt.KeyboardModifier.NoModifier
        QTest.keyPress(view, Key.Key_Space)
        QApplication.sendEvent(view, QKeyEvent(kind, Key.Key_Space, none, " ", autorep=True))
        QTest.keyRelease(view, Key.Key_Space)
        assert not DumbPlayer.made

    def test_it_plays_the_tune_under_the_pointer_where_none_is_selected(
        self, window: StudioWindow, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        item = a_tune(window)
        view = window.board_area.view
        view.select([])
        monkeypatch.setattr(view, "pointed", lambda: QPointF(0, 0))
        press(window, Key.Key_Space)
        assert ear().place == f"item:{item.id}"

    def test_it_stays_a_letter_of_a_text_that_is_written(self, window: StudioWindow) -> None:
        a_tune(window)
        window.board_area.view.write_new(QPointF(400, 0))
        QTest.keyClicks(there(window.focusWidget()), "a b")
        press(window, Key.Key_Escape)
        board, store = window.studio.project.board, window.studio.project.store
        assert a_text(store.get(board.items[-1].content)).value == "a b"
        assert not DumbPlayer.made

    def test_it_presses_a_button_that_has_the_keyboard(self, window: StudioWindow) -> None:
        a_tune(window)
        button = window.board_area.hearing.bar.loop
        button.setFocus()
        press(window, Key.Key_Space)
        assert window.studio.settings.preference("loop")
        assert not DumbPlayer.made

    def test_with_shift_it_begins_anew(self, window: StudioWindow, qtbot: QtBot) -> None:
        item = a_tune(window)
        window.board_area.view.board_scene.set_part(item.id, Bars(3, 4))
        press(window, Key.Key_Space)
        assert the_player().calls[-1] == ("play", 2 * BAR, None)
        look(qtbot, window, 500)
        press(window, Key.Key_Space, SHIFT)
        assert the_player().calls[-1] == ("play", 0.0, None)
        assert ear().is_playing

    def test_where_no_tune_is_at_hand_it_does_nothing(self, window: StudioWindow) -> None:
        window.board_area.view.setFocus()
        press(window, Key.Key_Space)
        assert not DumbPlayer.made


class TestBar:
    def test_it_lies_over_the_selected_tune_and_says_where_it_is(
        self, window: StudioWindow, qtbot: QtBot
    ) -> None:
        a_tune(window)
        bar = window.board_area.hearing.bar
        qtbot.waitUntil(bar.isVisible)
        assert bar.time.text() == "0:00 / 0:16"
        assert bar.play.accessibleName() == "Play"
        qtbot.mouseClick(bar.play, LEFT)
        qtbot.waitUntil(lambda: bar.play.accessibleName() == "Stop")
        look(qtbot, window, 480 * 15)
        assert bar.time.text() == "0:07 / 0:16"
        qtbot.mouseClick(bar.play, LEFT)
        assert not ear().is_playing
        qtbot.waitUntil(lambda: bar.play.accessibleName() == "Play")

    def test_what_is_selected_beside_it_has_its_own(
        self, window: StudioWindow, qtbot: QtBot
    ) -> None:
        a_tune(window)
        press(window, Key.Key_Space)
        other = a_tune(window, OTHER, y=150)
        qtbot.waitUntil(lambda: window.board_area.hearing.bar.play.accessibleName() == "Play")
        assert ear().is_playing  # one goes on listening while one selects
        qtbot.mouseClick(window.board_area.hearing.bar.play, LEFT)
        assert (ear().place, the_player().melody) == (f"item:{other.id}", OTHER)

    def test_it_is_at_what_sounds_where_nothing_is_selected(
        self, window: StudioWindow, qtbot: QtBot
    ) -> None:
        a_tune(window)
        press(window, Key.Key_Space)
        window.board_area.view.select([])
        bar = window.board_area.hearing.bar
        QTest.qWait(20)
        assert bar.isVisible()
        press(window, Key.Key_Space)
        qtbot.waitUntil(bar.isHidden)

    def test_there_is_none_for_a_picture(self, window: StudioWindow, qtbot: QtBot) -> None:
        import numpy as np

        a_tune(window)
        qtbot.waitUntil(window.board_area.hearing.bar.isVisible)
        item = put(window.studio, Image(np.zeros((40, 40), np.uint8)), 400, 0)
        window.board_area.view.select([item.id])
        qtbot.waitUntil(window.board_area.hearing.bar.isHidden)

    def test_the_verbs_make_room_for_it(self, make_window: Callable[..., StudioWindow]) -> None:
        window = make_window("bars", (1280, 800))
        a_tune(window)
        for _turn in range(10):
            QApplication.processEvents()
            QTest.qWait(10)
        bar, verbs = window.board_area.hearing.bar, window.board_area.verbs
        assert bar.isVisible()
        assert not verbs.isVisible() or not verbs.geometry().intersects(bar.geometry())

    @pytest.mark.parametrize("lacking", [-40, 60])
    def test_both_have_one_row_where_a_step_to_the_left_gives_it(
        self, make_window: Callable[..., StudioWindow], qtbot: QtBot, lacking: int
    ) -> None:
        window = make_window("bars", (1280, 800))
        view = window.board_area.view
        view.set_zoom(1.0)
        bar, verbs = window.board_area.hearing.bar, window.board_area.verbs
        item = a_tune(window)
        qtbot.waitUntil(lambda: bar.isVisible() and verbs.isVisible())
        row = bar.width() + 8 + verbs.width()
        # So many pixels are missing behind the tune's beginning for the two.
        left = bar.room().right() + 1 - row + lacking
        begins = view.to_view(QPointF(item.x, item.y)).x()
        board = window.studio.project.board
        moved = {item.id: replace(item, x=item.x + (left - begins))}
        assert window.studio.do(commands.change_items(board, moved, "move"))

        def is_settled() -> bool:
            return verbs.isVisible() and verbs.x() == bar.geometry().right() + 9

        qtbot.waitUntil(is_settled)
        assert bar.y() == verbs.y()
        assert bar.room().contains(bar.geometry() | verbs.geometry())

    def test_at_the_right_edge_the_verbs_are_to_the_left_in_the_same_row(
        self, make_window: Callable[..., StudioWindow], qtbot: QtBot
    ) -> None:
        window = make_window("bars", (1280, 800))
        view = window.board_area.view
        view.set_zoom(0.25)
        bar, verbs = window.board_area.hearing.bar, window.board_area.verbs
        item = a_tune(window)
        qtbot.waitUntil(lambda: bar.isVisible() and verbs.isVisible())
        begins = view.to_view(QPointF(item.x, item.y)).x()
        by = (bar.room().right() - bar.width() - begins) / view.zoom
        board = window.studio.project.board
        moved = {item.id: replace(item, x=item.x + by)}
        assert window.studio.do(commands.change_items(board, moved, "move"))
        qtbot.waitUntil(lambda: verbs.geometry().right() + 9 == bar.x())
        assert bar.y() == verbs.y()
        assert bar.room().contains(bar.geometry() | verbs.geometry())


class TestLine:
    def test_it_goes_through_the_roll_and_lights_what_sounds(
        self, window: StudioWindow, qtbot: QtBot
    ) -> None:
        item = a_tune(window)
        press(window, Key.Key_Space)
        look(qtbot, window, 500)
        line = there(window.board_area.hearing.follower.playhead)
        roll = card(window, item).roll
        assert abs(line.x() - roll.x(500)) < 1
        assert line.lit == [1]
        look(qtbot, window, 500)
        assert line.lit == [2]
        press(window, Key.Key_Space)
        assert window.board_area.hearing.follower.playhead is None

    def test_only_its_strips_are_painted_anew(self, window: StudioWindow, qtbot: QtBot) -> None:
        item = a_tune(window)
        view = window.board_area.view
        press(window, Key.Key_Space)
        look(qtbot, window, 500)
        qtbot.wait(50)
        painter = Painted()
        view.viewport().installEventFilter(painter)
        look(qtbot, window, 200)
        qtbot.waitUntil(lambda: bool(painter.areas))
        whole = view.to_view_rect(card(window, item).sceneBoundingRect())
        assert max(painter.areas) < 0.2 * whole.width() * whole.height()

    def test_it_is_in_no_export(self, window: StudioWindow, qtbot: QtBot) -> None:
        a_tune(window)
        view = window.board_area.view
        before = view.exchange.render_board()
        press(window, Key.Key_Space)
        look(qtbot, window, 960)
        assert view.exchange.render_board() == before

    def test_it_is_gone_with_the_end_of_the_tune(self, window: StudioWindow, qtbot: QtBot) -> None:
        a_tune(window)
        press(window, Key.Key_Space)
        the_player().go_on(SCALE.length)
        qtbot.waitUntil(lambda: not ear().is_playing)
        assert window.board_area.hearing.follower.playhead is None

    def test_the_view_goes_along_until_a_person_moves_it(
        self, window: StudioWindow, qtbot: QtBot
    ) -> None:
        a_tune(window, x=0, width=3000.0)
        view = window.board_area.view
        view.set_zoom(1.0)
        view.centerOn(200, 0)
        press(window, Key.Key_Space)
        seen = view.seen()
        look(qtbot, window, 480)
        assert view.seen() == seen
        look(qtbot, window, 480 * 8)
        line = there(window.board_area.hearing.follower.playhead)
        width = view.viewport().width()

        def place() -> float:
            the_player().tick += 1
            return view.to_view(line.scenePos()).x()

        qtbot.waitUntil(lambda: place() < 0.4 * width)
        view.pan(QPointF(-150, 0))
        seen = view.seen()
        look(qtbot, window, 480 * 6)
        qtbot.wait(60)
        assert view.seen() == seen

    def test_pages_turn_in_a_card_that_is_seen_from_near(
        self, window: StudioWindow, qtbot: QtBot
    ) -> None:
        item = a_tune(window)
        shown = card(window, item)
        shown.camera.zoom(4.0, shown.roll.x(0))
        first, last = shown.roll.ends
        assert (first, last) == (0, 2 * BAR)
        press(window, Key.Key_Space)
        look(qtbot, window, BAR)
        assert shown.roll.ends == (first, last)
        look(qtbot, window, 0.9 * BAR)
        assert shown.roll.ends[0] > 0
        line = there(window.board_area.hearing.follower.playhead)
        assert line.isVisible()
        assert abs(line.x() - shown.roll.x(1.9 * BAR)) < 1
        shown.camera.scroll_to(5 * BAR)  # the person looks elsewhere
        look(qtbot, window, 480)
        assert shown.roll.ends[0] == 5 * BAR
        assert not line.isVisible()

    def test_a_click_on_the_ruler_says_where_it_goes_on(
        self, window: StudioWindow, qtbot: QtBot
    ) -> None:
        item = a_tune(window)
        view, roll = window.board_area.view, card(window, item).roll
        press(window, Key.Key_Space)
        look(qtbot, window, 100)
        spot = card(window, item).mapToScene(QPointF(roll.x(4 * BAR + 300), 10))
        QTest.mouseClick(view.viewport(), LEFT, pos=view.to_view(spot).toPoint())
        qtbot.waitUntil(lambda: the_player().calls[-1] == ("seek", 4.0 * BAR))
        press(window, Key.Key_Space)
        press(window, Key.Key_Space)
        assert the_player().calls[-1] == ("play", 4.0 * BAR, None)


class TestLoop:
    def test_the_selected_bars_go_round(self, window: StudioWindow, qtbot: QtBot) -> None:
        item = a_tune(window)
        scene = window.board_area.view.board_scene
        scene.set_part(item.id, Bars(3, 4))
        press(window, Key.Key_L, SHIFT)
        assert window.actions_by_name["loop"].isChecked()
        press(window, Key.Key_Space)
        assert the_player().calls[-1] == ("play", 2.0 * BAR, (2 * BAR, 4 * BAR))
        scene.set_part(item.id, Bars(3, 5))
        qtbot.waitUntil(lambda: the_player().loop == (2 * BAR, 5 * BAR))
        press(window, Key.Key_L, SHIFT)
        qtbot.waitUntil(lambda: the_player().loop is None)
        assert ear().is_playing

    def test_all_of_it_where_none_are_selected(self, window: StudioWindow) -> None:
        window.studio.settings.set_preference("loop", True)
        a_tune(window)
        press(window, Key.Key_Space)
        assert the_player().loop == (0, SCALE.length)


class TestMeanwhile:
    def test_what_is_edited_is_heard_on_the_way(self, window: StudioWindow, qtbot: QtBot) -> None:
        item = a_tune(window)
        view = window.board_area.view
        press(window, Key.Key_Space)
        look(qtbot, window, 700)
        view.set_tool(Tool.BRUSH)
        spot = card(window, item).mapToScene(
            QPointF(
                card(window, item).roll.x(6 * BAR + 10),
                card(window, item).roll.row(66).center().y(),
            )
        )
        QTest.mouseClick(view.viewport(), LEFT, pos=view.to_view(spot).toPoint())
        view.finish_edits()
        qtbot.waitUntil(lambda: ("replace",) in the_player().calls)
        assert len(there(the_player().melody).notes) == len(SCALE.notes) + 1
        assert the_player().tick == 700
        window.studio.history.stack.undo()
        qtbot.waitUntil(lambda: the_player().melody == SCALE)

    def test_it_ends_with_its_tune(self, window: StudioWindow, qtbot: QtBot) -> None:
        a_tune(window)
        press(window, Key.Key_Space)
        look(qtbot, window, 700)
        press(window, Key.Key_Delete)
        qtbot.waitUntil(lambda: not ear().is_playing)

    def test_it_ends_with_the_project(self, window: StudioWindow, qtbot: QtBot) -> None:
        from aigc_studio.project import Project

        a_tune(window)
        press(window, Key.Key_Space)
        window.studio.show_project(Project.new())
        qtbot.waitUntil(lambda: not ear().is_playing)

    def test_the_device_is_let_go_with_the_studio(
        self, window: StudioWindow, studio: Studio
    ) -> None:
        a_tune(window)
        press(window, Key.Key_Space)
        player = the_player()
        window.closing.allowed = True
        window.close()
        studio.close()
        assert player.closed


class TestCandidates:
    def test_p_hears_the_one_on_stage(self, window: StudioWindow, qtbot: QtBot) -> None:
        offer(window, SCALE, OTHER)
        window.board_area.view.setFocus()
        assert window.board_area.decisions.hear.isVisible()
        assert not window.board_area.decisions.hear_before.isVisible()
        press(window, Key.Key_P)
        assert the_player().melody == SCALE
        hear = window.board_area.decisions.hear
        qtbot.waitUntil(lambda: hear.accessibleName() == "Stop")
        press(window, Key.Key_Right)
        qtbot.waitUntil(lambda: the_player().melody == OTHER)  # with one in the ear, the next
        press(window, Key.Key_P)
        assert not ear().is_playing

    def test_and_so_does_space(self, window: StudioWindow) -> None:
        offer(window, SCALE)
        window.board_area.view.setFocus()
        press(window, Key.Key_Space)
        assert the_player().melody == SCALE
        press(window, Key.Key_Space)
        assert not ear().is_playing

    def test_one_key_each(self, window: StudioWindow, qtbot: QtBot) -> None:
        offer(window, SCALE, OTHER)
        window.board_area.view.setFocus()
        for key, melody in ((Key.Key_2, OTHER), (Key.Key_1, SCALE), (Key.Key_1, SCALE)):
            calls = len(DumbPlayer.made[0].calls) if DumbPlayer.made else 0
            press(window, key)
            qtbot.waitUntil(partial(self.is_asked, calls))
            assert the_player().melody == melody

    def is_asked(self, before: int) -> bool:
        return bool(DumbPlayer.made) and len(the_player().calls) > before

    def test_and_in_the_strip(self, window: StudioWindow, qtbot: QtBot) -> None:
        ids = offer(window, SCALE, OTHER)
        strip = window.board_area.strip
        strip.list.setFocus()
        press(window, Key.Key_2)
        qtbot.waitUntil(lambda: bool(DumbPlayer.made) and the_player().melody == OTHER)
        qtbot.waitUntil(lambda: strip.list.painter.heard == ids[1])
        press(window, Key.Key_Space)
        assert not ear().is_playing
        qtbot.waitUntil(lambda: strip.list.painter.heard == "")
        press(window, Key.Key_Space)
        assert ear().is_playing

    def test_by_the_button_on_its_picture(self, window: StudioWindow, qtbot: QtBot) -> None:
        ids = offer(window, SCALE, OTHER)
        view = window.board_area.strip.list
        qtbot.waitUntil(view.isVisible)
        spot = view.painter.play_place(view.rect_of(1)).center()
        QTest.mouseClick(view.viewport(), LEFT, pos=spot)
        qtbot.waitUntil(lambda: bool(DumbPlayer.made) and the_player().melody == OTHER)
        assert window.board_area.staging.candidate == ids[1]
        QTest.mouseClick(view.viewport(), LEFT, pos=spot)
        qtbot.waitUntil(lambda: not ear().is_playing)

    def test_what_was_before_is_seen_while_it_is_heard(
        self, window: StudioWindow, qtbot: QtBot
    ) -> None:
        item = a_tune(window)
        part = Bars(4, 5)
        offer(window, OTHER, target=item.id, use="replace", base=Base.of(item, part))
        window.board_area.view.setFocus()
        qtbot.waitUntil(window.board_area.decisions.hear_before.isVisible)
        press(window, Key.Key_P)
        start = 2.0 * BAR  # with the bar before what is new
        assert the_player().calls[-1] == ("play", start, None)
        press(window, Key.Key_P, SHIFT)
        assert (the_player().melody, the_player().tick) == (SCALE, start)
        assert window.board_area.view.stage.before
        press(window, Key.Key_P, SHIFT)
        assert not ear().is_playing
        assert not window.board_area.view.stage.before

    def test_what_was_written_on_is_heard_from_the_bar_before_it(
        self, window: StudioWindow, qtbot: QtBot
    ) -> None:
        item = a_tune(window)
        more = tuple(Note((32 + n) * 480, 480, 60 + n) for n in range(8))
        longer = replace(SCALE, notes=(*SCALE.notes, *more), length=0)
        (id,) = offer(window, longer, target=item.id, use="replace", base=Base.of(item, None))
        window.board_area.view.setFocus()
        qtbot.waitUntil(lambda: window.session.new_part(id) == Bars(9, 10))
        press(window, Key.Key_P)
        assert the_player().calls[-1] == ("play", 7.0 * BAR, None)

    def test_its_bar_is_in_sight_and_says_one_thing_once(
        self, window: StudioWindow, qtbot: QtBot
    ) -> None:
        item = a_tune(window)
        offer(window, OTHER, target=item.id, use="replace", base=Base.of(item, Bars(4, 5)))
        bar = window.board_area.decisions
        qtbot.waitUntil(bar.hear_before.isVisible)
        parts = (bar.before, bar.hear_before, bar.more)
        for part in parts:
            part.show_words("short")
        assert len({part.text() for part in parts}) == len(parts)
        window.resize(1000, window.height())
        for number in (9, 10_000_000_000_000_000):  # no tune has so many: as wide as it gets
            bar.show_place(number, 1, number)
            qtbot.waitUntil(lambda: bar.room().contains(bar.geometry()))

    def test_it_goes_on_when_it_is_kept(self, window: StudioWindow, qtbot: QtBot) -> None:
        offer(window, SCALE)
        window.board_area.view.setFocus()
        press(window, Key.Key_P)
        look(qtbot, window, 700)
        press(window, Key.Key_Return)
        (item,) = window.studio.project.board.items
        qtbot.waitUntil(lambda: ear().place == f"item:{item.id}")
        assert ear().is_playing
        assert the_player().calls == [("play", 0.0, None)]
        look(qtbot, window, 300)
        assert window.board_area.hearing.follower.playhead is not None

    def test_it_is_silent_when_it_is_dropped(self, window: StudioWindow, qtbot: QtBot) -> None:
        offer(window, SCALE)
        window.board_area.view.setFocus()
        press(window, Key.Key_P)
        press(window, Key.Key_Escape)
        qtbot.waitUntil(lambda: not ear().is_playing)

    @pytest.mark.parametrize("wanted", [True, False])
    def test_what_was_made_is_heard_at_once_if_that_is_wanted(
        self, window: StudioWindow, qtbot: QtBot, wanted: bool
    ) -> None:
        window.studio.settings.set_preference("play_new", wanted)
        (id,) = offer(window, SCALE)
        window.session.batch_began.emit(id)
        qtbot.waitUntil(lambda: window.board_area.staging.shown == id)
        QApplication.processEvents()
        assert ear().is_playing is wanted


class TestSound:
    def test_another_instrument_is_a_step(self, window: StudioWindow, qtbot: QtBot) -> None:
        item = a_tune(window)
        page = window.board_area.hearing.sound_page
        qtbot.waitUntil(page.isVisible)
        assert page.instrument.text() == "Fiddle"
        menu = there(page.instrument.menu())
        menu.aboutToShow.emit()
        assert [each.text() for each in menu.actions() if each.isChecked()] == ["Fiddle"]
        next(each for each in menu.actions() if each.text() == "Flute").trigger()
        window.board_area.view.finish_edits()
        board, store = window.studio.project.board, window.studio.project.store
        changed = a_melody(store.get(board.item(item.id).content))
        assert (changed.program, changed.notes) == (73, SCALE.notes)
        qtbot.waitUntil(lambda: page.instrument.text() == "Flute")
        window.studio.history.stack.undo()
        assert a_melody(store.get(board.item(item.id).content)).program == 40
        qtbot.waitUntil(lambda: page.instrument.text() == "Fiddle")

    def test_what_is_new_has_volume_and_no_instrument_yet(
        self, window: StudioWindow, qtbot: QtBot
    ) -> None:
        offer(window, SCALE)
        qtbot.waitUntil(lambda: window.board_area.hearing.sound_page.volume.isVisible())
        page = window.board_area.hearing.sound_page
        assert page.instrument.isHidden()
        window.board_area.view.setFocus()
        press(window, Key.Key_Return)
        qtbot.waitUntil(page.instrument.isVisible)

    def test_volume_and_metronome_are_remembered(self, window: StudioWindow) -> None:
        a_tune(window)
        press(window, Key.Key_Space)
        page, settings = window.board_area.hearing.sound_page, window.studio.settings
        assert the_player().volume == 0.8
        page.volume.slider.setValue(30)
        assert (the_player().volume, settings.preference("volume")) == (0.3, 30)
        press(window, Key.Key_K, SHIFT)
        assert the_player().metronome
        assert settings.preference("metronome")
        window.status.mute.click()
        assert the_player().volume == 0
        window.status.mute.click()
        assert the_player().volume == 0.3

    def test_a_drawn_note_is_heard_once_for_each_pitch(self, window: StudioWindow) -> None:
        window.studio.settings.set_preference("touch_sound", True)
        item = a_tune(window)
        self.drag(window, item, [(480.0 + 200, 61), (480.0 + 200, 63), (480.0 + 260, 63)])
        pitches = [pitch for pitch, _program, _velocity in the_player().notes]
        assert pitches[0] == 61
        assert pitches[-1] == 63
        assert len(pitches) == len(set(pitches))
        assert {program for _pitch, program, _velocity in the_player().notes} == {40}

    def test_or_not_at_all(self, window: StudioWindow) -> None:
        item = a_tune(window)
        self.drag(window, item, [(480.0 + 200, 61), (480.0 + 200, 63)])
        assert not DumbPlayer.made

    def drag(self, window: StudioWindow, item: Item, places: list[tuple[float, int]]) -> None:
        from aigc_studio.ui.canvas.tools.melodies import edit_notes

        view, shown = window.board_area.view, card(window, item)
        edit_notes(view, shown)
        spots = [
            view.to_view(
                shown.mapToScene(QPointF(shown.roll.x(tick), shown.roll.row(pitch).center().y()))
            )
            for tick, pitch in places
        ]
        QTest.mousePress(view.viewport(), LEFT, pos=spots[0].toPoint())
        for spot in spots[1:]:
            QTest.mouseMove(view.viewport(), spot.toPoint())
        QTest.mouseRelease(view.viewport(), LEFT, pos=spots[-1].toPoint())
        view.finish_edits()


class TestNoDevice:
    def test_a_sound_font_that_is_not_used_is_told_once(
        self, window: StudioWindow, qtbot: QtBot
    ) -> None:
        window.studio.settings.set_preference("soundfont", "/broken.sf2")
        a_tune(window)
        press(window, Key.Key_Space)
        qtbot.waitUntil(lambda: "cannot be read" in window.board_area.bar.text)
        assert ear().is_playing  # on the instruments of the studio
        window.board_area.bar.clear()
        press(window, Key.Key_Space)
        press(window, Key.Key_Space)
        look(qtbot, window, 300)
        assert window.board_area.bar.text == ""

    def test_it_says_what_to_do_and_is_found_again(
        self, window: StudioWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        a_tune(window)
        monkeypatch.setattr(DumbPlayer, "lost", "No sound: export WAV.")
        monkeypatch.setattr("aigc_studio.ui.listening.listening.GRACE", 0.0)
        press(window, Key.Key_Space)
        qtbot.waitUntil(lambda: not ear().is_playing)
        assert "export WAV" in window.board_area.bar.text
        assert window.board_area.hearing.bar.isVisible()
        monkeypatch.setattr(DumbPlayer, "lost", "")
        press(window, Key.Key_Space)
        look(qtbot, window, 300)
        assert ear().is_playing
        assert "export WAV" not in window.board_area.bar.text

    def test_one_that_goes_while_it_plays_is_told(
        self, window: StudioWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        a_tune(window)
        press(window, Key.Key_Space)
        look(qtbot, window, 300)
        assert ear().is_playing
        monkeypatch.setattr(DumbPlayer, "lost", "No sound: export WAV.")
        qtbot.waitUntil(lambda: not ear().is_playing)
        assert "export WAV" in window.board_area.bar.text
        monkeypatch.setattr(DumbPlayer, "lost", "")
        press(window, Key.Key_Space)
        look(qtbot, window, 300)
        assert ear().is_playing

    def test_nobody_is_told_of_what_nobody_asked_for(
        self, window: StudioWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(DumbPlayer, "lost", "No sound: export WAV.")
        monkeypatch.setattr("aigc_studio.ui.listening.listening.GRACE", 0.0)
        window.studio.settings.set_preference("play_new", True)
        (id,) = offer(window, SCALE)
        window.session.batch_began.emit(id)
        qtbot.waitUntil(lambda: bool(DumbPlayer.made) and not ear().is_playing)
        assert "export WAV" not in window.board_area.bar.text


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0:00"), (7.9, "0:07"), (75, "1:15"), (3723, "1:02:03")]
)
def test_times_are_short(seconds: float, words: str) -> None:
    assert time_words(seconds) == words


def test_a_clock_knows_each_tempo() -> None:
    tempos = (Tempo(0, 500_000), Tempo(960, 1_000_000))
    clock = Clock(Melody((Note(0, 4800, 60),), tempos=tempos))
    assert clock.seconds(480) == pytest.approx(0.5)
    assert clock.seconds(960) == pytest.approx(1.0)
    assert clock.seconds(1440) == pytest.approx(2.0)

"""What lies over the board leaves what lies on it in sight."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from aigc_studio.api import Image, Melody, Note
from aigc_studio.project import CandidateRecord, Item, commands
from aigc_studio.ui.canvas.floating_bar import FloatingBar, common
from aigc_studio.ui.studio import Studio
from aigc_studio.ui.window import StudioWindow
from aigc_studio.ui.window.message_spot import spot

Wait = Callable[[Callable[[], Any]], None]
MakeWindow = Callable[..., StudioWindow]


def put(window: StudioWindow, x: float, y: float, width: float = 200, height: float = 200) -> Item:
    studio: Studio = window.studio
    (id,) = studio.project.board.new_ids(1)
    content = studio.project.store.put(Image(np.full((20, 20), 99, np.uint8)))
    item = Item(id, f"Drawing {id}", content, x, y, width, height)
    assert studio.do(commands.add_items(studio.project.board, [item]))
    return item


def on_screen(window: StudioWindow, item: Item) -> QRect:
    """Where an item is, in pixels of the view."""
    view = window.board_area.view
    place = view.to_view_rect(QRectF(item.x, item.y, item.width, item.height)).toAlignedRect()
    return place.translated(view.viewport().pos())


class TestMessage:
    ROOM = QRect(0, 0, 600, 400)
    SIZE = (300, 40)

    def at(self, *taken: list[QRect]) -> QRect:
        return spot(QSize(*self.SIZE), self.ROOM, taken)

    def test_it_is_at_the_lower_left_where_nothing_is(self) -> None:
        assert self.at() == QRect(0, 360, 300, 40)

    def test_bars_at_all_corners_leave_a_place_between_them(self) -> None:
        bars = [QRect(50, 0, 500, 50), QRect(50, 350, 500, 50)]
        picture = QRect(0, 0, 600, 400)
        place = self.at(bars, [picture])
        assert common(place, bars) == 0
        assert self.ROOM.contains(place)
        assert place == QRect(0, 302, 300, 40)  # over the lower one

    def test_what_is_looked_at_counts_more_than_what_lies_beside_it(self) -> None:
        looked_at, other = QRect(0, 300, 600, 100), QRect(0, 0, 300, 100)
        assert self.at([], [looked_at], [other]) == QRect(300, 0, 300, 40)
        assert self.at([], [looked_at], [QRect(0, 0, 600, 300)]).bottom() < looked_at.top()

    def test_rather_than_on_what_is_looked_at_it_lies_in_its_refuge(self) -> None:
        refuge = QRect(0, 408, 600, 180)
        free = spot(QSize(*self.SIZE), self.ROOM, [[], [QRect(0, 0, 600, 300)]], refuge)
        assert free == QRect(0, 360, 300, 40)
        taken = spot(QSize(*self.SIZE), self.ROOM, [[], [QRect(0, 30, 600, 340)]], refuge)
        assert taken == QRect(300, 548, 300, 40)
        low = QRect(0, 408, 600, 30)
        assert spot(QSize(*self.SIZE), self.ROOM, [[], [self.ROOM]], low).bottom() < 400

    def test_of_what_must_be_covered_it_covers_the_least(self) -> None:
        place = self.at([], [QRect(0, 30, 600, 370)])
        assert place == QRect(0, 0, 300, 40)


def test_a_message_does_not_lie_on_a_neighbour_of_what_is_selected(make_window: MakeWindow) -> None:
    window = make_window(size=(1280, 800))
    view = window.board_area.view
    room = view.viewport().rect()
    corner = view.to_scene(QPointF(room.bottomLeft()))
    beside = put(window, corner.x() + 4, corner.y() - 204)
    middle = put(window, -100, -100)
    view.select([middle.id])
    window.studio.say("It was saved.")
    QApplication.processEvents()
    bar = window.board_area.bar
    place = bar.geometry().translated(-view.pos())
    assert bar.isVisible()
    assert not place.intersects(on_screen(window, beside))
    assert not place.intersects(on_screen(window, middle))


def test_a_message_lies_on_no_card_of_the_first_screen(make_window: MakeWindow, wait: Wait) -> None:
    window = make_window(size=(1024, 640))
    wait(lambda: window.beginning is not None and bool(window.beginning.screen.cards))
    assert window.beginning is not None
    window.studio.say("One project was found.", "warning", [("Bring back", lambda: None)])
    QApplication.processEvents()
    view, bar = window.board_area.view, window.board_area.bar
    places = window.beginning.screen.places()
    assert len(places) >= 2
    assert common(bar.geometry().translated(-view.pos()), places) == 0


def test_what_is_decided_stands_over_a_candidate_where_something_lies_under_it(
    make_window: MakeWindow,
) -> None:
    window = make_window(size=(1280, 800))
    view = window.board_area.view
    beneath = put(window, -300, 60, 600, 60)
    view.select([])
    view.stage.show(_staged(window, -100, -160))
    decisions = window.board_area.decisions
    decisions.stay_by(view.stage.place)
    assert not decisions.geometry().intersects(on_screen(window, beneath))
    assert decisions.geometry().bottom() < view.to_view(QPointF(0, -160)).y()


def _staged(window: StudioWindow, x: float, y: float) -> Item:
    content = window.board_area.view.stage.hold(Image(np.full((20, 20), 200, np.uint8)))
    return Item("staged", "", content, x, y, 200, 200)


def test_what_is_staged_in_the_place_of_a_thing_has_no_handles_across_it(
    make_window: MakeWindow, qtbot: QtBot
) -> None:
    window = make_window(size=(1280, 800))
    view = window.board_area.view
    item = put(window, -100, -100)
    view.select([item.id])
    assert len(view.overlay.handles()) == 9
    taken = view.overlay.taken()
    content = view.stage.hold(Image(np.full((20, 20), 200, np.uint8)))
    view.stage.show(Item("staged", "", content, -100, -100, 200, 260), hides=item.id)
    assert view.overlay.handles() == []
    assert view.overlay.taken() == taken  # the bar of verbs stays where it was
    edge = view.to_view(QPointF(0, 100)).toPoint()  # the lower edge of what is hidden
    seen = view.viewport().grab().toImage()
    assert seen.pixelColor(edge).red() == seen.pixelColor(edge + QPoint(0, 30)).red() == 200
    view.stage.show_before(True)  # held: the thing is seen, and its marks
    assert len(view.overlay.handles()) == 9
    view.stage.end()
    assert len(view.overlay.handles()) == 9


def test_nor_has_it_the_name_of_the_thing_under_the_pointer(
    make_window: MakeWindow, qtbot: QtBot
) -> None:
    window = make_window(size=(1280, 800))
    view = window.board_area.view
    item = put(window, -100, -100)
    view.select([])
    view.stage.show(_staged(window, -100, -100), hides=item.id)
    QApplication.processEvents()
    before = view.viewport().grab().toImage()
    qtbot.mouseMove(view.viewport(), view.to_view(QPointF(-80, -80)).toPoint())
    assert view.marks.hovered == item.id
    assert view.viewport().grab().toImage() == before
    view.stage.end()
    assert view.viewport().grab().toImage() != before


def test_names_of_several_things_lie_on_none_of_them(make_window: MakeWindow) -> None:
    window = make_window(size=(1280, 800))
    view = window.board_area.view
    upper = [put(window, x, -204) for x in (-204, 0)]
    lower = [put(window, x, 4) for x in (-204, 0)]
    view.select([each.id for each in (*upper, *lower)])
    tagged = {item.id for item in view.overlay._tagged(view.board_scene.chosen())}
    assert tagged == {each.id for each in upper}


TUNE = Melody(tuple(Note(n * 480, 480, 60 + n % 12, 64) for n in range(32)))


@pytest.mark.parametrize("top", [10, 50, 72, 90, 135, 180])
def test_bars_over_a_staged_tune_lie_on_nothing(
    make_window: MakeWindow, qtbot: QtBot, top: int
) -> None:
    window = make_window("bars", (1024, 640))
    view, project = window.board_area.view, window.studio.project
    (id,) = project.board.new_ids(1)
    item = Item(id, "Tune", project.store.put(TUNE), -240, -100, 480, 200)
    window.studio.do(commands.add_items(project.board, [item]))
    view.select([id])
    for _number in range(4):
        made = CandidateRecord(project.candidates.new_id(), project.store.put(TUNE))
        project.candidates.add(made)
    window.bottom.open("candidates")
    view.stage.show(Item("staged", "", view.stage.hold(TUNE), -240, -100, 480, 200), hides=id)
    decisions = window.board_area.decisions
    decisions.stay_by(view.stage.place)
    view.pan(QPointF(0, top - view.to_view(QPointF(0, -100)).y()))
    decisions.stay_by(view.stage.place)

    def is_clear() -> bool:
        staged = on_screen(window, item)
        seen = [bar for bar in view.findChildren(FloatingBar) if bar.isVisible()]
        at = [bar.geometry() for bar in seen]
        others = [common(each, [*at[:n], *at[n + 1 :], staged]) for n, each in enumerate(at)]
        return len(at) > 1 and not any(others)

    qtbot.waitUntil(is_clear)
    qtbot.wait(50)  # and so it stays
    assert is_clear()
    window.studio.say("Three candidates were dropped.", "info", [("Bring back", lambda: None)])
    QApplication.processEvents()
    said = window.board_area.bar.geometry().translated(-view.pos())
    assert not said.intersects(on_screen(window, item))
    assert window.rect().contains(window.board_area.bar.geometry())


def test_verbs_of_a_kept_thing_do_not_lie_on_a_candidate_flush_under_it(
    make_window: MakeWindow, qtbot: QtBot
) -> None:
    window = make_window(size=(1280, 800))
    view, verbs = window.board_area.view, window.board_area.verbs
    kept = put(window, -100, -200)
    view.select([kept.id])
    view.pan(QPointF(0, 10 - view.to_view(QPointF(0, -200)).y()))  # no room over it
    qtbot.waitUntil(verbs.isVisible)
    assert verbs.geometry().top() > on_screen(window, kept).bottom()
    view.stage.show(staged := _staged(window, -100, 0))

    def is_clear() -> bool:
        return verbs.isVisible() and not verbs.geometry().intersects(on_screen(window, staged))

    qtbot.waitUntil(is_clear)


def test_a_narrow_bar_of_decisions_stands_beside_what_fills_the_view_from_top_to_bottom(
    make_window: MakeWindow,
) -> None:
    window = make_window(size=(1280, 800))
    view = window.board_area.view
    bar = FloatingBar(view, "below", dark=True)
    bar.row.addWidget(QPushButton("Keep"))
    QApplication.processEvents()
    high = view.viewport().height() - 60
    item = put(window, -100, 0, 200, high)
    view.pan(QPointF(0, 30 - view.to_view(QPointF(0, 0)).y()))
    bar.stay_by(QRectF(-100, 0, 200, high))
    assert bar.room().contains(bar.geometry())
    assert not bar.geometry().intersects(on_screen(window, item))

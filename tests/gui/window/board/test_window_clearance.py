"""What lies over the board leaves what lies on it in sight."""

from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aigc_studio.api import Image
from aigc_studio.project import Item, commands
from aigc_studio.ui.canvas.floating_bar import common
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


def test_names_of_several_things_lie_on_none_of_them(make_window: MakeWindow) -> None:
    window = make_window(size=(1280, 800))
    view = window.board_area.view
    upper = [put(window, x, -204) for x in (-204, 0)]
    lower = [put(window, x, 4) for x in (-204, 0)]
    view.select([each.id for each in (*upper, *lower)])
    tagged = {item.id for item in view.overlay._tagged(view.board_scene.chosen())}
    assert tagged == {each.id for each in upper}

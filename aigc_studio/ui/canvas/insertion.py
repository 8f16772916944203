"""Something new by hand: a text, a melody, a blank sheet. Each is one step of the history."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QPointF, QRectF, QSizeF

from aigc_studio.api.errors import StudioError
from aigc_studio.translation import _
from aigc_studio.ui.canvas.scene import places
from aigc_studio.ui.canvas.tools.tool import Tool

if TYPE_CHECKING:
    from aigc_studio.api.artifacts import Artifact
    from aigc_studio.project.items import Item
    from aigc_studio.ui.canvas.scene.board_scene import BoardScene
    from aigc_studio.ui.canvas.staging.stage import Stage
    from aigc_studio.ui.canvas.writing.writer import Writer

TEXT = QSizeF(320, 56)
TEXT_ROOM = QSizeF(320, 160)
"""What a text is to have that goes where there is room: it grows as it is written."""
MELODY = QSizeF(640, 280)
SHEET = 256
"""Pixels and board units of a blank sheet's side: room for a digit as well as for a sketch."""
BARS = 4
EDGE = 8
"""Board units that stay free at the edge of the view."""


class Inserting(Protocol):
    """A view as it is needed here."""

    board_scene: BoardScene
    writer: Writer
    stage: Stage

    def seen(self) -> QRectF:
        """The part of the board that is in view."""
        ...

    def pointed(self) -> QPointF | None:
        """The place on the board under the pointer, None while it is elsewhere."""
        ...

    def report(self, sentence: str) -> None:
        """Have a sentence shown to the person."""
        ...

    @property
    def zoom(self) -> float:
        """Pixels of the screen for a unit of the board."""
        ...

    def reveal(self, rect: QRectF) -> None:
        """Pan, and zoom out if needed, as little as it takes to show this part of the board."""
        ...

    def set_tool(self, tool: Tool) -> None:
        """Take another tool."""
        ...

    def show_hint(self, wanted: bool = True) -> None:
        """Say on an empty board what can be done."""
        ...

    def setFocus(self) -> None:
        """Take the keyboard."""
        ...


@dataclass(frozen=True)
class _Kind:
    """What is new: `title` has a place for a number."""

    title: str
    size: QSizeF
    room: QSizeF | None = None


class Insertion:
    """Puts new items where a menu was opened, but inside the view; else at the pointer or in the
    middle of the view, or where there is room beside it and beside a candidate that is shown; where
    the view is full, beside all that is on the board.
    """

    def __init__(self, view: Inserting) -> None:
        self._view = view
        self._asked: QPointF | None = None

    @contextmanager
    def at(self, place: QPointF) -> Iterator[None]:
        """What is inserted meanwhile is put here: a menu is open at this place on the board."""
        self._asked = place
        try:
            yield
        finally:
            self._asked = None

    def text(self, at: QPointF | None = None) -> None:
        """Begin to write a text; what is left empty goes away again."""
        from aigc_studio.api.artifacts import Text

        item = self._new(Text(""), _Kind(_("Text {number}"), TEXT, TEXT_ROOM), at, corner=True)
        if item is None:
            return
        self._view.set_tool(Tool.MOVE)
        self._view.setFocus()
        self._view.show_hint(False)
        self._view.writer.begin_new(item)

    def melody(self, at: QPointF | None = None) -> None:
        """Four empty bars, and the brush to draw notes in them."""
        from aigc_studio.api.melody import Melody

        empty = Melody()
        kind = _Kind(_("Melody {number}"), MELODY)
        if self._add(Melody(length=BARS * empty.length), kind, at):
            self._view.report(_("Click to put a note, drag to make it longer."))

    def sheet(self, at: QPointF | None = None) -> None:
        """A blank sheet, and the brush to draw on it."""
        from aigc_studio.ui.canvas.painting.sheets import blank

        kind = _Kind(_("Drawing {number}"), QSizeF(SHEET, SHEET))
        id = self._add(blank(SHEET), kind, at)
        if id:
            self._view.board_scene.sheets.add(id)

    def _add(self, artifact: Artifact, kind: _Kind, at: QPointF | None) -> str:
        from aigc_studio.project.commands import add_items

        scene = self._view.board_scene
        item = self._new(artifact, kind, at)
        if item is None:
            return ""
        scene.choose_when_there([item.id])
        scene.make(add_items(scene.board, [item]))
        self._view.set_tool(Tool.BRUSH)
        self._view.setFocus()
        return item.id

    def _new(
        self, artifact: Any, kind: _Kind, at: QPointF | None, *, corner: bool = False
    ) -> Item | None:
        from aigc_studio.project.items import Item

        scene = self._view.board_scene
        try:
            content = scene.project.store.put(artifact)
        except StudioError as error:
            self._view.report(str(error))
            return None
        (id,) = scene.board.new_ids(1)
        place = self._place(kind, at, corner=corner)
        name = kind.title.format(number=_next(scene, kind.title))
        return Item(
            id, name, content, round(place.x()), round(place.y()), place.width(), place.height()
        )

    def _place(self, kind: _Kind, at: QPointF | None, *, corner: bool) -> QRectF:
        view, said, size = self._view, at or self._asked, kind.size
        pointed = said or view.pointed()
        at = pointed or view.seen().center()
        place = QRectF(at, size)
        if corner and pointed:
            # The first letter stands where the pointer is.
            from aigc_studio.ui.canvas.items.text_layout import MARGIN

            place.translate(-MARGIN, -size.height() / 2)
        else:
            place.moveCenter(at)
        if said:
            return _inside(place, view.seen())
        found = self._free(place, kind.room or size)
        if found is None:
            # Where one is so near that nothing fits, it may reach out of sight.
            covers = view.board_scene.items_in(place) or self._staged().intersects(place)
            found = self._beside(size) if covers else place
        return found

    def _free(self, place: QRectF, room: QSizeF) -> QRectF | None:
        """The place itself if it is free; else one near it that has `room`, or is just as large."""
        scene, seen, staged = self._view.board_scene, self._view.seen(), self._staged()
        if places.is_free(scene, place, seen, staged):
            return place
        roomy = places.free_near(scene, QRectF(place.topLeft(), room), seen, staged)
        if roomy is not None:
            return QRectF(roomy.topLeft(), place.size())
        return places.free_near(scene, place, seen, staged)

    def _staged(self) -> QRectF:
        """What is shown over the board, to be decided on, with the bar under it; empty for none."""
        place = self._view.stage.place
        if place is None:
            return QRectF()
        from aigc_studio.ui.canvas.staging.free_places import BELOW

        return place.adjusted(0, 0, 0, BELOW / self._view.zoom)

    def _beside(self, size: QSizeF) -> QRectF:
        """Where new things go by themselves, brought into view."""
        from aigc_studio.project.placing import rows

        staged, wanted = self._staged(), [(size.width(), size.height())]
        taken = [] if staged.isEmpty() else [staged.getRect()]
        (corner,) = rows(self._view.board_scene.board, wanted, taken=taken)
        place = QRectF(QPointF(*corner), size)
        self._view.reveal(place)
        return place


def _inside(place: QRectF, seen: QRectF) -> QRectF:
    """As near as it can be without an edge of the view cutting it; the place itself where it is
    larger than the view. The board stays where it is."""
    seen = seen.adjusted(EDGE, EDGE, -EDGE, -EDGE)
    if place.width() > seen.width() or place.height() > seen.height():
        return place
    x = min(max(place.x(), seen.x()), seen.right() - place.width())
    y = min(max(place.y(), seen.y()), seen.bottom() - place.height())
    return QRectF(QPointF(x, y), place.size())


def _next(scene: BoardScene, title: str) -> int:
    """The number after the highest that an item with such a name has."""
    start, _brace, end = title.partition("{number}")
    numbers = [
        int(middle)
        for item in scene.board.items
        if item.name.startswith(start)
        and (middle := item.name[len(start) : len(item.name) - len(end)]).isdecimal()
    ]
    return max(numbers, default=0) + 1

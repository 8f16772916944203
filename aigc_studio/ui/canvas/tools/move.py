"""The move tool: select, move, scale, turn, rubber band, and drag out of the window."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QTransform

from aigc_studio.ui.canvas.items.item import BoardItem
from aigc_studio.ui.canvas.items.placed import SMALLEST_SIDE
from aigc_studio.ui.canvas.tools.grip import Grip, Touch
from aigc_studio.ui.canvas.tools.handles import Handle
from aigc_studio.ui.canvas.tools.snapping import Snapping

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.scene.board_scene import BoardScene
    from aigc_studio.ui.canvas.tools.hand import Hand

SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
THRESHOLD = 4.0
"""Pixels of the viewport that the pointer goes before a click is a drag."""

Drag = Callable[[Touch], None]


class MoveGrip(Grip):
    """Select, move, scale and turn. `band` and `guides` are what the overlay shows of it."""

    def __init__(self, hand: Hand) -> None:
        super().__init__(hand)
        self._start: Touch | None = None
        self._drag: Drag | None = None
        self._begun = False
        self._kind = ""
        self._click: Callable[[], None] | None = None

    def press(self, touch: Touch) -> None:
        """Take hold of a handle, an item, or the empty board."""
        self._start, self._begun, self._click = touch, False, None
        self.scene.have_all()
        handle = self.hand.handle_at(touch.view)
        item = self.scene.item_at(touch.scene)
        if handle is not None:
            self._take_handle(handle)
        elif item is None:
            self._take_board(touch)
        else:
            self._take_item(item, touch)

    def move(self, touch: Touch) -> None:
        """Show where it goes."""
        if self._start is None or self._drag is None:
            return
        far = touch.view - self._start.view
        if not self._begun and math.hypot(far.x(), far.y()) < THRESHOLD:
            return
        self._begun = True
        self._drag(touch)
        self.hand.repaint_marks()

    def release(self, touch: Touch) -> None:
        """Send what was done as one command."""
        if not self._begun and self._click is not None:
            self._click()
        chosen = self.scene.chosen()
        kind, begun = self._kind, self._begun
        self._end()
        if not begun or not kind:
            return
        self.scene.make_of_shown(chosen, kind)

    def cancel(self) -> None:
        """Put everything back."""
        for item in self.scene.chosen():
            item.settle()
        self._end()

    def hover(self, touch: Touch) -> Qt.CursorShape:
        """The cursor of a handle, of an item, or of the board."""
        handle = self.hand.handle_at(touch.view)
        if handle is not None:
            return handle.cursor(self._handle_rotation())
        item = self.scene.item_at(touch.scene)
        return Qt.CursorShape.SizeAllCursor if item is not None else Qt.CursorShape.ArrowCursor

    def _end(self) -> None:
        self._start, self._drag, self._begun, self._kind = None, None, False, ""
        self.hand.marks.band = QRectF()
        self.hand.marks.guides = []
        self.hand.repaint_marks()

    def _take_board(self, touch: Touch) -> None:
        kept = [item.id for item in self.scene.chosen()] if touch.has(SHIFT) else []
        self.scene.choose(kept)
        origin = touch.scene
        self._kind = ""

        def stretch(now: Touch) -> None:
            band = QRectF(origin, now.scene).normalized()
            self.hand.marks.band = band
            self.scene.choose([*kept, *(item.id for item in self.scene.items_in(band))])

        self._drag = stretch

    def _take_item(self, item: BoardItem, touch: Touch) -> None:
        ids = [each.id for each in self.scene.chosen()]
        if touch.has(SHIFT):
            ids = [id for id in ids if id != item.id] if item.id in ids else [*ids, item.id]
            self.scene.choose(ids)
        elif item.id not in ids:
            self.scene.choose([item.id])
        else:
            self._click = lambda: self.scene.choose([item.id])
        if touch.has(ALT):
            self._kind, self._drag = "", self._drag_out
            return
        self._kind, self._drag = "move", self._shifting(touch.scene)

    def _shifting(self, origin: QPointF) -> Drag:
        """Move what is selected; it sticks to what stays, unless Ctrl is held."""
        items = self.scene.chosen()
        bounds = self.scene.bounds(items)
        lines: list[Snapping] = []

        def shift(now: Touch) -> None:
            by = now.scene - origin
            if now.has(SHIFT):
                by = QPointF(by.x(), 0) if abs(by.x()) > abs(by.y()) else QPointF(0, by.y())
            guides: list[QRectF] = []
            if not now.has(CTRL):
                if not lines:
                    lines.append(self._others(items))
                by, guides = lines[0].snap(bounds, by, 6 / self.hand.zoom)
            self.hand.marks.guides = guides
            self.scene.shift(items, by.x(), by.y())

        return shift

    def _others(self, moved: list[BoardItem]) -> Snapping:
        """What moved items stick to: all that can be seen and stay where they are."""
        ids = {item.id for item in moved}
        shown = self.scene.shown()
        return Snapping(each.box for each in shown if each.id not in ids and each.isVisible())

    def _drag_out(self, touch: Touch) -> None:
        self._end()
        self.hand.drag_out()

    def _take_handle(self, handle: Handle) -> None:
        items = self.scene.chosen()
        if handle.turns:
            self._kind, self._drag = "rotate", _turning(items[0])
        elif len(items) == 1:
            self._kind, self._drag = "scale", _scaling(items[0], handle)
        else:
            self._kind, self._drag = "scale", _scaling_all(self.scene, items, handle)

    def _handle_rotation(self) -> float:
        items = self.scene.chosen()
        return items[0].rotation() if len(items) == 1 else 0.0


def _committed(item: BoardItem) -> QRectF:
    state = item.item
    return QRectF(state.x, state.y, state.width, state.height)


def _turning(item: BoardItem) -> Drag:
    """Turn around the middle; with Shift, by steps of 15 degrees."""

    def turn(now: Touch) -> None:
        arm = now.scene - _committed(item).center()
        angle = math.degrees(math.atan2(arm.y(), arm.x())) + 90
        step = 15 if now.has(SHIFT) else 1
        angle = round(angle / step) * step
        if abs(((angle + 45) % 90) - 45) <= 3:
            angle = round(angle / 90) * 90
        item.preview(_committed(item), float((angle + 180) % 360 - 180))

    return turn


def _scaling(item: BoardItem, handle: Handle) -> Drag:
    """Move an edge or a corner; what lies opposite stays, with Alt the middle does."""
    place = _committed(item)
    middle = place.center()
    turned = QTransform().translate(middle.x(), middle.y()).rotate(item.item.rotation)
    back, _ = turned.inverted()

    def scale(now: Touch) -> None:
        local = back.map(now.scene)
        central = now.has(ALT)
        keep = bool(handle.x and handle.y) and (item.keeps_shape != now.has(SHIFT))
        width = _stretched(place.width(), local.x(), handle.x, central)
        height = _stretched(place.height(), local.y(), handle.y, central)
        if keep:
            factor = max(width / place.width(), height / place.height())
            width, height = place.width() * factor, place.height() * factor
        shift = QPointF(
            0 if central else handle.x * (width - place.width()) / 2,
            0 if central else handle.y * (height - place.height()) / 2,
        )
        centre = turned.map(shift)
        new = QRectF(centre.x() - width / 2, centre.y() - height / 2, width, height)
        item.preview(new, item.item.rotation)

    return scale


def _stretched(side: float, pointer: float, direction: int, central: bool) -> float:
    if direction == 0:
        return side
    length = 2 * pointer * direction if central else pointer * direction + side / 2
    return max(length, SMALLEST_SIDE)


def _scaling_all(scene: BoardScene, items: list[BoardItem], handle: Handle) -> Drag:
    """Scale several items together, keeping their shapes."""
    bounds = scene.bounds(items)
    anchor = QPointF(
        bounds.left() if handle.x > 0 else bounds.right(),
        bounds.top() if handle.y > 0 else bounds.bottom(),
    )

    least = max(SMALLEST_SIDE / min(i.item.width, i.item.height) for i in items)

    def scale(now: Touch) -> None:
        arm = now.scene - anchor
        factor = max(
            arm.x() * handle.x / bounds.width() if handle.x else 0,
            arm.y() * handle.y / bounds.height() if handle.y else 0,
            least,
        )
        scene.expect(len(items))
        for item in items:
            state = item.item
            width, height = state.width * factor, state.height * factor
            # Middles go away from the anchor as sides grow: so corners do.
            x = anchor.x() + (state.x + state.width / 2 - anchor.x()) * factor - width / 2
            y = anchor.y() + (state.y + state.height / 2 - anchor.y()) * factor - height / 2
            item.preview(QRectF(x, y, width, height), state.rotation)

    return scale

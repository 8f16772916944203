"""Place, size and angle of what is selected, as numbers: shown, typed and dragged."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QTimer, Slot
from PySide6.QtGui import QTransform
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from aigc_studio.project.items import COORDINATE_LIMIT
from aigc_studio.translation import _, ngettext
from aigc_studio.ui import theme
from aigc_studio.ui.canvas.items.placed import SMALLEST_SIDE
from aigc_studio.ui.labels import ElidedLabel, Label
from aigc_studio.ui.window.board.value_box import ValueBox

if TYPE_CHECKING:
    from aigc_studio.ui.canvas import BoardView
    from aigc_studio.ui.canvas.items.item import BoardItem

Side = Literal["x", "y", "width", "height", "angle"]

_NAME_WIDTH = 144
_SOON_MS = 30
"""The numbers follow what is dragged on the board so often."""
_FOLLOWED = 64
"""Items that are followed while they are dragged; of more, the numbers come at the end."""
_KINDS = {"x": "move", "y": "move", "width": "scale", "height": "scale", "angle": "rotate"}


@dataclass(frozen=True)
class Box:
    """Where something lies: board units, before it is turned by `angle` degrees."""

    x: float
    y: float
    width: float
    height: float
    angle: float = 0.0


class Geometry(QWidget):
    """Follows the selection of a view. `goes_on` is true while a command is sent that belongs to
    the same steps of an arrow key as the one before it."""

    def __init__(self, view: BoardView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._drag: tuple[Side, list[BoardItem], Box] | None = None
        self.goes_on = self._sending = False
        self.name = ElidedLabel()
        self.name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.hint = Label(_("Nothing selected"))
        theme.set_kind(self.hint, "secondary")
        self.boxes: dict[Side, ValueBox] = {}
        self._timer = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._timer.timeout.connect(self.refresh)
        self._lay_out()
        view.selection_changed.connect(self._note_change)
        view.command_made.connect(self._note_change)
        view.viewport().installEventFilter(self)
        self.refresh()

    def _lay_out(self) -> None:
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        # As wide with any name, so that the numbers stand still.
        self.name.setMinimumWidth(24)
        self.name.setMaximumWidth(_NAME_WIDTH)
        row.addWidget(self.hint)
        row.addWidget(self.name, 1)

    def _add_boxes(self) -> None:
        """Once something is selected: a start need not wait for them."""
        unit = _("In board units: one is a pixel of a picture at its own size")
        drag = _("Drag the letter, type, or press the up and down keys")
        far, least = COORDINATE_LIMIT, SMALLEST_SIDE
        self._add("x", ValueBox("X", _("From the left"), f"{unit}\n{drag}", -far, far))
        self._add("y", ValueBox("Y", _("From the top"), f"{unit}\n{drag}", -far, far))
        self._add("width", ValueBox("W", _("Width"), f"{unit}\n{drag}", least, far))
        self._add("height", ValueBox("H", _("Height"), f"{unit}\n{drag}", least, far))
        turned = _("In degrees, clockwise")
        self._add("angle", ValueBox("∠", _("Angle"), f"{turned}\n{drag}", -360, 360))
        self.boxes["angle"].box.setSuffix("°")
        self._row.addStretch(1)

    def _add(self, side: Side, box: ValueBox) -> None:
        self.boxes[side] = box
        box.changed.connect(lambda value, goes_on: self._set(side, value, goes_on=goes_on))
        box.drag_begun.connect(lambda: self._begin(side))
        box.dragged.connect(self._pull)
        box.drag_ended.connect(self._end)
        box.left.connect(self._view.setFocus)
        self._row.addWidget(box)

    # What is selected

    @Slot()
    def refresh(self) -> None:
        """Show where the selection is now."""
        chosen = self._view.board_scene.chosen()
        if chosen and not self.boxes:
            self._add_boxes()
        self.hint.setVisible(not chosen)
        self.name.setVisible(bool(chosen))
        for side, box in self.boxes.items():
            box.setVisible(bool(chosen) and (side != "angle" or len(chosen) == 1))
        if not chosen:
            return
        if len(chosen) == 1:
            self.name.setText(chosen[0].item.name)
        else:
            count = len(self._view.board_scene.target().item_ids)
            words = ngettext("{count} item", "{count} items", count).format(count=count)
            self.name.setText(words)
        shown = self._box(chosen)
        for side, box in self.boxes.items():
            box.show_value(getattr(shown, side))

    def _box(self, chosen: list[BoardItem]) -> Box:
        if len(chosen) == 1:
            item = chosen[0].as_shown() or chosen[0].item
            return Box(item.x, item.y, item.width, item.height, item.rotation)
        around = self._view.board_scene.outlines().bounds
        return Box(around.x(), around.y(), around.width(), around.height())

    @Slot()
    def _note_change(self) -> None:
        """Something else was selected or done: what is stepped next is a step of its own."""
        if not self._sending:
            for box in self.boxes.values():
                box.end_steps()
        self._timer.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What is dragged or nudged on the board is followed, but not by the thousand."""
        if event.type() == QEvent.Type.Paint and not self._timer.isActive() and self.isVisible():
            moving = self._view.is_busy() or self._view.nudging.under_way
            if moving and len(self._view.board_scene.chosen()) <= _FOLLOWED:
                self._timer.start()
        return False

    # Changing it

    def _set(self, side: Side, value: float, *, goes_on: bool) -> None:
        chosen = self._take()
        if chosen:
            self._show(chosen, side, value, self._box(chosen))
            self._send(chosen, side, goes_on=goes_on)

    def _take(self) -> list[BoardItem]:
        self._view.finish_edits()
        self._view.board_scene.have_all()
        return list(self._view.board_scene.chosen())

    def _begin(self, side: Side) -> None:
        chosen = self._take()
        self._drag = (side, chosen, self._box(chosen)) if chosen else None

    @Slot(float)
    def _pull(self, far: float) -> None:
        if self._drag is not None:
            side, chosen, start = self._drag
            box = self.boxes[side].box
            value = round(getattr(start, side) + far / (2 if side == "angle" else 1))
            value = min(max(value, box.minimum()), box.maximum())
            self._show(chosen, side, value, start)
            self.boxes[side].show_value(value)
            self.refresh()

    @Slot(bool)
    def _end(self, holds: bool) -> None:
        drag, self._drag = self._drag, None
        if drag is None:
            return
        if holds:
            self._send(drag[1], drag[0], goes_on=False)
        else:
            for item in drag[1]:
                item.settle()
        self.refresh()

    def _send(self, chosen: list[BoardItem], side: Side, *, goes_on: bool) -> None:
        self.goes_on, self._sending = goes_on, True
        try:
            self._view.board_scene.make_of_shown(chosen, _KINDS[side])
        finally:
            self.goes_on = self._sending = False
        self._view.viewport().update()
        self._timer.start()

    def _show(self, chosen: list[BoardItem], side: Side, value: float, start: Box) -> None:
        """Show the items so that one side of their box has another value."""
        scene = self._view.board_scene
        scene.expect(len(chosen))
        if side == "angle":
            angle = (value + 180) % 360 - 180
            chosen[0].preview(_rect(chosen[0]), angle)
        elif side in ("x", "y"):
            by = value - getattr(start, side)
            scene.shift(chosen, by if side == "x" else 0.0, by if side == "y" else 0.0)
        elif len(chosen) == 1:
            _scale_one(chosen[0], side, value)
        else:
            _scale_all(chosen, value / max(getattr(start, side), 1e-6), start)
        self._view.viewport().update()


def _rect(item: BoardItem) -> QRectF:
    state = item.item
    return QRectF(state.x, state.y, state.width, state.height)


def _scale_one(item: BoardItem, side: Side, value: float) -> None:
    """Another width or height; the upper left corner stays, and the ratio where a shape is kept."""
    state = item.item
    before = Box(state.x, state.y, state.width, state.height)
    size = replace(before, **{side: value})
    if item.keeps_shape:
        factor = max(value / getattr(before, side), SMALLEST_SIDE / min(state.width, state.height))
        size = replace(before, width=state.width * factor, height=state.height * factor)
    middle = _rect(item).center()
    turned = QTransform().translate(middle.x(), middle.y()).rotate(state.rotation)
    grown = QPointF(size.width - state.width, size.height - state.height) / 2
    place = QRectF(0, 0, size.width, size.height)
    place.moveCenter(turned.map(grown))
    item.preview(place, state.rotation)


def _scale_all(items: list[BoardItem], factor: float, start: Box) -> None:
    """All of them by one factor, from the upper left corner of their box."""
    least = max(SMALLEST_SIDE / min(i.item.width, i.item.height) for i in items)
    factor = max(factor, least)
    for item in items:
        state = item.item
        width, height = state.width * factor, state.height * factor
        x = start.x + (state.x + state.width / 2 - start.x) * factor - width / 2
        y = start.y + (state.y + state.height / 2 - start.y) * factor - height / 2
        item.preview(QRectF(x, y, width, height), state.rotation)

"""Mouse, pen and wheel: what they do is told to the tool in hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Slot

from aigc_studio.jobs.gesture import gesture
from aigc_studio.ui.canvas.tools.grip import Grip, Touch
from aigc_studio.ui.canvas.tools.hand import Hand
from aigc_studio.ui.canvas.tools.tool import Tool

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QTabletEvent, QWheelEvent
    from PySide6.QtWidgets import QWidget

    from aigc_studio.ui.canvas.painting.brush import Brush
    from aigc_studio.ui.canvas.scene.nudging import Nudging
    from aigc_studio.ui.canvas.tools.overlay import Overlay
    from aigc_studio.ui.canvas.tools.toolbox import Toolbox
    from aigc_studio.ui.canvas.writing.writer import Writer

WHEEL_STEP = 1.2
"""How much larger one notch of the wheel makes everything."""
HAND_BUTTONS = (Qt.MouseButton.MiddleButton,)


class Pointed(Hand, Protocol):
    """A view as its pointer knows it."""

    overlay: Overlay
    toolbox: Toolbox
    writer: Writer
    nudging: Nudging

    def to_scene(self, point: QPointF) -> QPointF:
        """From pixels of the viewport to board units."""
        ...

    def set_zoom(self, zoom: float, around: QPointF | None = None) -> None:
        """Zoom so that the board under `around` (viewport) stays there."""
        ...


class Pointer(QObject):
    """Takes what the pointer does on the viewport of a view.

    Methods that are given an event say whether it was taken; the rest is Qt's, and the editor's.
    """

    def __init__(self, view: Pointed, viewport: QWidget) -> None:
        super().__init__(viewport)
        self._view = view
        self._active: Grip | None = None
        self._button = Qt.MouseButton.NoButton
        """The one that began it; those that are pressed meanwhile mean nothing."""
        self._last: Touch | None = None
        self._space = False
        self.used_space = False
        """Whether something was done with the pointer since Space went down."""
        kinds = QEvent.Type
        self._takers: dict[QEvent.Type, Callable[[Any], bool]] = {
            kinds.MouseButtonPress: self.press,
            kinds.MouseMove: self.move,
            kinds.MouseButtonRelease: self.release,
            kinds.MouseButtonDblClick: self.double,
            kinds.Wheel: self.wheel,
            kinds.TabletPress: self.pen,
            kinds.TabletMove: self.pen,
            kinds.TabletRelease: self.pen,
            kinds.Leave: self.leave,
        }
        viewport.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Whether the event has been dealt with."""
        taker = self._takers.get(event.type())
        return taker is not None and taker(event)

    @property
    def is_busy(self) -> bool:
        """Whether a gesture is under way."""
        return self._active is not None

    def cancel(self) -> None:
        """Give up what the tool is doing."""
        grip = self._let_go()
        if grip is not None:
            grip.cancel()

    def finish(self) -> None:
        """End what the tool is doing as if it had been let go: what was drawn so far stays."""
        grip = self._let_go()
        if grip is not None and self._last is not None:
            grip.release(self._last)

    def forget(self) -> None:
        """Another program has what was being dragged."""
        self._let_go()

    def touch(self, point: QPointF, modifiers: Qt.KeyboardModifier, pressure: float = 1.0) -> Touch:
        """Where the pointer is, given in pixels of the viewport."""
        return Touch(QPointF(point), self._view.to_scene(point), modifiers, pressure)

    # Mouse

    def press(self, event: QMouseEvent) -> bool:
        """Take hold with the tool; with the middle button or Space, with the hand."""
        touch = self.touch(event.position(), event.modifiers())
        if self._in_editor(touch):
            return False
        self._view.writer.end()
        button = event.button()
        if self._active is not None:
            event.accept()
            return True
        self._button, self.used_space = button, True
        if button in HAND_BUTTONS or (button == Qt.MouseButton.LeftButton and self._space):
            self._begin(self._hand(), touch)
        elif button == Qt.MouseButton.LeftButton:
            self._begin(self._grip_at(touch), touch)
        event.accept()
        return True

    def move(self, event: QMouseEvent) -> bool:
        """Go on, or show what would be taken hold of."""
        touch = self.touch(event.position(), event.modifiers())
        if self._active is not None:
            self._go_on(self._active, touch)
        elif self._in_editor(touch) or event.buttons() != Qt.MouseButton.NoButton:
            return False
        else:
            self._hover(touch)
        return True

    def release(self, event: QMouseEvent) -> bool:
        """Let go."""
        if self._active is not None and event.button() != self._button:
            event.accept()
            return True
        if self._active is None and self._in_editor(
            self.touch(event.position(), event.modifiers())
        ):
            return False
        self._end(self.touch(event.position(), event.modifiers()))
        # Of a gesture that was given up, too: nobody behind the canvas is meant.
        event.accept()
        return True

    def double(self, event: QMouseEvent) -> bool:
        """Open what is here; begin a text on the empty board. Other tools have their own."""
        touch = self.touch(event.position(), event.modifiers())
        if self._in_editor(touch):
            return False
        if event.button() != Qt.MouseButton.LeftButton or self._space or self._active is not None:
            return self.press(event)
        self._button = event.button()
        if self._view.tool != Tool.MOVE:
            self._begin(self._grip_at(touch), touch, twice=True)
            event.accept()
            return True
        item = self._view.board_scene.item_at(touch.scene)
        if item is not None:
            self._view.toolbox.open(item, touch)
        else:
            self._view.write_new(touch.scene)
        event.accept()
        return True

    def wheel(self, event: QWheelEvent) -> bool:
        """Zoom to the pointer; with Shift or a touch pad's sideways push, pan.

        Over a long text that is written in, or a tune that is edited, scroll that.
        """
        touch = self.touch(event.position(), event.modifiers())
        card = self._view.writer.card
        if card is not None and card.scrolls and self._in_editor(touch):
            return False
        pixels, angle = event.pixelDelta(), event.angleDelta()
        pending = self._view.toolbox.pending()
        if pending is not None and pending.wheel(touch, angle.x(), angle.y()):
            event.accept()
            return True
        sideways = event.modifiers() & Qt.KeyboardModifier.ShiftModifier or (
            angle.x() and abs(angle.x()) > abs(angle.y())
        )
        if sideways:
            far = pixels if not pixels.isNull() else angle
            across, down = far.x(), far.y()
            self._view.pan(QPointF(across or down, down if across else 0) * 0.5)
        elif angle.y():
            zoom = self._view.zoom * WHEEL_STEP ** (angle.y() / 120)
            # A notch from 90 % or 110 % goes to 100 %, where pixels are sharp.
            if abs(zoom - 1) < 0.08:
                zoom = 1.0
            self._view.set_zoom(zoom, event.position())
        if self._view.marks.brush_at is not None:
            self.show_brush(event.position())
        event.accept()
        return True

    # Pen

    def pen(self, event: QTabletEvent) -> bool:
        """A pen is a pointer with pressure."""
        touch = self.touch(event.position(), event.modifiers(), event.pressure())
        kind = event.type()
        if kind == QEvent.Type.TabletPress and not self._in_editor(touch):
            self._view.writer.end()
            self._button, self.used_space = Qt.MouseButton.NoButton, True
            self._begin(self._hand() if self._space else self._grip_at(touch), touch)
        elif kind == QEvent.Type.TabletMove:
            if self._active is None:
                self._hover(touch)
            else:
                self._go_on(self._active, touch)
        elif kind == QEvent.Type.TabletRelease and self._active is not None:
            self._end(touch)
        else:
            return False
        event.accept()
        return True

    def leave(self, _event: QEvent | None = None) -> bool:
        """The pointer is gone: nothing is under it."""
        self.show_brush(None)
        if self._view.marks.hovered:
            self._view.marks.hovered = ""
            self._view.repaint_marks()
        return False

    def hold_space(self, held: bool) -> None:
        """While Space is held, the main button moves the view."""
        same = held == self._space
        self._space = held
        if held and not same:
            self.used_space = self._active is not None
        if not same and self._active is None:
            hand = Qt.CursorShape.OpenHandCursor
            self._view.show_cursor(hand if held else self._view.toolbox.cursor)

    def show_brush(self, point: QPointF | None) -> None:
        """Show the brush's outline here; None takes it away."""
        shown = self._view.overlay.brush_rect()
        self._view.marks.brush_at = QPointF(point) if point is not None else None
        for rect in (shown, self._view.overlay.brush_rect()):
            if not rect.isEmpty():
                self._view.repaint_marks(rect)

    @Slot(object, object)
    def repaint_brush(self, *brushes: Brush) -> None:
        """Have the outlines of these brushes painted anew, where one is shown."""
        for brush in brushes:
            rect = self._view.overlay.brush_rect(brush)
            if not rect.isEmpty():
                self._view.repaint_marks(rect)

    # Within

    def _hand(self) -> Grip:
        return self._view.toolbox.board_grip(Tool.HAND)

    def _grip_at(self, touch: Touch) -> Grip:
        item = self._view.board_scene.item_at(touch.scene)
        return self._view.toolbox.grip_at(touch, item)

    def _begin(self, grip: Grip, touch: Touch, *, twice: bool = False) -> None:
        if self._active is None:
            self._view.nudging.end()
            self._active, self._last = grip, touch
            gesture.go_on()
            grip.double_press(touch) if twice else grip.press(touch)
            self._show_brush_of(grip, touch)

    def _go_on(self, grip: Grip, touch: Touch) -> None:
        gesture.go_on()
        self._last = touch
        grip.move(touch)
        self._show_brush_of(grip, touch)

    def _let_go(self) -> Grip | None:
        grip, self._active = self._active, None
        gesture.end()
        return grip

    def _end(self, touch: Touch) -> None:
        grip = self._let_go()
        if grip is not None:
            grip.release(touch)
        self._hover(touch)

    def _hover(self, touch: Touch) -> None:
        marks = self._view.marks
        item = self._view.board_scene.item_at(touch.scene)
        hovered = item.id if item is not None else ""
        if hovered != marks.hovered:
            marks.hovered = hovered
            self._view.repaint_marks()
        grip = self._view.toolbox.grip_at(touch, item)
        self._view.show_cursor(Qt.CursorShape.OpenHandCursor if self._space else grip.hover(touch))
        self._show_brush_of(grip, touch)

    def _show_brush_of(self, grip: Grip, touch: Touch) -> None:
        if grip.shows_brush or self._view.marks.brush_at is not None:
            self.show_brush(touch.view if grip.shows_brush else None)

    def _in_editor(self, touch: Touch) -> bool:
        card = self._view.writer.card
        return card is not None and card.contains(card.mapFromScene(touch.scene))

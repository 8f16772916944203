"""Events of mouse, pen, wheel and keys, and what is dropped: told to the tool in hand."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QTabletEvent,
    QWheelEvent,
)

from aigc_studio.ui.canvas import keys
from aigc_studio.ui.canvas.exchange import transfer
from aigc_studio.ui.canvas.navigation import Navigation
from aigc_studio.ui.canvas.scene.board_scene import BoardScene
from aigc_studio.ui.canvas.scene.commands import BoardCommands
from aigc_studio.ui.canvas.scene.nudging import Nudging
from aigc_studio.ui.canvas.tools.area import HandGrip
from aigc_studio.ui.canvas.tools.overlay import Overlay
from aigc_studio.ui.canvas.tools.tool import Grip, Tool, Touch
from aigc_studio.ui.canvas.writing.writer import Writer

WHEEL_STEP = 1.2
"""How much larger one notch of the wheel makes everything."""


class Pointer(Navigation):
    """A view that hands what the pointer does to `grip`, the tool in hand."""

    files_dropped = Signal(list, QPointF)

    board_scene: BoardScene
    overlay: Overlay
    writer: Writer
    commands: BoardCommands
    nudging: Nudging
    tool: Tool
    grip: Grip
    _hand: HandGrip
    _active: Grip | None
    _space: bool

    def _touch(
        self, point: QPointF, modifiers: Qt.KeyboardModifier, pressure: float = 1.0
    ) -> Touch:
        return Touch(QPointF(point), self.to_scene(point), modifiers, pressure)

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold with the tool; with the middle button or Space, with the hand."""
        touch = self._touch(event.position(), event.modifiers())
        if self._in_editor(touch):
            super().mousePressEvent(event)
            return
        self.writer.end()
        button = event.button()
        if button == Qt.MouseButton.MiddleButton or (
            button == Qt.MouseButton.LeftButton and self._space
        ):
            self._begin(self._hand, touch)
        elif button == Qt.MouseButton.LeftButton:
            self._begin(self.grip, touch)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on, or show what would be taken hold of."""
        touch = self._touch(event.position(), event.modifiers())
        if self._active is not None:
            self._active.move(touch)
            self._move_brush(touch.view)
        elif self._in_editor(touch) or event.buttons() != Qt.MouseButton.NoButton:
            super().mouseMoveEvent(event)
        else:
            self._hover(touch)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        touch = self._touch(event.position(), event.modifiers())
        if self._active is not None:
            self._end(touch)
        else:
            super().mouseReleaseEvent(event)
        # Of a gesture that was given up, too: nobody behind the canvas is meant.
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Write in a text, select a bar; painting tools take it for another press."""
        touch = self._touch(event.position(), event.modifiers())
        if self._in_editor(touch):
            super().mouseDoubleClickEvent(event)
        elif event.button() == Qt.MouseButton.LeftButton and self.tool == Tool.MOVE:
            self.grip.double_press(touch)
        else:
            self.mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom to the pointer; with Shift or a touch pad's sideways push, pan.

        Over a long text that is written in, scroll that.
        """
        touch = self._touch(event.position(), event.modifiers())
        card = self.writer.card
        if card is not None and card.page is not None and self._in_editor(touch):
            super().wheelEvent(event)  # a long text scrolls in its card
            return
        pixels, angle = event.pixelDelta(), event.angleDelta()
        sideways = event.modifiers() & Qt.KeyboardModifier.ShiftModifier or (
            angle.x() and abs(angle.x()) > abs(angle.y())
        )
        if sideways:
            far = pixels if not pixels.isNull() else angle
            across, down = far.x(), far.y()
            self.pan(QPointF(across or down, down if across else 0) * 0.5)
        elif angle.y():
            zoom = self.zoom * WHEEL_STEP ** (angle.y() / 120)
            # A notch from 90 % or 110 % goes to 100 %, where pixels are sharp.
            if abs(zoom - 1) < 0.08:
                zoom = 1.0
            self.set_zoom(zoom, event.position())
        self._move_brush(event.position())
        event.accept()

    # Pen

    def viewportEvent(self, event: QEvent) -> bool:
        """A pen is a pointer with pressure; leaving takes the brush outline away."""
        if isinstance(event, QTabletEvent):
            return self._pen(event)
        if event.type() == QEvent.Type.Leave:
            self._leave()
        return super().viewportEvent(event)

    def _pen(self, event: QTabletEvent) -> bool:
        touch = self._touch(event.position(), event.modifiers(), event.pressure())
        kind = event.type()
        if kind == QEvent.Type.TabletPress and not self._in_editor(touch):
            self.writer.end()
            self._begin(self._hand if self._space else self.grip, touch)
        elif kind == QEvent.Type.TabletMove:
            if self._active is None:
                self._hover(touch)
            else:
                self._active.move(touch)
                self._move_brush(touch.view)
        elif kind == QEvent.Type.TabletRelease and self._active is not None:
            self._end(touch)
        else:
            return False
        event.accept()
        return True

    # Keys

    def event(self, event: QEvent) -> bool:
        """Claim the canvas's own keys before the window's shortcuts and the Tab order get them."""
        if isinstance(event, QKeyEvent):
            kind = event.type()
            if kind == QEvent.Type.ShortcutOverride and self._claims(event):
                event.accept()
                return True
            tab = event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
            if kind == QEvent.Type.KeyPress and tab:
                self.keyPressEvent(event)
                return event.isAccepted() or self._leave_by(event)
        return super().event(event)

    def _leave_by(self, event: QKeyEvent) -> bool:
        """Past the last item Tab goes on to the next panel; where there is none, round again."""
        forward = event.key() == Qt.Key.Key_Tab
        event.setAccepted(self.focusNextPrevChild(forward) or self.commands.select_round(forward))
        return event.isAccepted()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys of `keys`; while a text is written, all keys but Escape are the text's."""
        if self.writer.card is not None and keys.ends_writing(event):
            self.writer.end()
            event.accept()
            return
        if self.writer.card is not None:
            super().keyPressEvent(event)
            return
        if event.key() == Qt.Key.Key_Space:
            self._hold_space(True)
            event.accept()
            return
        action = keys.action_of(self, event)  # type: ignore[arg-type]
        if action is None:
            event.ignore()
            return
        if event.key() not in keys.ARROWS:
            self.nudging.end()
        action()
        event.accept()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Space lets the hand go, an arrow what it moved. A key that repeats itself is held."""
        if not event.isAutoRepeat():
            if event.key() == Qt.Key.Key_Space:
                self._hold_space(False)
            elif event.key() in keys.ARROWS:
                self.nudging.release(Qt.Key(event.key()))
        super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """What keys are let go from now on, somebody else hears."""
        self.nudging.end()
        super().focusOutEvent(event)

    # Drops

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files, pictures and texts are welcome."""
        if transfer.can_take(event.mimeData()):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Anywhere."""
        if transfer.can_take(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Files are for the window to read; pictures and texts come on the board at once."""
        at = self.to_scene(event.position())
        paths = transfer.paths_of(event.mimeData())
        if paths:
            self.files_dropped.emit(paths, at)
        elif not transfer.paste(self.board_scene, event.mimeData(), at):
            return
        event.acceptProposedAction()

    # Within

    def _begin(self, grip: Grip, touch: Touch) -> None:
        if self._active is None:
            self.nudging.end()
            self._active = grip
            grip.press(touch)
            self._move_brush(touch.view)

    def _end(self, touch: Touch) -> None:
        grip, self._active = self._active, None
        if grip is not None:
            grip.release(touch)
        self._hover(touch)

    def _hover(self, touch: Touch) -> None:
        item = self.board_scene.item_at(touch.scene)
        hovered = item.id if item is not None else ""
        if hovered != self.overlay.hovered:
            self.overlay.hovered = hovered
            self.viewport().update()
        hand = self._space
        shape = Qt.CursorShape.OpenHandCursor if hand else self.grip.hover(touch)
        if self.viewport().cursor().shape() != shape:
            self.viewport().setCursor(shape)
        self._move_brush(touch.view)

    def _leave(self) -> None:
        self._update_brush()
        self.overlay.brush_at = None
        if self.overlay.hovered:
            self.overlay.hovered = ""
            self.viewport().update()

    def _move_brush(self, point: QPointF) -> None:
        if self.tool.paints:
            self._update_brush()
            self.overlay.brush_at = QPointF(point)
            self._update_brush()

    def _update_brush(self) -> None:
        rect = self.overlay.brush_rect()
        if not rect.isEmpty():
            self.viewport().update(rect.toAlignedRect())

    def _hold_space(self, held: bool) -> None:
        if held == self._space or self._active is not None:
            self._space = held
            return
        self._space = held
        shape = Qt.CursorShape.OpenHandCursor if held else self.grip.cursor
        self.viewport().setCursor(shape)

    def _in_editor(self, touch: Touch) -> bool:
        card = self.writer.card
        return card is not None and card.contains(card.mapFromScene(touch.scene))

    def _claims(self, event: QKeyEvent) -> bool:
        if self.writer.card is not None:
            return keys.belongs_to_text(event)
        return event.key() == Qt.Key.Key_Space or keys.action_of(self, event) is not None  # type: ignore[arg-type]

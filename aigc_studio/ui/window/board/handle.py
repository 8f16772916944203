"""The upper edge of the place over the board, to be dragged."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QWidget

from aigc_studio.translation import _
from aigc_studio.ui import theme

HANDLE = 12
"""Its pixels, which are all that is left of the place where it has given way."""
_STEP = 24


class Handle(QFrame):
    """The upper edge: dragged, or moved by arrow keys. `dragged` carries how many pixels up."""

    pressed = Signal()
    dragged = Signal(int)
    stepped = Signal(int)
    double_clicked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        theme.set_kind(self, "handle")
        self.setFixedHeight(HANDLE)
        self.setCursor(Qt.CursorShape.SizeVerCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip(_("Drag for another height; double-click for all of it or as before"))
        self.setAccessibleName(_("Height of the place below the board"))
        self._from: QPoint | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A grip in the middle, livelier under the pointer or with the keyboard."""
        alive = self.underMouse() or self.hasFocus()
        grip = QRect(0, 0, 40, theme.GRID)
        grip.moveCenter(self.rect().center())
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent" if alive else "border"))
            painter.drawRoundedRect(grip, 2, 2)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the edge."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._from = event.globalPosition().toPoint()
            self.pressed.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell how far it was dragged since it was taken."""
        if self._from is not None:
            self.dragged.emit(self._from.y() - event.globalPosition().toPoint().y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self._from = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """All of the room, or as before."""
        self._from = None
        self.double_clicked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down move the edge."""
        step = {Qt.Key.Key_Up: _STEP, Qt.Key.Key_Down: -_STEP}.get(Qt.Key(event.key()), 0)
        if step:
            self.pressed.emit()
            self.stepped.emit(step)
        else:
            super().keyPressEvent(event)

"""Windows that fit on the screen: what does not is cut off, the buttons at its lower edge first."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize
from PySide6.QtWidgets import QWidget

_FRAME = QSize(16, 56)
"""What a frame and its title bar may take: the system says it only once the window is there."""


def fitting(window: QWidget, wanted: QSize) -> QSize:
    """This size, or as much of it as the screen has room for with the frame around it."""
    room = window.screen().availableGeometry().size() - _FRAME
    return wanted.boundedTo(room).expandedTo(window.minimumSize())


def fit(window: QWidget, width: int, height: int) -> None:
    """Give a window this size in pixels, or as much of it as the screen has room for."""
    window.resize(fitting(window, QSize(width, height)))


def grow(window: QWidget, height: int) -> None:
    """Make a window that is open higher, as far as the screen has room, and keep it on it."""
    if height <= window.height():
        return
    fit(window, window.width(), height)
    room, frame = window.screen().availableGeometry(), window.frameGeometry()
    below = frame.bottom() - room.bottom()
    if below > 0:
        top = max(room.top(), frame.top() - below)
        window.move(QPoint(frame.left(), top))

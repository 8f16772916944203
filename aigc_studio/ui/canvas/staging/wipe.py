"""The line between before and after under the hand: dragged with mouse or pen, moved by keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QSinglePointEvent

from aigc_studio.ui.canvas.staging import line
from aigc_studio.ui.canvas.tools.hand import Hand

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from aigc_studio.ui.canvas.staging.stage import Stage

STEP, FAR = 0.01, 0.1
"""How far a key moves the line, and with Shift."""
_kinds = QEvent.Type
_PRESSES = (_kinds.MouseButtonPress, _kinds.MouseButtonDblClick, _kinds.TabletPress)
_MOVES = (_kinds.MouseMove, _kinds.TabletMove)
_RELEASES = (_kinds.MouseButtonRelease, _kinds.TabletRelease)


class Staged(Hand, Protocol):
    """A view as the line knows it."""

    stage: Stage

    def to_scene(self, point: QPointF) -> QPointF:
        """From pixels of the viewport to board units."""
        ...


class Wipe(QObject):
    """Has a line on the stage of a view while it `is_on`, wherever there are two pictures for it.

    It takes what the pointer does to the line, before anybody else, and nothing else.
    """

    def __init__(self, view: Staged, viewport: QWidget, parent: QObject) -> None:
        super().__init__(parent)
        self._view = view
        self._viewport = viewport
        self._grabbed: float | None = None
        self.is_on = False
        self.share = 0.5

    @property
    def is_seen(self) -> bool:
        """Whether there is something for the line to lie over."""
        return self.is_on and self._view.stage.is_split

    def set_on(self, on: bool) -> None:
        """Have the line, or not."""
        if on == self.is_on:
            return
        self.is_on, self._grabbed = on, None
        if on:
            # The last one that is installed is the first that is asked.
            self._viewport.installEventFilter(self)
        else:
            self._viewport.removeEventFilter(self)
        self._view.stage.show_split(self.share if on else None)

    def move_to(self, share: float) -> None:
        """Have the line there, in 0 (all is after) to 1 (all is before)."""
        self.share = min(max(share, 0.0), 1.0)
        if self.is_on:
            self._view.stage.show_split(self.share)

    def step(self, by: float) -> None:
        """Move it on by a share of the picture."""
        self.move_to(round(self.share + by, 4))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Whether the event was about the line."""
        if not isinstance(event, QSinglePointEvent) or not self.is_seen:
            return False
        kind, point = event.type(), event.position()
        if kind in _PRESSES:
            return self._press(event, point)
        if kind in _MOVES:
            return self._move(event, point)
        if kind in _RELEASES and self._grabbed is not None:
            self._grabbed = None
            event.accept()
            return True
        return False

    def _press(self, event: QSinglePointEvent, point: QPointF) -> bool:
        if event.button() != Qt.MouseButton.LeftButton or not self._is_near(point):
            return False
        self._grabbed = self._share_at(point) - self.share
        event.accept()
        return True

    def _move(self, event: QSinglePointEvent, point: QPointF) -> bool:
        if self._grabbed is not None:
            self.move_to(self._share_at(point) - self._grabbed)
        elif event.buttons() != Qt.MouseButton.NoButton or not self._is_near(point):
            return False
        self._view.show_cursor(self._cursor())
        event.accept()
        return True

    def _is_near(self, point: QPointF) -> bool:
        item = self._view.stage.item
        return item is not None and line.is_near(self._view, item, self.share, point)

    def _share_at(self, point: QPointF) -> float:
        item = self._view.stage.item
        assert item is not None
        rect = item.boundingRect()
        return (item.mapFromScene(self._view.to_scene(point)).x() - rect.left()) / rect.width()

    def _cursor(self) -> Qt.CursorShape:
        """The arrows that go across the line, as near as there are any."""
        item = self._view.stage.item
        angle = item.rotation() % 180 if item is not None else 0.0
        shapes = Qt.CursorShape
        if 22.5 <= angle < 67.5:
            return shapes.SizeFDiagCursor
        if 67.5 <= angle < 112.5:
            return shapes.SizeVerCursor
        return shapes.SizeBDiagCursor if 112.5 <= angle < 157.5 else shapes.SizeHorCursor

"""What reaches the canvas but belongs to the window: dropped candidates, Escape while busy."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QDragMoveEvent, QDropEvent, QKeyEvent

from aigc_studio.ui.candidates.strip import MIME_TYPE
from aigc_studio.ui.canvas import BoardView

if TYPE_CHECKING:
    from aigc_studio.ui.window.making.explaining import Explaining
    from aigc_studio.ui.window.making.staging import Staging

_keys = (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride)
_drags = (QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop)


class CanvasFilter(QObject):
    """Sees events before the canvas does.

    `accept(ids, place)` takes candidates that are dropped, `place` in board units. `cancel()` says
    whether there was something to cancel. Escape takes back one thing at a time: what the canvas
    has under way, what is only looked at, what is selected; a job only when there is none of that.
    """

    def __init__(
        self,
        view: BoardView,
        accept: Callable[[list[str], tuple[float, float]], object],
        cancel: Callable[[], bool],
        staging: Staging | None = None,
    ) -> None:
        super().__init__(view)
        self._view = view
        self._accept = accept
        self._cancel = cancel
        self._staging = staging
        self.heat: Callable[[], Explaining | None] = lambda: None
        """What shows how an item is explained, once it is there."""
        view.installEventFilter(self)
        view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Whether the event has been dealt with."""
        kind = event.type()
        if kind in _keys and isinstance(event, QKeyEvent):
            plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
            return event.key() == Qt.Key.Key_Escape and plain and self._escape(event)
        if kind == QEvent.Type.MouseButtonPress and self._staging is not None:
            self._staging.note_press(self._view.tool)
        # A drop event is a drag-move event to Qt, an enter event a move event.
        if kind in _drags and isinstance(event, QDropEvent | QDragMoveEvent):
            return self._take_drag(event)
        return False

    def end_heat(self, event: QKeyEvent) -> bool:
        """Have Escape show an explained item as it is. False where none is explained."""
        heat = self.heat()
        if heat is None or not heat.item_id or self._view.is_busy():
            return False
        event.accept()
        if event.type() == QEvent.Type.KeyPress:
            heat.close()
        return True

    def _escape(self, event: QKeyEvent) -> bool:
        pressed = event.type() == QEvent.Type.KeyPress
        staging = self._staging
        if staging is not None and staging.shows_preview and not self._view.is_busy():
            # Claimed first, so that the window's own Escape does not get the key.
            event.accept()
            if pressed:
                staging.end_preview()
            return True
        if self.end_heat(event):
            return True
        return pressed and not self._view.can_escape() and self._cancel()

    def _take_drag(self, event: QDropEvent | QDragMoveEvent) -> bool:
        if not event.mimeData().hasFormat(MIME_TYPE):
            return False
        event.acceptProposedAction()
        if event.type() == QEvent.Type.Drop:
            ids = bytes(event.mimeData().data(MIME_TYPE).data()).decode().split("\n")
            place = self._view.to_scene(QPointF(event.position()))
            self._accept([id for id in ids if id], (place.x(), place.y()))
            self._view.setFocus()
        return True

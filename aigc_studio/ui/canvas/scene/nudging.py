"""Arrow keys: a burst of them is one gesture, seen at every step, and one step of the history."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from aigc_studio.project.items import COORDINATE_LIMIT

if TYPE_CHECKING:
    from aigc_studio.project.commands import Command
    from aigc_studio.ui.canvas.items.item import BoardItem
    from aigc_studio.ui.canvas.scene.board_scene import BoardScene

PAUSE_MS = 400
"""A press that comes within this time after the last one was let go belongs to the same burst."""
LOST_MS = 1500
"""A key of which nothing was heard for so long was let go where we could not hear it."""


class Nudging(QObject):
    """Moves what is selected while arrow keys are held.

    Every step is shown at once and changes nothing; letting go sends one command. One that comes
    soon after goes on with it: `goes_on` is True while such a command is sent, and whoever does it
    makes one step of both. `ended` tells that nothing is under way any more.
    """

    ended = Signal()

    def __init__(self, scene: BoardScene, parent: QObject) -> None:
        super().__init__(parent)
        self._scene = scene
        self._items: list[BoardItem] = []
        self._room = (0.0, 0.0, 0.0, 0.0)
        self._dx = self._dy = 0.0
        self._held: set[Qt.Key] = set()
        self._sent: tuple[float, tuple[str, ...]] = (-1.0, ())
        self.goes_on = False
        self._timer = QTimer(self, singleShot=True, interval=LOST_MS)
        self._timer.timeout.connect(self.end)
        scene.about_to_choose.connect(self.end)
        scene.command_made.connect(self._note)

    @property
    def under_way(self) -> bool:
        """Whether something is shown in another place than it has on the board."""
        return bool(self._items)

    def press(self, key: Qt.Key, dx: float, dy: float) -> None:
        """A key went down, or repeats itself: show all a step further, in board units."""
        if not self._items:
            self._begin()
        self._held.add(key)
        left, top, right, bottom = self._room
        # Together: what is at the edge of the board stops all, so that none is moved onto another.
        self._dx = min(max(self._dx + dx, left), right)
        self._dy = min(max(self._dy + dy, top), bottom)
        self._scene.shift(self._items, self._dx, self._dy)
        self._timer.start()

    def release(self, key: Qt.Key) -> None:
        """A key was really let go. With the last of them what was done becomes a command."""
        self._held.discard(key)
        if not self._held:
            self.end()

    @Slot()
    def end(self) -> None:
        """What was done so far becomes a command, because something else begins."""
        self._held.clear()
        self._timer.stop()
        items, self._items = self._items, []
        if not items:
            return
        when, ids = self._sent
        same = ids == tuple(item.id for item in items)
        self.goes_on = same and time.monotonic() - when < PAUSE_MS / 1000
        try:
            command = self._scene.make_of_shown(items, "move")
        finally:
            self.goes_on = False
        if command is not None:
            self._sent = time.monotonic(), command.ids
        self.ended.emit()

    def _begin(self) -> None:
        self._scene.have_all()
        self._items = self._scene.chosen()
        self._dx = self._dy = 0.0
        xs = [item.item.x for item in self._items]
        ys = [item.item.y for item in self._items]
        far = COORDINATE_LIMIT
        self._room = (-far - min(xs), -far - min(ys), far - max(xs), far - max(ys))

    @Slot(object)
    def _note(self, _command: Command) -> None:
        """Another command came in between: the next burst is a step of its own."""
        if not self.goes_on:
            self._sent = -1.0, ()

"""Before and after: the line over what is staged, and over an item beside what it was."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent

from aigc_studio.translation import _
from aigc_studio.ui import keys
from aigc_studio.ui.canvas.staging.wipe import FAR, STEP, Wipe

if TYPE_CHECKING:
    from aigc_studio.project import Item
    from aigc_studio.ui.canvas.staging.compare_bar import CompareBar
    from aigc_studio.ui.canvas.view import BoardView
    from aigc_studio.ui.studio import Studio

_Key = Qt.Key
_shift = Qt.KeyboardModifier.ShiftModifier
_WAYS = {_Key.Key_Left: -1, _Key.Key_Right: 1}
_ENDS = {_Key.Key_Home: 0.0, _Key.Key_End: 1.0}


class Comparing(QObject):
    """The line between before and after, wanted until somebody leaves it.

    Over a candidate it stays from one to the next. Over an item, what that was is staged with it,
    and goes with it.
    """

    changed = Signal()
    """The line is wanted now, or no longer."""

    def __init__(self, studio: Studio, view: BoardView) -> None:
        super().__init__(view)
        self._studio = studio
        self._view = view
        self.item_id = ""
        """The item of the board that is compared with what it was; empty when none is."""
        view.stage.changed.connect(self._follow)
        studio.history.stack.indexChanged.connect(self._note_step)

    @functools.cached_property
    def wipe(self) -> Wipe:
        """The line; the start does without."""
        return Wipe(self._view, self._view.viewport(), self)

    @functools.cached_property
    def _bar(self) -> CompareBar:
        from aigc_studio.ui.canvas.staging.compare_bar import CompareBar

        bar = CompareBar(self._view)
        bar.left.connect(self.leave)
        return bar

    @property
    def is_on(self) -> bool:
        """Whether the line is wanted."""
        return "wipe" in vars(self) and self.wipe.is_on

    @property
    def is_seen(self) -> bool:
        """Whether it lies over something."""
        return self.is_on and self.wipe.is_seen

    def set_on(self, on: bool) -> None:
        """Have the line over what is staged, or not."""
        if on != self.is_on:
            self.wipe.set_on(on)
            self.changed.emit()

    @Slot()
    def leave(self) -> None:
        """Away with the line, and with what was staged only for it."""
        self.set_on(False)
        if self.item_id:
            self.item_id = ""
            self._view.stage.end()

    def show_item(self, id: str) -> None:
        """Compare an item with what it was; once more: no longer. Says so where it was no other."""
        if self.item_id:
            self.leave()
            return
        self._view.finish_edits()
        item = self._studio.project.board.get(id)
        past = self._past(item) if item is not None else None
        if item is None or past is None:
            self._studio.say(
                _("There is no before: this picture is as it came, as far as the history goes.")
            )
            return
        self._view.stage.show(past, id, is_past=True)
        self.item_id = id
        self.set_on(True)
        self._bar.stay_by(self._view.stage.place)
        self._view.setFocus()

    def _past(self, item: Item) -> Item | None:
        """What an item was, where it lies now."""
        from aigc_studio.project.past import former

        project = self._studio.project
        past = former(project.history[: project.position], item.id)
        if past is None or past.medium != item.medium:
            return None
        middle = (item.x + item.width / 2, item.y + item.height / 2)
        width, height = past.width, past.height
        if _pixels(past) == _pixels(item):
            width, height = item.width, item.height
        return replace(
            past,
            x=middle[0] - width / 2,
            y=middle[1] - height / 2,
            width=width,
            height=height,
            rotation=item.rotation,
            opacity=item.opacity,
            visible=True,
            mask=None,
        )

    @Slot()
    def _follow(self) -> None:
        """Something else is staged, or nothing: what an item was is not looked at any more."""
        if self.item_id and not self._view.stage.is_past:
            self.item_id = ""
            self.set_on(False)
        if "_bar" in vars(self):
            self._bar.stay_by(self._view.stage.place if self.item_id else None)

    @Slot()
    def _note_step(self) -> None:
        """The board is another one: what was compared may not be what it was."""
        if self.item_id:
            self.leave()

    # Keys

    def action(self, event: QKeyEvent) -> Callable[[], object] | None:
        """What a key does while the line is seen; None where it is not its."""
        if not self.is_seen:
            return None
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        key = Qt.Key(event.key())
        if key in _WAYS and not held & ~_shift:
            return partial(self.wipe.step, _WAYS[key] * (FAR if held else STEP))
        if key in _ENDS and not held:
            return partial(self.wipe.move_to, _ENDS[key])
        if key == _Key.Key_Escape and not held:
            return self.leave
        if self.item_id and keys.name_for_candidate(event) == "wipe":
            return self.leave
        return None


def _pixels(item: Item) -> tuple[object, object]:
    return item.content.info.get("width"), item.content.info.get("height")

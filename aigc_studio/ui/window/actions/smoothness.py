"""The switch for smooth pictures: a preference, an action that shows it, and how all is painted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction

from aigc_studio.ui import pixels

if TYPE_CHECKING:
    from aigc_studio.ui.settings import Settings

PREFERENCE = "smooth_pixels"


class Smoothness(QObject):
    """Keeps the action and what is painted true to the preference."""

    def __init__(self, settings: Settings, action: QAction) -> None:
        super().__init__(action)
        self._settings = settings
        self._action = action
        settings.changed.connect(self._follow)
        self._follow(PREFERENCE)

    @Slot(str)
    def _follow(self, name: str) -> None:
        if name == PREFERENCE:
            on = bool(self._settings.preference(PREFERENCE))
            self._action.setChecked(on)
            pixels.set_smooth(on)

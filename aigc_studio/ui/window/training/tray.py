"""A word in the system's tray for those who do not look at the window just now."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

from aigc_studio.ui import icons


class Tray(QObject):
    """Tells sentences while no window of the studio is in front: in it the messages tell them."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._icon: QSystemTrayIcon | None = None

    def notify(self, sentence: str) -> None:
        """Tell a sentence, if the person does not look."""
        if QApplication.activeWindow() is not None or not QSystemTrayIcon.isSystemTrayAvailable():
            return
        if self._icon is None:
            self._icon = QSystemTrayIcon(icons.application_icon(), self)
        self._icon.show()
        self._icon.showMessage("AIGC Studio", sentence)
        QApplication.alert(self._window)

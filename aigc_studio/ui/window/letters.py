"""Single letters choose tools wherever the keyboard is, but in fields: there they are typed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget

TOOLS_HERE = "tool_letters"
"""A property of item views in which letters choose tools although there are words to find."""

_commands = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)


class Letters(QObject):
    """Keeps letters for the lists of a window that find their entries by typing.

    Text fields claim what is typed into them by themselves; Qt's lists do not.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._follow)

    @Slot(QWidget, QWidget)
    def _follow(self, former: QWidget | None, now: QWidget | None) -> None:
        # Only what has the keyboard is listened to: a filter on all of it would be slow.
        if former is not None:
            former.removeEventFilter(self)
        if isinstance(now, QAbstractItemView) and now.window() is self._window:
            now.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Claim letters for a list that is searched by typing, before they become shortcuts."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and isinstance(watched, QAbstractItemView)
            and _is_typed(event)
            and _finds_by_typing(watched)
        ):
            event.accept()
            return True
        return False


def _is_typed(event: QKeyEvent) -> bool:
    return event.text().isprintable() and bool(event.text()) and not event.modifiers() & _commands


def _finds_by_typing(view: QAbstractItemView) -> bool:
    """Whether its entries have words; the candidates, say, are pictures."""
    model = view.model()
    if model is None or view.property(TOOLS_HERE):
        return False
    return bool(model.index(0, 0).data(Qt.ItemDataRole.DisplayRole))

"""Single letters choose tools wherever the keyboard is, but where words are typed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QAbstractSpinBox, QApplication, QWidget

from aigc_studio.ui.forms.numbers import NumberBox

TOOLS_HERE = "tool_letters"
"""A property of item views in which letters choose tools although there are words to find."""

_commands = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)


class Letters(QObject):
    """Keeps letters for the lists of a window that find their entries by typing, and lets them
    through where only numbers are typed.

    Text fields claim what is typed into them by themselves; Qt's lists do not, and its number
    fields claim letters that they then throw away.
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
        if isinstance(now, QAbstractItemView | QAbstractSpinBox) and now.window() is self._window:
            now.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Before they become shortcuts: claim letters for a list that is searched by typing, and
        take them from a number field."""
        asked = event.type() == QEvent.Type.ShortcutOverride
        if not asked or not isinstance(event, QKeyEvent) or not _is_typed(event):
            return False
        if isinstance(watched, QAbstractItemView) and _finds_by_typing(watched):
            event.accept()
            return True
        if isinstance(watched, QAbstractSpinBox) and _is_no_number(watched, event.text()):
            event.ignore()
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


def _is_no_number(box: QAbstractSpinBox, text: str) -> bool:
    """Whether what is typed is a letter that the number in the box has no use for."""
    return text.isalpha() and not (isinstance(box, NumberBox) and box.goes_on_with(text))

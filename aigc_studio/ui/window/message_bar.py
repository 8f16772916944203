"""A line over the canvas that says what happened and offers what to do: never in the way."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from aigc_studio.translation import _
from aigc_studio.ui import icons, theme

_FADE_MS = 8000
_OFFER_MS = 20_000


class MessageBar(QFrame):
    """One message at a time; the newest replaces the last. Information leaves by itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Message"))
        self._icon = QLabel()
        self.label = QLabel(wordWrap=True)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(theme.GAP)
        self._close = QToolButton()
        self._close.setIcon(icons.icon("close", "muted"))
        self._close.setToolTip(_("Close"))
        self._close.setAccessibleName(_("Close this message"))
        self._close.clicked.connect(self.clear)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.PADDING, theme.GRID, theme.GRID, theme.GRID)
        layout.setSpacing(theme.GAP)
        layout.addWidget(self._icon)
        layout.addWidget(self.label, 1)
        layout.addLayout(self._buttons)
        layout.addWidget(self._close)
        self._timer = QTimer(self, singleShot=True, interval=_FADE_MS)
        self._timer.timeout.connect(self.clear)
        self._calls: list[tuple[QPushButton, Callable[[], object]]] = []
        self.hide()

    @property
    def text(self) -> str:
        """What it says now; empty when it is closed."""
        return self.label.text() if not self.isHidden() else ""

    def say(
        self,
        sentence: str,
        kind: str = "info",
        actions: list[tuple[str, Callable[[], object]]] | None = None,
        details: str = "",
    ) -> None:
        """Show a sentence. `kind` is info, warning or error; `actions` are (label, what it does).

        An info leaves by itself, one with something to do later than one without.
        """
        theme.set_kind(self, kind)
        role = {"info": "accent", "warning": "warning", "error": "danger"}[kind]
        self._icon.setPixmap(icons.pixmap(kind, role, ratio=self.devicePixelRatioF()))
        self.label.setText(sentence)
        self.setToolTip(details[-3000:])
        self._set_actions(actions or [])
        self.show()
        if kind == "info":
            self._timer.start(_OFFER_MS if actions else _FADE_MS)
        else:
            self._timer.stop()

    @Slot()
    def clear(self) -> None:
        """Close it."""
        self._timer.stop()
        self.hide()

    @Slot(str)
    def take_back(self, sentence: str) -> None:
        """Close it if this is what it says: it holds no longer."""
        if self.text == sentence:
            self.clear()

    def _set_actions(self, actions: list[tuple[str, Callable[[], object]]]) -> None:
        for old, _call in self._calls:
            self._buttons.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._calls = []
        for label, call in actions:
            button = QPushButton(label)
            button.clicked.connect(self._act)
            self._buttons.addWidget(button)
            self._calls.append((button, call))

    @Slot()
    def _act(self) -> None:
        sender = self.sender()
        for button, call in list(self._calls):
            if button is sender:
                self.clear()
                call()
                return

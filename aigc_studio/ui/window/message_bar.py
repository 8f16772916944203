"""A line over the canvas that says what happened and offers what to do: never in the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QWidget

from aigc_studio.translation import _, ngettext
from aigc_studio.ui import icons, theme
from aigc_studio.ui.labels import Label, tip

_FADE_MS = 8000
_MOST = 12
"""Messages that wait for an answer; beyond that the oldest goes."""


@dataclass(frozen=True)
class Aside:
    """What an action does that answers nothing by itself: it shows or asks something, and the
    message stays meanwhile."""

    call: Callable[[], object]

    def __call__(self) -> object:
        """Do it."""
        return self.call()


Calls = list[tuple[str, Callable[[], object]]]


@dataclass(frozen=True)
class Message:
    """What was said. Two with one `subject` are about one thing: the newer one holds."""

    sentence: str
    kind: str
    actions: Calls
    details: str
    subject: str

    @property
    def stays(self) -> bool:
        """Whether it waits for the person: with something to do, and whatever went wrong."""
        return bool(self.actions) or self.kind == "error"


class MessageBar(QFrame):
    """One message at a time, the newest in front.

    Information leaves by itself. A message with something to do stays until it is answered, closed,
    or superseded by another on its subject: what comes meanwhile only lies over it.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Message"))
        self._icon = Label()
        self.label = Label(wordWrap=True)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._more = Label()
        self._more.setFont(theme.secondary_font())
        theme.set_kind(self._more, "secondary")
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
        layout.addWidget(self._more)
        layout.addWidget(self._close)
        self._timer = QTimer(self, singleShot=True, interval=_FADE_MS)
        self._timer.timeout.connect(self.clear)
        self._calls: list[tuple[QPushButton, Callable[[], object]]] = []
        self._messages: list[Message] = []
        self.hide()

    @property
    def text(self) -> str:
        """What it says now; empty when it is closed."""
        return self.label.text() if not self.isHidden() else ""

    def say(
        self,
        sentence: str,
        kind: str = "info",
        actions: Calls | None = None,
        details: str = "",
        subject: str = "",
    ) -> None:
        """Show a sentence. `kind` is info, warning or error; `actions` are (label, what it does).

        It takes the place of what was said on its `subject`, or in the same words.
        """
        message = Message(sentence, kind, actions or [], details, subject)
        self._messages = [
            each
            for each in self._messages
            if each.stays
            and each.sentence != sentence
            and not (subject and each.subject == subject)
        ][-_MOST:]
        self._messages.append(message)
        self._show()

    @Slot()
    def clear(self) -> None:
        """Close what it says now; what it lay over is shown again."""
        self._messages = self._messages[:-1]
        self._show()

    @Slot(str)
    def take_back(self, what: str) -> None:
        """Close the message of this sentence, or on this subject: it holds no longer."""
        left = [each for each in self._messages if what not in (each.sentence, each.subject)]
        if len(left) < len(self._messages):
            self._messages = left
            self._show()

    def _show(self) -> None:
        self._timer.stop()
        if not self._messages:
            self.hide()
            return
        message, below = self._messages[-1], len(self._messages) - 1
        theme.set_kind(self, message.kind)
        role = {"info": "accent", "warning": "warning", "error": "danger"}[message.kind]
        self._icon.setPixmap(icons.pixmap(message.kind, role, ratio=self.devicePixelRatioF()))
        self.label.setText(message.sentence)
        self.setToolTip(tip(message.details[-3000:]))
        self._set_actions(message.actions)
        more = ngettext("and {count} more", "and {count} more", below).format(count=below)
        self._more.setText(more if below else "")
        self._more.setVisible(bool(below))
        self.show()
        if message.kind == "info" and not message.stays:
            self._timer.start()

    def _set_actions(self, actions: Calls) -> None:
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
                if not isinstance(call, Aside):
                    self.clear()
                call()
                return

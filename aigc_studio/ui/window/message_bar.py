"""A card over the board that says what happened and offers what to do: it moves nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QRect, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleEvent, QEnterEvent, QKeyEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QPushButton, QToolButton, QWidget

from aigc_studio.translation import _, ngettext
from aigc_studio.ui import icons, theme
from aigc_studio.ui.labels import Label, tip
from aigc_studio.ui.window.messages import Aside as Aside
from aigc_studio.ui.window.messages import Calls, Message, Messages

EDGE = theme.SECTION
"""Pixels between a message and the edges of the board."""
WIDEST = 600
_AGAIN_MS = 2500
"""What was read before stays at least so long when it is shown again or the pointer has left."""


class MessageBar(QFrame):
    """One message at a time, the newest in front, at the lower left of `stay_in`'s room, or where
    it covers less of what it is to `keep_clear_of`.

    What is merely told leaves by itself, sooner or later by its length, but not under the pointer
    or while it has the keyboard; what came before it had its time is shown again. A message with
    something to do stays until it is answered, closed, or superseded by another on its subject.
    `shown` carries whether there is something to read now; `details_wanted` its sentence and
    all that there is to say of it; `left` tells that it went while the keyboard was in it.
    """

    shown = Signal(bool)
    details_wanted = Signal(str, str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Message"))
        self._icon = Label()
        self.label = Label(wordWrap=True)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._more = Label()
        self._more.setFont(theme.secondary_font())
        theme.set_kind(self._more, "secondary")
        self._close = QToolButton()
        self._close.setIcon(icons.icon("close", "muted"))
        self._close.setToolTip(_("Close"))
        self._close.setAccessibleName(_("Close this message"))
        self._close.clicked.connect(self.clear)
        self._lay_out()
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.clear)
        self._calls: list[tuple[QPushButton, Callable[[], object]]] = []
        self._details: QPushButton | None = None
        self._messages = Messages()
        self._room = QRect()
        self._taken: list[list[QRect]] = []
        self._refuge: QRect | None = None
        self.hide()

    def _lay_out(self) -> None:
        self._buttons = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._buttons.setSpacing(theme.GAP)
        self._behind = QHBoxLayout()
        self._behind.addLayout(self._buttons)
        self._behind.addStretch(1)
        self._body = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._body.setSpacing(theme.GRID)
        self._body.addWidget(self.label)
        self._body.addLayout(self._behind)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(theme.PADDING, theme.GAP, theme.GAP, theme.GAP)
        row.setSpacing(theme.GAP)
        top = Qt.AlignmentFlag.AlignTop
        self._icon.setFixedHeight(theme.CONTROL_HEIGHT)
        self._close.setFixedSize(theme.CONTROL_HEIGHT, theme.CONTROL_HEIGHT)
        row.addWidget(self._icon, 0, top)
        row.addLayout(self._body, 1)
        self._more.setFixedHeight(theme.CONTROL_HEIGHT)
        row.addWidget(self._more, 0, top)
        row.addWidget(self._close, 0, top)

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
        self._note_time()
        self._messages.add(Message(sentence, kind, actions or [], details, subject))
        self._show()

    @Slot()
    def clear(self) -> None:
        """Close what it says now; what it lay over is shown again."""
        self._messages.drop()
        self._show()

    @Slot(str)
    def take_back(self, what: str) -> None:
        """Close the message of this sentence, or on this subject: it holds no longer."""
        self._note_time()
        shown = self._messages.newest
        if self._messages.take_back(what):
            if self._messages.newest is shown:
                self._show_count()
            else:
                self._show()

    def stay_in(self, room: QRect) -> None:
        """Lie at the lower left of this rectangle of the parent from now on."""
        if room != self._room:
            self._room = QRect(room)
            self._place()

    def keep_clear_of(self, *taken: Sequence[QRect], refuge: QRect | None = None) -> None:
        """Cover as little as can be of these rectangles of the parent: of the first of them above
        all, of the others as far as the former allow. Rather than on the first two it lies in the
        `refuge`, outside its room."""
        asked = [list(each) for each in taken]
        if (asked, refuge) != (self._taken, self._refuge):
            self._taken, self._refuge = asked, refuge
            self._place()

    @Slot()
    def answer(self) -> None:
        """Bring the keyboard here: to the first thing that can be done."""
        if self.isVisible():
            buttons = [button for button, _call in self._calls]
            (buttons[0] if buttons else self._close).setFocus(Qt.FocusReason.ShortcutFocusReason)

    # Showing

    def _show(self) -> None:
        self._timer.stop()
        self._messages.forget_old()
        held, message = self._has_keyboard(), self._messages.newest
        if message is None:
            self.hide()
            self.shown.emit(False)
            if held:
                self.left.emit()
            return
        self._fill(message)
        self.show()
        self._place()  # what is hidden is not laid out
        self.raise_()
        self.shown.emit(True)
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
        if not message.stays:
            self._timer.start(max(message.left, _AGAIN_MS))
        if held:
            self.answer()

    def _fill(self, message: Message) -> None:
        theme.set_kind(self, "floating_error" if message.kind == "error" else "floating")
        role = {"info": "accent", "warning": "warning", "error": "danger"}[message.kind]
        self._icon.setPixmap(icons.pixmap(message.kind, role, ratio=self.devicePixelRatioF()))
        self.label.setText(message.sentence)
        self.setAccessibleDescription(message.sentence)
        self.setToolTip(tip(message.details[-3000:]))
        self._set_actions(message)
        self._show_count()

    def _show_count(self) -> None:
        below = self._messages.count - 1
        more = ngettext("and {count} more", "and {count} more", below).format(count=below)
        self._more.setText(more if below else "")
        self._more.setVisible(bool(below))
        self._place()

    def _note_time(self) -> None:
        """How long the message that is shown would have stayed still."""
        message = self._messages.newest
        if message is not None and self._timer.isActive():
            message.left = self._timer.remainingTime()

    def _place(self) -> None:
        """As wide as it says things in one line, or as wide as there is room, in more."""
        if self.isHidden() or self._room.isEmpty():
            return
        behind = self._tail()
        for widget in (self.label, self._more, *behind):
            widget.ensurePolished()  # a heavier type is wider
        most = min(WIDEST, self._room.width() - 2 * EDGE)
        aside = self._aside()
        words = self.label.fontMetrics().horizontalAdvance(self.label.text()) + 2
        tail = sum(button.sizeHint().width() + theme.GAP for button in behind)
        in_one = aside + words + tail <= most
        direction = QBoxLayout.Direction
        side, down = direction.LeftToRight, direction.TopToBottom
        self._body.setDirection(side if in_one else down)
        self._buttons.setDirection(side if in_one or aside + tail <= most else down)
        self.label.setMinimumWidth(words if in_one else 0)
        self.label.setMinimumHeight(theme.CONTROL_HEIGHT if in_one else 0)
        width = min(aside + (words + tail if in_one else max(words, tail)), most)
        for part in (self._buttons, self._behind, self._body, self._row):
            part.invalidate()
        height = self._row.totalHeightForWidth(width)
        from aigc_studio.ui.window.message_spot import spot  # with the first message

        room = self._room.adjusted(EDGE, EDGE, -EDGE, -EDGE)
        self.setGeometry(spot(QSize(width, height), room, self._taken, self._refuge))

    def _aside(self) -> int:
        """Pixels that everything but the sentence and its buttons takes."""
        margins = self._row.contentsMargins()
        icon = self._icon.sizeHint().width() + self._row.spacing()
        more = self._more.sizeHint().width() + self._row.spacing() if self._more.text() else 0
        close = theme.CONTROL_HEIGHT + self._row.spacing()
        return margins.left() + margins.right() + icon + more + close + self._body.spacing()

    def _tail(self) -> list[QPushButton]:
        """What can be pressed."""
        found = [button for button, _call in self._calls]
        return found if self._details is None else [*found, self._details]

    def _set_actions(self, message: Message) -> None:
        for old in (*(button for button, _call in self._calls), self._details):
            if old is not None:
                self._buttons.removeWidget(old)
                old.hide()
                old.deleteLater()
        self._calls, self._details = [], None
        for label, call in message.actions:
            button = self._button(label, "action")
            button.clicked.connect(self._act)
            self._calls.append((button, call))
        shows_them = any(isinstance(call, Aside) for _label, call in message.actions)
        if message.details and not shows_them:
            self._details = self._button(_("Details"), "quiet")
            self._details.clicked.connect(self._show_details)

    def _button(self, label: str, kind: str) -> QPushButton:
        button = QPushButton(label)
        theme.set_kind(button, kind)
        self._buttons.addWidget(button)
        button.show()
        return button

    @Slot()
    def _show_details(self) -> None:
        message = self._messages.newest
        if message is not None:
            self.details_wanted.emit(message.sentence, message.details)

    @Slot()
    def _act(self) -> None:
        sender = self.sender()
        for button, call in list(self._calls):
            if button is sender:
                if not isinstance(call, Aside):
                    self.clear()
                call()
                return

    # Pointer and keyboard

    def _has_keyboard(self) -> bool:
        focus = self.window().focusWidget()
        return focus is not None and self.isAncestorOf(focus) and self.isVisible()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Under the pointer it stays."""
        self._hold()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """It goes a while after the pointer has left."""
        self._let_go()
        super().leaveEvent(event)

    def _hold(self) -> None:
        self._note_time()
        self._timer.stop()

    def _let_go(self) -> None:
        message = self._messages.newest
        if message is not None and not message.stays:
            self._timer.start(max(message.left, _AGAIN_MS))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes it."""
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Another type may need more room."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._place()

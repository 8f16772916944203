"""The bar over a text that finds words in it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QToolButton

from aigc_studio.translation import _
from aigc_studio.ui import icons, theme
from aigc_studio.ui.canvas import BoardView
from aigc_studio.ui.canvas.floating_bar import NAME, FloatingBar
from aigc_studio.ui.labels import Label

WIDTH = 200
"""Pixels of the field."""


class FindBar(QObject):
    """Words, whether capitals count, how many there are, and the way through them.

    Enter and the down key go on, Shift+Enter and the up key go back, Escape leaves.
    """

    changed = Signal()
    stepped = Signal(int)
    closed = Signal()

    def __init__(self, view: BoardView) -> None:
        super().__init__(view)
        self.bar = FloatingBar(view, "above")
        self.bar.crown = NAME
        self.bar.setAccessibleName(_("Find in the text"))
        self.words = QLineEdit(placeholderText=_("Find in the text"))
        self.words.setAccessibleName(_("Words to find"))
        self.words.setFixedWidth(WIDTH)
        self.words.setFixedHeight(theme.CONTROL_HEIGHT)
        self.count = Label()
        theme.set_kind(self.count, "secondary")
        self.count.setFixedWidth(QFontMetrics(theme.secondary_font()).horizontalAdvance("0" * 14))
        self.count.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.case = _button("", _("Capitals count"))
        self.case.setText("Aa")
        self.case.setCheckable(True)
        self.back = _button("chevron-up", _("Previous place (Shift+Enter)"))
        self.forth = _button("chevron-down", _("Next place (Enter)"))
        self.close = _button("close", _("Close (Esc)"))
        for widget in (self.words, self.count, self.case, self.back, self.forth, self.close):
            self.bar.row.addWidget(widget)
            widget.installEventFilter(self)
        self.words.textChanged.connect(self.changed)
        self.case.toggled.connect(self.changed)
        self.back.clicked.connect(lambda: self.stepped.emit(-1))
        self.forth.clicked.connect(lambda: self.stepped.emit(1))
        self.close.clicked.connect(self.closed)

    def show_count(self, number: int, count: int) -> None:
        """Say which of how many is marked (from 1 on); without words say nothing."""
        wanted = bool(self.words.text())
        words = _("{number} of {count}").format(number=f"{number:,}", count=f"{count:,}")
        self.count.setText(words if count else _("Not found") if wanted else "")
        theme.set_kind(self.count, "secondary" if count or not wanted else "warning")
        for button in (self.back, self.forth):
            button.setEnabled(count > 0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys that go on, go back and leave."""
        kinds = (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride)
        if event.type() not in kinds or not isinstance(event, QKeyEvent):
            return False
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if watched is self.words:
            enter = -1 if shift else 1
            steps |= {Qt.Key.Key_Return: enter, Qt.Key.Key_Enter: enter}
        key = Qt.Key(event.key())
        if key != Qt.Key.Key_Escape and key not in steps:
            return False
        event.accept()
        if event.type() == QEvent.Type.KeyPress:
            if key == Qt.Key.Key_Escape:
                self.closed.emit()
            else:
                self.stepped.emit(steps[key])
        return True


def _button(icon: str, tip: str) -> QToolButton:
    button = QToolButton()
    if icon:
        button.setIcon(icons.icon(icon, "muted"))
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setFixedSize(theme.CONTROL_HEIGHT, theme.CONTROL_HEIGHT)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button

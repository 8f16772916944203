"""The bar over a text that finds words in it, and puts others in their place."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QToolButton, QVBoxLayout, QWidget

from aigc_studio.translation import _
from aigc_studio.ui import icons, theme
from aigc_studio.ui.canvas import BoardView
from aigc_studio.ui.canvas.floating_bar import NAME, FloatingBar
from aigc_studio.ui.labels import Label

WIDTH = 200
"""Pixels of the field."""


class FindBar(QObject):
    """Words, whether capitals count, how many there are, and the way through them.

    Enter and the down key go on, Shift+Enter and the up key go back, Escape leaves. `other` are the
    words to be put in place of those, in a row of its own that is `opened`; Enter puts them there.
    """

    changed = Signal()
    stepped = Signal(int)
    closed = Signal()
    opened = Signal()
    """The second row is there now, or no longer."""
    replaced = Signal()
    replaced_all = Signal()

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
        self.case = _button("", _("Match case"))
        self.case.setText("Aa")
        self.case.setCheckable(True)
        self.back = _button("chevron-up", _("Previous match (Shift+Enter)"))
        self.forth = _button("chevron-down", _("Next match (Enter)"))
        self.close = _button("close", _("Close (Esc)"))
        self.more = _button("chevron-right", _("Replace"))
        self.more.setCheckable(True)
        self._make_second()
        self._lay_out()
        self.words.textChanged.connect(self.changed)
        self.case.toggled.connect(self.changed)
        self.back.clicked.connect(lambda: self.stepped.emit(-1))
        self.forth.clicked.connect(lambda: self.stepped.emit(1))
        self.close.clicked.connect(self.closed)
        self.more.toggled.connect(self._open)
        self.one.clicked.connect(self.replaced)
        self.all.clicked.connect(self.replaced_all)

    def _make_second(self) -> None:
        self.other = QLineEdit(placeholderText=_("Replace with"))
        self.other.setAccessibleName(_("Words to put in their place"))
        self.other.setFixedSize(WIDTH, theme.CONTROL_HEIGHT)
        self.one = QPushButton(_("Replace"))
        self.one.setToolTip(_("Replace here (Enter)"))
        self.all = QPushButton(_("Replace all"))
        self.all.setToolTip(_("Replace everywhere: one step to undo"))
        for button in (self.one, self.all):
            theme.set_kind(button, "quiet")
        self.second = QWidget()

    def _lay_out(self) -> None:
        first = (self.words, self.count, self.case, self.back, self.forth, self.close)
        second = (self.other, self.one, self.all)
        row, below, rows = QHBoxLayout(), QHBoxLayout(self.second), QVBoxLayout()
        for layout, widgets in ((row, first), (below, second)):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(theme.GRID)
            for widget in widgets:
                layout.addWidget(widget)
        below.addStretch(1)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(theme.GRID)
        rows.addLayout(row)
        rows.addWidget(self.second)
        self.bar.row.addWidget(self.more, 0, Qt.AlignmentFlag.AlignTop)
        self.bar.row.addLayout(rows)
        self.second.hide()
        for widget in (self.more, *first, *second):
            widget.installEventFilter(self)

    @Slot(bool)
    def _open(self, on: bool) -> None:
        self.more.setIcon(icons.icon("chevron-down" if on else "chevron-right", "muted"))
        self.second.setVisible(on)
        self.opened.emit()
        (self.other if on else self.words).setFocus()

    def show_count(self, number: int, count: int) -> None:
        """Say which of how many is marked (from 1 on); without words say nothing."""
        wanted = bool(self.words.text())
        words = _("{number} of {count}").format(number=f"{number:,}", count=f"{count:,}")
        self.count.setText(words if count else _("Not found") if wanted else "")
        theme.set_kind(self.count, "secondary" if count or not wanted else "warning")
        for button in (self.back, self.forth, self.one, self.all):
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
        puts = watched is self.other and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if key != Qt.Key.Key_Escape and key not in steps and not puts:
            return False
        event.accept()
        if event.type() == QEvent.Type.KeyPress:
            if key == Qt.Key.Key_Escape:
                self.closed.emit()
            elif puts:
                self.replaced.emit()
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

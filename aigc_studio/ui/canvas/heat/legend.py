"""The bar under an item that is explained: what the colours mean, and each part in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QLinearGradient, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolButton, QWidget

from aigc_studio.translation import _
from aigc_studio.ui import icons, keys, theme
from aigc_studio.ui.canvas.floating_bar import FloatingBar
from aigc_studio.ui.labels import ElidedLabel, Label

if TYPE_CHECKING:
    from PySide6.QtWidgets import QGraphicsView

NARROWEST = 60
WIDEST = 280
"""Pixels that the words of a part may take; all of them are in the tip."""
ALONE = 480
"""Those that they may take where no colours are explained beside them."""


class Legend(FloatingBar):
    """`How expected is this?  low ▭ high  ⚙ ‹ › copy ×`. `stepped` carries -1 or 1.

    `options` is a switch that is there where there is something to set.
    """

    stepped = Signal(int)
    copied = Signal()
    closed = Signal()

    def __init__(self, view: QGraphicsView) -> None:
        super().__init__(view, "below", flips=False)
        self._view = view
        self._scaled = True
        self.words = ElidedLabel()
        self.words.setContentsMargins(theme.GAP, 0, theme.GAP, 0)
        self.low, self.high = Label(), Label()
        for end in (self.low, self.high):
            theme.set_kind(end, "secondary")
        self.scale = Scale()
        self.high.setContentsMargins(0, 0, theme.GRID, 0)
        self.options = _button("settings")
        self.options.setCheckable(True)
        self.options.hide()
        self.back, self.forth = _button("chevron-left"), _button("chevron-right")
        self.copy, self.close_button = _button("copy"), _button("close")
        shown = (self.words, self.low, self.scale, self.high)
        for part in (*shown, self.options, self.back, self.forth, self.copy, self.close_button):
            self.row.addWidget(part)
            part.installEventFilter(self)
        self.back.clicked.connect(self._step_back)
        self.forth.clicked.connect(self._step_forth)
        self.copy.clicked.connect(self.copied)
        self.close_button.clicked.connect(self.closed)
        self.speak()

    def show_scale(self, role: str) -> None:
        """This is the colour of what is strong."""
        self.scale.role = role
        self.scale.update()

    def offer_options(self, there: bool) -> None:
        """Whether there is something to set."""
        self.options.setChecked(False)
        self.options.setVisible(there)

    def say(self, words: str, count: int, *, scaled: bool = True) -> None:
        """What is asked, or what was said of a part; `count` parts can be gone through. Where it is
        not `scaled` nothing is coloured, and no colours are explained.
        """
        self._scaled = scaled
        self.scale.setVisible(scaled)
        self.words.setText(words)
        self.words.setToolTip(words)
        self.words.setAccessibleName(words)
        for button in (self.back, self.forth, self.copy):
            button.setEnabled(count > 0)
        self.fit()

    @Slot()
    def fit(self) -> None:
        """Be no wider than the view: what is least needed goes first, and then words are cut."""
        # One that is a little too wide would end in dots.
        asked = self.words.fontMetrics().horizontalAdvance(self.words.text()) + 2 * theme.GAP + 2
        room = self.room().width()
        self.words.setFixedWidth(min(asked, WIDEST if self._scaled else ALONE))
        less = ((), (self.copy,), (self.copy, self.low, self.high))
        for hidden in less:
            for part in (self.copy, self.low, self.high):
                unwanted = part is not self.copy and not self._scaled
                part.setHidden(part in hidden or unwanted)
            over = self.sizeHint().width() - room
            if over <= 0:
                break
        else:
            self.words.setFixedWidth(max(self.words.width() - over, NARROWEST))
        self.adjustSize()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Escape closes it, wherever in it the keyboard is; it is no wider than the view."""
        if event.type() == QEvent.Type.Resize and watched is self._view.viewport():
            self.fit()
        kinds = (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride)
        if event.type() not in kinds or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        if event.key() != Qt.Key.Key_Escape:
            return False
        event.accept()
        if event.type() == QEvent.Type.KeyPress:
            self._view.setFocus()
            self.closed.emit()
        return True

    def changeEvent(self, event: QEvent) -> None:
        """Speak another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.speak()
        super().changeEvent(event)

    def speak(self) -> None:
        """Say everything in the language that is spoken now."""
        self.setAccessibleName(_("What the colours say"))
        self.low.setText(_("low"))
        self.high.setText(_("high"))
        self.scale.setAccessibleName(_("The stronger the colour, the higher the value"))
        for button, words in (
            (self.back, _("Previous part")),
            (self.forth, _("Next part")),
            (self.copy, _("Copy as a table")),
            (self.options, _("What to look for")),
        ):
            button.setToolTip(words)
            button.setAccessibleName(words)
        self.close_button.setAccessibleName(_("Close"))
        self.close_button.setToolTip(keys.with_key(_("Close"), "escape"))

    @Slot()
    def _step_back(self) -> None:
        self.stepped.emit(-1)

    @Slot()
    def _step_forth(self) -> None:
        self.stepped.emit(1)


class Scale(QWidget):
    """The colours from nothing to strong, which is that of a `role`."""

    def __init__(self) -> None:
        super().__init__()
        self.role = "heat"
        self.setFixedSize(QSize(72, 12))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the colours."""
        rect = self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5)
        shade = QLinearGradient(rect.topLeft(), rect.topRight())
        shade.setColorAt(0, theme.colour("surface"))
        shade.setColorAt(1, theme.colour(self.role))
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(shade)
        painter.setPen(QPen(theme.colour("border"), 1))
        painter.drawRoundedRect(rect, 2, 2)
        painter.end()


def _button(icon: str) -> QToolButton:
    button = QToolButton()
    button.setIcon(icons.icon(icon))
    button.setIconSize(QSize(theme.TOOL_ICON, theme.TOOL_ICON))
    button.setFixedSize(theme.CONTROL_HEIGHT, theme.CONTROL_HEIGHT)
    # No click takes the keyboard from the canvas; Tab comes here.
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button

"""What stands on the dark bars: a button, and the ways to one of several."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from aigc_studio.translation import _
from aigc_studio.ui import icons, keys, theme
from aigc_studio.ui.labels import Label


class Choice(QPushButton):
    """A button on a dark bar: an icon, words, and in a fainter tone the key that does the same."""

    def __init__(self, icon: str, role: str = "on_bar") -> None:
        super().__init__()
        self._role = role
        self._words: dict[str, str] = {}
        self._key, self._bare = "", False
        self.setIcon(icons.icon(icon, role))
        self.setIconSize(QSize(16, 16))
        # A click leaves the keyboard where it was; Tab comes here.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def picture(self, icon: str) -> None:
        """Another icon: what it does is another thing now."""
        self.setIcon(icons.icon(icon, self._role))

    def name(
        self, words: str, tip: str, short: str = "", *, action: str = "", shown: str = "long"
    ) -> None:
        """Call it by `words`, or by `short` ones, and say in its tip what it does.

        Its key is that of an `action` in the table of keys.
        """
        self._words = {"long": words, "bare": words, "short": short or words, "none": ""}
        # Where words may be shortened there is no room for the key.
        self._key = keys.shown(action) if not short else ""
        tip = keys.with_key(tip, action)
        self.setAccessibleName(words)
        self.setToolTip(tip)
        self.show_words(shown)

    def show_words(self, how: str) -> None:
        """Show its `long` words, those `bare` of the key, its `short` ones or `none`."""
        self._bare = how == "bare"
        self.setText(self._words[how])
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Room for the key behind the words."""
        hint = super().sizeHint()
        return QSize(hint.width() + self._key_width(), theme.CONTROL_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """As any button, and the key."""
        super().paintEvent(event)
        if not self._key_width():
            return
        painter = QPainter(self)
        painter.setFont(theme.readout_font(11))
        colour = theme.colour(self._role, 0.72)
        painter.setPen(colour)
        right = self.rect().adjusted(0, 0, -theme.GAP, 0)
        painter.drawText(
            right, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._key
        )
        painter.end()

    def _key_width(self) -> int:
        if not self._key or not self.text() or self._bare:
            return 0
        return theme.digits_width(theme.readout_font(11), self._key) + theme.GAP


class Steps(QWidget):
    """`‹ 2 / 6 ›`: its number, as digits choose it, the last one, and the ways to the others.
    Hidden where there is one.
    """

    stepped = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.back = Choice("chevron-left")
        self.forth = Choice("chevron-right")
        self.count = Label()
        self.count.setFont(theme.readout_font(13))
        self.count.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GRID)
        for part in (self.back, self.count, self.forth):
            row.addWidget(part)
        self.back.clicked.connect(self._step_back)
        self.forth.clicked.connect(self._step_forth)

    def show_place(self, number: int, first: int, last: int) -> None:
        """Say which number it has; of those from `first` to `last` some may be gone."""
        self.count.setText(f"{number} / {last}")
        self.setVisible(first < last)
        self.back.setEnabled(number > first)
        self.forth.setEnabled(number < last)

    def speak(self) -> None:
        """Say everything in the language that is spoken now."""
        self.count.setToolTip(_("Digits choose one by its number"))
        self.back.name(_("Previous"), _("Previous"), action="step_back", shown="none")
        self.forth.name(_("Next"), _("Next"), action="step_forth", shown="none")

    @Slot()
    def _step_back(self) -> None:
        self.stepped.emit(-1)

    @Slot()
    def _step_forth(self) -> None:
        self.stepped.emit(1)

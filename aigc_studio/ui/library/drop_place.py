"""Where an import begins: a large place to drop files on, with the ways to choose them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from aigc_studio.translation import _
from aigc_studio.ui import icons, theme
from aigc_studio.ui.labels import Label

_ICON = 40


class DropPlace(QWidget):
    """Says what may be dropped, over these buttons; `set_reached` while something hangs over it."""

    def __init__(self, buttons: Sequence[QPushButton], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reached = False
        self._row = QHBoxLayout()
        self._row.setSpacing(theme.GAP)
        self._row.addStretch(1)
        for button in buttons:
            self._row.addWidget(button)
        self._row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[theme.SECTION] * 4)
        layout.setSpacing(theme.PADDING)
        layout.addStretch(1)
        for widget in self._words():
            layout.addWidget(widget)
        layout.addLayout(self._row)
        layout.addStretch(1)

    def _words(self) -> list[QWidget]:
        picture = Label()
        picture.setPixmap(icons.icon("import", "muted").pixmap(QSize(_ICON, _ICON)))
        title = Label(_("Drop pictures, texts or tunes here"), wordWrap=True)
        theme.set_kind(title, "title")
        about = Label(
            _("A folder, an archive or a table works too. Nothing is imported before you say so."),
            wordWrap=True,
        )
        theme.set_kind(about, "secondary")
        for label in (picture, title, about):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        return [picture, title, about]

    def set_reached(self, reached: bool) -> None:
        """Show that what is dragged may be let go here."""
        self._reached = reached
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A dashed outline, in the accent while something hangs over it."""
        role = "accent" if self._reached else "border"
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self._reached:
                painter.setBrush(theme.colour("accent", 0.08))
            painter.setPen(QPen(theme.colour(role), 2, Qt.PenStyle.DashLine))
            outline = QRectF(self.rect()).adjusted(1, 1, -1, -1)
            painter.drawRoundedRect(outline, theme.RADIUS, theme.RADIUS)

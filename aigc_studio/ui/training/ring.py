"""How far something is, as a ring with the share in its middle."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from aigc_studio.translation import _
from aigc_studio.ui import icons, theme

SIDE = 56
_WIDTH = 5.0


class Ring(QWidget):
    """`show_share` draws a share of 0 to 1 and says it in percent; `show_sign` an icon instead."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.share: float | None = None
        self._sign, self._role = "", "accent"
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.scheme_changed.connect(self.update)
        self.show_share(None)

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(SIDE, SIDE)

    def show_share(self, share: float | None) -> None:
        """Show how much is done; None: that is not known."""
        self._sign, self._role = "", "accent"
        self.share = None if share is None else min(max(share, 0.0), 1.0)
        self.setAccessibleName(self.words() or _("How far it is"))
        self.update()

    def show_sign(self, icon: str, role: str) -> None:
        """Show that it has ended, or stands still: a whole ring around an icon."""
        self._sign, self._role = icon, role
        self.update()

    def words(self) -> str:
        """What stands in the middle; empty where an icon does, or nothing is known."""
        if self._sign or self.share is None:
            return ""
        return _("{n} %").format(n=int(self.share * 100))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ring, what is done of it in a colour, and the share."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            room = QRectF(self.rect()).adjusted(_WIDTH, _WIDTH, -_WIDTH, -_WIDTH)
            painter.setPen(QPen(theme.colour("border"), _WIDTH))
            painter.drawEllipse(room)
            share = 1.0 if self._sign and self._role == "good" else self.share or 0.0
            pen = QPen(theme.colour(self._role), _WIDTH)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            if share > 0:
                painter.drawArc(room, 90 * 16, -round(share * 360 * 16))
            if self._sign:
                middle = QRectF(0, 0, 20, 20)
                middle.moveCenter(QRectF(self.rect()).center())
                icons.paint(painter, self._sign, self._role, middle)
            painter.setFont(theme.readout_font())
            painter.setPen(theme.colour("text"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.words())

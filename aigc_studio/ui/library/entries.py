"""The list at the left of a library tab: an icon, a name, and a line about it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from aigc_studio.ui import icons, theme
from aigc_studio.ui.labels import tip
from aigc_studio.ui.painting import saved

_ICON = Qt.ItemDataRole.UserRole
_ROLE = Qt.ItemDataRole.UserRole + 1
_ABOUT = Qt.ItemDataRole.UserRole + 2
_HEIGHT = 48

_Index = QModelIndex | QPersistentModelIndex


class EntryList(QListWidget):
    """Names with a line about each. `entry_chosen` carries the name that is current."""

    entry_chosen = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setItemDelegate(_Entry(self))
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.currentItemChanged.connect(self._tell)

    def fill(self, entries: list[tuple[str, str, str, str]]) -> None:
        """Show (name, icon, colour role, line about it) for each; the current one stays."""
        current = self.current()
        self.blockSignals(True)
        self.clear()
        for name, icon, role, about in entries:
            item = QListWidgetItem(name, self)
            item.setData(_ICON, icon)
            item.setData(_ROLE, role)
            item.setData(_ABOUT, about)
            item.setToolTip(tip(f"{name}\n{about}"))
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, about)
        self.blockSignals(False)
        self.choose(current)
        if self.currentRow() < 0 and self.count():
            self.setCurrentRow(0)
        if self.count() == 0:
            self.entry_chosen.emit("")

    def current(self) -> str:
        """The name that is current, empty when none is."""
        item = self.currentItem()
        return item.text() if item else ""

    def choose(self, name: str) -> bool:
        """Make the entry of this name current; False when there is none."""
        found = self.findItems(name, Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchCaseSensitive)
        if found:
            self.setCurrentItem(found[0])
        return bool(found)

    @Slot()
    def _tell(self) -> None:
        self.entry_chosen.emit(self.current())


class _Entry(QStyledItemDelegate):
    """Paints the two lines of an entry and the icon before them."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(120, _HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        with saved(painter):
            self._paint(painter, option, index)

    def _paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        place: QRect = option.rect.adjusted(2, 1, -2, -1)
        state: QStyle.StateFlag = option.state
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if state & QStyle.StateFlag.State_Selected:
            painter.setBrush(theme.mixed("accent", "surface", 0.16))
            painter.drawRoundedRect(place, theme.RADIUS, theme.RADIUS)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(theme.colour("hover"))
            painter.drawRoundedRect(place, theme.RADIUS, theme.RADIUS)
        spot = QRect(place.left() + theme.GAP, place.center().y() - 8, 18, 18)
        icons.paint(painter, index.data(_ICON), index.data(_ROLE), spot)
        left = spot.right() + theme.GAP
        lines = QRect(left, place.top() + 5, place.right() - left - theme.GAP, 18)
        self._line(painter, lines, index.data(), theme.body_font(), "text")
        lines.translate(0, 18)
        self._line(painter, lines, index.data(_ABOUT), theme.secondary_font(), "muted")

    def _line(self, painter: QPainter, place: QRect, text: str, font: QFont, role: str) -> None:
        painter.setFont(font)
        painter.setPen(theme.colour(role))
        metrics = QFontMetrics(font)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, place.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, shown)

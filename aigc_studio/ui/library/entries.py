"""The list at the left of a library tab: a picture or an icon, a name, and a line about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
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
_PICTURE = Qt.ItemDataRole.UserRole + 3
_NAME = Qt.ItemDataRole.UserRole + 4
_HEIGHT = 56
_SIDE = 48
"""Pixels of a side of a picture."""

_Index = QModelIndex | QPersistentModelIndex


Paint = Callable[[QPainter, QRect], None]


@dataclass(frozen=True)
class Entry:
    """One line of the list: an `icon` in the colour of a `role`, or else what `paint` draws. It is
    found by its `name`, and shown by its `title` where it has one."""

    name: str
    about: str
    icon: str
    role: str = "muted"
    paint: Paint | None = None
    title: str = ""

    @property
    def shown(self) -> str:
        """What people call it."""
        return self.title or self.name

    def roles(self) -> dict[int, Any]:
        """What an item of a view carries for `EntryPainter`, beside its text."""
        return {
            _ICON: self.icon,
            _ROLE: self.role,
            _ABOUT: self.about,
            _PICTURE: self.paint,
            _NAME: self.name,
            Qt.ItemDataRole.ToolTipRole: tip(f"{self.shown}\n{self.about}"),
            Qt.ItemDataRole.AccessibleDescriptionRole: self.about,
        }


class EntryList(QListWidget):
    """Names with a line about each. `entry_chosen` carries the name that is current."""

    entry_chosen = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setItemDelegate(EntryPainter(self))
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.currentItemChanged.connect(self._tell)

    def fill(self, entries: Iterable[Entry]) -> None:
        """Show these; the current one stays."""
        current = self.current()
        self.blockSignals(True)
        self.clear()
        for entry in entries:
            item = QListWidgetItem(entry.shown, self)
            for role, value in entry.roles().items():
                item.setData(role, value)
        self.blockSignals(False)
        self.choose(current)
        if self.currentRow() < 0 and self.count():
            self.setCurrentRow(0)
        if self.count() == 0:
            self.entry_chosen.emit("")

    def current(self) -> str:
        """The name that is current, empty when none is."""
        return self.name_of(self.currentItem())

    def name_of(self, item: QListWidgetItem | None) -> str:
        """The name of an entry; empty for none."""
        return str(item.data(_NAME)) if item else ""

    def choose(self, name: str) -> bool:
        """Make the entry of this name current; False when there is none."""
        rows = range(self.count())
        found = next((row for row in rows if self.item(row).data(_NAME) == name), -1)
        if found >= 0:
            self.setCurrentRow(found)
        return found >= 0

    @Slot()
    def _tell(self) -> None:
        self.entry_chosen.emit(self.current())


class EntryPainter(QStyledItemDelegate):
    """Paints the two lines of an entry, and the picture or icon before them."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Room for the picture."""
        return QSize(120, _HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """One entry, on its ground where it is chosen or under the mouse."""
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
        spot = QRect(0, 0, _SIDE, _SIDE)
        spot.moveCenter(QPoint(place.left() + theme.GRID + _SIDE // 2, place.center().y()))
        paint = index.data(_PICTURE)
        if paint is not None:
            paint(painter, spot)
        else:
            icons.paint(painter, index.data(_ICON), index.data(_ROLE), _middle(spot))
        left = spot.right() + theme.GAP
        top = place.center().y() - 17
        lines = QRect(left, top, place.right() - left - theme.GAP, 18)
        self._line(painter, lines, index.data(), theme.body_font(), "text")
        lines.translate(0, 18)
        self._line(painter, lines, index.data(_ABOUT), theme.secondary_font(), "muted")

    def _line(self, painter: QPainter, place: QRect, text: str, font: QFont, role: str) -> None:
        painter.setFont(font)
        painter.setPen(theme.colour(role))
        metrics = QFontMetrics(font)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, place.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, shown)


def _middle(spot: QRect) -> QRect:
    """Where an icon stands in the place of a picture."""
    found = QRect(0, 0, 20, 20)
    found.moveCenter(spot.center())
    return found

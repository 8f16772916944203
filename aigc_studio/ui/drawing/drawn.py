"""What was drawn: each drawing small, with its kind; and the kinds, with how many there are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

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
from PySide6.QtGui import QIcon, QImage, QKeyEvent, QMouseEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import (
    QListView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from aigc_studio.translation import _, labelled
from aigc_studio.ui import icons, theme
from aigc_studio.ui.labels import tip

if TYPE_CHECKING:
    from aigc_studio.library.sketchbook import Leaves

_SMALL = 52
_CROSS = 16
_CAPTION = 16
_FILE = Qt.ItemDataRole.UserRole
_KIND = Qt.ItemDataRole.UserRole
_SPOKEN = Qt.ItemDataRole.AccessibleTextRole

_Index = QModelIndex | QPersistentModelIndex


def kind_name(kind: str) -> str:
    """A kind as it is written; where there is none, that."""
    return kind or _("no kind")


class KindList(QListWidget):
    """The kinds in a row that wraps, each with how many there are. `chosen` carries one."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setSpacing(2)
        self.setMaximumHeight(self.sizeHint().height())
        self.setAccessibleName(_("Kinds, and how many are drawn of each"))
        self.itemClicked.connect(self._tell)
        self.itemActivated.connect(self._tell)

    def show_leaves(self, leaves: Leaves) -> None:
        """Show the kinds of these drawings, the one that is asked for marked."""
        counts = leaves.counts()
        self._resize_to(list(counts))
        for row, (kind, count) in enumerate(counts.items()):
            item = self.item(row)
            item.setText(f"{kind_name(kind)}  ×{count:,}" if count else kind_name(kind))
            item.setData(_KIND, kind)
            item.setToolTip(tip(_("Draw “{kind}” next").format(kind=kind_name(kind))))
            spoken = labelled(kind_name(kind), f"{count:,}")
            item.setData(_SPOKEN, spoken)
            if kind == leaves.kind:
                self.setCurrentItem(item)

    def _resize_to(self, kinds: list[str]) -> None:
        while self.count() > len(kinds):
            self.takeItem(self.count() - 1)
        while self.count() < len(kinds):
            self.addItem(QListWidgetItem())

    @Slot(QListWidgetItem)
    def _tell(self, item: QListWidgetItem) -> None:
        self.chosen.emit(item.data(_KIND))

    def sizeHint(self) -> QSize:
        """Three rows; of more kinds it scrolls."""
        return QSize(240, 3 * 24 + 2 * theme.GRID)


class DrawnList(QListWidget):
    """All drawings. `opened` carries the place of one that is to lie on the sheet, `removed` of one
    that is to go: by its cross, or with Delete."""

    opened = Signal(int)
    removed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setSpacing(2)
        self.setIconSize(QSize(_SMALL, _SMALL))
        self.setMouseTracking(True)
        self.setAccessibleName(_("What is drawn"))
        self._crossed: QListWidgetItem | None = None
        self.setItemDelegate(_Crosses(self))
        self.itemClicked.connect(self._open)
        self.itemActivated.connect(self._open)

    def show_leaves(self, leaves: Leaves, pictures: Mapping[str, bytes]) -> None:
        """Show these drawings; the last one is in view, or the one that lies on the sheet."""
        wanted = {leaf.file for leaf in leaves.leaves}
        for place, leaf in enumerate(leaves.leaves):
            while (item := self.item(place)) is not None and item.data(_FILE) not in wanted:
                self.takeItem(place)
            if item is None or item.data(_FILE) != leaf.file:
                item = QListWidgetItem(kind_name(leaf.kind) if leaf.kind else "")
                item.setData(_FILE, leaf.file)
                item.setIcon(_icon(pictures.get(leaf.file, b"")))
                item.setToolTip(tip(kind_name(leaf.kind)))
                self.insertItem(place, item)
            words = _("Drawing {number}: {kind}")
            spoken = words.format(number=place + 1, kind=kind_name(leaf.kind))
            if item.data(_SPOKEN) != spoken:  # else a list that is long would be laid out each time
                item.setData(_SPOKEN, spoken)
        while self.count() > len(leaves.leaves):
            self.takeItem(self.count() - 1)
        self._mark(leaves)

    def _mark(self, leaves: Leaves) -> None:
        if leaves.is_fresh:
            self.setCurrentRow(-1)
            self.scrollToBottom()
        else:
            self.setCurrentRow(leaves.open)

    def redraw(self, place: int, data: bytes) -> None:
        """The drawing at this place has changed."""
        item = self.item(place)
        if item is not None:
            item.setIcon(_icon(data))

    @Slot(QListWidgetItem)
    def _open(self, item: QListWidgetItem) -> None:
        self.opened.emit(self.row(item))

    def cross(self, place: int) -> QRect:
        """Where the cross is that takes away the drawing at this place."""
        return _cross(_paper(self.visualItemRect(self.item(place))))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on the cross is none on the drawing."""
        self._crossed = self._crossed_at(event)
        if self._crossed is None:
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go on the cross, it takes the drawing away."""
        crossed, self._crossed = self._crossed, None
        if crossed is None:
            super().mouseReleaseEvent(event)
        elif crossed is self._crossed_at(event):
            self.removed.emit(self.row(crossed))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Two quick clicks are two clicks: they do not take two away."""
        if self._crossed_at(event) is None:
            super().mouseDoubleClickEvent(event)

    def _crossed_at(self, event: QMouseEvent) -> QListWidgetItem | None:
        at = event.position().toPoint()
        item = self.itemAt(at)
        found = item is not None and self.cross(self.row(item)).contains(at)
        return item if found else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete takes the one away that is chosen."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.currentRow() >= 0:
            self.removed.emit(self.currentRow())
        else:
            super().keyPressEvent(event)


class _Crosses(QStyledItemDelegate):
    """Drawings on white paper, with a cross in the corner of the one under the pointer."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(_SMALL + 8, _SMALL + 8 + _CAPTION)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        state, place = option.state, _paper(option.rect)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        under = bool(state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        icon = index.data(Qt.ItemDataRole.DecorationRole)
        if isinstance(icon, QIcon):
            icon.paint(painter, place)
        painter.setPen(QPen(theme.colour("accent" if chosen else "border"), 2 if chosen else 1))
        painter.drawRoundedRect(place, 4, 4)
        painter.setPen(theme.colour("muted"))
        painter.setFont(theme.secondary_font())
        below = QRect(place.left() - 3, place.bottom() + 1, place.width() + 6, _CAPTION)
        words = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        elide = Qt.TextElideMode.ElideRight
        words = painter.fontMetrics().elidedText(words, elide, below.width())
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, words)
        if under or chosen:
            cross = _cross(place)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("bar"))
            painter.drawEllipse(cross)
            icons.paint(painter, "close", "on_bar", cross.adjusted(3, 3, -3, -3))
        painter.restore()


def _paper(rect: QRect) -> QRect:
    return QRect(rect.left() + 4, rect.top() + 4, _SMALL, _SMALL)


def _cross(paper: QRect) -> QRect:
    return QRect(paper.topRight() + QPoint(3 - _CROSS, -3), QSize(_CROSS, _CROSS))


def _icon(data: bytes) -> QIcon:
    picture = QImage.fromData(data)
    if picture.isNull():
        return QIcon()
    side = 2 * _SMALL  # for screens of two pixels to a point
    smooth = Qt.TransformationMode.SmoothTransformation
    return QIcon(QPixmap.fromImage(picture.scaled(side, side, mode=smooth)))

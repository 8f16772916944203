"""The table before an import: every file, whether it is used, and if not why and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Slot,
)
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QHeaderView, QTableView, QWidget

from aigc_studio.translation import _
from aigc_studio.ui import icons, theme
from aigc_studio.ui.library.file_pictures import SIDE, FilePictures

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aigc_studio.library import FileCheck

_Index = QModelIndex | QPersistentModelIndex
_MARK = 16
_REMEDY, _REMEDY_MOST = 220, 320
"""Pixels that are kept for what to do about a file, and the most that it may take."""
_ROW, _PICTURE_ROW = 24, SIDE + theme.GRID


class CheckModel(QAbstractTableModel):
    """Rows of `FileCheck`; all of them, or those that are skipped."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[FileCheck] = []
        self.has_pictures = False
        self.pictures = FilePictures(self)
        self.pictures.loaded.connect(self._show_picture)
        self._heads = (_("File"), _("Found"), _("What to do"), _("Label"))

    def show(self, rows: Sequence[FileCheck], *, pictures: bool = False) -> None:
        """Show these, first those a person can do something about: skipped, then remarked on.

        Where they are `pictures`, each stands beside its name.
        """
        self.beginResetModel()
        self.has_pictures = pictures
        self.rows = sorted(rows, key=lambda row: (row.used, not row.remarks))
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """Files."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """File, what was found, remedy, label."""
        return len(self._heads)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The heads of the columns."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._heads[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Texts, the mark of used and skipped, and the whole sentence as a tooltip."""
        row = self.rows[index.row()]
        texts = (row.name, row.detail or row.reason, row.remedy, row.label)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            if index.column() == 1 and row.remarks:
                between = " · " if role == Qt.ItemDataRole.DisplayRole else "\n"
                return between.join((texts[1], *row.remarks))
            return texts[index.column()]
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 0:
            return self._decoration(row)
        if role == Qt.ItemDataRole.ForegroundRole and index.column() == 1 and not row.used:
            return theme.colour("warning")
        if role == Qt.ItemDataRole.AccessibleTextRole and index.column() == 0:
            state = _("used") if row.used else _("skipped")
            return f"{row.name}, {state}"
        return None

    def _decoration(self, row: FileCheck) -> Any:
        """The mark of used or skipped, and the picture beside it once it is read."""
        mark = icons.icon("check", "good") if row.used else icons.icon("minus", "warning")
        if not self.has_pictures:
            return mark
        return _beside(mark.pixmap(QSize(_MARK, _MARK), 2.0), self.pictures.picture(row))

    @Slot(object)
    def _show_picture(self, path: object) -> None:
        for number, row in enumerate(self.rows):
            if row.path == path:
                self.dataChanged.emit(self.index(number, 0), self.index(number, 0))


class CheckTable(QTableView):
    """Shows the files that were found, and what would be made of each."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.checks = CheckModel(self)
        self.setModel(self.checks)
        self.setAccessibleName(_("Files found"))
        self.setShowGrid(False)
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW)
        heads = self.horizontalHeader()
        heads.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        heads.setHighlightSections(False)
        heads.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for column, width in enumerate((190, 240, _REMEDY, 90)):
            self.setColumnWidth(column, width)
        heads.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)

    def show_files(self, rows: Sequence[FileCheck], *, pictures: bool) -> None:
        """Show these; where they are `pictures`, in rows as high as one."""
        self.verticalHeader().setDefaultSectionSize(_PICTURE_ROW if pictures else _ROW)
        self.setIconSize(QSize(_MARK + theme.GAP + SIDE, SIDE) if pictures else QSize(_MARK, _MARK))
        self.checks.show(rows, pictures=pictures)
        # What to do is read in full: what was found has the rest of the room.
        asked = max(
            map(self.fontMetrics().horizontalAdvance, {row.remedy for row in rows}), default=0
        )
        self.setColumnWidth(2, min(max(asked + 2 * theme.PADDING, _REMEDY), _REMEDY_MOST))


def _beside(mark: QPixmap, picture: QPixmap | None) -> QPixmap:
    """A mark and a picture in the middle of the room beside it."""
    ratio = 2
    whole = QPixmap(QSize(_MARK + theme.GAP + SIDE, SIDE) * ratio)
    whole.fill(Qt.GlobalColor.transparent)
    with QPainter(whole) as painter:
        side = _MARK * ratio
        painter.drawPixmap(QRect(0, (whole.height() - side) // 2, side, side), mark)
        if picture is not None:
            place = QRect(whole.width() - SIDE * ratio, 0, SIDE * ratio, SIDE * ratio)
            spot = QRect(0, 0, picture.width(), picture.height())
            spot.moveCenter(place.center())
            painter.drawPixmap(spot, picture)
    whole.setDevicePixelRatio(ratio)
    return whole

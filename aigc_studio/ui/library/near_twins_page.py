"""Pictures that are nearly the same, in pairs beside each other, and which of them are left out."""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from aigc_studio.translation import _, ngettext
from aigc_studio.ui import icons, theme
from aigc_studio.ui.artifact_pictures import qimage
from aigc_studio.ui.labels import Label, tip
from aigc_studio.ui.library.examples import paint_framed
from aigc_studio.ui.library.work import ProgressLine, Work

if TYPE_CHECKING:
    from aigc_studio.library import ImportOptions
    from aigc_studio.library.near_twins import NearTwin

_Index = QModelIndex | QPersistentModelIndex
_SIDE = 56
_CHECK = 3


class PairModel(QAbstractTableModel):
    """Rows of `NearTwin`; the last column says whether the second is left out."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.pairs: list[NearTwin] = []
        self.left_out: set[str] = set()
        self._pictures: dict[tuple[int, int], QIcon] = {}
        self._heads = (_("Stays"), _("Nearly the same"), _("Alike"), _("Leave it out"))

    def show(self, pairs: list[NearTwin]) -> None:
        """Show these; nothing is left out."""
        self.beginResetModel()
        self.pairs, self.left_out = pairs, set()
        self._pictures.clear()
        self.endResetModel()

    def leave_out(self, every: bool) -> None:
        """Leave out all the seconds, or none."""
        self.left_out = {each.second for each in self.pairs} if every else set()
        last = self.index(len(self.pairs) - 1, _CHECK)
        self.dataChanged.emit(self.index(0, _CHECK), last)
        self.changed.emit()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """Pairs."""
        return 0 if parent.isValid() else len(self.pairs)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """The two, how alike they are, and whether the second goes."""
        return 0 if parent.isValid() else len(self._heads)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The heads of the columns."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._heads[section]
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """The last column can be ticked."""
        found = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return found | Qt.ItemFlag.ItemIsUserCheckable if index.column() == _CHECK else found

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Names, pictures, and the tick."""
        pair, column = self.pairs[index.row()], index.column()
        texts = (pair.first, pair.second, f"{100 * pair.alike:.1f} %", "")
        if role == Qt.ItemDataRole.DisplayRole:
            return texts[column]
        if role == Qt.ItemDataRole.ToolTipRole and column < 2:
            return tip(texts[column])
        if role == Qt.ItemDataRole.DecorationRole and column < 2:
            return self._picture(index.row(), column)
        if role == Qt.ItemDataRole.CheckStateRole and column == _CHECK:
            gone = pair.second in self.left_out
            return Qt.CheckState.Checked if gone else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.AccessibleTextRole and column == _CHECK:
            return _("{title}: {value}").format(title=self._heads[_CHECK], value=pair.second)
        return None

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Tick or untick."""
        if role != Qt.ItemDataRole.CheckStateRole or index.column() != _CHECK:
            return False
        self.left_out ^= {self.pairs[index.row()].second}
        self.dataChanged.emit(index, index)
        self.changed.emit()
        return True

    def _picture(self, row: int, column: int) -> QIcon:
        key = (row, column)
        if key not in self._pictures:
            size = QSize(_SIDE, _SIDE)
            ratio = 2.0  # sharp on every screen; the view scales it down
            whole = qimage(self.pairs[row].pictures[column])
            keep = Qt.AspectRatioMode.KeepAspectRatio
            smooth = Qt.TransformationMode.SmoothTransformation
            fitted = QPixmap.fromImage(whole.scaled(size * ratio, keep, smooth))
            fitted.setDevicePixelRatio(ratio)
            framed = QPixmap(size * ratio)
            framed.setDevicePixelRatio(ratio)
            framed.fill(Qt.GlobalColor.transparent)
            with QPainter(framed) as painter:
                paint_framed(painter, QRect(0, 0, _SIDE, _SIDE), fitted, 3)
            icon = QIcon(framed)
            icon.addPixmap(framed, QIcon.Mode.Selected)  # two are compared: without a tint
            self._pictures[key] = icon
        return self._pictures[key]


class NearTwinsPage(QWidget):
    """`changed` when other pictures are left out than before."""

    changed = Signal()

    def __init__(self, options: Callable[[], ImportOptions], parent: QWidget | None = None) -> None:
        """`options` gives the choices of the import."""
        super().__init__(parent)
        self._options = options
        self._paths: list[Path] = []
        self.work = Work(self)
        self.progress = ProgressLine(self.work)
        self.pairs = PairModel(self)
        self.table = QTableView()
        self._make_table()
        self.look = QPushButton(icons.icon("search"), _("Look for them"))
        self.look.clicked.connect(self.start)
        self.all = QPushButton(_("Leave out all"))
        self.all.setToolTip(_("Leave out the second of each pair: one of each stays"))
        self.all.clicked.connect(lambda: self.pairs.leave_out(True))
        self.none = QPushButton(_("Keep all"))
        self.none.clicked.connect(lambda: self.pairs.leave_out(False))
        self.words = Label(wordWrap=True)
        theme.set_kind(self.words, "secondary")
        self.empty = Label(wordWrap=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        theme.set_kind(self.empty, "secondary")
        self.pairs.changed.connect(self.changed)
        self.pairs.changed.connect(self._show_state)
        self.work.done.connect(self._take)
        self.work.failed.connect(self.empty.setText)
        self.work.ended.connect(self._show_state)
        self._lay_out()
        self.forget()

    def _make_table(self) -> None:
        table = self.table
        table.setModel(self.pairs)
        table.setAccessibleName(_("Near-duplicates"))
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        table.setTabKeyNavigation(False)
        table.setIconSize(QSize(_SIDE, _SIDE))
        table.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(_SIDE + theme.GAP)
        heads = table.horizontalHeader()
        heads.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        heads.setHighlightSections(False)
        heads.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        for column, width in ((2, 80), (_CHECK, 120)):
            heads.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            table.setColumnWidth(column, width)

    def _lay_out(self) -> None:
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.table)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.GAP)
        buttons.addWidget(self.words, 1)
        for button in (self.none, self.all, self.look):
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, theme.GAP, 0, 0)
        layout.setSpacing(theme.GAP)
        layout.addWidget(self.stack, 1)
        layout.addWidget(self.progress)
        layout.addLayout(buttons)

    def left_out(self) -> tuple[str, ...]:
        """The examples that are not wanted, in the order of their pairs."""
        gone = self.pairs.left_out
        return tuple(each.second for each in self.pairs.pairs if each.second in gone)

    def set_paths(self, paths: list[Path]) -> None:
        """Other files: nothing is known of them."""
        self._paths = list(paths)
        self.forget()

    def forget(self) -> None:
        """Leave nothing out, and show no pairs."""
        self.work.close()
        self.progress.hide()
        self.pairs.show([])
        self.empty.setText(
            _(
                "The same picture kept twice, smaller or brighter, or one frame after another: "
                "models learn such pictures by heart, and held out they make a model look better "
                "than it is."
            )
        )
        self._show_state()

    @Slot()
    def start(self) -> None:
        """Look for them, beside the window."""
        from aigc_studio.api import StudioError

        try:
            options = self._options()
        except StudioError as error:
            self.empty.setText(str(error))
            return
        paths = list(self._paths)
        self.pairs.show([])
        self.changed.emit()
        self.progress.begin(_("Looking at the files"))
        self.work.start(lambda: _find(paths, options))
        self._show_state()

    @Slot(object)
    def _take(self, pairs: list[NearTwin]) -> None:
        self.pairs.show(pairs)
        self.empty.setText(_("No two pictures are nearly the same."))
        self._show_state()
        if pairs and self.isVisible():  # the button that was pressed had lost it meanwhile
            self.table.setFocus()
            self.table.setCurrentIndex(self.pairs.index(0, _CHECK))

    @Slot()
    def _show_state(self) -> None:
        count, gone = len(self.pairs.pairs), len(self.pairs.left_out)
        self.stack.setCurrentIndex(1 if count else 0)
        self.look.setEnabled(bool(self._paths) and not self.work.running)
        self.all.setVisible(bool(count))
        self.none.setVisible(bool(count))
        self.all.setEnabled(gone < count)
        self.none.setEnabled(gone > 0)
        if not count:
            self.words.clear()
            return
        pairs = ngettext("{count} pair", "{count} pairs", count).format(count=f"{count:,}")
        left_out = ngettext("{count} left out", "{count} left out", gone)
        self.words.setText(f"{pairs} · {left_out.format(count=f'{gone:,}')}" if gone else pairs)


def _find(paths: list[Path], options: ImportOptions) -> Generator[Any, None, list[NearTwin]]:
    from aigc_studio.library.near_twins import find_near_twins

    found = yield from find_near_twins(paths, options)
    return found

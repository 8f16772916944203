"""The first examples of a text as an import would read it; the columns of a table to choose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QHeaderView,
    QMenu,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from aigc_studio.translation import _, labelled
from aigc_studio.ui import icons, theme
from aigc_studio.ui.labels import Label

if TYPE_CHECKING:
    from aigc_studio.library.texts.previews import TextPreview

_HEIGHT = 26
_WIDE = 320
_NARROW = 120


class TextPreviewPage(QWidget):
    """`column_chosen(role, column)` when a person has taken a column of the table for the texts or
    the labels: the role is `text` or `label`, the column its name or its number from 1."""

    column_chosen = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: TextPreview | None = None
        self.about = Label(wordWrap=True)
        theme.set_kind(self.about, "secondary")
        self.table = QTableWidget()
        self.table.setAccessibleName(_("First examples"))
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.setWordWrap(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(_HEIGHT)
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        heads = self.table.horizontalHeader()
        heads.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        heads.setHighlightSections(False)
        heads.sectionClicked.connect(self._ask_role)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._ask_role_at)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, theme.GAP, 0, 0)
        layout.setSpacing(theme.GAP)
        layout.addWidget(self.about)
        layout.addWidget(self.table, 1)
        self.show_preview(None)

    def show_preview(self, found: TextPreview | None) -> None:
        """Show how a file is read; None for no file."""
        self._shown = found
        self.table.setRowCount(0)
        self.table.setColumnCount(0)
        if found is None:
            self.about.setText(_("Choose files to see how they are read."))
            return
        self.about.setText(self._about(found))
        rows = found.rows or tuple((each,) for each in found.examples)
        heads = found.heads or (_("Example"),)
        self.table.setColumnCount(len(heads))
        self.table.setRowCount(len(rows))
        for column, title in enumerate(heads):
            self.table.setHorizontalHeaderItem(column, self._head(found, column, title))
        for number, row in enumerate(rows):
            for column, words in enumerate(row):
                cell = QTableWidgetItem(" ".join(words.split()))
                cell.setToolTip(words)
                if found.heads and column not in (found.text, found.label):
                    cell.setForeground(theme.colour("muted"))
                self.table.setItem(number, column, cell)
        self._fit_columns(found)

    def _about(self, found: TextPreview) -> str:
        if found.problem:
            return labelled(found.name, found.problem)
        told = _("{name}, read as {encoding}. Choose another encoding if characters look wrong.")
        words = told.format(name=found.name, encoding=found.encoding)
        if len(found.heads) > 1:
            words += " " + _("Click the header of a column to use it for the texts or labels.")
        return words

    def _head(self, found: TextPreview, column: int, title: str) -> QTableWidgetItem:
        item = QTableWidgetItem(title)
        if found.heads and column == found.text:
            item.setText(_("{column} (texts)").format(column=title))
            item.setIcon(icons.icon("text", "accent"))
        elif found.heads and column == found.label:
            item.setText(_("{column} (labels)").format(column=title))
            item.setIcon(icons.icon("check", "accent"))
        return item

    def _fit_columns(self, found: TextPreview) -> None:
        heads = self.table.horizontalHeader()
        for column in range(self.table.columnCount()):
            is_text = column == found.text or not found.heads
            heads.setSectionResizeMode(
                column,
                QHeaderView.ResizeMode.Stretch if is_text else QHeaderView.ResizeMode.Interactive,
            )
            self.table.setColumnWidth(column, _WIDE if is_text else _NARROW)

    @Slot(int)
    def _ask_role(self, column: int) -> None:
        heads = self.table.horizontalHeader()
        corner = QPoint(heads.sectionViewportPosition(column), heads.height())
        self.ask_role(column, heads.mapToGlobal(corner))

    @Slot(QPoint)
    def _ask_role_at(self, place: QPoint) -> None:
        column = self.table.columnAt(place.x())
        if column >= 0:
            self.ask_role(column, self.table.viewport().mapToGlobal(place))

    def ask_role(self, column: int, place: QPoint) -> None:
        """Ask what a column of a table is, at a place on the screen."""
        found = self._shown
        if found is None or not found.heads:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for role, words, taken in (
            ("text", _("Take the texts from here"), found.text),
            ("label", _("Take the labels from here"), found.label),
        ):
            action = QAction(words, menu, checkable=True, checked=taken == column)
            action.triggered.connect(lambda _checked, role=role: self._choose(role, column))
            menu.addAction(action)
        menu.popup(place)

    def _choose(self, role: str, column: int) -> None:
        found = self._shown
        if found is None:
            return
        if role == "label" and column == found.label:
            self.column_chosen.emit(role, "-")  # it was ticked: there are no labels then
            return
        title = found.heads[column] if column < len(found.heads) else ""
        unique = title.strip() and found.heads.count(title) == 1 and not title.isdecimal()
        self.column_chosen.emit(role, title if unique else str(column + 1))

"""What is known of the selected examples, beside them: a name and a value a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QHeaderView, QTableView, QVBoxLayout, QWidget

from aigc_studio.translation import _, enumerated
from aigc_studio.ui import theme
from aigc_studio.ui.labels import Label, tip
from aigc_studio.ui.library.formats import answer_text, value_text

if TYPE_CHECKING:
    from aigc_studio.api import Attribute

_Index = QModelIndex | QPersistentModelIndex
_MOST_COMPARED = 2_000
"""Of more selected examples only so many are compared: the others would take their time."""


class AttributeRows(QAbstractTableModel):
    """Names and values."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[tuple[str, str]] = []

    def show(self, rows: list[tuple[str, str]]) -> None:
        """Show other rows; while their names are the same, what is selected stays so."""
        if rows == self.rows:
            return
        if [name for name, _value in rows] == [name for name, _value in self.rows]:
            self.rows = rows
            self.dataChanged.emit(self.index(0, 1), self.index(len(rows) - 1, 1))
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """Attributes."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """Name and value."""
        return 0 if parent.isValid() else 2

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The words, and the whole of them as a tooltip."""
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(_("{title}: {value}").format(title=row[0], value=row[1]))
        return None


class AttributePanel(QWidget):
    """The attributes of what is selected; of the whole dataset while nothing is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._attributes: Sequence[Attribute] = ()
        self._word: Callable[[str], str] = str
        self.head = Label()
        theme.set_kind(self.head, "secondary")
        self.rows = AttributeRows(self)
        self.table = QTableView()
        self.table.setModel(self.rows)
        self.table.setAccessibleName(_("Attributes"))
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.table.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(24)
        heads = self.table.horizontalHeader()
        heads.hide()
        heads.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        layout.addWidget(self.head)
        layout.addWidget(self.table, 1)
        self.setFixedWidth(240)
        self.hide()

    def show_attributes(
        self, attributes: Sequence[Attribute], word: Callable[[str], str] = str
    ) -> None:
        """Those that a dataset has; none hide the panel. `word` says what names and values are
        called in the language spoken."""
        self._attributes, self._word = attributes, word
        self.setVisible(bool(attributes))
        self.show_values([])

    def show_values(self, chosen: Sequence[Mapping[str, Any]]) -> None:
        """Show what the selected examples have; a value that differs among them is not named."""
        if not chosen:
            self.head.setText(_("Attributes of the data"))
            self._show((each.name, _overview(each, self._word)) for each in self._attributes)
            return
        self.head.setText(_("Attributes of the selected"))
        compared = chosen[:_MOST_COMPARED]
        self._show((each.name, _common(each, compared, self._word)) for each in self._attributes)

    def _show(self, rows: Iterable[tuple[str, str]]) -> None:
        self.rows.show([(self._word(name), value) for name, value in rows])


def _common(
    attribute: Attribute, chosen: Sequence[Mapping[str, Any]], word: Callable[[str], str]
) -> str:
    first = chosen[0].get(attribute.name)
    if any(each.get(attribute.name) != first for each in chosen[1:]):
        return _("(different)")
    # A title is words of its own, be they those of a choice.
    is_word = isinstance(first, str) and attribute.kind == "choice"
    return word(first) if is_word else value_text(first)


def _overview(attribute: Attribute, word: Callable[[str], str]) -> str:
    if attribute.kind == "number":
        low, high = value_text(attribute.low), value_text(attribute.high)
        return low if low == high else _("{low} to {high}").format(low=low, high=high)
    if attribute.kind == "yes_no":
        yes = attribute.counts.get("yes", 0)
        return _("{yes} of {count}").format(
            yes=f"{answer_text('yes')} {yes:,}", count=f"{attribute.count:,}"
        )
    if attribute.kind == "choice":
        return enumerated(map(word, attribute.counts), 4)
    return _("texts")

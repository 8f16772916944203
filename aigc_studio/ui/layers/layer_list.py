"""The items of a board as rows, the topmost first: what is not seen is not read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QStandardItemModel

from aigc_studio.project.order import Order
from aigc_studio.translation import _, enumerated
from aigc_studio.ui.candidates.cell_list import stretches
from aigc_studio.ui.labels import tip

if TYPE_CHECKING:
    from aigc_studio.project.board import Board, Change
    from aigc_studio.project.items import Item

Index = QModelIndex | QPersistentModelIndex

ROW = 36
"""Pixels that a row is high."""
ITEM_ROLE = int(Qt.ItemDataRole.UserRole)
_AT_ONCE = 8
"""Stretches of rows that come and go one by one; of more, the list begins anew."""


class LayerList(QStandardItemModel):
    """Rows stand for ids; an item is asked for when its row is seen.

    Qt's own model without items, for its rows: a view that lays out asks for the index of each, and
    a model of ours would be called for each of them. `renamed` carries an id and what the person
    typed; `settled` tells that rows came, went or changed places, and `is_following` is true while
    they do: a selection that changes then is nobody's wish.
    """

    renamed = Signal(str, str)
    settled = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(0, 1, parent)
        self._board: Board | None = None
        self._rows: dict[str, int] | None = None
        self._words = ""
        self.ids: list[str] = []
        self.is_following = False

    # What it shows

    def follow(self, board: Board | None) -> None:
        """Show this board from now on, as it is and as it changes; None: none."""
        if self._board is not None and self._hear in self._board.listeners:
            self._board.listeners.remove(self._hear)
        self._board = board
        if board is not None:
            board.listeners.append(self._hear)
        self._begin_anew(self._wanted())
        self.settled.emit()

    @property
    def words(self) -> str:
        """Only items with these words in their names are shown; all where it is empty."""
        return self._words

    def filter(self, words: str) -> None:
        """Show only items with these words in their names, in any case of letters."""
        self._words = " ".join(words.casefold().split())
        self._change_to(self._wanted())

    @property
    def total(self) -> int:
        """How many items the board has, shown here or not."""
        return len(self._board) if self._board is not None else 0

    def item_at(self, row: int) -> Item | None:
        """The item of a row."""
        if self._board is None or not 0 <= row < len(self.ids):
            return None
        return self._board.get(self.ids[row])

    def row_of(self, id: str) -> int:
        """The row of an item; -1 where it has none."""
        if self._rows is None:
            self._rows = {id: row for row, id in enumerate(self.ids)}
        return self._rows.get(id, -1)

    def rows_of(self, ids: Iterable[str]) -> list[tuple[int, int]]:
        """The rows of items as stretches, the first and the last of each."""
        rows = sorted(row for id in ids if (row := self.row_of(id)) >= 0)
        return stretches(rows)

    # The board speaks

    def _hear(self, change: Change) -> None:
        if change.kind == "items_changed":
            self._note_changed(change.ids)
        if change.kind != "items_changed" or self._words:
            self._change_to(self._wanted())

    def _note_changed(self, ids: Sequence[str]) -> None:
        rows = [row for id in ids if (row := self.row_of(id)) >= 0]
        if rows:
            self.dataChanged.emit(self.index(min(rows), 0), self.index(max(rows), 0))

    def _wanted(self) -> list[str]:
        """The ids that are to be shown, the topmost first."""
        if self._board is None:
            return []
        ids = self._board.ids[::-1]
        if not self._words:
            return list(ids)
        board, words = self._board, self._words.split()
        named = ((id, board.item(id).name.casefold()) for id in ids)
        return [id for id, name in named if all(word in name for word in words)]

    def _change_to(self, wanted: list[str]) -> None:
        """Other rows, at the cost of what differs."""
        difference = Order.between(self.ids, wanted)
        if not difference:
            return
        out = stretches([place for place, _id in difference.out])
        into = stretches([place for place, _id in difference.into])
        if len(out) + len(into) > _AT_ONCE:
            self._begin_anew(wanted)
        else:
            self.is_following = True
            for first, last in reversed(out):
                self._rows = None
                del self.ids[first : last + 1]
                self.removeRows(first, last - first + 1)
            for first, last in into:
                self._rows = None
                self.ids[first:first] = wanted[first : last + 1]
                self.insertRows(first, last - first + 1)
            self.is_following = False
        self.settled.emit()

    def _begin_anew(self, wanted: list[str]) -> None:
        self.is_following = True
        self.beginResetModel()
        self.ids, self._rows = wanted, None
        blocked = self.blockSignals(True)
        self.setRowCount(len(wanted))
        self.blockSignals(blocked)
        self.endResetModel()
        self.is_following = False

    # Qt

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The item itself, and what is said of it."""
        if role == Qt.ItemDataRole.SizeHintRole:
            return QSize(0, ROW)
        item = self.item_at(index.row())
        if item is None:
            return None
        if role == ITEM_ROLE:
            return item
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return item.name
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(item.name)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(item)
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """A person typed another name; an empty one is none."""
        item, name = self.item_at(index.row()), str(value).strip()
        if item is None or role != Qt.ItemDataRole.EditRole or name in ("", item.name):
            return False
        self.renamed.emit(item.id, name)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Each can be selected and renamed; none has anything in it."""
        flags = Qt.ItemFlag
        return (
            flags.ItemIsEnabled
            | flags.ItemIsSelectable
            | flags.ItemIsEditable
            | flags.ItemNeverHasChildren
        )


def medium_name(item: Item) -> str:
    """What it is, in a word."""
    from aigc_studio.api import media

    return media.one(item.medium)


def percent(opacity: float) -> str:
    """An opacity as a person reads it."""
    return _("{n} %").format(n=round(opacity * 100))


def spoken(item: Item) -> str:
    """What a screen reader says of a layer."""
    words = [item.name, medium_name(item)]
    if not item.visible:
        words.append(_("hidden"))
    if item.opacity < 1:
        words.append(_("opacity {percent}").format(percent=percent(item.opacity)))
    if item.mask is not None:
        words.append(_("with a mask"))
    return enumerated(words)

"""The cells of the strip as Qt's views see them: many come or go at once, at the cost of each."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt, Slot
from PySide6.QtGui import QStandardItemModel

from aigc_studio.ui.candidates.cells import ALIKE_ROLE, CELL_ROLE, Cell, Frame, tail_of
from aigc_studio.ui.labels import tip

_AT_ONCE = 8
"""Ranges of rows that are taken away one by one; with more of them the list begins anew."""

Index = QModelIndex | QPersistentModelIndex


class CellList(QStandardItemModel):
    """Cells in the order of their numbers, which begin at 1 whenever the list was empty.

    Qt's own model without items, for its rows: a view that lays out asks for the index of every
    row, hidden or not, and a model of ours would be called for each of them.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(0, 1, parent)
        # Before any view hears of it.
        self.rowsRemoved.connect(self._forget_rows)
        self.cells: list[Cell] = []
        self._by_id: dict[str, Cell] = {}
        self._by_strip: dict[str, Cell] = {}
        self._next_number = 1
        self._titles = Counter[str]()
        self._tails = Counter[str]()

    def __contains__(self, id: object) -> bool:
        return id in self._by_id

    def ids(self) -> list[str]:
        """All ids, in the order shown."""
        return [frame.id for cell in self.cells for frame in cell.frames]

    def cell(self, index: Index) -> Cell | None:
        """The cell at an index, if there is one."""
        return self.cells[index.row()] if 0 <= index.row() < len(self.cells) else None

    def row_of_number(self, number: int) -> int:
        """The row of the cell with this number; -1 when it is gone."""
        row = bisect_left(self.cells, number, key=lambda cell: cell.number)
        there = row < len(self.cells) and self.cells[row].number == number
        return row if there else -1

    def cell_of(self, id: str) -> Cell | None:
        """The cell that a candidate is in."""
        return self._by_id.get(id)

    def grows(self, id: str) -> bool:
        """Whether it is no candidate yet."""
        cell = self._by_id.get(id)
        return cell is not None and cell.frame.grows

    def row_of(self, id: str) -> int:
        """The row of a candidate; -1 when it is not there."""
        cell = self._by_id.get(id)
        return self.row_of_number(cell.number) if cell is not None else -1

    def number_among(self, id: str) -> tuple[int, int, int]:
        """The number of the cell that a candidate is in, that of the first, and of the last."""
        cell = self._by_id.get(id)
        ends = (self.cells[0].number, self.cells[-1].number) if self.cells else (0, 0)
        return cell.number if cell is not None else 0, *ends

    def add(self, frames: Iterable[Frame]) -> None:
        """Show candidates, at the end or in the cells of their sequences. Those there stay."""
        new: list[Cell] = []
        grown: list[Cell] = []
        for frame in frames:
            if frame.id in self._by_id:
                continue
            cell = self._by_strip.get(frame.strip) if frame.strip else None
            if cell is None:
                cell = Cell(self._next_number, frame.strip, [frame])
                self._next_number += 1
                new.append(cell)
                if frame.strip:
                    self._by_strip[frame.strip] = cell
            else:
                cell.insert(frame)
                grown.append(cell)
            self._by_id[frame.id] = cell
            self._note(frame, 1)
        if new:
            self.cells += new
            self.insertRows(len(self.cells) - len(new), len(new))
        self._tell_changed(grown)

    def renew(self, id: str, frame: Frame) -> None:
        """Put another frame in the place of one that is shown alone in its cell, if it is there.

        The cell, its number and whether it is selected stay.
        """
        cell = self._by_id.get(id)
        if cell is None:
            return
        del self._by_id[id]
        self._note(cell.frame, -1)
        cell.frames, cell.shown, cell.strip = [frame], 0, frame.strip
        self._by_id[frame.id] = cell
        if frame.strip:
            self._by_strip[frame.strip] = cell
        self._note(frame, 1)
        self._tell_changed([cell])

    def remove(self, ids: Iterable[str]) -> None:
        """Take candidates away, and cells that are empty then; unknown ids do nothing."""
        gone: dict[Cell, set[str]] = {}
        for id in ids:
            cell = self._by_id.pop(id, None)
            if cell is not None:
                self._note(next(each for each in cell.frames if each.id == id), -1)
                gone.setdefault(cell, set()).add(id)
        empty: list[int] = []
        less: list[Cell] = []
        for cell, names in gone.items():
            left = [frame for frame in cell.frames if frame.id not in names]
            if left:
                cell.frames, cell.shown = left, min(cell.shown, len(left) - 1)
                less.append(cell)
            else:
                empty.append(self.row_of_number(cell.number))
                self._by_strip.pop(cell.strip, None)
        self._tell_changed(less)
        self._take_rows(sorted(empty))
        if not self.cells:
            self._next_number = 1

    def clear(self) -> None:
        """Take all away."""
        self.remove(list(self._by_id))

    def at(self, row: int) -> QModelIndex:
        """The index of a row."""
        return self.index(row, 0)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The cell itself, and what is said of it."""
        cell = self.cell(index)
        if cell is None or not cell.frames:
            return None
        if role == CELL_ROLE:
            return cell
        if role == ALIKE_ROLE:
            # Where seeds end alike as well, the title is still what says the most.
            several = len(self.cells) > 1 and len(self._tails) > 1
            return several and len(self._titles) == 1
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return cell.spoken()
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(cell.frame.told())
        return None

    def _note(self, frame: Frame, by: int) -> None:
        """One more of this title and this end of a seed, or one less."""
        for counter, key in ((self._titles, frame.title), (self._tails, tail_of(frame.seed))):
            counter[key] += by
            if not counter[key]:
                del counter[key]

    def _tell_changed(self, cells: Sequence[Cell]) -> None:
        if cells:
            rows = [self.row_of_number(cell.number) for cell in cells]
            rows = [row for row in rows if row >= 0]
            if rows:
                self.dataChanged.emit(self.at(min(rows)), self.at(max(rows)))

    def _take_rows(self, rows: Sequence[int]) -> None:
        ranges = stretches(rows)
        if len(ranges) <= _AT_ONCE:
            for first, last in reversed(ranges):
                self.removeRows(first, last - first + 1)
            return
        gone = set(rows)
        self.beginResetModel()
        self.cells = [cell for row, cell in enumerate(self.cells) if row not in gone]
        blocked = self.blockSignals(True)
        self.setRowCount(len(self.cells))
        self.blockSignals(blocked)
        self.endResetModel()

    @Slot(QModelIndex, int, int)
    def _forget_rows(self, _parent: QModelIndex, first: int, last: int) -> None:
        del self.cells[first : last + 1]


def stretches(rows: Sequence[int]) -> list[tuple[int, int]]:
    """Rows in ascending order as stretches, the first and the last of each."""
    found: list[tuple[int, int]] = []
    for row in rows:
        if found and found[-1][1] == row - 1:
            found[-1] = (found[-1][0], row)
        else:
            found.append((row, row))
    return found

"""What tables say of files: their attributes, and a label and a group where columns were taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from aigc_studio.api import limits
from aigc_studio.api.attributes import Value
from aigc_studio.api.spelling import one_form

Cells = list[str | None]
"""What a table has in its columns for one file; None where it says nothing."""


@dataclass
class TableCheck:
    """What came of one table: how many attributes for how many files, and what is odd in it."""

    columns: int = 0
    files: int = 0
    remarks: list[str] = field(default_factory=list)


@dataclass
class Attributes:
    """What tables say of files. `names` are those of the attributes; `tables` the files that were
    read as tables, and `unread` those that name too few files, with the sentence that says so;
    `remarks` what is worth knowing of all of them together."""

    names: list[str] = field(default_factory=list)
    tables: dict[Path, TableCheck] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    unread: dict[Path, str] = field(default_factory=dict)
    _rows: dict[Path, Cells] = field(default_factory=dict)
    _values: list[Mapping[str, Value]] = field(default_factory=list)
    _label: int | None = None
    _group: int | None = None

    def of(self, path: Path) -> dict[str, Value]:
        """The attributes of a file, by name; empty where no table has it."""
        cells = self._rows.get(path)
        if cells is None:
            return {}
        left_out = (self._label, self._group)
        return {
            self.names[at]: self._values[at][cell]
            for at, cell in enumerate(cells)
            if cell is not None and at not in left_out and cell in self._values[at]
        }

    def label_of(self, path: Path) -> str:
        """The label of a file, where a column was taken for labels."""
        return self._cell(path, self._label)

    def group_of(self, path: Path) -> str:
        """The group of a file, where a column was taken for groups."""
        return self._cell(path, self._group)

    def _cell(self, path: Path, at: int | None) -> str:
        cells = self._rows.get(path)
        if at is None or cells is None or at >= len(cells):
            return ""
        cell = (cells[at] or "").strip()
        return cell if len(one_form(cell)) <= limits.LABEL else ""

"""A form from a JSON Schema: what a plugin's parameters look like in the window.

Pydantic is not needed: the schema is plain JSON, and the worker has the last word on validity.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QToolButton, QVBoxLayout, QWidget

from aigc_studio.translation import _, ngettext
from aigc_studio.ui import icons, theme
from aigc_studio.ui.forms.rows import FieldRow
from aigc_studio.ui.forms.schema import fields_of
from aigc_studio.ui.labels import Label


class SchemaForm(QWidget):
    """The fields of a schema, in order, in their groups; advanced ones in a section that opens.

    `changed` fires after any value changed. Fits 320 pixels in any language: labels wrap.
    """

    changed = Signal()

    def __init__(
        self, schema: Mapping[str, Any], language: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.rows: dict[str, FieldRow] = {}
        self._quiet = False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.PADDING)
        self._advanced = Section(_("Advanced"))
        fields = fields_of(schema, language)
        self._fill(self._column, [field for field in fields if not field.advanced])
        self._fill(self._advanced.column, [field for field in fields if field.advanced])
        self._column.addWidget(self._advanced)
        self._advanced.setVisible(any(field.advanced for field in fields))
        self._reset = QPushButton(_("Reset all"))
        theme.set_kind(self._reset, "link")
        self._reset.clicked.connect(self.reset)
        self._column.addWidget(self._reset, 0, Qt.AlignmentFlag.AlignRight)
        self._refresh()

    def values(self) -> dict[str, Any]:
        """The value of every field by name."""
        return {name: row.value() for name, row in self.rows.items()}

    def changed_values(self) -> dict[str, Any]:
        """Only those that differ from their defaults."""
        return {name: row.value() for name, row in self.rows.items() if row.is_changed()}

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Show remembered values; unknown names and values out of range are ignored."""
        before = self.values()
        self._quiet = True
        for name, value in values.items():
            if name in self.rows:
                self.rows[name].set_value(value)
        self._quiet = False
        self._refresh()
        if self.values() != before:
            self.changed.emit()

    def reset(self) -> None:
        """All fields back to their defaults."""
        self.set_values({name: row.field.default for name, row in self.rows.items()})

    def set_errors(self, errors: Mapping[str, str]) -> dict[str, str]:
        """Show each sentence under its field and clear the others; return those without a field.

        The advanced section opens when one of its fields is wrong.
        """
        for name, row in self.rows.items():
            row.set_error(errors.get(name, ""))
            if errors.get(name) and row.field.advanced:
                self._advanced.set_open(True)
        return {name: text for name, text in errors.items() if name not in self.rows}

    def first_error(self) -> FieldRow | None:
        """The first row that shows an error."""
        return next((row for row in self.rows.values() if row.error()), None)

    def is_empty(self) -> bool:
        """Whether there is nothing to set."""
        return not self.rows

    def _fill(self, column: QVBoxLayout, fields: list[Any]) -> None:
        group = ""
        for field in sorted(fields, key=lambda field: _place(field, fields)):
            if field.group and field.group != group:
                if self.rows:
                    column.addWidget(_line())
                heading = Label(field.group)
                heading.setWordWrap(True)
                theme.set_kind(heading, "heading")
                column.addWidget(heading)
            group = field.group
            row = FieldRow(field)
            row.changed.connect(self._row_changed)
            self.rows[field.name] = row
            column.addWidget(row)

    def _row_changed(self) -> None:
        if self._quiet:
            return
        self._refresh()
        self.changed.emit()

    def _refresh(self) -> None:
        moved = [row for row in self.rows.values() if row.is_changed()]
        self._reset.setVisible(len(moved) > 1)
        self._advanced.set_note(sum(row.field.advanced for row in moved))


class Section(QWidget):
    """A heading that opens and closes what stands under it; closed at first."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(theme.GAP)
        self.button = QToolButton()
        self.button.setText(title)
        self.button.setCheckable(True)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.setIconSize(QSize(14, 14))
        self.button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        theme.set_kind(self.button, "section")
        self.button.toggled.connect(self._toggled)
        whole.addWidget(self.button)
        self._body = QWidget()
        self.column = QVBoxLayout(self._body)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(theme.PADDING)
        whole.addWidget(self._body)
        self._toggled(False)

    def set_open(self, is_open: bool) -> None:
        """Open or close it."""
        self.button.setChecked(is_open)

    def is_open(self) -> bool:
        """Whether its body shows."""
        return self.button.isChecked()

    def set_note(self, changed: int) -> None:
        """Say in the heading how many fields inside were changed."""
        text = ngettext("{title}, {n} changed", "{title}, {n} changed", changed)
        self.button.setText(text.format(title=self._title, n=changed) if changed else self._title)

    def _toggled(self, is_open: bool) -> None:
        self._body.setVisible(is_open)
        self.button.setIcon(icons.icon("chevron-down" if is_open else "chevron-right", "muted"))


def _line() -> QFrame:
    line = QFrame()
    theme.set_kind(line, "line")
    return line


def _place(field: Any, fields: list[Any]) -> int:
    """Fields of one group stand together, where the first of them is."""
    if not field.group:
        return fields.index(field)
    return next(n for n, other in enumerate(fields) if other.group == field.group)

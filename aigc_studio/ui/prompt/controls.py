"""What the chosen model can be steered by: sliders, choices and pads, as its card tells them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from aigc_studio.api.controls import Control, Controls
from aigc_studio.translation import _, localized
from aigc_studio.ui import theme
from aigc_studio.ui.forms.rows import FieldRow
from aigc_studio.ui.forms.schema import Field
from aigc_studio.ui.labels import Label
from aigc_studio.ui.prompt.parts import put_after

if TYPE_CHECKING:
    from aigc_studio.ui.prompt.pad import Pad

_NONE = ""
"""The value of a choice of which nothing is chosen."""


class ControlBox(QWidget):
    """The controls of one model under a heading; `changed` fires when one has another value.

    Those that a pad moves stand beside it, the first pad of each; the others below each other.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: dict[str, FieldRow] = {}
        self.pads: dict[tuple[str, str], Pad] = {}
        self.controls = Controls()
        self._quiet = False
        heading = Label(_("Controls"))
        theme.set_kind(heading, "heading")
        self.reset_all = QPushButton(_("Reset all"))
        theme.set_kind(self.reset_all, "link")
        policy = self.reset_all.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.reset_all.setSizePolicy(policy)
        self.reset_all.clicked.connect(self.reset)
        head = QHBoxLayout()
        head.addWidget(heading, 1)
        head.addWidget(self.reset_all)
        self._error = Label(wordWrap=True)
        theme.set_kind(self._error, "error")
        self._error.hide()
        self._body = QWidget()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.GAP)
        self._column.addLayout(head)
        self._column.addWidget(self._body)
        self._column.addWidget(self._error)

    def show_controls(self, controls: Controls) -> None:
        """Offer these, all where they do nothing. The same ones again stay as they are."""
        if controls == self.controls:
            return
        self.controls = controls
        self.rows, self.pads = {}, {}
        old, self._body = self._body, QWidget()
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.PADDING)
        for control in controls.controls:
            # In the order of the card: what is named comes before a pad of nameless axes.
            for pair in dict.fromkeys(controls.pads):
                if control.name in pair and pair not in self.pads:
                    column.addLayout(self._pad(*pair))
            if control.name not in self.rows:
                column.addWidget(self._row(control))
        self._column.replaceWidget(old, self._body)
        put_after(self.reset_all, self._body)
        old.hide()
        old.deleteLater()
        self.set_error("")
        self._refresh()

    def values(self) -> dict[str, float | str]:
        """By name the values of those that are not where they do nothing."""
        return {name: row.value() for name, row in self.rows.items() if row.is_changed()}

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Set these, and the others to where they do nothing.

        Names that are not there are passed over, numbers out of range become the nearest.
        """
        before = self.values()
        self._quiet = True
        for name, row in self.rows.items():
            row.reset()
            if name in values:
                row.set_value(_nearest(row.field, values[name]))
        self._quiet = False
        self._refresh()
        if self.values() != before:
            self.changed.emit()

    def reset(self) -> None:
        """All to where they do nothing."""
        self.set_values({})

    def set_error(self, sentence: str) -> None:
        """Say what is wrong with them; nothing when empty."""
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))

    def error(self) -> QWidget | None:
        """What shows an error, if there is one."""
        return self._error if self._error.text() else None

    def _row(self, control: Control, slider: bool = True) -> FieldRow:
        row = FieldRow(_field(control), slider=slider)
        row.changed.connect(self._row_changed)
        self.rows[control.name] = row
        return row

    def _pad(self, across: str, up: str) -> QHBoxLayout:
        """A pad, and beside it the boxes of what it moves, unless another pad has them."""
        from aigc_studio.ui.prompt.pad import Pad

        known = {each.name: each for each in self.controls.controls}
        pad = self.pads[across, up] = Pad(_field(known[across]), _field(known[up]))
        pad.moved.connect(lambda x, y: self._pad_moved({across: x, up: y}))
        beside = QVBoxLayout()
        beside.setSpacing(theme.GAP)
        for name in (across, up):
            if name in self.rows:
                beside.addWidget(Label(self.rows[name].field.label, wordWrap=True))
            else:
                beside.addWidget(self._row(known[name], slider=False))
        beside.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(theme.PADDING)
        row.addWidget(pad, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(beside, 1)
        return row

    def _pad_moved(self, values: Mapping[str, float]) -> None:
        self._quiet = True
        for name, value in values.items():
            self.rows[name].set_value(value)
        self._quiet = False
        self._row_changed()

    def _row_changed(self) -> None:
        if self._quiet:
            return
        self._refresh()
        self.set_error("")
        self.changed.emit()

    def _refresh(self) -> None:
        self.reset_all.setVisible(any(row.is_changed() for row in self.rows.values()))
        for (across, up), pad in self.pads.items():
            pad.set_point(self.rows[across].value(), self.rows[up].value())


class LikeLine(QWidget):
    """Says that what is made is to be like something made before; `left_out` that it is not to."""

    left_out = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        words = Label(_("Made to be like an earlier result."), wordWrap=True)
        theme.set_kind(words, "secondary")
        self.link = QPushButton(_("Leave that out"))
        theme.set_kind(self.link, "link")
        self.link.clicked.connect(self.left_out)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GRID)
        column.addWidget(words)
        column.addWidget(self.link, 0, Qt.AlignmentFlag.AlignLeft)
        self.hide()


def _field(control: Control) -> Field:
    """A control as a field of a form."""
    label, words = localized(control.title) or control.name, localized(control.help)
    if control.options:
        choices = ((_NONE, _("Any")), *((each, control.title_of(each)) for each in control.options))
        return Field(
            name=control.name,
            kind="choice",
            label=label,
            help=words,
            default=_NONE,
            choices=choices,
        )
    return Field(
        name=control.name,
        kind="number",
        label=label,
        help=words,
        default=control.default,
        minimum=control.low,
        maximum=control.high,
    )


def _nearest(field: Field, value: Any) -> Any:
    """The nearest number that a field can have; anything else as it is."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if field.kind != "number" or not is_number or field.minimum is None or field.maximum is None:
        return value
    return min(max(float(value), field.minimum), field.maximum)

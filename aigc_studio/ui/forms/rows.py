"""One field of a form: its label, control, help, reset and error."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from aigc_studio.translation import _
from aigc_studio.ui import icons, theme
from aigc_studio.ui.forms.controls import Choice, Segments, Switch
from aigc_studio.ui.forms.numbers import NumberBox, NumberSlider
from aigc_studio.ui.forms.schema import Field
from aigc_studio.ui.labels import Label, tip

SEGMENTS = 3
"""Up to this many choices stand side by side instead of in a combo box."""
_ROOM = theme.PANEL_WIDTH - 2 * theme.PADDING - 12


class RowLabel(QLabel):
    """A label that wraps; it can be clicked, and dragged sideways to change a number."""

    clicked = Signal()
    dragged = Signal(int)
    _pixels_a_step = 4

    def __init__(self, text: str, draggable: bool = False) -> None:
        super().__init__(text)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._draggable, self._from = draggable, 0.0
        if draggable:
            self.setCursor(Qt.CursorShape.SizeHorCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where a drag starts."""
        self._from = event.position().x()
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell how many steps a drag went on."""
        if not self._draggable or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        steps = int((event.position().x() - self._from) / self._pixels_a_step)
        if steps:
            self._from += steps * self._pixels_a_step
            self.dragged.emit(steps)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click goes to the control."""
        if self.rect().contains(event.position().toPoint()):
            self.clicked.emit()


class FieldRow(QWidget):
    """A field with all that belongs to it. `changed` fires when its value is another one.

    A number within bounds has a slider, which a double click resets, unless there is to be none.
    """

    changed = Signal()

    def __init__(self, field: Field, parent: QWidget | None = None, *, slider: bool = True) -> None:
        super().__init__(parent)
        self.field = field
        self._slides = slider and field.bounded
        self._switch: Switch | None = None
        self._box: NumberBox | None = None
        self._control: QWidget | None = None
        self._reset = _small_button("reset", _("Reset to the default"))
        self._help = _small_button("help", field.help)
        self._help_line = _line(field.help, "secondary")
        self._error_line = _line("", "error")
        self._build()
        self._connect()
        self._show(field.default)
        self._refresh()

    def value(self) -> Any:
        """What is set now; None for a nullable field that is off."""
        if self.field.kind == "boolean":
            return self._switch is not None and self._switch.isChecked()
        if self.field.nullable and self._switch is not None and not self._switch.isChecked():
            return None
        return self._read()

    def set_value(self, value: Any) -> None:
        """Show `value`; one that the field does not accept is ignored."""
        if self.field.accepts(value) and value != self.value():
            self._show(value)

    def is_changed(self) -> bool:
        """Whether it differs from the default."""
        return bool(self.value() != self.field.default)

    def reset(self) -> None:
        """Back to the default."""
        self._show(self.field.default)

    def set_error(self, sentence: str) -> None:
        """Show what is wrong under the control; nothing when empty."""
        self._error_line.setText(sentence)
        self._error_line.setVisible(bool(sentence))
        control = self.focus_widget()
        theme.set_invalid(control, bool(sentence))
        control.setAccessibleDescription(sentence or self.field.help)

    def error(self) -> str:
        """The sentence that is shown, or an empty one."""
        return self._error_line.text()

    def focus_widget(self) -> QWidget:
        """The widget that takes the keyboard."""
        return self._box or self._control or self._switch or self

    def _build(self) -> None:
        field = self.field
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GRID)
        title = field.label
        if field.unit:
            title = _("{label} ({unit})").format(label=field.label, unit=field.unit)
        self._label = RowLabel(title, draggable=field.kind in ("integer", "number"))
        self._label.setToolTip(tip(field.help))
        head = QHBoxLayout()
        head.setSpacing(theme.GRID)
        if field.kind == "boolean" or field.nullable:
            self._switch = Switch()
            head.addWidget(self._switch, 0, Qt.AlignmentFlag.AlignTop)
            head.addSpacing(theme.GRID)
        head.addWidget(self._label, 1)
        head.addWidget(self._reset, 0, Qt.AlignmentFlag.AlignTop)
        if field.help:
            head.addWidget(self._help, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        self._control = self._make_control()
        if self._control is not None:
            column.addWidget(self._control)
        column.addWidget(self._help_line)
        column.addWidget(self._error_line)
        self._name()

    def _make_control(self) -> QWidget | None:
        field = self.field
        if field.kind in ("integer", "number"):
            self._box = NumberBox(
                integer=field.kind == "integer",
                minimum=field.minimum,
                maximum=field.maximum,
                step=field.stride,
                decimals=field.decimals,
                logarithmic=field.logarithmic,
            )
            if not self._slides:
                return self._box
            places = field.decimals
            return NumberSlider(self._box, decimals=places, logarithmic=field.logarithmic)
        if field.kind == "choice":
            labels = [label for _value, label in field.choices]
            if len(labels) <= SEGMENTS and Segments.fit(labels, _ROOM, self.fontMetrics()):
                return Segments(labels)
            combo = Choice()
            for value, label in field.choices:
                combo.addItem(label, value)
                combo.setItemData(combo.count() - 1, tip(label), Qt.ItemDataRole.ToolTipRole)
            return combo
        if field.kind == "text":
            line = QLineEdit()
            line.setFixedHeight(theme.CONTROL_HEIGHT)
            return line
        return None

    def _name(self) -> None:
        title = self._label.text()
        control = self.focus_widget()
        if isinstance(self._control, Segments):
            self._control.set_names(title, self.field.help)
        for widget in filter(None, (self._switch, control, self._control)):
            widget.setAccessibleName(title)
            widget.setAccessibleDescription(self.field.help)
            widget.setToolTip(tip(self.field.help))
        if isinstance(self._control, NumberSlider):
            self._control.slider.setAccessibleName(_("{label}, slider").format(label=title))
        self._reset.setAccessibleName(_("Reset {label}").format(label=self.field.label))
        self._help.setAccessibleName(_("Help on {label}").format(label=self.field.label))
        self._help.setCheckable(True)

    def _connect(self) -> None:
        if self._switch is not None:
            self._switch.toggled.connect(self._touched)
        if isinstance(self._control, NumberSlider):
            self._control.slider.double_clicked.connect(self.reset)
        if isinstance(self._control, NumberSlider | Segments):
            self._control.changed.connect(self._touched)
        elif self._box is not None:
            self._box.valueChanged.connect(self._touched)
        elif isinstance(self._control, Choice):
            self._control.currentIndexChanged.connect(self._touched)
        elif isinstance(self._control, QLineEdit):
            self._control.textChanged.connect(self._touched)
        self._label.clicked.connect(self._label_clicked)
        self._label.dragged.connect(self._label_dragged)
        self._reset.clicked.connect(self.reset)
        self._help.toggled.connect(self._help_line.setVisible)

    def _touched(self) -> None:
        self._refresh()
        if self.error():
            self.set_error("")
        self.changed.emit()

    def _refresh(self) -> None:
        self._reset.setVisible(self.is_changed())
        if self.field.nullable and self._switch is not None and self._control is not None:
            self._control.setVisible(self._switch.isChecked())

    def _label_clicked(self) -> None:
        if self.field.kind == "boolean" and self._switch is not None:
            self._switch.click()
        self.focus_widget().setFocus(Qt.FocusReason.MouseFocusReason)

    def _label_dragged(self, steps: int) -> None:
        if self._box is not None and self._box.isEnabled():
            self._box.stepBy(steps)

    def _read(self) -> Any:
        if self._box is not None:
            return self._box.number()
        if isinstance(self._control, Segments):
            return self.field.choices[max(0, self._control.index())][0]
        if isinstance(self._control, Choice):
            return self.field.choices[max(0, self._control.currentIndex())][0]
        return self._control.text() if isinstance(self._control, QLineEdit) else None

    def _show(self, value: Any) -> None:
        if self._switch is not None:
            self._switch.setChecked(value is not None if self.field.nullable else bool(value))
        if value is None:
            return
        if self._box is not None:
            self._box.setValue(value)
        elif self.field.kind == "choice":
            index = [choice for choice, _label in self.field.choices].index(value)
            if isinstance(self._control, Segments):
                self._control.set_index(index)
            elif isinstance(self._control, Choice):
                self._control.setCurrentIndex(index)
        elif isinstance(self._control, QLineEdit):
            self._control.setText(value)


def _small_button(name: str, words: str) -> QToolButton:
    button = QToolButton()
    button.setIcon(icons.icon(name, "muted", "accent"))
    button.setIconSize(QSize(14, 14))
    button.setFixedSize(20, 20)
    button.setToolTip(tip(words))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    policy = button.sizePolicy()
    policy.setRetainSizeWhenHidden(True)
    button.setSizePolicy(policy)
    return button


def _line(text: str, kind: str) -> QLabel:
    label = Label(text)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    theme.set_kind(label, kind)
    label.hide()
    return label

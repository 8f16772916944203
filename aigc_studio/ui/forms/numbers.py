"""Number boxes and sliders: typed, stepped or dragged, evenly spaced or logarithmic.

None of them takes the mouse wheel unless it has the focus, so that a form can be scrolled past.
"""

from __future__ import annotations

import math
import re

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent, QValidator, QWheelEvent
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QHBoxLayout,
    QSlider,
    QStyle,
    QStyleOptionSlider,
    QWidget,
)

from aigc_studio.ui import theme

_FAR = 1e15
_PLAIN = 1e4
"""Up to this far apart numbers are typed digit by digit."""
_number_form = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?")
_plain_form = re.compile(r"[+-]?(\d+[.,]?\d*|[.,]\d+)")
_beginning_form = re.compile(r"[+-]?\d*[.,]?\d*([eE][+-]?\d*)?")


class NumberBox(QDoubleSpinBox):
    """A box for whole or real numbers; takes `2e-4` and a comma, steps evenly or by factors.

    `value` is an int when `integer`. Whole numbers are exact up to 2**53.
    """

    def __init__(
        self,
        *,
        integer: bool = False,
        minimum: float | None = None,
        maximum: float | None = None,
        step: float = 1.0,
        decimals: int = 2,
        logarithmic: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._integer, self._places, self._logarithmic = integer, decimals, logarithmic
        self.setDecimals(0 if integer else 12)
        self.setRange(-_FAR if minimum is None else minimum, _FAR if maximum is None else maximum)
        self.setSingleStep(step)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setKeyboardTracking(True)
        self.lineEdit().setTextMargins(6, 0, 0, 0)
        self.setFont(theme.readout_font(13))
        self.setFixedHeight(theme.CONTROL_HEIGHT)

    def number(self) -> int | float:
        """The value: an int when whole numbers are asked for."""
        return round(self.value()) if self._integer else self.value()

    def goes_on_with(self, letter: str) -> bool:
        """Whether a letter belongs to the number that is just being typed: the e of `2e-4`, where
        numbers are large or small enough to be written so."""
        line = self.lineEdit()
        before = line.text()[: line.cursorPosition()].strip()
        far = self._logarithmic or self.maximum() - self.minimum() > _PLAIN
        return letter in "eE" and far and line.isModified() and bool(_plain_form.fullmatch(before))

    def textFromValue(self, value: float) -> str:
        """As few digits as tell the value."""
        if self._integer:
            return str(round(value))
        fixed = f"{value:.{self._places}f}"
        if not self._logarithmic and math.isclose(float(fixed), value, abs_tol=1e-13):
            return fixed
        short = f"{value:.6g}"
        if "e" in short and 1e-7 < abs(value) < 1:
            short = f"{value:.12f}".rstrip("0")
        return short

    def valueFromText(self, text: str) -> float:
        """A number as people and programs write it."""
        try:
            return float(text.strip().replace(",", "."))
        except ValueError:
            return self.value()

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Anything that may become a number within the range."""
        text_form = text.strip()
        if _number_form.fullmatch(text_form):
            value = float(text_form.replace(",", "."))
            whole = not self._integer or value == int(value)
            if self.minimum() <= value <= self.maximum() and whole:
                return QValidator.State.Acceptable, text, position
            return QValidator.State.Intermediate, text, position
        if _beginning_form.fullmatch(text_form):
            return QValidator.State.Intermediate, text, position
        return QValidator.State.Invalid, text, position

    def fixup(self, text: str) -> str:
        """The nearest value that is allowed, or the last one."""
        if not _number_form.fullmatch(text.strip()):
            return self.textFromValue(self.value())
        value = self.valueFromText(text)
        return self.textFromValue(min(max(value, self.minimum()), self.maximum()))

    def stepBy(self, steps: int) -> None:
        """One step up or down; on a logarithmic scale a step is a tenth of a decade."""
        if not self._logarithmic or self.value() <= 0:
            super().stepBy(steps)
            return
        wanted = self.value() * 10 ** (steps / 10)
        self.setValue(float(f"{wanted:.2g}"))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Only with the focus."""
        super().wheelEvent(event) if self.hasFocus() else event.ignore()


class Slider(QSlider):
    """A horizontal slider that jumps to where it is clicked."""

    double_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Move the handle under the pointer, then drag as usual."""
        if event.button() == Qt.MouseButton.LeftButton:
            option = QStyleOptionSlider()
            self.initStyleOption(option)
            handle = self.style().subControlRect(
                QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderHandle, self
            )
            if not handle.contains(event.position().toPoint()):
                span = self.width() - handle.width()
                place = round(event.position().x()) - handle.width() // 2
                self.setValue(
                    QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), place, span)
                )
        super().mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Only with the focus."""
        super().wheelEvent(event) if self.hasFocus() else event.ignore()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Tell it; the second press moves nothing."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.double_clicked.emit()


class NumberSlider(QWidget):
    """A slider with a number box beside it, one value; evenly spaced or logarithmic."""

    changed = Signal()
    _positions = 1000

    def __init__(self, box: NumberBox, *, decimals: int, logarithmic: bool) -> None:
        super().__init__()
        self.box, self.slider = box, Slider()
        self._decimals, self._logarithmic = decimals, logarithmic
        low, high = box.minimum(), box.maximum()
        steps = round((high - low) / (box.singleStep() or 1))
        self.slider.setRange(0, self._positions if logarithmic else max(1, min(steps, 100_000)))
        self.slider.setPageStep(max(1, self.slider.maximum() // 10))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        row.addWidget(self.slider, 1)
        widest = max((box.textFromValue(low), box.textFromValue(high)), key=len)
        digits = theme.digits_width(box.font(), widest.replace(".", "0"))
        box.setFixedWidth(min(120, max(76, digits + 36)))
        row.addWidget(box)
        box.valueChanged.connect(self._box_changed)
        self.slider.valueChanged.connect(self._slider_changed)
        self._follow()

    def _slider_changed(self, position: int) -> None:
        value = self._value_at(position)
        if not math.isclose(value, self.box.value(), abs_tol=1e-13):
            self.box.setValue(value)

    def _box_changed(self) -> None:
        self._follow()
        self.changed.emit()

    def _follow(self) -> None:
        self.slider.blockSignals(True)
        self.slider.setValue(self._position_of(self.box.value()))
        self.slider.blockSignals(False)

    def _value_at(self, position: int) -> float:
        low, high = self.box.minimum(), self.box.maximum()
        share = position / self.slider.maximum()
        if position in (0, self.slider.maximum()):
            return (low, high)[position > 0]
        if self._logarithmic:
            value = float(f"{low * (high / low) ** share:.2g}")
            return min(max(value, low), high)
        return round(low + (high - low) * share, self._decimals)

    def _position_of(self, value: float) -> int:
        low, high = self.box.minimum(), self.box.maximum()
        if high <= low:
            return 0
        share = (value - low) / (high - low)
        if self._logarithmic:
            share = math.log(value / low) / math.log(high / low)
        return round(share * self.slider.maximum())

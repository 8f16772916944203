"""A number with its letter, in little room: typed, stepped by arrow keys, dragged by the letter."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QValidator
from PySide6.QtWidgets import QHBoxLayout, QWidget

from aigc_studio.ui import theme
from aigc_studio.ui.forms.numbers import NumberBox
from aigc_studio.ui.labels import Label

_WIDTH = 52
_NEAR = 3
"""Pixels that the pointer goes before a press is a drag."""


class _Letter(Label):
    """`begun`, then `dragged` with the pixels since then, `ended` with whether it holds."""

    begun = Signal()
    dragged = Signal(float)
    ended = Signal(bool)

    def __init__(self, text: str) -> None:
        super().__init__(text)
        theme.set_kind(self, "secondary")
        self.setCursor(Qt.CursorShape.SizeHorCursor)
        self._from: float | None = None
        self._dragging = False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of it; the other button gives a drag up."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._from = event.globalPosition().x()
        else:
            self._end(holds=False)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell how far it is dragged; with Shift ten times as far, with Ctrl a tenth."""
        if self._from is None:
            return
        far = event.globalPosition().x() - self._from
        if not self._dragging and abs(far) < _NEAR:
            return
        if not self._dragging:
            self._dragging = True
            self.begun.emit()
        held = event.modifiers()
        if held & Qt.KeyboardModifier.ShiftModifier:
            far *= 10
        elif held & Qt.KeyboardModifier.ControlModifier:
            far /= 10
        self.dragged.emit(far)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self._end(holds=True)

    def _end(self, *, holds: bool) -> None:
        self._from = None
        if self._dragging:
            self._dragging = False
            self.ended.emit(holds)


class _Box(NumberBox):
    """Knows whether its value is stepped, and gives the keyboard back."""

    left = Signal()
    stepping = False

    def textFromValue(self, value: float) -> str:
        """To a tenth, whole numbers without one."""
        return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")

    def valueFromText(self, text: str) -> float:
        """A number, with its unit or without."""
        return super().valueFromText(self._bare(text))

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Anything that may become a number within the range."""
        state, _text, _position = super().validate(self._bare(text), position)
        return state, text, position

    def fixup(self, text: str) -> str:
        """The nearest value that is allowed, or the last one."""
        return super().fixup(self._bare(text))

    def _bare(self, text: str) -> str:
        return text.strip().removesuffix(self.suffix())

    def stepBy(self, steps: int) -> None:
        """A step, that may go on with the one before it."""
        self.stepping = True
        try:
            super().stepBy(steps)
        finally:
            self.stepping = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter takes the number and leaves; Escape puts back what was there and leaves."""
        if event.key() == Qt.Key.Key_Escape:
            self.lineEdit().setText(self.textFromValue(self.value()) + self.suffix())
            self.left.emit()
            return
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left.emit()


class ValueBox(QWidget):
    """One number. `changed` carries what was typed or stepped to, and whether the step goes on with
    the last one; `drag_begun`, `dragged` (how far), `drag_ended` (whether it holds) tell of a drag.
    """

    changed = Signal(float, bool)
    drag_begun = Signal()
    dragged = Signal(float)
    drag_ended = Signal(bool)
    left = Signal()

    def __init__(self, letter: str, title: str, tip: str, minimum: float, maximum: float) -> None:
        super().__init__()
        self.box = _Box(minimum=minimum, maximum=maximum, decimals=1)
        self.box.setKeyboardTracking(False)
        self.box.setFixedWidth(_WIDTH)
        self.box.setAccessibleName(title)
        self.box.lineEdit().setTextMargins(0, 0, 0, 0)
        theme.set_kind(self.box, "compact")
        self.letter = _Letter(letter)
        for widget in (self.letter, self.box):
            widget.setToolTip(f"{title}\n{tip}")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GRID)
        row.addWidget(self.letter)
        row.addWidget(self.box)
        self._shown = 0.0
        self._stepped = False
        self.box.valueChanged.connect(self._note)
        self.box.left.connect(self.left)
        self.letter.begun.connect(self.drag_begun)
        self.letter.dragged.connect(self.dragged)
        self.letter.ended.connect(self.drag_ended)

    def show_value(self, value: float) -> None:
        """Show a number, to a tenth; what is being typed stays."""
        self._shown = round(value, 1) + 0.0
        line = self.box.lineEdit()
        if line.hasFocus() and line.isModified():
            return
        blocked = self.box.blockSignals(True)
        self.box.setValue(self._shown)
        self.box.blockSignals(blocked)

    def end_steps(self) -> None:
        """What is stepped next is a step of its own."""
        self._stepped = False

    def _note(self, value: float) -> None:
        if value == self._shown:
            return
        self._shown = value
        goes_on = self.box.stepping and self._stepped
        self._stepped = self.box.stepping
        self.changed.emit(value, goes_on)

"""The metre of a tune: chosen from the usual ones, or typed."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox

from aigc_studio.translation import _
from aigc_studio.ui import theme

USUAL = ("2/4", "3/4", "4/4", "6/8", "9/8", "12/8", "2/2", "3/2", "3/8", "5/4", "5/8", "7/8")
_MOST = 32
"""Beats of a bar, and the smallest part of a whole note that is one."""
_WIDTH = 58
_form = re.compile(r"(\d{1,3})\s*[/:\u2044\uff0f ]\s*(\d{1,3})")
_signs = {"c": (4, 4), "c|": (2, 2)}


class MetreBox(QComboBox):
    """`chosen` carries a metre; `refused` a sentence on what was typed; `left`: the keyboard goes
    back."""

    chosen = Signal(int, int)
    refused = Signal(str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setCompleter(None)  # type: ignore[arg-type]  # Qt takes none for none
        self.addItems(USUAL)
        self.setMaxVisibleItems(len(USUAL))
        self.setFixedWidth(_WIDTH)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        theme.set_kind(self, "compact")
        self._shown = (4, 4)
        self.activated.connect(self._take)
        line = self.lineEdit()
        if line is not None:
            line.editingFinished.connect(self._take)

    def show_metre(self, metre: tuple[int, int], tip: str) -> None:
        """Show the metre that holds; what is being typed stays."""
        self._shown = metre
        name = _("Metre: {name}").format(name=_written(metre))
        self.setAccessibleName(name)
        self.setToolTip(f"{name}\n{tip}")
        line = self.lineEdit()
        if line is None or not (line.hasFocus() and line.isModified()):
            self._put()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """None: a metre is not gone past by the way."""
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter takes it and leaves, Escape leaves it as it was."""
        if event.key() == Qt.Key.Key_Escape:
            self._put()
            self.left.emit()
            return
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left.emit()

    def _put(self) -> None:
        self.setCurrentIndex(self.findText(_written(self._shown)))
        self.setEditText(_written(self._shown))
        line = self.lineEdit()
        if line is not None:
            line.setCursorPosition(0)

    @Slot()
    def _take(self) -> None:
        metre = metre_of(self.currentText())
        if metre is None:
            typed = self.currentText()
            self._put()
            self.refused.emit(
                _(
                    "“{typed}” is not a metre: type one like 6/8, with 1, 2, 4, 8, 16 or 32 below."
                ).format(typed=typed)
            )
        elif metre != self._shown:
            self._shown = metre
            self._put()
            self.chosen.emit(*metre)
        else:
            self._put()


def metre_of(words: str) -> tuple[int, int] | None:
    """The metre that words say: `6/8`, `6 8`, `C`; None where there is none."""
    words = words.strip().lower()
    if words in _signs:
        return _signs[words]
    found = _form.fullmatch(words)
    if found is None:
        return None
    numerator, denominator = int(found[1]), int(found[2])
    whole = denominator in (1, 2, 4, 8, 16, 32)
    return (numerator, denominator) if whole and 1 <= numerator <= _MOST else None


def _written(metre: tuple[int, int]) -> str:
    return f"{metre[0]}/{metre[1]}"

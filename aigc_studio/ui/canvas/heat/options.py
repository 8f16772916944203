"""What an explanation can be asked for with: a small form over the board, beside the legend."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from aigc_studio.translation import language
from aigc_studio.ui import theme
from aigc_studio.ui.forms.form import SchemaForm

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.heat.legend import Legend

WIDTH = 296
APART = 8
_PATIENCE = 400
"""Milliseconds after which what was set is asked for: a number is typed digit by digit."""


class HeatOptions(QFrame):
    """The form of an operation, under or over a legend, as long as the person wants it.

    `chosen` carries the values that differ from their defaults, a moment after the last change.
    Escape puts it away.
    """

    chosen = Signal(dict)

    def __init__(
        self, legend: Legend, schema: Mapping[str, Any], values: Mapping[str, Any]
    ) -> None:
        view = legend.parentWidget()
        super().__init__(view)
        self._legend = legend
        theme.set_kind(self, "floating")
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.form = SchemaForm(schema, language())
        self.form.set_values(values)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self.form)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[theme.PADDING] * 4)
        column.addWidget(self._scroll)
        self._later = QTimer(self, singleShot=True, interval=_PATIENCE)
        self._later.timeout.connect(self._choose)
        self.form.changed.connect(self._wait)
        self.form.changed.connect(self._lay)
        legend.installEventFilter(self)
        self.installEventFilter(self)
        for part in self.findChildren(QWidget):
            part.installEventFilter(self)
        legend.options.toggled.connect(self._show)
        self._show(legend.options.isChecked())

    def values(self) -> dict[str, Any]:
        """The values that differ from their defaults."""
        return self.form.changed_values()

    def show_errors(self, errors: Mapping[str, str]) -> bool:
        """Show what is wrong with values under their fields; False where none is of a field."""
        others = self.form.set_errors(errors)
        mine = len(others) < len(errors)
        if mine:
            self._legend.options.setChecked(True)
            self._lay()
        return mine

    def end(self) -> None:
        """It is of no use any more."""
        self._later.stop()
        self._legend.removeEventFilter(self)
        self._legend.options.toggled.disconnect(self._show)
        self.hide()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay by the legend; Escape puts the form away, wherever in it the keyboard is."""
        moved = (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide)
        if watched is self._legend:
            if event.type() in moved:
                self._show(self._legend.options.isChecked())
            return False
        kinds = (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride)
        if event.type() not in kinds or not isinstance(event, QKeyEvent):
            return False
        if event.key() != Qt.Key.Key_Escape:
            return False
        event.accept()
        if event.type() == QEvent.Type.KeyPress:
            self._legend.options.setChecked(False)
            self._legend.options.setFocus()
        return True

    @Slot(bool)
    def _show(self, on: bool) -> None:
        self.setVisible(on and self._legend.isVisible())
        if self.isVisible():
            self._lay()
            self.raise_()

    @Slot()
    def _lay(self) -> None:
        """Under the legend, or over it where there is more room; no higher than there is room."""
        legend, room = self._legend.geometry(), self._legend.room()
        over, under = legend.top() - APART - room.top(), room.bottom() - legend.bottom() - APART
        margins = 2 * (theme.PADDING + 1)
        inner = WIDTH - margins
        wanted = max(self.form.heightForWidth(inner), self.form.sizeHint().height()) + margins
        height = min(wanted, max(over, under))
        below = under >= min(wanted, over)  # what is explained lies over the legend
        y = legend.bottom() + APART if below else legend.top() - APART - height
        right = max(room.left(), room.right() - WIDTH + 1)
        x = min(max(legend.right() - WIDTH + 1, room.left()), right)
        self.setGeometry(QRect(QPoint(x, y), QPoint(x + WIDTH - 1, y + height - 1)))

    @Slot()
    def _wait(self) -> None:
        self._later.start()

    @Slot()
    def _choose(self) -> None:
        self.chosen.emit(self.values())

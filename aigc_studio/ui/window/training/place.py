"""What stands in the Training tab: cards that wait, and the training that is watched, or a hint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from aigc_studio.translation import _
from aigc_studio.ui import icons, theme
from aigc_studio.ui.labels import Label
from aigc_studio.ui.window.training.cards import WaitingCards

if TYPE_CHECKING:
    from aigc_studio.ui.training.monitor import Monitor
    from aigc_studio.ui.window.training.cards import Cards


class TrainingPlace(QWidget):
    """Shows one monitor at a time. `train_wanted` asks for a new training."""

    train_wanted = Signal()

    def __init__(self, cards: Cards, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.monitor: Monitor | None = None
        self.waiting = WaitingCards(cards)
        hint = Label(_("No training is under way."))
        theme.set_kind(hint, "secondary")
        self.train = QPushButton(icons.icon("train"), _("Train…"))
        self.train.clicked.connect(self.train_wanted)
        self._empty = QWidget()
        row = QHBoxLayout(self._empty)
        row.setContentsMargins(*[theme.PADDING] * 4)
        row.setSpacing(theme.PADDING)
        row.addWidget(hint)
        row.addWidget(self.train)
        row.addStretch(1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.waiting)
        self._column.addWidget(self._empty)
        self._column.addStretch(1)

    def show_monitor(self, monitor: Monitor) -> None:
        """Show this monitor in the place of the one before, which is deleted."""
        if self.monitor is not None:
            self._column.removeWidget(self.monitor)
            self.monitor.hide()
            self.monitor.deleteLater()
        self.monitor = monitor
        self._empty.hide()
        self._column.insertWidget(1, monitor, 1000)
        monitor.show()

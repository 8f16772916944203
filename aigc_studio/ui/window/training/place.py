"""What stands in the Training tab: cards that wait, and the training that is watched, or a hint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from aigc_studio.translation import _
from aigc_studio.ui import icons, theme
from aigc_studio.ui.labels import Label
from aigc_studio.ui.window.training.cards import WaitingCards

if TYPE_CHECKING:
    from aigc_studio.ui.training.monitor import Monitor
    from aigc_studio.ui.window.training.cards import Cards


class TrainingPlace(QScrollArea):
    """Shows one monitor at a time. `train_wanted` asks for a new training.

    In a low place it is scrolled: cards that are pressed together could not be read.
    """

    train_wanted = Signal()

    def __init__(self, cards: Cards, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.monitor: Monitor | None = None
        self._follows = False
        self.waiting = WaitingCards(cards, self)
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
        whole = QWidget()
        self._column = QVBoxLayout(whole)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.waiting)
        self._column.addWidget(self._empty)
        self._column.addStretch(1)
        self.setWidget(whole)
        whole.setAutoFillBackground(False)  # as `setWidget` had it do
        self.viewport().setAutoFillBackground(False)
        self.setWidgetResizable(True)
        self.verticalScrollBar().rangeChanged.connect(self._follow)
        self.verticalScrollBar().actionTriggered.connect(self._let_go)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

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
        self._follows = True
        QTimer.singleShot(0, self, self._follow)  # as soon as it has its place

    @Slot()
    def _follow(self) -> None:
        """Scroll to what is watched, which was asked for last, until the person scrolls."""
        if self._follows and self.monitor is not None:
            self.verticalScrollBar().setValue(self.monitor.y())

    @Slot()
    def _let_go(self) -> None:
        self._follows = False

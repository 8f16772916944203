"""What stands in the Training tab: cards that wait, and the training that is watched, or a hint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from aigc_studio.translation import _
from aigc_studio.ui import icons, theme
from aigc_studio.ui.labels import Label
from aigc_studio.ui.window.training.cards import WaitingCards

if TYPE_CHECKING:
    from aigc_studio.ui.training.monitor import Monitor
    from aigc_studio.ui.window.training.cards import Cards


class TrainingPlace(QWidget):
    """Shows a monitor here, or (`set_large`) on a page over another widget.

    `train_wanted` asks for a new training; `grown` tells that the page came, or went.
    """

    train_wanted = Signal()
    grown = Signal(bool)

    def __init__(self, cards: Cards, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.monitor: Monitor | None = None
        self._over: QWidget = self
        self.page: LargePage | None = None
        self.waiting = WaitingCards(cards)
        self.hint = Label(_("No training is under way."))
        theme.set_kind(self.hint, "secondary")
        self.train = QPushButton(icons.icon("train"), _("Train…"))
        self.train.clicked.connect(self.train_wanted)
        self.back = QPushButton(icons.icon("shrink"), _("Show it here"))
        self.back.clicked.connect(self.set_small)
        empty = QHBoxLayout()
        empty.setContentsMargins(*[theme.PADDING] * 4)
        empty.setSpacing(theme.PADDING)
        for part in (self.hint, self.train, self.back):
            empty.addWidget(part)
        empty.addStretch(1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.waiting)
        self._column.addLayout(empty)
        self._column.addStretch(1)
        self._show_hint()

    def show_monitor(self, monitor: Monitor, over: QWidget) -> None:
        """Show this monitor in the place of the one before; `over` is what its page lies over."""
        large = self.page is not None
        self.set_small()
        if self.monitor is not None:
            self._column.removeWidget(self.monitor)
            self.monitor.hide()
            self.monitor.deleteLater()
        self.monitor = monitor
        self._over = over
        self._put_back()
        monitor.large_wanted.connect(self.set_large)
        if large:
            self.set_large(True)

    @Slot(bool)
    def set_large(self, large: bool) -> None:
        """Give the monitor a page of its own, or take it back into the tab."""
        if self.monitor is None or large == (self.page is not None):
            return
        if not large:
            page, self.page = self.page, None
            self._put_back()
            if page is not None:
                page.hide()
                page.deleteLater()
        else:
            self._column.removeWidget(self.monitor)
            self.page = LargePage(self.monitor, self._over)
            self.page.closed.connect(self.set_small)
        self.monitor.set_large(large)
        self._show_hint()
        self.grown.emit(large)

    @Slot()
    def set_small(self) -> None:
        """Take the monitor back into the tab."""
        self.set_large(False)

    def _put_back(self) -> None:
        assert self.monitor is not None
        self._column.insertWidget(2, self.monitor, 1000)
        self.monitor.show()
        self._show_hint()

    def _show_hint(self) -> None:
        here = self.monitor is not None and self.page is None
        words = _("The training is shown on a page of its own.")
        self.hint.setText(words if self.page is not None else _("No training is under way."))
        self.hint.setVisible(not here)
        self.train.setVisible(self.monitor is None)
        self.back.setVisible(self.page is not None)


class LargePage(QWidget):
    """Lies over another widget, as large as that, and takes a monitor in. `closed` by Escape."""

    closed = Signal()

    def __init__(self, monitor: Monitor, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self.setAutoFillBackground(True)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.GAP, theme.GRID, theme.GAP, theme.GRID)
        column.addWidget(monitor)
        monitor.show()
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self.closed)
        over.installEventFilter(self)
        self.setGeometry(over.rect())
        self.show()
        self.raise_()
        monitor.large_button.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """As large as what it lies over, and above all that comes there."""
        if watched is self._over and event.type() == QEvent.Type.Resize:
            self.setGeometry(self._over.rect())
        return False

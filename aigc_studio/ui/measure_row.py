"""Measuring one model, in place: a button, then how far it is and a way out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QProgressBar,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from aigc_studio.translation import _, localized
from aigc_studio.ui import icons, theme
from aigc_studio.ui.labels import ElidedLabel
from aigc_studio.ui.progress_bars import show_progress

if TYPE_CHECKING:
    from aigc_studio.api import Progress


class MeasureRow(QWidget):
    """`asked`: the person wants it measured; who hears it may `offer` several datasets to choose
    from. `chosen` carries the name of one. `cancelled`: it is to be left as it was."""

    asked = Signal()
    chosen = Signal(str)
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.button = QPushButton(icons.icon("gauge"), _("Measure"))
        self.button.setToolTip(_("Find out how good it is, on examples that it has not seen"))
        self.button.setAutoDefault(False)
        self.button.clicked.connect(self.asked)
        self.menu = QMenu(self.button)
        self.menu.triggered.connect(self._choose)
        self.words = ElidedLabel()
        theme.set_kind(self.words, "secondary")
        self.bar = QProgressBar(textVisible=False)
        self.bar.setAccessibleName(_("Progress"))
        self.cancel = QToolButton()
        self.cancel.setIcon(icons.icon("cancel", "muted"))
        self.cancel.setIconSize(QSize(14, 14))
        self.cancel.setToolTip(_("Do not measure it; the model stays as it is"))
        self.cancel.setAccessibleName(_("Do not measure it"))
        self.cancel.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.cancel.clicked.connect(self.cancelled)
        told = QVBoxLayout()
        told.setSpacing(theme.GRID)
        told.addWidget(self.words)
        told.addWidget(self.bar)
        self._work = QWidget()
        work = QHBoxLayout(self._work)
        work.setContentsMargins(0, 0, 0, 0)
        work.setSpacing(theme.GRID)
        work.addLayout(told, 1)
        work.addWidget(self.cancel)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._row.addWidget(self.button)
        self._row.addWidget(self._work, 1)
        self.show_progress(False)

    def keep_left(self) -> None:
        """The button is as wide as its word."""
        self._row.addStretch(1)
        self._row.setStretchFactor(self._work, 1000)

    def show_progress(self, under_way: bool, progress: Progress | None = None) -> None:
        """Whether it is under way, and how far where that is known."""
        self.button.setVisible(not under_way)
        self._work.setVisible(under_way)
        if not under_way:
            return
        phase = localized(progress.text) if progress is not None else ""
        words = _("Being measured…")
        self.words.setText(f"{words} {phase}" if phase else words)
        total = progress.total if progress is not None else 0
        show_progress(self.bar, progress.step if progress is not None and total else 0, total)

    def offer(self, datasets: Sequence[tuple[str, str]]) -> None:
        """Have one of several datasets (name, title) chosen; the only one is at once."""
        if len(datasets) == 1:
            self.chosen.emit(datasets[0][0])
            return
        self.menu.clear()
        for name, title in datasets:
            self.menu.addAction(title.replace("&", "&&")).setData(name)
        self.menu.popup(self.button.mapToGlobal(self.button.rect().bottomLeft()))

    @Slot("QAction*")
    def _choose(self, action: Any) -> None:
        self.chosen.emit(action.data())

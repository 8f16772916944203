"""How far an edit is that takes its time, over the board, and a way out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QFrame, QGraphicsView, QHBoxLayout, QProgressBar, QPushButton

from aigc_studio.translation import _
from aigc_studio.ui import icons, keys, theme
from aigc_studio.ui.labels import Label
from aigc_studio.ui.progress_bars import show_progress

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.painting.edits import EditQueue

PATIENCE = 500
"""Milliseconds that an edit may take before a word is said of it: nothing blinks."""
_OFTEN = 100
_EDGE = 16


class EditBar(QFrame):
    """Is there while an edit that takes long is under way, above the middle of the lower edge."""

    def __init__(self, view: QGraphicsView) -> None:
        super().__init__(view)
        theme.set_kind(self, "decisions")
        self.hide()
        self._view = view
        self._edits: EditQueue | None = None
        self.words: Label | None = None
        self._later = QTimer(self, singleShot=True, interval=PATIENCE)
        self._later.timeout.connect(self._appear)
        self._often = QTimer(self, interval=_OFTEN)
        self._often.timeout.connect(self._look)

    def follow(self, edits: EditQueue) -> None:
        """Tell of what is under way there, until it has ended."""
        self._end()
        if edits is not self._edits:
            self._edits = edits
            edits.edit_ended.connect(self._end)
        self._later.start()

    def _fill(self) -> None:
        """Made when it is first needed."""
        self.words = Label()
        self.progress = QProgressBar(textVisible=False, minimum=0, maximum=100)
        self.progress.setFixedWidth(120)
        self.progress.setAccessibleName(_("Progress"))
        self.cancel = QPushButton(_("Cancel"))
        self.cancel.setIcon(icons.icon("close", "on_bar"))
        self.cancel.setToolTip(keys.with_key(_("Cancel"), "escape"))
        self.cancel.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.cancel.clicked.connect(self._give_up)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.PADDING, theme.GRID, theme.GRID, theme.GRID)
        row.setSpacing(theme.GAP)
        for widget in (self.words, self.progress, self.cancel):
            row.addWidget(widget)

    @Slot()
    def _end(self) -> None:
        self._later.stop()
        self._often.stop()
        self.hide()

    @Slot()
    def _appear(self) -> None:
        if self.words is None:
            self._fill()
        self._often.start()
        self._look()
        self.show()
        self.raise_()

    @Slot()
    def _look(self) -> None:
        progress = self._edits.under_way if self._edits is not None else None
        if progress is None or self.words is None:
            self._end()
            return
        self.words.setText(_("{what}…").format(what=progress.title))
        show_progress(self.progress, round(progress.share * 100), 100)
        self.adjustSize()
        place = self._view.viewport().geometry()
        x = place.center().x() - self.width() // 2
        self.move(max(x, place.left() + _EDGE), place.bottom() - self.height() - _EDGE)

    @Slot()
    def _give_up(self) -> None:
        if self._edits is not None:
            self._edits.give_up()

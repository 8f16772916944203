"""What can be done with a training that failed: keep what it has, try again, throw it away."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from aigc_studio.translation import _
from aigc_studio.ui import icons, theme


class FailedRow(QWidget):
    """Three buttons: the first only where a whole checkpoint is, the last where anything is."""

    keep_requested = Signal()
    again_requested = Signal()
    discard_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.keep = QPushButton(icons.icon("check"), _("Keep the best so far"))
        self.keep.setToolTip(_("Make a model of its best checkpoint; the rest is discarded"))
        self.again = QPushButton(icons.icon("play"), _("Try again"))
        self.again.setToolTip(_("Go on where it was, or start over if nothing is left of it"))
        self.discard = QPushButton(icons.icon("trash", "danger"), _("Discard"))
        self.discard.setToolTip(_("Discard the training with all its checkpoints"))
        theme.set_kind(self.discard, "danger")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        for button, signal in (
            (self.keep, self.keep_requested),
            (self.again, self.again_requested),
            (self.discard, self.discard_requested),
        ):
            button.setAutoDefault(False)
            button.clicked.connect(signal)
            row.addWidget(button)
        row.addStretch(1)
        self.hide()

    def offer(self, failed: bool, whole_checkpoint: bool = False, left: bool = False) -> None:
        """Show it for a training that `failed`; `left`: something of it is on the disk."""
        self.keep.setVisible(whole_checkpoint)
        self.discard.setVisible(left)
        self.setVisible(failed)

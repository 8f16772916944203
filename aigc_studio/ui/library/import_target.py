"""What files become in an import: a dataset of their own, or more of one that is there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QWidget

from aigc_studio.translation import _

if TYPE_CHECKING:
    from aigc_studio.library import DatasetInfo

_SHOWN = 12
"""Characters that the box is wide; longer names open it wider."""


class ImportTarget(QComboBox):
    """*New data*, or one of the datasets of a medium. `chosen` carries the name of the one that
    files are to join, empty for none. Hidden where there is none to join."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(_SHOWN)
        self._datasets: Sequence[DatasetInfo] = ()
        self._medium = ""
        self._told = ""
        self.currentIndexChanged.connect(self._tell)

    def name(self) -> str:
        """The dataset that files are to join; empty where they become one of their own."""
        return str(self.currentData() or "")

    def show_datasets(self, datasets: Sequence[DatasetInfo], wanted: str = "") -> str:
        """List these, and choose the one that is wanted; the medium of that one, if it is there."""
        self._datasets = datasets
        info = next((each for each in datasets if each.name == wanted), None)
        if info is not None:
            self._medium = info.medium
        self._fill(wanted or self.name())
        return self._medium if info is not None else ""

    def show_medium(self, medium: str) -> None:
        """Offer the datasets of this medium."""
        if medium != self._medium:
            self._medium = medium
            self._fill(self.name())

    def _fill(self, wanted: str) -> None:
        self.blockSignals(True)
        self.clear()
        self.addItem(_("New data"), "")
        for info in self._datasets:
            if info.medium == self._medium:
                words = _("Add to “{name}” ({count})")
                words = words.format(name=info.title, count=f"{info.examples:,}")
                self.addItem(words, info.name)
        self.setCurrentIndex(max(self.findData(wanted), 0))
        self.blockSignals(False)
        self._tell()

    @Slot()
    def _tell(self) -> None:
        if self.name() != self._told:
            self._told = self.name()
            self.chosen.emit(self._told)

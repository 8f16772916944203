"""The sample packs that a generator may learn from, each a card in the train dialog."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QVBoxLayout

from aigc_studio.ui.library.pack_card import PackCard

if TYPE_CHECKING:
    from aigc_studio.api import Description
    from aigc_studio.library import SamplePack
    from aigc_studio.ui.training.stores import Stores


class PackCards(QObject):
    """Cards of those that are not here yet. `came` carries the dataset of one that was fetched,
    `failed` why one was not; `ended`: nothing more comes of it."""

    came = Signal(str)
    failed = Signal(str)
    ended = Signal()

    def __init__(
        self, about: Description, stores: Stores, column: QVBoxLayout, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._about = about
        self._stores = stores
        self._column = column
        self.cards: dict[str, PackCard] = {}

    @property
    def is_fetching(self) -> bool:
        """Whether a pack is on its way."""
        return any(card.work.running for card in self.cards.values())

    def fill(self, packs: Iterable[SamplePack], made: Collection[str]) -> bool:
        """Offer those that suit, but for those that data was `made` of; whether there are any."""
        wanted = self._about.sample_packs
        for pack in packs:
            fits = pack.id in wanted or (not wanted and pack.medium == self._about.medium)
            if fits and pack.id not in made and pack.id not in self.cards:
                self._add(pack)
        for pack_id in [each for each in self.cards if each in made]:
            self.cards.pop(pack_id).deleteLater()
        return bool(self.cards)

    def _add(self, pack: SamplePack) -> None:
        card = PackCard(pack, self._stores.pack_store, self._stores.dataset_store)
        card.imported.connect(self.came)
        card.work.failed.connect(self.failed)
        card.work.ended.connect(self.ended)
        self.cards[pack.id] = card
        self._column.addWidget(card)

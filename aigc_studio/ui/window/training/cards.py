"""The cards of models that wait for an answer: made, wired, and listed where one looks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from aigc_studio.ui import theme
from aigc_studio.ui.training.done_card import DoneCard

if TYPE_CHECKING:
    from aigc_studio.library.model_info import ModelInfo
    from aigc_studio.ui.window.training.comparing import Comparing
    from aigc_studio.ui.window.training.measuring import Measuring
    from aigc_studio.ui.window.training.unanswered import Unanswered

_MOST = 3
"""Cards that are listed at once: they lie over what a person came to see."""


class Cards(QObject):
    """Makes cards. `use_wanted` and `more_wanted` carry a model; both are answers. `anew_wanted`
    is none yet: what is asked for then may be given up."""

    use_wanted = Signal(object)
    more_wanted = Signal(object)
    anew_wanted = Signal(object)

    def __init__(
        self, unanswered: Unanswered, comparing: Comparing, measuring: Measuring, parent: QObject
    ) -> None:
        super().__init__(parent)
        self.measuring = measuring
        self.unanswered = unanswered
        self.comparing = comparing

    def make(self, model: ModelInfo, *, wide: bool = False) -> DoneCard:
        """A card of a model that is ready."""
        others = self.comparing.others
        card = DoneCard(
            model, lambda: [(each.digest, title) for each, title in others(model)], wide=wide
        )
        self.comparing.others_changed.connect(card.note_others)
        card.used.connect(lambda: self._answer(model, self.use_wanted))
        card.trained_on.connect(lambda: self._answer(model, self.more_wanted))
        card.anew_wanted.connect(lambda: self.anew_wanted.emit(card.model))
        card.compared.connect(lambda digest: self.comparing.open(model, digest))
        card.dismissed.connect(lambda: self.unanswered.answer(model))
        _Watch(card, self.measuring)
        return card

    def _answer(self, model: ModelInfo, wanted: object) -> None:
        self.unanswered.answer(model)
        (self.use_wanted if wanted is self.use_wanted else self.more_wanted).emit(model)


class _Watch(QObject):
    """Keeps a card true about the measuring of its model."""

    def __init__(self, card: DoneCard, measuring: Measuring) -> None:
        super().__init__(card)
        self._card, self._measuring = card, measuring
        card.measure_wanted.connect(lambda: measuring.begin(card.model, ""))
        card.measure_cancelled.connect(lambda: measuring.cancel(card.model.digest))
        measuring.changed.connect(self._show)
        measuring.measured.connect(self._take)
        self._show(card.model.digest)

    @Slot(str)
    def _show(self, digest: str) -> None:
        if digest == self._card.model.digest:
            measuring = self._measuring
            self._card.show_measuring(measuring.is_under_way(digest), measuring.progress(digest))

    @Slot(object)
    def _take(self, model: ModelInfo) -> None:
        if model.digest == self._card.model.digest:
            self._card.show_model(model)


class WaitingCards(QWidget):
    """The newest cards below each other; takes no room while there is none.

    `but` is a digest that is left out: its card is shown elsewhere.
    """

    def __init__(self, cards: Cards, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards = cards
        self._but = ""
        self.shown: list[DoneCard] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(theme.PADDING, theme.GAP, theme.PADDING, theme.GRID)
        self._column.setSpacing(theme.GAP)
        cards.unanswered.changed.connect(self.refresh)
        self.refresh()

    def leave_out(self, digest: str) -> None:
        """Do not list the model of this digest."""
        if digest != self._but:
            self._but = digest
            self.refresh()

    @Slot()
    def refresh(self) -> None:
        """List those that wait now; a card that is still true stays as it is."""
        models = [each for each in self._cards.unanswered.models() if each.digest != self._but]
        former, self.shown = self.shown, []
        for card in former:
            self._column.removeWidget(card)
        for model in models[:_MOST]:
            card = _kept(former, model) or self._cards.make(model, wide=True)
            self._column.addWidget(card)
            self.shown.append(card)
        for card in former:
            if card not in self.shown:
                card.hide()
                card.deleteLater()
        self.setVisible(bool(self.shown))


def _kept(former: list[DoneCard], model: ModelInfo) -> DoneCard | None:
    """The card that there is of a model; it says what has been measured since."""
    for card in former:
        if (card.model.digest, card.model.title) == (model.digest, model.title):
            if card.model != model:
                card.show_model(model)
            return card
    return None

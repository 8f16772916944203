"""What may be done with a model that is ready: use it, train on, compare; until then it waits."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from aigc_studio.ui.window.training.unanswered import Unanswered

if TYPE_CHECKING:
    from aigc_studio.library.model_info import ModelInfo
    from aigc_studio.ui.studio import Studio
    from aigc_studio.ui.window.training.cards import Cards
    from aigc_studio.ui.window.training.comparing import Comparing
    from aigc_studio.ui.window.training.measuring import Measuring


class Answers(QObject):
    """Cards of models that wait, and what is done about them.

    `use_wanted` carries a model; `training_made` a training that goes on from one; `ask_wanted` a
    model and the sentence that says why it cannot be gone on from as it was; `anew_wanted` a model
    whose data is to be learnt from the beginning; `measured` one whose card says how good it is.
    """

    use_wanted = Signal(object)
    training_made = Signal(object)
    ask_wanted = Signal(object, str)
    anew_wanted = Signal(object)
    measured = Signal(object)

    def __init__(self, studio: Studio, window: QWidget, parent: QObject) -> None:
        super().__init__(parent)
        self._studio = studio
        self._window = window
        self.unanswered = Unanswered(studio, self)

    @functools.cached_property
    def comparing(self) -> Comparing:
        """What holds two models against each other: not needed before there is a card."""
        from aigc_studio.ui.window.training.comparing import Comparing

        comparing = Comparing(self._studio, self._window, self)
        comparing.used.connect(self.use_wanted)
        return comparing

    @functools.cached_property
    def cards(self) -> Cards:
        """What makes cards: not needed before the first model is ready."""
        from aigc_studio.ui.window.training.cards import Cards

        cards = Cards(self.unanswered, self.comparing, self.measuring, self)
        cards.use_wanted.connect(self.use_wanted)
        cards.more_wanted.connect(self.train_on)
        cards.anew_wanted.connect(self.anew_wanted)
        return cards

    @functools.cached_property
    def measuring(self) -> Measuring:
        """What measures models: not needed before there is one to measure."""
        from aigc_studio.ui.window.training.measuring import Measuring

        measuring = Measuring(self._studio, self)
        measuring.failed.connect(self._tell_not_measured)
        measuring.measured.connect(self.measured)
        return measuring

    @Slot(str)
    def _tell_not_measured(self, sentence: str) -> None:
        self._studio.say(sentence, "warning", subject="measuring")

    @Slot(object)
    def show_cards_in(self, library: Any) -> None:
        """The models that wait for an answer are found in the library too."""
        from aigc_studio.ui.window.training.cards import WaitingCards

        library.lead(WaitingCards(self.cards, library))

    def note(self, model: ModelInfo) -> None:
        """A training has made its model: it waits, and its pace tells what a minute buys here."""
        from aigc_studio.library.cards import count, duration

        seconds, steps = duration(model.card, "seconds"), count(model.card, "step")
        if seconds and steps:
            pace = {"per_minute": steps / seconds * 60}
            self._studio.settings.remember(pace, "pace", model.generator)
        self.unanswered.add(model)

    @Slot(object)
    def train_on(self, model: ModelInfo) -> None:
        """Go on from a model for some minutes more, with its own data; ask where that is gone."""
        from aigc_studio.ui.window.training.going_on import go_on

        self._studio.errands.run(
            lambda: go_on(self._studio, model),
            self.training_made.emit,
            lambda error: self.ask_wanted.emit(model, str(error)),
        )

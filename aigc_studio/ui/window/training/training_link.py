"""What trainings, the prompt panel and the other windows ask of each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

if TYPE_CHECKING:
    from aigc_studio.ui.prompt.panel import PromptPanel
    from aigc_studio.ui.window.dialogs import Dialogs
    from aigc_studio.ui.window.training.trainings import Trainings


class TrainingLink(QObject):
    """Trains what the panel and the library ask for; what was learnt is used and tried there."""

    def __init__(self, trainings: Trainings, panel: PromptPanel, dialogs: Dialogs) -> None:
        super().__init__(trainings)
        self._trainings = trainings
        self._panel = panel
        self._dialogs = dialogs
        self._connect()

    def _connect(self) -> None:
        trainings, panel, dialogs = self._trainings, self._panel, self._dialogs
        for asked in (panel.generate_requested, panel.edit_requested):
            asked.connect(trainings.new_models.note_asked)
        panel.train_requested.connect(trainings.ask)
        trainings.model_chosen.connect(panel.choose)
        trainings.try_wanted.connect(self._try_model)
        trainings.new_models.in_use = panel.uses
        panel.hold = self._hold
        dialogs.training_wanted.connect(trainings.ask_with)
        dialogs.use_wanted.connect(trainings.new_models.use)
        dialogs.library_made.connect(trainings.answers.show_cards_in)
        dialogs.library_made.connect(self._connect_measuring)

    @Slot()
    def _connect_measuring(self) -> None:
        self._dialogs.connect_measuring(self._trainings.answers.measuring)

    def _hold(self) -> bool:
        """Whether a press waits for the model that is to be used; an edit by another generator than
        that one's does not."""
        panel = self._panel
        editor = panel.generator() if panel.verb() == "edit" else ""
        return self._trainings.new_models.hold(panel.run, editor)

    @Slot()
    def _try_model(self) -> None:
        self._panel.set_verb("generate")
        self._panel.run()

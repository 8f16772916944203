"""Train dialogs that were left while a pack is being fetched in them: it comes all the same."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from aigc_studio.translation import _

if TYPE_CHECKING:
    from aigc_studio.ui.studio import Studio
    from aigc_studio.ui.training.dialog import TrainDialog


class LeftDialogs(QObject):
    """Keeps them until nothing is fetched any more. `came`: there are data that were not there;
    `train_wanted` (generator, dataset): they are to be learnt from."""

    came = Signal()
    train_wanted = Signal(str, str)

    def __init__(self, studio: Studio, parent: QObject) -> None:
        super().__init__(parent)
        self._studio = studio
        self._dialogs: list[TrainDialog] = []

    def leave(self, dialog: TrainDialog) -> None:
        """A dialog is not needed any more, but for what is on its way to it."""
        dialog.hide()
        if not dialog.is_fetching:
            dialog.deleteLater()
            return
        self._dialogs.append(dialog)
        dialog.pack_came.connect(self._tell_here)
        dialog.pack_failed.connect(self._tell_failed)
        dialog.fetching_ended.connect(self._let_go)

    def take(self, generator: str) -> TrainDialog | None:
        """The dialog about this generator that was left, which is to be gone on with."""
        found = next((each for each in self._dialogs if each.generator == generator), None)
        if found is not None:
            self._forget(found)
        return found

    def _forget(self, dialog: TrainDialog) -> None:
        self._dialogs.remove(dialog)
        dialog.pack_came.disconnect(self._tell_here)
        dialog.pack_failed.disconnect(self._tell_failed)
        dialog.fetching_ended.disconnect(self._let_go)

    @Slot(str)
    def _tell_here(self, name: str) -> None:
        dialog = self._sender()
        if dialog is not None:
            train = functools.partial(self.train_wanted.emit, dialog.generator, name)
            sentence = _("“{name}” is in the library now.").format(name=name)
            self._studio.say(sentence, actions=[(_("Train…"), train)], subject=f"pack {name}")
        self.came.emit()

    @Slot(str)
    def _tell_failed(self, sentence: str) -> None:
        self._studio.say(sentence, "warning")

    @Slot()
    def _let_go(self) -> None:
        dialog = self._sender()
        if dialog is not None and not dialog.is_fetching:
            self._forget(dialog)
            dialog.deleteLater()

    def _sender(self) -> TrainDialog | None:
        sender = self.sender()
        return next((each for each in self._dialogs if each is sender), None)

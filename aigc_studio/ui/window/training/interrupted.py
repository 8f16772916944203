"""Trainings that were cut off, found at the start: gone on with, kept, or thrown away."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from aigc_studio.translation import _, ngettext
from aigc_studio.ui.window.message_bar import Aside

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aigc_studio.library.trainings import Training
    from aigc_studio.ui.studio import Actions, Studio

_OFFER = "cut off"
"""The subject of the offer."""


class Interrupted(QObject):
    """Offers to `start` them again, or to `publish` the best of them."""

    def __init__(
        self,
        studio: Studio,
        start: Callable[[Training], object],
        publish: Callable[[Training], object],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._studio = studio
        self._start = start
        self._publish = publish

    def offer(self, asked: bool = False) -> None:
        """Look for them. Where the person `asked`, an answer comes even when there is none."""
        self._studio.errands.run(
            lambda: (
                self._studio.training_store.interrupted(),
                self._studio.training_store.broken(),
            ),
            lambda found: self._offer(found[0], found[1], asked),
            self._studio.say_error,
        )

    def _offer(
        self, found: Sequence[Training], broken: Sequence[tuple[Path, str]], asked: bool
    ) -> None:
        if broken:
            self._tell_broken(broken)
        live = {job.training.id for job in self._studio.jobs.trainings}
        found = [training for training in found if training.id not in live]
        if not found:
            if asked and not broken:
                self._studio.say(_("No training was cut off."))
            return
        sentence = ngettext(
            "The training “{name}” was cut off and can go on where it was.",
            "{count} trainings were cut off and can go on where they were.",
            len(found),
        ).format(name=found[0].name, count=len(found))
        failed = found[0].document.get("error") if found[0].state == "failed" else ""
        if failed and len(found) == 1:
            sentence = _("The training “{name}” failed: {reason}")
            sentence = sentence.format(name=found[0].name, reason=failed)
        # What cannot go on now, as its plugin is switched off say, is still there to be decided on.
        actions: Actions = [(_("Resume"), Aside(lambda: self._resume(found)))]
        if any(each.best() is not None for each in found):
            actions.append((_("Keep the best"), lambda: self._publish_all(found)))
        actions.append((_("Discard"), lambda: self.discard(found)))
        self._studio.say(sentence, "warning", actions, subject=_OFFER)

    def _resume(self, found: Sequence[Training]) -> None:
        left = [training for training in found if self._start(training) is None]
        if not left:
            self._studio.taken_back.emit(_OFFER)
        elif len(left) < len(found):
            self._offer(left, (), asked=False)

    def _tell_broken(self, broken: Sequence[tuple[Path, str]]) -> None:
        """One that cannot be read is told with its reason, and can be thrown away."""
        store, errands = self._studio.training_store, self._studio.errands
        keys = [folder.name for folder, _sentence in broken]

        def discard() -> None:
            for key in keys:
                errands.run(partial(store.discard, key), None, self._studio.say_error)

        details = "\n".join(sentence for _folder, sentence in broken)
        self._studio.say(
            broken[0][1], "warning", [(_("Discard"), discard)], details, "damaged training"
        )

    def _publish_all(self, found: Sequence[Training]) -> None:
        for training in found:
            self._publish(training)

    def discard(self, found: Sequence[Training]) -> None:
        """Throw them away."""
        for training in found:
            self._studio.errands.run(training.discard, None, self._studio.say_error)

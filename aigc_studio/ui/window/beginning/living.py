"""The living picture's model: asks the chosen generator for a few results that are only looked at.

It asks when nothing else goes on, and again as the words change; whatever real is asked for goes
first, and a generator that is broken or slow leaves the stage as it is.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from aigc_studio.translation import localized
from aigc_studio.ui.window.beginning import keepsake

if TYPE_CHECKING:
    from aigc_studio.jobs import Job
    from aigc_studio.ui.first.wall import Wall
    from aigc_studio.ui.prompt.panel import PromptPanel
    from aigc_studio.ui.prompt.values import Prompt
    from aigc_studio.ui.studio import Studio
    from aigc_studio.ui.window.making.session import Session

IDLE_MS = 700
"""So long nothing must have happened before a picture is made that nobody asked for."""
_GATHER_MS = 120
"""So long results are gathered before they take the place of those of other words."""
_LONGEST_MS = 4000
"""A slow generator is let go so long after its first result; what it has made stays."""
_SILENT_MS = 30_000
"""One that gives nothing is let go after this: it may have to load a model first."""
_MOST = 80


class Living(QObject):
    """Fills a wall. `wake` when something has changed that it depends on, `ask` for other words.

    `refused` carries what is wrong with words that were asked for; empty when nothing is.
    """

    refused = Signal(str)

    def __init__(
        self, studio: Studio, session: Session, panel: PromptPanel, wall: Wall, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._studio = studio
        self._session = session
        self._panel = panel
        self._wall = wall
        self._job: Job | None = None
        self._asked: Prompt | None = None
        self._number = 0
        """How many were asked for."""
        self._come: list[Any] = []
        self._typed = False
        self._recalled: Prompt | None = None
        self.awake = False
        self._idle = QTimer(self, singleShot=True, interval=IDLE_MS)
        self._idle.timeout.connect(self._begin)
        self._gather = QTimer(self, singleShot=True, interval=_GATHER_MS)
        self._gather.timeout.connect(self._hang)
        self._limit = QTimer(self, singleShot=True)
        self._limit.timeout.connect(self._stop)
        wall.resized.connect(self.wake)

    @Slot()
    def wake(self) -> None:
        """Make a picture in a moment, if the wall is to be seen and another one would be made."""
        if self.awake:
            self._idle.start()

    def set_awake(self, awake: bool) -> None:
        """Whether anybody sees the wall: nothing is made while nobody does."""
        self.awake = awake
        if awake:
            self.wake()
        else:
            self._idle.stop()
            self._stop()

    def ask(self, prompt: Prompt, *, typed: bool = True) -> None:
        """Show what these words make; those that a person `typed` can be refused."""
        self._idle.stop()
        self._number = self._enough()
        wanted = replace(prompt, count=self._number)
        self._let_go()
        job = self._session.sketch(wanted)
        if job is None:
            return
        self._job, self._asked, self._come, self._typed = job, prompt, [], typed
        self._wall.set_waiting(True)
        job.candidate_received.connect(self._take)
        job.finished.connect(self._settle)
        self._limit.start(_SILENT_MS)

    def _enough(self) -> int:
        """How many are needed to fill the wall."""
        first = self._wall.artifacts[0] if self._wall.artifacts else None
        return min(_MOST, max(4, self._wall.room_for(first)))

    def forget(self) -> None:
        """Take down what hangs there."""
        self._stop()
        self._let_go()
        self._asked = None
        self._wall.show_artifacts(())

    @Slot()
    def _begin(self) -> None:
        """Nothing has happened for a while: make what the panel says, if that is not there yet."""
        settings = self._studio.settings
        if not (settings.preference("live_preview") and settings.preference("warm_worker")):
            return  # whoever saves memory or work is shown nothing that was not asked for
        prompt = self.wish()
        if prompt is None or self._studio.jobs.under_way():
            return
        if not _same(prompt, self._asked):
            self.ask(prompt, typed=False)
        elif self._asked is not None and self._enough() > self._number:
            self.ask(self._asked, typed=False)  # the wall is larger now: the same, and more

    def wish(self) -> Prompt | None:
        """What the panel's page for new things says now; None when it cannot be made."""
        panel = self._panel
        prompt = panel.prompt() if panel.verb() == "generate" else None
        operation = panel.middle.page().operation()
        if prompt is None or operation is None or panel.why_not():
            return None
        if operation.prompt == "required" and not prompt.prompt.strip():
            return replace(prompt, prompt=localized(operation.prompt_example))
        return prompt

    @Slot(object)
    def _take(self, look: Any) -> None:
        if self.sender() is not self._job:
            return
        if not self._come:
            self._limit.start(_LONGEST_MS)
        self._come.append(look.artifact)
        if not self._gather.isActive():
            self._gather.start()

    @Slot()
    def _settle(self) -> None:
        job = self._job
        if job is None or self.sender() is not job:
            return
        self._job = None
        self._limit.stop()
        self._gather.stop()
        self._hang()
        self._wall.set_waiting(False)
        if self._come and self._asked is not None and not self._asked.prompt:
            self._keep(self._asked, tuple(self._come))
        if self._typed:
            self.refused.emit(job.error.by_field.get("prompt", "") if job.error else "")

    def _keep(self, prompt: Prompt, artifacts: tuple[Any, ...]) -> None:
        kept = partial(keepsake.keep, prompt.generator, prompt.model_digest, artifacts)
        self._studio.errands.run(kept, None, self._studio.say_error)

    def recall(self) -> None:
        """Hang up what was made last time, as long as nothing is there and nothing is typed."""
        prompt = self.wish()
        if prompt is None or prompt.prompt or self._wall.artifacts or self._recalled == prompt:
            return
        self._recalled = prompt

        def hang(artifacts: list[Any]) -> None:
            if artifacts and not self._wall.artifacts and self._panel.generator() == generator:
                self._wall.show_artifacts(artifacts)

        generator, digest = prompt.generator, prompt.model_digest
        read = partial(keepsake.recall, generator, digest)
        self._studio.errands.run(read, hang, self._studio.say_error)

    @Slot()
    def _hang(self) -> None:
        if not self._come or not self.awake:
            return
        hanging = self._wall.artifacts
        if len(self._come) >= len(hanging) or tuple(self._come) != hanging[: len(self._come)]:
            self._wall.show_artifacts(self._come)

    @Slot()
    def _stop(self) -> None:
        if self._job is not None:
            self._job.stop()

    def _let_go(self) -> None:
        """What comes of the last one is of no interest any more."""
        self._gather.stop()
        self._wall.set_waiting(False)
        self._job = None


def _same(prompt: Prompt, other: Prompt | None) -> bool:
    """Whether they make the same; with another seed it would be no better picture."""
    return other is not None and replace(prompt, seed=0, count=1) == replace(other, seed=0, count=1)

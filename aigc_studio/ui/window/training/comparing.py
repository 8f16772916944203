"""Comparing two models: both are asked the same, in the queue, and shown beside each other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from aigc_studio.jobs import JobState
from aigc_studio.library.identity import titled
from aigc_studio.translation import _, language, localized

if TYPE_CHECKING:
    from aigc_studio.api import Operation
    from aigc_studio.host import PluginRecord
    from aigc_studio.jobs import Job
    from aigc_studio.library.model_info import ModelInfo
    from aigc_studio.ui.studio import Studio
    from aigc_studio.ui.training.compare_window import CompareWindow


class Comparing(QObject):
    """Opens the window and fills it. `used` carries the model that was decided for.

    `others_changed`: there may be other models by now to compare with.
    """

    used = Signal(object)
    others_changed = Signal()

    def __init__(self, studio: Studio, window: QWidget, parent: QObject) -> None:
        super().__init__(parent)
        self._studio = studio
        self._window = window
        self._jobs: list[Job] = []
        self.dialog: CompareWindow | None = None
        studio.models_changed.connect(self.others_changed)

    def others(self, model: ModelInfo) -> list[tuple[ModelInfo, str]]:
        """The models of the same generator, those that came with the studio first."""
        models = [each for each in self._studio.models if each.generator == model.generator]
        found = [each for each in models if each.digest != model.digest]
        found.sort(key=lambda each: not each.shipped)
        return [(each, _title(each, models)) for each in found]

    def open(self, model: ModelInfo, digest: str = "", prompt: str = "") -> None:
        """Compare a model with the one of this digest, or the first there is."""
        from aigc_studio.api import StudioError
        from aigc_studio.ui.training.compare_window import CompareWindow

        others = self.others(model)
        try:
            record = self._studio.record(model.generator)
            operation = _operation(record)
        except StudioError as error:
            self._studio.say_error(error)
            return
        if not others or operation is None or record.description is None:
            return
        self._end()
        about = record.description
        dialog = CompareWindow(model, others, str(about.medium), self._window, about.metrics)
        self.dialog = dialog
        dialog.choose_other(digest)
        compared = [model, *(each for each, _title in others)]
        told = [operation.with_card(each.card) for each in compared]
        wordy = [each for each in told if each.prompt != "none"]
        # What one of them does not know would be refused at once: no word suits both then.
        examples = {localized(each.prompt_example) for each in wordy}
        example = examples.pop() if len(examples) == 1 else ""
        dialog.prompt.setText(prompt or example)
        dialog.prompt.setPlaceholderText(example)
        dialog.prompt.setEnabled(bool(wordy))
        dialog.asked.connect(lambda: self._ask(record, operation))
        dialog.used.connect(self.used)
        dialog.finished.connect(self._end)
        dialog.show()
        dialog.ask()

    def _ask(self, record: PluginRecord, operation: Operation) -> None:
        self._cancel()
        dialog = self.dialog
        if dialog is None:
            return
        title = _("Compare “{one}” and “{other}”").format(
            one=dialog.models[0].name, other=dialog.models[1].name
        )
        for side, model in enumerate(dialog.models):
            request = self._request(dialog, model, operation)
            job = self._studio.jobs.submit(record, "generate", request, title)
            self._jobs.append(job)
            _Side(dialog, side, job)

    def _request(self, dialog: CompareWindow, model: ModelInfo, operation: Operation) -> Any:
        from aigc_studio.api import GenerateRequest

        takes_words = operation.with_card(model.card).prompt != "none"
        return GenerateRequest(
            operation=operation.id,
            seed=dialog.seed,
            count=dialog.count,
            prompt=dialog.prompt.text() if takes_words else "",
            model=Path(model.folder),
            device=self._studio.settings.preference("device"),
            language=language(),
        )

    def _cancel(self) -> None:
        for job in self._jobs:
            job.cancel()
        self._jobs = []

    @Slot()
    def _end(self) -> None:
        self._cancel()
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None


class _Side(QObject):
    """Brings what one job makes to one side of the window."""

    def __init__(self, dialog: CompareWindow, side: int, job: Job) -> None:
        super().__init__(dialog)
        self._dialog, self._side, self._job = dialog, side, job
        self._number = 0
        job.candidate_received.connect(self._take)
        job.finished.connect(self._settle)

    @Slot(object)
    def _take(self, candidate: Any) -> None:
        if self._job.state is not JobState.CANCELLED:
            self._dialog.show_result(self._side, self._number, candidate.artifact)
            self._number += 1

    @Slot()
    def _settle(self) -> None:
        if self._job.state is JobState.FAILED and self._job.error is not None:
            self._dialog.tell(self._side, self._job.error.sentence)


def _operation(record: PluginRecord) -> Operation | None:
    """The first way of making something new."""
    found = record.description.of_verb("generate") if record.description is not None else ()
    return found[0] if found else None


def _title(model: ModelInfo, models: list[ModelInfo]) -> str:
    title = titled(model, models)
    included = model.shipped and title == model.title
    return _("{name} (included)").format(name=title) if included else title

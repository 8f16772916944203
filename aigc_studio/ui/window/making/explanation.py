"""What is asked for an explanation of an item, and how what is said comes to the window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from aigc_studio.translation import language
from aigc_studio.ui.canvas.heat.parts import mark_of

if TYPE_CHECKING:
    from aigc_studio.api import Annotation, Operation
    from aigc_studio.jobs import Job
    from aigc_studio.library import ModelInfo
    from aigc_studio.project import Item
    from aigc_studio.ui.prompt.values import Prompt
    from aigc_studio.ui.studio import Studio


def request_of(
    studio: Studio,
    prompt: Prompt,
    item: Item,
    model: ModelInfo | None,
    operation: Operation | None,
    tell: Callable[[str], None],
    tell_missing: Callable[[str], None],
) -> Any:
    """The request; made beside the window, as the artifact has to be read for it, and maybe the
    data that the model learnt from. `tell` hears what is to be known of that, `tell_missing` the
    pack to fetch (empty: it was a person's own) where it is not here. Raises `StudioError`.
    """
    from aigc_studio.api import EvaluateRequest

    dataset = None
    if operation is not None and operation.data != "none":
        from aigc_studio.library import evaluation

        try:
            dataset, remark = evaluation.learnt_data(operation, model, studio.dataset_store)
        except evaluation.DataMissing as error:
            tell_missing(error.pack)
            raise
        if remark:
            tell(remark)
    if operation is not None and operation.model == "none":
        model = None
    return EvaluateRequest(
        operation=prompt.operation,
        parameters=dict(prompt.parameters),
        seed=prompt.seed,
        model=Path(model.folder) if model else None,
        device=studio.settings.preference("device"),
        language=language(),
        artifact=studio.project.store.get(item.content),
        dataset=dataset,
    )


def kept(step: int, event: Any) -> Any:
    """What the heat keeps of an annotation. On the reader thread, which has the time."""
    annotation: Annotation = event
    return mark_of(annotation, step)


class Ear(QObject):
    """Follows one job while `listens` says so of it: what it says later, when another one is
    listened to, is not heard.

    `said` carries marks, `remarked` what the run has to say besides, `ended` the job.
    """

    said = Signal(list)
    went_on = Signal()
    remarked = Signal(object)
    ended = Signal(object)

    def __init__(self, job: Job, listens: Callable[[Job], bool]) -> None:
        super().__init__(job)
        self._job = job
        self._listens = listens

    @Slot(list)
    def take(self, marks: list[Any]) -> None:
        """Some more was said."""
        if self._listens(self._job):
            self.said.emit(marks)

    @Slot(object)
    def note(self, _progress: Any) -> None:
        """It is farther by now."""
        if self._listens(self._job):
            self.went_on.emit()

    @Slot(object)
    def tell(self, message: Any) -> None:
        """The run has something to say besides."""
        if self._listens(self._job):
            self.remarked.emit(message)

    @Slot()
    def settle(self) -> None:
        """All was said."""
        if self._listens(self._job):
            self.ended.emit(self._job)

"""What is asked for an explanation of an item, and how what is said comes to the window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Slot

from aigc_studio.translation import language
from aigc_studio.ui.canvas.heat.parts import mark_of

if TYPE_CHECKING:
    from aigc_studio.api import Annotation, Operation
    from aigc_studio.jobs import Job
    from aigc_studio.library import ModelInfo
    from aigc_studio.project import Item
    from aigc_studio.ui.prompt.values import Prompt
    from aigc_studio.ui.studio import Studio
    from aigc_studio.ui.window.making.explaining import Explaining


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
    """Follows one job: what it says later, when another one is listened to, is not heard."""

    def __init__(self, explaining: Explaining, job: Job) -> None:
        super().__init__(job)
        self._explaining = explaining
        self._job = job

    @property
    def _is_heard(self) -> bool:
        return self._explaining.job is self._job

    @Slot(list)
    def take(self, marks: list[Any]) -> None:
        """Some more was said."""
        if self._is_heard:
            self._explaining.take(marks)

    @Slot(object)
    def note(self, _progress: Any) -> None:
        """It is farther by now."""
        if self._is_heard:
            self._explaining.note_progress()

    @Slot(object)
    def tell(self, message: Any) -> None:
        """The run has something to say besides."""
        if self._is_heard:
            self._explaining.tell(message)

    @Slot()
    def settle(self) -> None:
        """All was said."""
        if self._is_heard:
            self._explaining.settle(self._job)

"""Says in the panel, before an edit, when a picture is unlike all that the model knows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

if TYPE_CHECKING:
    from aigc_studio.api import Artifact
    from aigc_studio.library.model_info import ModelInfo
    from aigc_studio.project import ContentStore
    from aigc_studio.ui.prompt.panel import PromptPanel
    from aigc_studio.ui.studio import Studio
    from aigc_studio.ui.target import Target
    from aigc_studio.ui.window.board.area import BoardArea

REST = 200
"""Milliseconds without a change until a picture is looked at: strokes come one after the other."""
MOST = 8
"""So many other models are asked whether they know a picture: each takes some 10 ms."""
Key = tuple[str, str, str, str]


class CautionLink(QObject):
    """Looks beside the window at what is selected, once for each picture, mask and model.

    Where the person said *Try anyway*, nothing is said again as long as the window is open.
    """

    def __init__(self, studio: Studio, panel: PromptPanel, area: BoardArea) -> None:
        super().__init__(panel)
        self._studio = studio
        self._panel = panel
        self._area = area
        self._key: Key | None = None
        self._agreed: set[Key] = set()
        self._later = QTimer(self, singleShot=True, interval=REST)
        self._later.timeout.connect(self._look)
        area.target_changed.connect(self._wake)
        panel.verbs_changed.connect(self._wake)
        panel.tried_anyway.connect(self._agree)

    @Slot()
    def _wake(self) -> None:
        key = self._key_now()
        if key != self._key:
            self._key = key
            self._panel.set_caution("")
            self._later.start()

    @Slot()
    def _look(self) -> None:
        key, target, model = self._key, self._area.target(), self._panel.models.model()
        if key is None or key in self._agreed or key != self._key_now():
            return
        store, others = self._studio.project.store, self._others(model)
        self._studio.errands.run(
            lambda: _look(store, target, model, others),
            lambda found: self._show(key, *found),
            # What cannot be read is said when it is edited.
            lambda _error: None,
        )

    def _others(self, model: ModelInfo | None) -> list[ModelInfo]:
        """Models that pictures can be edited with instead, those of the same generator first."""
        can = [
            each.description.id
            for each in self._studio.offered
            if each.description and str(each.description.medium) == "image"
            and each.description.of_verb("edit")
        ]  # fmt: skip
        here = self._panel.generator()
        others = [each for each in self._studio.models if each.generator in can and each != model]
        return sorted(others, key=lambda each: each.generator != here)[:MOST]

    def _show(self, key: Key, sentence: str, other: ModelInfo | None) -> None:
        if key == self._key and sentence:
            self._panel.set_caution(sentence, other)

    def _key_now(self) -> Key | None:
        """What the answer hangs on; None where there is no question."""
        target, model = self._area.target(), self._panel.models.model()
        about = self._panel.generators.description()
        if target.number != 1 or model is None or about is None:
            return None
        if target.medium != "image" or str(about.medium) != "image":
            return None
        item = target.items[0]
        mask = item.mask.digest if item.mask else ""
        return item.content.digest, mask, model.digest, str(target.frame or "")

    @Slot()
    def _agree(self) -> None:
        if self._key is not None:
            self._agreed.add(self._key)


def _look(
    store: ContentStore, target: Target, model: ModelInfo, others: Sequence[ModelInfo]
) -> tuple[str, ModelInfo | None]:
    """What speaks against a picture as the model gets it, and a model that knows such pictures."""
    from aigc_studio.library import likeness

    sentence = likeness.strangeness(model, _given(store, target, model))
    if not sentence:
        return "", None
    knows = (each for each in others if likeness.knows(each, _given(store, target, each)))
    return sentence, next(knows, None)


def _given(store: ContentStore, target: Target, model: ModelInfo) -> Artifact:
    """The picture as a model gets it: its frame, at its size."""
    from aigc_studio.api import Image, Mask
    from aigc_studio.project.making import FramedEdit
    from aigc_studio.project.patches import PatchEdit

    item = target.items[0]
    mask = store.get(item.mask) if item.mask is not None else None
    marked = Mask(mask.pixels) if isinstance(mask, Image) and mask.pixels.any() else None
    if PatchEdit.is_for(item.content, marked, model.card, target.frame):
        return PatchEdit(store, item.content, marked, model.card, target.frame).framed.artifacts[0]
    return FramedEdit((store.get(item.content),), marked, model.card, target.frame).artifacts[0]

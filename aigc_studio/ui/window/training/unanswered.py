"""Models that a training made, and about which nobody has decided yet: kept over a restart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

if TYPE_CHECKING:
    from aigc_studio.library.model_info import ModelInfo
    from aigc_studio.ui.studio import Studio

_KEYS = ("trainings", "unanswered")
_MOST = 12
"""So many wait; of more the oldest are let go."""


class Unanswered(QObject):
    """Newest first. `changed` when another model waits, or one less."""

    changed = Signal()

    def __init__(self, studio: Studio, parent: QObject) -> None:
        super().__init__(parent)
        self._studio = studio
        self._noted = _read(studio)
        self._seen = {each["digest"] for each in self._noted}
        self._shown: list[str] = []
        studio.models_changed.connect(self._look)

    def add(self, model: ModelInfo) -> None:
        """A model is ready: it waits from now on."""
        entry = {"generator": model.generator, "digest": model.digest, "name": model.name}
        kept = [each for each in self._noted if each["digest"] != model.digest]
        self._keep([entry, *kept][:_MOST])

    def answer(self, model: ModelInfo) -> None:
        """The person has decided."""
        self._keep([each for each in self._noted if each["digest"] != model.digest])

    def waits(self, model: ModelInfo) -> bool:
        """Whether nobody has decided about it yet."""
        return any(each["digest"] == model.digest for each in self._noted)

    def models(self) -> list[ModelInfo]:
        """Those that wait and are in the library."""
        found = (
            self._studio.model(each["name"], each["generator"], each["digest"])
            for each in self._noted
        )
        return [model for model in found if model is not None]

    @Slot()
    def _look(self) -> None:
        """A model that was removed waits no longer; one that is not listed yet does."""
        if self._studio.complete:
            here = {model.digest for model in self._studio.models}
            gone = self._seen - here
            self._seen |= here & {each["digest"] for each in self._noted}
            left = [each for each in self._noted if each["digest"] not in gone]
            if len(left) < len(self._noted):
                self._keep(left)
                return
        self._tell()

    def _keep(self, noted: list[dict[str, str]]) -> None:
        self._noted = noted
        self._studio.settings.remember({"models": noted}, *_KEYS)
        self._shown = self._told()
        self.changed.emit()

    def _tell(self) -> None:
        shown = self._told()
        if shown != self._shown:
            self._shown = shown
            self.changed.emit()

    def _told(self) -> list[str]:
        return [f"{model.digest} {model.name}" for model in self.models()]


def _read(studio: Studio) -> list[dict[str, str]]:
    """What was noted; whatever else stands there is passed over."""
    found: Any = studio.settings.remembered(*_KEYS).get("models")
    names = ("generator", "digest", "name")
    return [
        {name: each[name] for name in names}
        for each in (found if isinstance(found, list) else [])[:_MOST]
        if isinstance(each, dict) and all(isinstance(each.get(name), str) for name in names)
    ]

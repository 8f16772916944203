"""What a training is made of, before there is a folder for it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from typing import TYPE_CHECKING, Any

from aigc_studio.api import Dataset, StudioError
from aigc_studio.library.measured import words_of
from aigc_studio.library.model_info import ModelInfo
from aigc_studio.translation import _

if TYPE_CHECKING:
    from aigc_studio.api import Measure


@dataclass(frozen=True)
class NewTraining:
    """Which generator learns from which data, for how long (`minutes` or `steps`), to what model.

    `parameters` are those in effect, defaults too. `model` is the one to start from. `versions` go
    into the card (plugin, torch), and `distribution`, what is to be installed to have the plugin,
    and the plugin's words for `measures` of its own. Whether the shell is to `measure` the model at
    its end is remembered for going on.
    """

    generator: str
    dataset: Dataset
    _: KW_ONLY
    name: str
    minutes: float | None = None
    steps: int | None = None
    operation: str = "train"
    parameters: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 0
    model: ModelInfo | None = None
    versions: Mapping[str, str] = field(default_factory=dict)
    distribution: str = ""
    measures: Mapping[str, Measure] = field(default_factory=dict)
    measure: bool = True

    def document(self) -> dict[str, Any]:
        """What is noted of it before anything has come of it.

        Raises `StudioError` unless exactly one of `minutes` and `steps` is above nought, and for a
        dataset with nothing to train on.
        """
        check_length(self.minutes, self.steps)
        if len(self.dataset) == 0:
            sentence = _("The dataset {name} has no example to train on.")
            raise StudioError(sentence.format(name=self.dataset.name))
        return {
            "format": 1, "generator": self.generator, "operation": self.operation,
            "name": self.name, "dataset": _about(self.dataset),
            "parameters": dict(self.parameters), "seed": self.seed, "minutes": self.minutes,
            "steps": self.steps, "model": _start(self.model), "state": "created", "error": "",
            "checkpoints": [], "created": int(time.time()), "versions": dict(self.versions),
            "distribution": self.distribution, "measure": self.measure,
            "measures": words_of(self.measures, self.measures),
        }  # fmt: skip


def check_length(minutes: float | None, steps: int | None) -> None:
    """Raise `StudioError` unless exactly one of the two is given, and above nought."""
    given = [each for each in (minutes, steps) if each is not None]
    if len(given) != 1 or not 0 < given[0] < 1e9 or isinstance(steps, float):
        raise StudioError(_("Say how long to train: minutes or steps, and more than zero."))


def _about(dataset: Dataset) -> dict[str, Any]:
    about = dataset.about
    told = {key: about.get(key, "") for key in ("licence", "credit", "source", "pack")}
    return told | {
        "name": dataset.name,
        "path": str(dataset.path),
        "medium": dataset.medium,
        "fingerprint": dataset.fingerprint,
        "examples": len(dataset),
    }


def _start(model: ModelInfo | None) -> dict[str, Any] | None:
    if model is None:
        return None
    return {
        "name": model.name,
        "path": str(model.folder),
        "digest": model.digest,
        "card": dict(model.card),
    }

"""Trainings under way: begun, found again after a crash, listed."""

from __future__ import annotations

import contextlib
import secrets
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from aigc_studio import files, folders
from aigc_studio.api import Dataset, StudioError
from aigc_studio.library.models import ModelInfo
from aigc_studio.library.training import DOCUMENT, GOING, WORK, Training
from aigc_studio.translation import _

__all__ = ["Training", "TrainingStore"]


class TrainingStore:
    """All trainings below one folder (the person's data folder unless told otherwise)."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or folders.data_folder() / "jobs"

    def create(
        self,
        generator: str,
        dataset: Dataset,
        *,
        name: str,
        minutes: float | None = None,
        steps: int | None = None,
        operation: str = "train",
        parameters: Mapping[str, Any] | None = None,
        seed: int = 0,
        model: ModelInfo | None = None,
        versions: Mapping[str, str] | None = None,
        distribution: str = "",
    ) -> Training:
        """A new training; its folder is there when this returns, and nothing runs yet.

        `parameters` are those in effect, defaults too. `versions` go into the card (plugin, torch),
        and `distribution`, what is to be installed to have the plugin. Raises `StudioError` unless
        exactly one of `minutes` and `steps` is above nought, and for a dataset with nothing to
        train on.
        """
        check_length(minutes, steps)
        if len(dataset) == 0:
            raise StudioError(
                _("The dataset {name} has no example to train on.").format(name=dataset.name)
            )
        document = {
            "format": 1, "generator": generator, "operation": operation, "name": name,
            "dataset": _about(dataset), "parameters": dict(parameters or {}), "seed": seed,
            "minutes": minutes, "steps": steps, "model": _start(model), "state": "created",
            "error": "", "checkpoints": [], "created": int(time.time()),
            "versions": dict(versions or {}), "distribution": distribution,
        }  # fmt: skip
        key = f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(3)}"
        with files.whole_folder(self.folder / key) as fresh:
            (fresh / WORK).mkdir()
            files.write_json(fresh / DOCUMENT, document | {"id": key})
        return Training(self.folder / key)

    def list(self) -> list[Training]:
        """All trainings that can be read, oldest first."""
        found = []
        for path in sorted(self.folder.glob(f"[!.]*/{DOCUMENT}")):
            with contextlib.suppress(StudioError):
                found.append(Training(path.parent))
        return found

    def open(self, key: str) -> Training:
        """The training with this id. Raises `StudioError` when there is none."""
        if key not in [each.id for each in self.list()]:
            known = ", ".join(each.id for each in self.list()) or _("none")
            raise StudioError(
                _("There is no training {name}. There are: {known}.").format(name=key, known=known)
            )
        return Training(self.folder / key)

    def interrupted(self) -> Sequence[Training]:
        """The trainings whose process ended before they did, and can go on.

        Those too that had come to their end, and of which no model was made yet.
        """
        return [each for each in self.list() if _is_unfinished(each) and not each.running_elsewhere]


def _is_unfinished(training: Training) -> bool:
    if training.state in GOING or (training.state == "failed" and training.can_go_on):
        return True
    ended = training.state in ("done", "stopped") and "published" not in training.document
    return ended and training.best() is not None


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

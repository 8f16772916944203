"""Where a training without torch is, so that it can go on: models, and a note on the newest.

In the folder of the training: `models/step-…/`, of which the newest three are kept, and
`resume.json`, which says from which of them to go on, the newest first.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from aigc_studio import files
from aigc_studio.api import (
    Example,
    GeneratorError,
    StudioError,
    documents,
    limits,
    load_model,
    save_model,
)
from aigc_studio.api.kinds import ListOf, Number, Whole, record
from aigc_studio.translation import _

if TYPE_CHECKING:
    import numpy as np

KEPT = 3


class Pupil(Protocol):
    """What learns: a class of the plugin's, which `generate` can restore as well."""

    def learn(self, example: Example) -> Mapping[str, float] | None:
        """Learn from one example; numbers worth watching, or None. `random` is seeded for it."""

    def contents(self) -> tuple[Mapping[str, Any] | None, Mapping[str, np.ndarray] | None]:
        """All that it knows, as `save_model` takes it: a document and arrays."""

    def restore(self, document: dict[str, Any], arrays: dict[str, np.ndarray]) -> None:
        """Know what `contents` gave, and nothing else: as `load_model` gives it."""


@dataclass(frozen=True)
class Place:
    """How many examples were learned from, and the seconds that it took."""

    step: int
    seconds: float

    @property
    def name(self) -> str:
        """The name of its model's folder."""
        return f"step-{self.step:08d}"


_places = ListOf(record({"step": Whole(), "seconds": Number(0)}), KEPT)


class Places:
    """The models that a training wrote on its way, below its folder."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.models = folder, folder / "models"
        self.note = folder / "resume.json"
        self.kept: list[Place] = []

    def clear(self) -> None:
        """Remove what an earlier training left in this folder."""
        self.note.unlink(missing_ok=True)
        shutil.rmtree(self.models, ignore_errors=True)

    def take_up(self, pupil: Pupil) -> Place | None:
        """Put the newest model that is whole back into `pupil`; None where nothing was saved.

        Raises GeneratorError when all are damaged.
        """
        if not self.note.exists():
            return None
        for number, place in enumerate(listed := self._listed()):
            try:
                contents = load_model(self.models / place.name)
            except StudioError:  # a disk damaged it: the one before it is still whole
                continue
            pupil.restore(*contents)
            self.kept = listed[number:]
            return place
        raise GeneratorError(
            _("What this training was to go on from is damaged, so it cannot: start it again.")
        )

    def _listed(self) -> list[Place]:
        try:
            told = documents.read(self.note, limits.CARD_BYTES, kind=_places)
        except (OSError, documents.Damaged):
            return []
        return [Place(each["step"], each["seconds"]) for each in told]

    def save(self, pupil: Pupil, place: Place) -> Path:
        """Write the model of a place, and then that it is there; give its folder."""
        path = save_model(self.models / place.name, *pupil.contents())
        self.kept = [place, *(each for each in self.kept if each.step != place.step)][:KEPT]
        files.write_json(self.note, [asdict(each) for each in self.kept])
        names = {each.name for each in self.kept}
        for left in self.models.glob("step-*"):
            if left.name not in names:
                shutil.rmtree(left, ignore_errors=True)
        return path

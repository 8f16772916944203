"""What a generator is put to work on: drawn by the kit, or of a dataset that its author gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aigc_studio.api.artifacts import Artifact, Medium
from aigc_studio.api.dataset import Dataset
from aigc_studio.testing.datasets import draw, told_of, write_dataset
from aigc_studio.testing.report import Violation
from aigc_studio.translation import _


@dataclass(frozen=True)
class Material:
    """Artifacts, the label of each (or no labels), and what else is told of each."""

    artifacts: list[Artifact]
    labels: list[str]
    told: Sequence[Mapping[str, Any]]

    def write(self, folder: Path, medium: Medium) -> Dataset:
        """The training part of a dataset of it in `folder`, of this medium."""
        path = write_dataset(folder, self.artifacts, self.labels, medium, self.told)
        return Dataset(path)


def material(
    medium: Medium, count: int, size: int = 28, given: Dataset | None = None, *, other: bool = False
) -> Material:
    """So much of it: drawn, `size` large, or the first examples of `given`, which come again where
    there are too few; with `other` the last ones.

    Raises `Violation` for a dataset of another medium, or with nothing in it.
    """
    if given is None:
        artifacts, labels = draw(medium, count, size)
        return Material(artifacts, labels, [told_of(each) for each in artifacts])
    if given.medium != medium or not len(given):
        sentence = _("The data {name} has none of what it learns from: give the kit other data.")
        raise Violation(sentence.format(name=given.name))
    places = [number % len(given) for number in range(count)]
    examples = [given[len(given) - 1 - place if other else place] for place in places]
    labels = [each.label for each in examples]
    told = [dict(each.attributes) for each in examples]
    return Material([each.artifact for each in examples], labels if any(labels) else [], told)

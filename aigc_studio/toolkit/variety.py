"""How varied the samples of a training are beside what it learns from, and whether that is lost."""

from __future__ import annotations

import math
from collections.abc import Generator, Mapping

from torch import Tensor

from aigc_studio.api import Event
from aigc_studio.toolkit import failures
from aigc_studio.toolkit.judge import ALIKE
from aigc_studio.toolkit.measures import diversity_within, mean_pairwise_distance
from aigc_studio.toolkit.pictures import to_values

_COMPARED = 256
"""So many pictures at most are compared while it learns."""


class Variety:
    """How varied samples are beside `real` pictures (n, c, s, s) of the classes `labels` (n,), and
    the greatest that was so far: to be watched for mode collapse while a generator learns.

    With classes that within a class counts: a net that draws one picture of each class has lost
    its variety, and over all classes its samples still lie apart.
    """

    def __init__(self, real: Tensor, labels: Tensor, classes: int) -> None:
        self._real, self.labels, self._classes = real, labels, classes
        self._spread = mean_pairwise_distance(real)
        self._most, self._told = 0.0, False

    def measured(self, drawn: Tensor) -> dict[str, float]:
        """The measures of samples drawn of the same classes."""
        spread = self._spread
        found = {"diversity": mean_pairwise_distance(drawn) / spread if spread else 1.0}
        if self._classes > 1:
            within = diversity_within(drawn, self.labels, self._real, self.labels)
            found |= {"diversity_within": within} if within is not None else {}
        return found

    def watch(self, drawn: Tensor) -> Generator[Event, None, Mapping[str, float]]:
        """The measures of the newest samples, and a warning once half of their variety is gone.

        It is told by its fall: a net that has learnt little yet draws what is alike, too.
        """
        found = self.measured(drawn)
        now = found.get("diversity_within", found["diversity"])
        if not self._told and now < min(ALIKE, self._most / 2):
            self._told = True
            yield failures.lost_variety(self._most, now)
        self._most = max(self._most, now)
        return found


def variety_of(pixels: Tensor, labels: Tensor, classes: int) -> Variety:
    """The `Variety` of what is learnt from, uint8 (n, c, s, s) of the classes `labels` (n,), by 256
    of it at most: of all classes, since pictures that came in folders lie class by class."""
    every = max(math.ceil(len(pixels) / _COMPARED), 1)
    return Variety(to_values(pixels[::every], -1), labels[::every], classes)

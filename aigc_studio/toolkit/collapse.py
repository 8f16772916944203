"""Signs that a training has collapsed: losses off every scale, samples with nothing in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aigc_studio.api import Artifact, Image, Melody, Preview
from aigc_studio.toolkit import failures

_FIRST = 10
"""Steps in which the scale of a loss is learned: its smallest size in them, 1 at the least."""
_FACTOR = 1e5
_STEPS = 20
"""A loss that is `_FACTOR` times its scale for so many steps in a row does not come back."""

_MOST_BANDS, _LOWEST_BAND = 16, 8


class Scales:
    """The scale of each loss, from its first steps on; plain numbers, for a checkpoint to hold."""

    def __init__(self, kept: Mapping[str, list[float]] | None = None) -> None:
        # By name: the scale, how many steps it was learned from, how many in a row left it.
        self.kept = {name: list(numbers) for name, numbers in (kept or {}).items()}

    @property
    def left(self) -> bool:
        """Whether a loss was off its scale at the last step."""
        return any(beyond > 0 for _scale, _seen, beyond in self.kept.values())

    def runaway(self, numbers: Mapping[str, float]) -> str:
        """Take up one step's losses; the name of one that has left its scale for good, or empty."""
        for name, value in numbers.items():
            size = max(abs(value), 1.0)
            scale, seen, beyond = self.kept.get(name, [size, 0.0, 0.0])
            beyond = beyond + 1.0 if size > _FACTOR * scale else 0.0
            if seen < _FIRST:
                scale, seen = min(scale, size), seen + 1.0
            self.kept[name] = [scale, seen, beyond]
            if beyond >= _STEPS:
                return name
        return ""


class Looks:
    """What the samples look like: since which step there is nothing in them.

    `blank_since` is -1 while there is something, and `told` whether the person knows.
    """

    def __init__(self, kept: Mapping[str, Any] | None = None) -> None:
        kept = kept or {}
        self.blank_since = int(kept.get("blank_since", -1))
        self.told = bool(kept.get("told", False))

    @property
    def kept(self) -> dict[str, Any]:
        """What a resumed run must know."""
        return {"blank_since": self.blank_since, "told": self.told}

    @property
    def blank(self) -> bool:
        """Whether the newest sample had nothing in it."""
        return self.blank_since >= 0

    def take(self, shown: Artifact | Preview, step: int) -> None:
        """Look at the sample of a step. That of step 0 does not count: nothing is learned yet."""
        artifact = shown.artifact if isinstance(shown, Preview) else shown
        if step == 0 or not is_blank(artifact):
            self.blank_since, self.told = -1, False
        elif self.blank_since < 0:
            self.blank_since = step


def is_blank(artifact: Artifact) -> bool:
    """Whether there is nothing in a sample: one colour, one character, no tone.

    Of a picture also whether it is one row again and again, as a grid of samples is when all nets
    draw the same whatever they are given.
    """
    if isinstance(artifact, Image):
        pixels = artifact.pixels.reshape(artifact.height * artifact.width, -1)
        return bool((pixels == pixels[0]).all()) or _repeats(artifact)
    if isinstance(artifact, Melody):
        return not artifact.notes
    return len(set(artifact.value.strip())) < 2


def _repeats(picture: Image) -> bool:
    """Whether a picture is made of equal bands, each of the height of a small picture at least."""
    height, lines = picture.height, picture.pixels.reshape(picture.height, -1).astype("int16")
    for count in range(2, _MOST_BANDS + 1):
        if height % count == 0 and height // count >= _LOWEST_BAND:
            bands = lines.reshape(count, height // count, -1)
            if (abs(bands - bands[0]) <= 1).all():
                return True
    return False


def check_finite(numbers: Mapping[str, float], step: int, best: int | None) -> None:
    """Raise GeneratorError for a number that is infinite or none. `best`: the best model's step."""
    for name, value in numbers.items():
        if not abs(value) < float("inf"):
            raise failures.not_a_number(name, step, best)

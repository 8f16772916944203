"""Signs that a training has collapsed: losses off every scale, samples with nothing in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aigc_studio.api import Artifact, Image, Melody, Preview
from aigc_studio.toolkit import failures

_FIRST = 10
"""Steps in which the scale of a number is learned: its smallest size in them, those of 0 apart."""
_FACTOR = 1e5
_LEAST = 1e3
"""Smaller losses never count as off their scale: some begin at nearly 0 and are meant to grow."""
_STEPS = 20
"""A loss that is `_FACTOR` times its scale for so many steps in a row does not come back."""

_BEGINNING = 20
"""Steps before which a sample may well have nothing in it."""
_MOST_BANDS, _LOWEST_BAND = 16, 8


class Scales:
    """The scale of each loss, from its first steps on; plain numbers, for a checkpoint to hold.

    A counter (tokens, examples, seconds) is no loss: what has never fallen, and has grown at half
    of the steps or more, is judged by how much it grows at a step. A loss that runs away from its
    first step on is still seen, because it grows faster and faster.
    """

    def __init__(self, kept: Mapping[str, list[float]] | None = None) -> None:
        self.kept = {name: list(numbers) for name, numbers in (kept or {}).items()}

    @property
    def left(self) -> bool:
        """Whether a loss was off its scale at the last step."""
        return any(_Course(*numbers).off > 0 for numbers in self.kept.values())

    def runaway(self, numbers: Mapping[str, float]) -> str:
        """Take up one step's losses; the name of one that has left its scale for good, or empty."""
        gone = ""
        for name, value in numbers.items():
            course = _Course(*self.kept.get(name, []))
            course.take(value)
            self.kept[name] = list(vars(course).values())
            if course.off >= _STEPS:
                gone = gone or name
        return gone


@dataclass
class _Course:
    """What is known of one number: its scale, from how many steps, for how many it is off now.

    The same of its growth from step to step; then how often it grew, in how many steps, whether it
    ever fell, and its last value. A checkpoint of before has the first three, and so no counters.
    """

    scale: float = 0.0
    seen: float = 0.0
    beyond: float = 0.0
    growth_scale: float = 0.0
    growth_seen: float = 0.0
    growth_beyond: float = 0.0
    grew: float = 0.0
    steps: float = 0.0
    fell: float = 0.0
    last: float = 0.0

    @property
    def off(self) -> float:
        """For how many steps in a row it has been off its scale, if it is a loss."""
        counts = not self.fell and self.steps > 1 and 2 * self.grew >= self.steps - 1
        return self.growth_beyond if counts else self.beyond

    def take(self, value: float) -> None:
        """Take up the number of one more step."""
        if self.seen and not self.steps:
            self.fell = 1.0
        growth = value - self.last if self.steps else 0.0
        self.grew, self.fell = self.grew + (growth > 0), float(self.fell or growth < 0)
        self.steps, self.last = self.steps + 1.0, value
        self.scale, self.seen, self.beyond = _judged(value, self.scale, self.seen, self.beyond)
        self.growth_scale, self.growth_seen, self.growth_beyond = _judged(
            growth, self.growth_scale, self.growth_seen, self.growth_beyond
        )


def _judged(value: float, scale: float, seen: float, beyond: float) -> tuple[float, float, float]:
    """The scale with one more value, of how many it is, and how many in a row were off it."""
    size = abs(value)
    off = seen > 0 and size > max(_FACTOR * scale, _LEAST)
    if size > 0 and seen < _FIRST:
        scale, seen = min(scale, size) if seen else size, seen + 1.0
    return scale, seen, beyond + 1.0 if off else 0.0


class Looks:
    """What the samples look like: since which step there is nothing in them.

    `blank_since` is -1 while there is something, and `told` whether the person knows. Before step
    20 samples count only once one of them had something in it: nets that have learnt nothing yet
    draw one grey, and that is no collapse.
    """

    def __init__(self, kept: Mapping[str, Any] | None = None) -> None:
        kept = kept or {}
        self.blank_since = int(kept.get("blank_since", -1))
        self.told = bool(kept.get("told", False))
        self._begun = bool(kept.get("begun", False))

    @property
    def kept(self) -> dict[str, Any]:
        """What a resumed run must know."""
        return {"blank_since": self.blank_since, "told": self.told, "begun": self._begun}

    @property
    def blank(self) -> bool:
        """Whether the newest sample had nothing in it."""
        return self.blank_since >= 0

    def take(self, shown: Artifact | Preview, step: int) -> None:
        """Look at the sample of a step. That of step 0 never counts: nothing is learned yet."""
        artifact = shown.artifact if isinstance(shown, Preview) else shown
        if step == 0 or not is_blank(artifact):
            self.blank_since, self.told = -1, False
            self._begun = self._begun or step > 0
        elif self.blank_since < 0 and (self._begun or step >= _BEGINNING):
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


def losses_of(trainee: object, numbers: Mapping[str, float]) -> Mapping[str, float]:
    """Those numbers of a step that the trainee's `losses` names; all where it has no such."""
    names = getattr(trainee, "losses", None)
    if names is None:
        return numbers
    return {name: value for name, value in numbers.items() if name in names}

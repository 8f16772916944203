"""What kind of picture a model knows: a small fingerprint of what it learnt from.

Nothing of it knows a generator. A picture is brought to one form (its drawn part, cut out, at one
height) and described by a few numbers that do not depend on where it stands, how large it is, what
colour its ink has, and whether it is dark on light. A model knows pictures whose numbers lie where
those of its data lie, and as far beside it as pictures do that were held out from the training.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aigc_studio.api.kinds import ListOf, Number, record

if TYPE_CHECKING:
    import numpy as np

    from aigc_studio.api.artifacts import Image

    Values = np.ndarray[Any, np.dtype[np.float64]]

TRAITS = ("ground", "inks", "tones", "shading", "fill", "crossings")
"""What is measured of a picture, each 0 or more; see `traits_of`."""
LEAST = 20
"""Fewer pictures than these say nothing of what a model knows."""
_FORMAT = 1
_MARGIN = 2.5
"""How much farther than every held-out picture one may lie: a pen is no scanner."""
_FLOORS = (0.05, 0.02, 0.04, 0.02, 0.05, 0.4)
"""The least spread of each trait that counts: data all of one kind is no reason to be strict."""
_FAINTEST = 24 / 255
"""Less contrast than this is an empty picture."""
_HEIGHT = 20
"""Pixels of height that the drawn part is brought to."""
_LONGEST = 512
"""Pixels that a picture is thinned out to first."""


@dataclass(frozen=True)
class Likeness:
    """What a model knows: for each trait the range of its data, its spread, and how far is too far.

    `low` and `high` bound the middle 98 % of the training's pictures, `threshold` is in spreads.
    """

    low: tuple[float, ...]
    high: tuple[float, ...]
    spread: tuple[float, ...]
    threshold: float

    def distance(self, picture: Image) -> tuple[float, str, bool]:
        """How far a picture lies outside, in spreads, by which trait most, and whether it has more
        of that; 0 for an empty one."""
        traits = traits_of(picture)
        if traits is None:
            return 0.0, "", False
        ranges = zip(traits, self.low, self.high, self.spread, strict=True)
        far = [max(low - value, value - high, 0.0) / spread for value, low, high, spread in ranges]
        most = far.index(max(far))
        return far[most], TRAITS[most], traits[most] > self.high[most]

    def strange_trait(self, picture: Image) -> tuple[str, bool]:
        """The trait by which a picture is unlike all that the model knows, and whether it has more
        of it; an empty one where it is not."""
        far, trait, more = self.distance(picture)
        return (trait, more) if far > self.threshold else ("", False)

    def to_json(self) -> dict[str, Any]:
        """Plain values for a model's card."""
        rounded = {name: [round(each, 4) for each in getattr(self, name)] for name in _RANGES}
        return {"format": _FORMAT, **rounded, "threshold": round(self.threshold, 3)}

    @classmethod
    def of_card(cls, card: Mapping[str, Any]) -> Likeness | None:
        """What a card says, which may be of another's making; None where it says nothing usable."""
        told: Any = card.get("likeness")
        if not _kind.fits(told) or told["format"] != _FORMAT:
            return None
        low, high, spread = (tuple(map(float, told[name])) for name in _RANGES)
        return cls(low, high, spread, float(told["threshold"]))


_RANGES = ("low", "high", "spread")
_several = ListOf(Number(-1e6, 1e6), len(TRAITS), least=len(TRAITS))
_kind = record(
    {
        "format": Number(),
        "low": _several,
        "high": _several,
        "spread": ListOf(Number(1e-6, 1e6), len(TRAITS), least=len(TRAITS)),
        "threshold": Number(0, 1e6),
    }
)


def measure(pictures: Iterable[Image], held_out: Iterable[Image]) -> Likeness | None:
    """What is known from these pictures; the threshold is from those that were `held_out`.

    None where there are too few of either, or nothing is in them.
    """
    import numpy as np

    learnt, unseen = _table(pictures), _table(held_out)
    if len(learnt) < LEAST or len(unseen) < 1:
        return None
    low, high = np.percentile(learnt, (1, 99), axis=0)
    spread = np.maximum(learnt.std(axis=0), _FLOORS)
    far = np.maximum(np.maximum(low - unseen, unseen - high), 0) / spread
    threshold = max(float(np.percentile(far.max(axis=1), 99.5)), 1.0) * _MARGIN
    least, most, usual = (tuple(map(float, each)) for each in (low, high, spread))
    return Likeness(least, most, usual, threshold)


def _table(pictures: Iterable[Image]) -> Values:
    import numpy as np

    found = [each for each in map(traits_of, pictures) if each is not None]
    return np.array(found, np.float64).reshape(-1, len(TRAITS))


def traits_of(picture: Image) -> tuple[float, ...] | None:
    """The numbers that `TRAITS` names; None for a picture with nothing in it.

    - `ground`: the share of the border that is of one tone (a sheet: 1; a photo: little).
    - `inks`: how far colours stray from the line between the ground and one ink (0: one ink).
    - `tones`: the share of the drawn part that is neither ink nor ground.
    - `shading`: the share of it that is so and as its neighbours are (edges of strokes are not).
    - `fill`: the share of the drawn part's box that is ink.
    - `crossings`: how often a line up or down meets ink (a digit 1 to 3; a page of text many).
    """
    import numpy as np

    pixels = _thinned(picture)
    border = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    ground = np.median(border, axis=0)
    away = pixels - ground
    apart = np.abs(away).max(axis=2)
    most = float(np.percentile(apart, 99.9)) if apart.size > 4000 else float(apart.max())
    if most < _FAINTEST:
        return None
    box = _box(apart > 0.3 * most)
    drawn = _at_one_height(away[box[0] : box[1], box[2] : box[3]])
    strength = np.abs(drawn).max(axis=2)
    strength = np.clip(strength / max(float(np.percentile(strength, 99)), 1e-6), 0, 1)
    plain = float((np.abs(border - ground).max(axis=1) < 0.12).mean())
    tones = float(((strength > 0.25) & (strength < 0.75)).mean())
    fill = float((strength > 0.5).mean())
    crossings = _crossings(apart[box[0] : box[1], box[2] : box[3]] / most)
    return plain, _inks(drawn), tones, _shading(strength), fill, crossings


def _thinned(picture: Image) -> Values:
    """The picture as (height, width, 3), 0 to 1, not too long; what is clear is its ground."""
    import numpy as np

    every = max(1, max(picture.width, picture.height) // _LONGEST)
    pixels: Values = picture.pixels[::every, ::every].astype(np.float64) / 255
    if pixels.ndim == 2:
        pixels = pixels[..., None]
    if pixels.shape[2] == 4:
        colours, alpha = pixels[..., :3], pixels[..., 3:]
        total = float(alpha.sum())
        dark = total > 0 and float((colours * alpha).sum()) / (3 * total) < 0.5
        pixels = colours * alpha + (1 - alpha) * float(dark)
    return np.broadcast_to(pixels, (*pixels.shape[:2], 3))


def _box(ink: Any) -> tuple[int, int, int, int]:
    """First row, last row + 1, first column, last column + 1 of what is ink."""
    import numpy as np

    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1


def _at_one_height(away: Values) -> Values:
    """The drawn part at `_HEIGHT` pixels of height or less, each the mean of what it covers."""
    import numpy as np

    height, width = away.shape[:2]
    rows = min(_HEIGHT, height)
    columns = max(1, min(width, round(width * rows / height)))
    sums = np.add.reduceat(away, np.arange(rows) * height // rows, axis=0)
    sums = np.add.reduceat(sums, np.arange(columns) * width // columns, axis=1)
    counts = np.outer(_lengths(height, rows), _lengths(width, columns))
    return sums / counts[..., None]


def _lengths(whole: int, parts: int) -> Any:
    import numpy as np

    return np.diff(np.append(np.arange(parts) * whole // parts, whole))


def _inks(drawn: Values) -> float:
    """The part of the colours' length that lies off the one direction that most of it lies in."""
    import numpy as np

    rows = drawn.reshape(-1, 3)
    squares = np.linalg.eigvalsh(rows.T @ rows)
    return float(np.sqrt(max(squares[:-1].sum(), 0) / max(squares.sum(), 1e-12)))


def _shading(strength: Values) -> float:
    """The share of pixels between ink and ground that differ little from those around them."""
    import numpy as np

    steps = np.zeros_like(strength)
    for axis in (0, 1):
        step = np.abs(np.diff(strength, axis=axis))
        if axis == 0:
            steps[1:], steps[:-1] = np.maximum(steps[1:], step), np.maximum(steps[:-1], step)
        else:
            steps[:, 1:] = np.maximum(steps[:, 1:], step)
            steps[:, :-1] = np.maximum(steps[:, :-1], step)
    between = (strength > 0.15) & (strength < 0.85)
    return float((between & (steps < 0.2)).mean())


def _crossings(strength: Values) -> float:
    """How often ink begins on the way down a column, on average over columns with ink."""
    ink = strength > 0.4
    begins = (ink[1:] & ~ink[:-1]).sum(axis=0) + ink[0]
    used = begins[begins > 0]
    return float(used.mean()) if len(used) else 0.0

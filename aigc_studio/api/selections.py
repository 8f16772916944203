"""Selections: the part of an artifact that a person wants worked on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, eq=False)
class Mask:
    """The part of a picture: uint8 of the picture's (height, width), 255 = regenerate, 0 = keep.

    Values between count as partly selected; the host blends by them when it brings a result back.
    """

    pixels: np.ndarray[Any, np.dtype[np.uint8]]

    def __post_init__(self) -> None:
        import numpy as np

        pixels = np.ascontiguousarray(self.pixels)
        if pixels.dtype != np.uint8 or pixels.ndim != 2 or 0 in pixels.shape:
            raise ValueError(
                f"a Mask needs uint8 (height, width), not {pixels.dtype} {pixels.shape}"
            )
        if pixels is self.pixels and pixels.flags.writeable:
            pixels = pixels.copy()
        pixels.flags.writeable = False
        object.__setattr__(self, "pixels", pixels)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Mask):
            return NotImplemented
        same_shape = self.pixels.shape == other.pixels.shape
        return same_shape and bool((self.pixels == other.pixels).all())

    def __hash__(self) -> int:
        return hash(self.pixels.tobytes())


@dataclass(frozen=True)
class Span:
    """The part of a text: half-open, in code points. `Span(3, 3)` is a place between two."""

    start: int
    stop: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.stop:
            raise ValueError(f"a Span needs 0 <= start <= stop, not {self.start}:{self.stop}")


@dataclass(frozen=True)
class Bars:
    """The part of a melody: first and last bar, counted from 1, both included."""

    first: int
    last: int

    def __post_init__(self) -> None:
        if not 1 <= self.first <= self.last:
            raise ValueError(f"Bars need 1 <= first <= last, not {self.first}:{self.last}")


Selection = Mask | Span | Bars

"""What a model's nets are built from, as its file says it."""

from __future__ import annotations

from dataclasses import dataclass

SIDES = (32, 48, 64, 96, 128)
"""Pixels a side that the nets can be built for."""
KEEP = 0.25
"""How much must change at a place before it is changed there at all, where nobody says."""
FINE = 24
"""The width of the finisher's maps in new models."""
TOUCHES = 192
"""The touches of new models with attributes: 38 places of a choice of five, two kilobytes."""
_RANGES = {
    "width": (4, 128),
    "globals": (1, 256),
    "style": (4, 256),
    "axes": (1, 512),
    "fine": (0, 64),
    "touches": (0, 4096),
    "sketch": (0, 256),
    "draft": (0, 4096),
}
_MOST_GRID = 32


@dataclass(frozen=True)
class FacesSettings:
    """The shape of the nets. `width` is the channels of the widest map; `globals` and `grids` say
    how many numbers a point has: for the whole, and at each place of the innermost maps.
    `channels` is 1 for grey, 3 for colour, 4 with opacity; `style` is how wide the vector is that
    scales and shifts all maps. With `contrast` the encoder sees local contrast beside the picture:
    without it nobody reads a mouth on dark skin, and so models with attributes have it. Along
    `axes` directions it is known exactly how far points spread. The filler's finisher is `fine`
    wide, and models of before have none; so many `touches` say what of attributes is left out of
    drawings, and they have none of these either, nor the principal components with which new ones
    begin (`sketch`, how many) and what attributes say of these (`draft`, room for so many cells).
    Raises ValueError for what cannot be built.
    """

    side: int = 64
    channels: int = 3
    width: int = 24
    globals: int = 64
    grids: tuple[int, ...] = (8, 4)
    style: int = 80
    contrast: bool = False
    axes: int = 64
    fine: int = 0
    touches: int = 0
    sketch: int = 0
    draft: int = 0

    def __post_init__(self) -> None:
        if self.side not in SIDES:
            raise ValueError(f"a side of {self.side} pixels does not work: take one of {SIDES}")
        if self.channels not in (1, 3, 4):
            raise ValueError("channels are 1, 3 or 4")
        for name, (low, high) in _RANGES.items():
            if not low <= getattr(self, name) <= high:
                raise ValueError(f"{name} must be from {low} to {high}")
        if len(self.grids) > 3 or not all(0 <= each <= _MOST_GRID for each in self.grids):
            raise ValueError("there are numbers at no more than three levels, and 32 at a place")

    @property
    def patch(self) -> int:
        """How many pixels a side the outermost map takes together."""
        return 2 if self.side <= 64 else 4

    @property
    def widths(self) -> tuple[int, ...]:
        """Channels at each level, the outermost first."""
        return (self.width, 2 * self.width, self.width * 8 // 3, 3 * self.width)

    @property
    def filler_width(self) -> int:
        """Channels of the filler's widest map, 32 where `width` is 24."""
        return max(self.width // 6 * 8, 8)

    @property
    def innermost(self) -> int:
        """The side of the innermost maps, 2 to 4."""
        return self.side // self.patch // 8

    @property
    def grid_shapes(self) -> tuple[tuple[int, int], ...]:
        """Numbers at a place, and places a side, of the levels from the innermost outwards."""
        return tuple((each, self.innermost << n) for n, each in enumerate(self.grids))

    @property
    def numbers(self) -> int:
        """How many numbers a point has beside those of its attributes."""
        return self.globals + sum(each * side * side for each, side in self.grid_shapes)

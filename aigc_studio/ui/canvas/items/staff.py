"""A tune laid out on staves: systems, bars and notes as numbers.

Lengths are in staff spaces, a quarter of a staff's height. `y` is 0 on the top line of a system's
staff and grows downwards.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from aigc_studio.ui.canvas.items.staff_bars import (
    CLEF,
    HEAD,
    LEAD,
    METRE,
    ROOM,
    SIGN,
    BarShape,
    shapes_of,
    top_place,
)
from aigc_studio.ui.canvas.items.staff_notes import Written

LARGEST = 8.0
"""Board units that a space is high at most."""
_SMALLEST = 0.5
_GAP, _MOST_GAP = 2.2, 2.5
_RAGGED = 1.35
"""So many times as wide as it need be, no wider, becomes a last system that is not full."""


@dataclass
class PlacedBar:
    """A bar in a system: `places` has the left edge of each sign's heads."""

    number: int
    shape: BarShape
    left: float
    right: float
    places: list[float]
    knots: list[tuple[float, float]] = field(default_factory=list)
    """Ticks and where they are, from the bar's beginning to its end."""


@dataclass
class System:
    """One line of music: its staff begins at `top`; `begin` is where its notes do."""

    bars: list[PlacedBar]
    top: float
    above: float
    below: float
    begin: float
    right: float
    signature: dict[str, int]


@dataclass
class Staff:
    """All systems, `width` x `height`."""

    written: Written
    systems: list[System]
    width: float
    height: float
    firsts: list[int] = field(default_factory=list)

    @property
    def top_place(self) -> int:
        """The letter on the top line: F5, or A3 in the bass clef."""
        return top_place(self.written.is_bass)

    def y(self, place: int) -> float:
        """Where a tone is, from its system's top line on."""
        return (self.top_place - place) / 2

    def system_of(self, bar: int) -> System:
        """The system that a bar (counted from 1) is in."""
        return self.systems[max(bisect_right(self.firsts, bar) - 1, 0)]

    def placed(self, bar: int) -> tuple[System, PlacedBar]:
        """A bar, counted from 1; beyond the ends, the first or the last one."""
        bar = min(max(bar, 1), len(self.written.bars))
        system = self.system_of(bar)
        return system, system.bars[bar - system.bars[0].number]

    def bar_at(self, x: float, y: float) -> int:
        """The bar at or next to a point of the whole."""
        tops = [(system.top + system.above - _GAP / 2) for system in self.systems]
        system = self.systems[max(bisect_right(tops, y) - 1, 0)]
        lefts = [bar.left for bar in system.bars]
        return system.bars[max(bisect_right(lefts, x) - 1, 0)].number

    def place_of(self, bar: int, tick: float) -> tuple[System, float]:
        """Where a tick (of the written tune) of a bar is."""
        system, placed = self.placed(bar)
        ticks = [knot[0] for knot in placed.knots]
        at = min(max(bisect_right(ticks, tick) - 1, 0), len(ticks) - 2)
        (start, left), (stop, right) = placed.knots[at : at + 2]
        share = (tick - start) / (stop - start) if stop > start else 0.0
        return system, left + (right - left) * min(max(share, 0.0), 1.0)


def fitted(
    tune: Written, width: float, height: float, shapes: Sequence[BarShape] | None = None
) -> tuple[Staff, float]:
    """The staff that fills a rectangle of board units best, and how high a space is in it.

    `shapes` are those of its bars, where they are known.
    """
    shapes = shapes_of(tune) if shapes is None else shapes
    low, high = _SMALLEST, LARGEST
    if _height(shapes, width / high) * high > height:
        for _step in range(8):
            middle = (low + high) / 2
            fits = _height(shapes, width / middle) * middle <= height
            low, high = (middle, high) if fits else (low, middle)
        high = low
    staff = laid_out(tune, shapes, width / high)
    # Systems that are equally full may be more of them than when each is as full as can be.
    while staff.height * high > height and high > _SMALLEST / 2:
        high *= 0.97
        staff = laid_out(tune, shapes, width / high)
    return _spread(staff, height / high), high


def _height(shapes: Sequence[BarShape], width: float) -> float:
    """How high all systems together are, `width` spaces wide and each as full as can be."""
    total, first, need, room = 0.0, 0, 0.0, 0.0
    for number, shape in enumerate(shapes):
        if number == first:
            room = width - prefix(shape.bar.signature, with_metre=not first)
        if number > first and need + shape.width > room:
            above, below = _room(shapes[first:number])
            total += below - above + _GAP
            first, need = number, 0.0
            room = width - prefix(shape.bar.signature, with_metre=False)
        need += shape.width
    above, below = _room(shapes[first:])
    return total + below - above


def _room(shapes: Sequence[BarShape]) -> tuple[float, float]:
    """How far a system goes above the top line of its staff, and below it."""
    above = min([ROOM[0], *(shape.top for shape in shapes)])
    return above, max([ROOM[1], *(shape.bottom for shape in shapes)])


def _spread(staff: Staff, height: float) -> Staff:
    """Set the systems apart as far as there is room, within reason."""
    count = len(staff.systems) - 1
    gap = min((height - staff.height) / count, _MOST_GAP) if count else 0.0
    if gap > 0:
        for number, system in enumerate(staff.systems):
            system.top += gap * number
        staff.height += gap * count
    return staff


def laid_out(tune: Written, shapes: Sequence[BarShape], width: float) -> Staff:
    """The systems of a staff that is `width` spaces wide."""
    systems: list[System] = []
    y = 0.0
    for first, stop in _lines(shapes, width):
        inside = shapes[first:stop]
        signature = inside[0].bar.signature
        begin = prefix(signature, with_metre=not first)
        above, below = _room(inside)
        need = sum(shape.width for shape in inside)
        room = width - begin
        is_last = stop == len(shapes)
        if is_last and room > need * _RAGGED:
            room = need * (_RAGGED if len(systems) == 0 else _as_before(systems, _RAGGED))
        bars = _placed(inside, first, begin, room)
        y -= above
        systems.append(System(bars, y, above, below, begin, begin + room, signature))
        y += below + _GAP
    firsts = [system.bars[0].number for system in systems]
    return Staff(tune, systems, width, y - _GAP, firsts)


def prefix(signature: dict[str, int], *, with_metre: bool) -> float:
    """How wide clef, key and metre are."""
    return CLEF + SIGN * len(signature) + 0.7 * bool(signature) + METRE * with_metre


def _as_before(systems: Sequence[System], most: float) -> float:
    """How many times as wide as it need be the former system is."""
    last = systems[-1]
    need = sum(bar.shape.width for bar in last.bars)
    return min((last.right - last.begin) / need, most)


def _lines(shapes: Sequence[BarShape], width: float) -> list[tuple[int, int]]:
    """First and stop of the bars of each system, so that all of them are about as full."""
    count = len(shapes)
    best = [0.0] + [float("inf")] * count
    former = [0] * (count + 1)
    widths = [shape.width for shape in shapes]
    rooms = [
        max(width - prefix(shape.bar.signature, with_metre=not number), 1.0)
        for number, shape in enumerate(shapes)
    ]
    for stop in range(1, count + 1):
        need = 0.0
        for first in range(stop - 1, -1, -1):
            need += widths[first]
            over = need / rooms[first]
            if over > 1 and first < stop - 1:
                break
            # A last system need not be full; one bar that is too wide has to be somewhere.
            slack = (1 / over - 1) ** 2 * (0.3 if stop == count else 1)
            cost = best[first] + (slack if over <= 1 else over * 100)
            if cost < best[stop]:
                best[stop], former[stop] = cost, first
    lines, stop = list[tuple[int, int]](), count
    while stop:
        lines.append((former[stop], stop))
        stop = former[stop]
    return lines[::-1]


def _placed(shapes: Sequence[BarShape], first: int, left: float, room: float) -> list[PlacedBar]:
    fixed = sum(shape.fixed for shape in shapes)
    free = sum(sum(shape.widths) for shape in shapes)
    factor = max((room - fixed) / max(free, 0.1), 0.3)
    if room < fixed:
        factor = 0.3
    bars = []
    for number, shape in enumerate(shapes, first + 1):
        x, places = left + shape.begin, []
        for lead, width in zip(shape.leads, shape.widths, strict=True):
            x += lead
            places.append(x)
            x += width * factor
        knots = [
            (float(sign.tick), place + HEAD / 2)
            for sign, place in zip(shape.bar.signs, places, strict=True)
        ]
        if shape.bar.signs[0].fills:
            places = [(left + shape.begin - LEAD + x) / 2 - HEAD / 2]
            knots = [(float(shape.bar.start), left + 0.6)]
        knots.append((float(shape.bar.stop), x))
        bars.append(PlacedBar(number, shape, left, x, places, knots))
        left = x
    return bars

"""Each bar of a staff by itself: heights of stems, slopes of beams, and the width that it needs.

Lengths are in staff spaces, as in `staff`, which puts the bars together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from aigc_studio.ui.canvas.items.staff_notes import EIGHTH, Sign, StaffBar, Written

CLEF, SIGN, METRE = 3.1, 0.95, 2.3
"""Widths of a clef, of an accidental of a signature, and of a metre."""
LEAD, ACCIDENTAL, DOT = 1.5, 1.15, 0.55
"""From a bar line to a note's head; what an accidental and a dot need besides."""
HEAD = 1.24
"""Width of a note's head."""
STEM = 3.5
BEAM, BETWEEN_BEAMS = 0.5, 0.75
ROOM = (-2.2, 5.2)
"""What a system takes above and below at least."""
_QUARTER = 3.7


@dataclass
class Stem:
    """The stem of a note: up or down, from the head that is farthest from its `end`."""

    up: bool
    end: float
    beamed: bool = False


@dataclass
class BarShape:
    """A bar as it is wherever it comes to stand: heights of stems, and what width it needs."""

    bar: StaffBar
    stems: list[Stem | None]
    leads: list[float]
    widths: list[float]
    begin: float
    top: float
    bottom: float

    @cached_property
    def fixed(self) -> float:
        """Of its width what stays when a line is filled."""
        return self.begin + sum(self.leads)

    @cached_property
    def width(self) -> float:
        """How wide it is where nothing is stretched."""
        return self.fixed + sum(self.widths)


def top_place(is_bass: bool) -> int:
    """The letter on the top line of a staff."""
    return 26 if is_bass else 38


def shapes_of(tune: Written) -> list[BarShape]:
    """Every bar by itself."""
    top = top_place(tune.is_bass)
    return [
        _shape(bar, top, tune.ticks_per_quarter, number) for number, bar in enumerate(tune.bars)
    ]


def _shape(bar: StaffBar, top: int, quarter: int, number: int) -> BarShape:
    stems = _stems(bar, top)
    leads = [_lead(sign) for sign in bar.signs]
    widths = [
        _width(sign, quarter) + 0.7 * _has_flag(sign, stem)
        for sign, stem in zip(bar.signs, stems, strict=True)
    ]
    begin = LEAD
    if number and bar.key is not None:
        begin += SIGN * max(len(bar.signature), 1) + 0.8
    if number and bar.metre is not None:
        begin += METRE
    high, low = ROOM
    for sign, stem in zip(bar.signs, stems, strict=True):
        for head in sign.heads:
            y = (top - head.place) / 2
            high, low = min(high, y - 1.2), max(low, y + 1.2)
        if stem is not None:
            high, low = min(high, stem.end - 0.7), max(low, stem.end + 0.7)
    for first, last, _number in bar.tuplets:
        ends = [each.end for each in stems[first : last + 1] if each is not None]
        up = is_above(bar, stems, first, last)
        if ends and up:
            high = min(high, min(ends) - 1.9)
        elif ends:
            low = max(low, max(ends) + 1.9)
    return BarShape(bar, stems, leads, widths, begin, high, low)


def is_above(bar: StaffBar, stems: Sequence[Stem | None], first: int, last: int) -> bool:
    """Whether the number of a tuplet is above it: at the side of the stems."""
    ups = [each.up for each in stems[first : last + 1] if each is not None]
    return sum(ups) * 2 >= len(ups)


def _lead(sign: Sign) -> float:
    count = sum(head.accidental is not None for head in sign.heads)
    return ACCIDENTAL * count + 0.3 * has_seconds(sign)


def _width(sign: Sign, quarter: int) -> float:
    if sign.fills:
        return 7.0
    wide: float = _QUARTER * (sign.length / quarter) ** 0.42
    return max(wide, 1.9) + DOT * sign.dots


def _has_flag(sign: Sign, stem: Stem | None) -> bool:
    """Whether a flag takes room behind it."""
    return stem is not None and stem.up and not stem.beamed and sign.value >= EIGHTH


def has_seconds(sign: Sign) -> bool:
    """Whether two tones of a chord are next to one another, so that one stands aside."""
    places = [head.place for head in sign.heads]
    return any(high - low < 2 for low, high in pairwise(places))


def _stems(bar: StaffBar, top: int) -> list[Stem | None]:
    stems: list[Stem | None] = [
        Stem(*_single(sign, top)) if sign.heads and sign.value else None for sign in bar.signs
    ]
    for first, last in bar.beams:
        _beam(bar.signs[first : last + 1], stems, first, top)
    return stems


def goes_up(places: Sequence[int], top: int) -> bool:
    """Whether the stem of these tones goes up: that of the middle line goes down."""
    middle = top - 4
    return middle - min(places) > max(places) - middle


def _single(sign: Sign, top: int) -> tuple[bool, float]:
    places = [head.place for head in sign.heads]
    up = goes_up(places, top)
    far = (top - (max(places) if up else min(places))) / 2
    length = STEM + 0.6 * max(sign.value - EIGHTH - 1, 0)
    # Notes on ledger lines have stems that come to the middle line.
    end = min(far - length, 2.0) if up else max(far + length, 2.0)
    return up, end


def _beam(signs: Sequence[Sign], stems: list[Stem | None], first: int, top: int) -> None:
    """Give the notes of a beam one direction, and ends on one slope."""
    places = [head.place for sign in signs for head in sign.heads]
    up = goes_up(places, top)
    outer = [(top - (max if up else min)(head.place for head in sign.heads)) / 2 for sign in signs]
    rise = _slope(outer, up)
    steps = [rise * number / (len(signs) - 1) for number in range(len(signs))]
    levels = max(sign.value for sign in signs) - EIGHTH
    length = STEM - 0.25 + 0.5 * levels
    least = STEM - 0.75 + 0.5 * levels
    if up:
        start = min(
            outer[0] - length, *(y - least - step for y, step in zip(outer, steps, strict=True))
        )
        start = min(start, 2.0 - max(rise, 0))
    else:
        start = max(
            outer[0] + length, *(y + least - step for y, step in zip(outer, steps, strict=True))
        )
        start = max(start, 2.0 - min(rise, 0))
    for number, step in enumerate(steps):
        stems[first + number] = Stem(up, start + step, beamed=True)


def _slope(outer: Sequence[float], up: bool) -> float:
    """How far a beam falls from its first note to its last: less than the notes do."""
    inner = outer[1:-1]
    ends = (min if up else max)(outer[0], outer[-1])
    if inner and ((min(inner) < ends) if up else (max(inner) > ends)):
        return 0.0
    fall = outer[-1] - outer[0]
    most = 0.5 if abs(fall) < 1.5 else 1.0 if abs(fall) < 3 else 1.25
    most = min(most, 0.5 * (len(outer) - 1) + 0.25)
    return max(min(fall * 0.5, most), -most)

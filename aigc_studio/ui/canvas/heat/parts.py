"""What was said of an item's parts, as it is drawn over the item: where, how strongly, in words.

Of texts and melodies parts lie in a row: code points, or ticks. Of pictures they are areas. Where
parts lie over each other the strongest is seen, and all of them are told.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np

    from aigc_studio.api.events import Annotation

    Values = np.ndarray[Any, np.dtype[np.uint8]]
    Places = np.ndarray[Any, np.dtype[np.int64]]

LEVELS = 24
"""Steps of strength that are told apart; a part of value 0 has none."""
SIDE = 1_024
"""Pixels along a side of what is drawn over a picture, at most."""
TOLD = 6
"""So many parts that lie over each other are told in words; of more, how many there are."""

Mark = tuple[int, int, float, str]
"""Start and stop (half-open) of a part in a row, its value in 0 to 1, its words."""


class BarMark(NamedTuple):
    """Bars of a melody that something was said of, counted from 0, half-open; which ticks they are
    is known to the card."""

    first: int
    stop: int
    value: float
    words: str


Row = tuple[str, float, str]
"""A line of a table: the place in words, the value, the words."""
Run = tuple[int, int, int]
"""Start and stop of what is equally strong, and its level in 1 to `LEVELS`."""


class Area:
    """A part of a picture, made smaller as the heat is: its box in those pixels, and which of the
    box belong to it."""

    def __init__(self, left: int, top: int, values: Values, value: float, words: str) -> None:
        import numpy as np

        self.left, self.top = left, top
        self.height, self.width = values.shape
        self.value, self.words = value, words
        self._inside = np.packbits(values > 127)
        self.values: Values | None = values
        """How much each pixel belongs to it; dropped once it is drawn."""

    def covers(self, x: int, y: int) -> bool:
        """Whether a pixel belongs to it."""
        x, y = x - self.left, y - self.top
        if not (0 <= x < self.width and 0 <= y < self.height):
            return False
        bit = y * self.width + x
        return bool(self._inside[bit // 8] >> (7 - bit % 8) & 1)


def mark_of(annotation: Annotation, step: int) -> Mark | BarMark | Area | None:
    """An annotation as the heat keeps it; None for one of nothing. For any thread.

    Of a picture, `step` of its pixels along a side become one.
    """
    from aigc_studio.api.selections import Bars, Span
    from aigc_studio.translation import localized

    selection, words = annotation.selection, localized(annotation.text)
    if isinstance(selection, Span):
        mark = selection.start, selection.stop, annotation.value, words
        return mark if selection.start < selection.stop else None
    if isinstance(selection, Bars):
        return BarMark(selection.first - 1, selection.last, annotation.value, words)
    return _area_of(selection.pixels, step, annotation.value, words)


def strength_of(mark: Mark | BarMark | Area) -> float:
    """The value of what was said: what is 0 has no colour."""
    return mark.value if isinstance(mark, Area) else mark[2]


def _area_of(pixels: Values, step: int, value: float, words: str) -> Area | None:
    import numpy as np

    if step > 1:
        for axis in (0, 1):
            pixels = np.maximum.reduceat(pixels, range(0, pixels.shape[axis], step), axis=axis)
    rows, columns = (np.flatnonzero(pixels.any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return None
    box = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return Area(int(columns[0]), int(rows[0]), pixels[box].copy(), value, words)


def told(strongest: Sequence[tuple[float, str]], count: int = 1) -> str:
    """Values and words of parts, a line each, and how many more there are of `count`."""
    from aigc_studio.translation import ngettext

    shown = [f"{value:.2f}  {words}".rstrip() for value, words in strongest[:TOLD]]
    more = count - len(shown)
    if more > 0:
        sentence = ngettext("… and {count} more", "… and {count} more", more)
        shown.append(sentence.format(count=more))
    return "\n".join(shown)


class RowParts:
    """Of a text or a melody."""

    def __init__(self) -> None:
        self._starts, self._stops = array("q"), array("q")
        self._values, self._words = array("d"), list[str]()
        self._runs: tuple[tuple[int, int, int], list[Run]] | None = None

    def __len__(self) -> int:
        return len(self._words)

    def add(self, marks: Iterable[Mark]) -> tuple[int, int]:
        """Some more was said: gives between which places."""
        before = len(self)
        for start, stop, value, words in marks:
            self._starts.append(start)
            self._stops.append(stop)
            self._values.append(value)
            self._words.append(words)
        self.__dict__.pop("_index", None)
        return min(self._starts[before:], default=0), max(self._stops[before:], default=0)

    @cached_property
    def _index(self) -> tuple[Any, Any, Any, Any, Any]:
        """In the order of the row: numbers, starts, stops, values, and how far those before reach.

        Copies: an array that somebody looks into cannot grow.
        """
        import numpy as np

        starts, stops = (np.array(each, np.int64) for each in (self._starts, self._stops))
        order = np.lexsort((stops, starts))
        starts, stops = starts[order], stops[order]
        values = np.array(self._values, np.float64)[order]
        return order, starts, stops, values, np.maximum.accumulate(stops)

    def _near(self, start: int, stop: int) -> slice:
        """Where in that order those lie that may reach into a stretch."""
        _order, starts, _stops, _values, reach = self._index
        first = int(reach.searchsorted(start, "right"))
        return slice(first, max(int(starts.searchsorted(stop, "left")), first))

    def levels(self, start: int, stop: int) -> Values:
        """The level of each place of a stretch; 0 where nothing was said."""
        return self._levels(self._near(start, stop), start, stop)

    def steps(self, start: int, stop: int) -> tuple[Places, Values]:
        """Where the level changes in a stretch that is too long to look at each of its places: the
        places, the first is `start`, and the level from each on."""
        import numpy as np

        near = self._near(start, stop)
        _order, starts, stops, _values, _reach = (each[near] for each in self._index)
        ends = np.concatenate(([start], starts.clip(start, stop), stops.clip(start, stop)))
        places = np.unique(ends[ends < stop])
        return places, self._levels(near, start, stop, places)

    def _levels(self, near: slice, start: int, stop: int, places: Places | None = None) -> Values:
        """The levels of all places of a stretch, or of `places` where nothing changes between."""
        import numpy as np

        _order, starts, stops, values, _reach = (each[near] for each in self._index)
        if places is None:
            length = max(stop - start, 0)
            starts, stops = starts.clip(start, stop) - start, stops.clip(start, stop) - start
        else:
            length = len(places)
            starts, stops = places.searchsorted(starts), places.searchsorted(stops)
        strength = np.clip(np.ceil(values * LEVELS), 0, LEVELS).astype(np.int64)
        found = np.zeros(length, np.uint8)
        # How many of a level begin and end at each place: any that is under way is seen there.
        for level in np.unique(strength[strength > 0]).tolist():
            chosen = strength == level
            steps = np.bincount(starts[chosen], minlength=length + 1)
            steps -= np.bincount(stops[chosen], minlength=length + 1)
            found[steps.cumsum()[:length] > 0] = level
        return found

    def runs(self, start: int, stop: int) -> list[Run]:
        """The stretches between two places that are equally strong, in order."""
        import numpy as np

        asked = (start, stop, len(self))
        if self._runs is None or self._runs[0] != asked:
            levels = self.levels(start, stop)
            ends = np.flatnonzero(np.diff(levels, prepend=0, append=0))
            runs = [
                (start + first, start + last, level)
                for first, last in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True)
                if (level := int(levels[first]))
            ]
            self._runs = asked, runs
        return self._runs[1]

    def at(self, place: int) -> str:
        """What was said of a place, in words; empty where nothing was."""
        near = self._near(place, place + 1)
        order, _starts, stops, values, _reach = (each[near] for each in self._index)
        here = (stops > place).nonzero()[0]
        strongest = here[(-values[here]).argsort(kind="stable")][:TOLD].tolist()
        lines = [(float(values[n]), self._words[int(order[n])]) for n in strongest]
        return told(lines, len(here))

    def part(self, number: int) -> tuple[int, int]:
        """Start and stop of the part of this number, in the order of the row."""
        _order, starts, stops, _values, _reach = self._index
        return int(starts[number]), int(stops[number])

    def words(self, number: int) -> str:
        """Its value and its words."""
        order, _starts, _stops, values, _reach = self._index
        return told([(float(values[number]), self._words[int(order[number])])])

    def rows(self) -> list[tuple[int, int, float, str]]:
        """All of them in order: start, stop, value and words."""
        order, starts, stops, values, _reach = self._index
        words = (self._words[n] for n in order.tolist())
        columns = (starts.tolist(), stops.tolist(), values.tolist(), words)
        return list(zip(*columns, strict=True))


class PictureParts:
    """Of a picture of `width` x `height` pixels, of which `step` along a side are one here."""

    def __init__(self, width: int, height: int) -> None:
        import numpy as np

        self.step = max(-(-max(width, height) // SIDE), 1)
        self.width, self.height = -(-width // self.step), -(-height // self.step)
        self.values: Values = np.zeros((self.height, self.width), np.uint8)
        """How strong each pixel is, in 0 to 255."""
        self.areas: list[Area] = []

    def __len__(self) -> int:
        return len(self.areas)

    def add(self, marks: Iterable[Area]) -> None:
        """Some more was said."""
        import numpy as np

        for area in marks:
            values, area.values = area.values, None
            if values is None:
                continue
            box = np.s_[area.top : area.top + area.height, area.left : area.left + area.width]
            strong = (values * area.value).astype(np.uint8)
            np.maximum(self.values[box], strong, out=self.values[box])
            self.areas.append(area)

    def at(self, x: int, y: int) -> str:
        """What was said of a pixel of the picture, in words; empty where nothing was."""
        x, y = x // self.step, y // self.step
        here = [(each.value, each.words) for each in self.areas if each.covers(x, y)]
        return told(sorted(here, key=lambda each: -each[0]), len(here))

    def part(self, number: int) -> tuple[int, int, int, int]:
        """Left, top, right and bottom of the part of this number, in pixels of the picture."""
        area, step = self.areas[number], self.step
        right, bottom = area.left + area.width, area.top + area.height
        return area.left * step, area.top * step, right * step, bottom * step

    def words(self, number: int) -> str:
        """Its value and its words."""
        area = self.areas[number]
        return told([(area.value, area.words)])

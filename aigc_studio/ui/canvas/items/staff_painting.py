"""A staff as it is painted, in staff spaces: each bar as three paths, made once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QPainterPath, QPolygonF, QTransform

from aigc_studio.ui import theme
from aigc_studio.ui.canvas.items import staff_glyphs as glyphs
from aigc_studio.ui.canvas.items.staff import PlacedBar, Staff, System
from aigc_studio.ui.canvas.items.staff_bars import (
    ACCIDENTAL,
    BEAM,
    BETWEEN_BEAMS,
    CLEF,
    HEAD,
    METRE,
    SIGN,
    Stem,
    is_above,
)
from aigc_studio.ui.canvas.items.staff_notes import EIGHTH, Sign

LINE, STEM_WIDTH, LEDGER = 0.12, 0.13, 0.16
_sharps = {"F": 38, "C": 35, "G": 39, "D": 36, "A": 33, "E": 37, "B": 34}
_flats = {"B": 34, "E": 37, "A": 33, "D": 36, "G": 32, "C": 35, "F": 31}
"""Where a signature has its accidentals in the treble clef."""
_BASS = 14
"""So many letters lower is the same line in the bass clef, as signatures have it."""


@dataclass(frozen=True)
class Ink:
    """What is filled with one colour: `lines` (stems and beams), `heads`, and all other `signs`."""

    lines: QPainterPath
    heads: QPainterPath
    signs: QPainterPath


class Engraver:
    """Draws the bars of one staff."""

    def __init__(self, staff: Staff) -> None:
        self._staff = staff
        self._bars: dict[int, Ink] = {}
        self._begins: dict[int, QPainterPath] = {}

    def has(self, placed: PlacedBar) -> bool:
        """Whether a bar has been drawn already."""
        return placed.number in self._bars

    def bar(self, placed: PlacedBar) -> Ink:
        """Notes and rests of a bar, with the bar line behind it."""
        if placed.number not in self._bars:
            self._bars[placed.number] = self._draw(placed)
        return self._bars[placed.number]

    def begin(self, system: System) -> QPainterPath:
        """Clef, key and, on the first, metre of a system."""
        first = system.bars[0]
        if first.number not in self._begins:
            path = QPainterPath()
            is_bass = self._staff.written.is_bass
            clef = glyphs.bass_clef() if is_bass else glyphs.treble_clef()
            path.addPath(clef.translated(1.65, 1 if is_bass else 3))
            self._add_key(path, CLEF + 0.35, system.signature)
            metre = first.shape.bar.metre
            if first.number == 1 and metre is not None:
                self._add_metre(path, system.begin - METRE / 2, metre.numerator, metre.denominator)
            self._begins[first.number] = path
        return self._begins[first.number]

    def sign_path(self, sign: Sign, x: float, pitch: int) -> QPainterPath:
        """The head of one of its tones, where it is in its system."""
        path = QPainterPath()
        for head, aside in zip(sign.heads, _asides(sign, True), strict=True):
            if head.pitch == pitch:
                path.addPath(
                    glyphs.head(min(sign.value, 2)).translated(x + aside, self._staff.y(head.place))
                )
        return path

    def _draw(self, placed: PlacedBar) -> Ink:
        ink = Ink(QPainterPath(), QPainterPath(), QPainterPath())
        ink.lines.setFillRule(Qt.FillRule.WindingFill)
        bar, stems = placed.shape.bar, placed.shape.stems
        if placed.number > 1:
            self._add_changes(ink, placed)
        ends = list(self._ends(placed))
        for number, (sign, x) in enumerate(zip(bar.signs, placed.places, strict=True)):
            stem = stems[number]
            if not sign.heads:
                self._add_rest(ink, sign, x)
                continue
            self._add_heads(ink, sign, x, stem)
            if stem is not None:
                self._add_stem(ink, sign, x, stem, ends[number])
        for first, last in bar.beams:
            self._add_beams(ink, placed, first, last, ends)
        for first, last, count in bar.tuplets:
            self._add_tuplet(ink, placed, first, last, count, ends)
        self._add_ties(ink, placed)
        self._add_bar_line(ink, placed)
        return ink

    def _add_bar_line(self, ink: Ink, placed: PlacedBar) -> None:
        x = placed.right
        if placed.number == len(self._staff.written.bars):
            ink.lines.addRect(QRectF(x - 0.5, 0, 0.5, 4))
            ink.lines.addRect(QRectF(x - 1.0, 0, 0.16, 4))
        else:
            ink.lines.addRect(QRectF(x - 0.16, 0, 0.16, 4))

    def _add_changes(self, ink: Ink, placed: PlacedBar) -> None:
        bar, x = placed.shape.bar, placed.left + 0.7
        if (
            bar.key is not None
            and placed.number != self._staff.system_of(placed.number).bars[0].number
        ):
            self._add_key(ink.signs, x, bar.signature)
        if bar.metre is not None:
            at = placed.left + placed.shape.begin - METRE / 2 - 0.9
            self._add_metre(ink.signs, at, bar.metre.numerator, bar.metre.denominator)

    def _add_key(self, path: QPainterPath, x: float, signature: dict[str, int]) -> None:
        for number, (letter, alter) in enumerate(signature.items()):
            place = (_sharps if alter > 0 else _flats)[letter]
            if self._staff.written.is_bass:
                place -= _BASS
            path.addPath(
                glyphs.accidental(alter).translated(x + 0.4 + number * SIGN, self._staff.y(place))
            )

    def _add_metre(self, path: QPainterPath, x: float, above: int, below: int) -> None:
        for number, top in ((above, 0.06), (below, 2.06)):
            path.addPath(_digits(str(number), 1.88, bold=True).translated(x, top))

    def _add_rest(self, ink: Ink, sign: Sign, x: float) -> None:
        path = glyphs.rest(0 if sign.fills else min(sign.value, 6))
        ink.signs.addPath(path.translated(x + HEAD / 2, 2))
        for number in range(sign.dots):
            ink.signs.addPath(glyphs.dot().translated(x + HEAD + 0.4 + 0.5 * number, 1.5))

    def _add_heads(self, ink: Ink, sign: Sign, x: float, stem: Stem | None) -> None:
        up = stem is None or stem.up
        wide = 1.68 if sign.value == 0 else HEAD
        asides = _asides(sign, up)
        for head, aside in zip(sign.heads, asides, strict=True):
            y = self._staff.y(head.place)
            ink.heads.addPath(glyphs.head(min(sign.value, 2)).translated(x + aside, y))
            for line in _ledgers(y):
                ink.lines.addRect(QRectF(x + aside - 0.38, line - LEDGER / 2, wide + 0.76, LEDGER))
        right = x + wide + max(0.0, *asides)
        left = x - max(0.0, *(-aside for aside in asides))
        self._add_accidentals(ink, sign, left)
        flagged = sign.value >= EIGHTH and up and stem is not None and not stem.beamed
        for y in _dot_places([self._staff.y(head.place) for head in sign.heads]):
            for number in range(sign.dots):
                ink.signs.addPath(
                    glyphs.dot().translated(right + 0.42 + 0.3 * flagged + 0.5 * number, y)
                )

    def _add_accidentals(self, ink: Ink, sign: Sign, left: float) -> None:
        column = 0
        for head in reversed(sign.heads):
            if head.accidental is not None:
                x = left - 0.72 - column * ACCIDENTAL
                ink.signs.addPath(
                    glyphs.accidental(head.accidental).translated(x, self._staff.y(head.place))
                )
                column += 1

    def _ends(self, placed: PlacedBar) -> Iterator[float]:
        """Where stems end: those of a beam on the line between its first and its last."""
        shape, places = placed.shape, placed.places
        ends = [stem.end if stem is not None else 0.0 for stem in shape.stems]
        for first, last in shape.bar.beams:
            fall = (ends[last] - ends[first]) / max(places[last] - places[first], 0.01)
            for number in range(first, last + 1):
                ends[number] = ends[first] + fall * (places[number] - places[first])
        yield from ends

    def _add_stem(self, ink: Ink, sign: Sign, x: float, stem: Stem, end: float) -> None:
        ys = [self._staff.y(head.place) for head in sign.heads]
        at = _stem_x(x, stem)
        if stem.up:
            ink.lines.addRect(QRectF(at, end, STEM_WIDTH, max(ys) - 0.16 - end))
        else:
            ink.lines.addRect(QRectF(at, min(ys) + 0.16, STEM_WIDTH, end - min(ys) - 0.16))
        if sign.value >= EIGHTH and not stem.beamed:
            flags = glyphs.flags(sign.value - EIGHTH + 1, stem.up)
            ink.signs.addPath(flags.translated(at + STEM_WIDTH / 2, end))

    def _add_beams(
        self, ink: Ink, placed: PlacedBar, first: int, last: int, ends: Sequence[float]
    ) -> None:
        signs, stems = placed.shape.bar.signs, placed.shape.stems
        stem = stems[first]
        assert stem is not None
        most = max(sign.value for sign in signs[first : last + 1])
        xs = [_stem_x(x, stem) for x in placed.places]
        for level in range(most - EIGHTH + 1):
            y = level * BETWEEN_BEAMS * (1 if stem.up else -1)
            for begin, end in _levels(signs, first, last, EIGHTH + level):
                left, right = xs[begin], xs[end]
                if begin == end:
                    # A note that is alone with so many beams has a stub of it.
                    left, right = (left, left + HEAD) if begin == first else (left - HEAD, left)
                slope = (ends[last] - ends[first]) / max(xs[last] - xs[first], 0.01)
                tops = [ends[first] + slope * (x - xs[first]) + y for x in (left, right)]
                _add_beam(ink.lines, left, right + STEM_WIDTH, tops, stem.up)

    def _add_tuplet(
        self, ink: Ink, placed: PlacedBar, first: int, last: int, count: int, ends: Sequence[float]
    ) -> None:
        shape = placed.shape
        up = is_above(shape.bar, shape.stems, first, last)
        inside = range(first, last + 1)
        ys = [ends[n] for n in inside if shape.stems[n] is not None]
        ys += [
            self._staff.y(h.place) + (-1 if up else 1)
            for n in inside
            for h in shape.bar.signs[n].heads
        ]
        edge = (min if up else max)(ys or [0.0 if up else 4.0])
        beamed = any(begin <= first and last <= end for begin, end in shape.bar.beams)
        left, right = placed.places[first], placed.places[last] + HEAD
        if beamed and shape.stems[first] is not None:
            stem = shape.stems[first]
            assert stem is not None
            left = right = _stem_x((placed.places[first] + placed.places[last]) / 2, stem)
            edge = (ends[first] + ends[last]) / 2
        y = edge + (-1.45 if up else 0.45)
        ink.signs.addPath(
            _digits(str(count), 1.0, bold=True, italic=True).translated((left + right) / 2, y)
        )
        if not beamed:
            _add_bracket(ink.lines, left - 0.1, right + 0.1, y + 0.5, up)

    def _add_ties(self, ink: Ink, placed: PlacedBar) -> None:
        bar = placed.shape.bar
        for number, sign in enumerate(bar.signs):
            if not sign.tied:
                continue
            stem, x = placed.shape.stems[number], placed.places[number]
            last = number == len(bar.signs) - 1
            after = self._after(placed) if last else placed.places[number + 1]
            for head in sign.heads:
                above = stem is None or not stem.up
                if len(sign.heads) > 1:
                    above = head is sign.heads[-1]
                y = self._staff.y(head.place) + (-0.62 if above else 0.62)
                begin = x + (HEAD + 0.85 if sign.dots else HEAD * 0.75)
                ink.signs.addPath(_tie(begin, max(after + HEAD * 0.25, begin + 1.0), y, above))
        if self._comes_over(placed):
            sign, stem = bar.signs[0], placed.shape.stems[0]
            above = stem is None or not stem.up
            for head in sign.heads:
                y = self._staff.y(head.place) + (-0.62 if above else 0.62)
                ink.signs.addPath(
                    _tie(placed.places[0] - 1.5, placed.places[0] + HEAD * 0.25, y, above)
                )

    def _after(self, placed: PlacedBar) -> float:
        """Where the note is that a tie over the bar line leads to, or the end of the system."""
        bars = self._staff.system_of(placed.number).bars
        if bars[-1] is placed:
            return placed.right - HEAD * 0.25 - 0.2
        return bars[placed.number - bars[0].number + 1].places[0]

    def _comes_over(self, placed: PlacedBar) -> bool:
        """Whether a tie comes from the system before."""
        if placed.number == 1 or self._staff.system_of(placed.number).bars[0] is not placed:
            return False
        return self._staff.written.bars[placed.number - 2].signs[-1].tied


def _stem_x(x: float, stem: Stem) -> float:
    return x + HEAD - STEM_WIDTH if stem.up else x


def _asides(sign: Sign, up: bool) -> list[float]:
    """How far each head of a chord is aside, where two would be in one place."""
    asides: list[float] = []
    for number, head in enumerate(sign.heads):
        close = number > 0 and head.place - sign.heads[number - 1].place < 2
        asides.append(HEAD - STEM_WIDTH if close and not asides[-1] else 0.0)
    return asides


def _ledgers(y: float) -> list[float]:
    """The ledger lines of a head."""
    above = [float(-line) for line in range(1, int(-y) + 1)] if y <= -1 else []
    return above + ([float(line) for line in range(5, int(y) + 1)] if y >= 5 else [])


def _dot_places(ys: Sequence[float]) -> list[float]:
    """Dots are between lines: beside a head on a line, above it."""
    return sorted({y - 0.5 if y == int(y) else y for y in ys})


def _levels(signs: Sequence[Sign], first: int, last: int, value: int) -> Iterator[tuple[int, int]]:
    """Runs of notes with as many beams or more."""
    run: list[int] = []
    for number in range(first, last + 1):
        if signs[number].value >= value:
            run.append(number)
        elif run:
            yield run[0], run[-1]
            run = []
    if run:
        yield run[0], run[-1]


def _add_beam(
    path: QPainterPath, left: float, right: float, tops: Sequence[float], up: bool
) -> None:
    begin, end = (top - (0 if up else BEAM) for top in tops)
    corners = (
        (left, begin),
        (right, end),
        (right, end + BEAM),
        (left, begin + BEAM),
        (left, begin),
    )
    path.addPolygon(QPolygonF([QPointF(x, y) for x, y in corners]))


def _add_bracket(path: QPainterPath, left: float, right: float, y: float, up: bool) -> None:
    middle, hook = (left + right) / 2, 0.7 if up else -0.7
    for begin, end in ((left, middle - 0.6), (middle + 0.6, right)):
        path.addRect(QRectF(begin, y - 0.06, end - begin, 0.12))
    for x in (left, right - 0.12):
        path.addRect(QRectF(x, min(y, y + hook), 0.12, abs(hook)))


def _tie(left: float, right: float, y: float, above: bool) -> QPainterPath:
    return glyphs.tie(QPointF(left, y), QPointF(right, y), above=above)


@cache
def _digits(words: str, tall: float, *, bold: bool, italic: bool = False) -> QPainterPath:
    """A number of that height, centred, its top at 0."""
    font = QFont(theme.body_font())
    font.setPixelSize(64)
    font.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Medium)
    font.setItalic(italic)
    path = QPainterPath()
    path.addText(0, 0, font, words)
    path = path.simplified()
    box = path.boundingRect()
    factor = tall / max(box.height(), 1e-6)
    place = QTransform.fromScale(factor, factor).translate(-box.center().x(), -box.top())
    return place.map(path)


def number_path(number: int) -> QPainterPath:
    """The number of a bar, its top left at 0."""
    path = _digits(str(number), 0.95, bold=False)
    return path.translated(-path.boundingRect().left(), 0)

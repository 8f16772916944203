"""The signs of a staff as paths, drawn with a broad pen: a point and the pen's width there.

Their unit is a staff space, and `y` grows downwards. Each is centred on what it is about: a clef on
its line, an accidental and a head on their tone, a rest on the middle line, a flag on its stem.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath, QTransform

_Stroke = Sequence[tuple[float, float, float]]
_STEPS = 10
_FINE = 64.0
"""Pixels that a space may be high before corners are seen."""


@cache
def treble_clef() -> QPainterPath:
    """Its curl is around the line of G."""
    path = _swelled((
        (-0.10, 0.52, 0.10), (-0.52, 0.28, 0.16), (-0.50, -0.36, 0.20), (0.02, -0.74, 0.24),
        (0.62, -0.52, 0.30), (0.86, 0.10, 0.28), (0.58, 0.76, 0.20), (-0.05, 1.02, 0.15),
        (-0.80, 0.80, 0.22), (-1.24, 0.08, 0.34), (-1.08, -0.85, 0.36), (-0.48, -1.70, 0.32),
        (0.22, -2.45, 0.30), (0.55, -3.30, 0.30), (0.44, -4.02, 0.20), (0.24, -4.30, 0.07),
    ))  # fmt: skip
    stem = _swelled((
        (0.24, -4.30, 0.07), (-0.06, -3.86, 0.18), (-0.22, -3.20, 0.17), (-0.16, -2.40, 0.14),
        (0.10, -0.90, 0.13), (0.34, 0.60, 0.13), (0.44, 1.50, 0.14), (0.30, 2.18, 0.15),
        (-0.16, 2.46, 0.12), (-0.58, 2.30, 0.10),
    ))  # fmt: skip
    return path.united(stem).united(_dot(-0.46, 2.02, 0.36))


@cache
def bass_clef() -> QPainterPath:
    """Its dots are around the line of F."""
    path = _swelled((
        (-0.98, 0.06, 0.10), (-0.92, -0.52, 0.13), (-0.45, -0.92, 0.16), (0.15, -0.92, 0.24),
        (0.66, -0.48, 0.38), (0.78, 0.20, 0.42), (0.52, 0.98, 0.34), (-0.10, 1.72, 0.20),
        (-1.10, 2.42, 0.06),
    ))  # fmt: skip
    path = path.united(_dot(-0.68, 0.02, 0.36))
    return path.united(_dot(1.42, -0.5, 0.21)).united(_dot(1.42, 0.5, 0.21))


@cache
def accidental(alter: int) -> QPainterPath:
    """A sharp (1), a flat (-1) or a natural (0)."""
    return {1: _sharp, -1: _flat, 0: _natural}[alter]()


def _sharp() -> QPainterPath:
    path = _bar(-0.21, -1.22, -0.21, 1.38, 0.12)
    path = path.united(_bar(0.21, -1.38, 0.21, 1.22, 0.12))
    for y in (-0.47, 0.47):
        path = path.united(_slant(-0.46, y + 0.15, 0.46, y - 0.15, 0.28))
    return path


def _flat() -> QPainterPath:
    path = _bar(-0.34, -1.75, -0.34, 0.68, 0.12)
    bowl = _swelled((
        (-0.34, -0.22, 0.10), (-0.02, -0.50, 0.16), (0.28, -0.38, 0.26), (0.28, -0.02, 0.28),
        (0.02, 0.36, 0.18), (-0.34, 0.66, 0.08),
    ))  # fmt: skip
    return path.united(bowl)


def _natural() -> QPainterPath:
    path = _bar(-0.27, -1.38, -0.27, 0.72, 0.12)
    path = path.united(_bar(0.27, -0.72, 0.27, 1.38, 0.12))
    for y in (-0.5, 0.5):
        path = path.united(_slant(-0.33, y + 0.12, 0.33, y - 0.12, 0.28))
    return path


@cache
def head(value: int) -> QPainterPath:
    """A whole note's (0), a half's (1) or any other's; its left edge is at 0."""
    if value == 0:
        path = _oval(0.84, 0.50, 0, 0.84)
        return path.subtracted(_oval(0.46, 0.31, 58, 0.84))
    path = _oval(0.645, 0.46, -20, 0.62)
    return path.subtracted(_oval(0.54, 0.24, -30, 0.62)) if value == 1 else path


@cache
def rest(value: int) -> QPainterPath:
    """The rest of a value."""
    path = QPainterPath()
    if value == 0:
        path.addRect(QRectF(-0.6, -1.0, 1.2, 0.5))
    elif value == 1:
        path.addRect(QRectF(-0.6, -0.5, 1.2, 0.5))
    elif value == 2:
        return _quarter_rest()
    else:
        return _short_rest(min(value - 2, 4))
    return path


def _quarter_rest() -> QPainterPath:
    path = QPainterPath(QPointF(-0.22, -1.45))
    path.lineTo(0.44, -0.58)
    path.cubicTo(0.10, -0.28, 0.10, 0.05, 0.50, 0.66)
    path.cubicTo(0.02, 0.46, -0.26, 0.72, 0.10, 1.42)
    path.cubicTo(-0.70, 0.94, -0.52, 0.26, 0.12, 0.40)
    path.lineTo(-0.42, -0.32)
    path.cubicTo(-0.02, -0.62, 0.02, -0.94, -0.22, -1.45)
    path.closeSubpath()
    return path


def _short_rest(balls: int) -> QPainterPath:
    top = -0.5 - (balls // 2 if balls > 1 else 0)
    low = 1.0 if balls == 1 else 1.95
    top = -0.5 if balls <= 2 else -1.5
    lean = 0.36 / 1.5
    path = _swelled(((0.44, top - 0.28, 0.10), (0.44 - lean * (low - top), low, 0.14)))
    for ball in range(balls):
        y = top + ball
        x = 0.44 - lean * (ball + 0.05)
        path = path.united(_dot(x - 0.68, y - 0.02, 0.23))
        arc = ((x - 0.70, y + 0.16, 0.06), (x - 0.36, y + 0.14, 0.10), (x, y - 0.24, 0.07))
        path = path.united(_swelled(arc))
    return path


@cache
def flags(count: int, up: bool) -> QPainterPath:
    """As many flags at the end of a stem that goes up or down."""
    path = QPainterPath()
    for number in range(count):
        low = 2.9 if count == 1 else 2.3
        one = QPainterPath(QPointF(0, 0))
        one.cubicTo(0.06, 0.72, 1.16, 1.06, 1.02, 2.12)
        one.cubicTo(0.99, 2.40, 0.90, 2.66, 0.74, low)
        one.cubicTo(0.94, 2.10, 0.80, 1.44, 0, 0.98)
        one.closeSubpath()
        path = path.united(_flat_sided(one).translated(0, 0.8 * number))
    return path if up else QTransform.fromScale(1, -1).map(path)


@cache
def dot() -> QPainterPath:
    """A dot behind a note."""
    return _dot(0, 0, 0.21)


def tie(left: QPointF, right: QPointF, *, above: bool) -> QPainterPath:
    """A bow between two heads, thickest in the middle."""
    width = right.x() - left.x()
    rise = min(0.45 + width * 0.07, 1.3) * (-1 if above else 1)
    thick = 0.20 * (-1 if above else 1)
    path = QPainterPath(left)
    one, two = left.x() + width * 0.28, right.x() - width * 0.28
    path.cubicTo(
        one,
        left.y() + rise * 1.3 + thick,
        two,
        right.y() + rise * 1.3 + thick,
        right.x(),
        right.y(),
    )
    path.cubicTo(
        two,
        right.y() + rise * 1.3 - thick * 0.4,
        one,
        left.y() + rise * 1.3 - thick * 0.4,
        left.x(),
        left.y(),
    )
    path.closeSubpath()
    return path


def _dot(x: float, y: float, radius: float) -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(QPointF(x, y), radius, radius)
    return _flat_sided(path)


def _oval(wide: float, tall: float, turn: float, x: float) -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(QPointF(0, 0), wide, tall)
    return _flat_sided(QTransform().translate(x, 0).rotate(turn).map(path))


def _flat_sided(path: QPainterPath) -> QPainterPath:
    """The same of many short lines: Qt joins and cuts paths of this size too coarsely."""
    fine = QPainterPath()
    for polygon in path.toSubpathPolygons(QTransform.fromScale(_FINE, _FINE)):
        fine.addPolygon(polygon)
    return QTransform.fromScale(1 / _FINE, 1 / _FINE).map(fine)


def _bar(x: float, top: float, _x: float, bottom: float, width: float) -> QPainterPath:
    path = QPainterPath()
    path.addRect(QRectF(x - width / 2, top, width, bottom - top))
    return path


def _slant(left: float, begin: float, right: float, end: float, thick: float) -> QPainterPath:
    path = QPainterPath(QPointF(left, begin - thick / 2))
    path.lineTo(right, end - thick / 2)
    path.lineTo(right, end + thick / 2)
    path.lineTo(left, begin + thick / 2)
    path.closeSubpath()
    return path


def _swelled(points: _Stroke) -> QPainterPath:
    """A smooth line through points, as wide at each as is said there."""
    fine = _smooth(points)
    left, right = [], []
    for number, (x, y, wide) in enumerate(fine):
        before, after = fine[max(number - 1, 0)], fine[min(number + 1, len(fine) - 1)]
        along = math.atan2(after[1] - before[1], after[0] - before[0])
        dx, dy = -math.sin(along) * wide / 2, math.cos(along) * wide / 2
        left.append(QPointF(x + dx, y + dy))
        right.append(QPointF(x - dx, y - dy))
    path = QPainterPath()
    path.addPolygon([*left, *reversed(right), left[0]])
    path.setFillRule(Qt.FillRule.WindingFill)
    path = path.simplified()
    for end in (0, -1):
        x, y, wide = points[end]
        path = path.united(_dot(x, y, wide / 2))
    return path


def _smooth(points: _Stroke) -> list[tuple[float, float, float]]:
    """Points on the curve of Catmull and Rom."""
    columns: list[list[float]] = [[], [], []]
    padded = [points[0], *points, points[-1]]
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        for column, p, q, r, s in zip(columns, a, b, c, d, strict=True):
            bend, twist = 2 * p - 5 * q + 4 * r - s, 3 * q - p - 3 * r + s
            for t in (step / _STEPS for step in range(_STEPS)):
                column.append(0.5 * (2 * q + (r - p) * t + bend * t * t + twist * t**3))
    return [*zip(*columns, strict=True), points[-1]]

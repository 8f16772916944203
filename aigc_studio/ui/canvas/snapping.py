"""Moving items stick to the edges and middles of others when they come near."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF


def snap(
    box: QRectF, by: QPointF, others: list[QRectF], reach: float
) -> tuple[QPointF, list[QRectF]]:
    """The way that `box` really goes when moved `by`, and guide lines (as thin rectangles).

    Left, middle and right stick to those of the nearest other box within `reach`, and so do top,
    middle and bottom. All in board units.
    """
    moved = box.translated(by)
    across = _nearest(_columns(moved), [(each, _columns(each)) for each in others], reach)
    down = _nearest(_rows(moved), [(each, _rows(each)) for each in others], reach)
    by = QPointF(by.x() + (across[0] if across else 0), by.y() + (down[0] if down else 0))
    moved = box.translated(by)
    guides = []
    if across:
        both = moved.united(across[2])
        guides.append(QRectF(across[1], both.top(), 0, both.height()))
    if down:
        both = moved.united(down[2])
        guides.append(QRectF(both.left(), down[1], both.width(), 0))
    return by, guides


def _nearest(
    lines: list[float], others: list[tuple[QRectF, list[float]]], reach: float
) -> tuple[float, float, QRectF] | None:
    """How far to go to the nearest line, where that line is, and whose it is."""
    best: tuple[float, float, QRectF] | None = None
    for other, theirs in others:
        for target in theirs:
            for line in lines:
                way = target - line
                if abs(way) <= (abs(best[0]) - 1e-9 if best else reach):
                    best = (way, target, other)
    return best


def _columns(box: QRectF) -> list[float]:
    return [box.left(), box.center().x(), box.right()]


def _rows(box: QRectF) -> list[float]:
    return [box.top(), box.center().y(), box.bottom()]

"""Where the parts of the first screen stand, for each size of the canvas."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize

from aigc_studio.ui import theme
from aigc_studio.ui.first import recent

_EDGE = 24
_WIDEST = 1120
_BAR = 640
_BAR_HEIGHT = 56
_NOTE = 28
_APART = 16
_CARD_LEAST = 176
_CARD_MOST = 268
_CARD = 186
_COMPACT = 140
_HEADING = 44
_LABEL = 24
_WALL_LEAST = 96
_WALL_GOOD = 132
_WALL_SHARE = 0.42


@dataclass(frozen=True)
class Arrangement:
    """Places in pixels of the canvas; cards and boards that have none are not shown."""

    wall: QRect
    reach: int
    heading: QRect
    bar: QRect
    note: QRect
    cards: tuple[QRect, ...]
    compact: bool
    boards_label: QRect
    boards: tuple[QRect, ...]


def arrange(size: QSize, cards: int, boards: int) -> Arrangement:
    """Places for so many cards and boards: as much of it as there is room for.

    Cards become smaller before there are fewer of them, and before boards are left out.
    """
    width = min(size.width() - 2 * _EDGE, _WIDEST)
    columns = max(1, min(cards or 1, (width + _APART) // (_CARD_LEAST + _APART)))
    needed = min(2, -(-cards // columns))
    choices = [
        (compact, rows, shelf)
        for rows in ((needed, 1) if needed > 1 else (needed,))
        for shelf in ((True, False) if boards else (False,))
        for compact in (False, True)
    ]
    for compact, rows, shelf in [*choices, (True, 0, False)]:
        high = rows * ((_COMPACT if compact else _CARD) + _APART)
        low = _LABEL + recent.SIZE.height() + _APART if shelf else 0
        below = _BAR_HEIGHT + _NOTE + high + low + (_APART if rows else 0)
        left = size.height() - below - _HEADING
        if left >= (_WALL_LEAST if compact and rows < 2 else _WALL_GOOD):
            break
    wall = max(0, min(left, round(size.height() * _WALL_SHARE)))
    return _placed(size, width, wall, (columns, rows, compact), cards, boards if shelf else 0)


def _placed(
    size: QSize, width: int, wall: int, grid: tuple[int, int, bool], cards: int, boards: int
) -> Arrangement:
    columns, rows, compact = grid
    high = _COMPACT if compact else _CARD
    shelf = _LABEL + recent.SIZE.height() + _APART if boards else 0
    used = wall + _HEADING + _BAR_HEIGHT + _NOTE + _APART + rows * (high + _APART) + shelf
    spare = max(0, size.height() - used)
    # What is left over goes above and below, so that the prompt stays near the middle.
    wall += spare // 2
    left = (size.width() - width) // 2
    y = wall + _HEADING
    bar_width = min(_BAR, size.width() - 2 * _EDGE)
    bar = QRect((size.width() - bar_width) // 2, y, bar_width, _BAR_HEIGHT)
    note = QRect(left, bar.bottom() + 5, width, _NOTE)
    y = note.bottom() + 1 + _APART
    card = min(_CARD_MOST, (width - (columns - 1) * _APART) // columns)
    start = (size.width() - columns * card - (columns - 1) * _APART) // 2
    places = [
        QRect(start + n % columns * (card + _APART), y + n // columns * (high + _APART), card, high)
        for n in range(min(cards, columns * rows))
    ]
    y += rows * (high + _APART)
    begin = start if places else left
    label = QRect(begin, y, size.width() - begin - _EDGE, _LABEL)
    step = recent.SIZE.width() + 12
    fitting = max(0, (size.width() - begin - _EDGE + 12) // step)
    shown = [
        QRect(begin + n * step, label.bottom() + 1, recent.SIZE.width(), recent.SIZE.height())
        for n in range(min(boards, fitting))
    ]
    top = QRect(0, 0, size.width(), note.bottom() + 32)
    heading = QRect(0, bar.top() - _HEADING, size.width(), _HEADING - theme.GAP)
    return Arrangement(
        top, heading.top(), heading, bar, note, tuple(places), compact, label, tuple(shown)
    )

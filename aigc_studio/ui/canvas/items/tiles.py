"""A picture as sparse tiles with smaller copies of itself, painted at its own resolution."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QImage, QPainter

TILE = 256
CRISP_FROM = 3.0
"""From this many device pixels a pixel on, pixels that are to be crisp are shown as squares."""

Place = tuple[int, int]


class TileGrid:
    """The tiles of a picture of `width` x `height` pixels; a tile that is not there is clear.

    Tiles are premultiplied ARGB, 256 pixels square and smaller at the right and lower edge.
    Level n of the pyramid is the picture at 1/2^n, built from the level below when it is shown.
    """

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        highest = max(0, math.ceil(math.log2(max(width, height, TILE) / TILE)))
        self._levels: list[dict[Place, QImage]] = [{} for _ in range(highest + 1)]
        self._stale: list[dict[Place, QRect]] = [{} for _ in range(highest + 1)]
        self._clear: list[set[Place]] = [set() for _ in range(highest + 1)]
        """Where nothing is below a tile of a level: not looked for anew until something comes."""

    @property
    def rect(self) -> QRect:
        """The whole picture, in pixels."""
        return QRect(0, 0, self.width, self.height)

    def tile(self, place: Place) -> QImage | None:
        """The tile at full resolution, or None where the picture is clear."""
        return self._levels[0].get(place)

    def places(self) -> list[Place]:
        """Where there are tiles."""
        return list(self._levels[0])

    def tile_rect(self, place: Place) -> QRect:
        """The pixels that a tile covers, cut at the picture's edge."""
        return _square(place).intersected(self.rect)

    def put(self, place: Place, image: QImage | None) -> None:
        """Set a tile (at least as large as `tile_rect`), or clear it with None."""
        rect = self.tile_rect(place)
        if rect.isEmpty():
            return
        if image is None:
            self._levels[0].pop(place, None)
        else:
            if image.size() != rect.size():
                image = image.copy(0, 0, rect.width(), rect.height())
            # A copy that shares memory until it is painted on: others may hold the same image.
            self._levels[0][place] = QImage(_premultiplied(image))
        self.touch(rect)

    def become(self, other: TileGrid) -> None:
        """Show what another grid of the same size shows, smaller copies included.

        Memory is shared, tile by tile, until one of the two is painted on.
        """
        self._levels = [{p: QImage(tile) for p, tile in each.items()} for each in other._levels]
        self._stale = [{p: QRect(rect) for p, rect in each.items()} for each in other._stale]
        self._clear = [set(each) for each in other._clear]

    def writable(self, place: Place) -> QImage:
        """The tile to paint on; a clear one where there was none. Call `touch` afterwards."""
        image = self._levels[0].get(place)
        if image is None:
            image = QImage(self.tile_rect(place).size(), QImage.Format.Format_ARGB32_Premultiplied)
            image.fill(0)
            self._levels[0][place] = image
        return image

    def drop(self, place: Place) -> None:
        """Clear a tile. Call `touch` afterwards."""
        self._levels[0].pop(place, None)

    def touch(self, rect: QRect) -> None:
        """Say that pixels in `rect` have changed, so that the smaller copies follow."""
        for level in range(1, len(self._levels)):
            rect = _halved(rect)
            built = self._levels[level]
            stale, clear = self._stale[level], self._clear[level]
            for place in _places_in(rect):
                clear.discard(place)
                if place in built:
                    stale[place] = stale.get(place, QRect()).united(rect)

    def settle(self, rect: QRect) -> None:
        """Bring the smaller copies of what lies in `rect` (pixels) up to date now: for who has the
        time, before painting.

        Else the first painting of a large picture from afar would make them all at once.
        """
        highest = len(self._levels) - 1
        for place in _places_in(_shrunk(rect, 1 << highest)) if highest else ():
            self._current(highest, place)

    def paint(self, painter: QPainter, exposed: QRectF, scale: float, smooth: bool = False) -> None:
        """Paint what lies in `exposed` (pixels); a pixel will be `scale` device pixels wide.

        With `smooth`, what is enlarged much is led from pixel to pixel too.
        """
        level = 0
        if scale < 1:
            level = min(len(self._levels) - 1, math.floor(math.log2(1 / max(scale, 1e-6)) + 1e-9))
        even = math.isclose(scale, 1.0, abs_tol=1e-6)
        smooth = (smooth or scale < CRISP_FROM) and not even
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        size = 1 << level
        shown = exposed.toAlignedRect().intersected(self.rect)
        for place in _places_in(_shrunk(shown, size)):
            image = self._current(level, place)
            if image is not None:
                left, top = place[0] * TILE * size, place[1] * TILE * size
                # The last pixel of a smaller copy may reach past the picture: cut it there.
                width = min(image.width() * size, self.width - left)
                height = min(image.height() * size, self.height - top)
                source = QRectF(0, 0, width / size, height / size)
                painter.drawImage(QRectF(left, top, width, height), image, source)

    def to_image(self) -> QImage:
        """All pixels as one premultiplied ARGB image."""
        return self.imaging()()

    def imaging(self) -> Callable[[], QImage]:
        """What makes one image of the pixels as they are now, on any thread."""
        # Copies that share memory: what is painted from now on is not in them.
        tiles = [(place, QImage(tile)) for place, tile in self._levels[0].items()]
        size = self.rect.size()

        def make() -> QImage:
            image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
            image.fill(0)
            painter = QPainter(image)
            for place, tile in tiles:
                painter.drawImage(_square(place).topLeft(), tile)
            painter.end()
            return image

        return make

    def pixel(self, x: int, y: int) -> int:
        """One pixel as 0xAARRGGBB, straight alpha; 0 where nothing is, or nothing is loaded."""
        tile = self.tile((x // TILE, y // TILE))
        return 0 if tile is None else tile.pixel(x % TILE, y % TILE)

    def _current(self, level: int, place: Place) -> QImage | None:
        """The tile of a level, built or brought up to date from the level below."""
        tiles = self._levels[level]
        if level == 0:
            return tiles.get(place)
        image = tiles.get(place)
        square = _square(place)
        if image is None:
            if place in self._clear[level]:
                return None
            if not any(self._current(level - 1, child) for child in self._children(level, place)):
                self._clear[level].add(place)
                return None
            scale = 1 << level
            width = min(TILE, -(-self.width // scale) - square.left())
            height = min(TILE, -(-self.height // scale) - square.top())
            image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
            image.fill(0)
            tiles[place] = image
            self._shrink(level, place, QRect(square.topLeft(), image.size()))
        elif stale := self._stale[level].pop(place, None):
            self._shrink(level, place, stale.intersected(QRect(square.topLeft(), image.size())))
        return tiles[place]

    def _shrink(self, level: int, place: Place, rect: QRect) -> None:
        """Paint `rect` (in pixels of `level`) of a tile anew from the four tiles below it."""
        origin = _square(place).topLeft()
        painter = QPainter(self._levels[level][place])
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.fillRect(rect.translated(-origin), Qt.GlobalColor.transparent)
        for child in self._children(level, place):
            image = self._current(level - 1, child)
            if image is None:
                continue
            corner = _square(child).topLeft()
            below = QRect(rect.x() * 2, rect.y() * 2, rect.width() * 2, rect.height() * 2)
            below = below.intersected(QRect(corner, image.size()))
            if below.isEmpty():
                continue
            target = QRectF(
                below.x() / 2 - origin.x(),
                below.y() / 2 - origin.y(),
                below.width() / 2,
                below.height() / 2,
            )
            painter.drawImage(target, image, QRectF(below.translated(-corner)))
        painter.end()

    @staticmethod
    def _children(level: int, place: Place) -> list[Place]:
        x, y = place[0] * 2, place[1] * 2
        return [(x, y), (x + 1, y), (x, y + 1), (x + 1, y + 1)]


def places_in(rect: QRect) -> list[Place]:
    """The tiles that `rect` (pixels) touches, row by row."""
    return list(_places_in(rect))


def _places_in(rect: QRect) -> Iterator[Place]:
    if rect.isEmpty():
        return
    for y in range(rect.top() // TILE, rect.bottom() // TILE + 1):
        for x in range(rect.left() // TILE, rect.right() // TILE + 1):
            yield x, y


def _square(place: Place) -> QRect:
    return QRect(place[0] * TILE, place[1] * TILE, TILE, TILE)


def _halved(rect: QRect) -> QRect:
    return _shrunk(rect, 2)


def _shrunk(rect: QRect, size: int) -> QRect:
    """The smallest rectangle of pixels `size` times as large that holds `rect`."""
    if rect.isEmpty():
        return QRect()
    left, top = rect.left() // size, rect.top() // size
    return QRect(left, top, rect.right() // size - left + 1, rect.bottom() // size - top + 1)


def _premultiplied(image: QImage) -> QImage:
    form = QImage.Format.Format_ARGB32_Premultiplied
    return image if image.format() == form else image.convertToFormat(form)

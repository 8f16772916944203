"""What an image item shows: committed tiles, and over them the strokes that are still on their way.

A stroke is seen while it is drawn, and until its content has been written and accepted.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QImage, QPainter

from aigc_studio.ui.canvas.items.tiles import TILE, Place, TileGrid, places_in
from aigc_studio.ui.canvas.painting.brush import Line

if TYPE_CHECKING:
    import numpy as np

    Values = np.ndarray[Any, np.dtype[np.uint8]]

_Mode = QPainter.CompositionMode


MANY = 64
"""Tiles that go at once: of more, the smaller copies are told together."""


class LiveStroke:
    """A stroke that is drawn, or drawn and not yet part of the content."""

    def __init__(self, kind: str, line: Line, colour: QColor, opacity: float) -> None:
        self.kind = kind
        self.line = line
        self.colour = QColor(colour)
        self.opacity = opacity


class Layer:
    """Tiles by digest, and live strokes over them. `grid` is what is seen."""

    def __init__(self, width: int, height: int) -> None:
        self.grid = TileGrid(width, height)
        self.digests: dict[Place, str] = {}
        self.live: list[LiveStroke] = []
        self._shown: dict[Place, str] = {}
        self._lacking = 0
        """Tiles that are still to be loaded, counted: it is asked at each stroke and painting."""

    @property
    def is_whole(self) -> bool:
        """Whether all of its tiles are loaded."""
        return not self._lacking

    @property
    def is_begun(self) -> bool:
        """Whether any of its tiles was ever loaded."""
        return bool(self._shown)

    def set_digests(self, digests: Mapping[Place, str]) -> QRect:
        """The committed content is now this one. Gives the pixels that are to be painted anew."""
        changed = QRect()
        gone = [place for place in self._shown if place not in digests]
        whole = len(gone) > MANY and not self.live
        for place in gone:
            del self._shown[place]
            self._set_base(place, None)
            if whole:
                self._drop_base(place)
                changed = changed.united(self.grid.tile_rect(place))
            else:
                changed = changed.united(self._refresh(place))
        if whole:
            self.grid.touch(changed)
        self.digests = dict(digests)
        self._lacking = sum(self._shown.get(place) != each for place, each in digests.items())
        return changed

    def missing(self, rect: QRect) -> list[tuple[Place, str]]:
        """The tiles in `rect` (pixels) that have not been loaded, with their digests."""
        if not self._lacking:
            return []
        wanted = ((place, self.digests.get(place)) for place in places_in(rect))
        return [(p, d) for p, d in wanted if d is not None and self._shown.get(p) != d]

    def load(self, place: Place, digest: str, tile: Any) -> QRect:
        """A tile has been loaded. Gives the pixels that are to be painted anew.

        After all that were loaded together `grid.settle` may bring their smaller copies up to date.
        """
        if self.digests.get(place) != digest or self._shown.get(place) == digest:
            return QRect()
        self._shown[place] = digest
        self._lacking -= 1
        self._set_base(place, tile)
        return self._refresh(place)

    def show_stroke(self, stroke: LiveStroke, rects: list[QRect]) -> None:
        """Pixels in `rects` of a live stroke have changed."""
        if stroke not in self.live:
            self.live.append(stroke)
        for rect in rects:
            for place in places_in(rect):
                self._keep_base(place)
                self._compose(place, rect.intersected(self.grid.tile_rect(place)))
            self.grid.touch(rect)

    def drop_stroke(self, stroke: LiveStroke) -> QRect:
        """A stroke is part of the content now, or was given up."""
        if stroke in self.live:
            self.live.remove(stroke)
        changed = QRect()
        for place in stroke.line.tiles:
            changed = changed.united(self._refresh(place))
        return changed

    def _refresh(self, place: Place) -> QRect:
        """Show a tile as its committed pixels with the live strokes over it."""
        rect = self.grid.tile_rect(place)
        if rect.isEmpty():
            return rect  # A free line has left the picture here.
        if any(place in stroke.line.tiles for stroke in self.live):
            self._keep_base(place)
            self._compose(place, rect)
        else:
            self._show_base(place)
        self.grid.touch(rect)
        return rect

    def _set_base(self, place: Place, tile: Any) -> None:
        raise NotImplementedError

    def _keep_base(self, place: Place) -> None:
        raise NotImplementedError

    def _show_base(self, place: Place) -> None:
        raise NotImplementedError

    def _drop_base(self, place: Place) -> None:
        """Show nothing in a tile; the smaller copies do not hear of it."""
        self.grid.drop(place)

    def _compose(self, place: Place, rect: QRect) -> None:
        raise NotImplementedError


class ColourLayer(Layer):
    """The pixels of a picture. Its tiles are premultiplied images."""

    def __init__(self, width: int, height: int) -> None:
        super().__init__(width, height)
        self._under: dict[Place, QImage | None] = {}

    @staticmethod
    def decode(data: bytes) -> QImage:
        """A stored tile (RGBA, straight alpha) as a premultiplied image of its own memory."""
        image = QImage(data, TILE, TILE, TILE * 4, QImage.Format.Format_RGBA8888)
        return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)

    def likest(self, others: Iterable[ColourLayer]) -> ColourLayer | None:
        """Of other layers the one that shows most of what this one is to show, if it is half."""
        found, most = None, len(self.digests) // 2
        for other in others:
            if other is self or other.live or other.grid.rect != self.grid.rect:
                continue
            alike = sum(other._shown.get(p) == digest for p, digest in self.digests.items())
            if alike > most:
                found, most = other, alike
        return found

    def begin_as(self, other: ColourLayer) -> None:
        """Show what another layer of this size shows, which has no live strokes, until the tiles of
        this one are loaded: equal ones are there, and so are the smaller copies."""
        self.grid.become(other.grid)
        self._shown = dict(other._shown)
        self.set_digests(self.digests)

    def _set_base(self, place: Place, tile: QImage | None) -> None:
        self._under[place] = tile

    def _keep_base(self, place: Place) -> None:
        if place not in self._under:
            tile = self.grid.tile(place)
            self._under[place] = QImage(tile) if tile is not None else None

    def _show_base(self, place: Place) -> None:
        if place in self._under:
            self.grid.put(place, self._under.pop(place))

    def _drop_base(self, place: Place) -> None:
        self._under.pop(place, None)
        super()._drop_base(place)

    def _compose(self, place: Place, rect: QRect) -> None:
        origin = QPoint(place[0] * TILE, place[1] * TILE)
        part = rect.translated(-origin)
        painter = QPainter(self.grid.writable(place))
        under = self._under[place]
        painter.setCompositionMode(_Mode.CompositionMode_Source)
        if under is None:
            painter.fillRect(part, QColor(0, 0, 0, 0))
        else:
            painter.drawImage(part.topLeft(), under, part)
        for stroke in self.live:
            values = stroke.line.tiles.get(place)
            if values is not None:
                _lay(painter, part, values, stroke)
        painter.end()


class MaskLayer(Layer):
    """The mask of a picture: values 0 to 255, seen as a coloured veil. Its tiles are arrays."""

    def __init__(self, width: int, height: int, veil: QColor) -> None:
        super().__init__(width, height)
        self.veil = veil
        self._values: dict[Place, Values] = {}

    @staticmethod
    def decode(data: bytes) -> Values:
        """A stored tile as mask values (256 x 256)."""
        import numpy as np

        return np.frombuffer(data, np.uint8).reshape(TILE, TILE, 4)[:, :, 0].copy()

    def to_array(self) -> Values:
        """The values of the whole mask (height, width), live strokes included."""
        import numpy as np

        grid = self.grid
        whole = np.zeros((grid.height, grid.width), np.uint8)
        places = set(self._values)
        for stroke in self.live:
            places.update(stroke.line.tiles)
        for place in places:
            rect = grid.tile_rect(place)
            x, y, right, bottom = rect.x(), rect.y(), rect.right() + 1, rect.bottom() + 1
            whole[y:bottom, x:right] = self._mixed(place, rect)
        return whole

    def _set_base(self, place: Place, tile: Values | None) -> None:
        # Stored masks name a tile everywhere; those with nothing in them need no memory here.
        if tile is None or not tile.any():
            self._values.pop(place, None)
        else:
            self._values[place] = tile

    def _keep_base(self, place: Place) -> None:
        pass

    def _show_base(self, place: Place) -> None:
        if place in self._values:
            self._compose(place, self.grid.tile_rect(place))
        else:
            self.grid.put(place, None)

    def _compose(self, place: Place, rect: QRect) -> None:
        part = rect.translated(-place[0] * TILE, -place[1] * TILE)
        painter = QPainter(self.grid.writable(place))
        # The painter's own opacity would mix with what was there: darker each time it is shown.
        painter.setCompositionMode(_Mode.CompositionMode_Source)
        veil = ink_image(self._mixed(place, rect), self.veil, self.veil.alpha())
        painter.drawImage(part.topLeft(), veil)
        painter.end()

    def _mixed(self, place: Place, rect: QRect) -> Values:
        """The values in `rect` (pixels, within one tile) with the live strokes on them."""
        import numpy as np

        x, y = rect.x() - place[0] * TILE, rect.y() - place[1] * TILE
        window = (slice(y, y + rect.height()), slice(x, x + rect.width()))
        base = self._values.get(place)
        if base is None:
            values = np.zeros((rect.height(), rect.width()), np.uint8)
        else:
            values = base[window].copy()
        for stroke in self.live:
            covered = stroke.line.tiles.get(place)
            if covered is None:
                continue
            if stroke.kind == "select":
                np.maximum(values, covered[window], out=values)
            else:
                np.minimum(values, 255 - covered[window], out=values)
        return values


def _lay(painter: QPainter, part: QRect, values: Values, stroke: LiveStroke) -> None:
    """Put a stroke's coverage of a tile into `part` of it."""
    import numpy as np

    y, x = part.y(), part.x()
    values = np.ascontiguousarray(values[y : y + part.height(), x : x + part.width()])
    painter.setOpacity(stroke.opacity)
    if stroke.kind == "erase":
        painter.setCompositionMode(_Mode.CompositionMode_DestinationOut)
        painter.drawImage(part.topLeft(), _alpha_image(values))
    else:
        ink = ink_image(values, stroke.colour)
        painter.setCompositionMode(_Mode.CompositionMode_SourceOver)
        painter.drawImage(part.topLeft(), ink)
    painter.setOpacity(1.0)


def _alpha_image(values: Values) -> QImage:
    """An image whose opacity `values` are; it shares their memory, which must outlive it."""
    height, width = values.shape
    return QImage(values.data, width, height, values.strides[0], QImage.Format.Format_Alpha8)


def ink_image(values: Values, colour: QColor, most: int = 255) -> QImage:
    """`colour` with `values` as its opacity, `most` (0 to 255) where they are 255."""
    import numpy as np

    height, width = values.shape
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    pixels = np.frombuffer(image.bits(), np.uint32).reshape(height, width)
    # Straight into the picture: a table of colours that Qt is given costs more than a stroke's box.
    np.take(_inks(colour.rgb(), most), values, out=pixels, mode="clip")
    return image


@functools.lru_cache(maxsize=8)
def _inks(rgb: int, most: int) -> np.ndarray[Any, np.dtype[np.uint32]]:
    """The pixel for each value, premultiplied as Qt does it."""
    import numpy as np

    row = np.arange(256, dtype=np.uint8)
    image = QImage(row.data, 256, 1, 256, QImage.Format.Format_Indexed8)
    image.setColorTable(
        [round(value * most / 255) << 24 | (rgb & 0xFFFFFF) for value in range(256)]
    )
    image = image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
    return np.frombuffer(image.constBits(), np.uint32).copy()

"""A picture on the canvas: tiles at its own resolution, strokes on their way, and its mask."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from aigc_studio.api.errors import StudioError
from aigc_studio.ui import pixels as look
from aigc_studio.ui import theme
from aigc_studio.ui.canvas.items.item import BoardItem
from aigc_studio.ui.canvas.items.layers import ColourLayer, Layer, LiveStroke, MaskLayer
from aigc_studio.ui.pixels import SQUARES_FROM

if TYPE_CHECKING:
    from aigc_studio.api.selections import Mask
    from aigc_studio.project.content import Content
    from aigc_studio.project.items import Item
    from aigc_studio.ui.canvas.heat.picture import PictureHeat
    from aigc_studio.ui.canvas.scene.loader import TileLoader
    from aigc_studio.ui.target import Part

ENLARGED_FROM = 1.5
"""Device pixels on a pixel: from here on a smooth copy is painted."""


class ImageItem(BoardItem):
    """Shows an image artifact. `pixel_size` is the picture's own size."""

    has_pixels = True
    heat: PictureHeat | None = None
    _layers: tuple[ColourLayer, MaskLayer] | None = None
    _large: QImage | None = None
    _large_of = ""

    def __init__(self, item: Item, loader: TileLoader) -> None:
        super().__init__(item, loader)
        self.pixel_size = _size_of(item)

    @property
    def colours(self) -> ColourLayer:
        """The picture's tiles, as far as they are loaded."""
        return self._near()[0]

    @property
    def mask(self) -> MaskLayer:
        """The mask's tiles, as far as they are loaded."""
        return self._near()[1]

    @property
    def pixel_count(self) -> int:
        """How many pixels it has."""
        return self.pixel_size.width() * self.pixel_size.height()

    @property
    def has_mask(self) -> bool:
        """Whether a mask lies on it, or is just being painted."""
        return self.item.mask is not None or self.live

    @property
    def part(self) -> Part:
        """`mask` where there is one, or one begins to be."""
        live = self.live and any(stroke.kind == "select" for stroke in self.mask.live)
        return "mask" if self.item.mask is not None or live else ""

    @property
    def live(self) -> bool:
        """Whether strokes on their way are shown."""
        return self._layers is not None and any(layer.live for layer in self._layers)

    @property
    def mode(self) -> str:
        """`L`, `RGB` or `RGBA`."""
        return str(self.item.content.info.get("mode", "RGBA"))

    def content_changed(self) -> None:
        """Show another content or mask; tiles that stayed the same stay."""
        size = _size_of(self.item)
        if size != self.pixel_size:
            self.pixel_size, self._layers = size, None
        self.problem = ""
        if self._layers is not None:
            self._set_digests(self.colours, self.item.content)
            self._set_digests(self.mask, self.item.mask)
            for layer in self._layers:
                self._wish(layer, self._known(), wait=False)
        self.update()

    def thumb_key(self) -> object:
        """Picture and mask."""
        mask = self.item.mask
        return (self.item.content.digest, mask.digest if mask is not None else "")

    def has_near(self) -> bool:
        """Whether tiles are loaded, or strokes drawn, that a former thumb does not show."""
        return self._layers is not None

    def is_plain(self) -> bool:
        """Whether no strokes are on their way, and nothing was said of it."""
        return not self.live and self.heat is None

    def new_heat(self) -> PictureHeat:
        """The veil over it."""
        from aigc_studio.ui.canvas.heat.picture import PictureHeat

        return PictureHeat(self)

    def read_now(self) -> None:
        """Have the tiles named."""
        self._near()

    def to_pixels(self, point: QPointF) -> QPointF:
        """From the item's own coordinates to pixels of the picture."""
        rect = self.boundingRect()
        return QPointF(
            point.x() * self.pixel_size.width() / rect.width(),
            point.y() * self.pixel_size.height() / rect.height(),
        )

    def from_pixels(self, rect: QRectF) -> QRectF:
        """From pixels of the picture to the item's own coordinates."""
        x, y = self._unit()
        return QRectF(rect.x() * x, rect.y() * y, rect.width() * x, rect.height() * y)

    def pixels_per_unit(self) -> float:
        """How many pixels lie on a board unit, on average of both directions."""
        x, y = self._unit()
        return 2 / (x + y)

    def layer_for(self, kind: str) -> Layer:
        """The layer that a kind of stroke works on."""
        return self.mask if kind in ("select", "deselect") else self.colours

    def show_stroke(self, stroke: LiveStroke, rects: list[QRect]) -> None:
        """Show pixels in `rects` that a live stroke has just covered."""
        layer = self.layer_for(stroke.kind)
        for rect in rects:
            self._wish(layer, rect, wait=True)
        first = not self.live
        layer.show_stroke(stroke, rects)
        if first:
            self.choose_look()
        for rect in rects:
            self._update_pixels(rect)

    def drop_stroke(self, stroke: LiveStroke) -> None:
        """A stroke is part of the content now, or was given up."""
        self._update_pixels(self.layer_for(stroke.kind).drop_stroke(stroke))
        self.choose_look()

    def colour_at(self, point: QPointF) -> QColor:
        """The colour of the pixel at a point of the item's own coordinates; invalid outside."""
        pixel = self.to_pixels(point)
        x, y = int(pixel.x() // 1), int(pixel.y() // 1)
        if not self.colours.grid.rect.contains(x, y):
            return QColor()
        self._wish(self.colours, QRect(x, y, 1, 1), wait=True)
        return QColor.fromRgba(self.colours.grid.pixel(x, y))

    def paper_colour(self) -> QColor:
        """The colour that is most frequent along the picture's edge: what an eraser brings back."""
        rect = self.colours.grid.rect
        for corner in (rect.topLeft(), rect.topRight(), rect.bottomLeft(), rect.bottomRight()):
            self._wish(self.colours, QRect(corner, QSize(1, 1)), wait=True)
        counts: dict[int, int] = {}
        for step in range(32):
            x, y = step * rect.right() // 31, step * rect.bottom() // 31
            for point in ((x, 0), (x, rect.bottom()), (0, y), (rect.right(), y)):
                pixel = self.colours.grid.pixel(*point)
                if pixel >> 24 == 255:
                    counts[pixel] = counts.get(pixel, 0) + 1
        if not counts:
            return QColor(255, 255, 255)
        return QColor.fromRgba(max(counts, key=lambda pixel: counts[pixel]))

    def within_pixels(self, rect: QRect) -> QRect:
        """What of a rectangle of pixels lies in it."""
        return rect.intersected(self.colours.grid.rect)

    def selected(self) -> Mask | None:
        """The mask as it is seen now, with strokes on their way; None when nothing is masked."""
        from aigc_studio.api.selections import Mask

        if self.item.mask is None and not (self._layers and self._layers[1].live):
            return None
        self._wish(self.mask, self.mask.grid.rect, wait=True)
        values = self.mask.to_array()
        return Mask(values) if values.any() else None

    def to_image(self) -> QImage:
        """The whole picture at its own size."""
        self.load_all()
        return self.colours.grid.to_image()

    def imaging(self) -> Callable[[], QImage]:
        """Makes the whole picture, from what is loaded, on any thread."""
        return self.colours.grid.imaging()

    def load_all(self) -> None:
        """Load every tile now."""
        for layer in (self.colours, self.mask):
            self._wish(layer, layer.grid.rect, wait=True)

    def wish_all(self) -> None:
        """Have every tile loaded soon."""
        for layer in (self.colours, self.mask):
            self._wish(layer, layer.grid.rect, wait=False)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Paint the pixels that are exposed, and the mask over them."""
        if widget is not None and self.clip is not None:
            part = QPainterPath()
            part.addPolygon(self.clip)
            painter.setClipPath(part, Qt.ClipOperation.IntersectClip)
        if widget is not None and self.paint_far(painter):
            return
        if widget is not None and self._layers is None and not self.loader.may_begin(self):
            # As many others begin to be seen from near in this frame: until the next, its thumb.
            self._paint_thumb(painter, self.boundingRect())
            return
        layers = self._near()
        if self.problem:
            self.paint_problem(painter)
            return
        pixels = self._pixels_in(option.exposedRect)
        for layer in layers:
            self._wish(layer, pixels.toAlignedRect(), wait=False)
        x, y = self._unit()
        painter.scale(x, y)
        scale = option.levelOfDetailFromTransform(painter.deviceTransform())
        self._paint_near(painter, pixels, scale, on_screen=widget is not None)
        if widget is not None and self.heat is not None:
            painter.scale(1 / x, 1 / y)
            self.heat.paint(painter)

    def _paint_near(
        self, painter: QPainter, pixels: QRectF, scale: float, *, on_screen: bool
    ) -> None:
        """Paint what is loaded of these pixels, at `scale` each, and the mask over them."""
        if self._thumb is not None and not self.colours.is_whole:
            # The whole picture dimly, until its tiles have come.
            self._paint_thumb(painter, QRectF(self.colours.grid.rect))
        smooth = self._is_smooth(painter, scale, on_screen=on_screen)
        large = self._enlarged(scale, wait=not on_screen) if smooth else None
        if large is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(QRectF(self.colours.grid.rect), large)
        else:
            self.colours.grid.paint(painter, pixels, scale, smooth)
        if on_screen and self.clip is None:  # where two are compared, the veil would be in the way
            self.mask.grid.paint(painter, pixels, scale)

    def _paint_thumb(self, painter: QPainter, rect: QRectF) -> None:
        if self._thumb is not None:
            pixmap = self._thumb.pixmap(0)
            painter.drawPixmap(rect, pixmap, QRectF(pixmap.rect()))

    def _pixels_in(self, exposed: QRectF) -> QRectF:
        """The pixels that a rectangle (own coordinates) shows, and one around them."""
        x, y = self._unit()
        return QRectF(
            exposed.x() / x, exposed.y() / y, exposed.width() / x, exposed.height() / y
        ).adjusted(-1, -1, 1, 1)

    def _is_smooth(self, painter: QPainter, scale: float, *, on_screen: bool) -> bool:
        """Whether what is enlarged is led from pixel to pixel."""
        if self.smooth is not None:
            return self.smooth
        near = on_screen and scale / painter.device().devicePixelRatio() >= SQUARES_FROM
        return look.smooth() and not near

    def _enlarged(self, scale: float, *, wait: bool) -> QImage | None:
        """The smooth copy of a small picture that is shown much larger; None where there is none.

        It is made beside the window: until it is there, and while something is drawn, the painter
        leads from pixel to pixel itself.
        """
        factor = look.times(*self.pixel_size.toTuple())
        if factor == 1 or scale < ENLARGED_FROM or self.live:
            return None
        digest = self.item.content.digest
        if self._large_of != digest and self.colours.is_whole:
            make = partial(look.enlarged, self.colours.grid.to_image(), factor)
            self._large = None
            self.loader.smooth.bring(digest, make, self._take_large, wait=wait)
        return self._large if self._large_of == digest else None

    def _take_large(self, digest: str, image: QImage) -> None:
        if digest == self.item.content.digest:
            self._large, self._large_of = image, digest
            self.update()

    def _near(self) -> tuple[ColourLayer, MaskLayer]:
        """The layers, made when they are wanted for the first time."""
        if self._layers is None:
            width, height = self.pixel_size.toTuple()
            veil = theme.mask_colour()
            self._layers = (ColourLayer(width, height), MaskLayer(width, height, veil))
            self._set_digests(self._layers[0], self.item.content)
            self._set_digests(self._layers[1], self.item.mask)
            for layer in self._layers:
                self._wish(layer, self._known(), wait=False)
        return self._layers

    def _unit(self) -> tuple[float, float]:
        rect = self.boundingRect()
        return rect.width() / self.pixel_size.width(), rect.height() / self.pixel_size.height()

    def _update_pixels(self, rect: QRect) -> None:
        if not rect.isEmpty():
            unit = max(self._unit())
            # Two pixels around: smooth scaling and smaller copies spread a change.
            self.update(self.from_pixels(QRectF(rect)).adjusted(-2 * unit, -2 * unit, unit, unit))

    def _set_digests(self, layer: Layer, content: Content | None) -> None:
        try:
            digests = self.loader.store.tiles(content) if content is not None else {}
        except StudioError as error:
            self.problem, digests = str(error), {}
        self._update_pixels(layer.set_digests(digests))

    def _wish(self, layer: Layer, rect: QRect, *, wait: bool) -> None:
        if layer.is_whole:
            return
        decode: Any = MaskLayer.decode if isinstance(layer, MaskLayer) else ColourLayer.decode
        rect = rect.intersected(layer.grid.rect)
        self._update_pixels(self.loader.wish(layer, decode, rect, self._update_pixels, wait=wait))

    def _known(self) -> QRect:
        """What is loaded without waiting to be shown: small pictures whole, of others nothing."""
        small = max(self.pixel_size.width(), self.pixel_size.height()) <= 512
        return QRect(0, 0, *self.pixel_size.toTuple()) if small else QRect()


def _size_of(item: Item) -> QSize:
    info = item.content.info
    return QSize(int(info["width"]), int(info["height"]))

"""Items as small pictures: what is painted of them where they are small on screen.

A board that is seen whole shows thousands of items, a few pixels each. Each is one small image
then, made once, beside the window: no fonts are used, so any thread may draw.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap

from aigc_studio.api.errors import StudioError
from aigc_studio.ui import pixels
from aigc_studio.ui.canvas.items.layers import ColourLayer, MaskLayer
from aigc_studio.ui.canvas.items.tiles import CRISP_FROM

if TYPE_CHECKING:
    from aigc_studio.api.artifacts import Text
    from aigc_studio.api.melody import Melody
    from aigc_studio.project.content import Content, ContentStore
    from aigc_studio.project.items import Item

SIDE = 64
"""Device pixels: items whose longer side takes no more are far, and painted as thumbs."""
_SMALLEST = 12
"""Device pixels: no copy of a thumb is smaller."""


@dataclass(frozen=True)
class Colours:
    """What cards and masks are drawn with; asked for on the UI thread."""

    paper: QColor
    ink: QColor
    line: QColor
    notes: QColor
    veil: QColor


class Thumb:
    """A picture of an item, `SIDE` pixels on its longer side at most, and smaller copies of it.

    `whole` says that it has all pixels of the picture that it shows.
    """

    def __init__(self, image: QImage, *, whole: bool) -> None:
        self.whole = whole
        self._copies = [image]
        self._pixmaps: dict[int, QPixmap] = {}
        # Smooth scaling looks at four pixels: from halves it never misses one.
        while max(image.width(), image.height()) >= 2 * _SMALLEST:
            image = image.scaled(
                max(image.width() // 2, 1),
                max(image.height() // 2, 1),
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            self._copies.append(image)
        self._last = len(self._copies) - 1
        self._side = max(self._copies[0].width(), self._copies[0].height())

    def copy_for(self, wanted: float) -> tuple[int, bool]:
        """The number of the smallest copy that has as many pixels on its longer side, or of the
        largest; and whether its pixels are to be seen as squares.
        """
        number, side = 0, self._side
        while number < self._last and side >= 2 * wanted:
            number, side = number + 1, side // 2
        squares = self.whole and not pixels.smooth()
        return number, squares and wanted >= CRISP_FROM * side

    def pixmap(self, number: int) -> QPixmap:
        """A copy by its number, 0 the largest. Only on the UI thread."""
        found = self._pixmaps.get(number)
        if found is None:
            found = self._pixmaps[number] = QPixmap.fromImage(self._copies[number])
        return found


def blank(colour: QColor) -> Thumb:
    """A thumb that is one colour."""
    image = QImage(1, 1, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(colour)
    return Thumb(image, whole=False)


def draw(item: Item, store: ContentStore, colours: Colours) -> Thumb | None:
    """The thumb of an item, from any thread; None when its content cannot be read."""
    try:
        if item.medium == "image":
            return _picture(item, store, colours)
        artifact = store.get(item.content)
    except StudioError:
        return None
    scale = min(SIDE / max(item.width, item.height), 1.0)
    size = QSize(max(round(item.width * scale), 1), max(round(item.height * scale), 1))
    card = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    card.fill(colours.paper)
    painter = QPainter(card)
    painter.scale(size.width() / item.width, size.height() / item.height)
    if item.medium == "text":
        _lines(painter, artifact, item, colours)  # type: ignore[arg-type]
    else:
        _notes(painter, artifact, item, colours)  # type: ignore[arg-type]
    painter.resetTransform()
    painter.setPen(colours.line)
    painter.drawRect(0, 0, size.width() - 1, size.height() - 1)
    painter.end()
    return Thumb(card, whole=False)


def _picture(item: Item, store: ContentStore, colours: Colours) -> Thumb:
    width, height = int(item.content.info["width"]), int(item.content.info["height"])
    layers = [_filled(ColourLayer(width, height), item.content, store)]
    if item.mask is not None:
        layers.append(_filled(MaskLayer(width, height, colours.veil), item.mask, store))
    scale = min(SIDE / max(width, height), 1.0)
    size = QSize(max(round(width * scale), 1), max(round(height * scale), 1))
    image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    painter.scale(size.width() / width, size.height() / height)
    for layer in layers:
        layer.grid.paint(painter, QRectF(layer.grid.rect), scale)
    painter.end()
    return Thumb(image, whole=scale == 1.0)


def _filled(
    layer: ColourLayer | MaskLayer, content: Content, store: ContentStore
) -> ColourLayer | MaskLayer:
    """A layer with all tiles of a content in it. Raises `StudioError` for a mask with damage."""
    layer.set_digests(store.tiles(content))
    for place, digest in layer.digests.items():
        layer.load(place, digest, layer.decode(_tile(store, digest, layer)))
    return layer


def _tile(store: ContentStore, digest: str, layer: ColourLayer | MaskLayer) -> bytes:
    try:
        return store.tile(digest)
    except StudioError:
        from aigc_studio.project.mending import hatched

        if isinstance(layer, ColourLayer):
            return bytes(hatched())
        raise


def _lines(painter: QPainter, text: Text, item: Item, colours: Colours) -> None:
    """Bars stand for words, where lines of type would be."""
    left, pitch, wide = 16.0, 22.0, max(item.width - 32.0, 1.0)
    top = left + 5
    for line in text.value[:4000].splitlines() or [""]:
        length = len(line) * 7.5
        while length > 0 and top < item.height:
            painter.fillRect(QRectF(left, top, min(length, wide), 9), colours.ink)
            length, top = length - wide, top + pitch
        if not line:
            top += pitch
        if top >= item.height:
            break


def _notes(painter: QPainter, melody: Melody, item: Item, colours: Colours) -> None:
    pitches = [note.pitch for note in melody.notes] or [60]
    low, rows = min(pitches) - 1, max(pitches) - min(pitches) + 3
    across, down = item.width / max(melody.length, 1), item.height / rows
    # More notes than pixels look no other than as many as there are pixels.
    step = max(len(melody.notes) // 2000, 1)
    for note in melody.notes[::step]:
        top = (rows - 1 - (note.pitch - low)) * down
        length = max(note.duration * across, item.width / SIDE)
        painter.fillRect(QRectF(note.start * across, top, length, max(down, 1.0)), colours.notes)

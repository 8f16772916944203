"""Some examples of a dataset as pictures: a small mosaic for lists, a strip for cards.

Where the data is not here there is a drawing of what it would hold, by its medium: the studio
carries nobody's data.
"""

from __future__ import annotations

import random
from collections import OrderedDict
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from aigc_studio.api import Image, Melody
from aigc_studio.jobs import Errands
from aigc_studio.translation import _
from aigc_studio.ui import theme
from aigc_studio.ui.artifact_pictures import picture, qimage
from aigc_studio.ui.listening import is_heard, play_marks
from aigc_studio.ui.listening.pictures import PlayedPictures, Spot
from aigc_studio.ui.model_pictures import in_ink

if TYPE_CHECKING:
    from aigc_studio.api import Artifact
    from aigc_studio.library import DatasetInfo, DatasetStore
    from aigc_studio.library.rows import Browser

COUNT = 8
"""Examples in a strip."""
_MOST = 100_000
"""Of larger data no pictures are looked up for a list: reading its table takes seconds."""
_TILE = 48
_EMPTY = 32
"""Pixels of height of a strip that has nothing to show yet."""


def some(browser: Browser, count: int) -> list[Artifact]:
    """Examples in use, evenly through the data, so that all labels have their turn."""
    used = [number for number in range(len(browser)) if not browser.is_excluded(number)]
    count = min(count, len(used))
    return [browser.artifact(used[place * len(used) // count]) for place in range(count)]


def example_picture(artifact: Artifact, size: QSize, ratio: float) -> QPixmap:
    """One example within `size`: line drawings in the window's ink, all else as it is."""
    if not isinstance(artifact, Image):
        return picture(artifact, size, ratio)
    smooth = Qt.TransformationMode.SmoothTransformation
    whole = in_ink(qimage(artifact, 2 * size.width()))
    fitted = whole.scaled(size * ratio, Qt.AspectRatioMode.KeepAspectRatio, smooth)
    found = QPixmap.fromImage(fitted)
    found.setDevicePixelRatio(ratio)
    return found


class ExamplePictures(QObject):
    """Four examples of each dataset for a list, looked up when they are to be seen.

    `loaded` when there is more to see.
    """

    loaded = Signal()

    def __init__(self, store: DatasetStore, parent: QObject) -> None:
        super().__init__(parent)
        self._store = store
        self._errands = Errands(self)
        self._found: dict[str, list[Artifact]] = {}
        self._pictures: OrderedDict[tuple[object, ...], list[QPixmap]] = OrderedDict()

    def paint(self, painter: QPainter, spot: QRect, info: DatasetInfo) -> None:
        """Two rows of two; the drawing of its medium while they are not here."""
        found = self._artifacts(info)
        if info.medium != "image":
            found = found[:1]
        if not found:
            paint_tile(painter, spot, info.medium)
            return
        columns = 2 if len(found) > 1 else 1
        side = (spot.width() - 2 * (columns - 1)) // columns
        pictures = self._drawn(info, found, side, painter.device().devicePixelRatioF())
        for number, each in enumerate(pictures):
            left = spot.left() + number % columns * (side + 2)
            top = spot.top() + number // columns * (side + 2)
            paint_framed(painter, QRect(left, top, side, side), each, 3)

    def _artifacts(self, info: DatasetInfo) -> list[Artifact]:
        key = info.fingerprint
        if key not in self._found:
            self._found[key] = []  # looked up once, whatever comes of it
            if 0 < info.examples <= _MOST:
                self._errands.run_in_order(
                    lambda: some(self._store.browse(info.name), 4),
                    lambda found: self._note(key, found),
                    lambda _error: None,  # gone or damaged: the list is told of that elsewhere
                )
        return self._found[key]

    def _note(self, key: str, found: list[Artifact]) -> None:
        self._found[key] = found
        self.loaded.emit()

    def _drawn(
        self, info: DatasetInfo, found: Sequence[Artifact], side: int, ratio: float
    ) -> list[QPixmap]:
        key = (info.fingerprint, side, ratio, theme.is_dark())
        if key not in self._pictures:
            size = QSize(side, side)
            self._pictures[key] = [example_picture(each, size, ratio) for each in found]
            while len(self._pictures) > 200:
                self._pictures.popitem(last=False)
        return self._pictures[key]


class ExampleStrip(QWidget):
    """Eight examples side by side; an empty place that says so while they are not here."""

    def __init__(self, medium: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._medium = medium
        self._artifacts: list[Artifact] = []
        self._pictures: list[QPixmap] = []
        self._sentence = ""
        self.setFixedHeight(_TILE)
        self.setAccessibleName(_("Examples"))
        if medium == "melody":
            PlayedPictures(self, self._spot_at)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        theme.scheme_changed.connect(self._forget)

    @property
    def count(self) -> int:
        """Examples that are shown."""
        return len(self._artifacts)

    def show_artifacts(self, artifacts: Sequence[Artifact]) -> None:
        """Show the first of these, as many as there are tiles."""
        self._artifacts = list(artifacts)[: self._most()]
        self._stand_for("")

    def show_empty(self, sentence: str) -> None:
        """One empty place with this sentence: tiles without pictures look like failed ones."""
        self._artifacts = []
        self._stand_for(sentence)

    def _stand_for(self, sentence: str) -> None:
        self._sentence = sentence
        self.setAccessibleDescription(sentence)
        self.setFixedHeight(_EMPTY if sentence else _TILE)
        self._forget()

    def _most(self) -> int:
        return COUNT if self._medium == "image" else COUNT // 2

    def _forget(self) -> None:
        self._pictures = []
        self.update()

    def _tiles(self) -> list[QRect]:
        wide = _TILE if self._medium == "image" else 2 * _TILE + theme.GRID
        step = wide + theme.GRID
        room = max(1, (self.width() + theme.GRID) // step)
        return [QRect(n * step, 0, wide, _TILE) for n in range(min(self._most(), room))]

    def _spot_at(self, point: QPoint) -> Spot | None:
        """The button at a point, that plays the example there."""
        for tile, artifact in zip(self._tiles(), self._artifacts, strict=False):
            place = play_marks.place_in(tile)
            if place.contains(point) and isinstance(artifact, Melody):
                return place, partial(_same, artifact), is_heard(artifact)
        return None

    def paintEvent(self, event: QPaintEvent) -> None:
        """The tiles that there is room for."""
        if self._sentence:
            with QPainter(self) as painter:
                _paint_empty(painter, self.rect(), self._sentence)
            return
        tiles, ratio = self._tiles(), self.devicePixelRatioF()
        if self._artifacts and not self._pictures:
            size = tiles[0].size()
            self._pictures = [example_picture(each, size, ratio) for each in self._artifacts]
        with QPainter(self) as painter:
            for number, tile in enumerate(tiles):
                if number < len(self._pictures):
                    paint_framed(painter, tile, self._pictures[number])
                    if self._medium == "melody":
                        heard = is_heard(self._artifacts[number])
                        play_marks.paint(painter, play_marks.place_in(tile), heard, quiet=True)


def _same(melody: Melody) -> Melody:
    return melody


def paint_framed(
    painter: QPainter, place: QRect, pixmap: QPixmap, radius: int = theme.RADIUS
) -> None:
    """A picture in the middle of a frame with round corners."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    outline = QRectF(place).adjusted(0.5, 0.5, -0.5, -0.5)
    shape = QPainterPath()
    shape.addRoundedRect(outline, radius, radius)
    painter.fillPath(shape, theme.colour("surface"))
    spot = QRect(QRect(0, 0, 1, 1).topLeft(), pixmap.deviceIndependentSize().toSize())
    spot.moveCenter(place.center())
    painter.save()
    painter.setClipPath(shape)
    painter.drawPixmap(spot.topLeft(), pixmap)
    painter.restore()
    painter.setPen(QPen(theme.colour("border"), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(outline, radius, radius)


def _paint_empty(painter: QPainter, place: QRect, sentence: str) -> None:
    """A dashed frame with a sentence in the middle."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.colour("border"), 1, Qt.PenStyle.DashLine))
    outline = QRectF(place).adjusted(0.5, 0.5, -0.5, -0.5)
    painter.drawRoundedRect(outline, theme.RADIUS, theme.RADIUS)
    room = place.adjusted(theme.GAP, 0, -theme.GAP, 0)
    painter.setFont(theme.secondary_font())
    painter.setPen(theme.colour("muted"))
    metrics, right = painter.fontMetrics(), Qt.TextElideMode.ElideRight
    words = metrics.elidedText(sentence, right, room.width())
    painter.drawText(room, Qt.AlignmentFlag.AlignCenter, words)


def paint_tile(painter: QPainter, place: QRect, medium: str) -> None:
    """What an example of a medium looks like, in a few lines: a hill and a sun, writing, notes."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.colour("border"), 1, Qt.PenStyle.DashLine))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    outline = QRectF(place).adjusted(0.5, 0.5, -0.5, -0.5)
    painter.drawRoundedRect(outline, theme.RADIUS, theme.RADIUS)
    inside = QRectF(place).adjusted(8, 8, -8, -8)
    odd = random.Random(0)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(theme.badge(medium), 0.35))
    if medium == "text":
        _draw_lines(painter, inside, odd)
    elif medium == "melody":
        _draw_notes(painter, inside, odd)
    else:
        _draw_hill(painter, inside, odd)


def _draw_lines(painter: QPainter, room: QRectF, odd: random.Random) -> None:
    for line in range(4):
        width = room.width() * (odd.uniform(0.7, 1) if line < 3 else odd.uniform(0.3, 0.6))
        painter.drawRoundedRect(QRectF(room.left(), room.top() + line * 9, width, 3), 1.5, 1.5)


def _draw_notes(painter: QPainter, room: QRectF, odd: random.Random) -> None:
    left, row = room.left(), 3
    while left < room.right() - 4:
        width = min(odd.choice((6.0, 10.0, 16.0)), room.right() - left)
        row = max(0, min(6, row + odd.randint(-2, 2)))
        top = room.top() + row * (room.height() - 4) / 6
        painter.drawRoundedRect(QRectF(left, top, width - 2, 4), 1, 1)
        left += width


def _draw_hill(painter: QPainter, room: QRectF, odd: random.Random) -> None:
    peak = room.left() + room.width() * odd.uniform(0.3, 0.7)
    hill = QPainterPath(QPointF(room.left(), room.bottom()))
    hill.lineTo(peak, room.top() + room.height() * odd.uniform(0.25, 0.5))
    hill.lineTo(room.right(), room.bottom())
    hill.closeSubpath()
    painter.drawPath(hill)
    sun = room.left() + room.width() * (0.15 if peak > room.center().x() else 0.85)
    painter.drawEllipse(QPointF(sun, room.top() + 4), 4, 4)

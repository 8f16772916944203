"""Small pictures of artifacts of any medium, for candidates, previews and lists."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap

from aigc_studio.api import Image, Melody, Text
from aigc_studio.ui import pixels, theme

if TYPE_CHECKING:
    from aigc_studio.api import Artifact, Span
    from aigc_studio.ui.canvas.items.score import Score

MOST_NOTES = 4_000
"""Of so many notes, about, a small picture of a tune is drawn."""
_ENOUGH = 1024
"""Pictures longer than this are thinned out before they are scaled."""


def qimage(image: Image, most: int = 0) -> QImage:
    """A picture as a QImage of its own, no longer than about twice `most` pixels if given."""
    formats = {
        "L": QImage.Format.Format_Grayscale8,
        "RGB": QImage.Format.Format_RGB888,
        "RGBA": QImage.Format.Format_RGBA8888,
    }
    values = image.pixels
    every = max(image.width, image.height) // (2 * most) if most else 1
    if every > 1:
        values = values[::every, ::every]
    height, width = values.shape[:2]
    channels = 1 if values.ndim == 2 else values.shape[2]
    data = values.tobytes()
    # The copy lets go of `data`, which Qt would not keep alive.
    return QImage(data, width, height, width * channels, formats[image.mode]).copy()


def preferred_width(artifact: Artifact, height: int) -> int:
    """How wide a picture of the artifact is at `height`: pictures keep their shape."""
    if isinstance(artifact, Image):
        return width_of(artifact.width, artifact.height, height)
    return height * 5 // 3


def width_of(across: int, down: int, height: int) -> int:
    """How wide a picture of so many pixels is at `height`, within half and twice of that."""
    return max(height // 2, min(2 * height, round(height * across / down)))


def picture(
    artifact: Artifact,
    size: QSize,
    ratio: float = 1.0,
    new: Span | None = None,
    *,
    begun: bool = False,
) -> QPixmap:
    """The artifact drawn within `size` logical pixels.

    Small pictures are enlarged smoothly, or sharp and in whole steps: as the person chose. What is
    `new` in a text or a tune stands out (`candidates.small.Glimpse`).
    """
    whole = size * ratio
    if isinstance(artifact, Image):
        found = QPixmap.fromImage(_fitted(artifact, whole))
        found.setDevicePixelRatio(ratio)
        return found
    found = QPixmap(whole)
    found.setDevicePixelRatio(ratio)
    found.fill(theme.colour("surface"))
    with QPainter(found) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = QRectF(0, 0, size.width(), size.height())
        if isinstance(artifact, Text):
            _draw_text(painter, artifact.value, room, new, begun=begun)
        else:
            draw_melody(painter, artifact, room, new)
    return found


def draw_melody(painter: QPainter, melody: Melody, room: QRectF, new: Span | None = None) -> None:
    """A piano roll without keys: bar lines and notes, louder ones stronger.

    What begins in `new` (ticks) lies on the ground of what is new, and all else steps back. No more
    is drawn than there is room for: of a long tune, what sounds in each column.
    """
    from aigc_studio.ui.canvas.items.score import Score

    score = Score.of(melody, MOST_NOTES)
    sounding = score.pitches if melody.notes else [60]
    low, high = int(min(sounding)) - 2, int(max(sounding)) + 2
    rows = max(14, high - low + 1)
    step = room.height() / rows
    scale = room.width() / max(1, melody.length)
    if new is not None:
        _draw_new_ground(painter, new, room, scale)
    _draw_bar_lines(painter, score, room, scale)
    painter.setPen(Qt.PenStyle.NoPen)
    columns = (score.starts, score.stops, score.pitches, score.velocities)
    drawn: dict[tuple[int, int], int] = {}
    for start, stop, pitch, velocity in zip(*(each.tolist() for each in columns), strict=True):
        place = (round(start * scale), pitch)
        width = max(2.0, (stop - start) * scale - 1)
        if width <= drawn.get(place, -1):
            continue
        drawn[place] = math.ceil(width)
        role = "badge_melody" if new is None or new.start <= start < new.stop else "muted"
        painter.setBrush(theme.colour(role, 0.45 + 0.55 * velocity / 127))
        x = room.left() + start * scale
        y = room.top() + (rows - 1 - (pitch - low)) * step
        painter.drawRoundedRect(QRectF(x, y, width, step), 1, 1)


def _draw_new_ground(painter: QPainter, new: Span, room: QRectF, scale: float) -> None:
    left, right = (room.left() + tick * scale for tick in (new.start, new.stop))
    painter.fillRect(
        QRectF(left, room.top(), right - left, room.height()), theme.colour("new", 0.14)
    )


def _draw_bar_lines(painter: QPainter, score: Score, room: QRectF, scale: float) -> None:
    import numpy as np

    painter.setPen(theme.colour("border"))
    places = np.unique(np.rint(score.bars[1:-1] * scale).astype(np.int64))
    if len(places) > room.width() / 2:
        return  # a line beside each other says nothing
    for place in places.tolist():
        x = round(room.left()) + place
        painter.drawLine(x, round(room.top()), x, round(room.bottom()))


def _draw_text(
    painter: QPainter, text: str, room: QRectF, new: Span | None, *, begun: bool
) -> None:
    from aigc_studio.ui.candidates.text_picture import draw_text

    draw_text(painter, text, room, new, begun=begun)


def _fitted(image: Image, size: QSize) -> QImage:
    longest = max(size.width(), size.height())
    drawn = qimage(image, longest if max(image.width, image.height) > _ENOUGH else 0)
    factor = min(size.width() // drawn.width(), size.height() // drawn.height())
    if pixels.smooth() and drawn.width() < size.width() and drawn.height() < size.height():
        return _enlarged(image, size)
    if factor >= 1:
        return drawn.scaled(drawn.width() * factor, drawn.height() * factor)
    smooth = Qt.TransformationMode.SmoothTransformation
    return drawn.scaled(size, Qt.AspectRatioMode.KeepAspectRatio, smooth)


def _enlarged(image: Image, size: QSize) -> QImage:
    """As large as there is room for, led from pixel to pixel."""
    from aigc_studio.project import prints

    room = QSize(image.width, image.height).scaled(size, Qt.AspectRatioMode.KeepAspectRatio)
    across, down = max(room.width(), 1), max(room.height(), 1)
    return qimage(prints.enlarged(image, across, down))

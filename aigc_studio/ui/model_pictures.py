"""What models make, as pictures of any size: mosaics, the beginning of a text, a small roll.

Line drawings are shown in the ink of the window on its paper, whichever way round the model has
them: black digits in a light window, light ones in a dark one.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QEnterEvent,
    QImage,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    qRgba,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from aigc_studio.api import Bars, Melody, samples
from aigc_studio.files import plain_bytes
from aigc_studio.library.cards import count, part, words
from aigc_studio.library.summaries import known, size
from aigc_studio.translation import _
from aigc_studio.ui import icons, theme
from aigc_studio.ui.artifact_pictures import picture
from aigc_studio.ui.library.entries import Entry
from aigc_studio.ui.library.formats import size_text

if TYPE_CHECKING:
    from aigc_studio.api import Artifact
    from aigc_studio.library import ModelInfo

SMALLEST_CELL = 15
"""Pixels that a picture of a mosaic has at least, as far as it is known how many there are."""
_PLAIN_SIDE = 40
"""Pixels of a picture's own side up to which it is a sign, known at a glance when it is small."""
_LARGEST_CELL = 64
"""Pixels that a picture with more in it than a sign has at least, or as many as it has itself."""
_SMALL = 100
"""Pixels of width in which writing can be read."""
_BAR = 20
"""Pixels of width that a bar takes in less than that."""
_KEPT = 60
_FAINT = 24
"""Of 255: what differs less from its ground is none of the ink."""
_PLAIN = 0.5
"""The share of a picture that is ground where it is a line drawing."""

_drawn: OrderedDict[tuple[Any, ...], QPixmap] = OrderedDict()


def model_picture(model: ModelInfo, size: QSize, ratio: float = 1.0) -> QPixmap | None:
    """What a model makes, in `size` logical pixels or less; None where nothing shows it."""
    path = model.samples
    if path is None:
        return None
    try:
        stamp = path.stat().st_mtime_ns
    except OSError:
        return None
    key = (path, stamp, size.width(), size.height(), ratio, theme.is_dark())
    if key not in _drawn:
        found = _draw(path, model.card, size, ratio)
        if found is None:
            return None
        _drawn[key] = found
        while len(_drawn) > _KEPT:
            _drawn.popitem(last=False)
    _drawn.move_to_end(key)
    return _drawn[key]


def _draw(path: Path, card: Mapping[str, Any], size: QSize, ratio: float) -> QPixmap | None:
    medium = samples.medium_of(path)
    if medium == "image":
        mosaic = _read(path)
        return None if mosaic.isNull() else _fitted(mosaic, _cell(card), size, ratio)
    from aigc_studio.wire.artifacts import read_artifact_file

    try:
        artifact = read_artifact_file(path, medium) if medium else None
    except (OSError, ValueError):
        return None
    if artifact is None or size.width() >= _SMALL:
        return None if artifact is None else picture(artifact, size, ratio)
    return _from_afar(artifact, size, ratio)


def _from_afar(artifact: Artifact, size: QSize, ratio: float) -> QPixmap:
    """A page of writing, or the first bars, in a place too small to read them in."""
    if isinstance(artifact, Melody):
        last = min(artifact.bar_count, max(2, size.width() // _BAR))
        return picture(artifact.part(Bars(1, last)), size, ratio)
    large = picture(artifact, size * 2, ratio).toImage()
    smooth = Qt.TransformationMode.SmoothTransformation
    found = QPixmap.fromImage(
        large.scaled(size * ratio, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
    )
    found.setDevicePixelRatio(ratio)
    return found


def medium_of_card(card: Mapping[str, Any]) -> str:
    """Of which medium a model is, as far as its card tells; else empty."""
    told = words(part(card, "data"), "medium")
    return told if told in samples.NAMES else "image" if part(card, "frame") else ""


def _read(path: Path) -> QImage:
    """The mosaic of a file that was looked at (`api.samples`); a null one where it is damaged."""
    try:
        return QImage.fromData(plain_bytes(path), "PNG")  # type: ignore[arg-type]
    except OSError:
        return QImage()


def _cell(card: Mapping[str, Any]) -> QSize:
    """How large a picture of the mosaic is, as the card says; empty where it does not."""
    frame = part(card, "frame")
    return QSize(count(frame, "width") or 0, count(frame, "height") or 0)


def _fitted(mosaic: QImage, cell: QSize, size: QSize, ratio: float) -> QPixmap:
    """The mosaic in ink on paper, as much of it as can be seen in the room there is."""
    mosaic = in_ink(_shown_part(mosaic, cell, size))
    whole = size * ratio
    smooth = Qt.TransformationMode.SmoothTransformation
    fitted = mosaic.scaled(whole, Qt.AspectRatioMode.KeepAspectRatio, smooth)
    found = QPixmap.fromImage(fitted)
    found.setDevicePixelRatio(ratio)
    return found


def _shown_part(mosaic: QImage, cell: QSize, size: QSize) -> QImage:
    """So many rows and columns from the top left as can be told apart, in the shape of the room."""
    known = not cell.isEmpty()
    if not known or mosaic.width() % cell.width() or mosaic.height() % cell.height():
        return mosaic
    columns, rows = mosaic.width() // cell.width(), mosaic.height() // cell.height()
    shape = cell.width() / cell.height()
    is_sign = max(cell.width(), cell.height()) <= _PLAIN_SIDE
    least = SMALLEST_CELL if is_sign else min(cell.height(), _LARGEST_CELL)
    # The side of a cell that fills the room, with as many in it as there are or as can be seen.
    high = max(least, size.height() / rows, size.width() / columns / shape)
    columns = max(1, min(columns, round(size.width() / (high * shape))))
    rows = max(1, min(rows, round(size.height() / high)))
    return mosaic.copy(0, 0, columns * cell.width(), rows * cell.height())


def in_ink(mosaic: QImage) -> QImage:
    """A grey line drawing in the window's ink on nothing; any other picture as it is."""
    if not mosaic.isGrayscale() or mosaic.hasAlphaChannel():
        return mosaic.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
    grey = mosaic.convertToFormat(QImage.Format.Format_Grayscale8)
    tones = bytes(grey.constBits())
    dark = sum(tones.count(tone) for tone in range(_FAINT)) / len(tones)
    light = sum(tones.count(tone) for tone in range(256 - _FAINT, 256)) / len(tones)
    if max(dark, light) < _PLAIN:
        return mosaic.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
    ink = theme.colour("text")
    strengths = [tone if dark > light else 255 - tone for tone in range(256)]
    room = 255 - _FAINT
    alphas = [max(0, each - _FAINT) * 255 // room for each in strengths]
    whole = QImage(tones, grey.width(), grey.height(), grey.bytesPerLine(), _INDEXED)
    whole.setColorTable([qRgba(ink.red(), ink.green(), ink.blue(), each) for each in alphas])
    return whole.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


_INDEXED = QImage.Format.Format_Indexed8


def paint_model(painter: QPainter, place: QRect, model: ModelInfo | None, medium: str) -> None:
    """What a model makes, on paper with a line around it; the medium's icon where nothing shows it.

    `place` is in logical pixels.
    """
    ratio = painter.device().devicePixelRatioF()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    outline = QRectF(place).adjusted(0.5, 0.5, -0.5, -0.5)
    painter.setPen(Qt.PenStyle.NoPen)
    found = model_picture(model, place.size() - QSize(4, 4), ratio) if model is not None else None
    painter.setBrush(theme.colour("surface" if found is not None else "hover"))
    painter.drawRoundedRect(outline, theme.RADIUS, theme.RADIUS)
    if found is not None:
        shape = QPainterPath()
        shape.addRoundedRect(outline, theme.RADIUS, theme.RADIUS)
        painter.save()
        painter.setClipPath(shape)
        painter.drawPixmap(_centred(found, place), found)
        painter.restore()
    else:
        side = 18 if min(place.width(), place.height()) < 96 else 32
        spot = QRect(0, 0, side, side)
        spot.moveCenter(place.center())
        icons.paint(painter, medium or "chip", theme.badge(medium) if medium else "muted", spot)
    painter.setPen(QPen(theme.colour("border"), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(outline, theme.RADIUS, theme.RADIUS)


def _centred(found: QPixmap, place: QRect) -> QPoint:
    size = found.deviceIndependentSize().toSize()
    spot = QRect(QPoint(0, 0), size)
    spot.moveCenter(place.center())
    return spot.topLeft()


def model_entry(title: str, model: ModelInfo, medium: str) -> Entry:
    """A model in a list: what it makes, its title, and what is best known of it in a few words."""

    def paint(painter: QPainter, spot: QRect) -> None:
        paint_model(painter, spot, model, medium)

    told = " · ".join(filter(None, (known(model.card), size(model.card))))
    about = told or f"{model.generator} · {size_text(model.size)}"
    return Entry(title, about, "chip", "muted" if model.shipped else "accent", paint)


def _picture_name(model: ModelInfo | None) -> str:
    """What a screen reader says of the picture of a model."""
    if model is None:
        return ""
    return _("What the model {name} makes").format(name=model.title)


class ModelButton(QAbstractButton):
    """A small picture of what a model makes, that can be pressed to see more of it."""

    def __init__(self, size: QSize, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model: ModelInfo | None = None
        self._medium = ""
        self.setFixedSize(size)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(_("Show the model in the Library"))
        theme.scheme_changed.connect(self.update)

    @property
    def model_digest(self) -> str:
        """Which model is shown."""
        return self._model.digest if self._model is not None else ""

    def show_model(self, model: ModelInfo | None, medium: str) -> None:
        """Show what this model makes; the icon of its medium where nothing shows it."""
        self._model, self._medium = model, medium
        self.setAccessibleName(_picture_name(model))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture in its frame; a stronger frame under the mouse and with the keyboard."""
        with QPainter(self) as painter:
            paint_model(painter, self.rect(), self._model, self._medium)
            if self.hasFocus() or self.underMouse():
                painter.setPen(QPen(theme.colour("accent"), 2 if self.hasFocus() else 1))
                outline = QRectF(self.rect()).adjusted(1, 1, -1, -1)
                painter.drawRoundedRect(outline, theme.RADIUS, theme.RADIUS)

    def enterEvent(self, event: QEnterEvent) -> None:
        """The frame answers the mouse."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """The frame lets go of the mouse."""
        super().leaveEvent(event)
        self.update()


class ModelPicture(QWidget):
    """A picture of what a model makes, in a fixed size."""

    def __init__(self, size: QSize, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model: ModelInfo | None = None
        self._medium = ""
        self.setFixedSize(size)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.scheme_changed.connect(self.update)

    @property
    def shows_samples(self) -> bool:
        """Whether there is something of the model's own to be seen."""
        return self._model is not None and self._model.samples is not None

    def show_model(self, model: ModelInfo | None, medium: str) -> None:
        """Show what this model makes; the icon of its medium where nothing shows it."""
        self._model, self._medium = model, medium
        self.setAccessibleName(_picture_name(model))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture in its frame."""
        with QPainter(self) as painter:
            paint_model(painter, self.rect(), self._model, self._medium)

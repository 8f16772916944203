"""How pixels of small pictures are shown everywhere: led from one to the next, or as squares.

The person's choice, kept here so that canvas, thumbs and lists agree. Whoever paints asks `smooth`
while painting; `changed` tells that it has become another.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

SQUARES_FROM = 32.0
"""From so many logical pixels of the screen a pixel on, pixels are squares in any case: who looks
from so near works on single ones."""
LARGEST = 256
"""Pixels a side: larger pictures are led over by the painter alone."""
_AREA = 512
"""Pixels that the longer side of an enlarged copy has at most, where it has any more at all."""


class _Signals(QObject):
    changed = Signal()


_signals = _Signals()
changed = _signals.changed
"""Signal without arguments: small pictures are to be shown the other way."""
_smooth = True


def smooth() -> bool:
    """Whether small pictures are shown smooth."""
    return _smooth


def set_smooth(on: bool) -> None:
    """Show them smooth from now on, or their pixels as squares."""
    global _smooth
    if on != _smooth:
        _smooth = on
        changed.emit()


def times(width: int, height: int) -> int:
    """How many times as large a smooth copy of a picture is; 1: it has none."""
    longest = max(width, height)
    return 1 if longest > LARGEST else min(max(_AREA // max(longest, 1), 2), 8)


def enlarged(image: QImage, factor: int) -> QImage:
    """A smooth copy (premultiplied ARGB), so many times as large. From any thread.

    The painter's own smooth scaling is linear: enlarged much, it shows a star at every pixel.
    """
    from PIL import Image as Pillow

    from aigc_studio.project import enlarging

    form = QImage.Format.Format_ARGB32_Premultiplied
    image = image if image.format() == form else image.convertToFormat(form)
    size, line = (image.width(), image.height()), image.bytesPerLine()
    # Blue, green, red and alpha, the colours multiplied by alpha already.
    bands = Pillow.frombuffer("CMYK", size, bytes(image.constBits()), "raw", "CMYK", line, 1)
    width, height = size[0] * factor, size[1] * factor
    large = enlarging.enlarged_clear(list(bands.split()), (width, height))
    data = Pillow.merge("CMYK", large).tobytes()
    # The copy lets go of `data`, which Qt would not keep alive.
    return QImage(data, width, height, width * 4, form).copy()

"""What is in a picture of the window: all pixels at once, as one at a time takes a second."""

from typing import Any

import numpy as np
from PySide6.QtGui import QColor, QImage

Pixels = np.ndarray[Any, Any]


def pixels_of(image: QImage) -> Pixels:
    """Red, green, blue and alpha of each pixel: (height, width, 4), 0 to 255."""
    plain = image.convertToFormat(QImage.Format.Format_RGBA8888)
    rows = np.array(plain.constBits()).reshape(plain.height(), plain.bytesPerLine())
    return rows[:, : 4 * plain.width()].reshape(plain.height(), plain.width(), 4)


def how_near(image: QImage, colour: QColor) -> Pixels:
    """How far each pixel is from a colour: (height, width, 3), of red, green and blue."""
    wanted = np.array([colour.red(), colour.green(), colour.blue()], np.int16)
    return np.abs(pixels_of(image)[..., :3] - wanted)

"""PNG files of which the decoder gives half: a clear colour of 16 bits, and pixels of phones."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage

    from aigc_studio.library.pictures.parts import Parts


def own_alpha(
    picture: PillowImage, parts: Parts
) -> Callable[[int, PillowImage], PillowImage] | None:
    """What gives the pieces of a loaded picture (top, piece) their clear colour, or their red and
    blue in place, where `parts` says so. None for all others. Raises what Pillow does.
    """
    if parts.swapped and picture.mode in ("RGB", "RGBA"):
        return lambda _top, piece: _in_place(piece)
    if not parts.clear or picture.mode != "RGB":
        return None
    import numpy as np
    from PIL import Image as Pillow

    low_bytes = _low_bytes(parts)
    high, low = (np.array([value >> shift & 255 for value in parts.clear], np.uint8) for shift in (8, 0))  # fmt: skip  # noqa: E501

    def cleared(top: int, piece: PillowImage) -> PillowImage:
        beneath = np.asarray(low_bytes.crop((0, top, piece.width, top + piece.height)))
        same = (np.asarray(piece) == high) & (beneath == low)
        is_clear = same[..., 0] & same[..., 1] & same[..., 2]
        found = piece.copy()
        found.putalpha(Pillow.fromarray(np.where(is_clear, np.uint8(0), np.uint8(255))))
        return found

    return cleared


def _low_bytes(parts: Parts) -> PillowImage:
    """The other half of each sample: the decoder gives it when it takes the bytes as turned."""
    from PIL import Image as Pillow

    parts.file.seek(0)
    picture = Pillow.open(parts.file, formats=("PNG",))
    picture.tile = [tile._replace(args="RGB;16L") for tile in picture.tile]
    picture.load()
    return picture


def _in_place(picture: PillowImage) -> PillowImage:
    from PIL import Image as Pillow

    blue, green, red, *alpha = picture.split()
    if not alpha:
        return Pillow.merge("RGB", (red, green, blue))
    return Pillow.merge("RGBa", (red, green, blue, *alpha)).convert("RGBA")

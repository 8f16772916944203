"""PNG files of which the decoder gives half: a clear colour of 16 bits, and pixels of phones."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage

    from aigc_studio.library.pictures.parts import Parts


def with_own_alpha(picture: PillowImage, parts: Parts) -> PillowImage:
    """The loaded picture, where `parts` says so with a clear colour, or with red and blue in place.

    Raises what Pillow does.
    """
    if parts.swapped and picture.mode in ("RGB", "RGBA"):
        return _in_place(picture)
    if not parts.clear or picture.mode != "RGB":
        return picture
    import numpy as np
    from PIL import Image as Pillow

    high, low = np.asarray(picture), np.asarray(_low_bytes(parts))
    clear = np.array(parts.clear)
    is_clear = ((high == clear >> 8) & (low == (clear & 255))).all(axis=-1)
    picture.putalpha(Pillow.fromarray(np.where(is_clear, 0, 255).astype(np.uint8)))
    return picture


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

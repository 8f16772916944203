"""Pictures as tiles of 256×256 RGBA8888 pixels, straight alpha, and tiles as PNG."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Literal

from aigc_studio.api.artifacts import Image

if TYPE_CHECKING:
    import numpy as np

    Pixels = np.ndarray[Any, np.dtype[np.uint8]]

TILE = 256
"""Pixels along the side of a tile."""

EMPTY = bytes(TILE * TILE * 4)
"""A tile that is all zero; it is never stored."""

Tile = tuple[int, int]
"""Which tile: (column, row), counted from 0."""

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_UP, _RGBA = 2, 6
"""The filter that takes the row above away, and the kind of pixel, as PNG numbers them."""

_channels = {"L": 1, "RGB": 3, "RGBA": 4}


def split(image: Image) -> Iterator[tuple[Tile, bytes]]:
    """Cut a picture of any mode into tiles; those at the edges are filled up with zero."""
    import numpy as np

    for row in range(-(-image.height // TILE)):
        for column in range(-(-image.width // TILE)):
            part = image.pixels[row * TILE : (row + 1) * TILE, column * TILE : (column + 1) * TILE]
            tile = np.zeros((TILE, TILE, 4), np.uint8)
            _put_in(tile[: part.shape[0], : part.shape[1]], part)
            yield (column, row), tile.tobytes()


def join(
    width: int,
    height: int,
    mode: str,
    found: Iterable[tuple[Tile, bytes]],
    left: int = 0,
    top: int = 0,
) -> Image:
    """Put a picture together, or the part of it that begins at (left, top) and is of this size;
    tiles that are not there are zero."""
    import numpy as np

    channels = _channels[mode]
    pixels: Pixels = np.zeros((height, width, channels), np.uint8)
    for (column, row), data in found:
        tile = np.frombuffer(data, np.uint8).reshape(TILE, TILE, 4)
        x, y = column * TILE - left, row * TILE - top
        place = pixels[max(y, 0) : max(y + TILE, 0), max(x, 0) : max(x + TILE, 0)]
        _copy(place, tile[max(-y, 0) :, max(-x, 0) :][: place.shape[0], : place.shape[1]])
    pixels.flags.writeable = False  # so that it is not copied once more
    return Image(pixels[..., 0] if mode == "L" else pixels)


def _put_in(tile: Pixels, part: Pixels) -> None:
    """Lay pixels of any mode into those of a tile (h, w, 4)."""
    import numpy as np

    part = part[..., None] if part.ndim == 2 else part
    if part.shape[2] < 4:
        tile[..., 3] = 255
    _copy(tile, np.broadcast_to(part, (*part.shape[:2], 3)) if part.shape[2] == 1 else part)


def _copy(place: Pixels, pixels: Pixels) -> None:
    """The channels that both have, one after the other: pixel by pixel takes six times as long."""
    for channel in range(min(place.shape[2], pixels.shape[2])):
        place[..., channel] = pixels[..., channel]


def laid(data: bytes, key: Tile, part: Image, left: int, top: int) -> bytes:
    """A tile with what of `part` lies over it, whose upper left pixel is at (left, top)."""
    import numpy as np

    tile = np.frombuffer(data, np.uint8).reshape(TILE, TILE, 4).copy()
    rows, columns = key[1] * TILE - top, key[0] * TILE - left
    over = part.pixels[max(rows, 0) : max(rows + TILE, 0), max(columns, 0) : max(columns + TILE, 0)]
    across, down = max(-columns, 0), max(-rows, 0)
    _put_in(tile[down : down + over.shape[0], across : across + over.shape[1]], over)
    return tile.tobytes()


def fit(data: bytes, key: Tile, width: int, height: int, mode: str) -> tuple[bytes, str]:
    """A tile with zeros outside a picture of this size, and the mode that can hold its pixels.

    Raises `ValueError` for a tile of a wrong size, or one that lies outside the picture.
    """
    import numpy as np

    wide, high = (
        min(TILE, width - key[0] * TILE),
        min(TILE, height - key[1] * TILE),
    )
    if len(data) != TILE * TILE * 4 or min(wide, high) <= 0 or min(key) < 0:
        raise ValueError(f"tile {key} is not a tile of a picture of {width}×{height} pixels")
    tile = np.frombuffer(data, np.uint8).reshape(TILE, TILE, 4)
    inside = tile[:high, :wide]
    if mode != "RGBA" and (inside[..., 3] != 255).any():
        mode = "RGBA"
    elif mode == "L" and (inside[..., :2] != inside[..., 1:3]).any():
        mode = "RGB"
    if wide < TILE or high < TILE:
        whole = np.zeros_like(tile)
        whole[:high, :wide] = inside
        data = whole.tobytes()
    return bytes(data), mode


def encode_png(data: bytes) -> bytes:
    """A tile as PNG: each row less the one above it, quickly packed.

    Written here, as Pillow tries five ways for each row, and that takes more than half of its time.
    """
    import numpy as np

    pixels = np.frombuffer(data, np.uint8).reshape(TILE, TILE * 4)
    rows = np.full((TILE, 1 + TILE * 4), _UP, np.uint8)
    rows[0, 1:] = pixels[0]
    np.subtract(pixels[1:], pixels[:-1], out=rows[1:, 1:])
    head = struct.pack(">IIBBBBB", TILE, TILE, 8, _RGBA, 0, 0, 0)
    chunks = (b"IHDR", head), (b"IDAT", zlib.compress(rows.data, 1)), (b"IEND", b"")
    return _SIGNATURE + b"".join(_chunk(*each) for each in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def decode_png(data: bytes) -> bytes:
    """The pixels of a tile. Raises `ValueError` when it is not the whole PNG of one."""
    import io

    from PIL import Image as Pillow

    formats: tuple[Literal["PNG"]] = ("PNG",)
    try:
        with Pillow.open(io.BytesIO(data), formats=formats) as picture:
            # Checked before a pixel is decoded: a small file may claim to be an enormous picture.
            if picture.size != (TILE, TILE) or picture.mode != "RGBA":
                raise ValueError("not a tile")
            return picture.tobytes()
    except Exception as error:  # Pillow raises SyntaxError and many others at a broken file
        raise ValueError(f"not the PNG of a tile: {error}") from error

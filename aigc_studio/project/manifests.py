"""What a picture in the content store says of itself: its size, its mode, and its tiles."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from aigc_studio.api import limits
from aigc_studio.project.tiles import TILE, Tile

_digits = frozenset("0123456789abcdef")


def is_digest(value: Any) -> bool:
    """Whether `value` is a SHA-256 as 64 lower-case hexadecimal digits."""
    return isinstance(value, str) and len(value) == 64 and _digits.issuperset(value)


def check_size(width: Any, height: Any, mode: Any) -> None:
    """Raise `ValueError` unless this is the size and mode of a picture that a project may hold."""
    if type(width) is not int or type(height) is not int or mode not in ("L", "RGB", "RGBA"):
        raise ValueError("a picture needs a width, a height and a mode")
    sides = 0 < width <= limits.PICTURE_SIDE and 0 < height <= limits.PICTURE_SIDE
    if not sides or width * height > limits.PICTURE_PIXELS:
        raise ValueError(f"a picture of {width}×{height} pixels is too large for a project")


def read_manifest(data: bytes) -> Mapping[str, Any]:
    """The manifest of a picture: `width`, `height`, `mode`, `tiles` {(column, row): digest}.

    Raises `ValueError` (or what `json` raises) for anything that is not one.
    """
    document = json.loads(data)
    width, height = document["width"], document["height"]
    check_size(width, height, document["mode"])
    named: dict[Tile, str] = {}
    if len(document["tiles"]) > -(-width // TILE) * -(-height // TILE):
        raise ValueError("a picture with more tiles than it has room for")
    for key, digest in document["tiles"].items():
        column, row = (int(part) for part in key.split(","))
        inside = 0 <= column * TILE < width and 0 <= row * TILE < height
        if not inside or not is_digest(digest):
            raise ValueError(f"not a tile: {key}")
        named[column, row] = digest
    return MappingProxyType({**document, "tiles": MappingProxyType(named)})

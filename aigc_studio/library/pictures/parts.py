"""What the decoder of a picture gets, and what stood beside the pixels in its file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import BinaryIO

from aigc_studio.translation import _, enumerated

MOST_SIDE_BYTES = 8 << 20
"""The largest profile, unpacked, that is used; a larger one is left out."""
DAMAGED = b"damaged"
"""Stands for a profile or an EXIF block that is there and cannot be read."""
PNG = b"\x89PNG\r\n\x1a\n"
"""How a PNG file begins."""


@dataclass
class Parts:
    """What the decoder gets (`file`), and what was read beside it.

    `kind` is PNG, JPEG, TIFF, WEBP, or empty for all others, which go to the decoder as they are.
    `gamma` is that of a PNG without a profile, 0 when it says none; `white_is_zero`: pixels of more
    than 8 bits are still to be inverted; `frames` is how many pictures a PNG says it holds.
    `lossy`: the pixels are near those that were saved, and not the same (known once it is decoded).

    `lost_rows`: how many are cut off and made up here. `wrapped`: the kind of the file where the
    decoder gets another one. `other`: the file of a WebP whose end is made up, with another end.
    Of a PNG: `wrong_sums` of its pixels, the colour of 16 bits that is `clear`, and whether its
    pixels are `swapped` as in those of phones (blue first, multiplied by alpha).
    """

    file: BinaryIO
    kind: str = ""
    profile: bytes = b""
    exif: bytes = b""
    xmp: bytes = b""
    gamma: float = 0.0
    white_is_zero: bool = False
    frames: int = 1
    lossy: bool = False
    lost_rows: int = 0
    wrapped: str = ""
    other: bytes = b""
    wrong_sums: int = 0
    clear: tuple[int, ...] = ()
    swapped: bool = False
    remarks: list[str] = field(default_factory=list)


def tell_left_out(parts: Parts, damaged: list[str], too_large: list[str]) -> None:
    """Add a remark for parts that are damaged, and one for those that are too large."""
    if damaged:
        sentence = _("Parts beside the pixels are damaged and were left out: {names}.")
        parts.remarks.append(sentence.format(names=enumerated(damaged[:8])))
    if too_large:
        sentence = _("Parts beside the pixels are too large and were left out: {names}.")
        parts.remarks.append(sentence.format(names=enumerated(too_large[:8])))

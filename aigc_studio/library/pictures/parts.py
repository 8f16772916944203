"""A picture file without its side parts: what a decoder needs, and what stands beside the pixels.

A text, a profile or a tag that is broken or enormous must not keep anybody from the pixels. So the
decoder gets the parts that make the picture and no others; orientation, colour profile and gamma
are read here, with bounds, and what cannot be read is a remark.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import BinaryIO

from aigc_studio.translation import _

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
    remarks: list[str] = field(default_factory=list)


def take_apart(file: BinaryIO) -> Parts:
    """Look at a file that is open for reading in binary, and say what its decoder should get."""
    head = file.read(64)
    start = _junk_before(head)
    file.seek(0)
    if start:
        file = io.BytesIO(file.read()[start:])
    head = head[start:]
    if head.startswith(PNG):
        from aigc_studio.library.pictures.chunks import png_parts

        return png_parts(file)
    if head.startswith(b"\xff\xd8\xff"):
        return _jpeg(file)
    if head.startswith((b"II*\0", b"MM\0*")):
        from aigc_studio.library.pictures.tags import mended_tiff

        mended, white_is_zero = mended_tiff(file)
        return Parts(mended, "TIFF", white_is_zero=white_is_zero)
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return _webp(file)
    return Parts(file)


def _junk_before(head: bytes) -> int:
    """Bytes of white space or a byte order mark before a PNG or JPEG, as web servers put there."""
    bare = head.lstrip(b"\xef\xbb\xbf\r\n\t ")
    return len(head) - len(bare) if bare.startswith((PNG, b"\xff\xd8\xff")) else 0


# -- JPEG ----------------------------------------------------------------------------------------


def _jpeg(file: BinaryIO) -> Parts:
    """The segments that the decoder needs: tables, frame, scans, and Adobe's on the colours."""
    data = file.read()
    parts = Parts(io.BytesIO(), "JPEG")
    kept, profiles = [b"\xff\xd8"], {}
    place, damaged = 2, False
    while data[place : place + 1] == b"\xff":
        while data[place + 1 : place + 2] == b"\xff":
            place += 1
        marker = data[place + 1] if place + 1 < len(data) else 0
        size = int.from_bytes(data[place + 2 : place + 4], "big")
        if marker == 0xDA or size < 2 or place + 2 + size > len(data):
            break
        body = data[place + 4 : place + 2 + size]
        if marker in (0xE0, 0xEE) or not (0xE0 <= marker <= 0xEF or marker == 0xFE):
            # A JFIF or Adobe segment that is too short says nothing; the decoder would stumble.
            damaged |= (short := marker in (0xE0, 0xEE) and len(body) < 12)
            kept += [] if short else [data[place : place + 2 + size]]
        elif marker == 0xE1:
            _jpeg_side_part(parts, body)
        elif marker == 0xE2 and body.startswith(b"ICC_PROFILE\0") and len(body) > 14:
            profiles[body[12]] = (body[13], body[14:])
        place += 2 + size
    if profiles:
        numbers = range(1, next(iter(profiles.values()))[0] + 1)
        whole = set(numbers) == set(profiles)
        parts.profile = b"".join(profiles[n][1] for n in numbers) if whole else DAMAGED
    tell_left_out(parts, ["APP"] if damaged else [], [])
    parts.file = io.BytesIO(b"".join(kept) + data[place:])
    return parts


def _jpeg_side_part(parts: Parts, body: bytes) -> None:
    if body.startswith(b"Exif\0"):
        parts.exif = parts.exif or body[6:]
    elif body.startswith(b"http://ns.adobe.com/xap/1.0/\0"):
        parts.xmp = parts.xmp or body[29:]


# -- WebP ----------------------------------------------------------------------------------------


def _webp(file: BinaryIO) -> Parts:
    """The chunks with pixels; a header that announces others is told that they are not there."""
    data = file.read()
    parts, kept, place = Parts(io.BytesIO(), "WEBP"), [b"WEBP"], 12
    while len(head := data[place : place + 8]) == 8:
        name, size = head[:4], int.from_bytes(head[4:], "little")
        body = data[place + 8 : place + 8 + size]
        if name == b"VP8X" and body:
            kept.append(head + bytes([body[0] & ~0x2C]) + body[1:])
        elif name in (b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF"):
            # A frame of an animation holds its chunks behind 16 bytes on its place.
            parts.lossy |= name == b"VP8 " or (name == b"ANMF" and b"VP8 " in body[16:])
            kept.append(head + body + bytes(size % 2))
        elif name == b"ICCP":
            parts.profile = body if size <= MOST_SIDE_BYTES else b""
            tell_left_out(parts, [], ["ICCP"] if size > MOST_SIDE_BYTES else [])
        elif name == b"EXIF":
            parts.exif = body
        elif name == b"XMP ":
            parts.xmp = body
        place += 8 + size + size % 2
    written = b"".join(kept)
    parts.file = io.BytesIO(b"RIFF" + len(written).to_bytes(4, "little") + written)
    return parts


def tell_left_out(parts: Parts, damaged: list[str], too_large: list[str]) -> None:
    """Add a remark for parts that are damaged, and one for those that are too large."""
    if damaged:
        sentence = _("Parts beside the pixels are damaged and were left out: {names}.")
        parts.remarks.append(sentence.format(names=", ".join(damaged[:8])))
    if too_large:
        sentence = _("Parts beside the pixels are too large and were left out: {names}.")
        parts.remarks.append(sentence.format(names=", ".join(too_large[:8])))

"""A picture file without its side parts: what a decoder needs, and what stands beside the pixels.

A text, a profile or a tag that is broken or enormous must not keep anybody from the pixels. So the
decoder gets the parts that make the picture and no others; orientation, colour profile and gamma
are read here, with bounds, and what cannot be read is a remark.
"""

from __future__ import annotations

import io
import re
from typing import BinaryIO

from aigc_studio.library.pictures.chunks import png_parts
from aigc_studio.library.pictures.netpbm import netpbm_parts
from aigc_studio.library.pictures.parts import DAMAGED, MOST_SIDE_BYTES, PNG, Parts, tell_left_out
from aigc_studio.library.pictures.tags import mended_tiff

_MOST_JUNK = 8192
_http = re.compile(rb"(?:HTTP/[\d.]+ [^\r\n]*\r?\n)?(?:[A-Za-z-]+:[^\r\n]*\r?\n)+\r?\n")


def take_apart(file: BinaryIO) -> Parts:
    """Look at a file that is open for reading in binary, and say what its decoder should get."""
    head = file.read(_MOST_JUNK)
    start = _junk_before(head)
    file.seek(0)
    if start:
        file = io.BytesIO(file.read()[start:])
    head = head[start:]
    if head.startswith(PNG):
        return png_parts(file)
    if head.startswith(b"\xff\xd8\xff"):
        return _jpeg(file)
    if head.startswith((b"II*\0", b"MM\0*")):
        mended, white_is_zero = mended_tiff(file)
        return Parts(mended, "TIFF", white_is_zero=white_is_zero)
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return _webp(file)
    if head.startswith((b"GIF87a", b"GIF89a")):
        return _gif(file)
    if re.match(rb"P[1-7]\s", head):
        return netpbm_parts(file)
    return Parts(file)


def _junk_before(head: bytes) -> int:
    """Bytes of white space, a byte order mark or a header of HTTP before a PNG or JPEG."""
    header = _http.match(head)
    bare = head[header.end() if header else 0 :].lstrip(b"\xef\xbb\xbf\r\n\t ")
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
            if size > len(body) and name in (b"VP8 ", b"VP8L"):
                ends = [name + _made_up(body, size, filler) for filler in (b"\0", b"\xff")]
                parts.other = _riff(b"".join(kept) + ends[1])
                kept.append(ends[0])
            else:
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
    parts.file = io.BytesIO(_riff(written))
    return parts


def _made_up(body: bytes, size: int, filler: bytes) -> bytes:
    """Size and bytes of a chunk that was cut off: the decoder may read more of what is made up.

    Much more: some codes for it are many times as long as those that were there.
    """
    long = body + filler * (16 * min(size - len(body), len(body)) + 65536)
    return len(long).to_bytes(4, "little") + long + bytes(len(long) % 2)


def _riff(written: bytes) -> bytes:
    return b"RIFF" + len(written).to_bytes(4, "little") + written


# -- GIF -----------------------------------------------------------------------------------------


def _gif(file: BinaryIO) -> Parts:
    """A file that ends within a block of pixels gets a block that is as short, and an end.

    The decoder would wait for the whole of the block, which is much of a small picture.
    """
    data = file.read()
    parts = Parts(io.BytesIO(data), "GIF")
    place = 13 + _gif_table(data, 10)
    while place < len(data):
        kind = data[place]
        if kind == 0x2C:
            place += 11 + _gif_table(data, place + 9)
        elif kind == 0x21:
            place += 2
        else:
            return parts
        while place < len(data) and data[place]:
            if place + 1 + data[place] > len(data) and kind == 0x2C:
                rest = data[place + 1 :]
                short = data[:place] + bytes([len(rest)]) + rest + b"\0;"
                parts.file = io.BytesIO(short)
                return parts
            place += 1 + data[place]
        place += 1
    return parts


def _gif_table(data: bytes, place: int) -> int:
    """Bytes of the colour table that the flags at this place announce."""
    flags = data[place] if place < len(data) else 0
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0

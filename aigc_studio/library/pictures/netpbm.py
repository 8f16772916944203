"""PGM and PPM written as text, and PAM: what the decoder does not read by itself."""

from __future__ import annotations

import io
import re
import struct
import zlib
from typing import BinaryIO

from aigc_studio.library.pictures.parts import PNG, Parts

_comment = re.compile(rb"#[^\r\n]*")
_pam_line = re.compile(rb"\s*(?:#[^\n]*|([A-Z]+)[ \t]*([^\n]*))\n")
_MOST_SAMPLES = 256_000_000
_png_colours = {1: 0, 2: 4, 3: 2, 4: 6}
"""Samples of a pixel → the colour type of a PNG with as many."""


def text_parts(file: BinaryIO) -> Parts:
    """P2 or P3 with zeros for the samples that are not there, `lost_rows` saying for how many rows.

    A number at which the file was cut off may have lost digits, and does not count.
    """
    data = file.read()
    words = _comment.sub(b" ", data).split()
    parts = Parts(io.BytesIO(data), "PPM")
    if len(words) < 5 or not all(word.isdigit() and len(word) < 9 for word in words[1:4]):
        return parts
    width, height = int(words[1]), int(words[2])
    each = width * (3 if words[0] == b"P3" else 1)
    missing = each * height - (len(words) - 4)
    if missing > 0 and each * height <= _MOST_SAMPLES:
        if not data[-1:].isspace():
            del words[-1]
            missing += 1
        parts.lost_rows = -(-missing // each)
        parts.file = io.BytesIO(b" ".join(words) + b" 0" * missing)
    return parts


def pam_parts(file: BinaryIO) -> Parts:
    """P7 as a PNG: 8 or 16 bits, with alpha where it has 2 or 4 samples a pixel.

    Rows that are cut off are black. Raises ValueError for a header that says no such picture.
    """
    data, told, place = file.read(), dict[bytes, bytes](), 3
    while (line := _pam_line.match(data, place)) and line[1] != b"ENDHDR":
        told[line[1] or b""] = line[2] or b""
        place = line.end()
    place = line.end() if line else place
    names = (b"WIDTH", b"HEIGHT", b"DEPTH", b"MAXVAL")
    width, height, depth, most = (int(told.get(name, b"0")) for name in names)
    size = 2 if most > 255 else 1
    each = width * depth * size
    if depth not in _png_colours or not 0 < most < 65536 or not 0 < each * height <= _MOST_SAMPLES:
        raise ValueError(f"a PAM of {width}×{height}×{depth} up to {most}")
    pixels = data[place : place + each * height]
    lost = -(-(each * height - len(pixels)) // each)
    rows = _scaled(pixels.ljust(each * height, b"\0"), size, most)
    packed = zlib.compress(b"".join(b"\0" + rows[at : at + each] for at in range(0, len(rows), each)), 1)  # fmt: skip  # noqa: E501
    head = struct.pack(">IIBBBBB", width, height, 8 * size, _png_colours[depth], 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", packed), (b"IEND", b""))
    written = PNG + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )
    return Parts(io.BytesIO(written), "PNG", lost_rows=lost, wrapped="PPM")


def _scaled(pixels: bytes, size: int, most: int) -> bytes:
    """The samples with 255 or 65535 for white."""
    import numpy as np

    white = 255 if size == 1 else 65535
    if most == white:
        return pixels
    values = np.frombuffer(pixels, np.uint8 if size == 1 else ">u2").astype(np.float64)
    scaled = np.rint(values * white / most).clip(0, white)
    return scaled.astype(np.uint8 if size == 1 else ">u2").tobytes()

"""Tags: which side of a picture is up, and TIFF without those that lead nowhere."""

from __future__ import annotations

import io
import re
import struct
from typing import BinaryIO

_sizes = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_MOST_TAGS = 4096
_xmp_orientation = re.compile(rb"tiff:Orientation(?:=[\"']|>)\s*([1-8])")
_needed = {
    254, 256, 257, 258, 259, 262, 266, 273, 274, 277, 278, 279, 284, 292, 293, 317, 320, 322, 323,
    324, 325, 338, 339, 347, 512, 513, 514, 529, 530, 531, 532, 34675,
}  # fmt: skip
"""The tags that say how the pixels are kept, and what their colours mean."""
_numbers = {3: "H", 4: "I"}
_DEEP = 9  # bits from which on the decoder does not invert by itself


def mended_tiff(file: BinaryIO) -> tuple[BinaryIO, bool]:
    """The file, or a copy whose first directory has whole and needed tags only.

    The second value: pixels of more than 8 bits are still to be inverted, because white is zero in
    them. The decoder knows that for some of them only, so the copy says that black is zero.
    """
    data = file.read()
    whole = io.BytesIO(data)
    order = "<" if data[:2] == b"II" else ">"
    try:
        (place,) = struct.unpack_from(f"{order}I", data, 4)
        (count,) = struct.unpack_from(f"{order}H", data, place)
        entries = [data[at : at + 12] for at in range(place + 2, place + 2 + 12 * count, 12)]
        following = data[place + 2 + 12 * count :][:4].ljust(4, b"\0")
    except struct.error:
        return whole, False
    kept: dict[int, bytes] = {}
    for entry in entries:
        if len(entry) == 12 and _is_needed_and_whole(entry, order, len(data)):
            kept.setdefault(struct.unpack_from(f"{order}H", entry)[0], entry)
    deep = _number(kept.get(258), order, data) >= _DEEP
    white_is_zero = deep and _number(kept.get(262), order, data) == 0 and 262 in kept
    if white_is_zero:
        kept[262] = struct.pack(f"{order}HHIHH", 262, 3, 1, 1, 0)
    if list(kept.values()) == entries:
        return whole, False
    head = data[:4] + struct.pack(f"{order}I", len(data) + len(data) % 2)
    written = [struct.pack(f"{order}H", len(kept)), *(kept[tag] for tag in sorted(kept)), following]
    return io.BytesIO(head + data[8:] + bytes(len(data) % 2) + b"".join(written)), white_is_zero


def _is_needed_and_whole(entry: bytes, order: str, end: int) -> bool:
    tag, kind, count, place = struct.unpack(f"{order}HHII", entry)
    size = _sizes.get(kind, 0) * count
    return tag in _needed and size > 0 and (size <= 4 or place + size <= end)


def _number(entry: bytes | None, order: str, data: bytes) -> int:
    """The first number of an entry; 0 when it is none."""
    if entry is None:
        return 0
    _tag, kind, count, place = struct.unpack(f"{order}HHII", entry)
    form = _numbers.get(kind)
    if form is None:
        return 0
    inside = _sizes[kind] * count <= 4
    return int(
        struct.unpack_from(f"{order}{form}", entry if inside else data, 8 if inside else place)[0]
    )


def orientation(exif: bytes, xmp: bytes) -> int | None:
    """1 to 8 as EXIF numbers it, whatever else in the block is broken; None when that is in vain.

    1 (upright) where nothing is said.
    """
    exif = exif.removeprefix(b"Exif\0\0")
    found = None
    if exif:
        found = _first_tag(exif, 0x0112)
        if found is not None and not 1 <= found <= 8:
            found = 0
    if found:
        return found
    said = _xmp_orientation.search(xmp)
    if said:
        return int(said[1])
    return None if exif and found is None else 1


def _first_tag(exif: bytes, wanted: int) -> int | None:
    """The first value of a tag of the first directory; 0 when it is not there or of an odd type.

    None when there is no directory to be read.
    """
    order = {b"II": "<", b"MM": ">"}.get(exif[:2])
    if order is None or len(exif) < 8:
        return None
    (place,) = struct.unpack_from(f"{order}I", exif, 4)
    if place + 2 > len(exif):
        return None
    (count,) = struct.unpack_from(f"{order}H", exif, place)
    for number in range(min(count, _MOST_TAGS)):
        at = place + 2 + 12 * number
        if at + 12 > len(exif):
            break
        tag, kind = struct.unpack_from(f"{order}HH", exif, at)
        if tag == wanted:
            # Some programs write a byte or a long, and one or two a digit as text.
            form = {1: "B", 2: "c", 3: "H", 4: "I", 6: "b", 8: "h", 9: "i"}.get(kind)
            value = struct.unpack_from(f"{order}{form}", exif, at + 8)[0] if form else 0
            if isinstance(value, bytes):
                return int(value) if value.isdigit() else 0
            return int(value)
    return 0

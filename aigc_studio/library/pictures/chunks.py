"""The chunks of a PNG: those that make the picture, whole, and what is read of the others."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from aigc_studio.library.pictures.parts import DAMAGED, MOST_SIDE_BYTES, PNG, Parts, tell_left_out
from aigc_studio.translation import _

_MOST_TEXT_BYTES = 1 << 20
_exif_texts = (b"Raw profile type exif", b"Raw profile type APP1")


def png_parts(file: BinaryIO) -> Parts:
    """Critical chunks and tRNS only, with right checksums; see the PNG specification, 5.3."""
    parts = Parts(io.BytesIO(), "PNG")
    kept: list[tuple[bytes, bytes]] = []
    damaged: set[str] = set()
    too_large: set[str] = set()
    for name, data, whole in _chunks(file.read()):
        told = name.decode("ascii", "replace")
        if name in (b"IHDR", b"PLTE", b"IDAT"):
            parts.wrong_sums += not whole
            if name == b"PLTE" and not data:
                continue
            kept.append((name, data[: min(len(data) // 3, 256) * 3] if name == b"PLTE" else data))
        elif name == b"CgBI":
            parts.swapped = True
        elif len(data) > MOST_SIDE_BYTES:
            too_large.add(told)
        elif not whole:
            damaged.add(told)
        elif not _png_side_part(parts, name, data, kept):
            too_large.add(told)
    order = (b"IHDR", b"PLTE", b"tRNS", b"IDAT")
    kept = sorted(
        (each for each in kept if each[0] in order), key=lambda each: order.index(each[0])
    )
    if parts.swapped:  # as phones have them: packed without a head and a sum
        packed = b"".join(data for name, data in kept if name == b"IDAT")
        kept = [each for each in kept if each[0] != b"IDAT"]
        kept.append((b"IDAT", _with_its_sum(packed) or packed))
    written = b"".join(_chunk(name, data) for name, data in [*kept, (b"IEND", b"")])
    parts.file = io.BytesIO(PNG + written)
    if parts.wrong_sums:
        parts.remarks.append(_("A checksum in it is wrong: look whether the picture is right."))
    tell_left_out(parts, sorted(damaged), sorted(too_large))
    return parts


def with_right_sum(parts: Parts) -> bool:
    """Whether the pixels unpack to their end but for the sum behind them, which is then mended.

    Not where a chunk of them had a wrong sum as well: something in them has changed.
    """
    if parts.kind != "PNG" or parts.wrong_sums:
        return False
    parts.file.seek(0)
    kept = [(name, data) for name, data, _whole in _chunks(parts.file.read())]
    packed = _with_its_sum(b"".join(data for name, data in kept if name == b"IDAT")[2:])
    if not packed:
        return False
    written = [each for each in kept if each[0] != b"IDAT"] + [(b"IDAT", packed), (b"IEND", b"")]
    parts.file = io.BytesIO(PNG + b"".join(_chunk(name, data) for name, data in written))
    parts.wrong_sums += 1
    parts.remarks.append(_("A checksum in it is wrong: look whether the picture is right."))
    return True


def _with_its_sum(packed: bytes) -> bytes:
    """What is packed without head and sum, with both; nothing when it does not unpack."""
    unpacking, total, rest = zlib.decompressobj(-zlib.MAX_WBITS), 1, packed
    try:
        while not unpacking.eof:
            piece = unpacking.decompress(rest, _MOST_TEXT_BYTES)
            rest = unpacking.unconsumed_tail
            if not (piece or rest or unpacking.eof):
                return b""
            total = zlib.adler32(piece, total)
    except zlib.error:
        return b""
    used = packed[: len(packed) - len(unpacking.unused_data)]
    return b"\x78\x01" + used + total.to_bytes(4, "big")


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes, bool]]:
    """Name, data and whether the checksum fits.

    The last chunk of a file that was cut off comes as far as it is there. Where a length is wrong,
    it goes on at the next chunk of pixels.
    """
    place = len(PNG)
    while len(head := data[place : place + 8]) == 8:
        size, name = int.from_bytes(head[:4], "big"), head[4:]
        if name == b"IEND":
            return
        end = place + 12 + size
        body, told = data[place + 8 : end - 4], data[end - 4 : end]
        whole = zlib.crc32(body, zlib.crc32(name)) == int.from_bytes(told, "big")
        cut_off = end > len(data) and name == b"IDAT"
        if not (whole or cut_off or _begins_at(data, end)):
            again = data.find(b"IDAT", place + 5)
            end = again - 4 if again > 0 and name != b"IDAT" else end
            body = b""
        if name.isalpha():
            yield name, body, whole or cut_off
        place = end


def _begins_at(data: bytes, place: int) -> bool:
    """Whether a chunk may begin here."""
    size, name = int.from_bytes(data[place : place + 4], "big"), data[place + 4 : place + 8]
    return name == b"IDAT" or (name.isalpha() and place + 12 + size <= len(data))


def _png_side_part(parts: Parts, name: bytes, data: bytes, kept: list[tuple[bytes, bytes]]) -> bool:
    """Read what matters of a chunk beside the pixels; whether it was small enough."""
    if name == b"tRNS" and kept:
        header = kept[0][1]
        transparency = _fitting_transparency(data, header)
        if transparency and header[8:10] == b"\x10\x02":
            parts.clear = struct.unpack(">3H", transparency)
        elif transparency:
            kept.append((name, transparency))
        else:
            parts.remarks.append(_("Its transparency is damaged: the picture was read without it."))
    elif name == b"iCCP":
        profile = _unpacked(data.partition(b"\0")[2][1:], MOST_SIDE_BYTES + 1)
        if len(profile) > MOST_SIDE_BYTES:
            return False
        parts.profile = profile or DAMAGED
    elif name == b"sRGB":
        parts.gamma = -1.0  # it counts before gAMA
    elif name == b"gAMA" and len(data) == 4 and parts.gamma == 0:
        parts.gamma = int.from_bytes(data, "big") / 100_000
    elif name == b"eXIf":
        parts.exif = data
    elif name == b"acTL" and len(data) == 8:
        parts.frames = int.from_bytes(data[:4], "big")
    elif name in (b"tEXt", b"zTXt", b"iTXt"):
        _png_text(parts, name, data)
        # Texts say nothing about pixels; only one that would not fit into memory is told.
        return len(data) < _MOST_TEXT_BYTES and not _unpacks_too_far(name, data)
    return True


def _fitting_transparency(data: bytes, header: bytes) -> bytes:
    """tRNS as the decoder takes it: in the scale that it unpacks the samples to; else nothing."""
    depth, colour = (header[8], header[9]) if len(header) >= 10 else (0, 0)
    if colour == 3:
        return data[:256]
    wanted = {0: 1, 2: 3}.get(colour, 0)
    if not wanted or len(data) < 2 * wanted:
        return b""
    values = struct.unpack(f">{wanted}H", data[: 2 * wanted])
    if depth in (2, 4):
        values = tuple(value * 255 // (2**depth - 1) for value in values)
    return struct.pack(f">{wanted}H", *(value & 0xFFFF for value in values))


def _png_text(parts: Parts, name: bytes, data: bytes) -> None:
    """Where some programs keep EXIF and XMP: in texts with certain names."""
    keyword, _nul, rest = data.partition(b"\0")
    if keyword == b"XML:com.adobe.xmp" and name == b"iTXt" and len(rest) >= 2:
        text = rest[2:].split(b"\0", 2)[-1]
        parts.xmp = _unpacked(text, _MOST_TEXT_BYTES) if rest[0] else text
    elif keyword in _exif_texts:
        text = _unpacked(rest[1:], _MOST_TEXT_BYTES) if name == b"zTXt" else rest
        try:
            parts.exif = bytes.fromhex(b"".join(text.split()[2:]).decode("ascii"))
        except ValueError:
            parts.exif = parts.exif or DAMAGED


def _unpacks_too_far(name: bytes, data: bytes) -> bool:
    rest = data.partition(b"\0")[2]
    if name == b"zTXt":
        packed = rest[1:]
    elif name == b"iTXt" and rest[:1] == b"\1":
        packed = rest[2:].split(b"\0", 2)[-1]
    else:
        return False
    return len(_unpacked(packed, _MOST_TEXT_BYTES)) >= _MOST_TEXT_BYTES


def _unpacked(data: bytes, limit: int) -> bytes:
    """As much as `limit` of what zlib packed; nothing when it is no such thing."""
    try:
        return zlib.decompressobj().decompress(data, limit)
    except zlib.error:
        return b""


def _chunk(name: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")

"""PBM, PGM, PPM and PAM of every kind as what the decoder reads at once: 8 bits, white at 255.

The decoder goes through numbers written as text, and through samples with another white than 255,
one by one: a picture of a few megapixels takes it minutes.
"""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from aigc_studio.api import StudioError
from aigc_studio.library.pictures.parts import Parts
from aigc_studio.translation import _

if TYPE_CHECKING:
    import numpy as np

    Samples = np.ndarray[Any, Any]

MOST_TEXT_BYTES = 128 << 20
"""A picture whose numbers are written as text may have so many bytes."""
_MOST_SAMPLES = 256_000_000
_SLICE = 1 << 20
_comment = re.compile(rb"#[^\r\n]*")
_gap = rb"(?:\s|#[^\r\n]*[\r\n])+"
_head = re.compile(rb"P([1-6])" + _gap + rb"(\d{1,8})" + _gap + rb"(\d{1,8})")
_white = re.compile(_gap + rb"(\d{1,8})")
_pam_line = re.compile(rb"\s*(?:#[^\n]*|([A-Z]+)[ \t]*([^\n]*))\n")


@dataclass(frozen=True)
class _Head:
    """What stands before the samples, which begin at `place`; `depth` samples make a pixel."""

    kind: int
    width: int
    height: int
    depth: int
    white: int
    place: int

    @property
    def row(self) -> int:
        """Samples of a row."""
        return self.width * self.depth

    @property
    def total(self) -> int:
        """Samples of the picture."""
        return self.row * self.height


def netpbm_parts(file: BinaryIO) -> Parts:
    """A file that begins with P1 to P7. Rows that are cut off are black, and `lost_rows`.

    Raises `ValueError` for a header that says no such picture, `StudioError` for one written as
    text that is too long.
    """
    start = file.read(4096)
    file.seek(0)
    head = _pam_head(start) if start[:2] == b"P7" else _plain_head(start)
    if head is None:
        return Parts(file, "PPM")
    fast = head.kind == 4 or (head.kind in (5, 6) and head.white == 255)
    if fast or (head.kind == 5 and head.white == 65535):
        return Parts(file)
    if not 0 < head.white < 65536 or not 0 < head.total <= _MOST_SAMPLES:
        raise ValueError(f"{head.width}×{head.height}×{head.depth} samples up to {head.white}")
    samples = _written(file, head) if head.kind <= 3 else _packed(file, head)
    lost = -(-(head.total - len(samples)) // head.row)
    # Of an 8-bit picture with white at 255 nothing changes; all others are scaled by a table.
    rows = _rows(samples, head)
    if head.depth in (2, 4):
        return Parts(_tiff(rows, head), "TIFF", lost_rows=lost, wrapped="PPM")
    letters = b"P6" if head.depth == 3 else b"P5"
    whole = io.BytesIO(letters + b"\n%d %d\n255\n" % (head.width, head.height))
    whole.seek(0, io.SEEK_END)
    for piece in rows:
        whole.write(piece)
    return Parts(whole, "PPM", lost_rows=lost)


def _plain_head(start: bytes) -> _Head | None:
    found = _head.match(start)
    if not found:
        return None
    kind, width, height = (int(found[n]) for n in (1, 2, 3))
    place, white = found.end(), 1
    if kind not in (1, 4):
        told = _white.match(start, place)
        if not told:
            return None
        place, white = told.end(), int(told[1])
    return _Head(kind, width, height, 3 if kind in (3, 6) else 1, white, place + 1)


def _pam_head(start: bytes) -> _Head:
    told, place = dict[bytes, bytes](), 3
    while (line := _pam_line.match(start, place)) and line[1] != b"ENDHDR":
        told[line[1] or b""] = line[2] or b""
        place = line.end()
    place = line.end() if line else place
    names = (b"WIDTH", b"HEIGHT", b"DEPTH", b"MAXVAL")
    width, height, depth, white = (int(told.get(name, b"0")[:8]) for name in names)
    if not 1 <= depth <= 4:
        raise ValueError(f"a PAM of {depth} samples a pixel")
    return _Head(7, width, height, depth, white, place)


def _written(file: BinaryIO, head: _Head) -> Samples:
    """Samples as text. A number at which the file was cut off may have lost digits: it is none."""
    import numpy as np

    data = file.read(MOST_TEXT_BYTES + 1)
    if len(data) > MOST_TEXT_BYTES:
        raise StudioError(
            _("Its pixels are written as text, which takes too long to read: save it as PNG first.")
        )
    ended = data[-1:].isspace()
    data = data[head.place - 1 :]
    if b"#" in data:
        data = _comment.sub(b" ", data)
    if head.kind == 1:  # here a number may stand right behind the other, and 1 is black
        bits = np.frombuffer(data, np.uint8)
        bits = bits[(bits == 48) | (bits == 49)][: head.total]
        black: Samples = np.uint8(49) - bits
        return black
    samples: Samples = np.fromstring(data, dtype=np.uint16, sep=" ")
    cut_off = len(samples) < head.total and not ended
    return samples[: len(samples) - 1 if cut_off else head.total]


def _packed(file: BinaryIO, head: _Head) -> Samples:
    """Samples of one byte, or of two with the higher one first."""
    import numpy as np

    kind = np.dtype(np.uint8 if head.white < 256 else ">u2")
    file.seek(head.place)
    data = file.read(head.total * kind.itemsize)
    return np.frombuffer(data[: len(data) // kind.itemsize * kind.itemsize], kind)


def _rows(samples: Samples, head: _Head) -> Iterator[bytes]:
    """All rows of the picture as bytes, some at a time; those that are not there are black."""
    import numpy as np

    white = head.white
    levels = np.minimum(np.arange(65536 if white > 255 or head.kind <= 3 else 256), white)
    table = np.rint(levels * (255.0 / white)).astype(np.uint8)
    step = max(_SLICE // head.row, 1) * head.row
    for start in range(0, head.total, step):
        piece = table[samples[start : start + step]]
        yield piece.tobytes().ljust(min(step, head.total - start), b"\0")


def _tiff(rows: Iterator[bytes], head: _Head) -> io.BytesIO:
    """The rows as a TIFF that is not compressed: the plainest kind that holds alpha (TIFF 6.0)."""
    short, long, deep = 3, 4, head.depth
    fields = [
        (256, long, 1, head.width), (257, long, 1, head.height), (258, short, deep, 0),
        (259, short, 1, 1), (262, short, 1, 1 if deep == 2 else 2), (273, long, 1, 0),
        (277, short, 1, deep), (278, long, 1, head.height), (279, long, 1, head.total),
        (338, short, 1, 2),
    ]  # fmt: skip
    bits = 8 + 2 + 12 * len(fields) + 4
    told = {258: (bits if deep == 4 else 8 | 8 << 16), 273: bits + 2 * deep}
    whole = io.BytesIO()
    whole.write(b"II*\0" + struct.pack("<IH", 8, len(fields)))
    for tag, kind, count, value in fields:
        whole.write(struct.pack("<HHII", tag, kind, count, told.get(tag, value)))
    whole.write(bytes(4) + struct.pack(f"<{deep}H", *[8] * deep))
    for piece in rows:
        whole.write(piece)
    return whole

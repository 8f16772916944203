"""The header of a safetensors file, read without trusting it: which tensors there are, and where.

No code runs when such a file is opened. What could run code, a pickle under whatever name, is told
from it by its first bytes.
"""

from __future__ import annotations

import math
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aigc_studio import files
from aigc_studio.api import documents, limits
from aigc_studio.api.documents import Damaged
from aigc_studio.api.kinds import ListOf, MapOf, OneOf, Whole, Words, record
from aigc_studio.translation import _

_METADATA = "__metadata__"
_bytes_of = {
    "F64": 8, "I64": 8, "U64": 8, "F32": 4, "I32": 4, "U32": 4, "F16": 2, "BF16": 2, "I16": 2,
    "U16": 2, "I8": 1, "U8": 1, "BOOL": 1, "F8_E4M3": 1, "F8_E5M2": 1,
}  # fmt: skip
_MOST_TENSORS = 20_000
"""So many are looked at in half a second, whenever models are listed; known models have 2,000."""
_LONGEST_SIDE = 1 << 40
"""More numbers than that along a side lie in no file; with a side of 0 they would ask for none."""

_tensor = record(
    {
        "dtype": OneOf(tuple(_bytes_of)),
        "shape": ListOf(Whole(0, _LONGEST_SIDE), 16),
        "data_offsets": ListOf(Whole(), 2, least=2),
    }
)
_tensors = MapOf(_tensor, _MOST_TENSORS, limits.LABEL)
_metadata = MapOf(Words(limits.HEADER_BYTES))


class Pickled(Damaged):
    """A pickle or an archive under another name: opening it could run a program."""


@dataclass(frozen=True)
class Header:
    """The shape of each tensor by its name, and what is said about them."""

    shapes: Mapping[str, tuple[int, ...]]
    metadata: Mapping[str, str]

    @property
    def numbers(self) -> int:
        """How many numbers there are in all."""
        return sum(map(math.prod, self.shapes.values()))


def read_header(path: Path) -> Header:
    """The header of a whole file: JSON that covers the rest of it without gap or overlap.

    It may name no tensor at all. Raises `OSError`, and `Damaged` (`Pickled`) for anything else.
    """
    documents.check_file(path)
    size = path.stat().st_size
    with files.open_plain(path) as file:
        start = file.read(9)
        if _may_run(start, path):
            raise Pickled(_("it is a pickle or an archive"))
        length = int.from_bytes(start[:8], "little")
        if start[8:] != b"{" or not 2 <= length <= size - 8:
            raise Damaged(_("it is not a complete safetensors file"))
        if length > limits.HEADER_BYTES:
            raise Damaged(_("its header is too large"))
        text = start[8:] + file.read(length - 1)
    return parse_header(text, size - 8 - length)


def parse_header(text: bytes, size: int) -> Header:
    """The header that stands before `size` bytes of tensors. Raises `Damaged`."""
    return _checked(documents.parse(text, limits.HEADER_BYTES, depth=8), size)


def _may_run(start: bytes, path: Path) -> bool:
    # A header of 128 or 384 bytes begins as a pickle does: what tells them apart is its brace.
    if start[:1] == b"\x80" and start[8:9] != b"{":
        return True
    if start[:4] == b"PK\x03\x04" or start[:8] == b"\x89HDF\r\n\x1a\n":
        return True
    return start[:2] == b"PK" and zipfile.is_zipfile(path)


def _checked(header: Any, size: int) -> Header:
    """The header as it is, when its tensors are the `size` bytes behind it. Raises `Damaged`."""
    told = header.pop(_METADATA, {}) if isinstance(header, dict) else {}
    if not _metadata.fits(told):
        raise Damaged(_metadata.fault(told, _METADATA))
    if not _tensors.fits(header):
        raise Damaged(_tensors.fault(header, ""))
    end = 0
    for start, stop, name in sorted((*each["data_offsets"], name) for name, each in header.items()):
        tensor = header[name]
        if stop - start != math.prod(tensor["shape"]) * _bytes_of[tensor["dtype"]] or start != end:
            raise Damaged(_("the place of the tensor {name} is wrong").format(name=name[:40]))
        end = stop
    if end != size:
        raise Damaged(_("it is not a complete safetensors file"))
    return Header({name: tuple(each["shape"]) for name, each in header.items()}, told)

"""The file of a sound font, looked at before FluidSynth is given it.

FluidSynth waits for a pipe for ever, and what it makes of a broken file ends this process at worst.
How a SoundFont 2 is built stands in its technical specification 2.04 (E-mu Systems, 2006).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from aigc_studio import files

_RECORDS = {
    b"phdr": 38, b"pbag": 4, b"pmod": 10, b"pgen": 4, b"inst": 22, b"ibag": 4, b"imod": 10,
    b"igen": 4, b"shdr": 46,
}  # fmt: skip
"""The tables of presets, instruments and samples, and the bytes of a record of each."""
_MOST_PARTS = 1_000
_HEAD = 8
"""Bytes of a part's name and size."""


def check(path: Path) -> None:
    """Raise `OSError` or `ValueError` unless it is a file that is built as a sound font is."""
    with files.open_plain(path) as file:
        form = file.read(12)
        stop = _HEAD + int.from_bytes(form[4:8], "little")
        if form[:4] != b"RIFF" or form[8:] != b"sfbk" or stop > os.fstat(file.fileno()).st_size:
            raise ValueError("it is no whole sound font")
        lists: dict[bytes, tuple[int, int]] = {}
        for name, first, last in _parts(file, len(form), stop):
            if name == b"LIST":
                file.seek(first)
                lists[file.read(4)] = (first + 4, last)
        if not lists.keys() >= {b"sdta", b"pdta"}:
            raise ValueError("it has no samples or no presets")
        _check_tables({name: last - first for name, first, last in _parts(file, *lists[b"pdta"])})


def _check_tables(sizes: dict[bytes, int]) -> None:
    for name, size in _RECORDS.items():
        # The last record of each only ends it.
        if sizes.get(name, 0) < size or sizes[name] % size:
            raise ValueError(f"its table {name.decode()} is not whole")


def _parts(file: BinaryIO, place: int, stop: int) -> Iterator[tuple[bytes, int, int]]:
    """The names of the parts between two places, and from where to where each is."""
    for _number in range(_MOST_PARTS):
        if place >= stop:
            return
        file.seek(place)
        head = file.read(_HEAD)
        first = place + _HEAD
        last = first + int.from_bytes(head[4:], "little")
        if len(head) < _HEAD or last > stop:
            raise ValueError("a part of it is cut off")
        yield head[:4], first, last
        place = last + last % 2
    raise ValueError("it has too many parts")

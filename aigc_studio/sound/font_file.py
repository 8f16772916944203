"""The file of a sound font, looked at before FluidSynth is given it.

FluidSynth waits for a pipe for ever, and what it makes of a broken file ends this process at worst.
How a SoundFont 2 is built stands in its technical specification 2.04 (E-mu Systems, 2006).
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

from aigc_studio import files

_RECORDS = {
    b"phdr": 38, b"pbag": 4, b"pmod": 10, b"pgen": 4, b"inst": 22, b"ibag": 4, b"imod": 10,
    b"igen": 4, b"shdr": 46,
}  # fmt: skip
"""The tables of presets, instruments and samples, and the bytes of a record of each."""
_POINTERS = {
    "phdr": ("<24xH12x", ("pbag",)),
    "pbag": ("<HH", ("pgen", "pmod")),
    "inst": ("<20xH", ("ibag",)),
    "ibag": ("<HH", ("igen", "imod")),
}
"""Which records of other tables those of a table begin at, and where in a record that stands."""
_OPERATORS = {"pgen": (41, "inst"), "igen": (53, "shdr")}
"""The generators that name an instrument or a sample."""
_ROM, _PACKED = 0x8000, 0x10
"""Bits of a sample's kind: it lies in a sound card; it is compressed, and its places are bytes."""
_MOST_RECORDS = 1 << 20
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
        tables = dict(_tables(file, *lists[b"pdta"]))
        _check_tables(tables)
        sizes = [
            end - start for name, start, end in _parts(file, *lists[b"sdta"]) if name == b"smpl"
        ]
        _check_samples(tables["shdr"], sizes[0] if sizes else 0)


def _tables(file: BinaryIO, first: int, last: int) -> Iterator[tuple[str, bytes]]:
    for name, start, end in list(_parts(file, first, last)):
        size = _RECORDS.get(name)
        if size is None:
            continue
        if end - start > _MOST_RECORDS * size:
            raise ValueError(f"its table {name.decode()} is too large")
        file.seek(start)
        yield name.decode(), file.read(end - start)


def _check_tables(tables: Mapping[str, bytes]) -> None:
    counts = {}
    for kind, size in _RECORDS.items():
        name = kind.decode()
        content = tables.get(name, b"")
        # The last record of each only ends it.
        if len(content) < size or len(content) % size:
            raise ValueError(f"its table {name} is not whole")
        counts[name] = len(content) // size - 1
    for name, (form, targets) in _POINTERS.items():
        for number, target in enumerate(targets):
            places = [record[number] for record in struct.iter_unpack(form, tables[name])]
            _check_places(places, counts[target], name)
    for name, (operator, target) in _OPERATORS.items():
        named = [
            value for kind, value in struct.iter_unpack("<HH", tables[name]) if kind == operator
        ]
        if named and max(named) >= counts[target]:
            raise ValueError(f"its table {name} names what is not there")


def _check_places(places: Sequence[int], count: int, name: str) -> None:
    """Each record begins where the former ends, or after it, and the last one where the table of
    `count` records does."""
    if any(former > later for former, later in pairwise(places)) or places[-1] > count:
        raise ValueError(f"its table {name} points to what is not there")


def _check_samples(headers: bytes, size: int) -> None:
    """One sample at least lies in the `size` bytes of them. FluidSynth leaves out what does not;
    of a font where none does it makes silence, and nobody would know why."""
    last = len(headers) - _RECORDS[b"shdr"]
    for start, stop, kind in struct.iter_unpack("<20x2I16xH", headers[:last]):
        unit = 1 if kind & _PACKED else 2
        if not kind & _ROM and start < stop <= size // unit:
            return
    raise ValueError("none of its samples is in it")


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

"""The parts of an `.aigc` file as a zip: always written alike, read with every claim checked."""

from __future__ import annotations

import stat
import threading
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import IO

from aigc_studio.api import limits
from aigc_studio.translation import _

RATIO = 200
"""What may be packed into a byte, where a part or a file is larger than any usual one.

Whoever writes keeps to it (`Packing`), so that whatever was saved is opened, and a bomb is not.
"""

_MIB = 1 << 20
LIMITS = {
    "project.json": 64 * _MIB,
    "history.jsonl": 256 * _MIB,
    "seal.json": 64 * _MIB,
    "tile": _MIB,
    "image": 16 * _MIB,
    # Studios of before let larger ones in.
    "text": 4 * limits.TEXT_BYTES,
    "melody": 64 * _MIB,
    "latent": _MIB,
}
"""The most bytes of a part, unpacked. The documents may have more, if they are not packed closer
than `RATIO`: no number of steps, items or candidates is too large."""

TOTAL = 4096 * _MIB
"""So many bytes of content may be packed as closely as they will; beyond it `RATIO` holds."""

_PAST = 1 << 16
"""Room for what stands between the head of a part and its data."""


class Damaged(Exception):
    """Why a file cannot be used; becomes part of the sentence."""


class Packing:
    """Adds parts to a zip. Everything that zipfile would take from clock and system is set.

    `tight`: the file is larger than any usual one, and no part of it may be packed closer than
    `RATIO`: such a part is stored as it is.
    """

    def __init__(self, archive: zipfile.ZipFile, tight: bool) -> None:
        self._archive = archive
        self._tight = tight
        self._sums: list[tuple[str, int]] = []

    def add(self, name: str, data: bytes, *, packed: bool = True) -> int:
        """Add a part; gives its CRC-32."""
        member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
        member.create_system = 3
        member.external_attr = (stat.S_IFREG | 0o644) << 16
        if packed and self._tight:
            packed = len(zlib.compress(data, 1)) * RATIO // 2 > len(data)
        member.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        self._archive.writestr(member, data)
        self._sums.append((name, member.CRC))
        return member.CRC

    def seal(self, names: Iterable[str] = ()) -> str:
        """What `seal` gives for the parts that were added, but for some."""
        without = set(names)
        return _seal(each for each in self._sums if each[0] not in without)


class Members:
    """The parts of a zip that is read. Raises `Damaged` for one with names that may do harm."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._lock = threading.Lock()
        try:
            self._archive = zipfile.ZipFile(file)
            self._members = _checked(self._archive)
        except BaseException:
            file.close()
            raise
        file.seek(0, 2)
        self.size = file.tell()

    def get(self, name: str) -> zipfile.ZipInfo | None:
        """The entry of a part in the directory of the file, or None."""
        return self._members.get(name)

    def names(self) -> Iterable[str]:
        """The names of all parts."""
        return self._members.keys()

    def close(self) -> None:
        """Close the file."""
        self._archive.close()
        self._file.close()

    def __contains__(self, name: object) -> bool:
        return name in self._members

    def seal(self, folder: str, without: Iterable[str] = ()) -> str:
        """A digest of the names and checksums of all parts below a folder, but for some."""
        left_out = set(without)
        return _seal(
            (name, member.CRC)
            for name, member in self._members.items()
            if name.startswith(folder) and name not in left_out
        )

    def read(self, name: str, limit: int, *, loose: bool = False) -> bytes:
        """The bytes of a part. `loose`: it may be longer, as far as it is packed by `RATIO`.

        Raises `KeyError` when it is not there, `Damaged` when it is longer than may be, and what
        zipfile and zlib raise when its checksum is wrong.
        """
        member = self._members[name]
        if loose:
            limit = max(limit, RATIO * member.compress_size)
        if member.file_size > limit or member.compress_size > limit + (limit >> 6) + _PAST:
            raise Damaged(_("its part {name} is too large").format(name=name))
        data = self._unpacked(member)
        if zlib.crc32(data) != member.CRC or len(data) != member.file_size:
            raise zipfile.BadZipFile(f"wrong checksum of {name}")
        return data

    def what_is_left(self, name: str, limit: int) -> bytes:
        """As much of a part as can be unpacked, whatever its checksum says."""
        member = self._members[name]
        packed = self._packed(member)[:limit]
        if member.compress_type == zipfile.ZIP_STORED:
            return packed
        left, unpacking = bytearray(), zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            for start in range(0, len(packed), 64):
                part = packed[start : start + 64]
                left += unpacking.decompress(part, max(limit - len(left), 1))
        except zlib.error:
            pass
        return bytes(left[:limit])

    def _unpacked(self, member: zipfile.ZipInfo) -> bytes:
        # By hand, because zipfile takes longer for a small part than all else that is done with it.
        if member.compress_type == zipfile.ZIP_STORED:
            return self._packed(member)
        if member.compress_type == zipfile.ZIP_DEFLATED:
            # Never more than it claims is unpacked, whatever there is.
            unpacking = zlib.decompressobj(-zlib.MAX_WBITS)
            return unpacking.decompress(self._packed(member), member.file_size + 1)
        with self._lock, self._archive.open(member) as file:
            return file.read(member.file_size + 1)

    def _packed(self, member: zipfile.ZipInfo) -> bytes:
        if member.compress_size > self.size:
            raise zipfile.BadZipFile("a part is longer than the file")
        with self._lock:
            self._file.seek(member.header_offset)
            head = self._file.read(30 + len(member.filename) * 4 + member.compress_size)
            if head[:4] != b"PK\x03\x04":
                raise zipfile.BadZipFile("a part does not begin where it should")
            begin = 30 + int.from_bytes(head[26:28], "little")
            begin += int.from_bytes(head[28:30], "little")
            left = begin + member.compress_size - len(head)
            if left > 0:
                head += self._file.read(min(left, _PAST))
        return head[begin : begin + member.compress_size]


def _checked(archive: zipfile.ZipFile) -> Mapping[str, zipfile.ZipInfo]:
    members: dict[str, zipfile.ZipInfo] = {}
    for member in archive.infolist():
        name = member.filename
        parts = name.replace("\\", "/").split("/")
        outside = ".." in parts or not parts[0] or ":" in parts[0] or "\\" in name
        mode = member.external_attr >> 16
        odd_kind = stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR)
        if outside or odd_kind or name in members or member.flag_bits & 1:
            raise Damaged(_("it has a part with a forbidden name ({name})").format(name=name[:80]))
        members[name] = member
    return members


def _seal(sums: Iterable[tuple[str, int]]) -> str:
    lines = sorted(f"{name} {number:08x}\n" for name, number in sums)
    return sha256("".join(lines).encode()).hexdigest()

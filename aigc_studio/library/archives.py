"""Zip files opened without trusting them: how many files, how large unpacked, packed in which way.

All is asked of the list of members, before anything is unpacked; `zipfile` gives no more bytes of
a member than that list says, and checks their sum.
"""

from __future__ import annotations

import lzma
import shutil
import struct
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

from aigc_studio.api import StudioError
from aigc_studio.api.spelling import normal
from aigc_studio.files import open_plain
from aigc_studio.translation import _

FAULTS = (
    OSError, EOFError, ValueError, RuntimeError, OverflowError, KeyError, zipfile.BadZipFile,
    zlib.error, lzma.LZMAError, struct.error,
)  # fmt: skip
"""What `zipfile` raises for a file that is no zip, is damaged, or is of a version to come."""

MOST_RATIO = 50
"""Times its own size that a file may unpack to; weights shrink little, tables by ten or so."""
_FREE = 64 << 20
"""Bytes that always may be unpacked, whatever the ratio, and that stay free on the disk."""
_MOST_LIST_BYTES = 32 << 20
"""Bytes of the list of members, which is read whole: some hundred thousand names."""
_methods = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)


def open_zip(path: Path) -> zipfile.ZipFile:
    """A zip file whose members can be unpacked. Raises `StudioError` for anything else."""
    try:
        if _list_bytes(path) > _MOST_LIST_BYTES:
            raise StudioError(_("There are too many files in {name}.").format(name=path.name))
        archive = zipfile.ZipFile(path)
    except NotImplementedError as error:
        raise StudioError(_of_another_kind(path)) from error
    except FAULTS as error:
        raise StudioError(
            _("The file {name} is not a complete zip file: get it again.").format(name=path.name)
        ) from error
    try:
        _check_methods(archive, path)
    except StudioError:
        archive.close()
        raise
    return archive


def files_in(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The members that are no folders. One without a name is none: `zipfile` cannot ask it."""
    return [each for each in archive.infolist() if each.filename and each.filename[-1] != "/"]


def check_sizes(archive: zipfile.ZipFile, path: Path, most: int) -> int:
    """How many bytes all members unpack to. Raises `StudioError` for more than `most`, and for
    many times what the file itself has."""
    total = sum(each.file_size for each in archive.infolist())
    if total > most:
        raise StudioError(_("The file {name} is too large.").format(name=path.name))
    if total > max(MOST_RATIO * path.stat().st_size, _FREE):
        raise StudioError(
            _(
                "The file {name} has {packed} MB and would unpack to {size} MB, which no real "
                "one does: it was not opened."
            ).format(
                name=path.name,
                packed=f"{path.stat().st_size / 1e6:,.1f}",
                size=f"{total / 1e6:,.0f}",
            )
        )
    return total


def check_room(folder: Path, size: int, name: str) -> None:
    """Raise `StudioError` when the disk of `folder` has no room for so many bytes."""
    try:
        free = shutil.disk_usage(folder).free
    except OSError:
        return
    if free - _FREE < size and size > _FREE:
        raise StudioError(
            _("{name} needs {size} MB on the disk, and {free} MB are free: free up space.").format(
                name=name, size=f"{size / 1e6:,.0f}", free=f"{free / 1e6:,.0f}"
            )
        )


def twins(names: Sequence[str]) -> str:
    """A name that is there twice, or that is one with another on some systems; empty for none."""
    seen = set()
    for name in names:
        form = normal(name).casefold()
        if form in seen:
            return name
        seen.add(form)
    return ""


def _check_methods(archive: zipfile.ZipFile, path: Path) -> None:
    for entry in archive.infolist():
        if entry.flag_bits & 0x1:
            raise StudioError(
                _("The file {name} is locked with a password: unlock it first.").format(
                    name=path.name
                )
            )
        if entry.compress_type not in _methods or entry.flag_bits & 0x60:
            raise StudioError(_of_another_kind(path))


def _of_another_kind(path: Path) -> str:
    return _(
        "The file {name} is packed in a way that is not known here: pack it again as a plain zip "
        "file."
    ).format(name=path.name)


def _list_bytes(path: Path) -> int:
    """How many bytes the list of members says to have; 0 where there is no list."""
    size = path.stat().st_size
    with open_plain(path) as file:
        file.seek(max(size - (1 << 16) - 22, 0))
        tail = file.read()
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or len(tail) < place + 22:
        return 0
    told = int.from_bytes(tail[place + 12 : place + 16], "little")
    # A list of more than 4 GiB is told elsewhere (zip64): none of ours is near that.
    return told if told != 0xFFFFFFFF else min(size, told)

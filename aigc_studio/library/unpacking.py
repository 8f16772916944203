"""Zip files that a person chose as data: unpacked beside, and looked through as folders are."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from aigc_studio.api import StudioError, limits
from aigc_studio.files import make_private
from aigc_studio.folders import cache_folder
from aigc_studio.library import archives
from aigc_studio.library.names import proper_name
from aigc_studio.translation import _

MOST_BYTES = 8 << 30
"""Bytes that a zip file may unpack to."""
_KEPT_SECONDS = 24 * 3600
_PASTED = "pasted"


def is_zip(path: Path) -> bool:
    """Whether a file's name says that it is a zip file."""
    return path.suffix.lower() == ".zip"


def unpacked(path: Path) -> Path:
    """The folder that a zip file was unpacked to, now or before. It is kept for a day.

    Raises `StudioError` that names the file when it cannot be unpacked.
    """
    told = path.stat()
    key = f"{path.resolve()}\0{told.st_mtime_ns}\0{told.st_size}"
    place = _sweep() / hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    folder = place / proper_name(path.stem)
    if folder.is_dir():
        os.utime(place)
        return folder
    with archives.open_zip(path) as archive:
        size = archives.check_sizes(archive, path, MOST_BYTES)
        archives.check_room(place.parent, size, path.name)
        beside = Path(tempfile.mkdtemp(dir=place.parent))
        try:
            _unpack(archive, path, beside / folder.name)
            os.replace(beside, place)
        except archives.FAULTS as error:
            shutil.rmtree(beside, ignore_errors=True)
            if not folder.is_dir():  # another has not done the same meanwhile
                sentence = _("The file {name} is no whole zip file: get it again.")
                raise StudioError(sentence.format(name=path.name)) from error
    return folder


def pasted(data: bytes, name: str) -> Path:
    """A text that came from no file, as a file that is kept for a day."""
    folder = Path(tempfile.mkdtemp(prefix=f"{_PASTED}-", dir=_sweep()))
    path = folder / f"{proper_name(name)}.txt"
    path.write_bytes(data)
    return path


def _sweep() -> Path:
    """The folder of all that is unpacked, without what nobody has asked for since yesterday."""
    folder = cache_folder() / "unpacked"
    make_private(folder)
    for each in folder.iterdir():
        with contextlib.suppress(OSError):  # another window sweeps as well
            if time.time() - each.stat().st_mtime > _KEPT_SECONDS:
                shutil.rmtree(each, ignore_errors=True)
    return folder


def _unpack(archive: zipfile.ZipFile, path: Path, folder: Path) -> None:
    folder.mkdir()
    entries = archives.files_in(archive)
    if len(entries) > limits.EXAMPLES:
        raise StudioError(_("There are too many files in {name}.").format(name=path.name))
    for entry in entries:
        parts = [each for each in _parts(entry) if each not in ("", ".", "..")]
        if not parts:
            continue
        target = folder.joinpath(*parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(entry) as packed, target.open("wb") as file:
            shutil.copyfileobj(packed, file, 1 << 20)


def _parts(entry: zipfile.ZipInfo) -> Sequence[str]:
    """The folders and the name of a member. Old programs wrote names as their system did."""
    name = entry.filename
    if not entry.flag_bits & 0x800 and not name.isascii():
        data = name.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030", "cp932"):
            try:
                name = data.decode(encoding)
                break
            except UnicodeError:
                continue
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return [each.replace(":", "_").replace("\0", "_") for each in parts if each != "/"]

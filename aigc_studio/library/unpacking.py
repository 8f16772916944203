"""Zip files that a person chose as data: unpacked beside, and looked through as folders are."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from aigc_studio.api import StudioError, limits
from aigc_studio.files import FULL_OR_CLOSED, age, free_paths, make_private, possible, remove_tree
from aigc_studio.folders import cache_folder
from aigc_studio.library import archives
from aigc_studio.library.locks import LOCK_NAME, remove_folder
from aigc_studio.library.names import proper_name
from aigc_studio.library.texts.encodings import guess_encoding
from aigc_studio.locks import Lock
from aigc_studio.translation import _

MOST_BYTES = 8 << 30
"""Bytes that a zip file may unpack to."""
_BY_RULE = "cp437"
"""The encoding of names in a zip file that says nothing of it; `zipfile` reads them so."""
_WESTERN = ("cp1252", "cp850", "mac_roman")
_LOOKED_AT = 16_384
_KEPT_SECONDS = 24 * 3600
_PASTED = "pasted"
_PATIENCE = 10.0
"""Seconds to wait for who is sweeping a place away."""
_ATTEMPTS = 10
_held: dict[Path, Lock] = {}
"""The places that this process reads from, shared with others: nobody sweeps them while it lives,
whatever the clock says."""


def is_zip(path: Path) -> bool:
    """Whether a file's name says that it is a zip file."""
    return path.suffix.lower() == ".zip"


def unpacked(path: Path) -> Path:
    """The folder that a zip file was unpacked to, now or before. It is kept for a day, and as long
    as this process lives.

    Raises `StudioError` that names the file when it cannot be unpacked.
    """
    name = proper_name(path.stem)
    with _written(), _read(path):
        told = path.stat()
        key = f"{path.resolve()}\0{name}\0{told.st_mtime_ns}\0{told.st_size}"
        place = _swept() / hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        if _hold(place) and (place / name).is_dir():
            with contextlib.suppress(OSError):  # another person's, or a disk that is read only
                os.utime(place)
            return place / name
        with archives.open_zip(path) as archive:
            size = archives.check_sizes(archive, path, MOST_BYTES)
            archives.check_room(place.parent, size, path.name)
            beside = _made(place.parent)
            try:
                _unpack(archive, path, beside / name)
                _move(beside, place, name)
            finally:
                _drop(beside)
    return place / name


def pasted(data: bytes, name: str) -> Path:
    """A text that came from no file, as a file that is kept for a day, and as long as this process
    lives. Raises `StudioError` when it cannot be written."""
    with _written():
        place = _made(_swept(), f"{_PASTED}-")
        try:
            path = place / f"{proper_name(name)}.txt"
            path.write_bytes(data)
        except BaseException:
            _drop(place)
            raise
    return path


def scratch(name: str) -> Path:
    """A new folder for what is to be read as files and is none yet: until it is dropped, or as long
    as this process lives and a day. Raises `StudioError` when it cannot be written."""
    with _written():
        return _made(_swept(), f"{name}-")


def drop(place: Path) -> None:
    """Take away a folder that `scratch` made, with all that is in it."""
    _drop(place)


@contextlib.contextmanager
def _written() -> Iterator[None]:
    """What is written in the block is, or a `StudioError` says where there is no room for it."""
    try:
        yield
    except OSError as error:
        if error.errno not in FULL_OR_CLOSED:
            raise
        sentence = _(
            "The folder {folder} cannot be written to ({problem}): free up space, or grant "
            "permission."
        )
        raise StudioError(
            sentence.format(folder=_folder(), problem=error.strerror or error)
        ) from error


@contextlib.contextmanager
def _read(path: Path) -> Iterator[None]:
    """What is wrong with the zip file is a `StudioError`; not what is wrong with the disk."""
    try:
        yield
    except archives.FAULTS as error:
        if isinstance(error, OSError) and error.filename != str(path):
            if error.errno in FULL_OR_CLOSED:
                raise
            if error.filename is not None:  # a name that this disk does not take, or takes twice
                sentence = _("The file {name} cannot be unpacked: {reason}.")
                reason = error.strerror or error
                raise StudioError(sentence.format(name=path.name, reason=reason)) from error
        sentence = _("The file {name} is not a complete zip file: get it again.")
        raise StudioError(sentence.format(name=path.name)) from error


def _folder() -> Path:
    return cache_folder() / "unpacked"


def _swept() -> Path:
    """The folder of all that is unpacked, without what nobody has asked for since yesterday, and
    nobody reads."""
    folder = _folder()
    make_private(folder)
    for each in folder.iterdir():
        with contextlib.suppress(OSError):  # another window sweeps as well, or reads there
            if age(each.stat().st_mtime) > _KEPT_SECONDS:
                _sweep(each)
    return folder


def _sweep(place: Path) -> None:
    """Remove a place that nobody holds. Raises `OSError` when somebody does."""
    with Lock(place / LOCK_NAME) as lock:
        if os.name == "nt":
            lock.release()  # Windows renames no folder with an open file in it
        remove_folder(place)


def _made(folder: Path, prefix: str = "") -> Path:
    """A new folder that nobody sweeps while it is filled."""
    for _attempt in range(_ATTEMPTS):
        place = Path(tempfile.mkdtemp(prefix=prefix, dir=folder))
        if _hold(place):  # else somebody swept in just this moment
            return place
    raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(folder))


def _drop(place: Path) -> None:
    _let_go(place)
    remove_tree(place)


def _move(place: Path, target: Path, name: str) -> None:
    """Make a new place, in which `name` is, the one that is looked for; another may have done the
    same meanwhile."""
    if os.name == "nt":
        _let_go(place)
    try:
        os.replace(place, target)
    except OSError:
        if not _hold(target):
            raise
        # One that cleans caches may have left the folder and its lock, which others hold: what
        # was in it comes back beside the lock.
        with contextlib.suppress(OSError):
            os.replace(place / name, target / name)
        if not (target / name).is_dir():
            raise
    else:
        _hold(target)


def _hold(place: Path) -> bool:
    """Keep a place from being swept as long as this process lives; False when it is gone."""
    if os.name == "nt" and place in _held:  # there a lock is nobody's but one's
        return place.is_dir()
    try:
        lock = Lock(place / LOCK_NAME, shared=True, seconds=_PATIENCE)
    except FileNotFoundError:
        return False
    except OSError:  # on Windows another window holds it; or nobody can
        return place.is_dir()
    _let_go(place)
    _held[place] = lock
    return True


def _let_go(place: Path) -> None:
    if (lock := _held.pop(place, None)) is not None:
        lock.release()


def _unpack(archive: zipfile.ZipFile, path: Path, folder: Path) -> None:
    folder.mkdir()
    entries = archives.files_in(archive)
    if len(entries) > limits.EXAMPLES:
        raise StudioError(_("There are too many files in {name}.").format(name=path.name))
    encoding = _encoding_of_names(entries)
    # Of two members of one name the later is meant: that is how a file in a zip is replaced.
    named = {tuple(_parts(entry, encoding)): entry for entry in entries}
    named.pop((), None)
    for parts, entry in named.items():
        target = folder.joinpath(*map(possible, parts))
        target.parent.mkdir(parents=True, exist_ok=True)
        if os.path.lexists(target):  # a name that is the same here: Cat and cat, a:b and a_b
            (target,) = free_paths(target.parent, [(target.stem, target.suffix)])
        with archive.open(entry) as packed, target.open("xb") as file:
            shutil.copyfileobj(packed, file, 1 << 20)


def _encoding_of_names(entries: Sequence[zipfile.ZipInfo]) -> str:
    """What the names are in that do not say it: all together tell more than each.

    Old programs wrote names as their system did. In the West that was what zip files are in by
    rule, whatever prose in such letters would be in.
    """
    odd = (each.filename for each in entries if _says_no_encoding(each))
    found = guess_encoding("\n".join(odd).encode(_BY_RULE, "replace")[:_LOOKED_AT])
    return _BY_RULE if found in _WESTERN else found


def _says_no_encoding(entry: zipfile.ZipInfo) -> bool:
    return not entry.flag_bits & 0x800 and not entry.filename.isascii()


def _parts(entry: zipfile.ZipInfo, encoding: str) -> Sequence[str]:
    """The folders and the name of a member, as it calls itself."""
    name = entry.filename
    if _says_no_encoding(entry):
        data = name.encode(_BY_RULE, "replace")
        for each in ("utf-8", encoding, "gb18030"):
            try:
                name = data.decode(each)
                break
            except UnicodeError:
                continue
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return [each for each in parts if each not in ("/", "", ".", "..")]

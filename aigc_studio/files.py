"""Files that are whole or not there: written to a temporary name, synced, and renamed."""

import contextlib
import errno
import io
import itertools
import json
import os
import re
import shutil
import stat
import tempfile
import time
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

_numbers = itertools.count(1)

FULL = (errno.ENOSPC, errno.EDQUOT)
"""The numbers of the `OSError`s that a person mends with room on the disk."""
FULL_OR_CLOSED = (*FULL, errno.EROFS, errno.EACCES, errno.EPERM)
"""The numbers of the `OSError`s that a person mends with room on the disk, or with a permission."""

DEVICES = {"con", "prn", "aux", "nul", "conin$", "conout$"} | {
    f"{device}{number}" for device in ("com", "lpt") for number in "123456789¹²³"
}
"""What no file or folder can be called on Windows, whatever stands behind a point."""

NAME = 255
"""How long the name of a file can be."""

_TITLE = 80
"""Characters of a title that the name of a file has."""

_END = 20
"""Characters of what stands behind the last point of a name, where that says what a file is."""

_AHEAD = 3600.0
"""Seconds by which the clock of a file server may be ahead of ours."""

_surrogate = re.compile("[\ud800-\udfff]")
_no_name = re.compile('[\x00-\x1f\x7f-\x9f<>:"/\\\\|?*\ud800-\udfff]+')


def beside(path: Path, ending: str) -> Path:
    """What belongs to a file and stands beside it: its name with `ending` behind it.

    Where no name can be that long, the file's is cut, and digits that are its own stand there.
    """
    name = path.name
    if _length(name + ending) > NAME:
        import hashlib

        digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
        ending = f"-{digest[:8]}{ending}"
        name = shortened(name, NAME - _length(ending))
    return path.with_name(name + ending)


def named_after(title: str, otherwise: str) -> str:
    """What a file can be called after a title on any system, with room for an end behind it;
    `otherwise` where nothing is left of it."""
    kept = " ".join(_no_name.sub(" ", title).split()).strip(". ")
    name = shortened(kept[:_TITLE], 2 * _TITLE).rstrip(". ")
    return f"_{name}" if name.partition(".")[0].casefold() in DEVICES else name or otherwise


def possible(name: str) -> str:
    """A name of a file or folder as near to one from elsewhere as this system can have it, its end
    kept: what Windows has no file of, and longer ones than a disk takes."""
    name = name.replace("\0", "_").replace("/", "_").replace(":", "_")
    if os.name == "nt":
        name = _no_name.sub("_", name)
        kept = name.rstrip(". ")
        name = kept + "_" * (len(name) - len(kept))
        name = f"_{name}" if name.partition(".")[0].strip().casefold() in DEVICES else name
    if _length(name) <= NAME:
        return name
    stem, end = os.path.splitext(name)
    return beside(Path(name), "").name if len(end) > _END else beside(Path(stem), end).name


def free_paths(folder: Path, names: Iterable[tuple[str, str]]) -> list[Path]:
    """Paths in `folder` for names, each a stem and its end, with a number where one is taken: by
    what is there, or by another of them, also for a disk that tells no capitals apart."""
    found: list[Path] = []
    taken: set[str] = set()
    numbers: dict[tuple[str, str], int] = {}
    for stem, end in names:
        number = numbers.get((stem, end), 1)
        while True:
            name = f"{stem} {number}{end}" if number > 1 else f"{stem}{end}"
            number += 1
            if _alike(name) not in taken and not os.path.lexists(folder / name):
                break
        numbers[stem, end] = number  # a thousand of one name are not counted through for each
        taken.add(_alike(name))
        found.append(folder / name)
    return found


def _alike(name: str) -> str:
    """What is equal for names that are one on some disk."""
    return unicodedata.normalize("NFC", name).casefold()


def shortened(name: str, most: int) -> str:
    """The beginning of a name that is no longer than `most`, as file systems count."""
    name = name[:most]
    while _length(name) > most:
        name = name[:-1]
    return name


def _length(name: str) -> int:
    """As file systems count it: in bytes, and on Windows in units of 16 bits."""
    form, unit = ("utf-16-le", 2) if os.name == "nt" else ("utf-8", 1)
    return len(name.encode(form, "surrogatepass")) // unit


def write_bytes(path: Path, data: bytes, *, durable: bool = True) -> None:
    """Write `data` to `path` so that a reader sees the old file or the new one, never half of one.

    `durable=False` leaves out the sync to disk: for files that may be lost with the power.
    """
    temporary = write_beside(path, data, durable=durable)
    try:
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    if durable:
        sync_folder(path.parent)


def write_beside(path: Path, data: bytes, *, durable: bool = False) -> str:
    """Write `data` to a hidden file that has yet to be renamed to `path`, and give its name.

    Raises `OSError`, and leaves nothing then. The folder of `path` is made when missing.
    """
    descriptor, temporary = _create_beside(path)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            if durable:
                os.fsync(file.fileno())
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    return temporary


def _create_beside(path: Path) -> tuple[int, str]:
    """A new hidden file in the folder of `path`, which is made when missing."""
    # As tempfile does it, without the steps that ten thousand files in one folder do not need.
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    made = False
    for number in _numbers:
        temporary = f"{path.parent}{os.sep}.{path.name[:40]}.{os.getpid()}-{number}"
        try:
            return os.open(temporary, flags, 0o644), temporary
        except FileExistsError:
            continue  # of a process that was killed and had this number
        except FileNotFoundError:
            if made:
                raise
            # Not asked for first: another thread may make the folder in between.
            path.parent.mkdir(parents=True, exist_ok=True)
            made = True
    raise AssertionError("numbers do not end")


def open_plain(path: Path, *, links: bool = True) -> io.BufferedReader:
    """Open a file for reading that another program may have put there: never waits for it.

    A pipe, a device or a folder (and, without `links`, a link) is an `OSError`, however lately it
    took the file's place.
    """
    careful = getattr(os, "O_NONBLOCK", 0) | (0 if links else getattr(os, "O_NOFOLLOW", 0))

    def opened(name: str, flags: int) -> int:
        descriptor = os.open(name, flags | careful)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), name)
        return descriptor

    return open(path, "rb", opener=opened)


def plain_bytes(path: Path) -> bytes:
    """All that is in a file. Raises `OSError`, and never waits (`open_plain`)."""
    with open_plain(path) as file:
        return file.read()


def plain_text(path: Path) -> str:
    """A file in UTF-8 with `\\n` line ends. Raises `OSError`, `UnicodeDecodeError`, never waits."""
    with io.TextIOWrapper(open_plain(path), "utf-8") as file:
        return file.read()


def age(moment: float) -> float:
    """Seconds since a moment that a file's times tell, as near as clocks can be trusted.

    What is a little ahead of our clock is new: a file server has a clock of its own. What is
    further ahead was written before our clock was set back, and is taken to be as old as it is
    ahead: else it would be new for years. A clock that was set forward makes all there is look old,
    what somebody writes now too: age alone is no reason to remove anything that `locks.Lock` can
    hold.
    """
    passed = time.time() - moment
    return max(passed, 0.0) if passed >= -_AHEAD else -passed


def write_text(path: Path, text: str, *, durable: bool = True) -> None:
    """Write `text` as UTF-8 with `\\n` line ends, as `write_bytes` does."""
    write_bytes(path, text.encode("utf-8"), durable=durable)


def write_json(path: Path, value: Any, *, durable: bool = True) -> None:
    """Write `value` as canonical JSON (`canonical_json`) with a final line end."""
    write_text(path, canonical_json(value, indent=1) + "\n", durable=durable)


def canonical_json(value: Any, *, indent: int | None = None) -> str:
    """JSON that is the same string for the same value: sorted keys, no NaN, UTF-8 kept.

    What UTF-8 cannot hold, an odd byte of a file's name say, is escaped, and is read back equal.
    """
    separators = (",", ":") if indent is None else (",", ": ")
    text = json.dumps(
        value,
        sort_keys=True,
        ensure_ascii=False,
        allow_nan=False,
        indent=indent,
        separators=separators,
    )
    if text.isascii():
        return text
    return _surrogate.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def make_private(folder: Path) -> None:
    """Make a folder that only this person may look into, and so what is missing above it.

    One that is there stays as it is. Raises `OSError`.
    """
    missing = [folder]
    while not missing[-1].parent.exists():
        missing.append(missing[-1].parent)
    for each in reversed(missing):
        with contextlib.suppress(FileExistsError):  # by another process, in this moment
            each.mkdir(mode=0o700)


@contextlib.contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """Give a temporary folder beside `path` that becomes `path` when the block ends well.

    Raises `FileExistsError` when `path` is there already; an exception leaves nothing behind.
    """
    if path.exists():
        raise FileExistsError(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name[:40]}."))
    try:
        yield temporary
        os.chmod(temporary, 0o755)
        for file in temporary.rglob("*"):
            if file.is_file():
                _sync(file)
        _rename(temporary, path)
        sync_folder(path.parent)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


def files_below(folder: Path) -> Iterator[Path]:
    """The files of a folder and all below it, in no order; links to files too.

    What others add or take away meanwhile is seen or not, and never an error: `Path.rglob` raises
    when a folder goes while it is walked, and as `os.walk` does for one that is very deep.
    """
    for path, entry in entries_below(folder):
        with contextlib.suppress(OSError):
            if entry.is_file():
                yield path


def entries_below(folder: Path) -> Iterator[tuple[Path, os.DirEntry[str]]]:
    """All that is below a folder, of any kind and in no order; not what is behind links.

    As `files_below`, nothing of what is found there is an error.
    """
    waiting = [folder]
    while waiting:
        parent = waiting.pop()
        try:
            with os.scandir(parent) as listed:
                entries = list(listed)
        except OSError:  # gone, shut, or deeper than a path can say
            continue
        for entry in entries:
            path = parent / entry.name
            with contextlib.suppress(OSError):
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(path)
            yield path, entry


def remove_tree(folder: Path) -> None:
    """Take a folder away with all that is in it, as far as that can be done; never raises.

    Also one that whoever filled it has shut, or made deeper than `shutil.rmtree` and a path can
    follow, and a link that has taken its place, of which only the link goes.
    """
    if folder.is_symlink():
        with contextlib.suppress(OSError):
            folder.unlink()
        return
    with contextlib.suppress(RecursionError):
        shutil.rmtree(folder, ignore_errors=True)
    if folder.is_dir():
        with contextlib.suppress(OSError):
            _remove_flat(folder)


def _remove_flat(folder: Path) -> None:
    """Remove it level by level, each brought up to the first before it is emptied.

    Raises `OSError` for what cannot be removed.
    """
    names = (f"{os.urandom(8).hex()}-{number}" for number in itertools.count())
    os.chmod(folder, 0o700)
    while inner := _emptied(folder):
        for each in inner:
            for deeper in _emptied(each):
                os.rename(deeper, folder / next(names))
            each.rmdir()
    folder.rmdir()


def _emptied(folder: Path) -> list[Path]:
    """The folders in a folder, which may be looked into from now on, its files removed."""
    inner: list[Path] = []
    with os.scandir(folder) as entries:
        listed = [(folder / each.name, each.is_dir(follow_symlinks=False)) for each in entries]
    for path, is_folder in listed:
        if is_folder:
            os.chmod(path, 0o700)
            inner.append(path)
        else:
            path.unlink()
    return inner


def bytes_below(folder: Path) -> int:
    """How many bytes the files of a folder and all below it have, as far as they are there."""
    total = 0
    for path in files_below(folder):
        with contextlib.suppress(OSError):
            total += path.stat().st_size
    return total


def _rename(folder: Path, path: Path) -> None:
    try:
        os.rename(folder, path)
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST):  # somebody else was faster
            raise FileExistsError(path) from error
        raise


def sync_folder(path: Path) -> None:
    """Make renames in `path` survive a power cut, where the system can (not on Windows)."""
    if os.name == "posix":
        _sync(path)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""Which project files are open in which window: one window at a time may save to one.

A claim is a lock in the person's own data folder, so that nothing lies beside the file, and it ends
with its process. It is named by the path, all links followed, and by device and inode: a hard link,
a file that was renamed, or one whose name is written in capitals is the same file.
"""

from __future__ import annotations

import contextlib
import os
import threading
from dataclasses import dataclass, field
from pathlib import Path

from aigc_studio import files, locks
from aigc_studio.api import documents, limits
from aigc_studio.api.errors import StudioError
from aigc_studio.folders import data_folder
from aigc_studio.translation import _

PATIENCE = 0.2
"""Seconds to wait for a claim: others may be tidying up what a killed window left."""


class OpenElsewhere(StudioError):
    """Another window has the file open."""


@dataclass
class _Held:
    lock: locks.Lock
    count: int = 1


_held: dict[Path, _Held] = {}
_change = threading.Lock()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_held.clear)


@dataclass
class Claim:
    """The right of this process to save to a file, until it is released.

    What one project of a process has claimed, another may claim as well: it is one window. Where
    the data folder cannot be written to, or knows no locks, nothing is claimed and all may save.
    """

    path: Path
    _keys: list[Path] = field(default_factory=list)

    def follow(self) -> None:
        """The file was replaced: claim what lies there now."""
        former, self._keys = self._keys, []
        with contextlib.suppress(OSError, locks.Taken):
            self._take()
        for key in former:
            _let_go(key)

    def is_for(self, path: Path) -> bool | None:
        """Whether it is this file that was claimed, without a look at where it was; None where
        nothing could be claimed. Raises `ValueError` for what is no name of a file."""
        keys = tuple(self._keys)
        return claims_folder() / _name_of(os.path.realpath(path)) in keys if keys else None

    def release(self) -> None:
        """Let other windows have it."""
        keys, self._keys = self._keys, []
        for key in keys:
            _let_go(key)

    def _take(self) -> None:
        path = os.path.realpath(self.path)
        self._add(_name_of(path), path)
        with contextlib.suppress(FileNotFoundError):
            about = os.stat(path)
            self._add(f"file-{about.st_dev:x}-{about.st_ino:x}", path)

    def _add(self, name: str, path: str) -> None:
        key = claims_folder() / name
        with _change:
            if key in _held:
                _held[key].count += 1
                _held[key].lock.write(path)
            else:
                try:
                    lock = locks.Lock(key, seconds=PATIENCE)
                except locks.Taken:
                    if name.startswith("file-") and _is_another(key, path):
                        return
                    raise
                lock.write(path)
                _held[key] = _Held(lock)
        self._keys.append(key)


def _name_of(path: str) -> str:
    import hashlib

    return f"path-{hashlib.sha256(os.fsencode(os.path.normcase(path))).hexdigest()[:32]}"


def claims_folder() -> Path:
    """Where the locks lie."""
    return data_folder() / "open"


def take(path: Path) -> Claim:
    """Claim a file, which need not be there. Raises `OpenElsewhere` when another window has it."""
    claim = Claim(path)
    try:
        files.make_private(claims_folder())
        _tidy()
        claim._take()
    except locks.Taken as error:
        claim.release()
        raise OpenElsewhere(
            _(
                "The project {name} is open in another window: save under another name, or close "
                "it there."
            ).format(name=Path(path).name)
        ) from error
    except (OSError, ValueError):
        # A data folder that takes no lock: what the file was is looked at before each save. Or what
        # is no name of a file at all.
        claim.release()
    return claim


def _let_go(key: Path) -> None:
    with _change:
        held = _held.get(key)
        if held is None:
            return
        held.count -= 1
        if not held.count:
            del _held[key]
            held.lock.release(remove=True)


def _is_another(key: Path, path: str) -> bool:
    """Whether the file that was claimed under this inode is gone, and the number used again.

    A file that is not where it was any more may have been renamed, to `path` even.
    """
    try:
        named = documents.read_bytes(key, 4 * limits.PATH)
        claimed = os.stat(named.decode("utf-8", "surrogateescape"))
        return not os.path.samestat(claimed, os.stat(path))
    except (OSError, ValueError):
        return False


def _tidy() -> None:
    """Take away the locks of windows that were killed."""
    for key in list(claims_folder().iterdir()):
        with _change:
            if key in _held:
                continue
            with contextlib.suppress(OSError):
                locks.Lock(key, make=False).release(remove=True)

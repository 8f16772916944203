"""Whether a project's file is still the one that was opened or saved."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, replace
from io import BufferedRandom, BufferedReader
from pathlib import Path
from typing import Any

from aigc_studio.api.errors import StudioError
from aigc_studio.files import open_plain
from aigc_studio.translation import _


class FileChanged(StudioError):
    """Another window, machine or program changed the file since it was opened or saved."""


@dataclass(frozen=True)
class Mark:
    """What a file was like: `stamp` (bytes, times in ns, device, inode) and SHA-256 of it.

    An equal stamp is an equal file, and costs a look. Another one alone says nothing: network
    drives round times and give inodes anew. Then the digest is compared.
    """

    stamp: tuple[int, ...]
    digest: str

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"stamp": list(self.stamp), "digest": self.digest}

    @classmethod
    def from_json(cls, value: Any) -> Mark | None:
        """Read what `to_json` gave; None for anything else."""
        if not isinstance(value, Mapping):
            return None
        stamp, digest = value.get("stamp"), value.get("digest")
        if not isinstance(stamp, list) or not all(type(each) is int for each in stamp):
            return None
        return cls(tuple(stamp), digest) if isinstance(digest, str) else None

    def moved(self, path: Path) -> Mark:
        """The mark of the same file after it was renamed to `path`, which changes a time of it."""
        stamp = _stamp(path)
        same = stamp is not None and stamp[:4] == self.stamp[:4]
        return replace(self, stamp=stamp) if stamp and same else self


def of(path: Path) -> Mark:
    """The mark of a file. Raises `OSError` when there is none, or it cannot be read."""
    with open_plain(path) as file:
        return of_open(file, path)


def of_open(file: BufferedReader | BufferedRandom, path: Path) -> Mark:
    """The mark of the file at `path`, which is open: a network drive may refuse to open it anew as
    long as it is held. Raises `OSError` as `of` does."""
    import hashlib

    stamp = _stamp(path)
    if stamp is None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
    file.seek(0)
    return Mark(stamp, hashlib.file_digest(file, "sha256").hexdigest())


def check(path: Path, expected: Mark | None) -> None:
    """Raise `FileChanged` unless the file is as `expected`, or gone, or nothing is expected.

    Raises `OSError` when it cannot be read.
    """
    stamp = _stamp(path)
    if expected is None or stamp is None or stamp == expected.stamp:
        return
    try:
        changed = of(path).digest != expected.digest
    except FileNotFoundError:
        return
    if changed:
        raise FileChanged(
            _(
                "The file {path} was changed by another window or program since it was opened or "
                "saved here: save under another name, or replace it."
            ).format(path=path)
        )


def _stamp(path: Path) -> tuple[int, ...] | None:
    try:
        about = os.stat(path)
    except (OSError, ValueError):  # none, or no name of a file
        return None
    if not stat.S_ISREG(about.st_mode):
        return None
    return about.st_size, about.st_mtime_ns, about.st_dev, about.st_ino, about.st_ctime_ns

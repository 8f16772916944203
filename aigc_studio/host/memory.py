"""How much memory a worker's family may take: what was asked for, or most of what there is."""

from __future__ import annotations

import contextlib
import functools
import os
import re
from collections.abc import Iterator
from pathlib import Path

from aigc_studio.api.errors import StudioError
from aigc_studio.translation import _

VARIABLE = "AIGC_STUDIO_MEMORY"
"""The environment variable that has the first word: `8G`, `512M`; a bare number is in GB."""

SHARE = 0.8
"""Of what the machine (or the container) has: the rest is for the window and for others."""

LEAST = 2 << 30
"""Bytes that a family may take at least when nothing else was said."""

_UNITS = {"": 1 << 30, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}
_form = re.compile(r"(\d+(?:\.\d+)?)\s*([MGT]?)(?:I?B)?", re.ASCII)


def usual_limit(chosen: int = 0) -> int:
    """The limit in bytes: what the environment says, else `chosen` (GB, 0: not chosen), else the
    usual share of the machine's memory.

    Raises `StudioError` when what the environment says is no size.
    """
    said = os.environ.get(VARIABLE, "").strip()
    if said:
        return parse(said)
    return chosen << 30 if chosen > 0 else share()


def is_ordered() -> bool:
    """Whether the environment says the limit, so that no setting changes it."""
    return bool(os.environ.get(VARIABLE, "").strip())


def parse(words: str) -> int:
    """The bytes of a size such as `8G`, `512M` or `0.5`. Raises `StudioError` for anything else."""
    found = _form.fullmatch(words.upper())
    size = int(float(found[1]) * _UNITS[found[2]]) if found else 0
    if not size:
        sentence = _(
            "{variable} is {words}, which is not a size: give the memory that a plugin may use, "
            "such as 8G or 512M."
        )
        raise StudioError(sentence.format(variable=VARIABLE, words=words[:40]))
    return size


def share() -> int:
    """What a family may take when nothing was said: `SHARE` of all, `LEAST` at least."""
    return max(LEAST, int(SHARE * whole()))


@functools.cache
def whole() -> int:
    """The bytes of memory that this machine has, or that the container it runs in may use."""
    sizes = [_physical(), *_container_limits(Path("/"))]
    return min((size for size in sizes if size > 0), default=LEAST)


def _physical() -> int:
    with contextlib.suppress(AttributeError, OSError, ValueError):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    with contextlib.suppress(ImportError):
        import psutil

        return int(psutil.virtual_memory().total)
    return 0


def _container_limits(root: Path) -> Iterator[int]:
    """The limits of this process's control groups and of those above them, both versions of them.

    `root` is the root of the file system. A group without a limit says `max`, or a huge number.
    """
    groups = root / "sys/fs/cgroup"
    for line in _read(root / "proc/self/cgroup").splitlines():
        kinds, path = [*line.split(":", 2), "", ""][1:3]
        if kinds not in ("", "memory"):
            continue
        top = groups / kinds
        name = "memory.limit_in_bytes" if kinds else "memory.max"
        place = top / path.strip("/")
        for folder in (place, *place.parents):
            if not folder.is_relative_to(top):
                break
            said = _read(folder / name).strip()
            if said.isdigit():
                yield int(said)


def _read(path: Path) -> str:
    try:
        return path.read_text("ascii", "replace")
    except OSError:
        return ""


def told(size: int, beside: int = 0) -> str:
    """A size for a person: `512 MB`, `7.9 GB`; in MB where it would look like the one `beside`."""
    if size < 1 << 30 or (beside and told(size) == told(beside)):
        return _("{n} MB").format(n=max(1, round(size / (1 << 20))))
    return _("{n} GB").format(n=f"{size / (1 << 30):.1f}".removesuffix(".0"))

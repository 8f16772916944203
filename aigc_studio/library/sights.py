"""How a folder looks from outside: what was read of it holds while it looks the same."""

from __future__ import annotations

from pathlib import Path

from aigc_studio.files import entries_below
from aigc_studio.library.digests import is_settled

Sight = tuple[tuple[str, int, int, int], ...]


def sight(folder: Path) -> Sight:
    """Path, size and times of all that is below a folder, in order.

    Empty while that does not tell: something was written just now, is a link, or went meanwhile.
    """
    found = []
    for path, entry in entries_below(folder):
        try:
            about = entry.stat(follow_symlinks=False)
        except OSError:
            return ()
        if entry.is_symlink() or not is_settled(about):
            return ()
        found.append((str(path), about.st_size, about.st_mtime_ns, about.st_ctime_ns))
    return tuple(sorted(found))

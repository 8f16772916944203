"""Folders that a generator may read and not write: what they are like, before and after."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from aigc_studio.files import files_below


class Watch:
    """Notes what lies in folders, and finds what has been changed since."""

    def __init__(self) -> None:
        self._before: dict[Path, Mapping[Path, tuple[int, int]]] = {}

    def over(self, *folders: Path) -> None:
        """Watch these folders from now on; those that are watched already from when they were."""
        for folder in folders:
            self._before.setdefault(folder, snapshot(folder))

    def changed(self) -> list[Path]:
        """The files that were added, changed or taken away."""
        found: set[Path] = set()
        for folder, before in self._before.items():
            found |= {path for path, _about in before.items() ^ snapshot(folder).items()}
        return sorted(found)


def snapshot(folder: Path) -> Mapping[Path, tuple[int, int]]:
    """Sizes and times of all files in a folder, but for Python's own caches."""
    return {
        path: (about.st_size, about.st_mtime_ns)
        for path in files_below(folder)
        if "__pycache__" not in path.parts
        for about in [path.stat()]
    }

"""Lost sessions as a window offers them: found, and discarded as they were offered."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from aigc_studio.project import sessions
from aigc_studio.project.project import Project

Lost = Mapping[Path, sessions.Mark | None]
"""Session folders, and what their journals were like when they were found."""


def find() -> Lost:
    """The sessions that were cut off and hold unsaved work, newest first."""
    return {folder: sessions.mark(folder) for folder in Project.interrupted()}


def discard(lost: Lost) -> int:
    """Remove them, but for those that a window has taken up since; how many those are.

    Raises `OSError` when one cannot be removed.
    """
    return sum(not _discarded(folder, seen) for folder, seen in lost.items())


def _discarded(folder: Path, seen: sessions.Mark | None) -> bool:
    try:
        return sessions.remove(folder, seen)
    except BlockingIOError:
        return False

"""Lost sessions as a window offers them: found, and discarded as they were offered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aigc_studio.project import journal, replay, sessions
from aigc_studio.project.project import Project


@dataclass(frozen=True)
class Seen:
    """A session as it was found: what its journal was like, and the file of its project.

    `file` is None for one that was never saved, or whose journal does not say.
    """

    mark: sessions.Mark | None
    file: Path | None = None

    @property
    def changed(self) -> float:
        """When something was done in it last, in seconds of the clock; 0 when nobody knows."""
        return self.mark[1] / 1e9 if self.mark else 0.0


Lost = Mapping[Path, Seen]
"""Session folders, and what was found there."""


def find() -> Lost:
    """The sessions that were cut off and hold unsaved work, newest first."""
    return {folder: _seen(folder) for folder in Project.interrupted()}


def discard(lost: Lost) -> int:
    """Remove them, but for those that a window has taken up since; how many those are.

    Raises `OSError` when one cannot be removed.
    """
    return sum(not _discarded(folder, seen) for folder, seen in lost.items())


def _seen(folder: Path) -> Seen:
    mark = sessions.mark(folder)
    try:
        return Seen(mark, replay.file_of(journal.read(folder / sessions.JOURNAL).entries))
    except Exception:  # it is offered all the same: how much of it is whole is told then
        return Seen(mark)


def _discarded(folder: Path, seen: Seen) -> bool:
    try:
        return sessions.remove(folder, seen.mark)
    except BlockingIOError:
        return False

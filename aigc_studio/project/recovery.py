"""Sessions that were cut off: which hold unsaved work, and what comes of one brought back."""

from __future__ import annotations

import filecmp
import logging
import shutil
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from aigc_studio.files import make_private
from aigc_studio.folders import data_folder
from aigc_studio.project import journal, replay, sessions
from aigc_studio.project.mending import Mending

if TYPE_CHECKING:
    from aigc_studio.project.project import Project

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Recovery:
    """How much of a session came back: entries that were done again, and those that were not."""

    steps: int
    lost: int = 0
    damaged: Path | None = None
    """Where a journal is kept that could not be read to its end."""
    typed: bool = False
    """Whether a text that was being written came back as a step of its own."""


def unsaved_sessions() -> list[Path]:
    """Folders of sessions that were cut off and hold unsaved work, newest first.

    Those that hold none are removed; one of which that cannot be said is not.
    """
    found = []
    for folder in sessions.left_behind():
        seen = sessions.mark(folder)
        try:
            unsaved = (folder / sessions.TYPED).exists() or replay.is_unsaved(
                journal.read(folder / sessions.JOURNAL)
            )
        except OSError:
            continue  # another person's, or a disk that is failing: not ours to remove
        except Exception:
            _log.exception("the session in %s cannot be read", folder)
            unsaved = True
        if unsaved:
            found.append(folder)
        else:
            with suppress(OSError):  # another window takes it up, or it may not be removed
                sessions.remove(folder, seen)
    return found


def mend(project: Project) -> tuple[str, ...]:
    """Have something stand in for content that is not there any more: sentences on what was shown.

    Only what is missing is looked for: it was on disk before its step was in the journal.
    """
    board, history, tray = project.board, project.timeline, project.candidates
    shown = [item.content for item in board.items] + [each.content for each in tray.records()]
    looked_at = {("image", content.digest) for content in shown if content.medium == "image"}
    mending = Mending(project.store, project.store.present() - looked_at)
    items = mending.items(board.items)
    records = mending.candidates(tray.records())
    commands = mending.commands(tuple(history.commands))
    board.mend(items)
    history.commands[:] = commands
    tray.forget({each.id for each in tray.records()} - {each.id for each in records})
    for record in records:
        tray.note(record)
    return tuple(mending.remarks)


def with_typed(project: Project) -> Recovery | None:
    """Bring back what was being typed as well; gives what came of the recovery then."""
    from aigc_studio.project import typed

    told = project.recovery
    if told is None or not typed.bring_back(project):
        return told
    return replace(told, typed=True)


def keep_damaged(path: Path) -> Path:
    """A copy of a journal that could not be read to its end, where no closing of a project removes
    it. Raises `OSError`.
    """
    folder = data_folder() / "damaged"
    make_private(folder)
    for number in range(1, 10_000):
        kept = folder / f"{path.parent.name}-{number}.jsonl"
        if not kept.exists():
            break
        if filecmp.cmp(path, kept, shallow=False):
            return kept
    shutil.copyfile(path, kept)
    return kept

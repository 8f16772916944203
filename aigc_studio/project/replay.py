"""What the entries of a journal mean: how a session begins, and how it is brought back."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aigc_studio.project import sessions
from aigc_studio.project.board import Board, Item
from aigc_studio.project.candidates import CandidateRecord
from aigc_studio.project.commands import Command
from aigc_studio.project.history import History
from aigc_studio.project.marks import Mark

_log = logging.getLogger(__name__)

if TYPE_CHECKING:
    from aigc_studio.project.project import Project


def beginning(project: Project) -> dict[str, Any]:
    """The first entry: what the project is when the session begins."""
    from aigc_studio import __version__

    now = project.snapshot()
    return {
        "op": "start",
        "version": 1,
        "studio": __version__,
        "path": str(project.path) if project.path else None,
        "mark": project.mark and project.mark.to_json(),
        "items": [item.to_json() for item in now.items],
        "history": [command.to_json() for command in now.history],
        "position": now.position,
        "candidates": [record.to_json() for record in now.candidates],
    }


def replay(
    kind: type[Project], folder: Path, lock: sessions.Lock, entries: Sequence[dict[str, Any]]
) -> tuple[Project, int]:
    """Bring a session back from its entries, as far as they make sense; and how many did.

    Raises `ValueError`, `KeyError` or `TypeError` when not even the first one does.
    """
    start = entries[0] if entries else {}
    if start.get("op") != "start" or start.get("version") != 1:
        raise ValueError("the journal does not begin at its beginning")
    board = Board(Item.from_json(item) for item in start["items"])
    history = History(map(Command.from_json, start["history"]), start["position"])
    path = Path(start["path"]) if start["path"] else None
    project = kind(folder, lock, board, history, path)
    project.mark = Mark.from_json(start.get("mark"))
    for command in history.commands:
        board.note_ids(command.ids)
    for record in start["candidates"]:
        project.candidates.note(CandidateRecord.from_json(record))
    if path is not None:
        project.note_saved_candidates(record["id"] for record in start["candidates"])
    for number, entry in enumerate(entries[1:], 1):
        try:
            _take_step(project, history, entry)
            if entry.get("op") == "saved":
                project.note_saved_candidates(_kept(entries[: int(entry.get("steps", number))]))
        except (ValueError, KeyError, TypeError):
            # What came before is worth more than to be refused for what came after.
            _log.exception("the journal in %s makes no sense from entry %d on", folder, number)
            return project, number
    return project, len(entries)


def _take_step(project: Project, history: History, entry: dict[str, Any]) -> None:
    step = entry.get("op")
    if step == "do":
        command = Command.from_json(entry["command"])
        command.apply(project.board)
        history.note_done(command, merge=bool(entry.get("merge")))
    elif step == "undo" and history.latest is not None:
        history.latest.inverse.apply(project.board)
        history.note_undone()
    elif step == "redo" and history.next is not None:
        history.next.apply(project.board)
        history.note_redone()
    elif step == "saved":
        project.path, project.mark = Path(entry["path"]), Mark.from_json(entry.get("mark"))
        project._saved_state = int(entry["state"])
    elif step == "candidate":
        record = CandidateRecord.from_json(entry["record"])
        project.candidates.note(project.candidates.with_base(record))
    elif step in ("discard", "restore"):
        project.candidates.note_discarded(entry["ids"], step == "discard")
    else:
        raise ValueError(f"a step that cannot be taken: {step!r:.40}")


def _kept(entries: Sequence[dict[str, Any]]) -> set[str]:
    """The ids of the candidates that a file had which was written after these entries."""
    ids = {record["id"] for record in entries[0]["candidates"]} if entries else set()
    for entry in entries:
        if entry.get("op") == "candidate":
            ids.add(entry["record"]["id"])
        elif entry.get("op") == "discard":
            ids -= set(entry["ids"])
        elif entry.get("op") == "restore":
            ids |= set(entry["ids"])
    return ids


def is_unsaved(entries: Sequence[dict[str, Any]]) -> bool:
    """Whether something happened in a session since what was last saved, or since its beginning."""
    saved = [entry for entry in entries if entry.get("op") == "saved"]
    # Not since the entry itself: work goes on while a file is being written.
    since = saved[-1].get("steps", 0) if saved else 0
    steps = [entry.get("op") for entry in entries[since:]]
    return any(step in ("do", "undo", "redo", "candidate") for step in steps)

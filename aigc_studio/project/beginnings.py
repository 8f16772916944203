"""What the journal of a session begins with: what the project is at one moment."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aigc_studio.api import limits
from aigc_studio.project import journal
from aigc_studio.project.board import Item, is_id
from aigc_studio.project.candidates import CandidateRecord
from aigc_studio.project.commands import Command
from aigc_studio.project.deltas import Naming

if TYPE_CHECKING:
    from aigc_studio.project.project import Project

VERSION = 2

_NUMBERS = ("items", "state", "base", "last", "saved", "highest", "count", "changes")


@dataclass(frozen=True)
class Beginning:
    """A project at one moment, to be written as the first lines of a journal on any thread."""

    head: Mapping[str, Any]
    position: int
    items: Sequence[Item]
    commands: Sequence[Command]
    states: Sequence[int]
    records: Sequence[CandidateRecord]

    def lines(self, prefix: str) -> Iterator[bytes]:
        """The lines. `prefix` stands before the names of makings."""
        naming = Naming(prefix)

        def told(entry: dict[str, Any]) -> Iterator[bytes]:
            for each in naming.news():
                yield journal.line({"op": "made", **each})
            yield journal.line(entry)

        yield journal.line({"op": "start", **self.head})
        for item in self.items:
            yield from told({"op": "item", "item": naming.item(item)})
        for number, (command, state) in enumerate(zip(self.commands, self.states, strict=True)):
            step = naming.step(command, backward=number < self.position)
            yield from told({"op": "step", "to": state, "step": step})
        for record in self.records:
            yield from told({"op": "record", "record": naming.record(record)})
        yield journal.line({"op": "begun", **self.head})


def beginning(project: Project) -> Beginning:
    """What a project is now."""
    from aigc_studio import __version__

    history, tray = project.timeline, project.candidates
    head = {
        "version": VERSION,
        "studio": __version__,
        "path": str(project.path) if project.path else None,
        "mark": project.mark and project.mark.to_json(),
        "items": len(project.board),
        "state": history.state,
        "base": history.base,
        "last": history.last,
        "saved": project.saved_state,
        "kept": sorted(project.saved_candidates),
        "bin": list(tray.bin()),
        "highest": project.board.highest,
        "count": tray.count,
        "forgotten": sorted(history.forgotten),
        "changes": project.changes,
        "unsaved": project.modified or project.any_unsaved_candidates,
    }
    commands, states = tuple(history.commands), tuple(history.states)
    items, records = project.board.items, tray.records()
    return Beginning(head, history.position, items, commands, states, records)


def read_head(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a beginning says, value by value; an empty one when it is of another version."""
    if entry.get("version") != VERSION:
        return {}
    head: dict[str, Any] = {name: entry.get(name) for name in ("mark", "version")}
    head["path"] = read_path(entry.get("path"))
    for name in _NUMBERS:
        value = entry.get(name)
        if type(value) is int and 0 <= value < 1 << 53:
            head[name] = value
    for name in ("kept", "bin", "forgotten"):
        value = entry.get(name)
        head[name] = [id for id in value if is_id(id)] if isinstance(value, list) else []
    return head


def read_path(value: Any) -> Path | None:
    """The file that a journal names, or None for what cannot be the name of one."""
    if not isinstance(value, str) or "\0" in value or len(value) > limits.PATH:
        return None
    try:
        os.fsencode(value)
    except ValueError:
        return None
    return Path(value) if Path(value).name else None

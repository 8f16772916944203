"""The journal of a project: what it begins with, and how each step is written into it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aigc_studio.api import limits
from aigc_studio.project import journal, sessions
from aigc_studio.project.candidates import CandidateRecord
from aigc_studio.project.commands import Command
from aigc_studio.project.deltas import Naming
from aigc_studio.project.items import Item, is_id

if TYPE_CHECKING:
    from aigc_studio.project.project import Project

VERSION = 2

CHANGES = ("do", "undo", "redo", "candidate")
"""The entries after which something is unsaved."""

_NUMBERS = ("items", "state", "base", "last", "saved", "highest", "count", "changes")


class ProjectJournal:
    """Where a project writes what it does, before it does it.

    `file` is None before the journal has begun, and once the project is closed. `changes`: so many
    of its entries have changed the project.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self.file: journal.Journal | None = None
        self.changes = 0
        self._naming = Naming("a")
        self._generation = 0

    def begin(self) -> None:
        """A journal that begins with what the project is now, whole or not at all."""
        path = self._project.folder / sessions.JOURNAL
        journal.begin(path, beginning(self._project).lines("b"))
        self.file = journal.Journal(path, path.stat().st_size)

    def go_on(self, whole: int) -> None:
        """Go on with the one that is there, of which so many bytes can be read."""
        self._naming = Naming(f"r{whole}.")
        self.file = journal.Journal(self._project.folder / sessions.JOURNAL, whole)

    def keep(self, *entries: dict[str, Any], patience: float = journal.PATIENCE) -> None:
        """Write entries; steps and records in them as `deltas` has them."""
        if self.file is None:
            raise ValueError("the project is closed")
        # Before and not after: what is written is not done yet, and would be in neither.
        if self.file.is_due:
            self.renew()
        written = [self._plain(entry) for entry in entries]
        made = [{"op": "made", **each} for each in self._naming.news()]
        try:
            self.file.append(*made, *written, patience=patience)
        except BaseException:
            self._naming = self._next_naming()  # what was to be named may not be there
            raise
        self.changes += sum(entry["op"] in CHANGES for entry in entries)

    def renew(self) -> None:
        """Let it begin anew: it must not grow with what was done, only with what is there.

        What is appended meanwhile names its makings again, because it stands behind the new one.
        """
        assert self.file is not None
        start, self._naming = beginning(self._project), self._next_naming()
        prefix = f"b{self._generation}."
        self.file.renew(lambda: start.lines(prefix))

    def close(self) -> None:
        """Write nothing any more."""
        if self.file is not None:
            self.file.close()
            self.file = None

    def _plain(self, entry: dict[str, Any]) -> dict[str, Any]:
        if "step" in entry:
            return entry | {"step": self._naming.step(entry["step"])}
        if "record" in entry:
            return entry | {"record": self._naming.record(entry["record"])}
        return entry

    def _next_naming(self) -> Naming:
        self._generation += 1
        return Naming(f"a{self.changes}.{self._generation}.")


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
        "changes": project.journal.changes,
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

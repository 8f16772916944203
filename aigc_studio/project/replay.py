"""What the entries of a journal mean: how a session begins, and how it is brought back.

    start      what the project is: its version, path and file, its numbers of states and ids
    made, item, step, record   a line for each thing that is there then (`deltas`)
    begun      the same as `start` once more, so that no single damaged line costs it
    do, undo, redo             {"on", "to"}: the states before and after; `do` has the step
    candidate, discard, restore, saved

Each step names the state it starts from. Where lines are lost, those after them are still done as
far as they fit: an undo that is missing is made up for, a step that is missing is left out.
"""

from __future__ import annotations

import logging
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aigc_studio.project import journal
from aigc_studio.project.board import Board
from aigc_studio.project.candidates import CandidateRecord
from aigc_studio.project.commands import Command
from aigc_studio.project.deltas import BROKEN, Makings, all_ids, fitted, read_back
from aigc_studio.project.file_marks import Mark
from aigc_studio.project.history import History
from aigc_studio.project.items import Item, is_id
from aigc_studio.project.project_journal import CHANGES, VERSION, read_head, read_path
from aigc_studio.translation import _

_log = logging.getLogger(__name__)

if TYPE_CHECKING:
    from aigc_studio.project.project import Project


class Replay:
    """Brings a session back from its entries, as far as they can be read and fit.

    Raises `ValueError` when nothing of it can.
    """

    def __init__(self, entries: Sequence[dict[str, Any]]) -> None:
        self._entries = entries
        self._makings = Makings()
        self.steps = 0
        self.lost = 0
        self.head: Mapping[str, Any] = {}
        self.board = Board()
        self.history = History()
        self.records: list[CandidateRecord] = []

    @property
    def is_current(self) -> bool:
        """Whether the journal can be gone on with as it is."""
        return self.head.get("version") == VERSION

    @property
    def changes(self) -> int:
        """How many changes the session has seen, of which some may be lost."""
        before: int = self.head.get("changes", 0)
        return before + sum(map(_is_change, self._entries))

    def start(self) -> int:
        """Take in what the session began with; gives the number of the entry after it."""
        if self._entries and self._entries[0].get("version") == 1:
            self._start_of_version_1(self._entries[0])
            return 1
        stop = self._end_of_start()
        _refuse_newer(self._entries[:stop])
        heads = [each for each in self._entries[:stop] if each.get("op") in ("start", "begun")]
        self.head = next((head for each in heads if (head := read_head(each))), {})
        if not self.head and not any(each.get("op") == "do" for each in self._entries):
            raise ValueError(_("nothing of its journal can be read"))
        steps: list[dict[str, Any]] = []
        items: dict[str, Item] = {}
        for entry in self._entries[:stop]:
            try:
                self._take_in(entry, items, steps)
            except BROKEN:
                self.lost += 1
        self.lost += max(0, self.head.get("items", 0) - len(items)) if not self.lost else 0
        self.board = Board(items.values())
        self._take_history(steps)
        return stop

    def take_all(self, project: Project, begin: int) -> None:
        """Do all entries from `begin` on."""
        for number in range(begin, len(self._entries)):
            entry = self._entries[number]
            try:
                self._take(project, entry, number)
            except BROKEN:
                self.lost += 1
                _log.exception(
                    "entry %d of the journal in %s cannot be done", number, project.folder
                )
            else:
                self.steps += _is_change(entry)

    def _start_of_version_1(self, start: Mapping[str, Any]) -> None:
        try:
            board = Board(Item.from_json(item) for item in start["items"])
            commands = [Command.from_json(each) for each in start["history"]]
            self.history = History(commands, int(start["position"]))
            self.records = [CandidateRecord.from_json(each) for each in start["candidates"]]
        except BROKEN as error:
            raise ValueError(_("nothing of its journal can be read")) from error
        self.board = board
        path = read_path(start.get("path"))
        kept = [record.id for record in self.records] if path else []
        self.head = {"path": path, "saved": self.history.state, "kept": kept}

    def _end_of_start(self) -> int:
        """The number of the first entry that is not of the beginning."""
        beginnings = ("start", "made", "item", "step", "record", journal.DAMAGED)
        for number, entry in enumerate(self._entries):
            if entry.get("op") == "begun":
                return number + 1
            if entry.get("op") not in beginnings:
                return number
        return len(self._entries)

    def _take_in(
        self, entry: Mapping[str, Any], items: dict[str, Item], steps: list[dict[str, Any]]
    ) -> None:
        match entry.get("op"):
            case "made":
                self._makings.add(entry)
            case "item":
                item = self._makings.item(entry["item"])
                items[item.id] = item
            case "step":
                _number(entry.get("to"))
                steps.append(dict(entry))
            case "record":
                self.records.append(self._makings.record(entry["record"]))
            case journal.DAMAGED:
                self.lost += 1

    def _take_history(self, steps: Sequence[Mapping[str, Any]]) -> None:
        """The steps before the beginning, as far as they lead to its board."""
        states = [_number(each.get("to")) for each in steps]
        deltas = [each.get("step") for each in steps]
        # By their numbers, and not by how many they are: lines may be lost.
        position = bisect_right(states, self.head.get("state", 0))
        commands, done, lost = read_back(deltas, position, self.board, self._makings)
        first = position - done
        base = states[first - 1] if first else self.head.get("base", 0)
        self.lost += lost
        self.history = History(commands, done, states[first : first + len(commands)], base)
        self.history.last = max(self.history.last, self.head.get("last", 0))
        self.history.forgotten.update(self.head.get("forgotten", ()))

    def _take(self, project: Project, entry: Mapping[str, Any], number: int) -> None:
        op = entry.get("op")
        if op in ("do", "undo", "redo"):
            if "on" in entry:
                self._take_step(project, entry)
            else:
                self._take_former_step(project, entry)
        elif op == "made":
            self._makings.add(entry)
        elif op == "saved":
            self._take_saved(project, entry, number)
        elif op == "candidate":
            record = self._makings.record(entry["record"])
            project.candidates.note(project.candidates.with_base(record))
        elif op in ("discard", "restore"):
            project.candidates.note_discarded(_ids(entry["ids"]), op == "discard")
        else:
            raise ValueError(f"an entry that says nothing: {op!r:.40}")

    def _take_step(self, project: Project, entry: Mapping[str, Any]) -> None:
        history, op = self.history, entry["op"]
        on, to = _number(entry["on"]), _number(entry["to"])
        self._go_to(project.board, on)
        if op == "do":
            fits = history.state == on
            command = self._command(entry["step"], project.board, fits)
            merge = bool(entry.get("merge")) and fits and history.latest is not None
            history.note_done(command, merge=merge, state=to)
            history.forget()
        elif history.state == on:
            self._go_to(project.board, to)
        if history.state != to and op != "do":
            raise ValueError("a step is missing that was undone or done again")

    def _command(self, value: Any, board: Board, fits: bool) -> Command:
        if fits:
            try:
                command = self._makings.step(value, board)
                command.apply(board)
                return command
            except BROKEN:
                pass  # what came before is not all there
        command = self._makings.what_fits(value, board)
        board.force(command.after, command.order)
        return command

    def _go_to(self, board: Board, state: int) -> None:
        """Undo or do again until the board is in a state that the history knows."""
        history = self.history
        place = history.place_of(state) if state != history.state else None
        if place is None:
            return
        while history.position > place and history.latest is not None:
            history.latest.inverse.apply(board)
            history.note_undone()
        while history.position < place and history.next is not None:
            history.next.apply(board)
            history.note_redone()

    def _take_former_step(self, project: Project, entry: Mapping[str, Any]) -> None:
        """A step as version 1 wrote it, which does not say from where."""
        history, op = self.history, entry["op"]
        if op == "do":
            command = Command.from_json(entry["command"])
            merge = bool(entry.get("merge")) and not self.lost
            try:
                command.apply(project.board)
            except ValueError:
                merge, command = False, fitted(command, project.board)
                project.board.force(command.after, command.order)
                self.lost += 1
            history.note_done(command, merge=merge and history.latest is not None)
            return
        if self.lost:
            raise ValueError("what was undone or done again may be a step that is lost")
        command = there(history.latest if op == "undo" else history.next)
        (command.inverse if op == "undo" else command).apply(project.board)
        (history.note_undone if op == "undo" else history.note_redone)()

    def _take_saved(self, project: Project, entry: Mapping[str, Any], number: int) -> None:
        path, state = read_path(entry["path"]), _number(entry["state"])
        if path is None:
            raise ValueError("a path that is none")
        since = _number(entry.get("steps", number))
        kept = _ids(entry["kept"]) if "kept" in entry else _kept(self._entries[:since])
        project.path, project.mark = path, Mark.from_json(entry.get("mark"))
        project.saved_state = state
        project.note_saved_candidates(kept)


def replay(
    kind: type[Project], folder: Path, lock: Any, entries: Sequence[dict[str, Any]]
) -> tuple[Project, Replay]:
    """Bring a session back from its entries; `Replay` says how much of it came.

    Raises `ValueError` when nothing of it can be.
    """
    again = Replay(entries)
    begin = again.start()
    head = again.head
    project = kind(folder, lock, again.board, again.history, head.get("path"))
    project.board.note_ids(all_ids(again.history.commands))
    project.board.note_highest(head.get("highest", 0))
    project.candidates.note_count(head.get("count", 0))
    for record in again.records:
        project.candidates.note(record)
    project.candidates.note_discarded(head.get("bin", ()), True)
    project.saved_state = head.get("saved", 0)
    project.mark = Mark.from_json(head.get("mark"))
    project.note_saved_candidates(head.get("kept", ()))
    again.take_all(project, begin)
    (project.saved_state,) = again.history.put_in_order(project.saved_state)
    return project, again


def file_of(entries: Sequence[Mapping[str, Any]]) -> Path | None:
    """The file that the project of a session has, as its journal said last; None when it has none,
    or no entry says so."""
    for entry in reversed(entries):
        if entry.get("op") in ("start", "begun", "saved"):
            return read_path(entry.get("path"))
    return None


def is_unsaved(found: journal.Found) -> bool:
    """Whether something happened in a session since what was last saved, or since its beginning.

    Also when that cannot be said, because a part of the journal cannot be read.
    """
    entries = found.entries
    saved = [entry for entry in entries if entry.get("op") == "saved"]
    since = saved[-1].get("steps", 0) if saved else 0
    if found.is_damaged or not _is_begun(entries) or type(since) is not int:
        return True
    if entries and entries[0].get("version") == 1:
        # Not since the entry itself: work goes on while a file is being written.
        return any(map(_is_change, entries[max(since, 0) :]))
    head = next(filter(None, map(read_head, entries[:1])), {})
    changes: int = sum(_is_change(entry) for entry in entries)
    total = head.get("changes", 0) + changes
    if saved:
        return bool(since != total)
    return changes > 0 or bool(entries and entries[0].get("unsaved", True))


def _is_begun(entries: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a beginning that is known here stands there whole.

    It is written at one moment: where a part of it is missing, a disk or a program has cut it off.
    """
    first = entries[0].get("version") if entries else None
    if first == 1:
        return True
    begun = any(each.get("op") == "begun" and read_head(each) for each in entries)
    return begun and first == VERSION


def _refuse_newer(entries: Iterable[Mapping[str, Any]]) -> None:
    """Raise `ValueError` for a beginning of a version to come: what it means is not known here."""
    for entry in entries:
        number = entry.get("version")
        if type(number) is int and number > VERSION and entry.get("op") in ("start", "begun"):
            raise ValueError(
                _("it was made by a newer AIGC Studio (format {number}): update to open it").format(
                    number=number
                )
            )


def _is_change(entry: Mapping[str, Any]) -> bool:
    op = entry.get("op")
    return isinstance(op, str) and op in CHANGES


def _number(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 1 << 53:
        raise ValueError(f"not a number of a state: {value!r:.40}")
    return value


def _ids(value: Any) -> list[str]:
    if not isinstance(value, list) or not all(map(is_id, value)):
        raise ValueError("not a list of ids")
    return value


def there(command: Command | None) -> Command:
    """The command, which must be one."""
    if command is None:
        raise ValueError("there is nothing to undo or to do again")
    return command


def _kept(entries: Iterable[Mapping[str, Any]]) -> set[str]:
    """The ids of the candidates that a file of version 1 had, written after these entries."""
    ids: set[str] = set()
    for entry in entries:
        if entry.get("op") == "start":
            ids = {record["id"] for record in entry["candidates"]}
        elif entry.get("op") == "candidate":
            ids.add(entry["record"]["id"])
        elif entry.get("op") == "discard":
            ids -= set(entry["ids"])
        elif entry.get("op") == "restore":
            ids |= set(entry["ids"])
    return ids

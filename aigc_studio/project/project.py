"""A project: board, history, candidates and content, kept on disk from the first change on."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from aigc_studio import late
from aigc_studio.api.errors import StudioError
from aigc_studio.files import FULL_OR_CLOSED
from aigc_studio.project import journal, saving, sessions
from aigc_studio.project.board import Board, Change, Listener, tell
from aigc_studio.project.candidates import CandidateRecord
from aigc_studio.project.commands import Command, journey
from aigc_studio.project.content import ContentStore
from aigc_studio.project.deltas import all_ids
from aigc_studio.project.history import History
from aigc_studio.project.project_journal import ProjectJournal
from aigc_studio.project.snapshot import Snapshot
from aigc_studio.project.tray import CandidateTray
from aigc_studio.translation import _

if TYPE_CHECKING:
    from aigc_studio.project import recovery, replay
else:
    recovery = late.module("aigc_studio.project.recovery")
    replay = late.module("aigc_studio.project.replay")

_log = logging.getLogger(__name__)


class Project(saving.OwnFile):
    """What the person makes. Made by `new`, `open` or `recover`; ended by `close`.

    `listeners` hear `Change`: `history` after do, undo and redo, `candidates` when the tray
    changed, `saved` when it was saved. `board.listeners` hear what happened to items. All of it
    belongs to one thread, but for `store` and what `snapshot` gave.
    """

    def __init__(
        self, folder: Path, lock: sessions.Lock, board: Board, history: History, path: Path | None
    ) -> None:
        self.folder = folder
        self.board = board
        super().__init__(path)
        self.damage: tuple[str, ...] = ()
        self.mended_from: Path | None = None
        self.store = ContentStore(folder / sessions.CONTENT)
        self.listeners: list[Listener] = []
        self.timeline = history
        """What was done and undone; `do`, `undo` and `redo` go along it."""
        self._lock = lock
        self.journal = ProjectJournal(self)
        self.recovery: recovery.Recovery | None = None
        self.saved_state = history.state
        """The state of its timeline that its file has."""
        self.saved_candidates: frozenset[str] = frozenset()
        """Those that its file has."""
        self.candidates = CandidateTray(
            board, self.store, history, self.journal.keep,
            lambda ids: tell(self.listeners, Change("candidates", tuple(ids))),
        )  # fmt: skip

    @classmethod
    def new(cls, folder: Path | None = None) -> Project:
        """An empty project in a session folder of its own. Raises `StudioError`."""
        folder = folder or sessions.new_folder()
        lock = _lock(folder)
        try:
            project = cls(folder, lock, Board(), History(), None)
            project._begin()
        except BaseException:
            _remove(lock)
            raise
        return project

    @classmethod
    def open(cls, path: Path, folder: Path | None = None) -> Project:
        """Open an `.aigc` file into a new session folder. Raises `StudioError`; changes nothing.

        When parts of it are damaged, `damage` says which, a sentence each, and what stands in for
        them; the file is `mended_from` then and `path` None, so that no save replaces it unasked.
        So it is with one that another window has open: it is a copy then, `copied_from` the file.
        """
        from aigc_studio.project import archive

        folder = folder or sessions.new_folder()
        lock, claim = _lock(folder), saving.claimed(Path(path))
        store = ContentStore(folder / sessions.CONTENT, durable=False)
        try:
            mark = saving.marked(Path(path))  # first: what is changed while it is read was changed
            found = archive.read(Path(path), store)
            history = History(found.history, found.position)
            project = cls(folder, lock, Board(found.items), history, None)
            project.store.share(store)
            if found.damage:
                project.damage, project.mended_from = found.damage, Path(path)
            elif claim is None:
                project.copied_from = Path(path)
            else:
                project._own(Path(path), mark, claim)
            project._begin(found.candidates)
        except BaseException:
            if claim is not None:
                claim.release()
            store.close()
            _remove(lock)
            raise
        if found.damage and claim is not None:
            claim.release()
        return project

    @classmethod
    def recover(cls, folder: Path, *, claim: bool = True) -> Project:
        """Bring back a session that was not closed, with all that was accepted in it.

        Its file is claimed, unless `claim` is false: where that lies nothing need answer. It is
        with the next save then, which says so where another window has the file.

        What of its journal cannot be read or does not fit is passed over; `recovery` says how much
        came back, and where a damaged journal is kept. `damage` has a sentence for each thing whose
        content is missing. Raises `StudioError` when the folder holds no session, or it is open
        elsewhere; it stays as it is then.
        """
        path = folder / sessions.JOURNAL
        lock = _lock(folder, make=False)
        try:
            found = journal.read(path)
            project, again = replay.replay(cls, folder, lock, found.entries)
            project.journal.changes = again.changes
            project.damage = recovery.mend(project)
            kept = recovery.keep_damaged(path) if again.lost else None
            project.recovery = recovery.Recovery(again.steps, again.lost, kept)
            if again.lost or project.damage or not again.is_current:
                project.journal.begin()
            else:
                project.journal.go_on(found.whole)
            if claim:
                project._claim_again()
            project.recovery = recovery.with_typed(project)
        except BaseException as error:
            lock.release()
            if isinstance(error, ValueError | KeyError | TypeError | OSError):
                _refuse(folder, error)
            raise
        return project

    @staticmethod
    def interrupted() -> list[Path]:
        """Session folders of projects that were not closed and hold unsaved work, newest first."""
        return recovery.unsaved_sessions()

    @property
    def history(self) -> Sequence[Command]:
        """All commands, done and undone, oldest first."""
        return tuple(self.timeline.commands)

    @property
    def position(self) -> int:
        """How many commands of the history are done."""
        return self.timeline.position

    @property
    def modified(self) -> bool:
        """Whether the board differs from what was last saved or opened."""
        return self.timeline.state != self.saved_state

    @property
    def unsaved(self) -> bool:
        """Whether closing it would lose work: changes, or candidates that are not in its file."""
        return self.modified or self.any_unsaved_candidates

    @property
    def unsaved_candidates(self) -> tuple[CandidateRecord, ...]:
        """The candidates that wait and are not in the file: those that closing would lose."""
        waiting = self.candidates.list()
        return tuple(each for each in waiting if each.id not in self.saved_candidates)

    @property
    def any_unsaved_candidates(self) -> bool:
        """Whether closing would lose candidates. Asked at each change of them, so it is quick."""
        return self.candidates.any_but(self.saved_candidates)

    def do(self, command: Command, *, merge: bool = False) -> None:
        """Do a command: first in the journal, then on the board; what was undone is forgotten.

        `merge` makes one step of it with the latest one when both are of one kind and on the same
        items, as when a slider is dragged. Raises `ValueError` when it does not fit the board,
        `StudioError` when it cannot be written; the board is unchanged then.
        """
        command.check(self.board)
        merge = merge and self.timeline.can_merge(command) and self.modified
        on, to = self.timeline.state, self.timeline.last + 1
        self.journal.keep({"op": "do", "on": on, "to": to, "merge": merge, "step": command})
        self.timeline.note_done(command, merge=merge, state=to)
        command.apply(self.board)
        if self.timeline.forget():
            self.candidates.forget(self.timeline.forgotten)
        self._told(command)

    def undo(self, command: Command | None = None) -> None:
        """Undo the latest command; `command`, when given, must be that one.

        Raises `ValueError` when there is none, `StudioError` when it cannot be written.
        """
        latest = self.timeline.latest
        if latest is None or command not in (None, latest):
            raise ValueError("this command is not the latest one")
        on, to = self.timeline.state, self.timeline.before_latest
        self.journal.keep({"op": "undo", "on": on, "to": to})
        self.timeline.note_undone()
        latest.inverse.apply(self.board)
        self._told(latest)

    def redo(self, command: Command | None = None) -> None:
        """Do the next command again; `command`, when given, must be that one.

        Raises `ValueError` when there is none, `StudioError` when it cannot be written.
        """
        following = self.timeline.next
        if following is None or command not in (None, following):
            raise ValueError("this command is not the next one")
        on, to = self.timeline.state, self.timeline.after_next
        self.journal.keep({"op": "redo", "on": on, "to": to})
        self.timeline.note_redone()
        following.apply(self.board)
        self._told(following)

    def go(self, position: int) -> None:
        """Undo, or do again, until so many commands are done: one step of the journal, told once.

        Raises `ValueError` when there are not so many, `StudioError` when it cannot be written.
        """
        steps = self.timeline.steps_to(position)
        if not steps:
            return
        way = journey(self.board, steps)
        way.check(self.board)
        op = "undo" if position < self.position else "redo"
        on, to = self.timeline.state, self.timeline.state_at(position)
        self.journal.keep({"op": op, "on": on, "to": to})
        self.timeline.note_gone(position)
        way.apply(self.board)
        self._told(way)

    def snapshot(self) -> Snapshot:
        """The project as it is now, to be written from any thread (`archive.write`)."""
        return Snapshot(
            self.board.items,
            tuple(self.timeline.commands),
            self.timeline.position,
            tuple(self.candidates.to_save()),
            self.store,
            self.timeline.state,
            self.journal.changes,
        )

    def save(
        self, path: Path | None = None, preview: bytes | None = None, *, replace: bool = False
    ) -> None:
        """Write the `.aigc` file, by default where it was opened or saved.

        `preview` is a PNG of the board. To keep the window free, `saving.write` a `snapshot` in
        another thread and call `note_saved` in this one. Raises `StudioError`:
        `claims.OpenElsewhere` when another window has the file open, and `marks.FileChanged` when
        somebody changed it since it was opened or saved, unless `replace` says to replace it.
        """
        target = Path(path) if path is not None else self.path
        if target is None:
            raise StudioError(_("The project has no file yet: choose a name to save it under."))
        snapshot = self.snapshot()
        expected = None if replace else self.expected(target)
        saved = saving.write(snapshot, target, preview, expected=expected)
        self.note_saved(snapshot, target, saved)

    def note_saved(self, snapshot: Snapshot, path: Path, saved: saving.Saved | None = None) -> None:
        """The snapshot was written to `path`, which is the project's file from now on.

        Without `saved` (`saving.write` gave it) the file is as it is now.
        """
        mark = saved.mark if saved else saving.marked(path)
        kept = [each.id for each in snapshot.candidates]
        told = {"path": str(path), "state": snapshot.state, "steps": snapshot.steps, "kept": kept}
        try:
            self.journal.keep({"op": "saved", **told, "mark": mark and mark.to_json()})
        except BaseException:
            if saved:
                saved.release()
            raise
        self._own(Path(path), mark, saved.claim if saved else saving.claimed(path))
        self.saved_state = snapshot.state
        self.note_saved_candidates(kept)
        tell(self.listeners, Change("saved"))

    def note_saved_candidates(self, ids: Iterable[str]) -> None:
        """Take in which candidates the project's file holds."""
        self.saved_candidates = frozenset(ids)

    def close(self) -> None:
        """End the session and remove its folder: what was not saved is gone, the bin included."""
        self.leave(keep=False)

    def leave(self, *, keep: bool = True) -> None:
        """End the session and keep its folder: `recover` brings back what was not saved."""
        if self.journal.file is not None:
            self.journal.close()
            self._let_go()
            self.store.close()  # first: Windows removes no file that is open
            self._lock.release() if keep else _remove(self._lock)

    def _begin(self, candidates: Sequence[CandidateRecord] = ()) -> None:
        for record in candidates:
            self.candidates.note(record)
        self.note_saved_candidates(record.id for record in candidates)
        self.board.note_ids(all_ids(self.timeline.commands))
        try:
            self.journal.begin()
        except OSError as error:
            _refuse(self.folder, error)

    def _told(self, command: Command) -> None:
        tell(self.listeners, Change("history", command.ids))
        if command.candidates:
            tell(self.listeners, Change("candidates", command.candidates))


def _lock(folder: Path, *, make: bool = True) -> sessions.Lock:
    try:
        return sessions.Lock(folder, make=make)
    except OSError as error:
        _refuse(folder, error)


def _remove(lock: sessions.Lock) -> None:
    """Remove a session's folder. On a disk that nobody can write to it stays, and is offered as
    work that was not closed once there is room again: no reason to stay open."""
    try:
        lock.remove()
    except OSError as error:
        _log.warning("the session in %s stays: %s", lock.folder, error)


def _refuse(folder: Path, error: BaseException) -> NoReturn:
    if isinstance(error, OSError) and error.errno in FULL_OR_CLOSED:
        sentence = _(
            "The folder {folder} cannot be written to ({problem}): free up space, or grant "
            "permission."
        )
        problem = error.strerror or error
        raise StudioError(sentence.format(folder=folder.parent, problem=problem)) from error
    reason = error.strerror if isinstance(error, OSError) and error.strerror else error
    if isinstance(error, FileNotFoundError):
        reason = _("it is no longer there")
    raise StudioError(
        _("The session in {folder} cannot be opened: {reason}.").format(
            folder=folder, reason=reason
        )
    ) from error

"""A project: board, history, candidates and content, kept on disk from the first change on."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from aigc_studio import late
from aigc_studio.api.errors import StudioError
from aigc_studio.files import FULL_OR_CLOSED
from aigc_studio.project import beginnings, journal, saving, sessions
from aigc_studio.project.board import Board, Change, Listener, tell
from aigc_studio.project.candidates import CandidateRecord
from aigc_studio.project.commands import Command, journey
from aigc_studio.project.content import ContentStore
from aigc_studio.project.deltas import Naming, all_ids
from aigc_studio.project.history import History
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
        self._journal: journal.Journal | None = None
        self._naming = Naming("a")
        self.changes = 0
        """So many entries of the journal have changed it."""
        self._generation = 0
        self.recovery: recovery.Recovery | None = None
        self.saved_state = history.state
        """The state of its timeline that its file has."""
        self.saved_candidates: frozenset[str] = frozenset()
        """Those that its file has."""
        self.candidates = CandidateTray(
            board, self.store, history, self._keep,
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
    def recover(cls, folder: Path) -> Project:
        """Bring back a session that was not closed, with all that was accepted in it.

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
            project.changes = again.changes
            project.damage = recovery.mend(project)
            kept = recovery.keep_damaged(path) if again.lost else None
            project.recovery = recovery.Recovery(again.steps, again.lost, kept)
            if again.lost or project.damage or not again.is_current:
                project._begin_journal()
            else:
                project._naming = Naming(f"r{found.whole}.")
                project._journal = journal.Journal(path, found.whole)
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
        self._keep({"op": "do", "on": on, "to": to, "merge": merge, "step": command})
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
        self._keep({"op": "undo", "on": self.timeline.state, "to": self.timeline.before_latest})
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
        self._keep({"op": "redo", "on": self.timeline.state, "to": self.timeline.after_next})
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
        self._keep({"op": op, "on": on, "to": to})
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
            self.changes,
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
        told = {"path": str(path), "state": snapshot.state, "steps": snapshot.steps}
        try:
            self._keep({"op": "saved", **told, "kept": kept, "mark": mark and mark.to_json()})
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
        if self._journal is not None:
            self._journal.close()
            self._journal = None
            self._let_go()
            self.store.close()  # first: Windows removes no file that is open
            self._lock.release() if keep else _remove(self._lock)

    def _begin(self, candidates: Sequence[CandidateRecord] = ()) -> None:
        for record in candidates:
            self.candidates.note(record)
        self.note_saved_candidates(record.id for record in candidates)
        self.board.note_ids(all_ids(self.timeline.commands))
        try:
            self._begin_journal()
        except OSError as error:
            _refuse(self.folder, error)

    def _begin_journal(self) -> None:
        """A journal that begins with what the project is now, whole or not at all."""
        path = self.folder / sessions.JOURNAL
        journal.begin(path, beginnings.beginning(self).lines("b"))
        self._journal = journal.Journal(path, path.stat().st_size)

    def _keep(self, *entries: dict[str, Any], patience: float = journal.PATIENCE) -> None:
        """Write entries to the journal; steps and records in them as `deltas` has them."""
        if self._journal is None:
            raise ValueError("the project is closed")
        # Before and not after: what is written is not done yet, and would be in neither.
        if self._journal.is_due:
            self._renew_journal(self._journal)
        written = [self._plain(entry) for entry in entries]
        made = [{"op": "made", **each} for each in self._naming.news()]
        try:
            self._journal.append(*made, *written, patience=patience)
        except BaseException:
            self._naming = self._next_naming()  # what was to be named may not be there
            raise
        self.changes += sum(entry["op"] in replay.CHANGES for entry in entries)

    def _plain(self, entry: dict[str, Any]) -> dict[str, Any]:
        if "step" in entry:
            return entry | {"step": self._naming.step(entry["step"])}
        if "record" in entry:
            return entry | {"record": self._naming.record(entry["record"])}
        return entry

    def _renew_journal(self, old: journal.Journal) -> None:
        """Let the journal begin anew: it must not grow with what was done, only with what is there.

        What is appended meanwhile names its makings again, because it stands behind the new one.
        """
        start, self._naming = beginnings.beginning(self), self._next_naming()
        prefix = f"b{self._generation}."
        old.renew(lambda: start.lines(prefix))

    def _next_naming(self) -> Naming:
        self._generation += 1
        return Naming(f"a{self.changes}.{self._generation}.")

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

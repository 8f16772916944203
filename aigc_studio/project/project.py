"""A project: board, history, candidates and content, kept on disk from the first change on."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from aigc_studio.api.errors import StudioError
from aigc_studio.project import claims, journal, marks, replay, saving, sessions
from aigc_studio.project.board import Board, Change, Item, Listener, tell
from aigc_studio.project.candidates import CandidateRecord, CandidateTray
from aigc_studio.project.commands import Command, accepted
from aigc_studio.project.content import ContentStore
from aigc_studio.project.history import History
from aigc_studio.translation import _


@dataclass(frozen=True)
class Snapshot:
    """A project at one moment: what goes into a file. Nothing in it changes any more."""

    items: tuple[Item, ...]
    history: tuple[Command, ...]
    position: int
    candidates: tuple[CandidateRecord, ...]
    store: ContentStore
    state: int = 0
    steps: int = 0


class Project:
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
        self.path = path
        self.damage: tuple[str, ...] = ()
        self.mended_from: Path | None = None
        self.copied_from: Path | None = None
        self.mark: marks.Mark | None = None
        self._claim: claims.Claim | None = None
        self.store = ContentStore(folder / sessions.CONTENT)
        self.listeners: list[Listener] = []
        self._history = history
        self._lock = lock
        self._journal: journal.Journal | None = None
        self._steps = 0
        self._saved_state = history.state
        self._saved_candidates: frozenset[str] = frozenset()
        self.candidates = CandidateTray(
            board, self.store, history, self._keep,
            lambda ids: tell(self.listeners, Change("candidates", tuple(ids))),
        )  # fmt: skip

    @classmethod
    def new(cls, folder: Path | None = None) -> Project:
        """An empty project in a session folder of its own. Raises `StudioError`."""
        folder = folder or sessions.new_folder()
        project = cls(folder, _lock(folder), Board(), History(), None)
        project._begin()
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
        lock, claim = _lock(folder), _claimed(Path(path))
        try:
            mark = _marked(Path(path))  # first: what is changed while it is read was changed
            store = ContentStore(folder / sessions.CONTENT, durable=False)
            found = archive.read(Path(path), store)
            board = Board(found.items)
            history, gone = History(found.history, found.position), set[str]()
            if not history.fits(board):
                # The board is what the person sees; a history that does not lead to it is no use.
                gone = accepted(found.history[: found.position])
                history = History()
            project = cls(folder, lock, board, history, None)
            if found.damage:
                project.damage, project.mended_from = found.damage, Path(path)
            elif claim is None:
                project.copied_from = Path(path)
            else:
                project._own(Path(path), mark, claim)
            project._begin([record for record in found.candidates if record.id not in gone])
        except BaseException:
            if claim is not None:
                claim.release()
            lock.remove()
            raise
        if found.damage and claim is not None:
            claim.release()
        return project

    @classmethod
    def recover(cls, folder: Path) -> Project:
        """Bring back a session that was not closed, with all that was accepted in it.

        Raises `StudioError` when the folder holds none, or it is open elsewhere.
        """
        lock = _lock(folder, make=False)
        try:
            entries, _size = journal.read(folder / sessions.JOURNAL)
            project, steps = replay.replay(cls, folder, lock, entries)
            journal.cut(folder / sessions.JOURNAL, steps)
            project._steps = steps
            project._journal = journal.Journal(folder / sessions.JOURNAL)
            project._claim_again()
        except BaseException as error:
            lock.release()
            if isinstance(error, ValueError | KeyError | TypeError | OSError):
                _refuse(folder, error)
            raise
        return project

    @staticmethod
    def interrupted() -> list[Path]:
        """Session folders of projects that were not closed and hold unsaved work, newest first.

        Those that hold none are removed.
        """
        found = []
        for folder in sessions.left_behind():
            seen = sessions.mark(folder)
            try:
                entries, _size = journal.read(folder / sessions.JOURNAL)
            except OSError:
                continue  # another person's, or a disk that is failing: not ours to remove
            if replay.is_unsaved(entries):
                found.append(folder)
            else:
                with suppress(OSError):  # another window takes it up, or it may not be removed
                    sessions.remove(folder, seen)
        return found

    @property
    def history(self) -> Sequence[Command]:
        """All commands, done and undone, oldest first."""
        return tuple(self._history.commands)

    @property
    def position(self) -> int:
        """How many commands of the history are done."""
        return self._history.position

    @property
    def modified(self) -> bool:
        """Whether the board differs from what was last saved or opened."""
        return self._history.state != self._saved_state

    @property
    def unsaved_candidates(self) -> tuple[CandidateRecord, ...]:
        """The candidates that wait and are not in the file: those that closing would lose."""
        waiting = self.candidates.list()
        return tuple(each for each in waiting if each.id not in self._saved_candidates)

    @property
    def any_unsaved_candidates(self) -> bool:
        """Whether closing would lose candidates. Asked at each change of them, so it is quick."""
        return self.candidates.any_but(self._saved_candidates)

    def do(self, command: Command, *, merge: bool = False) -> None:
        """Do a command: first in the journal, then on the board; what was undone is forgotten.

        `merge` makes one step of it with the latest one when both are of one kind and on the same
        items, as when a slider is dragged. Raises `ValueError` when it does not fit the board,
        `StudioError` when it cannot be written; the board is unchanged then.
        """
        self.board.check(command.before, command.after, command.order_after)
        merge = merge and self._history.can_merge(command) and self.modified
        self._keep({"op": "do", "command": command.to_json(), "merge": merge})
        self._history.note_done(command, merge=merge)
        command.apply(self.board)
        self._told(command)

    def undo(self, command: Command | None = None) -> None:
        """Undo the latest command; `command`, when given, must be that one.

        Raises `ValueError` when there is none, `StudioError` when it cannot be written.
        """
        latest = self._history.latest
        if latest is None or command not in (None, latest):
            raise ValueError("this command is not the latest one")
        self._keep({"op": "undo"})
        self._history.note_undone()
        latest.inverse.apply(self.board)
        self._told(latest)

    def redo(self, command: Command | None = None) -> None:
        """Do the next command again; `command`, when given, must be that one.

        Raises `ValueError` when there is none, `StudioError` when it cannot be written.
        """
        following = self._history.next
        if following is None or command not in (None, following):
            raise ValueError("this command is not the next one")
        self._keep({"op": "redo"})
        self._history.note_redone()
        following.apply(self.board)
        self._told(following)

    def snapshot(self) -> Snapshot:
        """The project as it is now, to be written from any thread (`archive.write`)."""
        return Snapshot(
            self.board.items,
            tuple(self._history.commands),
            self._history.position,
            tuple(self.candidates.to_save()),
            self.store,
            self._history.state,
            self._steps,
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

    def expected(self, path: Path) -> marks.Mark | None:
        """What the file should be like that a save to `path` replaces; None where all will do."""
        own = self.path is not None and os.path.realpath(path) == os.path.realpath(self.path)
        return self.mark if own else None

    def note_saved(self, snapshot: Snapshot, path: Path, saved: saving.Saved | None = None) -> None:
        """The snapshot was written to `path`, which is the project's file from now on.

        Without `saved` (`saving.write` gave it) the file is as it is now.
        """
        mark = saved.mark if saved else _marked(path)
        told = {"path": str(path), "state": snapshot.state, "steps": snapshot.steps}
        try:
            self._keep({"op": "saved", **told, "mark": mark and mark.to_json()})
        except BaseException:
            if saved:
                saved.release()
            raise
        self._own(Path(path), mark, saved.claim if saved else _claimed(path))
        self._saved_state = snapshot.state
        self.note_saved_candidates(each.id for each in snapshot.candidates)
        tell(self.listeners, Change("saved"))

    def note_saved_candidates(self, ids: Iterable[str]) -> None:
        """Take in which candidates the project's file holds."""
        self._saved_candidates = frozenset(ids)

    def close(self) -> None:
        """End the session and remove its folder: what was not saved is gone, the bin included."""
        if self._journal is not None:
            self._journal.close()
            self._journal = None
            if self._claim is not None:
                self._claim.release()
            self._lock.remove()

    def _begin(self, candidates: Sequence[CandidateRecord] = ()) -> None:
        for record in candidates:
            self.candidates.note(record)
        self.note_saved_candidates(record.id for record in candidates)
        for command in self._history.commands:
            self.board.note_ids(command.ids)
        self._journal = journal.Journal(self.folder / sessions.JOURNAL)
        self._keep(replay.beginning(self))

    def _keep(self, *entries: dict[str, Any], patience: float = journal.PATIENCE) -> None:
        if self._journal is None:
            raise ValueError("the project is closed")
        self._journal.append(*entries, patience=patience)
        self._steps += len(entries)

    def _own(self, path: Path, mark: marks.Mark | None, claim: claims.Claim | None) -> None:
        """Have `path` as the project's file from now on."""
        former, self._claim = self._claim, claim
        if former is not None:
            former.release()
        self.path, self.mark, self.copied_from = path, mark, None

    def _claim_again(self) -> None:
        """After a crash: the file may be open in another window by now."""
        if self.path is None:
            return
        self._claim = _claimed(self.path)
        if self._claim is None:
            self.path, self.mark, self.copied_from = None, None, self.path

    def _told(self, command: Command) -> None:
        tell(self.listeners, Change("history", command.ids))
        if command.candidates:
            tell(self.listeners, Change("candidates", command.candidates))


def _lock(folder: Path, *, make: bool = True) -> sessions.Lock:
    try:
        return sessions.Lock(folder, make=make)
    except OSError as error:
        _refuse(folder, error)


def _claimed(path: Path) -> claims.Claim | None:
    """The claim to a file; None when another window has it."""
    try:
        return claims.take(path)
    except claims.OpenElsewhere:
        return None


def _marked(path: Path) -> marks.Mark | None:
    """What a file is like; None when that cannot be seen."""
    try:
        return marks.of(path)
    except OSError:
        return None


def _refuse(folder: Path, error: BaseException) -> NoReturn:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else error
    if isinstance(error, FileNotFoundError):
        reason = _("it is not there any more")
    raise StudioError(
        _("The session in {folder} cannot be opened: {reason}.").format(
            folder=folder, reason=reason
        )
    ) from error

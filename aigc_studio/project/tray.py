"""The candidate tray: which candidates wait, which are in the bin, and accepting them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from aigc_studio.project.board import Board
from aigc_studio.project.candidates import CandidateRecord
from aigc_studio.project.commands import Command
from aigc_studio.project.content import ContentStore
from aigc_studio.project.joining import Base, part_from_json

if TYPE_CHECKING:
    from aigc_studio.project.accepting import Accepting
    from aigc_studio.project.candidates import Use
    from aigc_studio.project.history import History
    from aigc_studio.project.placing import Place, Size


class CandidateTray:
    """The candidates of a project, written to the session before they are shown.

    `keep` appends entries to the journal; `changed` tells the window which candidates came, went or
    came back. A candidate waits until a command that accepts it is done; undoing that command
    brings it back.
    """

    def __init__(
        self,
        board: Board,
        store: ContentStore,
        history: History,
        keep: Callable[..., None],
        changed: Callable[[Sequence[str]], None],
    ) -> None:
        self._board = board
        self._store = store
        self._history = history
        self._keep = keep
        self._changed = changed
        self._records: dict[str, CandidateRecord] = {}
        self._discarded: set[str] = set()
        self._count = 0
        self.fit: Callable[[Command], Command] = lambda command: command
        """Completes what accepts: whoever shows the board knows how high a text is."""

    def new_id(self) -> str:
        """An id that no candidate of this project has or had: `c7`."""
        self._count += 1
        return f"c{self._count}"

    def add(self, *records: CandidateRecord) -> None:
        """Keep candidates whose content is in the store, then show them. Raises `StudioError`.

        Those that come together are written together.
        """
        records = tuple(self.with_base(record) for record in records)
        # Not waited for: their contents are not on disk for good yet either, and a flood of them
        # would make the window wait again and again.
        entries = [{"op": "candidate", "record": record} for record in records]
        self._keep(*entries, patience=0.0)
        for record in records:
            self.note(record)
        self._changed([record.id for record in records])

    def waits(self, id: str) -> bool:
        """Whether a candidate waits: it is neither accepted nor in the bin. Unknown ones do not."""
        return id in self._records and id not in self._discarded and not self._history.accepts(id)

    def any_but(self, ids: Collection[str]) -> bool:
        """Whether one waits that is not among these: the newest are looked at first."""
        return any(id not in ids and self.waits(id) for id in reversed(self._records))

    def list(self) -> tuple[CandidateRecord, ...]:
        """Those that wait, in the order they came."""
        return tuple(record for id, record in self._records.items() if self.waits(id))

    def discarded(self) -> tuple[CandidateRecord, ...]:
        """The bin: those that were thrown away since the project was opened."""
        return tuple(
            record
            for id, record in self._records.items()
            if id in self._discarded and not self._history.accepts(id)
        )

    def record(self, id: str) -> CandidateRecord:
        """The candidate with this id, wherever it is. Raises `KeyError`."""
        return self._records[id]

    def discard(self, *ids: str) -> None:
        """Throw candidates into the bin."""
        self._keep({"op": "discard", "ids": list(ids)})
        self._discarded.update(ids)
        self._changed(ids)

    def restore(self, *ids: str) -> None:
        """Take candidates out of the bin again."""
        self._keep({"op": "restore", "ids": list(ids)})
        self._discarded.difference_update(ids)
        self._changed(ids)

    def accept(
        self, *ids: str, places: Mapping[str, Place] | None = None, use: Use | None = None
    ) -> Command:
        """The one command that accepts these candidates; they leave the tray when it is done.

        An edit is brought onto what its target shows now, or goes beside it (`joining`). `places`
        says where new items go; `placing` finds a place for the others. `use` overrides what each
        record says. Raises `StudioError` when the store cannot be read or written.
        """
        return self.fit(self.accepting(*ids, places=places, use=use).make().command)

    def accepting(
        self,
        *ids: str,
        places: Mapping[str, Place] | None = None,
        sizes: Mapping[str, Size] | None = None,
        use: Use | None = None,
    ) -> Accepting:
        """As `accept`, to be made on another thread, and with what is to be told of it.

        `sizes` are those of new items whose place is not given. The command is for the board as it
        is now, and not yet completed by `fit`.
        """
        from aigc_studio.project.accepting import Accepting

        records = [self._records[id] for id in ids]
        if use is not None:
            records = [replace(record, use=use) for record in records]
        done = tuple(self._history.commands[: self._history.position])
        board = self._board.draft()
        return Accepting(board, self._store, done, tuple(records), places or {}, sizes or {})

    def with_base(self, record: CandidateRecord) -> CandidateRecord:
        """The record; one that does not say what it was made from was made from what is there."""
        target = self._board.get(record.target)
        if record.base is not None or record.use != "replace" or target is None:
            return record
        selection = (record.provenance.selection if record.provenance else None) or {}
        mask = target.mask if selection.get("kind") == "mask" else None
        part = part_from_json(selection or None)
        return replace(record, base=Base(target.content, mask, part))

    def note(self, record: CandidateRecord) -> None:
        """Take in a candidate that is on disk already."""
        self._records[record.id] = record
        number = record.id.removeprefix("c")
        if number.isascii() and number.isdigit() and len(number) < 16:
            self._count = max(self._count, int(number))

    def note_discarded(self, ids: Iterable[str], discarded: bool) -> None:
        """Take in from the journal that candidates went into the bin, or came out of it."""
        (self._discarded.update if discarded else self._discarded.difference_update)(ids)

    def to_save(self) -> Sequence[CandidateRecord]:
        """Those that a project file keeps: all but the bin; accepted ones, for undo, too."""
        accepts = self._history.accepts
        return [
            record
            for id, record in self._records.items()
            if id not in self._discarded or accepts(id)
        ]

    def bin(self) -> Sequence[str]:
        """The ids of those that were thrown away, accepted since or not."""
        return [id for id in self._records if id in self._discarded]

    def records(self) -> Sequence[CandidateRecord]:
        """All that may still wait again, in the order they came."""
        return tuple(self._records.values())

    @property
    def count(self) -> int:
        """The number of the newest id that was given out or noted."""
        return self._count

    def note_count(self, number: int) -> None:
        """Give out no id up to this number."""
        self._count = max(self._count, number)

    def forget(self, ids: Iterable[str]) -> None:
        """Never let these wait again: the steps that accepted them are forgotten."""
        for id in ids:
            self._records.pop(id, None)
            self._discarded.discard(id)

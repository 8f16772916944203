"""What a person draws to have it learnt, until it becomes a dataset: leaf by leaf, all on disk.

A leaf is one drawing. `Leaves` is which there are and which one lies open; `Sketchbook` keeps them
in a folder, so that closing, or being killed, loses no stroke that was ended.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from aigc_studio import files, folders, locks
from aigc_studio.api import Progress, StudioError, documents, limits
from aigc_studio.api.kinds import ListOf, Whole, Words, record
from aigc_studio.api.spelling import one_form
from aigc_studio.translation import _

if TYPE_CHECKING:
    from aigc_studio.library.datasets import DatasetStore
    from aigc_studio.library.sources import Source

MOST_KINDS = 200
MOST_LEAVES = 2_000
"""Drawings that are kept at once: of more, data is made first."""
SIDE = 128
"""Pixels a side of a drawing in the data."""
_ABOUT = "leaves.json"
_MOST_BYTES = 16 << 20
_between = re.compile(r"[,，、;；\n]")

_KIND = Words(limits.LABEL)
_LEAVES = record(
    {
        "kinds": ListOf(_KIND, MOST_KINDS),
        "leaves": ListOf(
            record({"file": Words(40, form=r"\d{1,9}\.png"), "kind": _KIND}), MOST_LEAVES
        ),
        "open": Whole(0, MOST_LEAVES),
        "turn": Whole(0, MOST_KINDS),
        "number": Whole(0, 10**9),
    }
)


def read_kinds(line: str) -> tuple[str, ...]:
    """The kinds that a line names, each once: between commas where there are any, else between
    spaces; none where it is empty. Raises `StudioError` for more than 200, or one that is long."""
    words = _between.split(line) if _between.search(line) else line.split()
    kinds = tuple(dict.fromkeys(filter(None, map(one_form, words))))
    if len(kinds) > MOST_KINDS:
        raise StudioError(
            _("These are {count} kinds: name at most {most}.").format(
                count=f"{len(kinds):,}", most=MOST_KINDS
            )
        )
    longest = max(kinds, key=len, default="")
    if len(longest) > limits.LABEL:
        raise StudioError(
            _("The label {label} is too long: use at most {count} characters.").format(
                label=f"{longest[:20]}…", count=f"{limits.LABEL:,}"
            )
        )
    return kinds


def write_kinds(kinds: Sequence[str]) -> str:
    """The line that `read_kinds` reads as these."""
    if all(len(each.split()) == 1 for each in kinds):
        return " ".join(kinds)
    return ", ".join(kinds) + "," * (len(kinds) == 1)


@dataclass(frozen=True)
class Leaf:
    """A drawing: the name of its file, and its kind (empty where there are none)."""

    file: str
    kind: str


@dataclass(frozen=True)
class Leaves:
    """All drawings, and the one that lies open: number `open`, or behind the last a fresh one of
    the kind whose `turn` it is, which is one of them once it is taken. A value: what is done to
    them gives others."""

    kinds: tuple[str, ...] = ()
    leaves: tuple[Leaf, ...] = ()
    open: int = 0
    turn: int = 0
    number: int = 0

    @property
    def is_fresh(self) -> bool:
        """Whether the leaf that lies open is none of those that were taken."""
        return self.open >= len(self.leaves)

    @property
    def is_full(self) -> bool:
        """Whether there is no room for another drawing."""
        return len(self.leaves) >= MOST_LEAVES

    @property
    def kind(self) -> str:
        """What the leaf that lies open is of."""
        if not self.is_fresh:
            return self.leaves[self.open].kind
        return self.kinds[self.turn % len(self.kinds)] if self.kinds else ""

    @property
    def file(self) -> str:
        """The file of the leaf that lies open; there may be none yet."""
        return f"{self.number:06d}.png" if self.is_fresh else self.leaves[self.open].file

    def counts(self) -> dict[str, int]:
        """How many there are of each kind: of those that are asked for, and of others after."""
        found = dict.fromkeys(self.kinds, 0)
        for leaf in self.leaves:
            found[leaf.kind] = found.get(leaf.kind, 0) + 1
        return found

    def taken(self) -> Leaves:
        """The next leaf; a fresh one is among the others now."""
        if not self.is_fresh:
            return replace(self, open=self.open + 1)
        leaves = (*self.leaves, Leaf(self.file, self.kind))
        fresh = replace(self, leaves=leaves, number=self.number + 1, open=len(leaves))
        return fresh.skipped()

    def skipped(self) -> Leaves:
        """The next leaf, or a fresh one of the next kind."""
        if not self.is_fresh:
            return replace(self, open=self.open + 1)
        return replace(self, turn=(self.turn + 1) % max(len(self.kinds), 1))

    def before(self) -> Leaves:
        """The leaf before this one, where there is one."""
        return replace(self, open=max(min(self.open, len(self.leaves)) - 1, 0))

    def of_kind(self, kind: str) -> Leaves:
        """A fresh leaf of this kind."""
        turn = self.kinds.index(kind) if kind in self.kinds else self.turn
        return replace(self, open=len(self.leaves), turn=turn)

    def with_kinds(self, kinds: tuple[str, ...]) -> Leaves:
        """Other kinds in turn, from the first; what was drawn stays what it is."""
        if kinds == self.kinds:
            return self
        turn = kinds.index(self.kind) if self.is_fresh and self.kind in kinds else 0
        return replace(self, kinds=kinds, turn=turn)

    def without(self, place: int) -> Leaves:
        """All but the drawing at this place."""
        leaves = self.leaves[:place] + self.leaves[place + 1 :]
        return replace(self, leaves=leaves, open=self.open - (place < self.open))

    def with_leaf(self, place: int, leaf: Leaf) -> Leaves:
        """What `without` took away, back in its place."""
        leaves = (*self.leaves[:place], leaf, *self.leaves[place:])
        return replace(self, leaves=leaves, open=self.open + (place <= self.open))


class Sketchbook:
    """Leaves in a folder (of the person's data, unless told otherwise). One window has it at a
    time."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or folders.data_folder() / "drawn"
        self._lock: locks.Lock | None = None

    def open(self) -> tuple[Leaves, dict[str, bytes]]:
        """Take the book and give what is in it: leaves, and PNG by the names of files. Raises
        `StudioError` when another window has it."""
        try:
            files.make_private(self.folder)
            self._lock = locks.Lock(self.folder / ".lock", seconds=0.5)
            leaves = self._read()
            pictures = {name: self._picture(name) for name in _files(leaves)}
        except locks.Taken as error:
            raise StudioError(
                _("Another window has these drawings open: go on there, or close it first.")
            ) from error
        except OSError as error:
            raise self._refused(error) from error
        found = {name: data for name, data in pictures.items() if data}
        kept = tuple(leaf for leaf in leaves.leaves if leaf.file in found)
        if len(kept) < len(leaves.leaves):  # a file was taken away
            leaves = replace(leaves, leaves=kept, open=len(kept))
        self._sweep(leaves)
        return leaves, found

    def close(self) -> None:
        """Let another window have it."""
        if self._lock is not None:
            self._lock.release(remove=True)
            self._lock = None

    def write(self, leaves: Leaves, name: str = "", data: bytes | None = None) -> None:
        """Keep the leaves, after the picture `name` (no data: it is blank). Raises
        `StudioError`."""
        try:
            if name and data:
                files.write_bytes(self.folder / name, data)
            elif name:
                (self.folder / name).unlink(missing_ok=True)
            files.write_json(self.folder / _ABOUT, _to_json(leaves))
        except OSError as error:
            raise self._refused(error) from error

    def clear(self, leaves: Leaves) -> Leaves:
        """Throw away all drawings; the kinds stay. Gives the leaves that are left."""
        left = Leaves(leaves.kinds, number=leaves.number + 1)
        self.write(left)
        self._sweep(left)
        return left

    def _begin_next(self, leaves: Leaves) -> None:
        """Data is made of these; what lies on the fresh sheet is none of them, and stays."""
        left = Leaves(leaves.kinds, turn=leaves.turn, number=leaves.number)
        self.write(left)
        self._sweep(left)

    def make_data(
        self, leaves: Leaves, name: str, store: DatasetStore, told: Mapping[str, str]
    ) -> Iterator[Progress]:
        """Make a dataset of all that was drawn, its kinds the labels, as an import does; the book
        is empty then. `told` is licence, source and the like."""
        from aigc_studio.library.incoming import incoming
        from aigc_studio.library.options import ImportOptions
        from aigc_studio.library.rows import TEST_SHARE

        options = ImportOptions(size=SIDE, mode="grey", layout="plain")
        about = {**told, "options": options.to_json(), "test_share": TEST_SHARE}
        drafts = incoming(self._sources(leaves), "image", options)
        yield from store.write(name, "image", drafts, about)
        self._begin_next(leaves)

    def add_to(
        self, leaves: Leaves, name: str, store: DatasetStore, told: Mapping[str, str]
    ) -> Iterator[Progress]:
        """Let all that was drawn join a dataset of pictures; the book is empty then."""
        from aigc_studio.library.incoming import incoming

        known = store.known(name)
        # A frame is for the photographs that the data was made of: of a drawing all is meant.
        usual = store.joining_options(name)
        options = replace(usual, folders="label", layout="plain", crop=None, fit="pad")
        drafts = incoming(self._sources(leaves), "image", options, known)
        every = {"licence": "", "credit": "", "source": "", "consent": "", **told}
        yield from store.add(name, known, drafts, every)
        self._begin_next(leaves)

    def _sources(self, leaves: Leaves) -> list[Source]:
        """The drawings as the files of an import: a kind is a folder, whether or not one can be
        called that. Raises `StudioError` where one cannot be read now: an import would pass it
        over, and it would be thrown away with the others."""
        from aigc_studio.library.sources import Source

        try:
            for leaf in leaves.leaves:
                if not self._picture(leaf.file):  # it could not be written
                    raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        except OSError as error:
            raise self._refused(error) from error
        return [
            Source(self.folder / leaf.file, f"{leaf.kind}/{leaf.file}".lstrip("/"), leaf.kind)
            for leaf in leaves.leaves
        ]

    def _read(self) -> Leaves:
        try:
            told = documents.read(self.folder / _ABOUT, _MOST_BYTES, kind=_LEAVES)
        except FileNotFoundError:
            found = self._found()
            # One alone is the first leaf, half drawn: nothing was noted yet.
            return found if len(found.leaves) > 1 else Leaves()
        except documents.Damaged:
            return self._found()
        leaves = tuple(Leaf(each["file"], each["kind"]) for each in told["leaves"])
        kinds = tuple(told["kinds"])
        return Leaves(kinds, leaves, told["open"], told["turn"], told["number"])

    def _found(self) -> Leaves:
        """The drawings that lie there, where what was noted of them is damaged."""
        names = sorted(each.name for each in self.folder.glob("[0-9]*.png"))
        last = max((int(Path(name).stem) for name in names), default=-1)
        leaves = tuple(Leaf(name, "") for name in names[:MOST_LEAVES])
        return Leaves((), leaves, len(leaves), 0, last + 1)

    def _picture(self, name: str) -> bytes:
        """What a drawing is, empty where there is none. Raises `OSError` where it cannot be read
        now: it is not taken for gone."""
        with contextlib.suppress(FileNotFoundError, documents.Damaged):
            return documents.read_bytes(self.folder / name, _MOST_BYTES)
        return b""

    def _sweep(self, leaves: Leaves) -> None:
        """Take away the pictures of drawings that were removed."""
        used = set(_files(leaves))
        for each in self.folder.glob("[0-9]*.png"):
            if each.name not in used:
                with contextlib.suppress(OSError):
                    each.unlink()

    def _refused(self, error: OSError) -> StudioError:
        return StudioError(
            _(
                "What you draw cannot be kept in {folder} ({reason}): free up space there, or "
                "grant permission."
            ).format(folder=self.folder, reason=error.strerror or error)
        )


def _files(leaves: Leaves) -> Iterable[str]:
    """The names of all files that the leaves have, that of a fresh one last."""
    fresh = replace(leaves, open=len(leaves.leaves))
    return [*(leaf.file for leaf in leaves.leaves), fresh.file]


def _to_json(leaves: Leaves) -> dict[str, object]:
    return {
        "kinds": list(leaves.kinds),
        "leaves": [{"file": leaf.file, "kind": leaf.kind} for leaf in leaves.leaves],
        "open": leaves.open,
        "turn": leaves.turn,
        "number": leaves.number,
    }

"""Reading an `.aigc` file: what can be read is opened, and each thing that cannot is said.

Every value is checked on its own: one that is none costs the thing that it stands for.
"""

from __future__ import annotations

import errno
import itertools
import json
import shutil
import zipfile
import zlib
from collections.abc import Collection, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from aigc_studio.api.errors import StudioError
from aigc_studio.files import FULL_OR_CLOSED, beside
from aigc_studio.project.board import Board
from aigc_studio.project.budget import named
from aigc_studio.project.candidates import CandidateRecord
from aigc_studio.project.commands import Command, accepted
from aigc_studio.project.content import Content, ContentStore
from aigc_studio.project.deltas import BROKEN, Makings, read_back
from aigc_studio.project.items import ID_LIMIT, Item
from aigc_studio.project.manifests import read_manifest
from aigc_studio.project.members import LIMITS, RATIO, TOTAL, Damaged, Members
from aigc_studio.project.mending import Mending, lost_candidates
from aigc_studio.project.shelf import packed_name
from aigc_studio.project.snapshot import Document
from aigc_studio.translation import _, ngettext

FORMAT = 2
MIMETYPE = b"application/x-aigc-studio"

_ROOM = 64 << 20
"""Free room on the disk that an opening leaves."""

_size = ("width", "height", "mode")

_broken = (
    *BROKEN, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError,
    MemoryError,
)  # fmt: skip


def read(path: Path, store: ContentStore) -> Document:
    """Read a file and put its content into `store`; parts that are damaged are mended (`mending`).

    Raises `StudioError` that says what is wrong with the file when there is no board to be read.
    """
    path = Path(path)
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):
            raise Damaged(_("it is not an .aigc file"))  # a pipe would be waited for without end
        _check_room(path, store.folder)
        members = store.adopt(path)
        document = _read_document(members)
        looking = _Looking(members, store)
        # What nothing refers to is not looked at, and not kept when it is saved again.
        for part in named(document):
            looking.take(*part)
        return _mended(document, store, looking)
    except OSError as error:
        # What is copied names its source even where there is no room at the other end.
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        if full or (error.errno in FULL_OR_CLOSED and error.filename != str(path)):
            raise StudioError(
                _(
                    "The project {path} cannot be opened, because the folder {folder} cannot be "
                    "written to ({reason}): free up space."
                ).format(path=path, folder=store.folder, reason=error.strerror or error)
            ) from error
        raise StudioError(
            _("The project {path} cannot be read: {reason}.").format(
                path=path, reason=error.strerror or error
            )
        ) from error
    except (Damaged, StudioError) as error:
        raise _sentence(path, str(error)) from error
    except _broken as error:
        raise _sentence(path, _("it is not a whole .aigc file")) from error


def _read_document(members: Members) -> Document:
    for name in ("mimetype", "project.json"):
        if name not in members:
            raise Damaged(_("its part {name} is missing").format(name=name))
    if members.read("mimetype", 100).strip() != MIMETYPE:
        raise Damaged(_("it is not an .aigc file"))
    data = members.read("project.json", LIMITS["project.json"], loose=True)
    project: dict[str, Any] = json.loads(_text(data))
    _check_format(project.get("format"))
    return _Reading(project).document(members)


class _Reading:
    """What `project.json` and the history say, value by value."""

    def __init__(self, project: Mapping[str, Any]) -> None:
        self._project = project
        self._makings = Makings()
        self._damage: list[str] = []
        if not isinstance(project["items"], list):
            raise ValueError("there is no board")
        # What else is no list costs only itself.
        made = project.get("made")
        for value in made if isinstance(made, list) else ():
            try:
                self._makings.add(value)
            except BROKEN:
                continue  # `Makings` knows what stands in for it

    def document(self, members: Members) -> Document:
        items = self._items()
        board = Board(items)
        history, position = self._history(members, board)
        return Document(items, history, position, self._candidates(history[:position]),
                        tuple(self._damage))  # fmt: skip

    def _items(self) -> tuple[Item, ...]:
        found: dict[str, Item] = {}
        values = self._project["items"]
        for value in values:
            try:
                item = self._makings.item(value)
            except BROKEN:
                continue
            if found.get(item.id, item) != item:  # else it is a line that is there twice
                item = item.changed({"id": _own_id(item.id, found)})
            found[item.id] = item
        lost = len(values) - len(found)
        if lost and not found:
            raise Damaged(_("nothing on its board can be read"))
        if lost:
            self._damage.append(
                ngettext(
                    "{count} item of the board is damaged and was left out.",
                    "{count} items of the board are damaged and were left out.",
                    lost,
                ).format(count=lost)
            )
        return tuple(found.values())

    def _candidates(self, done: tuple[Command, ...]) -> tuple[CandidateRecord, ...]:
        found: dict[str, CandidateRecord] = {}
        values = self._project.get("candidates")
        if not isinstance(values, list):
            self._damage.append(_("The list of candidates is damaged and was left out."))
            values = []
        for value in values:
            try:
                record = self._makings.record(value)
            except BROKEN:
                continue
            found.setdefault(record.id, record)
        lost = len(values) - len(found)
        if lost:
            self._damage.append(lost_candidates(lost))
        # Those of steps that are lost do not wait again.
        told = self._project.get("accepted", ())
        gone = {id for id in told if isinstance(id, str)} if isinstance(told, list) else set()
        gone -= accepted(done)
        return tuple(record for id, record in found.items() if id not in gone)

    def _history(self, members: Members, board: Board) -> tuple[tuple[Command, ...], int]:
        """The steps, as far as they lead to the board and from it, and how many are done."""
        position = self._project.get("position", 0)
        lines = self._lines(members)
        if type(position) is not int or not 0 <= position <= len(lines):
            # The board counts without.
            self._damage.append(_("The history is damaged: there is nothing to undo."))
            return (), 0
        if self._project["format"] == 1:
            steps, done, lost = _former_history(lines, position, board)
        else:
            steps, done, lost = read_back(lines, position, board, self._makings)
        if lost and not done and position:
            self._damage.append(_("The history is damaged: there is nothing to undo."))
        elif lost:
            self._damage.append(
                ngettext(
                    "{count} older step of the history is damaged and cannot be undone.",
                    "{count} older steps of the history are damaged and cannot be undone.",
                    lost,
                ).format(count=lost)
            )
        return tuple(steps), done

    def _lines(self, members: Members) -> list[Any]:
        """What the lines of the history say; None for one that says nothing."""
        try:
            data = members.read("history.jsonl", LIMITS["history.jsonl"], loose=True)
        except (Damaged, *_broken):
            return []
        # Not splitlines: a text may hold line ends that are none to JSON.
        return [_json(line) for line in data.split(b"\n") if line]


def _own_id(id: str, taken: Collection[str]) -> str:
    """An id for an item of which another has its own: whoever changed a copied line by hand meant
    two things. No studio gives out such an id."""
    others = (f"{id[: ID_LIMIT - 8]}~{number}" for number in itertools.count(len(taken) + 1))
    return next(each for each in others if each not in taken)


def _json(line: bytes) -> Any:
    try:
        return json.loads(_text(line))
    except BROKEN:
        return None


def _former_history(
    lines: list[Any], position: int, board: Board
) -> tuple[list[Command], int, int]:
    """The history of format 1, as `read_back` gives it."""
    done: list[Command] = []
    undone: list[Command] = []
    try:
        draft = board.draft()
        for value in reversed(lines[:position]):
            command = Command.from_json(value)
            command.inverse.apply(draft)
            done.append(command)
    except BROKEN:
        pass
    try:
        draft = board.draft()
        for value in lines[position:]:
            command = Command.from_json(value)
            command.apply(draft)
            undone.append(command)
    except BROKEN:
        pass
    return done[::-1] + undone, len(done), len(lines) - len(done) - len(undone)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogatepass")


def _check_format(number: Any) -> None:
    if type(number) is not int or number < 1:
        raise Damaged(_("its format is not known"))
    if number > FORMAT:
        raise Damaged(
            _("it was made by a newer AIGC Studio (format {number}): update to open it").format(
                number=number
            )
        )


class _Looking:
    """Looks at each file of the content. `whole` are those that are as they were written, pictures
    with all of their tiles; what is missing or damaged is `_mended`'s to say.
    """

    def __init__(self, members: Members, store: ContentStore) -> None:
        self._members = members
        self._store = store
        self._sealed, self._unsure = _seal(members)
        self._left = max(TOTAL, RATIO * members.size)
        self._manifests: dict[str, tuple[Mapping[str, Any], bool]] = {}
        self._done: set[tuple[str, str]] = set()
        self.sums: dict[tuple[str, str], int] = {}
        self.whole: set[tuple[str, str]] = set()

    def take(self, kind: str, digest: str, content: Content | None) -> None:
        """Look at a file, and at the tiles of a picture."""
        if kind != "image":
            self._look(kind, digest)
            return
        if digest not in self._manifests:
            self._manifests[digest] = self._picture(digest)
        manifest, is_whole = self._manifests[digest]
        info = content.info if content is not None else {}
        if not is_whole or any(manifest[each] != info.get(each) for each in _size):
            self.whole.discard((kind, digest))

    def _picture(self, digest: str) -> tuple[Mapping[str, Any], bool]:
        data = self._look("image", digest)
        try:
            if data is None or sha256(data).hexdigest() != digest:
                raise ValueError("not the manifest of this picture")
            manifest = read_manifest(data)
        except BROKEN:
            return {}, False
        self._store.note_sum("image", digest, self.sums["image", digest])
        self._store.note_manifest(digest, manifest)
        tiles = set(manifest["tiles"].values())
        for tile in tiles:
            self._look("tile", tile)
        return manifest, all(("tile", tile) in self.whole for tile in tiles)

    def _look(self, kind: str, digest: str) -> bytes | None:
        name = packed_name(kind, digest)
        member = self._members.get(name)
        if member is None or (kind, digest) in self._done:
            return None
        self._done.add((kind, digest))
        self._left -= member.file_size
        if self._left < 0:
            raise Damaged(_("its parts are too large"))
        try:
            data = self._members.read(name, LIMITS[kind])
        except _broken:
            self._store.drop(kind, digest)
            if kind == "text" and (left := self._members.what_is_left(name, LIMITS[kind])):
                self._store.write(kind, digest, lambda: left)
            return None
        self.sums[kind, digest] = member.CRC
        if self._sealed and name not in self._unsure:
            self.whole.add((kind, digest))
            self._store.note_sum(kind, digest, member.CRC)
        return data


def _check_room(path: Path, folder: Path) -> None:
    """The file is copied: raise `Damaged` when there is no room for it."""
    if path.stat().st_size > _free(folder) - _ROOM:
        raise Damaged(_("there is no room for it in the folder {folder}").format(folder=folder))


def _free(folder: Path) -> int:
    """The bytes of free room for a folder that need not be there yet."""
    there = next(each for each in (folder, *folder.parents) if each.exists())
    return shutil.disk_usage(there).free


def _seal(members: Members) -> tuple[bool, frozenset[str]]:
    """Whether the content is as it was written, and of which parts nobody knew then."""
    try:
        said = json.loads(_text(members.read("seal.json", LIMITS["seal.json"])))
        unsure = frozenset(said["unsure"])
        return members.seal("content/", unsure) == said["seal"], unsure
    except (Damaged, *_broken):
        return False, frozenset()


def _mended(document: Document, store: ContentStore, looking: _Looking) -> Document:
    """What is shown is read and compared with its digest, unless the file as a whole is as it was
    written; what only undo needs must be there.
    """
    mending = Mending(store, looking.whole)
    items = mending.items(document.items)
    candidates = mending.candidates(document.candidates)
    history = mending.commands(document.history)
    for each in mending.read & looking.sums.keys():
        store.note_sum(*each, looking.sums[each])
    damage = (*mending.remarks, *document.damage)
    if history != document.history and not damage:
        damage = (_("Older states in the history are damaged: they are hatched or empty now."),)
    return Document(items, history, document.position, candidates, damage)


def _sentence(path: Path, reason: str) -> StudioError:
    former = beside(Path(path), "~")
    if former.exists():
        text = _("The project {path} cannot be opened: {reason}. Its former version is {former}.")
        return StudioError(text.format(path=path, reason=reason.rstrip("."), former=former))
    text = _("The project {path} cannot be opened: {reason}.")
    return StudioError(text.format(path=path, reason=reason.rstrip(".")))

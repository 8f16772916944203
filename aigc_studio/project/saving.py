"""Writing a project to its file: no other window has it open, nobody else has changed it."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from aigc_studio.project import claims, file_marks

if TYPE_CHECKING:
    from aigc_studio.project.snapshot import Snapshot


class OwnFile:
    """The part of a project that knows its file: `path`, and `mark`, what it was like last.

    One that another window has open is `copied_from`; then there is no file yet.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.copied_from: Path | None = None
        self.mark: file_marks.Mark | None = None
        self._claim: claims.Claim | None = None

    def expected(self, path: Path) -> file_marks.Mark | None:
        """What the file should be like that a save to `path` replaces; None where all will do."""
        return self.expecting()(path)

    def expecting(self) -> Callable[[Path], file_marks.Mark | None]:
        """What `expected` says by what is known now, on any thread: it follows links, and a drive
        may take its time for that."""
        return partial(_expected, self.path, self.mark, self._claim)

    def _own(self, path: Path, mark: file_marks.Mark | None, claim: claims.Claim | None) -> None:
        """Have `path` as the project's file from now on."""
        former, self._claim = self._claim, claim
        if former is not None:
            former.release()
        self.path, self.mark, self.copied_from = path, mark, None

    def _claim_again(self) -> None:
        """After a crash: the file may be open in another window by now."""
        if self.path is None:
            return
        self._claim = claimed(self.path)
        if self._claim is None:
            self.path, self.mark, self.copied_from = None, None, self.path

    def _let_go(self) -> None:
        """Let other windows have the file."""
        if self._claim is not None:
            self._claim.release()


def _expected(
    own: Path | None, mark: file_marks.Mark | None, claim: claims.Claim | None, path: Path
) -> file_marks.Mark | None:
    if own is None or mark is None:
        return None
    try:
        # By the claim first: the drive that the file lies on may be gone.
        is_own = None if claim is None or path == own else claim.is_for(path)
        if is_own is None:
            is_own = os.path.realpath(path) == os.path.realpath(own)
    except ValueError:  # no name of a file: the saving says so
        return None
    return mark if is_own else None


@dataclass(frozen=True)
class Saved:
    """A file that was written, what it is like now, and the claim to it; `Project.note_saved` takes
    it, or else `release` lets it go."""

    path: Path
    mark: file_marks.Mark
    claim: claims.Claim

    def release(self) -> None:
        """Let other windows have the file."""
        self.claim.release()


def write(
    snapshot: Snapshot,
    path: Path,
    preview: bytes | None = None,
    *,
    expected: file_marks.Mark | None = None,
) -> Saved:
    """Write the file as `archive.write` does, from any thread.

    `expected` is what the file should be like that is replaced. Raises `claims.OpenElsewhere` when
    another window has it open, `FileChanged` when it is another by now, `StudioError` when it
    cannot be written; the file is as it was then.
    """
    from aigc_studio.project import archive

    claim = claims.take(path)
    try:
        mark = archive.write(snapshot, path, preview, expected=expected)
        claim.follow()
    except BaseException:
        claim.release()
        raise
    return Saved(path, mark, claim)


def claimed(path: Path) -> claims.Claim | None:
    """The claim to a file; None when another window has it."""
    try:
        return claims.take(path)
    except claims.OpenElsewhere:
        return None


def marked(path: Path) -> file_marks.Mark | None:
    """What a file is like; None when that cannot be seen."""
    try:
        return file_marks.of(path)
    except OSError:
        return None

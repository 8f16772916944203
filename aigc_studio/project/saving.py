"""Writing a project to its file: no other window has it open, nobody else has changed it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aigc_studio.project import claims

if TYPE_CHECKING:
    from aigc_studio.project.marks import Mark
    from aigc_studio.project.project import Snapshot


@dataclass(frozen=True)
class Saved:
    """A file that was written, what it is like now, and the claim to it; `Project.note_saved` takes
    it, or else `release` lets it go."""

    path: Path
    mark: Mark
    claim: claims.Claim

    def release(self) -> None:
        """Let other windows have the file."""
        self.claim.release()


def write(
    snapshot: Snapshot, path: Path, preview: bytes | None = None, *, expected: Mark | None = None
) -> Saved:
    """Write the file as `archive.write` does, from any thread.

    `expected` is what the file should be like that is replaced. Raises `claims.OpenElsewhere` when
    another window has it open, `marks.FileChanged` when it is another by now, `StudioError` when it
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

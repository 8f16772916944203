"""The version of a project that was saved before the last one, when that cannot be opened whole."""

from __future__ import annotations

from pathlib import Path

from aigc_studio.api.errors import StudioError
from aigc_studio.files import beside
from aigc_studio.project import Project
from aigc_studio.translation import _


def opened(path: Path) -> tuple[Project, Path | None]:
    """A project, and the version before it where a part of this one is damaged.

    Beside the window. Raises what `Project.open` does; the sentence names the version before it.
    """
    try:
        project = Project.open(path)
    except Exception as error:
        raise with_former(path, error) from error.__cause__
    mended = project.mended_from if project.damage else None
    former = beside(mended, "~") if mended is not None else None
    return project, former if former is not None and former.exists() else None


def with_former(path: Path, error: Exception) -> Exception:
    """`error` at opening `path`; it also names the version before it, when that is there."""
    former = beside(path, "~")
    cause = error.__cause__
    if not isinstance(error, StudioError) or not former.is_file():
        return error
    if isinstance(cause, OSError) and not isinstance(cause, FileNotFoundError):
        return error  # no room, say: the version before it would fare no better
    sentence = _(
        "{error} The version before it is kept as {path}: give that a name that ends in .aigc, and "
        "open it."
    )
    return StudioError(sentence.format(error=error, path=former))

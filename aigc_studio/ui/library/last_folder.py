"""The folder that a person last took files from, or put them into: the next dialog opens there."""

from __future__ import annotations

import os
from pathlib import Path

from aigc_studio.jobs.drives import answers
from aigc_studio.ui.settings import Settings

IMPORT, EXPORT = "import", "export"
"""What is taken and what is put away are kept apart: they rarely lie in one place."""


def last_folder(kind: str = IMPORT, otherwise: Path | None = None) -> str:
    """The folder chosen last for this kind if it is still there, else `otherwise` or home."""
    found = Settings().remembered(kind).get("folder")
    chosen = Path(found) if isinstance(found, str) and found else None
    return first_folder(chosen, otherwise)


def first_folder(*wanted: Path | None) -> str:
    """The first of these that is there, else home: a dialog that is to begin in a folder on a drive
    that does not answer would stand still, and the window with it."""
    paths = [each for each in wanted if each]
    there = zip(paths, answers(os.path.isdir, paths), strict=True)
    return str(next((path for path, is_folder in there if is_folder), Path.home()))


def note_folder(path: Path, kind: str = IMPORT) -> None:
    """Remember the folder that `path` lies in: beside a chosen folder are others like it."""
    settings = Settings()
    settings.remember({"folder": str(path.absolute().parent)}, kind)
    settings.save()

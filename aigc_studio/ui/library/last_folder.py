"""The folder that a person last took files from, or put them into: the next dialog opens there."""

from __future__ import annotations

import os
from pathlib import Path

from aigc_studio.ui.settings import Settings

IMPORT, EXPORT = "import", "export"
"""What is taken and what is put away are kept apart: they rarely lie in one place."""


def last_folder(kind: str = IMPORT, otherwise: Path | None = None) -> str:
    """The folder chosen last for this kind if it is still there, else `otherwise` or home."""
    found = Settings().remembered(kind).get("folder")
    known = isinstance(found, str) and bool(found) and os.path.isdir(found)
    return str(found) if known else str(otherwise or Path.home())


def note_folder(path: Path, kind: str = IMPORT) -> None:
    """Remember the folder that `path` lies in: beside a chosen folder are others like it."""
    settings = Settings()
    settings.remember({"folder": str(path.absolute().parent)}, kind)
    settings.save()

"""The folder that a person last took files from, so that the next dialog opens there."""

from __future__ import annotations

from pathlib import Path

from aigc_studio.ui.settings import Settings

_KEY = "import"


def last_folder() -> str:
    """The folder chosen last if it is still there, else the person's home."""
    found = Settings().remembered(_KEY).get("folder")
    return found if isinstance(found, str) and Path(found).is_dir() else str(Path.home())


def note_folder(path: Path) -> None:
    """Remember the folder that `path` lies in: beside a chosen folder are others like it."""
    settings = Settings()
    settings.remember({"folder": str(path.absolute().parent)}, _KEY)
    settings.save()

"""One door for every file: which medium it is, and the artifact in it."""

from __future__ import annotations

from pathlib import Path

from aigc_studio.api import Artifact, Medium, StudioError, Text
from aigc_studio.library import melodies, pictures, texts
from aigc_studio.translation import _

_suffixes: dict[Medium, tuple[str, ...]] = {
    "image": pictures.SUFFIXES,
    "text": texts.SUFFIXES,
    "melody": melodies.SUFFIXES,
}


def suffixes(medium: Medium) -> tuple[str, ...]:
    """The ends of file names that are read as this medium, lower case, with the dot."""
    return _suffixes[medium]


def medium_of(path: Path) -> Medium | None:
    """The medium that a file's name says it is; None when it is of no known kind."""
    name = path.name.lower()
    for medium, ends in _suffixes.items():
        if name.endswith(ends):
            return medium
    return None


def read_artifact(path: Path, medium: Medium | None = None) -> Artifact:
    """Read any file a person has. Without `medium` the file's name says what it is.

    Raises `StudioError` that names the file and says what to do: unknown kind, not there, a folder,
    broken, too large, empty text.
    """
    medium = medium or medium_of(path)
    if path.is_dir():
        raise StudioError(_("{name} is a folder: choose a file in it.").format(name=path.name))
    if path.exists() and not path.is_file():  # a pipe or a device: it may never end
        raise StudioError(
            _("{name} is neither a file nor a folder: choose one.").format(name=path.name)
        )
    if medium == "image":
        return pictures.read_picture(path)
    if medium == "melody":
        return melodies.read_melody(path)
    if medium is None:
        raise StudioError(
            _("The file {name} is no picture, text or tune that the studio knows.").format(
                name=path.name
            )
        )
    text = texts.read_text(path)
    if not text.strip():
        raise StudioError(_("The text file {name} is empty.").format(name=path.name))
    return Text(text)

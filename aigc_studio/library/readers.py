"""One door for every file: which medium it is, and the artifact in it."""

from __future__ import annotations

from pathlib import Path

from aigc_studio.api import Artifact, Medium, StudioError, Text
from aigc_studio.library import melodies, pictures, texts
from aigc_studio.library.beginnings import medium_within
from aigc_studio.library.options import ImportOptions
from aigc_studio.translation import _

_suffixes: dict[Medium, tuple[str, ...]] = {
    "image": pictures.SUFFIXES,
    "text": texts.SUFFIXES,
    "melody": melodies.SUFFIXES,
}

_OTHER_PICTURES = (
    ".heic", ".heif", ".avif", ".jxl", ".svg", ".svgz", ".psd", ".xcf", ".kra", ".eps", ".ai",
    ".ico", ".dng", ".cr2", ".cr3", ".nef", ".arw", ".exr", ".hdr", ".dds",
)  # fmt: skip
_RECORDINGS = (
    ".wav", ".mp3", ".flac", ".ogg", ".oga", ".opus", ".m4a", ".aac", ".wma", ".aif", ".aiff",
)  # fmt: skip
_ARCHIVES = (
    ".zip", ".7z", ".rar", ".tar", ".tgz", ".tbz", ".txz", ".gz", ".bz2", ".xz", ".zst",
)  # fmt: skip
_DOCUMENTS = (".pdf", ".doc", ".docx", ".odt", ".rtf", ".epub", ".pages")


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
    """Read any file a person has; see `read`."""
    return read(path, medium)[0]


def read(
    path: Path, medium: Medium | None = None, options: ImportOptions | None = None
) -> tuple[Artifact, tuple[str, ...]]:
    """The artifact in any file a person has, and a sentence for each thing that was left out,
    guessed or changed in it.

    Without `medium` the file's name says what it is, or else how it begins; of the options the
    encoding and the part count. Raises `StudioError` that names the file and says what to do:
    unknown kind, not there, a folder, broken, too large, empty text.
    """
    options = options or ImportOptions()
    if path.is_dir():
        raise StudioError(_("{name} is a folder: choose a file in it.").format(name=path.name))
    if path.exists() and not path.is_file():  # a pipe or a device: it may never end
        raise StudioError(
            _("{name} is neither a file nor a folder: choose one.").format(name=path.name)
        )
    remarks: list[str] = []
    medium = medium or medium_of(path)
    if medium is None:
        _refuse_other_kinds(path)
        medium = medium_within(path)
    if medium == "image":
        return pictures.read_with_remarks(path)
    if medium == "melody":
        melody = melodies.read_melody(
            path, part=options.part, remarks=remarks, encoding=options.encoding
        )
        return melody, tuple(remarks)
    if medium is None:
        raise StudioError(
            _("The file {name} is not a picture, text or tune that the studio knows.").format(
                name=path.name
            )
        )
    text = texts.read_text(path, encoding=options.encoding, remarks=remarks)
    if not text.strip():
        raise StudioError(_("The text file {name} is empty.").format(name=path.name))
    return Text(text), tuple(remarks)


def _refuse_other_kinds(path: Path) -> None:
    """Raise `StudioError` for what a person takes for a picture, a tune or a text, and is read
    nowhere here; the code of a drawing would be read as a text."""
    found = other_kind(path.name)
    if found is not None:
        raise StudioError(found[1])


def other_kind(name: str) -> tuple[Medium | None, str] | None:
    """The medium of what is of a kind that is read nowhere here, by its name, and a sentence that
    says what to bring instead; an archive is of none."""
    if name.lower().endswith(_OTHER_PICTURES):
        sentence = _("{name} is a kind of picture that is not read here: save it as PNG first.")
        return "image", sentence.format(name=name)
    if name.lower().endswith(_RECORDINGS):
        sentence = _(
            "{name} is a recording, and a tune is read as notes: bring it as MIDI, MusicXML or ABC."
        )
        return "melody", sentence.format(name=name)
    if name.lower().endswith(_DOCUMENTS):
        sentence = _("{name} is a document with a layout: save it as plain text (.txt) first.")
        return "text", sentence.format(name=name)
    if name.lower().endswith(_ARCHIVES):
        sentence = _("{name} is an archive: unpack it first, and bring what is in it.")
        return None, sentence.format(name=name)
    return None

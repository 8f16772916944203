"""Export: an artifact as a file for other programs, which says how it was made.

The same artifact and provenance give the same bytes; a file is written whole or not at all.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aigc_studio.api import documents, limits
from aigc_studio.api.artifacts import Artifact, Image, Medium, Text
from aigc_studio.api.errors import StudioError
from aigc_studio.files import beside, canonical_json, open_plain, plain_bytes, write_bytes
from aigc_studio.project import labels, picture_files
from aigc_studio.project.prints import Print, printed
from aigc_studio.project.provenance import Provenance
from aigc_studio.translation import _, enumerated

SUFFIXES: Mapping[Medium, tuple[str, ...]] = {
    "image": (".png", ".jpg", ".jpeg", ".webp"),
    "text": (".txt", ".md"),
    "melody": (".mid", ".midi", ".abc", ".wav", ".melody.json"),
}
"""What can be written; the first is the usual one."""

ANIMATIONS = (".webp", ".png", ".gif")
"""What several pictures of one size can be written as, to be seen one after the other."""

SIDECAR = ".provenance.json"
"""Added to the name of a file that has no room for a label."""

READ_LIMIT = 256 << 20
"""The largest file, in bytes, that provenance is looked for in."""

Made = Provenance | Sequence[Provenance | None] | None


@dataclass(frozen=True)
class ExportOptions:
    """How to export. `label`: say that a generator had a part in it, and which.

    `include_prompt`: the words that were typed are in the label. `quality` (1 to 100) is for JPEG;
    WebP and PNG are lossless. `picture`: how large a picture goes out, and on which ground; None
    for as it is.
    """

    label: bool = True
    include_prompt: bool = True
    quality: int = 95
    picture: Print | None = None


def export(
    artifact: Artifact, path: Path, provenance: Made, options: ExportOptions | None = None
) -> tuple[Path, ...]:
    """Write an artifact; the suffix says the format. Gives the files written.

    `provenance` is that of the item, None for what a person made (which gets no label), or for a
    whole board the list of both. Raises `StudioError`; an existing file is replaced.
    """
    path = Path(path)
    return _write(path, *_content(artifact, path, provenance, options or ExportOptions()))


def export_bytes(
    artifact: Artifact, path: Path, provenance: Made, options: ExportOptions | None = None
) -> dict[Path, bytes]:
    """What `export` would write, by path and in the order to write it in; nothing is written."""
    path = Path(path)
    return _files(path, *_content(artifact, path, provenance, options or ExportOptions()))


def _content(
    artifact: Artifact, path: Path, provenance: Made, options: ExportOptions
) -> tuple[bytes, Mapping[str, Any] | None]:
    """The content of an export's file, and what its sidecar says, if it needs one."""
    suffix = suffix_of(path, artifact.medium)
    told = _told(provenance, options)
    if isinstance(artifact, Image):
        if options.picture is not None and not options.picture.plain:
            artifact = printed(artifact, options.picture)
        data = picture_files.encode(artifact.to_pillow(), suffix, _packet(told), options.quality)
    elif isinstance(artifact, Text):
        data = _text_bytes(artifact.value)
        if suffix == ".md" and told is not None:
            data = _front_matter(path) + data
    elif suffix == ".melody.json":
        data = (artifact.to_json() + "\n").encode()
    elif suffix == ".abc":
        from aigc_studio.project import abc

        data = abc.encode(artifact, path.name[: -len(suffix)], told)
    elif suffix == ".wav":
        from aigc_studio.sound import wav

        data = wav.encode(artifact, _packet(told), labels.software())
    else:
        from aigc_studio.project import midi

        data = midi.encode(artifact, told)
    return data, told if suffix in (".txt", ".md", ".melody.json") else None


def export_animation(
    images: Sequence[Image],
    path: Path,
    provenance: Made,
    options: ExportOptions | None = None,
    *,
    milliseconds: int = 150,
) -> tuple[Path, ...]:
    """Write pictures of one size as an animation that repeats: `.webp`, `.png` (APNG) or `.gif`.

    A GIF has 256 colours a picture, and places are clear in it or they are not. Raises
    `StudioError` as `export` does, and for pictures of several sizes or none.
    """
    path, options = Path(path), options or ExportOptions()
    return _write(path, *_animated(images, path, provenance, options, milliseconds))


def animation_bytes(
    images: Sequence[Image],
    path: Path,
    provenance: Made,
    options: ExportOptions | None = None,
    *,
    milliseconds: int = 150,
) -> dict[Path, bytes]:
    """What `export_animation` would write, as `export_bytes` gives it."""
    path, options = Path(path), options or ExportOptions()
    return _files(path, *_animated(images, path, provenance, options, milliseconds))


def _animated(
    images: Sequence[Image],
    path: Path,
    provenance: Made,
    options: ExportOptions,
    milliseconds: int,
) -> tuple[bytes, Mapping[str, Any] | None]:
    """The content of an animation's file, and what its sidecar says: a GIF has no room for it."""
    name = path.name.lower()
    suffix = next((each for each in ANIMATIONS if name.endswith(each) and name != each), "")
    if not suffix or len({(image.width, image.height) for image in images}) != 1:
        sentence = _(
            "An animation needs pictures of one size, and a name that ends with {suffixes}."
        )
        raise StudioError(sentence.format(suffixes=enumerated(ANIMATIONS)))
    if options.picture is not None:
        images = [printed(image, options.picture) for image in images]
    told = _told(provenance, options)
    if suffix == ".gif":
        pictures = [image.to_pillow() for image in images]
        return picture_files.encode_gif(pictures, milliseconds), told
    pictures = [image.convert("RGBA").to_pillow() for image in images]
    return picture_files.encode_film(pictures, suffix, _packet(told), milliseconds), None


def suffix_of(path: Path, medium: Medium) -> str:
    """The suffix, in lower case, that a medium can be exported with. Raises `StudioError`."""
    name = path.name.lower()
    for suffix in SUFFIXES[medium]:
        if name.endswith(suffix) and len(name) > len(suffix):
            return suffix
    raise StudioError(
        _("{name} cannot be exported like this: let its name end with {suffixes}.").format(
            name=path.name, suffixes=enumerated(SUFFIXES[medium])
        )
    )


def read_provenance(path: Path) -> Provenance | None:
    """What made a file, when exactly one generation did and the file says so; None otherwise.

    A malformed, huge or foreign file is None as well. A text that was changed after its export
    counts as edited by hand.
    """
    found = read_provenances(path)
    return found[0] if len(found) == 1 else None


def read_provenances(path: Path) -> tuple[Provenance, ...]:
    """All that a file says of what made its parts; empty when it says nothing we understand."""
    path = Path(path)
    name = path.name.lower()
    try:
        if name.endswith(".wav"):  # of which only the beginning is read
            return _read_sound(path)
        if path.stat().st_size > READ_LIMIT:
            return ()
        if name.endswith(SUFFIXES["image"]):
            return picture_files.provenance_in(path)
        if name.endswith((".mid", ".midi")):
            from aigc_studio.project import midi

            return midi.provenance_in(plain_bytes(path))
        if name.endswith(".abc"):
            from aigc_studio.project import abc

            return abc.provenance_in(plain_bytes(path))
        return _read_sidecar(path)
    except (OSError, ValueError):
        return ()


def _write(path: Path, data: bytes, told: Mapping[str, Any] | None) -> tuple[Path, ...]:
    files = _files(path, data, told)
    try:
        if told is None:  # that of an earlier export, and no longer true
            beside(path, SIDECAR).unlink(missing_ok=True)
        for each, content in files.items():
            write_bytes(each, content)
        return tuple(reversed(files))
    except OSError as error:
        raise StudioError(
            _("{path} cannot be written ({reason}): choose another place.").format(
                path=path, reason=error.strerror or error
            )
        ) from error


def _files(path: Path, data: bytes, told: Mapping[str, Any] | None) -> dict[Path, bytes]:
    if told is None:
        return {path: data}
    signed = {**told, "sha256": hashlib.sha256(data).hexdigest()}
    # The label first: a text without its label must never be there, not even for a moment.
    # A lone surrogate in a prompt becomes the escape that JSON has for it.
    text = canonical_json(signed, indent=1) + "\n"
    sidecar = beside(path, SIDECAR)
    return {sidecar: text.encode("utf-8", "backslashreplace"), path: data}


def _told(provenance: Made, options: ExportOptions) -> dict[str, Any] | None:
    if not options.label:
        return None
    made = [provenance] if provenance is None or isinstance(provenance, Provenance) else provenance
    return labels.label(made, include_prompt=options.include_prompt)


def _packet(told: Mapping[str, Any] | None) -> bytes | None:
    return None if told is None else labels.packet(told)


def _text_bytes(value: str) -> bytes:
    """UTF-8. Lone surrogates and NULs, which no text file has, become U+FFFD."""
    value = value.replace("\0", "\ufffd")
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()


def _front_matter(path: Path) -> bytes:
    """What a Markdown file says of itself before its text, where programs that show it look.

    `library.texts.reading` knows it by its first lines, and leaves it out.
    """
    lines = ("---", "ai_generated: true", f"software: {labels.software()}")
    sidecar = json.dumps(path.name + SIDECAR, ensure_ascii=False)
    return "\n".join((*lines, f"provenance: {sidecar}", "---", "", "")).encode("utf-8", "replace")


def joined_texts(texts: Sequence[Text]) -> Text:
    """Several texts as one file has them: a line each where all are lines, else with an empty line
    between."""
    values = [each.value.strip("\n") for each in texts]
    lines = not any("\n" in value for value in values)
    return Text(("\n" if lines else "\n\n").join(values) + "\n")


def _read_sound(path: Path) -> tuple[Provenance, ...]:
    from aigc_studio.sound import wav

    with open_plain(path) as file:
        packet = wav.packet_in(file, 2 * limits.PROVENANCE)
    return labels.from_packet(packet) if packet else ()


def _read_sidecar(path: Path) -> tuple[Provenance, ...]:
    sidecar = beside(path, SIDECAR)
    try:
        told = documents.read(sidecar, 2 * limits.PROVENANCE)
        found = labels.from_text(labels.to_ascii(told["provenance"]))
    except (TypeError, KeyError, RecursionError):
        return ()
    if hashlib.sha256(documents.read_bytes(path, READ_LIMIT)).hexdigest() != told.get("sha256"):
        return tuple(each.edited_by_hand() for each in found)
    return found

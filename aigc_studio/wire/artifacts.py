"""Artifacts and selections as they cross the border: whole files, or short base64 inline."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aigc_studio.api.artifacts import Artifact, Image, Medium, Melody, Text
from aigc_studio.api.selections import Bars, Mask, Selection, Span
from aigc_studio.files import write_bytes

SUFFIXES: dict[Medium, str] = {"image": ".png", "text": ".txt", "melody": ".melody.json"}
"""What the interchange file of each medium is called at its end."""

INLINE_LIMIT = 256 * 1024
"""The most bytes of a preview that go into the line itself; what is longer goes as a file."""


def write_artifact(artifact: Artifact, path_without_suffix: Path) -> Path:
    """Write an artifact as a file, whole or not at all, and give its path (with the suffix)."""
    name = path_without_suffix.name + SUFFIXES[artifact.medium]
    path = path_without_suffix.with_name(name)
    write_bytes(path, artifact_bytes(artifact), durable=False)
    return path


def read_artifact_file(path: Path, medium: Medium) -> Artifact:
    """Read what `write_artifact` wrote. Raises `OSError` or `ValueError` for anything else."""
    return artifact_from_bytes(path.read_bytes(), medium)


def artifact_bytes(artifact: Artifact) -> bytes:
    """The interchange file's content: PNG (exact mode), UTF-8, canonical melody JSON."""
    if isinstance(artifact, Image):
        return _png(artifact)
    if isinstance(artifact, Text):
        return artifact.value.encode("utf-8", "surrogatepass")
    return artifact.to_json().encode("utf-8")


def artifact_from_bytes(data: bytes, medium: Medium) -> Artifact:
    """The inverse of `artifact_bytes`. Raises `ValueError` when `data` is something else."""
    if medium == "text":
        return Text(data.decode("utf-8", "surrogatepass"))
    if medium == "melody":
        return Melody.from_json(data.decode("utf-8"))
    return _from_png(data)


def encode_inline(artifact: Artifact, folder: Path, name: str) -> dict[str, Any]:
    """A short artifact as base64 in the line; a long one as a file in `folder`."""
    data = artifact_bytes(artifact)
    if len(data) <= INLINE_LIMIT:
        return {"medium": artifact.medium, "data": base64.b64encode(data).decode("ascii")}
    return encode_file(artifact, folder, name)


def encode_file(artifact: Artifact, folder: Path, name: str) -> dict[str, Any]:
    """An artifact written into `folder`; the line carries its name only."""
    return {"medium": artifact.medium, "file": write_artifact(artifact, folder / name).name}


def decode_artifact(document: Mapping[str, Any], folder: Path) -> Artifact:
    """Read what `encode_inline` or `encode_file` gave. Raises `OSError` or `ValueError`."""
    medium: Medium = document["medium"]
    if "data" in document:
        return artifact_from_bytes(base64.b64decode(document["data"]), medium)
    return read_artifact_file(_inside(folder, document["file"]), medium)


def encode_selection(selection: Selection, folder: Path, name: str) -> dict[str, Any]:
    """A selection: numbers in the line, a mask as a grey PNG in `folder`."""
    if isinstance(selection, Mask):
        return {"mask": write_artifact(Image(selection.pixels), folder / name).name}
    if isinstance(selection, Span):
        return {"span": [selection.start, selection.stop]}
    return {"bars": [selection.first, selection.last]}


def decode_selection(document: Mapping[str, Any], folder: Path) -> Selection:
    """Read what `encode_selection` gave. Raises `OSError`, `ValueError` or `KeyError`."""
    if "mask" in document:
        picture = read_artifact_file(_inside(folder, document["mask"]), "image")
        assert isinstance(picture, Image)
        return Mask(picture.pixels)
    if "span" in document:
        return Span(*document["span"])
    return Bars(*document["bars"])


def _inside(folder: Path, name: str) -> Path:
    if Path(name).name != name:
        raise ValueError(f"not a plain file name: {name!r}")
    return folder / name


def _png(picture: Image) -> bytes:
    stream = io.BytesIO()
    # Level 1: these files live for a second, and a 4096² picture takes 0.1 s instead of 0.4 s.
    picture.to_pillow().save(stream, "PNG", compress_level=1)
    return stream.getvalue()


def _from_png(data: bytes) -> Image:
    from PIL import Image as Pillow

    try:
        with Pillow.open(io.BytesIO(data), formats=("PNG",)) as picture:
            return Image.from_pillow(picture)
    except (OSError, SyntaxError, Pillow.DecompressionBombError) as error:
        raise ValueError(f"not a whole PNG file: {error}") from error

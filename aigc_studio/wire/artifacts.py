"""Artifacts and selections as they cross the border: whole files, or short base64 inline.

A short picture goes as its pixels: encoding and decoding a PNG costs more than drawing a digit.
"""

from __future__ import annotations

import base64
import io
import os
import re
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeGuard

from aigc_studio.api import limits
from aigc_studio.api.artifacts import Artifact, Image, Medium, Text
from aigc_studio.api.fitting import Misfit, wrong_type
from aigc_studio.api.melody import Melody
from aigc_studio.api.selections import Bars, Mask, Selection, Span
from aigc_studio.files import open_plain, write_bytes
from aigc_studio.translation import _

SUFFIXES: dict[Medium, str] = {"image": ".png", "text": ".txt", "melody": ".melody.json"}
"""What the interchange file of each medium is called at its end."""

INLINE_LIMIT = 256 * 1024
"""The most bytes of a preview that go into the line itself; what is longer goes as a file."""

_BYTES_OF_A_NOTE = 120
_plain_name = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")

SHORT = 64 * 1024
"""The most bytes, of pixels or of UTF-8, of an artifact that always goes into the line."""


def write_artifact(artifact: Artifact, path_without_suffix: Path) -> Path:
    """Write an artifact as a file, whole or not at all, and give its path (with the suffix)."""
    name = path_without_suffix.name + SUFFIXES[artifact.medium]
    path = path_without_suffix.with_name(name)
    write_bytes(path, artifact_bytes(artifact), durable=False)
    return path


def read_artifact_file(path: Path, medium: Medium, pixels: int = limits.PICTURE_PIXELS) -> Artifact:
    """Read what `write_artifact` wrote, a picture of at most so many pixels.

    Raises `OSError` or `ValueError` for anything else.
    """
    most = _file_limit(medium)
    with open_plain(path, links=False) as file:
        data = b""
        size = os.fstat(file.fileno()).st_size
        if size <= most:
            data = file.read(most + 1)
            size = len(data)
    if size > most:
        sentence = _("its file {name} has {given} bytes, and {limit} are allowed")
        raise Misfit(sentence.format(name=path.name, given=size, limit=most))
    return artifact_from_bytes(data, medium, pixels)


def _file_limit(medium: Medium) -> int:
    """The most bytes that an interchange file can have: a PNG of noise is as long as its pixels."""
    limits_of: dict[Medium, int] = {
        "image": limits.PICTURE_PIXELS * 4 + (1 << 24),
        "text": limits.TEXT_BYTES,
        "melody": limits.NOTES * _BYTES_OF_A_NOTE * 3,
    }
    if not isinstance(medium, str) or medium not in limits_of:
        raise Misfit(_("it made an artifact of no known medium"))
    return limits_of[medium]


def artifact_bytes(artifact: Artifact) -> bytes:
    """The interchange file's content: PNG (exact mode), UTF-8, canonical melody JSON."""
    if isinstance(artifact, Image):
        return _png(artifact)
    if isinstance(artifact, Text):
        return artifact.value.encode("utf-8", "surrogatepass")
    return artifact.to_json().encode("utf-8")


def artifact_from_bytes(
    data: bytes, medium: Medium, pixels: int = limits.PICTURE_PIXELS
) -> Artifact:
    """The inverse of `artifact_bytes`. Raises `ValueError` when `data` is something else."""
    if medium == "text":
        return Text(data.decode("utf-8", "surrogatepass"))
    if medium == "melody":
        return Melody.from_json(data.decode("utf-8"))
    return _from_png(data, pixels)


def encode_inline(artifact: Artifact, folder: Path, name: str) -> dict[str, Any]:
    """A preview's artifact: base64 in the line; a long one as a file in `folder`."""
    short = _encode_short(artifact)
    if short is not None:
        return short
    data = artifact_bytes(artifact)
    if len(data) <= INLINE_LIMIT:
        return {"medium": artifact.medium, "data": _text(data)}
    return encode_file(artifact, folder, name)


def encode_result(artifact: Artifact, folder: Path, name: str) -> dict[str, Any]:
    """A candidate's artifact: a short one in the line, any other as a whole file in `folder`."""
    return _encode_short(artifact) or encode_file(artifact, folder, name)


def encode_file(artifact: Artifact, folder: Path, name: str) -> dict[str, Any]:
    """An artifact written into `folder`; the line carries its name only."""
    return {"medium": artifact.medium, "file": write_artifact(artifact, folder / name).name}


def decode_artifact(
    document: Mapping[str, Any], folder: Path, pixels: int = limits.PICTURE_PIXELS
) -> Artifact:
    """Read what the three encoders gave. Raises `OSError`, or `ValueError` and what else a
    document of another form leads to: `KeyError`, `TypeError`."""
    medium: Medium = document["medium"]
    if "file" in document:
        return read_artifact_file(_inside(folder, document["file"]), medium, pixels)
    _file_limit(medium)
    data = base64.b64decode(document["data"], validate=True)
    if "shape" in document:
        return _from_pixels(data, document["shape"])
    return artifact_from_bytes(data, medium, pixels)


def _from_pixels(data: bytes, shape: Any) -> Image:
    import numpy as np

    sides = isinstance(shape, list) and 2 <= len(shape) <= 3
    if not sides or not all(type(n) is int and 1 <= n <= limits.PICTURE_SIDE for n in shape):
        raise wrong_type("Image", "shape", shape)
    return Image(np.frombuffer(data, np.uint8).reshape(shape))


def _encode_short(artifact: Artifact) -> dict[str, Any] | None:
    if isinstance(artifact, Image):
        if artifact.pixels.nbytes > SHORT:
            return None
        shape = list(artifact.pixels.shape)
        return {"medium": "image", "shape": shape, "data": _text(artifact.pixels.tobytes())}
    if isinstance(artifact, Text) and len(artifact) > SHORT:
        return None
    data = artifact_bytes(artifact)
    return {"medium": artifact.medium, "data": _text(data)} if len(data) <= SHORT else None


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def encode_selection(selection: Selection, folder: Path, name: str) -> dict[str, Any]:
    """A selection: numbers in the line, a mask as a grey PNG in `folder`."""
    if isinstance(selection, Mask):
        return {"mask": write_artifact(Image(selection.pixels), folder / name).name}
    if isinstance(selection, Span):
        return {"span": [selection.start, selection.stop]}
    return {"bars": [selection.first, selection.last]}


def decode_selection(
    document: Mapping[str, Any], folder: Path, pixels: int = limits.PICTURE_PIXELS
) -> Selection:
    """Read what `encode_selection` gave. Raises `OSError`, `ValueError` or `KeyError`."""
    if "mask" in document:
        picture = read_artifact_file(_inside(folder, document["mask"]), "image", pixels)
        assert isinstance(picture, Image)
        return Mask(picture.pixels)
    if "span" in document:
        return Span(*document["span"])
    return Bars(*document["bars"])


def is_plain_name(name: object) -> TypeGuard[str]:
    """Whether it can be the name of a file that an artifact crosses in, and no path."""
    return isinstance(name, str) and _plain_name.fullmatch(name) is not None


def _inside(folder: Path, name: object) -> Path:
    if not is_plain_name(name):
        raise ValueError(f"not a plain file name: {name!r}")
    return folder / name


def _png(picture: Image) -> bytes:
    stream = io.BytesIO()
    # Level 1: these files live for a second, and a 4096² picture takes 0.1 s instead of 0.4 s.
    picture.to_pillow().save(stream, "PNG", compress_level=1)
    return stream.getvalue()


def _from_png(data: bytes, pixels: int) -> Image:
    from PIL import Image as Pillow

    try:
        with Pillow.open(io.BytesIO(data), formats=("PNG",)) as picture:
            if picture.width * picture.height > pixels:
                sentence = _("its picture has {width}×{height} pixels, and {pixels} are allowed")
                about = {"width": picture.width, "height": picture.height}
                raise Misfit(sentence.format(**about, pixels=pixels))
            return Image.from_pillow(picture)
    except (OSError, SyntaxError, EOFError, zlib.error, struct.error) as error:
        raise ValueError(f"not a whole PNG file: {error}") from error
    except (Pillow.DecompressionBombError, Pillow.DecompressionBombWarning) as error:
        raise ValueError(f"not a whole PNG file: {error}") from error

"""What a model makes, as one small file in its folder: a mosaic of pictures, a text, a tune.

It is for people to look at and determines nothing of what the model does. Who trains writes it
(`keep`), the library finds it (`find`), and whatever is in it, it is looked at without trust.
"""

from __future__ import annotations

import io
import os
import struct
from collections.abc import Iterable, Sequence
from pathlib import Path

from aigc_studio import files
from aigc_studio.api import limits
from aigc_studio.api.artifacts import Artifact, Image, Medium, Text
from aigc_studio.api.melody import Melody

NAMES: dict[Medium, str] = {
    "image": "samples.png",
    "text": "samples.txt",
    "melody": "samples.melody.json",
}
"""What the file is called; a model has one of them."""

_PNG = b"\x89PNG\r\n\x1a\n"
_HEAD = 24
"""Bytes at the beginning of a PNG in which it says how large it is."""
_SIDE = 448
"""Pixels of the longer side of a mosaic as it is kept, at first."""
_COLOURS = 256
_CHARACTERS = 1_200
_NOTES = 200


def medium_of(path: Path) -> Medium | None:
    """Of which medium a file of samples is, by its name; None for any other file."""
    return next((medium for medium, name in NAMES.items() if name == path.name), None)


def find(folder: Path) -> Path | None:
    """The samples in a model's folder; None where there are none that could be shown.

    A file is one that is no link, of at most `limits.SAMPLES_BYTES`, and a picture of at most
    `limits.SAMPLES_SIDE` pixels a side. Whether the rest of it is whole is found when it is drawn.
    """
    for medium, name in NAMES.items():
        try:
            with files.open_plain(folder / name, links=False) as file:
                size, head = os.fstat(file.fileno()).st_size, file.read(_HEAD)
        except OSError:
            continue
        if 0 < size <= limits.SAMPLES_BYTES and (medium != "image" or _is_small(head)):
            return folder / name
    return None


def _is_small(data: bytes) -> bool:
    """Whether it begins as a PNG does, and says that it has no more pixels than a mosaic may."""
    if len(data) < _HEAD or not data.startswith(_PNG) or data[12:16] != b"IHDR":
        return False
    return all(1 <= side <= limits.SAMPLES_SIDE for side in struct.unpack(">II", data[16:24]))


def keep(artifact: Artifact, folder: Path) -> Path:
    """Write an artifact as the samples of the model in `folder`, made as small as they may be."""
    path = folder / NAMES[artifact.medium]
    files.write_bytes(path, small(artifact), durable=False)
    return path


def small(artifact: Artifact) -> bytes:
    """The file's content for an artifact: a picture made smaller, a text or tune its beginning."""
    if isinstance(artifact, Image):
        return _small_picture(artifact)
    if isinstance(artifact, Text):
        return artifact.value[:_CHARACTERS].encode("utf-8", "replace")
    return _beginning(artifact).to_json().encode()


def _small_picture(picture: Image) -> bytes:
    from PIL import Image as Pillow

    longest, whole = _SIDE, picture.to_pillow()
    while True:
        part = min(longest / max(whole.size), 1.0)
        size = (max(1, round(whole.width * part)), max(1, round(whole.height * part)))
        fitted = whole if size == whole.size else whole.resize(size, Pillow.Resampling.LANCZOS)
        stream = io.BytesIO()
        fitted.save(stream, "PNG", optimize=True)
        if stream.tell() > limits.SAMPLES_BYTES and fitted.mode == "RGB":
            # So many colours are enough, and half as large: better than half the pixels.
            stream = io.BytesIO()
            few = fitted.quantize(_COLOURS, dither=Pillow.Dither.NONE)
            few.save(stream, "PNG", optimize=True)
        if stream.tell() <= limits.SAMPLES_BYTES or longest < 16:
            return stream.getvalue()
        longest = longest * 3 // 4


def _beginning(melody: Melody) -> Melody:
    from dataclasses import replace

    if len(melody.notes) <= _NOTES:
        return melody
    notes = tuple(sorted(melody.notes))[:_NOTES]
    end = max(each.start + each.duration for each in notes)
    return replace(
        melody,
        notes=notes,
        tempos=tuple(each for each in melody.tempos if each.start < end),
        metres=tuple(each for each in melody.metres if each.start < end),
        keys=tuple(each for each in melody.keys if each.start < end),
        length=min(melody.length, end),
    )


def mosaic(pictures: Sequence[Image], columns: int) -> Image:
    """Pictures side by side in rows, each at the size of the first, on the first one's ground."""
    import numpy as np

    first = pictures[0]
    size = (first.width, first.height)
    modes = {each.mode for each in pictures}
    mode = "RGBA" if "RGBA" in modes else "RGB" if "RGB" in modes else "L"
    rows = -(-len(pictures) // columns)
    kinds = {"L": (), "RGB": (3,), "RGBA": (4,)}
    shape = (rows * first.height, columns * first.width, *kinds[mode])
    whole = np.empty(shape, np.uint8)
    whole[:] = first.convert(mode).pixels[0, 0]  # type: ignore[arg-type]
    for place, each in enumerate(pictures):
        cell = each.convert(mode)  # type: ignore[arg-type]
        if (cell.width, cell.height) != size:
            cell = Image.from_pillow(cell.to_pillow().resize(size))
        top, left = place // columns * first.height, place % columns * first.width
        whole[top : top + first.height, left : left + first.width] = cell.pixels
    return Image(whole)


def gathered(made: Iterable[Artifact]) -> Artifact:
    """One artifact to show of several of one medium: a mosaic, texts below each other, a tune.

    Raises `ValueError` when there is none.
    """
    several = list(made)
    if not several:
        raise ValueError("nothing was made")
    pictures = [each for each in several if isinstance(each, Image)]
    if pictures:
        # Wide ones stand below each other, so that the whole is about as wide as high.
        shape = pictures[0].width / pictures[0].height
        columns = max(1, min(len(pictures), round((len(pictures) / shape) ** 0.5)))
        return mosaic(pictures, columns)
    texts = [each.value.strip() for each in several if isinstance(each, Text)]
    return Text("\n\n".join(texts)) if texts else several[0]

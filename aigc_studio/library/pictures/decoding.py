"""The pixels of a picture file, and as many of them as are there when its end is cut off."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from typing import TYPE_CHECKING

from aigc_studio.api import StudioError
from aigc_studio.library.pictures import foreign
from aigc_studio.library.pictures.chunks import with_right_sum
from aigc_studio.library.pictures.parts import Parts
from aigc_studio.library.pictures.pieces import over_pieces
from aigc_studio.translation import _

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage
    from PIL.ImageFile import ImageFile


class CutOff(OSError):
    """So much of a picture is cut off that it is refused: `reading` says so in a sentence."""


_formats = ("PNG", "JPEG", "WEBP", "BMP", "DIB", "GIF", "TIFF", "PPM")
_most_missing = 0.25
"""A picture of which more is cut off is refused."""
_LAG = 18
"""Rows of a JPEG that its decoder holds back until it sees what follows: a block and its edge."""


def opened(parts: Parts, name: str) -> ImageFile:
    """The picture, not decoded yet. Raises `StudioError` for no picture, and what Pillow does."""
    from PIL import Image as Pillow
    from PIL import UnidentifiedImageError

    parts.file.seek(0)
    try:
        return Pillow.open(parts.file, formats=(parts.kind,) if parts.kind else _formats)
    except UnidentifiedImageError:
        if parts.kind:
            raise
        raise StudioError(foreign.told(parts.file, name)) from None


def loaded(picture: ImageFile, parts: Parts, name: str) -> PillowImage:
    """The picture with its pixels, and with empty ones where a little of its end is cut off."""
    if parts.kind == "WEBP":
        return _loaded_webp(picture, parts, name)
    try:
        picture.load()
        _tell_lost_rows(parts.lost_rows, 0, picture.height, parts)
        return picture
    except OSError as error:
        if "truncated" not in str(error):
            if not with_right_sum(parts):
                raise
            return loaded(opened(parts, name), parts, name)
    _let_go(picture)
    if picture.info.get("progressive"):
        return _coarse(parts, name)
    found, rows = _what_is_there(parts, name)
    _tell_lost_rows(rows, _LAG if parts.kind == "JPEG" else 0, found.height, parts)
    return found


def _loaded_webp(picture: ImageFile, parts: Parts, name: str) -> PillowImage:
    """One that was cut off is decoded with two ends: where they show, nothing was there."""
    marks: list[bytes] = []
    if parts.other:
        other = opened(replace(parts, file=io.BytesIO(parts.other)), name)
        marks = _row_marks(_decoded_webp(other))
    whole = _decoded_webp(picture)
    rows = _differing_rows(whole, marks) if marks else parts.lost_rows
    _tell_lost_rows(rows, 0, whole.height, parts)
    return whole


def _decoded_webp(picture: ImageFile) -> PillowImage:
    """A WebP from its decoder's own bytes, which Pillow would copy while the decoder keeps three.

    Where this Pillow has another decoder, it loads the picture by itself.
    """
    from PIL import Image as Pillow

    decoder, mode = getattr(picture, "_decoder", None), getattr(picture, "rawmode", "")
    if decoder is None or mode not in ("RGBX", "RGBA"):
        picture.load()
        return picture
    found = decoder.get_next()
    if found is None:
        raise CutOff
    picture._decoder = decoder = None  # type: ignore[attr-defined]
    return Pillow.frombuffer(mode, picture.size, found[0], "raw", mode, 0, 1)


def _what_is_there(parts: Parts, name: str) -> tuple[ImageFile, int]:
    """A picture as far as it can be decoded, and how many of its rows are not whole.

    Decoded onto two grounds: where they show through, nothing was decoded. A JPEG comes in rows of
    blocks and the last of them only with what follows it, so that up to `_LAG` rows are there yet.
    """
    from PIL import Image as Pillow
    from PIL import ImageFile as files

    shown: list[list[bytes]] = []
    former, files.LOAD_TRUNCATED_IMAGES = files.LOAD_TRUNCATED_IMAGES, True
    try:
        for ground in (255, 0):
            picture = opened(parts, name)
            bands = len(picture.getbands())
            colour = (ground,) * bands if bands > 1 else ground
            picture.im = Pillow.new(picture.mode, picture.size, colour).im
            if parts.kind == "JPEG":  # its own reader makes up an end
                picture.load_read = parts.file.read  # type: ignore[attr-defined]
            picture.load()
            shown.append(_row_marks(picture))
    finally:
        files.LOAD_TRUNCATED_IMAGES = former
    rows = sum(one != other for one, other in zip(*shown, strict=True))
    if parts.kind == "JPEG":
        _let_go(picture)
        return _ended(parts, name), rows
    return picture, rows


def _coarse(parts: Parts, name: str) -> ImageFile:
    """A progressive JPEG that was cut off after its first two scans, which show all of it."""
    if parts.file.seek(0) or parts.file.read().count(b"\xff\xda") < 3:
        raise CutOff
    parts.remarks.append(_("The file is cut off: the finest details of the picture are missing."))
    return _ended(parts, name)


def _ended(parts: Parts, name: str) -> ImageFile:
    """A JPEG whose end is made up: what is missing gets the colour of what came last."""
    parts.file.seek(0)
    parts.file = io.BytesIO(parts.file.read() + b"\xff\xd9")
    picture = opened(parts, name)
    picture.load()
    return picture


def _tell_lost_rows(rows: int, there_yet: int, height: int, parts: Parts) -> None:
    """Raises `CutOff` when too many rows are; of `rows`, some may be `there_yet`."""
    if rows - there_yet > height * _most_missing:
        raise CutOff
    parts.lost_rows = rows
    if rows:
        sentence = _(
            "The file is cut off: up to {count} of its {total} rows are missing or empty here."
        )
        parts.remarks.append(sentence.format(count=rows, total=height))


def _differing_rows(picture: PillowImage, other: list[bytes]) -> int:
    """How many rows, from the first on that is another with the other end, are made up."""
    for number, (mine, others) in enumerate(zip(_row_marks(picture), other, strict=True)):
        if mine != others:
            return picture.height - number
    return 0


def _row_marks(picture: PillowImage) -> list[bytes]:
    """For each row a mark that tells it from others: two pictures need not be there at once."""
    import numpy as np

    def marks(_top: int, piece: PillowImage) -> list[bytes]:
        return [hashlib.blake2b(row, digest_size=16).digest() for row in np.asarray(piece)]

    return [mark for _top, found in over_pieces(picture, marks) for mark in found]


def _let_go(picture: ImageFile) -> None:
    """Forget the pixels of a picture that is decoded again in another way."""
    from PIL import Image as Pillow

    picture.im = Pillow.new(picture.mode, (1, 1)).im

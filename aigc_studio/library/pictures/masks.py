"""A mask from a picture file: white is made anew, black and what is transparent is kept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from aigc_studio.api import Image, Mask, StudioError
from aigc_studio.library.pictures import reading as pictures
from aigc_studio.translation import _

if TYPE_CHECKING:
    import numpy as np

    Pixels = np.ndarray[Any, np.dtype[np.uint8]]

_BLUR = 24
"""What JPEG adds to black and takes from white around an edge; it selects nothing."""


def read_mask(path: Path, picture: Image) -> Mask:
    """The mask in a file, for a picture of the same size: luminance times alpha.

    So white on a transparent ground selects what is white. Colour profiles do not count. Raises
    `StudioError` that names the file when it is no picture, of another size, or selects nothing:
    black on a transparent ground and the picture itself with a hole are said by name, not guessed
    at, because a wrong guess would change what was to be kept.
    """
    drawn, _remarks = pictures.read_with_remarks(path, colours=False)
    if (drawn.width, drawn.height) != (picture.width, picture.height):
        sentence = _("The mask {path} is {mask} pixels, but the picture is {picture}.")
        sizes = (f"{each.width}×{each.height}" for each in (drawn, picture))
        mask, whole = sizes
        raise StudioError(sentence.format(path=path, mask=mask, picture=whole))
    if _is_with_hole(drawn, picture):
        raise StudioError(
            _(
                "The mask {path} is the picture itself with a hole: paint white what is to be made "
                "anew, and all else black or transparent."
            ).format(path=path)
        )
    values = _selected(drawn)
    if _is_lossy(path):
        values[values <= _BLUR] = 0
        values[values >= 255 - _BLUR] = 255
    if not values.any():
        raise StudioError(_why_empty(path, drawn))
    return Mask(values)


def _selected(drawn: Image) -> Pixels:
    import numpy as np

    values: Pixels = drawn.convert("L").pixels.copy()
    if drawn.mode == "RGBA":
        seen = values.astype(np.uint32) * drawn.pixels[..., 3]
        values = np.rint(seen / 255).astype(np.uint8)
    return values


def _why_empty(path: Path, drawn: Image) -> str:
    if drawn.mode == "RGBA" and not drawn.pixels[..., 3].any():
        sentence = _(
            "The mask {path} is transparent all over: paint white what is to be made anew."
        )
    elif drawn.mode == "RGBA" and not drawn.pixels[..., 3].all():
        sentence = _("The mask {path} is black on a transparent ground: paint white what is to be made anew.")  # fmt: skip  # noqa: E501
    else:
        sentence = _("The mask {path} is black all over: paint white what is to be made anew.")
    return sentence.format(path=path)


def _is_with_hole(drawn: Image, picture: Image) -> bool:
    """Whether what is opaque in `drawn` is the picture, as programs write it that mark by a hole.

    A mask of one colour, on a picture that has the same colour there, is none.
    """
    import numpy as np

    if drawn.mode != "RGBA":
        return False
    opaque = drawn.pixels[..., 3] == 255
    colours = drawn.pixels[opaque][:, :3]
    if not len(colours) or opaque.all() or (colours == colours[0]).all():
        return False
    same = np.abs(colours.astype(int) - picture.convert("RGB").pixels[opaque]).max(axis=1) <= 2
    return bool(same.mean() > 0.9)


def _is_lossy(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(3) == b"\xff\xd8\xff"

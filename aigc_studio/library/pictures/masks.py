"""A mask from a picture file: white is made anew, black and what is transparent is kept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from aigc_studio.api import Image, Mask, StudioError
from aigc_studio.library.pictures import reading as pictures
from aigc_studio.translation import _

if TYPE_CHECKING:
    import numpy as np

    from aigc_studio.library.pictures.parts import Parts

    Pixels = np.ndarray[Any, np.dtype[np.uint8]]


def read_mask(path: Path, picture: Image) -> Mask:
    """The mask in a file, for a picture of the same size: luminance times alpha.

    So white on a transparent ground selects what is white. Colour profiles do not count. Raises
    `StudioError` that names the file when it is no picture, of another size, or selects nothing:
    black on a transparent ground and the picture itself with a hole are said by name, not guessed
    at, because a wrong guess would change what was to be kept.
    """
    return read_with_remarks(path, picture)[0]


def read_with_remarks(path: Path, picture: Image) -> tuple[Mask, tuple[str, ...]]:
    """As `read_mask`, with a sentence for each thing that was left out, guessed or changed.

    What a lossy format adds around an edge selects nothing: see `noise.without_noise`.
    """
    drawn, parts = pictures.read_with_parts(path, colours=False)
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
    if parts.lossy and parts.lost_rows:  # its decoder makes up greys for them
        sentence = _("The mask {path} is cut off, and what is missing cannot be guessed: get it again.")  # fmt: skip  # noqa: E501
        raise StudioError(sentence.format(path=path))
    values = _selected(drawn, parts)
    if not values.any():
        raise StudioError(_why_empty(path, drawn))
    return Mask(values), tuple(dict.fromkeys(parts.remarks))


def write_mask(mask: Image, path: Path) -> None:
    """Write a mask as a grey PNG, as `read_mask` takes it. Raises `StudioError` when it cannot."""
    import io

    from aigc_studio.files import write_bytes

    data = io.BytesIO()
    mask.convert("L").to_pillow().save(data, "PNG")
    try:
        write_bytes(path, data.getvalue())
    except OSError as error:
        sentence = _("The mask could not be written to {path}: {reason}.")
        raise StudioError(sentence.format(path=path, reason=error.strerror or error)) from error


def _selected(drawn: Image, parts: Parts) -> Pixels:
    import numpy as np

    from aigc_studio.library.pictures.noise import without_noise

    values: Pixels = drawn.convert("L").pixels.copy()
    if drawn.mode != "RGBA":
        return without_noise(values, np.ones_like(values, bool), parts)
    alpha = drawn.pixels[..., 3]  # of a lossy WebP, too, it is what was saved
    seen = without_noise(values, alpha > 0, parts).astype(np.uint32) * alpha
    multiplied: Pixels = np.rint(seen / 255).astype(np.uint8)
    return multiplied


def _why_empty(path: Path, drawn: Image) -> str:
    if drawn.mode == "RGBA" and not drawn.pixels[..., 3].any():
        sentence = _(
            "The mask {path} is transparent all over: paint white what is to be made anew."
        )
    elif drawn.mode == "RGBA" and not drawn.pixels[..., 3].all():
        sentence = _("The mask {path} is black on a transparent ground: paint white what is to be made anew.")  # fmt: skip  # noqa: E501
    elif drawn.convert("L").pixels.any():
        sentence = _("The mask {path} is nearly black all over: paint white what is to be made anew.")  # fmt: skip  # noqa: E501
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

"""Any picture file a person has, as an `Image`: upright, 8 bits a channel, in L, RGB or RGBA.

One broken side part never makes a picture damaged: `containers` keeps such parts from the
decoder, `colours` brings the pixels to the screen's colours.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import stat
import threading
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aigc_studio.api import Image, StudioError
from aigc_studio.api.limits import READ_PIXELS
from aigc_studio.files import open_plain
from aigc_studio.library.pictures.containers import take_apart
from aigc_studio.library.pictures.decoding import loaded, opened
from aigc_studio.library.pictures.parts import Parts
from aigc_studio.library.pictures.pieces import assembled, pieces
from aigc_studio.library.pictures.tags import orientation
from aigc_studio.translation import _

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image as PillowImage
    from PIL.ImageFile import ImageFile

_kinds = {
    "PNG": (".png", ".apng"),
    "JPEG": (".jpg", ".jpeg", ".jpe", ".jfif", ".jif", ".jfi", ".pjpeg", ".pjp"),
    "WEBP": (".webp",),
    "BMP": (".bmp", ".dib"),
    "GIF": (".gif",),
    "TIFF": (".tif", ".tiff"),
    "PPM": (".pgm", ".ppm", ".pbm", ".pnm"),
}
SUFFIXES = tuple(suffix for suffixes in _kinds.values() for suffix in suffixes)
MOST_PIXELS = READ_PIXELS
"""Larger pictures are refused before they are unpacked."""
MOST_BYTES = 512 * 1024 * 1024

_warnings_lock = threading.Lock()
"""`catch_warnings` changes the whole process: one thread at a time."""
_lossy_compressions = ("jpeg", "tiff_jpeg", "webp")
_turns = {2: 0, 3: 3, 4: 1, 5: 5, 6: 4, 7: 6, 8: 2}
"""EXIF orientation → Pillow's `Transpose`."""


def read_picture(source: Path | bytes, name: str = "") -> Image:
    """Read a picture file or its bytes; of an animation the first frame.

    EXIF rotation is applied, deep pixels are scaled to 8 bits, colours go through the picture's own
    profile to sRGB; side parts that are broken or too large are left out. Raises `StudioError` that
    names the file when it is no picture, broken, cut off, or has over 64 million pixels.
    """
    return read_with_remarks(source, name)[0]


def read_with_remarks(
    source: Path | bytes, name: str = "", *, colours: bool = True
) -> tuple[Image, tuple[str, ...]]:
    """As `read_picture`, with a sentence for each thing that was left out, guessed or changed.

    `colours=False` takes the numbers as they are, without profile and gamma: for masks.
    """
    image, parts = read_with_parts(source, name, colours=colours)
    return image, tuple(dict.fromkeys(parts.remarks))


def read_with_parts(
    source: Path | bytes, name: str = "", *, colours: bool = True
) -> tuple[Image, Parts]:
    """As `read_with_remarks`, with all that was learned of the file beside its pixels."""
    name = name or (source.name if isinstance(source, Path) else _("(picture)"))
    try:
        if isinstance(source, Path):
            told = source.stat()
            if told.st_size > MOST_BYTES:
                raise StudioError(_too_large(name))
            if stat.S_ISFIFO(told.st_mode):  # to open one may wait for ever
                raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        with open_plain(source) if isinstance(source, Path) else io.BytesIO(source) as file:
            parts = take_apart(file)
            return _decoded(parts, name, colours), parts
    except StudioError:
        raise
    except MemoryError:
        raise StudioError(_too_large(name)) from None
    except FileNotFoundError:
        raise StudioError(_("The file {name} is not there.").format(name=name)) from None
    except PermissionError:
        raise StudioError(
            _("There is no permission to read the file {name}.").format(name=name)
        ) from None
    except Exception as error:  # a decoder of Pillow's may raise anything at a broken file
        raise StudioError(
            _("The picture {name} is damaged or cut off: get it again or leave it out.").format(
                name=name
            )
        ) from error


def _decoded(parts: Parts, name: str, colours: bool) -> Image:
    """Raises what Pillow does, and `StudioError` for what is too large or no picture."""
    from PIL import Image as Pillow

    _register_formats()
    with _warnings_lock, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Pillow.DecompressionBombWarning)
        try:
            with opened(parts, name) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise StudioError(_too_large(name))
                parts.lossy |= _is_lossy(picture)
                whole = loaded(picture, parts, name)
                _read_side_parts(whole, parts, colours)
                image = _on_screen(whole, parts)
                _tell_other_kind(parts.wrapped or picture.format or "", name, parts)
                _tell_frames(picture, parts)
        except (Pillow.DecompressionBombError, Pillow.DecompressionBombWarning):
            raise StudioError(_too_large(name)) from None
    return image


def _is_lossy(picture: ImageFile) -> bool:
    """Whether its decoder gives back other pixels than were saved; `take_apart` knows of WebP."""
    if picture.format == "TIFF":
        return picture.info.get("compression") in _lossy_compressions
    return picture.format in ("JPEG", "MPO")


def _read_side_parts(picture: PillowImage, parts: Parts, colours: bool) -> None:
    if parts.kind in ("", "TIFF"):
        parts.profile = picture.info.get("icc_profile") or b""
    if not parts.kind:
        parts.exif = picture.info.get("exif") or b""
        parts.xmp = picture.info.get("xmp") or b""
    if not colours:
        parts.profile, parts.gamma = b"", 0.0


def _on_screen(picture: PillowImage, parts: Parts) -> Image:
    """Upright and in the screen's colours."""
    import numpy as np

    from aigc_studio.library.pictures.colours import for_screen
    from aigc_studio.library.pictures.odd_pngs import own_alpha

    own = own_alpha(picture, parts)
    top, example = next(pieces(picture))
    through = for_screen(picture, parts, own(top, example) if own else example)

    def pixels(top: int, piece: PillowImage) -> np.ndarray[Any, np.dtype[np.uint8]]:
        return np.asarray(through(own(top, piece) if own else piece), np.uint8)

    return assembled(picture, pixels, _turn(parts))


def _turn(parts: Parts) -> int | None:
    """Pillow's `Transpose` that the file asks for; the decoder of TIFF has done it by itself."""
    turn = orientation(parts.exif, parts.xmp)
    if turn is None:
        parts.remarks.append(_("Its EXIF data are damaged: which side is up is not known."))
    return None if parts.kind == "TIFF" else _turns.get(turn or 1)


def _tell_other_kind(kind: str, name: str, parts: Parts) -> None:
    suffix = "." + name.lower().rpartition(".")[2]
    kind = {"DIB": "BMP", "MPO": "JPEG"}.get(kind, kind)
    if suffix in SUFFIXES and suffix not in _kinds.get(kind, SUFFIXES):
        sentence = _("By its content it is {kind}, whatever its name says.")
        parts.remarks.append(sentence.format(kind=kind))


def _tell_frames(picture: ImageFile, parts: Parts) -> None:
    count = parts.frames
    if parts.kind not in ("PNG", "JPEG"):
        with contextlib.suppress(Exception):  # what comes behind the first picture may be broken
            count = int(getattr(picture, "n_frames", 1))
    if count > 1:
        sentence = _("Of the {count} pictures in it only the first was read.")
        parts.remarks.append(sentence.format(count=count))


def _register_formats() -> None:
    """Pillow loads its readers by itself only when the first five do not fit; then all fifty."""
    from PIL import (  # noqa: F401
        BmpImagePlugin,
        GifImagePlugin,
        JpegImagePlugin,
        PngImagePlugin,
        PpmImagePlugin,
        TiffImagePlugin,
        WebPImagePlugin,
    )


def _too_large(name: str) -> str:
    return _(
        "The picture {name} is too large: make it smaller than {count} million pixels first."
    ).format(name=name, count=MOST_PIXELS // 1_000_000)

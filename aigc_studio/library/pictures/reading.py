"""Any picture file a person has, as an `Image`: upright, 8 bits a channel, in L, RGB or RGBA.

One broken side part never makes a picture damaged: `picture_parts` keeps such parts from the
decoder, `picture_colours` brings the pixels to the screen's colours.
"""

from __future__ import annotations

import contextlib
import io
import stat
import threading
import warnings
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from aigc_studio.api import Image, StudioError
from aigc_studio.library.pictures.chunks import with_right_sum
from aigc_studio.library.pictures.parts import Parts, take_apart
from aigc_studio.library.pictures.tags import orientation
from aigc_studio.translation import _

if TYPE_CHECKING:
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
MOST_PIXELS = 64_000_000
"""Larger pictures are refused before they are unpacked."""
MOST_BYTES = 512 * 1024 * 1024

_formats = ("PNG", "JPEG", "WEBP", "BMP", "DIB", "GIF", "TIFF", "PPM")
_most_missing = 0.25
"""A picture of which more is cut off is refused."""
_LAG = 18
"""Rows of a JPEG that its decoder holds back until it sees what follows: a block and its edge."""
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
                raise OSError("a pipe")
        with source.open("rb") if isinstance(source, Path) else io.BytesIO(source) as file:
            parts = take_apart(file)
            return _decoded(parts, name, colours), parts
    except StudioError:
        raise
    except MemoryError:
        raise StudioError(_too_large(name)) from None
    except FileNotFoundError:
        raise StudioError(_("The file {name} is not there.").format(name=name)) from None
    except PermissionError:
        raise StudioError(_("The file {name} may not be read.").format(name=name)) from None
    except Exception as error:  # a decoder of Pillow's may raise anything at a broken file
        raise StudioError(
            _("The picture {name} is damaged or cut off: get it again or leave it out.").format(
                name=name
            )
        ) from error


def _decoded(parts: Parts, name: str, colours: bool) -> Image:
    """Raises what Pillow does, and `StudioError` for what is too large or no picture."""
    from PIL import Image as Pillow

    from aigc_studio.library.pictures.colours import for_screen
    from aigc_studio.library.pictures.odd_pngs import with_own_alpha

    _register_formats()
    with _warnings_lock, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Pillow.DecompressionBombWarning)
        try:
            with _opened(parts, name) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise StudioError(_too_large(name))
                parts.lossy |= _is_lossy(picture)
                loaded = _loaded(picture, parts, name)
                _read_side_parts(loaded, parts, colours)
                whole = with_own_alpha(loaded, parts)
                image = Image.from_pillow(_upright(for_screen(whole, parts), parts))
                _tell_other_kind(parts.wrapped or picture.format or "", name, parts)
                _tell_frames(picture, parts)
        except (Pillow.DecompressionBombError, Pillow.DecompressionBombWarning):
            raise StudioError(_too_large(name)) from None
    return image


def _opened(parts: Parts, name: str) -> ImageFile:
    from PIL import Image as Pillow
    from PIL import UnidentifiedImageError

    parts.file.seek(0)
    try:
        return Pillow.open(parts.file, formats=(parts.kind,) if parts.kind else _formats)
    except UnidentifiedImageError:
        if parts.kind:
            raise
        raise StudioError(
            _(
                "The file {name} is not a picture that can be read: save it as PNG or JPEG first."
            ).format(name=name)
        ) from None


def _loaded(picture: ImageFile, parts: Parts, name: str) -> ImageFile:
    """The picture with its pixels, and with empty ones where a little of its end is cut off."""
    try:
        picture.load()
        rows = parts.lost_rows or _differing_rows(picture, parts, name)
        _tell_lost_rows(rows, 0, picture.height, parts)
        return picture
    except OSError as error:
        if "truncated" not in str(error):
            if not with_right_sum(parts):
                raise
            return _loaded(_opened(parts, name), parts, name)
    if picture.info.get("progressive"):
        return _coarse(parts, name)
    found, rows = _what_is_there(parts, name)
    _tell_lost_rows(rows, _LAG if parts.kind == "JPEG" else 0, found.height, parts)
    return found


def _tell_lost_rows(rows: int, there_yet: int, height: int, parts: Parts) -> None:
    """Raises OSError when too many rows are cut off; of `rows`, some may be `there_yet`."""
    if rows - there_yet > height * _most_missing:
        raise OSError(f"{rows} of {height} rows are cut off")
    parts.lost_rows = rows
    if rows:
        sentence = _(
            "The file is cut off: up to {count} of its {total} rows are missing or empty here."
        )
        parts.remarks.append(sentence.format(count=rows, total=height))


def _differing_rows(picture: ImageFile, parts: Parts, name: str) -> int:
    """How many rows, from the first on that is another with the other end, are made up."""
    if not parts.other:
        return 0
    import numpy as np

    other = _opened(replace(parts, file=io.BytesIO(parts.other)), name)
    other.load()
    differs = (np.asarray(picture) != np.asarray(other)).reshape(picture.height, -1).any(axis=1)
    return picture.height - int(differs.argmax()) if differs.any() else 0


def _is_lossy(picture: ImageFile) -> bool:
    """Whether its decoder gives back other pixels than were saved; `take_apart` knows of WebP."""
    if picture.format == "TIFF":
        return picture.info.get("compression") in _lossy_compressions
    return picture.format in ("JPEG", "MPO")


def _coarse(parts: Parts, name: str) -> ImageFile:
    """A progressive JPEG that was cut off after its first two scans, which show all of it."""
    if parts.file.seek(0) or parts.file.read().count(b"\xff\xda") < 3:
        raise OSError("cut off in the first scans")
    parts.remarks.append(_("The file is cut off: the finest details of the picture are missing."))
    return _ended(parts, name)


def _ended(parts: Parts, name: str) -> ImageFile:
    """A JPEG whose end is made up: what is missing gets the colour of what came last."""
    parts.file.seek(0)
    parts.file = io.BytesIO(parts.file.read() + b"\xff\xd9")
    picture = _opened(parts, name)
    picture.load()
    return picture


def _what_is_there(parts: Parts, name: str) -> tuple[ImageFile, int]:
    """A picture as far as it can be decoded, and how many of its rows are not whole.

    Decoded onto two grounds: where they show through, nothing was decoded. A JPEG comes in rows of
    blocks and the last of them only with what follows it, so that up to `_LAG` rows are there yet.
    """
    import numpy as np
    from PIL import Image as Pillow
    from PIL import ImageFile as files

    shown = []
    former, files.LOAD_TRUNCATED_IMAGES = files.LOAD_TRUNCATED_IMAGES, True
    try:
        for ground in (255, 0):
            picture = _opened(parts, name)
            bands = len(picture.getbands())
            colour = (ground,) * bands if bands > 1 else ground
            picture.im = Pillow.new(picture.mode, picture.size, colour).im
            if parts.kind == "JPEG":  # its own reader makes up an end
                picture.load_read = parts.file.read  # type: ignore[attr-defined]
            picture.load()
            shown.append(picture)
    finally:
        files.LOAD_TRUNCATED_IMAGES = former
    differs = np.asarray(shown[0]) != np.asarray(shown[1])
    rows = int(differs.reshape(len(differs), -1).any(axis=1).sum())
    return (_ended(parts, name) if parts.kind == "JPEG" else shown[1]), rows


def _read_side_parts(picture: ImageFile, parts: Parts, colours: bool) -> None:
    if parts.kind in ("", "TIFF"):
        parts.profile = picture.info.get("icc_profile") or b""
    if not parts.kind:
        parts.exif = picture.info.get("exif") or b""
        parts.xmp = picture.info.get("xmp") or b""
    if not colours:
        parts.profile, parts.gamma = b"", 0.0


def _upright(picture: PillowImage, parts: Parts) -> PillowImage:
    """Turned as the file says; the decoder of TIFF has done it by itself."""
    from PIL import Image as Pillow

    turn = orientation(parts.exif, parts.xmp)
    if turn is None:
        parts.remarks.append(_("Its EXIF data are damaged: which side is up is not known."))
    known = turn in _turns and parts.kind != "TIFF"
    return picture.transpose(Pillow.Transpose(_turns[turn or 1])) if known else picture


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

"""Any picture file a person has, as an `Image`: upright, 8 bits a channel, in L, RGB or RGBA."""

from __future__ import annotations

import io
import threading
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aigc_studio.api import Image, StudioError
from aigc_studio.translation import _

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage

SUFFIXES = (
    ".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".pgm", ".ppm", ".pbm",
)  # fmt: skip
MOST_PIXELS = 64_000_000
"""Larger pictures are refused before they are unpacked."""
MOST_BYTES = 512 * 1024 * 1024

_formats = ("PNG", "JPEG", "WEBP", "BMP", "DIB", "GIF", "TIFF", "PPM")
_warnings_lock = threading.Lock()
"""`catch_warnings` changes the whole process: one thread at a time."""


def read_picture(source: Path | bytes, name: str = "") -> Image:
    """Read a picture file or its bytes; of an animation the first frame.

    EXIF rotation is applied, 16-bit and floating-point pixels are scaled to 8 bits, CMYK goes
    through its own colour profile where it has one. Raises `StudioError` that names the file when
    it is no picture, broken, cut off, or has over 64 million pixels.
    """
    from PIL import Image as Pillow
    from PIL import ImageOps, UnidentifiedImageError

    _register_formats()
    name = name or (source.name if isinstance(source, Path) else _("(picture)"))
    try:
        if isinstance(source, Path) and source.stat().st_size > MOST_BYTES:
            raise StudioError(_too_large(name))
        file: Any = source if isinstance(source, Path) else io.BytesIO(source)
        with _warnings_lock, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Pillow.DecompressionBombWarning)
            with Pillow.open(file, formats=_formats) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise StudioError(_too_large(name))
                picture.load()
                return Image.from_pillow(_plain(ImageOps.exif_transpose(picture)))
    except StudioError:
        raise
    except (Pillow.DecompressionBombError, Pillow.DecompressionBombWarning, MemoryError):
        raise StudioError(_too_large(name)) from None
    except UnidentifiedImageError:
        raise StudioError(
            _(
                "The file {name} is not a picture that can be read: save it as PNG or JPEG first."
            ).format(name=name)
        ) from None
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


def _plain(picture: PillowImage) -> PillowImage:
    if picture.mode == "F" or picture.mode.startswith("I"):
        return _scaled_to_bytes(picture)
    if picture.mode == "1":
        return picture.convert("L")
    if picture.mode in ("CMYK", "LAB"):
        return _through_profile(picture)
    if picture.mode in ("L", "RGB", "RGBA") and not picture.has_transparency_data:
        return picture
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def _scaled_to_bytes(picture: PillowImage) -> PillowImage:
    """16-bit pixels by 255/65535; others by what they hold: 0-1, 0-255, 0-65535 or their range."""
    import numpy as np
    from PIL import Image as Pillow

    values = np.nan_to_num(np.asarray(picture).astype(np.float64), posinf=0, neginf=0)
    low, high = float(values.min()), float(values.max())
    if picture.mode.startswith("I;16"):
        low, high = 0.0, 65535.0
    elif low >= 0:
        tops = (1.0, 255.0, 65535.0) if picture.mode == "F" else (255.0, 65535.0)
        low, high = 0.0, next((top for top in tops if high <= top), high)
    scaled = (values - low) * (255.0 / max(high - low, 1e-12))
    return Pillow.fromarray(np.rint(scaled).clip(0, 255).astype(np.uint8))


def _through_profile(picture: PillowImage) -> PillowImage:
    profile = picture.info.get("icc_profile")
    if profile:
        try:
            from PIL import ImageCms

            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            screen = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(picture, own, screen, outputMode="RGB")
            if converted is not None:
                return converted
        except Exception:  # a broken profile: the plain conversion is the best there is
            return picture.convert("RGB")
    return picture.convert("RGB")

"""Pictures as files: PNG, JPEG, WebP, and films of them, each with its label in it."""

from __future__ import annotations

import functools
import io
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aigc_studio.api.errors import StudioError
from aigc_studio.project import labels
from aigc_studio.project.provenance import Provenance
from aigc_studio.translation import _

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage

_jpeg_packet_limit = 65_000  # a segment holds 65,533 bytes with the name of its kind
_sides = {".jpg": 65_535, ".jpeg": 65_535, ".webp": 16_383, ".gif": 65_535}


def encode(picture: PillowImage, suffix: str, packet: bytes | None, quality: int = 95) -> bytes:
    """A picture in the format of its suffix, with an XMP packet in it, if there is one.

    `quality` (1 to 100) is for JPEG, which has white where a picture is clear. Raises `StudioError`
    for what the format does not hold: more pixels a side, a longer packet.
    """
    return _encoded(picture, suffix, packet, quality, {})


def encode_film(
    pictures: Sequence[PillowImage], suffix: str, packet: bytes | None, milliseconds: int
) -> bytes:
    """Pictures of one size as a WebP or PNG that shows one after the other, again and again."""
    first, *others = pictures
    settings = {"save_all": True, "append_images": others, "duration": milliseconds, "loop": 0}
    return _encoded(first, suffix, packet, 95, settings)


def encode_gif(pictures: Sequence[PillowImage], milliseconds: int) -> bytes:
    """The same as a GIF, which has no room for a label."""
    _check_sides(".gif", pictures[0].size)
    first, *others = map(_in_few_colours, pictures)
    file = io.BytesIO()
    # Each picture takes the place of the one before: what is clear in it must not show that.
    first.save(
        file, "GIF", save_all=True, append_images=others, duration=milliseconds, loop=0,
        disposal=2, optimize=False,
    )  # fmt: skip
    return file.getvalue()


def provenance_in(path: Path) -> tuple[Provenance, ...]:
    """What a picture says of what made its parts; empty when that is nothing we understand."""
    from PIL import Image as Pillow

    with warnings.catch_warnings():
        # No pixel is decoded here, so a picture may claim to be as large as it likes.
        warnings.simplefilter("ignore")
        try:
            with Pillow.open(path, formats=("PNG", "JPEG", "WEBP")) as picture:
                packet = picture.info.get("xmp", b"")
        except (Pillow.DecompressionBombError, SyntaxError, TypeError, KeyError, EOFError):
            return ()
    return labels.from_packet(packet) if isinstance(packet, bytes | str) and packet else ()


def _encoded(
    picture: PillowImage,
    suffix: str,
    packet: bytes | None,
    quality: int,
    more: Mapping[str, Any],
) -> bytes:
    _check_sides(suffix, picture.size)
    settings: dict[str, Any] = {"exif": _exif(), **more}
    if packet is not None:
        settings["xmp"] = packet
    file = io.BytesIO()
    if suffix == ".png":
        settings["pnginfo"] = _png_texts(settings.pop("xmp", None))
        picture.save(file, "PNG", **settings)
    elif suffix == ".webp":
        picture.save(file, "WEBP", lossless=True, exact=True, method=4, **settings)
    else:
        if len(settings.get("xmp", b"")) > _jpeg_packet_limit:
            raise StudioError(
                _("The prompt is too long for JPEG: use .png, or export without the prompt.")
            )
        _on_white(picture).save(
            file, "JPEG", quality=quality, subsampling=0, optimize=False, **settings
        )
    return file.getvalue()


def _check_sides(suffix: str, size: tuple[int, int]) -> None:
    limit = _sides.get(suffix)
    if limit is not None and max(size) > limit:
        sentence = _("{suffix} holds no picture with more than {limit} pixels a side: use .png.")
        raise StudioError(sentence.format(suffix=suffix, limit=limit))


def _in_few_colours(picture: PillowImage) -> PillowImage:
    """A picture of 256 colours at most: greys as they are, all else by its own most usual ones."""
    from PIL import Image as Pillow

    if picture.mode == "RGBA":
        solid = picture.getchannel("A").point(lambda value: 255 if value >= 128 else 0)
        if solid.getextrema()[0] == 255:
            return _in_few_colours(picture.convert("RGB"))
        colours = picture.convert("RGB").quantize(255, Pillow.Quantize.MEDIANCUT)
        colours.paste(255, mask=solid.point(lambda value: 255 - value))
        colours.info["transparency"] = 255
        return colours
    if picture.mode == "L":
        return picture
    return picture.quantize(256, Pillow.Quantize.MEDIANCUT)


def _png_texts(packet: bytes | None) -> Any:
    from PIL import PngImagePlugin

    texts = PngImagePlugin.PngInfo()
    texts.add_text("Software", labels.software())
    if packet is not None:
        texts.add_itxt("XML:com.adobe.xmp", packet.decode())
    return texts


@functools.cache
def _exif() -> bytes:
    from PIL import ExifTags
    from PIL import Image as Pillow

    exif = Pillow.Exif()
    exif[ExifTags.Base.Software] = labels.software()
    return exif.tobytes()


def _on_white(picture: PillowImage) -> PillowImage:
    from PIL import Image as Pillow

    if picture.mode != "RGBA":
        return picture
    page = Pillow.new("RGBA", picture.size, "white")
    page.alpha_composite(picture)
    return page.convert("RGB")

"""From the pixels that a decoder gives to those of a screen: 8 bits, L, RGB or RGBA, in sRGB."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from aigc_studio.library.pictures.pieces import over_pieces
from aigc_studio.translation import _

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image as PillowImage

    from aigc_studio.library.pictures.parts import Parts

    Step = Callable[[PillowImage], PillowImage]

_NEAR = 2
"""A profile that moves no colour by more than this is sRGB by another name, and not used."""
_spaces = {"GRAY": "L", "RGB": "RGB", "CMYK": "CMYK", "Lab": "LAB"}


def for_screen(
    picture: PillowImage, parts: Parts, example: PillowImage
) -> Callable[[PillowImage], PillowImage]:
    """What makes L, RGB or RGBA with straight alpha of any piece of a picture.

    `picture` is loaded; its own profile counts, then its gamma; deep pixels are scaled to 8 bits.
    `example` is a piece of it. What is changed or guessed is added to `parts.remarks` here.
    """
    deep = _depth(picture, parts)
    plain = _plain(example, deep)
    step: Step | None = None
    if parts.profile:
        step = _profile_step(plain, parts)
    elif parts.gamma > 0:
        step = _gamma_step(plain.mode, parts)
    mode = step(plain).mode if step else plain.mode
    last = _last_step(mode, parts)

    def through(piece: PillowImage) -> PillowImage:
        alpha, found = _alpha(piece), _plain(piece, deep)
        for each in (step, last):
            found = each(found) if each else found
        if alpha is not None:
            found = found.convert("RGB")
            found.putalpha(alpha)
        return found

    return through


def _plain(piece: PillowImage, deep: Step | None) -> PillowImage:
    """Without alpha, in one of the modes that profiles know: L, RGB, CMYK or LAB."""
    if deep is not None:
        return deep(piece)
    if piece.mode in ("L", "RGB", "CMYK", "LAB"):
        return piece
    grey = piece.mode in ("1", "LA", "La")
    return _without_alpha(piece).convert("L" if grey else "RGB")


def _last_step(mode: str, parts: Parts) -> Step | None:
    """From what no screen shows to RGB."""
    if mode == "LAB":
        return _lab_step()
    if mode == "CMYK":
        parts.remarks.append(_("It is CMYK without a colour profile: its colours are a guess."))
        return lambda piece: piece.convert("RGB")
    return None


def _alpha(picture: PillowImage) -> PillowImage | None:
    """The transparency as an L picture; None where there is none."""
    if not picture.has_transparency_data:
        return None
    seen_through = picture.info.get("transparency")
    if picture.mode.startswith("I;16"):
        import numpy as np
        from PIL import Image as Pillow

        opaque = np.asarray(picture) != seen_through
        return Pillow.fromarray(opaque.astype(np.uint8) * np.uint8(255))
    if picture.mode in ("1", "L") and isinstance(seen_through, int):
        grey = picture.convert("L") if picture.mode == "1" else picture
        return grey.point([0 if value == seen_through else 255 for value in range(256)])
    if picture.mode == "F" or picture.mode.startswith("I"):
        return None
    return picture.convert("RGBA").getchannel("A")


def _without_alpha(picture: PillowImage) -> PillowImage:
    if picture.mode in ("PA", "RGBa") or (picture.mode == "P" and picture.has_transparency_data):
        return picture.convert("RGBA")
    return picture.convert("LA") if picture.mode == "La" else picture


# -- deep pixels ---------------------------------------------------------------------------------


def _depth(picture: PillowImage, parts: Parts) -> Step | None:
    """16-bit pixels by 255/65535; others by what they hold: 0-1, 0-255, 0-65535 or their range."""
    import numpy as np
    from PIL import Image as Pillow

    if picture.mode.startswith("I;16"):
        table = _deep_table(parts)
        return lambda piece: Pillow.fromarray(table[np.asarray(piece).astype(np.uint16)])
    if picture.mode not in ("F", "I"):
        return None
    found = _range(picture, parts)
    kind = np.float32 if picture.mode == "F" else np.float64
    low, scale = kind(found.low), kind(255.0 / max(found.high - found.low, 1e-12))
    as_they_are = found.whole and low == 0 and scale == 1

    def scaled(piece: PillowImage) -> PillowImage:
        values = np.asarray(piece) if found.finite else _finite(piece)
        if not as_they_are:
            values = np.subtract(values, low, dtype=kind)
            values *= scale
            np.rint(values, out=values).clip(0, 255, out=values)
        grey = values.astype(np.uint8)
        return Pillow.fromarray(255 - grey if parts.white_is_zero else grey)

    return scaled


def _finite(piece: PillowImage) -> np.ndarray[Any, Any]:
    """Its numbers, with 0 for what is none."""
    import numpy as np

    values: np.ndarray[Any, Any] = np.nan_to_num(np.asarray(piece), posinf=0, neginf=0)
    return values


def _deep_table(parts: Parts) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """For each of 65,536 values its 8 bits, through the grey profile or the gamma if there is one.

    Applied here and not to the 8 bits, where a linear profile would leave few steps of dark.
    """
    import numpy as np

    levels = np.arange(65536) / 257.0
    if parts.white_is_zero:
        levels = 255.0 - levels
    curve = _grey_curve(parts)
    if curve is not None:
        levels = np.interp(levels, np.arange(256), curve)
    table: np.ndarray[Any, np.dtype[np.uint8]] = np.rint(levels).astype(np.uint8)
    return table


def _grey_curve(parts: Parts) -> np.ndarray[Any, np.dtype[np.uint8]] | None:
    """What the profile or the gamma makes of 256 greys, which is then done with; None: nothing."""
    import numpy as np
    from PIL import Image as Pillow

    if not parts.profile and parts.gamma <= 0:
        return None
    ramp = Pillow.fromarray(np.arange(256, dtype=np.uint8)[None])
    step = _profile_step(ramp, parts) if parts.profile else _gamma_step(ramp.mode, parts)
    curve: np.ndarray[Any, np.dtype[np.uint8]] = np.asarray(step(ramp) if step else ramp)[0]
    parts.profile, parts.gamma = b"", 0.0
    return curve


class _Range(NamedTuple):
    """What is black and what is white, and whether all are whole numbers, and numbers at all."""

    low: float
    high: float
    whole: bool
    finite: bool


def _range(picture: PillowImage, parts: Parts) -> _Range:
    """What is black and what is white in pixels that do not say it."""
    found = [seen for _top, seen in over_pieces(picture, _look)]
    low, high = min(each.low for each in found), max(each.high for each in found)
    whole, finite = all(each.whole for each in found), all(each.finite for each in found)
    if picture.mode == "F" and low >= 0 and high <= 1:
        return _Range(0.0, 1.0, whole, finite)
    if low >= 0 and whole:
        top = next((top for top in (255.0, 65535.0) if high <= top), high)
        return _Range(0.0, top, whole, finite)
    sentence = _("Its pixels go from {low} to {high}: the lowest was taken as black.")
    parts.remarks.append(sentence.format(low=f"{low:.4g}", high=f"{high:.4g}"))
    return _Range(low, high, whole, finite)


def _look(_top: int, piece: PillowImage) -> _Range:
    import numpy as np

    values = np.asarray(piece)
    low, high = float(values.min()), float(values.max())
    # A look less for nearly all pictures: what is no number would be the lowest or the highest.
    finite = math.isfinite(low) and math.isfinite(high)
    if not finite:
        values = _finite(piece)
        low, high = float(values.min()), float(values.max())
    # Of what goes below zero nobody asks.
    whole = low >= 0 and (piece.mode != "F" or np.array_equal(values, np.rint(values)))
    return _Range(low, high, whole, finite)


# -- colours -------------------------------------------------------------------------------------


def _profile_step(example: PillowImage, parts: Parts) -> Step | None:
    """Through its own colour profile to sRGB; one that is broken or of another kind is left out."""
    from PIL import ImageCms

    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(parts.profile))
        space = _spaces.get(own.profile.xcolor_space.strip(), "")
        name = (own.profile.profile_description or "").strip()
        if space == example.mode:
            step = _converting(space, own, name, parts)
        elif space == "RGB" and example.mode == "L":  # as cameras write in black and white
            inner = _converting(space, own, name, parts)
            step = _as_colours(inner) if inner else None
        else:
            sentence = _("Its colour profile “{name}” is for other pixels and was left out.")
            parts.remarks.append(sentence.format(name=name[:60]))
            return None
        if step:
            step(example)
    except Exception:  # lcms and the reader of its names raise anything at a broken profile
        parts.remarks.append(_("Its colour profile is damaged and was left out."))
        return None
    return step


def _as_colours(inner: Step) -> Step:
    return lambda piece: inner(piece.convert("RGB")).convert("L")


def _converting(mode: str, own: Any, name: str, parts: Parts) -> Step | None:
    """From pixels of this mode to L or RGB for a screen; None where that changes nothing."""
    from PIL import ImageCms

    transform = ImageCms.buildTransform(own, ImageCms.createProfile("sRGB"), mode, "RGB")

    def through(piece: PillowImage) -> PillowImage:
        result = ImageCms.applyTransform(piece, transform)
        assert result is not None
        # Of a grey all three are equal but for rounding, and the middle one is the safest.
        return result.getchannel("G") if mode == "L" else result

    if mode in ("L", "RGB") and _moves_nothing(mode, through):
        return None
    told = _("The colours were converted from its profile “{name}” to sRGB.")
    parts.remarks.append(told.format(name=name[:60]))
    return through


def _moves_nothing(mode: str, through: Any) -> bool:
    import numpy as np
    from PIL import Image as Pillow

    steps = np.arange(0, 256, 15 if mode == "RGB" else 1, dtype=np.uint8)
    if mode == "RGB":
        red, green, blue = np.meshgrid(steps, steps, steps, indexing="ij")
        probe = np.stack([red, green, blue], axis=-1).reshape(1, -1, 3)
    else:
        probe = steps[None]
    moved = np.asarray(through(Pillow.fromarray(probe))).astype(int)
    return int(np.abs(moved - probe).max()) <= _NEAR


def _gamma_step(mode: str, parts: Parts) -> Step | None:
    """Through the gamma that a PNG names, as browsers do, unless it is about that of screens."""
    import numpy as np
    from PIL import Image as Pillow

    if not 0.1 <= parts.gamma <= 2.0 or abs(parts.gamma * 2.2 - 1) < 0.05:
        return None
    light = (np.arange(256) / 255.0) ** (1 / parts.gamma)
    shown = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    table = [int(value) for value in np.rint(shown * 255).clip(0, 255)]
    told = _("The colours were converted from its gamma {number} to sRGB.")
    parts.remarks.append(told.format(number=f"{parts.gamma:.4g}"))
    table *= Pillow.getmodebands(mode)
    return lambda piece: piece.point(table)


def _lab_step() -> Step:
    from PIL import ImageCms

    lab, screen = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    transform = ImageCms.buildTransform(lab, screen, "LAB", "RGB")

    def through(piece: PillowImage) -> PillowImage:
        converted = ImageCms.applyTransform(piece, transform)
        return converted if converted is not None else piece.convert("RGB")

    return through

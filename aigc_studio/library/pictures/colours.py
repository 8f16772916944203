"""From the pixels that a decoder gives to those of a screen: 8 bits, L, RGB or RGBA, in sRGB."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from aigc_studio.translation import _

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image as PillowImage

    from aigc_studio.library.pictures.parts import Parts

_NEAR = 2
"""A profile that moves no colour by more than this is sRGB by another name, and not used."""
_spaces = {"GRAY": "L", "RGB": "RGB", "CMYK": "CMYK", "Lab": "LAB"}


def for_screen(picture: PillowImage, parts: Parts) -> PillowImage:
    """L, RGB or RGBA with straight alpha. What was changed or guessed is added to `parts.remarks`.

    `picture` is loaded. Its own profile counts, then its gamma; deep pixels are scaled to 8 bits.
    """
    alpha = _alpha(picture)
    if picture.mode == "F" or picture.mode.startswith("I"):
        picture = _scaled_to_bytes(picture, parts)
    elif picture.mode not in ("L", "RGB", "CMYK", "LAB"):
        grey = picture.mode in ("1", "LA", "La")
        picture = _without_alpha(picture).convert("L" if grey else "RGB")
    if parts.profile:
        picture = _through_profile(picture, parts)
    elif parts.gamma > 0:
        picture = _through_gamma(picture, parts)
    if picture.mode == "LAB":
        picture = _from_lab(picture)
    elif picture.mode == "CMYK":
        parts.remarks.append(_("It is CMYK without a colour profile: its colours are a guess."))
        picture = picture.convert("RGB")
    if alpha is not None:
        picture = picture.convert("RGB")
        picture.putalpha(alpha)
    return picture


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


def _scaled_to_bytes(picture: PillowImage, parts: Parts) -> PillowImage:
    """16-bit pixels by 255/65535; others by what they hold: 0-1, 0-255, 0-65535 or their range."""
    import numpy as np
    from PIL import Image as Pillow

    if picture.mode.startswith("I;16"):
        values = np.asarray(picture).astype(np.uint16)
        return Pillow.fromarray(_deep_table(parts)[values])
    kind = np.float32 if picture.mode == "F" else np.float64
    values = np.nan_to_num(np.asarray(picture).astype(kind), posinf=0, neginf=0)
    low, high = _range(values, picture.mode == "F", parts)
    scaled = (values - kind(low)) * kind(255.0 / max(high - low, 1e-12))
    if parts.white_is_zero:
        scaled = kind(255) - scaled
    return Pillow.fromarray(np.rint(scaled).clip(0, 255).astype(np.uint8))


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
    through = _through_profile if parts.profile else _through_gamma
    curve: np.ndarray[Any, np.dtype[np.uint8]] = np.asarray(through(ramp, parts))[0]
    parts.profile, parts.gamma = b"", 0.0
    return curve


def _range(values: np.ndarray[Any, Any], floating: bool, parts: Parts) -> tuple[float, float]:
    """What is black and what is white in pixels that do not say it."""
    low, high = float(values.min()), float(values.max())
    if floating and low >= 0 and high <= 1:
        return 0.0, 1.0
    whole_numbers = not floating or not bool((values % 1).any())
    if low >= 0 and whole_numbers:
        return 0.0, next((top for top in (255.0, 65535.0) if high <= top), high)
    sentence = _("Its pixels go from {low} to {high}: the lowest was taken as black.")
    parts.remarks.append(sentence.format(low=f"{low:.4g}", high=f"{high:.4g}"))
    return low, high


# -- colours -------------------------------------------------------------------------------------


def _through_profile(picture: PillowImage, parts: Parts) -> PillowImage:
    """Through its own colour profile to sRGB; one that is broken or of another kind is left out."""
    from PIL import ImageCms

    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(parts.profile))
        space = _spaces.get(own.profile.xcolor_space.strip(), "")
        name = (own.profile.profile_description or "").strip()
        if space == picture.mode:
            converted = _converted(picture, own, name, parts)
        elif space == "RGB" and picture.mode == "L":  # as cameras write in black and white
            converted = _converted(picture.convert("RGB"), own, name, parts).convert("L")
        else:
            sentence = _("Its colour profile “{name}” is for other pixels and was left out.")
            parts.remarks.append(sentence.format(name=name[:60]))
            return picture
    except Exception:  # lcms and the reader of its names raise anything at a broken profile
        parts.remarks.append(_("Its colour profile is damaged and was left out."))
        return picture
    return converted


def _converted(picture: PillowImage, own: Any, name: str, parts: Parts) -> PillowImage:
    from PIL import ImageCms

    grey = picture.mode == "L"
    transform = ImageCms.buildTransform(own, ImageCms.createProfile("sRGB"), picture.mode, "RGB")

    def through(some: PillowImage) -> PillowImage:
        result = ImageCms.applyTransform(some, transform)
        assert result is not None
        # Of a grey all three are equal but for rounding, and the middle one is the safest.
        return result.getchannel("G") if grey else result

    if picture.mode in ("L", "RGB") and _moves_nothing(picture.mode, through):
        return picture
    told = _("The colours were converted from its profile “{name}” to sRGB.")
    parts.remarks.append(told.format(name=name[:60]))
    return through(picture)


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


def _through_gamma(picture: PillowImage, parts: Parts) -> PillowImage:
    """Through the gamma that a PNG names, as browsers do, unless it is about that of screens."""
    import numpy as np

    if not 0.1 <= parts.gamma <= 2.0 or abs(parts.gamma * 2.2 - 1) < 0.05:
        return picture
    light = (np.arange(256) / 255.0) ** (1 / parts.gamma)
    shown = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    table = [int(value) for value in np.rint(shown * 255).clip(0, 255)]
    told = _("The colours were converted from its gamma {number} to sRGB.")
    parts.remarks.append(told.format(number=f"{parts.gamma:.4g}"))
    return picture.point(table * len(picture.getbands()))


def _from_lab(picture: PillowImage) -> PillowImage:
    from PIL import ImageCms

    lab, screen = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    converted = ImageCms.profileToProfile(picture, lab, screen, outputMode="RGB")
    return converted if converted is not None else picture.convert("RGB")

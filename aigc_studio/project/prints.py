"""A picture as it goes out: how large, smooth or crisp, and on which ground.

The content on the board is never changed by it. The window, drags to other programs and the shell
make theirs here, so that they are alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, cast

from aigc_studio.api import limits
from aigc_studio.api.artifacts import Artifact, Image
from aigc_studio.api.errors import StudioError
from aigc_studio.translation import _

if TYPE_CHECKING:
    import numpy as np

    Pixels = np.ndarray[Any, np.dtype[np.uint8]]

Ground = Literal["as_it_is", "transparent", "paper", "ink"]
GROUNDS: tuple[Ground, ...] = ("as_it_is", "transparent", "paper", "ink")
"""`transparent`: the plain ground of a drawing is left out. `paper`: white where a picture is
transparent. `ink`: a grey drawing that is light on dark becomes dark on light."""

_GREY = 12  # of 255: channels closer than this are grey
_NEAR = 12  # of 255: a pixel this near to the ground is ground
_PLAIN = 0.9  # of the border: so much is of one colour where there is a ground
_DARK = 64  # of 255


@dataclass(frozen=True)
class Print:
    """How a picture goes out: `width` and `height` in pixels, 0 for its own; its ground.

    `smooth`: what is enlarged is led from pixel to pixel, else every pixel becomes a square of the
    same colour.
    """

    width: int = 0
    height: int = 0
    smooth: bool = True
    ground: Ground = "as_it_is"

    @property
    def plain(self) -> bool:
        """Whether the picture goes out as it is."""
        return not self.width and not self.height and self.ground == "as_it_is"


def printed(image: Image, wanted: Print) -> Image:
    """The picture as it goes out. Raises `StudioError` for more pixels than are written.

    A ground that a picture cannot have (`grounds_of`) leaves it as it is.
    """
    size = (wanted.width or image.width, wanted.height or image.height)
    check_size(*size)
    if wanted.ground in grounds_of(image):
        image = _on(image, wanted.ground)
    if size == (image.width, image.height):
        return image
    from PIL import Image as Pillow

    if size[0] < image.width or size[1] < image.height:
        return Image.from_pillow(image.to_pillow().resize(size, Pillow.Resampling.LANCZOS))
    if wanted.smooth:
        return enlarged(image, *size)
    return Image.from_pillow(image.to_pillow().resize(size, Pillow.Resampling.NEAREST))


def as_seen(artifact: Artifact, size: tuple[int, int]) -> Print | None:
    """How a picture goes out that was not asked about: as large as it is seen, never smaller than
    it is. None for what is no picture."""
    if not isinstance(artifact, Image):
        return None
    width, height = max(size[0], artifact.width), max(size[1], artifact.height)
    fits = max(width, height) <= limits.PICTURE_SIDE and width * height <= limits.READ_PIXELS
    return Print(width, height) if fits else Print()


def enlarged(image: Image, width: int, height: int) -> Image:
    """A picture at a larger size, led from pixel to pixel."""
    from PIL import Image as Pillow

    from aigc_studio.project import enlarging

    size, picture = (width, height), image.to_pillow()
    if image.mode == "RGBA":
        bands = enlarging.enlarged_clear(list(picture.convert("RGBa").split()), size)
        return Image.from_pillow(Pillow.merge("RGBa", bands).convert("RGBA"))
    large = [enlarging.enlarged(band, size) for band in picture.split()]
    return Image.from_pillow(Pillow.merge(image.mode, large))


def check_size(width: int, height: int) -> None:
    """Raise `StudioError` for a size that is not written: it could not be read back."""
    side, pixels = limits.PICTURE_SIDE, limits.READ_PIXELS
    if width < 1 or height < 1:
        raise StudioError(_("A picture has at least one pixel: choose a larger size."))
    if max(width, height) > side or width * height > pixels:
        raise StudioError(
            _(
                "{width} × {height} pixels are too many for a file: choose a smaller size, of "
                "{millions} million pixels at most."
            ).format(width=width, height=height, millions=pixels // 1_000_000)
        )


def grounds_of(image: Image) -> tuple[Ground, ...]:
    """The grounds that a picture can go out on, `as_it_is` first."""
    found: list[Ground] = ["as_it_is"]
    if image.mode == "RGBA" and bool((image.pixels[..., 3] < 255).any()):
        return ("as_it_is", "paper")
    ground = _ground(image)
    if ground is None:
        return tuple(found)
    found.append("transparent")
    if max(ground) <= _DARK and _is_grey(image):
        found.append("ink")
    return tuple(found)


def _on(image: Image, ground: Ground) -> Image:
    if ground == "paper":
        return _on_white(image)
    if ground == "ink":
        return Image(255 - image.convert("L").pixels)
    return _without_ground(image) if ground == "transparent" else image


def _on_white(image: Image) -> Image:
    from PIL import Image as Pillow

    page = Pillow.new("RGBA", (image.width, image.height), "white")
    page.alpha_composite(image.to_pillow().convert("RGBA"))
    return Image.from_pillow(page.convert("RGB"))


def _without_ground(image: Image) -> Image:
    """As opaque as each pixel is apart from the ground, in the colour that gives it back there."""
    import numpy as np

    ground = np.array(_ground(image), np.float32)
    colours = image.convert("RGB").pixels.astype(np.float32)
    way = colours - ground
    room = np.where(way < 0, ground, 255 - ground)
    alpha = (np.abs(way) / np.maximum(room, 1)).max(axis=2)
    ink = ground + way / np.maximum(alpha, 1 / 255)[..., None]
    opaque = np.where(np.abs(way).max(axis=2) <= _NEAR // 2, 0, alpha)
    pixels = np.dstack([np.clip(ink, 0, 255), opaque * 255])
    return Image(np.rint(pixels).astype(np.uint8))


def _ground(image: Image) -> tuple[int, int, int] | None:
    """The colour that nearly all of the border has; None for a picture without a ground."""
    import numpy as np

    if image.mode == "RGBA" and bool((image.pixels[..., 3] < 255).any()):
        return None
    edges = [image.pixels[0], image.pixels[-1], image.pixels[:, 0], image.pixels[:, -1]]
    channels = 1 if image.pixels.ndim == 2 else 3
    border = np.concatenate([each.reshape(len(each), -1)[:, :channels] for each in edges])
    middle = np.median(border.astype(np.int16), axis=0)
    near = np.abs(border - middle).max(axis=1) <= _NEAR
    if float(near.mean()) < _PLAIN:
        return None
    values = [int(value) for value in middle] * (3 if channels == 1 else 1)
    return cast("tuple[int, int, int]", tuple(values))


def _is_grey(image: Image) -> bool:
    import numpy as np

    if image.mode == "L":
        return True
    colours: Pixels = image.pixels[..., :3]
    spread = colours.max(axis=2).astype(np.int16) - colours.min(axis=2)
    return bool((spread <= _GREY).all())

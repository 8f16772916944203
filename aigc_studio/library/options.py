"""How files become examples: the choices of an import, the same in the window and in the shell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from typing import Any, Literal, get_args, get_type_hints

from aigc_studio.api import Image, StudioError
from aigc_studio.library.framing import Frame, read_frame
from aigc_studio.library.texts.encodings import known_encoding
from aigc_studio.translation import _, enumerated

SMALLEST_SIDE = 4
"""Pictures with a shorter side are skipped: nothing can be learnt from them."""
LARGEST_SIDE = 1024
NO_COLUMN = "-"
"""As the name of a label column: there are no labels. As a table of attributes: there is none."""
ALL_PARTS = "all"
"""As the name of a part: all of them together."""


@dataclass(frozen=True, kw_only=True)
class ImportOptions:
    """The choices of an import; each medium reads those that are its own.

    `size` is the side in pixels of the square that pictures become (None keeps each as it is);
    `mode` and `fit` say how, after each was cut to `crop`: left, top, right, bottom as shares of
    its width and height. `left_out` are examples that are not wanted, by their `Draft.source`:
    near-duplicates, say. `split_text` cuts texts into examples (auto: as `texts.forms` finds out),
    of which those shorter than `shortest` or longer than `longest` (characters; 0 = any) are left
    out. Passages are the text in order and whole, cut only where it is long; their lengths are
    not asked. `folders` says what the
    sub-folder of a file means: its label, its group (what the split must not tear apart), both, or
    nothing. `layout` says whether folders like train and test are read as parts, and folders that
    only hold others looked through (auto), or the first sub-folder always counts (plain).

    What is empty is found out: the `encoding` of texts; `text_column` and `label_column` of
    tables, each by its name or its number from 1 (`NO_COLUMN`: no labels); the `part` of a tune,
    by its name or number as remarks give them (`ALL_PARTS`: together). `attributes` is the path of
    a table whose rows name files and say something of each (`NO_COLUMN`: tables say nothing);
    `label_column` and `group_column` are columns of it as well, where there are such tables.
    Raises `StudioError` for a value out of range and for an unknown encoding.
    """

    size: int | None = None
    crop: tuple[float, float, float, float] | None = None
    mode: Literal["grey", "rgb", "keep"] = "keep"
    fit: Literal["crop", "pad", "stretch"] = "pad"
    split_text: Literal["auto", "sentences", "lines", "paragraphs", "passages", "whole"] = "auto"
    shortest: int = 2
    longest: int = 0
    folders: Literal["label", "group", "both", "none"] = "label"
    layout: Literal["auto", "plain"] = "auto"
    encoding: str = ""
    text_column: str = ""
    label_column: str = ""
    group_column: str = ""
    attributes: str = ""
    part: str = ""
    left_out: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.crop is not None:
            object.__setattr__(self, "crop", tuple(read_frame(self.crop)))
        object.__setattr__(self, "left_out", tuple(self.left_out))
        for name, hint in get_type_hints(type(self)).items():
            allowed = get_args(hint)
            if allowed and isinstance(allowed[0], str) and getattr(self, name) not in allowed:
                raise StudioError(
                    _("{name} must be one of {allowed}, not {value}.").format(
                        name=name, allowed=enumerated(allowed), value=getattr(self, name)
                    )
                )
        for name, low in (("size", SMALLEST_SIDE), ("shortest", 0), ("longest", 0)):
            value = getattr(self, name)
            high = LARGEST_SIDE if name == "size" else 1_000_000
            whole = isinstance(value, int) and not isinstance(value, bool)
            if value is not None and not (whole and low <= value <= high):
                raise StudioError(
                    _("{name} must be a whole number from {low} to {high}, not {value}.").format(
                        name=name, low=low, high=high, value=value
                    )
                )
        if self.encoding and known_encoding(self.encoding) is None:
            raise StudioError(
                _("There is no encoding {name}: write one such as UTF-8 or Shift-JIS.").format(
                    name=self.encoding
                )
            )

    @cached_property
    def unwanted(self) -> frozenset[str]:
        """`left_out`, to ask of many."""
        return frozenset(self.left_out)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> ImportOptions:
        """Read what `to_json` gave; names that are not known are left out."""
        known = {each.name for each in fields(cls)}
        return cls(**{name: each for name, each in value.items() if name in known})


def fit_picture(image: Image, options: ImportOptions) -> Image:
    """What lies in the frame, in the mode and size that the options ask for.

    Transparent parts are laid on white when the mode has no alpha. `pad` fills with the colour at
    the edges (their median), `crop` keeps the middle, `stretch` ignores the proportions.
    """
    if options.crop is not None:
        image = Frame(*options.crop).cut(image)
    if image.mode == "RGBA" and options.mode != "keep":
        image = _on_white(image)
    if options.mode != "keep":
        image = image.convert("L" if options.mode == "grey" else "RGB")
    size = options.size
    if size is None or (image.width, image.height) == (size, size):
        return image
    from PIL import Image as Pillow
    from PIL import ImageOps

    picture, square = image.to_pillow(), (size, size)
    # Enlarged small drawings must not ring; reduced ones must not alias: LANCZOS only downwards.
    sharp = max(image.width, image.height) > size
    how = Pillow.Resampling.LANCZOS if sharp else Pillow.Resampling.BICUBIC
    if options.fit == "crop":
        return Image.from_pillow(ImageOps.fit(picture, square, how))
    if options.fit == "stretch":
        return Image.from_pillow(picture.resize(square, how))
    return Image.from_pillow(ImageOps.pad(picture, square, how, color=_edge_colour(image)))


def _on_white(image: Image) -> Image:
    from PIL import Image as Pillow

    picture = image.to_pillow()
    ground = Pillow.new("RGBA", picture.size, (255, 255, 255, 255))
    return Image.from_pillow(Pillow.alpha_composite(ground, picture)).convert("RGB")


def _edge_colour(image: Image) -> Any:
    import numpy as np

    pixels = image.pixels if image.pixels.ndim == 3 else image.pixels[..., None]
    edges = [pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]]
    middle = np.median(np.concatenate(edges), axis=0).astype(int).tolist()
    return middle[0] if image.pixels.ndim == 2 else tuple(middle)

"""Artifacts: the values of the three media that cross every border of the studio.

All are immutable and compare by content. `digest` names a content, as provenance does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from aigc_studio.api.melody import Melody

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image as PillowImage

    from aigc_studio.api.selections import Span

Medium = Literal["image", "text", "melody"]


@dataclass(frozen=True, eq=False)
class Image:
    """A picture: `pixels` is uint8, (height, width) for L, (…, 3) for RGB, (…, 4) for RGBA.

    Alpha is straight, not premultiplied. The array is made read-only and must not be changed.
    Raises `ValueError` for another dtype, shape, or no pixels at all.
    """

    pixels: np.ndarray[Any, np.dtype[np.uint8]]
    medium: ClassVar[Medium] = "image"

    def __post_init__(self) -> None:
        import numpy as np

        pixels = np.ascontiguousarray(self.pixels)
        shape_is_right = pixels.ndim == 2 or (pixels.ndim == 3 and pixels.shape[2] in (3, 4))
        if pixels.dtype != np.uint8 or not shape_is_right or 0 in pixels.shape:
            raise ValueError(
                "an Image needs uint8 pixels of shape (height, width), (height, width, 3) or "
                f"(height, width, 4), not {pixels.dtype} {pixels.shape}"
            )
        if pixels is self.pixels and pixels.flags.writeable:
            pixels = pixels.copy()
        pixels.flags.writeable = False
        object.__setattr__(self, "pixels", pixels)

    @property
    def mode(self) -> Literal["L", "RGB", "RGBA"]:
        """Pillow's name for the kind of pixel."""
        if self.pixels.ndim == 2:
            return "L"
        return "RGB" if self.pixels.shape[2] == 3 else "RGBA"

    @property
    def width(self) -> int:
        """Pixels from left to right."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Pixels from top to bottom."""
        return int(self.pixels.shape[0])

    @property
    def digest(self) -> str:
        """SHA-256 of mode, size and pixels, as hexadecimal digits."""
        import hashlib

        head = f"image {self.mode} {self.width} {self.height} ".encode()
        return hashlib.sha256(head + self.pixels.tobytes()).hexdigest()

    def convert(self, mode: Literal["L", "RGB", "RGBA"]) -> Image:
        """The same picture with another kind of pixel (ITU-R 601 luma for L, as Pillow)."""
        return self if mode == self.mode else Image.from_pillow(self.to_pillow().convert(mode))

    def to_pillow(self) -> PillowImage:
        """A Pillow image with a copy of the pixels."""
        from PIL import Image as Pillow

        return Pillow.fromarray(self.pixels)

    @classmethod
    def from_pillow(cls, picture: PillowImage) -> Image:
        """From a Pillow image; modes other than L, RGB and RGBA are converted to RGB(A)."""
        import numpy as np

        if picture.mode not in ("L", "RGB", "RGBA"):
            picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
        return cls(np.array(picture, dtype=np.uint8))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Image):
            return NotImplemented
        same_shape = self.pixels.shape == other.pixels.shape
        return same_shape and bool((self.pixels == other.pixels).all())

    def __hash__(self) -> int:
        return hash(self.digest)


@dataclass(frozen=True)
class Text:
    """A piece of writing: any string, positions counted in code points."""

    value: str
    medium: ClassVar[Medium] = "text"

    @property
    def digest(self) -> str:
        """SHA-256 of the UTF-8 bytes, as hexadecimal digits."""
        import hashlib

        return hashlib.sha256(b"text " + self.value.encode("utf-8", "surrogatepass")).hexdigest()

    def part(self, span: Span) -> str:
        """The characters of a span. Raises `ValueError` for one that leaves the text."""
        if span.stop > len(self.value):
            raise ValueError(f"{span} is no part of a text of {len(self.value)} characters")
        return self.value[span.start : span.stop]

    def replaced(self, span: Span, words: str) -> Text:
        """The text with `words` in place of a span, all else as it is; what an edit gives back.

        Raises `ValueError` for a span that leaves the text.
        """
        self.part(span)
        return Text(self.value[: span.start] + words + self.value[span.stop :])

    def __str__(self) -> str:
        return self.value

    def __len__(self) -> int:
        return len(self.value)

    def __bool__(self) -> bool:
        """An artifact is one even when nothing is written in it."""
        return True


Artifact = Image | Text | Melody

"""An edit of a large stored picture: what lies outside the frame is neither read nor written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from aigc_studio.api import Image, Mask, Operation
from aigc_studio.project import frames
from aigc_studio.project.content import Content, ContentStore
from aigc_studio.project.making import FramedEdit

if TYPE_CHECKING:
    from aigc_studio.api import Artifact

LARGE = 1 << 20
"""Pixels of a picture from which on it is edited in a part."""


class PatchEdit:
    """A framed edit of a part of a stored picture, which is the frame and a pixel around it.

    `framed` is what goes into the request, and what makes a result fit into the part; `keep` and
    `whole` put the part back. Made and used on any thread. Raises `StudioError` when the picture
    cannot be read, or the frame is no use.
    """

    def __init__(
        self,
        store: ContentStore,
        content: Content,
        mask: Mask | None,
        card: Mapping[str, Any],
        chosen: tuple[int, int, int, int] | None,
        operation: Operation | None = None,
    ) -> None:
        self._store, self._content = store, content
        size = content.info["width"], content.info["height"]
        frame = frames.choose(size, mask, card["frame"], chosen)
        left, top, right, bottom = frame.box
        self.box = (
            max(left - 1, 0), max(top - 1, 0), min(right + 1, size[0]), min(bottom + 1, size[1])
        )  # fmt: skip
        placed = replace(frame, left=left - self.box[0], top=top - self.box[1])
        part = store.part(content, self.box)
        inside, self._touched = None, self.box
        if mask is not None:
            rows, columns = slice(self.box[1], self.box[3]), slice(self.box[0], self.box[2])
            inside = Mask(mask.pixels[rows, columns])
            self._touched = _moved(frames.bounds(inside), self.box) or self.box
        self.framed = FramedEdit.of(operation, (part,), inside, card, placed)

    @staticmethod
    def is_for(
        content: Content,
        mask: Mask | None,
        card: Mapping[str, Any],
        chosen: tuple[int, int, int, int] | None,
    ) -> bool:
        """Whether a picture is large, and a part of it goes to the model."""
        if content.medium != "image" or not card.get("frame") or (mask is None and chosen is None):
            return False
        return bool(content.info["width"] * content.info["height"] >= LARGE)

    def finish(self, result: Artifact) -> Image:
        """The part with a candidate's artifact in it. `TypeError` when that is no picture."""
        made = self.framed.finish(result)
        if not isinstance(made, Image):
            raise TypeError(f"a picture was asked for, not {type(made).__name__}")
        return made

    def keep(self, store: ContentStore, part: Image) -> Content:
        """The whole picture with the part in its place, stored; equal tiles are those there are."""
        left, top, right, bottom = self._touched
        rows, columns = (
            slice(top - self.box[1], bottom - self.box[1]),
            slice(left - self.box[0], right - self.box[0]),
        )
        # What is around the mask is as it was, bit for bit: its tiles are neither read nor hashed.
        return store.put_part(self._content, self._touched, Image(part.pixels[rows, columns]))

    def whole(self, part: Image) -> Image:
        """The whole picture with the part in its place, stored nowhere."""
        picture = self._store.get(self._content)
        if not isinstance(picture, Image):
            raise TypeError("a part of a picture lies in a picture")
        pixels = picture.convert(_wider(picture, part)).pixels.copy()
        left, top, right, bottom = self.box
        pixels[top:bottom, left:right] = part.convert(_wider(picture, part)).pixels
        return Image(pixels)


def _moved(
    bounds: tuple[int, int, int, int] | None, box: tuple[int, int, int, int]
) -> tuple[int, int, int, int] | None:
    """Bounds within a box as they lie in the picture that the box lies in."""
    if bounds is None:
        return None
    left, top = box[:2]
    return bounds[0] + left, bounds[1] + top, bounds[2] + left, bounds[3] + top


def _wider(one: Image, other: Image) -> frames.Mode:
    modes: tuple[frames.Mode, ...] = ("L", "RGB", "RGBA")
    return max(one.mode, other.mode, key=modes.index)

"""Pictures on their way into the net and back: any size, mode and proportions.

What comes back keeps the size, the mode and the opacity of what went in. Only what the net changed
is put upon the picture's own pixels, so that a large photograph stays as sharp as it was. Of a
picture that is no square either the middle is worked on, as models learnt it, or all of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, cast

import numpy as np
import torch
from PIL import Image as Pillow
from torch import Tensor

from aigc_studio.api import EditRequest, GeneratorError, Image, Mask
from aigc_studio.toolkit import to_values
from aigc_studio.toolkit.pictures import Mode, Pixels, flatten, has_colour, resized, to_channels
from vae_faces.making.carrying import SLACK

Numbers = np.ndarray[Any, np.dtype[np.float32]]
_BAND = 1 << 20
"""About so many pixels are worked on at once: a large picture takes no more room for it."""
_LIGHT = np.array((0.299, 0.587, 0.114), np.float32)
_EDGE = 1 / 12
"""The part of the side over which a change fades where a picture was cut."""
_NOISE = 1.5
"""How many times the usual deviation a detail must have to be one and no noise."""


@dataclass(frozen=True)
class Subject:
    """A picture as the net gets it, and what leads back.

    `values` (1, c, side, side) show it in the rectangle `inner` (left, top, right, bottom), with
    its edge pixels around it where it is no square. It may be cut out of a larger picture,
    `around`, from `place` (left, top) on, which stays as it is. `grey` says what else is seen from
    the values: whether nothing made of it may have colour.
    """

    image: Image
    values: Tensor
    inner: tuple[int, int, int, int]
    around: Image | None = None
    place: tuple[int, int] = (0, 0)
    grey: bool | None = None

    @cached_property
    def edges(self) -> Tensor:
        """How much a change counts, (side, side): less and less towards sides where it was cut."""
        side = self.values.shape[-1]
        ramp = ((torch.arange(side) + 0.5) / max(side * _EDGE, 1)).clamp(max=1)
        fall = torch.minimum(ramp, ramp.flip(0))
        weight = torch.ones(side, side)
        if self.around is not None and self.around.width > self.image.width:
            weight = weight * fall
        if self.around is not None and self.around.height > self.image.height:
            weight = weight * fall[:, None]
        return weight

    @cached_property
    def is_grey(self) -> bool:
        """Whether it shows no colour, so that nothing made of it may."""
        if self.grey is not None:
            return self.grey
        left, top, right, bottom = self.inner
        part = self.values[0, :3, top:bottom, left:right]
        if len(part) < 3:
            return True
        small = ((part.permute(1, 2, 0) + 1) * 127.5).round().to(torch.uint8).numpy()
        return not has_colour(Image(small))

    @property
    def is_larger(self) -> bool:
        """Whether it has more pixels than the net sees of it."""
        left, top, right, bottom = self.inner
        return self.image.width > right - left or self.image.height > bottom - top

    def composed(
        self,
        values: Tensor,
        base: Tensor | None = None,
        *,
        share: float | Tensor = 1.0,
        weight: Tensor | None = None,
        part: Pixels | None = None,
    ) -> Image:
        """The picture with what `values` (1, c, side, side) show.

        `base` is how the net draws the picture itself: what it cannot draw is kept by `share`, all
        of it at 1; it may be another part at each place, (side, side). Without a base the values
        alone are seen. `weight` (side, side), 0 to 1, says how much is changed at each place, and
        so does `part` (h, w), 0 to 255, in the picture's own pixels: where that is 0 every bit
        stays.
        """
        whole = torch.ones_like(values[:, :1])
        kept = whole * (share if base is not None else 0.0)
        shown, stays = self._inside((values + 1) * 127.5), self._inside(kept)
        change = values if base is None else values - kept * base
        # In 0 to 255: values and base have the same middle, which the difference must not lose.
        planes = self._inside(change * 127.5 + (1 - kept) * 127.5)
        if self.around is not None:
            weight = self.edges if weight is None else self.edges * weight
        spread = None if weight is None else self._inside(weight[None, None])
        part, rows = self._cut(part), []
        for start, stop in self._bands():
            own = self._own(start, stop)
            seen = own if base is None else self._seen(own, len(planes))
            made = self._enlarged(stays, start, stop).clip(0, 1) * seen
            made = made + self._fitted(self._enlarged(planes, start, stop), seen)
            if base is not None:
                wanted = self._fitted(self._enlarged(shown, start, stop), seen)
                made = _between(made, seen, wanted)
            made = self._coloured(made, own)
            if spread is not None:
                made = own + (made - own) * self._enlarged(spread, start, stop).clip(0, 1)
            rows.append(self._mixed(made, start, stop, part))
        return self._joined(rows)

    def restored(self, values: Tensor, strength: float, part: Pixels | None = None) -> Image:
        """The picture as `values` (1, c, side, side) show it, by `strength`, with what it has finer
        than the net sees: details that stand out of the noise.
        """
        before, after = (self._inside((each + 1) * 127.5) for each in (self.values, values))
        middle = self._bands()[len(self._bands()) // 2]
        least = _NOISE * _noise(self._detail(before, *middle)) if self.is_larger else 0.0
        part, rows = self._cut(part), []
        for start, stop in self._bands():
            own = self._own(start, stop)
            made = self._fitted(self._enlarged(after, start, stop), self._seen(own, len(after)))
            if self.is_larger:
                detail = self._detail(before, start, stop)
                made = made + np.sign(detail) * np.maximum(np.abs(detail) - least, 0)
            made = self._coloured(made, own)
            rows.append(self._mixed(own + strength * (made - own), start, stop, part))
        return self._joined(rows)

    def planes(self) -> Numbers:
        """The picture itself as planes (k, h, w), 0 to 255."""
        return self._own(0, self.image.height)

    def shown(self, values: Tensor) -> Numbers:
        """What values (1, c, side, side) show, as planes (k, h, w) of the picture's size and mode;
        its opacity is the picture's own where the net has none."""
        planes = self._enlarged(self._inside((values + 1) * 127.5), 0, self.image.height)
        return self._fitted(planes, self.planes())

    def _detail(self, before: Numbers, start: int, stop: int) -> Numbers:
        """What rows of the picture have that is finer than the net sees."""
        own = self._seen(self._own(start, stop), len(before))
        return cast("Numbers", own - self._fitted(self._enlarged(before, start, stop), own))

    def _seen(self, own: Numbers, channels: int) -> Numbers:
        """Of planes of the picture (k, rows, width) what a net of so many channels knows of."""
        if channels > 1 or len(own) == 1:
            return own
        return cast("Numbers", np.tensordot(_LIGHT, own[:3], 1)[None])

    def _coloured(self, made: Numbers, own: Numbers) -> Numbers:
        """Planes that were made, with the picture's own colours where the net knows of light alone,
        and with its own opacity where the net knows of none."""
        if len(made) < len(own):
            lighter = made - self._seen(own, 1)
            return np.concatenate([own[:3] + lighter, own[3:]])
        if len(own) == 4 and self.values.shape[1] < 4:
            return np.concatenate([made[:3], own[3:]])
        return made

    def _cut(self, part: Pixels | None) -> Pixels | None:
        """Of a part of the whole picture what lies in this one."""
        if part is None or self.around is None:
            return part
        left, top = self.place
        return part[top : top + self.image.height, left : left + self.image.width]

    def _bands(self) -> list[tuple[int, int]]:
        step = max(1, _BAND // self.image.width)
        height = self.image.height
        return [(start, min(start + step, height)) for start in range(0, height, step)]

    def _own(self, start: int, stop: int) -> Numbers:
        """Rows of the picture as planes (k, rows, width)."""
        return to_channels(self.image.pixels[start:stop]).astype(np.float32)

    def _inside(self, values: Tensor) -> Numbers:
        """Of values (1, c, side, side) what shows the picture, (c, h, w)."""
        left, top, right, bottom = self.inner
        return values[0, :, top:bottom, left:right].numpy().astype(np.float32)

    def _enlarged(self, planes: Numbers, start: int, stop: int) -> Numbers:
        """Rows of planes (c, h, w) at the picture's own size."""
        height, width = planes.shape[1:]
        if (width, height) == (self.image.width, self.image.height):
            return planes[:, start:stop]
        size, part = (self.image.width, stop - start), height / self.image.height
        smaller = size[0] <= width and self.image.height <= height
        how = Pillow.Resampling.BOX if smaller else Pillow.Resampling.BICUBIC
        box = (0, start * part, width, stop * part)
        return np.stack(
            [np.asarray(Pillow.fromarray(plane).resize(size, how, box)) for plane in planes]
        )

    def _fitted(self, planes: Numbers, own: Numbers) -> Numbers:
        """Planes of the net's channels as those of the picture (k, rows, width)."""
        colours, alpha = planes[:3] if len(planes) > 1 else planes, planes[3:]
        if len(colours) == 3 and (len(own) == 1 or self.is_grey):
            colours = np.tensordot(_LIGHT, colours, 1)[None]
        if len(own) == 1:
            return cast("Numbers", colours)
        if len(colours) == 1:
            colours = np.repeat(colours, 3, axis=0)
        if len(own) == 4:
            return np.concatenate([colours, alpha if len(alpha) else own[3:]])
        return cast("Numbers", colours)

    def _mixed(self, made: Numbers, start: int, stop: int, part: Pixels | None) -> Pixels:
        """Planes as rows of pixels, where `part` says so."""
        own = self.image.pixels[start:stop]
        if part is not None:
            weight = part[None, start:stop].astype(np.float32) / 255
            made = cast("Numbers", self._own(start, stop) * (1 - weight) + made * weight)
        bright = made.round().clip(0, 255).astype(np.uint8)
        rows = bright[0] if len(bright) == 1 else bright.transpose(1, 2, 0)
        if part is None:
            return cast("Pixels", rows)
        chosen = part[start:stop] > 0
        return np.where(chosen if own.ndim == 2 else chosen[..., None], rows, own)

    def _joined(self, rows: list[Pixels]) -> Image:
        made = rows[0] if len(rows) == 1 else np.concatenate(rows)
        if self.around is None:
            return Image(made)
        pixels = self.around.pixels.copy()
        left, top = self.place
        pixels[top : top + self.image.height, left : left + self.image.width] = made
        return Image(pixels)


def _between(made: Numbers, own: Numbers, wanted: Numbers) -> Numbers:
    """What was made, no further away than the picture itself and what was wanted: where the net
    draws a face otherwise than it is, their difference would leave a rim of light or dark."""
    slack = SLACK * np.abs(wanted - own)
    low, high = np.minimum(own, wanted) - slack, np.maximum(own, wanted) + slack
    return cast("Numbers", made.clip(low, high))


def _noise(detail: Numbers) -> float:
    """How far details usually deviate, by the median, which the large ones do not move."""
    return float(np.median(np.abs(detail)) / 0.6745)


def middle_of(image: Image, side: int, mode: Mode) -> Subject:
    """The middle square of a picture, for a net of this side and mode."""
    if image.width == image.height:
        return as_subject(image, side, mode)
    size = min(image.width, image.height)
    left, top = (image.width - size) // 2, (image.height - size) // 2
    square = Image(image.pixels[top : top + size, left : left + size])
    return replace(as_subject(square, side, mode), around=image, place=(left, top))


def as_subject(image: Image, side: int, mode: Mode) -> Subject:
    """All of a picture, for a net of this side and mode."""
    longest = max(image.width, image.height)
    width, height = (max(1, round(each * side / longest)) for each in (image.width, image.height))
    small = image
    if longest > side:  # what is scaled first is not copied at its full size
        small = Image(resized(image.pixels, width, height))
    pixels = resized(flatten(small, mode), width, height)
    left, top = (side - width) // 2, (side - height) // 2
    across, down = (left, side - width - left), (top, side - height - top)
    around = (down, across) if pixels.ndim == 2 else (down, across, (0, 0))
    square = np.pad(pixels, around, mode="edge")
    values = to_values(torch.from_numpy(to_channels(square)), -1)[None]
    return Subject(image, values, (left, top, left + width, top + height))


def picture_of(request: EditRequest, number: int = 0) -> Image:
    """The picture number `number` of the request."""
    artifact = request.artifacts[number]
    assert isinstance(artifact, Image), "the worker checks the medium"
    return artifact


def part_of(request: EditRequest) -> Pixels | None:
    """What is selected in the first picture, (h, w); None where nothing is.

    Raises GeneratorError where the mask is not of the picture's size.
    """
    mask = request.selections[0] if request.selections else None
    if not isinstance(mask, Mask) or not mask.pixels.any():
        return None
    image = picture_of(request)
    if mask.pixels.shape != (image.height, image.width):
        raise GeneratorError(
            "The mask is not of the picture's size: paint it anew on this picture.",
            zh="蒙版与图像尺寸不一致：请在此图像上重新涂抹。",
        )
    return mask.pixels


def hole_in(subject: Subject, part: Pixels) -> Tensor:
    """The places (1, 1, side, side) of the net's picture that anything selected falls into."""
    left, top, right, bottom = subject.inner
    side = subject.values.shape[-1]
    rows, columns = (part > 0).nonzero()
    high, wide = bottom - top, right - left
    hole = torch.zeros(1, 1, side, side)
    if wide >= part.shape[1] and high >= part.shape[0]:
        large = Pillow.fromarray((part > 0).astype(np.uint8))
        grown = np.asarray(large.resize((wide, high), Pillow.Resampling.NEAREST))
        hole[0, 0, top:bottom, left:right] = torch.from_numpy(grown.astype(np.float32))
        return hole
    # A pixel may lie across two places: what is known must be so in both.
    for down in (rows * high // part.shape[0], ((rows + 1) * high - 1) // part.shape[0]):
        for across in (
            columns * wide // part.shape[1],
            ((columns + 1) * wide - 1) // part.shape[1],
        ):
            hole[0, 0, torch.from_numpy(down + top), torch.from_numpy(across + left)] = 1.0
    return hole

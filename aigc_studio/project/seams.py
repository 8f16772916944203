"""A result that a small model made, in a much larger picture: as sharp, as bright, without a seam.

Where a model's pixel is several of the picture's, its result is blurred beside the rest, and the
edge of a mask would show as a cut. What is done here is done inside the mask only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from aigc_studio.project import cells, membrane, rings

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    from aigc_studio.project.cells import Square, Truths, Values

    Pixels = np.ndarray[Any, np.dtype[np.uint8]]
    Numbers = np.ndarray[Any, np.dtype[np.intp]]

LARGER = 1.5
"""From so many pixels of the picture on a pixel of the model, seams are looked after."""
REACH = 2.5
"""Pixels of the model: so far into the mask a result is led over from what surrounds it."""
_NEAR = 32  # of 255: pixels this near to a level have it
_PLAIN = 0.95  # of the pixels known: so many have one of two levels in a drawing
_APART = 96  # of 255: ink and paper are this far apart at least
_SHARPEST = 4.5
_SHADES = 1020  # from paper to ink: finer than 255 levels can show
_EDGE = 0.42  # where a stroke ends: below a half, or thin strokes would break


@dataclass(frozen=True)
class Levels:
    """A drawing's two colours, as (channels,) each: nearly every pixel has one of them."""

    paper: Values
    ink: Values

    def ink_in(self, pixels: Pixels) -> Values:
        """How much ink each pixel (h, w) or (h, w, channels) has, 0 to 1: (h, w, 1)."""
        import numpy as np

        way = self.ink - self.paper
        shares = (np.arange(256)[:, None] - self.paper) * way / float(way @ way)
        planes = pixels.reshape(*pixels.shape[:2], -1)
        # A table for each channel: sums of what stands there are quicker than a product of all.
        part = np.zeros(pixels.shape[:2], np.float32)
        for channel in range(planes.shape[2]):
            part += shares[:, channel].astype(np.float32)[planes[..., channel]]
        return cast("Values", np.clip(part, 0.0, 1.0, out=part)[..., None])

    def drawn(self, ink: Values) -> Pixels:
        """Pixels (h, w, channels) with so much ink (h, w, 1) each."""
        import numpy as np

        parts = np.arange(_SHADES + 1, dtype=np.float32)[:, None] / _SHADES
        table = _rounded(self.paper + parts * (self.ink - self.paper))
        shades = np.rint(ink[..., 0] * _SHADES).astype(np.uint16)
        return cast("Pixels", table[:, 0][shades] if table.shape[1] == 1 else table[shades])


def around(weight: Pixels, scale: float) -> Square | None:
    """What is looked at to fit something in: where `weight` (h, w) is above 0, and a rim around it.
    None where it is 0 all over. `scale` is as in `joined`."""
    import numpy as np

    # Pictures may have 16 million pixels.
    rows = np.flatnonzero(weight.any(axis=1))
    if not len(rows):
        return None
    columns = np.flatnonzero(weight[rows[0] : rows[-1] + 1].any(axis=0))
    coarse = membrane.coarseness((rows[-1] + 1 - rows[0], columns[-1] + 1 - columns[0]), scale)
    return _with_rim(rows, columns, 2 * coarse)


def _with_rim(rows: Numbers, columns: Numbers, rim: int) -> Square:
    return (
        slice(int(max(rows[0] - rim, 0)), int(rows[-1] + 1 + rim)),
        slice(int(max(columns[0] - rim, 0)), int(columns[-1] + 1 + rim)),
    )


def joined(
    old: Pixels,
    patch: Pixels,
    weight: Pixels,
    scale: float,
    *,
    fits: bool = False,
    ground: Pixels | None = None,
) -> Pixels:
    """`patch` fitted to `old`, both (h, w) or (h, w, 3), where `weight` (h, w) is above 0.

    `scale` is how many pixels of the picture one of the model's takes; `patch` has been enlarged
    by it. In drawings the patch gets the paper, the ink and the sharpness of what was drawn there.
    Along the edge of the mask it begins as what lies outside, and is itself from `REACH` pixels of
    the model on. A patch that `fits`, as one that fills a hole should, has the colours of what is
    around it all over (`membrane`), at any scale. By the `ground` it is seen whether this is a
    drawing: all that the model was given of it, where `old` is less.
    """
    import numpy as np

    rows, columns = (np.flatnonzero(weight.any(axis=axis)) for axis in (1, 0))
    if (scale < LARGER and not fits) or not len(rows):
        return patch
    ground = old if ground is None else ground
    levels = levels_of(ground[:: _step(ground.shape[0]), :: _step(ground.shape[1])])
    if levels is not None and scale < LARGER:
        return patch
    box = (rows[-1] + 1 - rows[0], columns[-1] + 1 - columns[0])
    coarse = membrane.coarseness(box, scale) if fits and levels is None else 0
    part = _with_rim(rows, columns, max(2 * coarse, 1))
    found = patch.copy()
    if coarse:
        _match(old[part], found[part], weight[part] > 0, coarse)
    if scale >= LARGER:
        _fit(old[part], found[part], weight[part] > 0, scale, levels)
    return found


def _match(old: Pixels, place: Pixels, inside: Truths, coarse: int) -> None:
    """Give what was made, in `place`, the colours of what is `old` around it."""

    def apart(square: Square) -> Values:
        return _plain(old[square]) - _plain(place[square])

    film = membrane.membrane(inside, apart, 1 if old.ndim == 2 else old.shape[2], coarse)
    if film is None:
        return
    near = cells.wider(cells.wider(cells.any_in_cells(inside, coarse)))
    # Along the edge outside as well: what is still apart there is what the edge is mended by.
    for square in cells.squares(inside.shape, cells.whole_side(coarse)):
        if not near[cells.cells_of(square, coarse)].any():
            continue
        made = _plain(place[square]) + film.at(square)
        place[square] = _rounded(made).reshape(place[square].shape)


def _fit(old: Pixels, place: Pixels, inside: Truths, scale: float, levels: Levels | None) -> None:
    """Fit what was made, in `place`, to what is `old`; squares that need nothing stay."""
    values: Callable[[Pixels], Values] = _plain if levels is None else levels.ink_in
    channels = 1 if levels is not None or old.ndim == 2 else old.shape[2]
    led = rings.rings(
        inside,
        lambda square: values(old[square]) - values(place[square]),
        channels,
        REACH * scale,
    )
    for square in cells.squares(inside.shape, led.side() if led else cells.SIDE):
        is_led = led is not None and led.any_in(square)
        if not (inside[square].any() and (is_led or levels)):
            continue
        made = values(place[square])
        if led is not None and is_led:
            made = made + led.faded(square)
        # How much ink there is, led over while edges are soft: sharpening leaves no grey behind.
        fitted = levels.drawn(_sharpened(made, scale)) if levels else _rounded(made)
        place[square] = fitted.reshape(place[square].shape)


def _plain(pixels: Pixels) -> Values:
    import numpy as np

    return pixels.reshape(*pixels.shape[:2], -1).astype(np.float32)


def _rounded(values: Values) -> Pixels:
    import numpy as np

    return cast("Pixels", np.clip(np.rint(values), 0, 255).astype(np.uint8))


def levels_of(pixels: Pixels) -> Levels | None:
    """Paper and ink of a drawing (h, w) or (h, w, 3); None for any other picture."""
    import numpy as np

    planes = pixels.reshape(-1, 1 if pixels.ndim == 2 else pixels.shape[2]).T.copy()
    known = planes.astype(np.float32)
    paper = _middles(planes)
    apart = np.abs(known - paper[:, None]).max(axis=0)
    others = planes[:, apart > _APART]
    if not others.shape[1]:
        return None
    ink = _middles(others)
    has_ink = np.abs(known - ink[:, None]).max(axis=0) <= _NEAR
    if float(((apart <= _NEAR) | has_ink).mean()) < _PLAIN:
        return None
    return Levels(paper, ink)


def _middles(planes: Pixels) -> Values:
    """The median of each plane (channels, n): counted, which takes a tenth of sorting."""
    import numpy as np

    half = (planes.shape[1] - 1) // 2, planes.shape[1] // 2
    counts = [np.bincount(plane, minlength=256).cumsum() for plane in planes]
    return np.array(
        [np.searchsorted(each, half, side="right").mean() for each in counts], np.float32
    )


def _step(length: int) -> int:
    """Of so many rows or columns every how manieth is looked at for a drawing's colours."""
    return max(1, length // 512)


def _sharpened(ink: Values, scale: float) -> Values:
    """An enlarged drawing's ink, 0 to 1, with edges nearly as sharp as a pen's."""
    import numpy as np

    sharp = min(max(0.6 * scale, 1.0), _SHARPEST)
    return cast("Values", np.clip((ink - _EDGE) * sharp + _EDGE, 0.0, 1.0))

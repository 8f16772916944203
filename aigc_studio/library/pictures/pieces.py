"""A large picture piece by piece, so that no step on it needs a second picture of its size."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

from aigc_studio.api import Image

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image as PillowImage

    Pixels = np.ndarray[Any, np.dtype[np.uint8]]

PIXELS = 1 << 20
"""About how many pixels a piece has."""
_T = TypeVar("_T")


def pieces(picture: PillowImage) -> Iterator[tuple[int, PillowImage]]:
    """Whole rows of a picture from top to bottom, with the number of the first row of each."""
    step = max(PIXELS // picture.width, 1)
    for top in range(0, picture.height, step):
        yield top, picture.crop((0, top, picture.width, min(top + step, picture.height)))


def over_pieces(
    picture: PillowImage, function: Callable[[int, PillowImage], _T]
) -> Iterator[tuple[int, _T]]:
    """What `function(top, piece)` makes of each piece, in order; a few at a time side by side."""
    if picture.width * picture.height <= PIXELS:
        yield 0, function(0, picture)
        return
    workers = min(os.cpu_count() or 1, 4)
    waiting: deque[tuple[int, Future[_T]]] = deque()
    with ThreadPoolExecutor(workers, "picture") as pool:
        for top, piece in pieces(picture):
            waiting.append((top, pool.submit(function, top, piece)))
            if len(waiting) > workers:
                first, future = waiting.popleft()
                yield first, future.result()
        for first, future in waiting:
            yield first, future.result()


def assembled(
    picture: PillowImage, function: Callable[[int, PillowImage], Pixels], turn: int | None
) -> Image:
    """The picture of what `function` makes of its pieces: (rows, width) or (rows, width, bands).

    `turn` is Pillow's `Transpose` that is applied to all of it, None for none.
    """
    import numpy as np

    whole: Pixels | None = None
    for top, part in over_pieces(picture, function):
        if whole is None:
            shape = (picture.height, picture.width)
            turned = shape[::-1] if turn in (2, 4, 5, 6) else shape
            whole = np.empty(turned + part.shape[2:], np.uint8)
            lying = _lying(whole, turn)
        lying[top : top + len(part)] = part
    assert whole is not None
    whole.flags.writeable = False  # an Image takes it as it is then
    return Image(whole)


def _lying(whole: Pixels, turn: int | None) -> Pixels:
    """The view of a turned picture in which its rows are those of the file."""
    import numpy as np

    if turn is None:
        return whole
    swapped = whole.swapaxes(0, 1)
    views: dict[int, Callable[[], Pixels]] = {
        0: lambda: whole[:, ::-1],
        1: lambda: whole[::-1],
        2: lambda: np.rot90(whole, -1),
        3: lambda: whole[::-1, ::-1],
        4: lambda: np.rot90(whole),
        5: lambda: swapped,
        6: lambda: swapped[::-1, ::-1],
    }
    return views[turn]()

"""Where a picture has about one colour, all over or in one piece: what a magic wand marks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aigc_studio.project.masking import bands

if TYPE_CHECKING:
    import numpy as np

    Pixels = np.ndarray[Any, np.dtype[np.uint8]]


def alike(pixels: Pixels, place: tuple[int, int], tolerance: int, *, joined: bool = True) -> Pixels:
    """Where a picture (h, w) or (h, w, channels) has about the colour that it has at (x, y).

    No channel differs by more than `tolerance`, 0 to 255; where both are transparent, colours do
    not count. `joined`: only what hangs together with the place, side by side.
    """
    import numpy as np

    x, y = place
    planes = pixels.reshape(*pixels.shape[:2], -1)
    same = np.empty(pixels.shape[:2], bool)
    wanted = planes[y, x].astype(np.int16)
    clear = planes.shape[2] == 4 and wanted[3] == 0
    for band in bands(same.shape, 0):
        part = planes[band]
        if clear:
            same[band] = part[..., 3] <= tolerance
        else:
            same[band] = (np.abs(part.astype(np.int16) - wanted) <= tolerance).all(axis=2)
    if joined:
        same = _joined_to(same, x, y)
    return np.where(same, 255, 0).astype(np.uint8)


def _joined_to(same: Any, x: int, y: int) -> Any:
    """What of `same` (h, w) hangs together with a place: runs of rows are joined, not pixels."""
    import numpy as np

    height, width = same.shape
    edges = np.zeros((height, width + 2), np.int8)
    edges[:, 1:-1] = same
    steps = np.diff(edges, axis=1).ravel()
    # Runs from the upper left on, as places in a row of rows that are one wider.
    starts, stops = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)
    across = width + 1
    place = y * across + x
    number = int(np.searchsorted(starts, place, "right")) - 1
    if number < 0 or stops[number] <= place:
        return np.zeros_like(same)
    first = np.searchsorted(stops - across, starts, "right")
    last = np.searchsorted(starts - across, stops, "left")
    # Of each run: the runs in the row below that it touches are first to last, without last.
    label = _labels(len(starts), first, np.maximum(last, first))
    kept = np.flatnonzero(label == label[number])
    marks = np.zeros(height * across + 1, np.int8)
    marks[starts[kept]] += 1
    marks[stops[kept]] -= 1
    return np.cumsum(marks[:-1], dtype=np.int8).reshape(height, across)[:, :-1] > 0


def _labels(count: int, first: Any, last: Any) -> Any:
    """One number for all runs that hang together: the least of them, found by halving the ways."""
    import numpy as np

    counts = last - first
    one = np.repeat(np.arange(count), counts)
    two = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts) + first[one]
    label = np.arange(count)
    while True:
        least = np.minimum(label[one], label[two])
        former = label.copy()
        np.minimum.at(label, label[one], least)
        np.minimum.at(label, label[two], least)
        while (label[label] != label).any():
            label = label[label]
        if (label == former).all():
            return label

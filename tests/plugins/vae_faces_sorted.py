"""Small pictures that are sorted in folders, for the tests of kinds."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from vae_faces_examples import Told, write_dataset

from aigc_studio.api import Dataset, Image

SIDE = 32
SHAPES = ("oak", "maple", "willow")


def leaf(shape: str, number: int, side: int = SIDE) -> Image:
    """A disc, a square or an upright ellipse, of another green and another place each time."""
    down, across = np.mgrid[0:side, 0:side] / side - 0.5
    across = across - (number % 5 - 2) / 40
    inside = {
        "oak": down**2 + across**2 < 0.1,
        "maple": np.maximum(abs(down), abs(across)) < 0.26,
        "willow": down**2 + 12 * across**2 < 0.16,
    }[shape]
    pixels = np.full((side, side, 3), 240, np.uint8)
    pixels[inside] = (40 + 7 * (number % 9), 120 + 5 * (number % 11), 40)
    return Image(pixels)


def leaves(each: int, shapes: Sequence[str] = SHAPES) -> tuple[list[Told], list[str]]:
    """So many pictures of each shape, in turn, and what their folders are called."""
    labels = [shape for _number in range(each) for shape in shapes]
    return [(leaf(shape, n), {}) for n, shape in enumerate(labels)], labels


def sorted_data(
    folder: Path,
    counts: Mapping[str, int] | None = None,
    *,
    groups: Mapping[str, str] | None = None,
    loose: int = 0,
    held_out: int = 0,
) -> Dataset:
    """A dataset with so many pictures of each label, and `loose` ones that have none; the group of
    a picture goes by its label."""
    told = dict(counts or {})
    labels = [label for label, count in told.items() for _number in range(count)] + [""] * loose
    pairs: list[Told] = [(leaf(SHAPES[n % 3], n), {}) for n in range(len(labels))]
    of = groups or {}
    return write_dataset(folder, pairs, held_out, labels, [of.get(each, "") for each in labels])

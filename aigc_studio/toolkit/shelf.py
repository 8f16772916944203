"""What stands beside a model for people: samples of what it makes, and what data it knows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from aigc_studio.api import Artifact, Dataset, Image, Preview, samples
from aigc_studio.api.likeness import LEAST, measure

_MOST_LEARNT, _MOST_HELD_OUT = 600, 500
_MOST_PIXELS = 12_000_000
"""Pixels that are looked at in all: a second on one core."""


def keep_samples(folder: Path, draw: Callable[[], Artifact | Preview]) -> None:
    """Write what `draw` gives as the samples of the model in `folder`, unless it has its own."""
    if samples.find(folder) is None:
        drawn = draw()
        samples.keep(drawn.artifact if isinstance(drawn, Preview) else drawn, folder)


def likeness_of(dataset: Dataset) -> dict[str, Any]:
    """What a model of this data knows, for its card (`api.likeness`); empty where nothing is known.

    How far is too far comes from what the data holds out, and where that is too little from a fifth
    of what is learnt from. Equal data give equal numbers.
    """
    if dataset.medium != "image" or len(dataset) < LEAST:
        return {}
    learnt, held_out = dataset, Dataset(dataset.path, "test")
    places = _spread_out(learnt, _MOST_LEARNT)
    if len(held_out) >= LEAST:
        found = measure(
            _pictures(learnt, places), _pictures(held_out, _spread_out(held_out, _MOST_HELD_OUT))
        )
    else:
        kept = [each for number, each in enumerate(places) if number % 5]
        found = measure(_pictures(learnt, kept), _pictures(learnt, places[::5]))
    return found.to_json() if found is not None else {}


def _spread_out(dataset: Dataset, most: int) -> list[int]:
    """The numbers of some examples, evenly through the data."""
    first = dataset[0].artifact
    pixels = first.width * first.height if isinstance(first, Image) else 1
    count = max(LEAST, min(len(dataset), most, _MOST_PIXELS // 2 // pixels))
    return [place * len(dataset) // count for place in range(min(count, len(dataset)))]


def _pictures(dataset: Dataset, places: list[int]) -> Iterator[Image]:
    for place in places:
        artifact = dataset[place].artifact
        if isinstance(artifact, Image):
            yield artifact

"""Strips as animations: `--animation webp|png|gif` writes one file instead of many pictures."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path

from aigc_studio.api import Candidate, Description, Image, StudioError
from aigc_studio.translation import _, localized

FORMATS = ("webp", "png", "gif")

Frame = tuple[Candidate, bool]
"""A result, and whether it was stopped before it was finished."""


def add_flag(parser: argparse.ArgumentParser) -> None:
    """Add `--animation` to a command."""
    words = _("of strips, a morph for example: write each as one animation instead of its pictures")
    parser.add_argument("--animation", choices=FORMATS, default="", help=words)


def check(arguments: argparse.Namespace, description: Description) -> None:
    """Raise `StudioError` where nothing that is made could move, before anything is made."""
    if arguments.animation and description.medium != "image":
        sentence = _("--animation is for pictures, and {generator} makes none: leave it out.")
        raise StudioError(sentence.format(generator=localized(description.title)))


def gathered(results: Iterable[Frame], animated: bool) -> Iterator[list[Frame]]:
    """Results one by one; where they are animated, those of one strip together and in order.

    A strip is given when a result of another seed comes, or none: its frames may come mixed with
    those of another strip of that seed. What was stopped is given by itself.
    """
    strips: dict[str, list[Frame]] = {}
    seed: int | None = None
    try:
        for event, stopped in results:
            if event.seed != seed:
                yield from _taken(strips)
                seed = event.seed
            if animated and event.strip and not stopped:
                strips.setdefault(event.strip, []).append((event, stopped))
            else:
                yield [(event, stopped)]
    except (StudioError, KeyboardInterrupt):
        yield from _taken(strips)  # what was whole before it ended is kept
        raise
    yield from _taken(strips)


def _taken(strips: dict[str, list[Frame]]) -> Iterator[list[Frame]]:
    whole = [sorted(frames, key=lambda each: each[0].position) for frames in strips.values()]
    strips.clear()
    yield from whole


def path_of(path: Path, arguments: argparse.Namespace, frames: list[Frame]) -> Path:
    """Where results go of which the first alone would go to `path`."""
    if len(frames) == 1:
        return path
    position = f"-{frames[0][0].position:03}"
    return path.with_name(f"{path.stem.removesuffix(position)}.{arguments.animation}")


def pictures(frames: list[Frame]) -> list[Image]:
    """The pictures of the frames of a strip."""
    artifacts = (event.artifact for event, _stopped in frames)
    return [each for each in artifacts if isinstance(each, Image)]

"""A few of the pictures that an import would use, small, to choose a frame on."""

from __future__ import annotations

from collections.abc import Sequence

from aigc_studio.api import Image, StudioError
from aigc_studio.library.drafts import read_drafts
from aigc_studio.library.options import ImportOptions
from aigc_studio.library.sources import Source
from aigc_studio.library.surveying import FileCheck

LONGEST = 320
"""Longest side, in pixels, at which a picture is given."""


def chosen_for_sheet(files: Sequence[FileCheck], most: int) -> list[tuple[FileCheck, int]]:
    """At most so many files, evenly through all of them, and how many pictures to take of each."""
    used = [each for each in files if each.used and each.examples]
    count = min(len(used), most)
    some = [used[place * len(used) // count] for place in range(count)]
    return [(each, min(each.examples, most // count)) for each in some]


def read_for_sheet(file: FileCheck, count: int) -> list[Image]:
    """So many pictures of a file, as they are before an import does anything to them, but small.

    None of a file that cannot be read any more.
    """
    try:
        drafts = read_drafts(Source(file.path, file.name), "image", ImportOptions())
    except StudioError:
        return []
    count = min(count, len(drafts))
    chosen = (drafts[place * len(drafts) // count].artifact for place in range(count))
    return [_small(each) for each in chosen if isinstance(each, Image)]


def _small(image: Image) -> Image:
    if max(image.width, image.height) <= LONGEST:
        return image
    picture = image.to_pillow()
    picture.thumbnail((LONGEST, LONGEST))
    return Image.from_pillow(picture)

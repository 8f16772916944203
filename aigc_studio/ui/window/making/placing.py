"""Where new items go and how large they are: a text is as high as its lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from aigc_studio.api import Artifact, Text

if TYPE_CHECKING:
    from aigc_studio.project import Board, Content, Item

Place = tuple[float, float, float, float]
"""Left, top, width and height in board units."""


def natural_size(
    content: Content, artifact: Artifact | None, *, grows: bool = False
) -> tuple[float, float]:
    """Width and height of a new item: a text is as large as its lines; while it `grows`, as high.

    Its width would jump from word to word.
    """
    from aigc_studio.project import placing
    from aigc_studio.ui.canvas.items import text_layout

    width, height = placing.natural_size(content)
    if not isinstance(artifact, Text):
        return width, height
    if grows:
        return width, text_layout.fitting_height(artifact.value, width)
    return text_layout.natural_size(artifact.value, width)


def centred(places: Sequence[Place]) -> list[Place]:
    """The places moved together so that their middle is that of an empty board."""
    if not places:
        return []
    middle_x = (min(each[0] for each in places) + max(each[0] + each[2] for each in places)) / 2
    middle_y = (min(each[1] for each in places) + max(each[1] + each[3] for each in places)) / 2
    return [(x - middle_x, y - middle_y, width, height) for x, y, width, height in places]


def places_for(
    board: Board,
    new: Sequence[tuple[Content, Artifact | None]],
    first: tuple[float, float] | None = None,
    beside: Item | None = None,
) -> list[Place]:
    """Places that cover nothing, not even each other; the first at `first` when that is given."""
    from aigc_studio.project import placing

    sizes = [natural_size(content, artifact) for content, artifact in new]
    found: list[Place] = [(*first, *sizes[0])] if first and sizes else []
    rest = sizes[len(found) :]
    corners = placing.rows(board, rest, beside, found)
    return found + [(*corner, *size) for corner, size in zip(corners, rest, strict=True)]

"""Parts of artifacts that a person may select."""

from __future__ import annotations

from aigc_studio.api.artifacts import Artifact, Image, Text
from aigc_studio.api.melody import Melody
from aigc_studio.api.selections import Bars, Mask, Selection, Span
from aigc_studio.translation import _


def part_of(artifact: Artifact) -> Selection | None:
    """A selection in the middle of an artifact; None where nothing can be selected."""
    if isinstance(artifact, Text):
        return Span(len(artifact) // 3, 2 * len(artifact) // 3)
    if isinstance(artifact, Melody):
        count = len(artifact.bars)
        return Bars(min(2, count), max(min(2, count), count - 1))
    return _middle(artifact)


def _middle(picture: Image) -> Selection:
    import numpy as np

    pixels = np.zeros((picture.height, picture.width), np.uint8)
    top, left = picture.height // 3, picture.width // 3
    pixels[top : 2 * picture.height // 3 + 1, left : 2 * picture.width // 3 + 1] = 255
    return Mask(pixels)


def odd_parts_of(artifact: Artifact) -> list[tuple[str, Selection]]:
    """Parts that are easily forgotten, with what they are called: the first, the last, nothing."""
    if isinstance(artifact, Text):
        end = len(artifact)
        return [
            (f"{part.start}:{part.stop}", part)
            for part in (
                Span(0, 0),
                Span(end // 2, end // 2),
                Span(end, end),
                Span(0, end),
            )
        ]
    if isinstance(artifact, Melody):
        count = artifact.bar_count
        return [
            (f"{part.first}:{part.last}", part)
            for part in (Bars(1, 1), Bars(count, count), Bars(1, count))
        ]
    import numpy as np

    dot = np.zeros((artifact.height, artifact.width), np.uint8)
    last = dot.copy()
    dot[0, 0] = last[-1, -1] = 1
    whole = np.full_like(dot, 255)
    return [("1×1", Mask(dot)), (_("1×1 at the end"), Mask(last)), ("100 %", Mask(whole))]

"""A part that an edit made, and the whole that it belongs to."""

from __future__ import annotations

from aigc_studio.api.artifacts import Artifact, Text
from aigc_studio.api.melody import Melody
from aigc_studio.api.selections import Bars, Selection, Span


def joined(whole: Artifact, selection: Selection, part: Artifact) -> Artifact:
    """The artifact with a part in place of the selected one; a picture's is brought back elsewhere.

    Raises `ValueError` for a part that does not fit.
    """
    if isinstance(whole, Text) and isinstance(selection, Span) and isinstance(part, Text):
        return whole.replaced(selection, part.value)
    if isinstance(whole, Melody) and isinstance(selection, Bars) and isinstance(part, Melody):
        return whole.replaced(selection, part)
    return part

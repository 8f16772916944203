"""Where in a candidate the new lies: marked on stage, and seen in its small picture."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from aigc_studio.api.errors import StudioError
from aigc_studio.api.selections import Bars, Span

if TYPE_CHECKING:
    from PySide6.QtCore import QRectF

    from aigc_studio.api import Artifact, Melody, Selection
    from aigc_studio.project import CandidateRecord, ContentStore, Item
    from aigc_studio.project.joining import Part
    from aigc_studio.ui.candidates.small import Glimpse
    from aigc_studio.ui.canvas.staging.stage import Stage

_PASSED_OVER = 120
"""A prompt of fewer characters leaves room in a small picture for what came of it."""


def glimpse_of(store: ContentStore, record: CandidateRecord) -> Glimpse:
    """What the small picture of a candidate shows. Reads the store, from any thread."""
    base, made_by = record.base, record.provenance
    origin: Artifact | None = None
    if record.use == "replace" and base is not None and base.content.medium != "image":
        with suppress(StudioError):  # what was made is seen whole then
            origin = store.get(base.content)
    prompt = made_by.prompt if made_by is not None else ""
    return glimpse_beside(
        store.get(record.content), origin, base.part if base is not None else None, prompt
    )


def glimpse_beside(
    artifact: Artifact, origin: Artifact | None, chosen: Selection | None, prompt: str = ""
) -> Glimpse:
    """The same of what was made from `origin`, of which `chosen` was selected.

    Candidates of one request begin alike: with what they were made from, or with the prompt. What
    is seen of each is where they do not.
    """
    from aigc_studio.api import Text
    from aigc_studio.ui.candidates.small import glimpse

    if origin is not None:
        return glimpse(artifact, _new_of(artifact, origin, chosen))
    is_long = isinstance(artifact, Text) and len(prompt) > _PASSED_OVER
    return glimpse(artifact, _differing(Text(prompt), artifact) if is_long else None)


def _new_of(artifact: Artifact, origin: Artifact, chosen: Selection | None) -> Part | None:
    """The part that was asked for, but for what of it stood there already."""
    from aigc_studio.api import Melody, Text

    differs = _differing(origin, artifact)
    if isinstance(artifact, Text) and isinstance(origin, Text) and isinstance(chosen, Span):
        stop = chosen.stop + len(artifact) - len(origin)
        goes_on = isinstance(differs, Span) and chosen.stop <= differs.start < stop
        start = chosen.stop if goes_on else chosen.start
        return Span(start, stop) if start < stop else None
    if isinstance(artifact, Melody) and isinstance(origin, Melody) and isinstance(chosen, Bars):
        return chosen if artifact.length == origin.length else differs
    return differs


def _differing(before: Artifact, after: Artifact) -> Part | None:
    """Where an artifact differs from another; None where less than half of that is left in it."""
    from aigc_studio.api import Melody, Text

    if isinstance(before, Text) and isinstance(after, Text):
        head, tail = _kept(before.value, after.value)
        stop = len(after) - tail
        return Span(head, stop) if 2 * (head + tail) >= len(before) > 0 and head < stop else None
    if isinstance(before, Melody) and isinstance(after, Melody):
        return _differing_bars(before, after)
    return None


def _differing_bars(before: Melody, after: Melody) -> Bars | None:
    from bisect import bisect_right

    from aigc_studio.project.following import common

    head, ends = common(before.notes, after.notes), min(len(before.notes), len(after.notes))
    # What stands behind new bars is as far from the end as it was.
    tail = min(common(_from_the_end(before), _from_the_end(after)), ends - head)
    new = after.notes[head : len(after.notes) - tail]
    if not new or not before.notes or 2 * (head + tail) < len(before.notes):
        return None
    starts = [start for start, _stop in after.bars]
    first, last = (bisect_right(starts, note.start) for note in (new[0], new[-1]))
    return Bars(first, last) if last - first + 1 < len(starts) else None


def _from_the_end(melody: Melody) -> list[tuple[int, int, int, int]]:
    return [
        (melody.length - note.start, note.duration, note.pitch, note.velocity)
        for note in reversed(melody.notes)
    ]


def _kept(before: str, after: str) -> tuple[int, int]:
    """How many characters stand at the beginning as they were, and how many at the end."""
    from aigc_studio.project.following import common

    head = common(before, after)
    return head, min(common(before[::-1], after[::-1]), min(len(before), len(after)) - head)


def made_part(record: CandidateRecord) -> Part | None:
    """What of a candidate was asked for, by its record alone; None where that is all of it."""
    return _made_span(record) or _made_bars(record)


def _made_span(record: CandidateRecord) -> Span | None:
    """The span that was made, in the candidate's own text; None where all of it is new.

    As much longer or shorter than what was asked of, as the text is.
    """
    base, length = record.base, record.content.info.get("length")
    if record.use != "replace" or base is None or not isinstance(base.part, Span):
        return None
    former = base.content.info.get("length")
    if not isinstance(length, int) or not isinstance(former, int):
        return None
    stop = base.part.stop + length - former
    return Span(base.part.start, stop) if base.part.start < stop <= length else None


def _made_bars(record: CandidateRecord) -> Bars | None:
    """The bars that were made, in the candidate's own tune; None where all of it is new.

    Those that it was asked of: a tune whose bars are made anew has as many of them as before.
    """
    base, length = record.base, record.content.info.get("length")
    if record.use != "replace" or base is None or not isinstance(base.part, Bars):
        return None
    return base.part if length == base.content.info.get("length") else None


def bring_out_look(stage: Stage, part: Part | None, former: Item | None) -> None:
    """Mark the bars that a live preview made anew of a tune, which was `former`."""
    shown = stage.item
    if former is None or shown is None or not isinstance(part, Bars):
        return
    if shown.item.content.info.get("length") == former.content.info.get("length"):
        stage.bring_out(part)


def bring_out_new(
    stage: Stage, record: CandidateRecord, hides: str, part: Part | None
) -> QRectF | None:
    """Mark the `part` of a candidate on stage that is new, and have it in sight in its card.

    Gives where it is on the board; None where all of it is new. What is joined to a text that has
    changed since it was asked of lies elsewhere in it: that is not marked.
    """
    shown = stage.item
    if part is None or not hides or hides != record.target:
        return None
    if shown is None or shown.item.content != record.content:
        return None
    return stage.bring_out(part)

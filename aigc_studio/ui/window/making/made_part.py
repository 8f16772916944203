"""Where in a candidate that takes the place of something the new lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aigc_studio.api.selections import Bars, Span

if TYPE_CHECKING:
    from PySide6.QtCore import QRectF

    from aigc_studio.project import CandidateRecord, Item
    from aigc_studio.ui.canvas.staging.stage import Stage
    from aigc_studio.ui.window.making.asked import Look


def made_span(record: CandidateRecord) -> Span | None:
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


def made_bars(record: CandidateRecord) -> Bars | None:
    """The bars that were made, in the candidate's own tune; None where all of it is new.

    Those that it was asked of: a tune whose bars are made anew has as many of them as before.
    """
    base, length = record.base, record.content.info.get("length")
    if record.use != "replace" or base is None or not isinstance(base.part, Bars):
        return None
    return base.part if length == base.content.info.get("length") else None


def bring_out_look(stage: Stage, look: Look, former: Item | None) -> None:
    """Mark the bars that a live preview made anew of a tune, which was `former`."""
    part = look.asked.base.part if look.asked is not None and look.asked.base is not None else None
    shown = stage.item
    if former is None or shown is None or not isinstance(part, Bars):
        return
    if shown.item.content.info.get("length") == former.content.info.get("length"):
        stage.bring_out(part)


def bring_out_new(stage: Stage, record: CandidateRecord, hides: str) -> QRectF | None:
    """Mark what is new of a candidate on stage, and have it in sight in its card.

    Gives where it is on the board; None where all of it is new. What is joined to a text that has
    changed since it was asked of lies elsewhere in it: that is not marked.
    """
    part = (made_span(record) or made_bars(record)) if hides and hides == record.target else None
    shown = stage.item
    if part is None or shown is None or shown.item.content != record.content:
        return None
    return stage.bring_out(part)

"""More like a candidate: what made it is asked for once more, from another seed."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

from aigc_studio.ui.prompt.memory import COUNT
from aigc_studio.ui.prompt.values import Prompt
from aigc_studio.ui.target import Target
from aigc_studio.ui.window.making.asked import Asked

if TYPE_CHECKING:
    from aigc_studio.project import Board, CandidateRecord

_LARGEST_SEED = 999_999


def more_like(
    record: CandidateRecord, asked: Asked | None, board: Board
) -> tuple[Prompt, Target | None] | None:
    """What to ask for. `asked` is what made the candidate, if that was since the board was opened.

    None when nobody knows what made it, or what it was made from is no longer there.
    """
    seed = random.randint(0, _LARGEST_SEED)
    if asked is not None:
        return _like(record, replace(asked.prompt, seed=seed)), asked.target
    made_by = record.provenance
    if made_by is None:
        return None
    prompt = Prompt.of(made_by, seed=seed, count=COUNT)
    if made_by.verb != "edit":
        return _like(record, prompt), None
    item, base = board.get(record.target), record.base
    if item is None or base is None or base.content != item.content:
        return None
    mask = base.mask if base.mask is not None else item.mask
    asked_of = replace(item, mask=mask)
    return prompt, Target((asked_of,), base.part if mask is None else "mask", base.frame)


def _like(record: CandidateRecord, prompt: Prompt) -> Prompt:
    """The same, to begin from what something new was drawn from, which its controls are part of.

    Without a latent, or for what none steer, it is another of the same request and no more.
    """
    if prompt.verb == "edit" or not record.latent:
        return prompt
    return replace(prompt, latents=(record.latent,), controls={})

"""Which generators can be trained, and which of them learns from data of a kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aigc_studio.api import Description
    from aigc_studio.ui.studio import Studio


def learners(studio: Studio) -> list[Description]:
    """What the generators that are ready and can be trained say of themselves."""
    found = (record.description for record in studio.ready)
    return [about for about in found if about is not None and "train" in about.verbs]


def learner_of(studio: Studio, medium: str) -> str:
    """The generator that is chosen, if it learns from this medium, else the first that does; empty
    where none does."""
    able = [about.id for about in learners(studio) if str(about.medium) == medium]
    return studio.generator if studio.generator in able else next(iter(able), "")

"""Which kinds a generator's models know: what is proposed to be drawn, and what to start from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from aigc_studio.api.controls import read_controls
from aigc_studio.api.spelling import one_form

if TYPE_CHECKING:
    from aigc_studio.api import Description
    from aigc_studio.library import ModelInfo


def kinds_of(description: Description, model: ModelInfo | None) -> tuple[str, ...]:
    """The kinds that this model knows; without one, those that the generator says it knows."""
    controls = read_controls(model.card) if model is not None else description.controls
    return tuple(controls.classes)


def start_for(kinds: Iterable[str], models: Sequence[ModelInfo]) -> str:
    """The digest of the first model that knows all of these kinds: from few drawings another hand
    is learnt, and not what a 3 is. Empty where there is none."""
    wanted = {one_form(kind) for kind in kinds}
    for model in models if wanted else ():
        if wanted <= set(map(one_form, read_controls(model.card).classes)):
            return model.digest
    return ""

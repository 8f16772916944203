"""Edit: what is asked for, and which module does it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch

from aigc_studio.api import EditRequest, Event, Progress
from aigc_studio.toolkit import exactly
from vae_faces.making.blending import blend, wander
from vae_faces.making.changing import change, vary
from vae_faces.making.repairing import regenerate, restore
from vae_faces.model import Model, open_model

LOOKING = {"en": "Looking at the picture", "zh": "正在观察图像"}
_OPERATIONS: dict[str, Callable[[EditRequest, Model], Iterator[Event]]] = {
    "": regenerate,  # whoever names none
    "regenerate": regenerate,
    "restore": restore,
    "change": change,
    "vary": vary,
    "blend": blend,
    "wander": wander,
}


@torch.no_grad()
def edit_faces(request: EditRequest) -> Iterator[Event]:
    """Yield `count` candidates (strips, for what is a way) of the operation asked for.

    A candidate depends on its own seed and not on the count.
    """
    exactly(request)
    yield Progress(0, request.count, LOOKING)
    yield from _OPERATIONS[request.operation](request, open_model(request.model))

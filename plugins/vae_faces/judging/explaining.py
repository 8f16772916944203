"""Explain a picture: where it is unlike anything that the model can draw, as heat over it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch

from aigc_studio.api import (
    Annotation,
    EvaluateRequest,
    Event,
    GeneratorError,
    Image,
    Mask,
    Progress,
)
from aigc_studio.toolkit import exactly, image_planes, to_values
from vae_faces.model import open_model

CELLS = 16
"""Parts of a picture's side that something is said of, at most."""
_FAINT, _STRONG = 0.03, 0.25
"""Parts of the range: what differs less is not told, what differs more is told as strongly."""


def explain_picture(request: EvaluateRequest) -> Iterator[Event]:
    """Compare a picture with the nearest that the model can draw, part by part."""
    exactly(request)
    model, image = open_model(request.model), request.artifact
    if not isinstance(image, Image):
        raise GeneratorError("Only pictures can be looked at.", zh="只能查看图像。")
    net = model.network
    yield Progress(0, 2)
    values = to_values(image_planes(image, net.side, model.mode, "stretch"), -1.0)[None]
    with torch.no_grad():
        again = net.decode(net.encode(values)[0])
    yield Progress(1, 2)
    apart = ((again - values).abs().mean(dim=1)[0] / 2).numpy()
    yield from _told(apart, image)


def _told(apart: np.ndarray, image: Image) -> Iterator[Event]:
    """What is said of each part of the picture that differs, the same cells at every size."""
    wide, high = (min(CELLS, len(apart), side) for side in (image.width, image.height))
    rows = np.array_split(np.arange(len(apart)), high)
    columns = np.array_split(np.arange(len(apart)), wide)
    for down, row in enumerate(rows):
        for across, column in enumerate(columns):
            part = float(apart[np.ix_(row, column)].mean())
            if part < _FAINT:
                continue
            mask = np.zeros((image.height, image.width), np.uint8)
            top, bottom = (image.height * n // high for n in (down, down + 1))
            left, right = (image.width * n // wide for n in (across, across + 1))
            mask[top:bottom, left:right] = 255
            share = f"{part:.0%}"
            text = {
                "en": f"the model would draw this differently, by {share} of the range",
                "zh": f"模型画出的与此处相差 {share}（占全部亮度范围）",
            }
            yield Annotation(Mask(mask), min(part / _STRONG, 1.0), text)

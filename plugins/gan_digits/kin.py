"""More like a picture made before: the same hand and about the same shapes, as latents."""

from __future__ import annotations

import torch
from torch import Tensor

from aigc_studio.api import GenerateRequest, GeneratorError
from gan_digits.latents import Origin, unpack
from gan_digits.model import Model

NEARNESS = 0.5
"""How far those that are alike stray from what they are like (0: not at all, 1: unrelated)."""


def origin_of(request: GenerateRequest, model: Model, number: int) -> Origin:
    """What candidate `number` of a request with latents is to be like.

    Raises GeneratorError for a latent that another model drew from.
    """
    settings = model.settings
    data = request.latents[number % len(request.latents)]
    origin = unpack(data, model.tag, settings.latent_dim, settings.num_classes)
    if origin is None:
        raise GeneratorError(
            f"GAN digits made this with another model than {model.name}: choose the one that it "
            "was made with.",
            zh=f"GAN 数字当时使用的模型不是 {model.name}：请选择制作它的模型。",
            parameter="model",
        )
    return origin


def words_like(origin: Origin, pictures: list[list[int]]) -> list[list[int]]:
    """The pictures to draw of those that the prompt names: the one that it is to be like if it is
    among them, or else all that have as many characters. Raises GeneratorError where none has.
    """
    own, count = list(origin.labels), len(origin.labels)
    if not pictures or own in pictures:
        return [own]
    as_long = [each for each in pictures if len(each) == count]
    if not as_long:
        raise GeneratorError(
            f"The picture that this is to be like has {count} characters: ask for as many.",
            zh=f"要参照的图像有 {count} 个字符：请输入同样多的字符。",
            parameter="prompt",
        )
    return as_long


def strayed(latents: Tensor, freedom: float, seed: int, *, together: bool = False) -> Tensor:
    """Latents moved at random by `freedom` (0: not, 1: unrelated), each about as long as before.

    `together`: all the same way, so that what one hand wrote stays one hand's.
    """
    source = torch.Generator().manual_seed(seed % 2**63)
    length = latents.norm(dim=1, keepdim=True) / latents.shape[1] ** 0.5
    rows = 1 if together else len(latents)
    noise = torch.randn(rows, latents.shape[1], generator=source) * length
    moved: Tensor = (1 - freedom**2) ** 0.5 * latents + freedom * noise
    return moved

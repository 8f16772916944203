"""More like a picture made before: the same hand and about the same shapes, as latents."""

from __future__ import annotations

from torch import Tensor

from aigc_studio.api import GenerateRequest, GeneratorError
from aigc_studio.toolkit import Latent, strayed, unpack_latent
from gan_digits.model import Model

NEARNESS = 0.5
"""How far those that are alike stray from what they are like (0: not at all, 1: unrelated)."""


def origin_of(request: GenerateRequest, model: Model, number: int) -> Latent:
    """What candidate `number` of a request with latents is to be like.

    Raises GeneratorError for a latent that another model drew from, or that is none.
    """
    data = request.latents[number % len(request.latents)]
    origin = unpack_latent(data, model.tag, model.settings.latent_dim)
    if max(origin.labels) >= max(len(model.classes), 1):
        raise GeneratorError(
            f"GAN digits: {model.name} has not the classes of this result. Make it again.",
            zh=f"GAN 数字：模型 {model.name} 没有此结果的类别。请重新生成。",
        )
    return origin


def words_like(origin: Latent, pictures: list[list[int]]) -> list[list[int]]:
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


def kindred(points: Tensor, seed: int) -> Tensor:
    """Points (n, latent_dim) near these, all moved the same way: one hand's stay one hand's."""
    kept = (1 - NEARNESS**2) ** 0.5
    moved: Tensor = kept * points + strayed(points[:1], NEARNESS, seed) - kept * points[:1]
    return moved

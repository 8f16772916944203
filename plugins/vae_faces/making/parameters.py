"""The parameters of what is made and edited, as the forms show them."""

from __future__ import annotations

from typing import Literal

from aigc_studio.api import Parameters, parameter
from vae_faces.settings import KEEP

Method = Literal["automatic", "model", "smooth"]
Blending = Literal["strip", "one"]

_RAW: dict[str, str] = {"en": "Pictures", "zh": "图像数"}


class GenerateParameters(Parameters):
    """How faces are drawn."""

    variety: float = parameter(
        0.85,
        {"en": "Variety", "zh": "多样性"},
        help={
            "en": "0 is the average face, 1 as different as in the data, beyond that daring.",
            "zh": "0 为平均脸，1 与数据中一样多样，再高则更大胆。",
        },
        minimum=0.0,
        maximum=1.5,
        step=0.05,
    )


class WalkParameters(Parameters):
    """How a walk goes."""

    frames: int = parameter(
        24,
        _RAW,
        help={
            "en": "Pictures of one round. The last leads back to the first, so that it can repeat.",
            "zh": "一圈的图像数。最后一张衔接第一张，可以循环播放。",
        },
        minimum=2,
        maximum=60,
    )
    distance: float = parameter(
        0.8,
        {"en": "How far", "zh": "走多远"},
        help={
            "en": "0 stays where it begins; 1 goes to faces that have nothing in common with it.",
            "zh": "0 停在原处；1 走到与起点毫无共同之处的脸。",
        },
        minimum=0.0,
        maximum=1.0,
        step=0.05,
    )


class GenerateWalkParameters(WalkParameters, GenerateParameters):
    """How a walk goes, and how daring the faces are that it leads through."""


class RegenerateParameters(Parameters):
    """How a part is made anew."""

    freedom: float = parameter(
        1.0,
        {"en": "Differences", "zh": "差异"},
        help={
            "en": "How far the other candidates may be from the first, the most likely one.",
            "zh": "其余候选与第一个（最可能的）之间可相差多少。",
        },
        minimum=0.0,
        maximum=1.5,
        step=0.05,
    )
    method: Method = parameter(
        "automatic",
        {"en": "Filled by", "zh": "填充方式"},
        help={
            "en": "Automatic takes what is better for the shape of the mask: the smooth "
            "continuation for hairlines, the model for all else.",
            "zh": "自动：按蒙版形状选择更好的方式，细线用平滑延续，其余用模型。",
        },
        choices={
            "automatic": {"en": "Automatic", "zh": "自动"},
            "model": {"en": "The model", "zh": "模型"},
            "smooth": {"en": "Smooth continuation", "zh": "平滑延续"},
        },
        advanced=True,
    )


class RestoreParameters(Parameters):
    """How a damaged picture is restored."""

    strength: float = parameter(
        1.0,
        {"en": "Strength", "zh": "强度"},
        help={
            "en": "0 leaves the picture as it is, 1 takes all that the model makes of it.",
            "zh": "0 保持原样，1 完全采用模型的结果。",
        },
        minimum=0.0,
        maximum=1.0,
        step=0.05,
    )


class ChangeParameters(Parameters):
    """How a face is changed by its attributes."""

    keep: float = parameter(
        KEEP,
        {"en": "Keep the rest", "zh": "保留其余部分"},
        help={
            "en": "How much must change at a place before it is changed there at all. 0 carries "
            "every difference over; 1 only the largest.",
            "zh": "某处变化多大才会被改动。0 采用全部变化；1 只采用最大的变化。",
        },
        minimum=0.0,
        maximum=1.0,
        step=0.05,
    )


class VaryParameters(Parameters):
    """How far variations are from a face."""

    freedom: float = parameter(
        0.4,
        {"en": "Differences", "zh": "差异"},
        help={
            "en": "0 gives the same face again, 1 faces that have nothing in common with it.",
            "zh": "0 得到同一张脸，1 得到毫无共同之处的脸。",
        },
        minimum=0.0,
        maximum=1.0,
        step=0.05,
    )


class BlendParameters(Parameters):
    """How two faces become one, or one after the other."""

    result: Blending = parameter(
        "strip",
        {"en": "Result", "zh": "结果"},
        help={
            "en": "All the steps from the first face to the second, or one face between them.",
            "zh": "从第一张脸到第二张脸的所有步骤，或介于两者之间的一张脸。",
        },
        choices={
            "strip": {"en": "A strip of steps", "zh": "一组过渡"},
            "one": {"en": "One face", "zh": "一张脸"},
        },
    )
    steps: int = parameter(
        8,
        {"en": "Steps", "zh": "步数"},
        help={
            "en": "Pictures in the strip, the first and the last included.",
            "zh": "序列中的图像数，含首尾。",
        },
        minimum=2,
        maximum=60,
    )
    share: float = parameter(
        0.5,
        {"en": "Share of the second", "zh": "第二张的比例"},
        help={
            "en": "For one face: 0 is the first, 1 the second, 0.5 half of each.",
            "zh": "用于一张脸：0 为第一张，1 为第二张，0.5 各占一半。",
        },
        minimum=0.0,
        maximum=1.0,
        step=0.05,
    )

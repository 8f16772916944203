"""The parameters of every operation, as the forms show them."""

from __future__ import annotations

from typing import Final, Literal

from aigc_studio import toolkit
from aigc_studio.api import Parameters, parameter

AUTO: Final = "auto"
SIZES = (16, 20, 24, 28, 32, 40, 48, 56, 64)
Size = Literal["auto", "16", "20", "24", "28", "32", "40", "48", "56", "64"]
Colour = Literal["auto", "grey", "rgb"]
Ground = Literal["paper", "learned"]
Loss = Literal["relativistic", "minimax", "non-saturating", "hinge", "least-squares"]

_AUTO = {"en": "Automatic", "zh": "自动"}
_PICTURE = {"en": "Picture", "zh": "图像"}
_PICTURES = {"en": "pictures", "zh": "张"}
_BATCH = {
    "en": "Pictures seen in each step. More makes steps steadier and slower.",
    "zh": "每一步看到的图像数。越大越稳定，但越慢。",
}
_SIZES = {AUTO: _AUTO} | {str(side): f"{side} × {side}" for side in SIZES}

_LOSSES = {
    "relativistic": {
        "en": "Relativistic pairs (best here)",
        "zh": "相对配对（Relativistic，此处最佳）",
    },
    "non-saturating": {
        "en": "Non-saturating (Goodfellow et al. 2014)",
        "zh": "非饱和（Goodfellow 等，2014）",
    },
    "minimax": {
        "en": "Minimax, the original game (Goodfellow et al. 2014)",
        "zh": "极小极大，原始博弈（Goodfellow 等，2014）",
    },
    "hinge": {"en": "Hinge (Lim and Ye 2017)", "zh": "铰链（Hinge，Lim 与 Ye，2017）"},
    "least-squares": {
        "en": "Least squares (Mao et al. 2017)",
        "zh": "最小二乘（LSGAN，Mao 等，2017）",
    },
}


class TrainParameters(Parameters):
    """How a model is trained."""

    size: Size = parameter(
        AUTO,
        {"en": "Picture size", "zh": "图像尺寸"},
        help={
            "en": "Pixels a side of what the model makes. Automatic takes the size of your "
            "pictures (32 at most), or that of the model to go on from. Larger takes longer.",
            "zh": "模型生成图像的边长。自动则取您的图像（至多 32）或起始模型的尺寸。尺寸越大越慢。",
        },
        unit={"en": "pixels", "zh": "像素"},
        choices=_SIZES,
        group=_PICTURE,
    )
    colour: Colour = parameter(
        AUTO,
        {"en": "Colour", "zh": "颜色"},
        help={
            "en": "Automatic makes colour pictures when yours have colour.",
            "zh": "自动：您的图像有颜色时生成彩色图像。",
        },
        choices={
            AUTO: _AUTO,
            "grey": {"en": "Grey", "zh": "灰度"},
            "rgb": {"en": "Colour (RGB)", "zh": "彩色（RGB）"},
        },
        group=_PICTURE,
        advanced=True,
    )
    use_labels: bool = parameter(
        True,
        {"en": "Learn the classes", "zh": "学习类别"},
        help={
            "en": "With labels you can ask for a class by name. Off: one model of everything.",
            "zh": "有标签时可按名称指定类别。关闭：不分类别，统一学习。",
        },
        group=_PICTURE,
    )
    learning_rate: float = toolkit.learning_rate(1e-3, most=1e-2)
    batch_size: int = toolkit.batch_size(64, _BATCH, unit=_PICTURES, least=4)
    loss: Loss = parameter(
        "relativistic",
        {"en": "Loss", "zh": "损失函数"},
        help={
            "en": "What the two nets play for. The 2014 classics are here to learn from: watch "
            "how they behave beside the newer ones.",
            "zh": "两个网络博弈的目标。2014 年的经典损失可供学习：可与较新的损失对比其行为。",
        },
        choices=_LOSSES,
        group=toolkit.TRAINING,
        advanced=True,
    )
    augmentation: float = parameter(
        1.0,
        {"en": "Augmentation", "zh": "数据增强"},
        help={
            "en": "How strongly pictures are turned, stretched and moved before they are judged. "
            "Few pictures need more; 0 turns it off.",
            "zh": "判别前旋转、拉伸和平移图像的强度。图像越少越需要；0 为关闭。",
        },
        minimum=0.0,
        maximum=2.0,
        step=0.1,
        group=toolkit.TRAINING,
        advanced=True,
    )
    width: int = parameter(
        0,
        {"en": "Network width", "zh": "网络宽度"},
        help={
            "en": "Channels of the widest picture. 0: automatic. Doubling it makes training about "
            "three times slower.",
            "zh": "最大一层的通道数。0：自动。加倍后训练约慢三倍。",
        },
        unit={"en": "channels", "zh": "通道"},
        minimum=0,
        maximum=96,
        step=8,
        group=toolkit.NETWORK,
        advanced=True,
    )
    penalty: float = parameter(
        -1.0,
        {"en": "Gradient penalty", "zh": "梯度惩罚"},
        help={
            "en": "Keeps the judging net smooth (R1 and R2). -1: automatic; 0: none, as in 2014.",
            "zh": "使判别网络保持平滑（R1 与 R2）。-1：自动；0：不用，与 2014 年的原始 GAN 相同。",
        },
        minimum=-1.0,
        maximum=10.0,
        step=0.1,
        group=toolkit.NETWORK,
        advanced=True,
    )


_VARIETY_HELP = {
    "en": "Lower: more typical. Higher: more unusual. 1 is as in the data.",
    "zh": "越低越典型，越高越少见。1 与数据一致。",
}


class GenerateParameters(Parameters):
    """How pictures are drawn."""

    variety: float = parameter(
        0.9,
        {"en": "Variety", "zh": "多样性"},
        help=_VARIETY_HELP,
        minimum=0.0,
        maximum=1.5,
        step=0.05,
    )
    unevenness: float = parameter(
        0.25,
        {"en": "Differences between characters", "zh": "字符之间的差异"},
        help={
            "en": "0: all of one picture in one hand, so that two 2s are near twins. 1: each "
            "character in a hand of its own.",
            "zh": "0：同一张图中所有字符出自同一笔迹，两个 2 几乎一样。1：每个字符笔迹各异。",
        },
        minimum=0.0,
        maximum=1.0,
        step=0.05,
    )
    ground: Ground = parameter(
        "paper",
        {"en": "Drawn as", "zh": "绘制为"},
        help={
            "en": "Models that learned light drawings on a dark ground can draw with ink on paper. "
            "Other pictures stay as they were learned.",
            "zh": "从深色底上的浅色图画学来的模型，也可以画成白纸黑墨。其他图像保持学到的样子。",
        },
        choices={
            "paper": {"en": "Ink on paper", "zh": "白纸黑墨"},
            "learned": {"en": "As in the data", "zh": "与数据一致"},
        },
        advanced=True,
    )


def _freedom(default: float) -> float:
    value: float = parameter(
        default,
        {"en": "Freedom", "zh": "自由度"},
        help={
            "en": "0 keeps as close to the given picture as it can; 1 lets each candidate differ.",
            "zh": "0 尽量贴近原图；1 让每个候选各不相同。",
        },
        minimum=0.0,
        maximum=1.0,
        step=0.05,
    )
    return value


class CleanUpParameters(Parameters):
    """How a drawing is redrawn."""

    freedom: float = _freedom(0.2)


class RegenerateParameters(Parameters):
    """How a part is made anew."""

    freedom: float = _freedom(1.0)


class ChangeClassParameters(Parameters):
    """How one class becomes another."""

    freedom: float = _freedom(0.2)


class MorphParameters(Parameters):
    """How one picture turns into another."""

    steps: int = parameter(
        8,
        {"en": "Steps", "zh": "步数"},
        help={
            "en": "Pictures in the strip, the first and the last included.",
            "zh": "序列中的图像数，含首尾。",
        },
        unit={"en": "pictures", "zh": "张"},
        minimum=2,
        maximum=60,
    )

"""What this generator says of itself."""

from __future__ import annotations

from aigc_studio.api import Controls, Description, Image, Measure, Operation
from gan_digits.parameters import (
    ChangeClassParameters,
    CleanUpParameters,
    GenerateParameters,
    MorphParameters,
    RegenerateParameters,
    TrainParameters,
)
from gan_digits.starters import STARTERS

ID = "gan-digits"

_CLASS_HELP = {
    "en": "The class of each character, as in the prompt of Generate; empty: detected.",
    "zh": "每个字符的类别，写法同“生成”的提示词；留空则自动识别。",
}

_CURVES = {
    "generator_loss": Measure(title={"en": "Generator, loss", "zh": "生成器损失"}),
    "discriminator_loss": Measure(title={"en": "Discriminator, loss", "zh": "判别器损失"}),
    "reconstruction_loss": Measure(title={"en": "Drawing again, loss", "zh": "重建损失"}),
    "latent_loss": Measure(title={"en": "Reading the style, loss", "zh": "风格读取损失"}),
}
"""What curves of a training are called."""

DESCRIPTION = Description(
    id=ID,
    title={"en": "GAN digits", "zh": "GAN 数字"},
    medium=Image,
    version="0.2.0",
    summary={
        "en": "Handwritten digits, or any small pictures of yours by class: drawn by a generative "
        "adversarial network that learns in minutes.",
        "zh": "手写数字或您自己的小图像（按类别）：由几分钟即可学会的生成对抗网络绘制。",
    },
    operations=(
        Operation(
            id="train",
            verb="train",
            title={"en": "Train", "zh": "训练"},
            parameters=TrainParameters,
        ),
        Operation(
            id="generate",
            verb="generate",
            title={"en": "Generate", "zh": "生成"},
            parameters=GenerateParameters,
            controls=True,
            prompt="optional",
            prompt_help={
                "en": "Digits or class names: 2024 is one picture of four digits, 3 7 7 are three "
                "pictures. Empty: any class.",
                "zh": "数字或类别名：2024 是含四个数字的一张图，3 7 7 是三张图。留空：任意类别。",
            },
            prompt_example="2024",
        ),
        Operation(
            id="clean-up",
            verb="edit",
            title={"en": "Clean up", "zh": "规整"},
            help={
                "en": "Redraws what you drew as a proper character, in your hand.",
                "zh": "把您画的内容重绘为规整的字符，并保留笔迹。",
            },
            parameters=CleanUpParameters,
            artifacts=1,
            selection="optional",
            controls=True,
            prompt="optional",
            prompt_help=_CLASS_HELP,
            prompt_example="7",
        ),
        Operation(
            id="regenerate",
            verb="edit",
            title={"en": "Regenerate the part", "zh": "重新生成选区"},
            help={
                "en": "Draws the selected part anew so that it fits the rest.",
                "zh": "重新绘制所选部分，使其与其余部分相符。",
            },
            parameters=RegenerateParameters,
            artifacts=1,
            selection="required",
            prompt="optional",
            prompt_help=_CLASS_HELP,
        ),
        Operation(
            id="change-class",
            verb="edit",
            title={"en": "Change the class", "zh": "更改类别"},
            help={
                "en": "Turns a 3 into an 8 in the same handwriting.",
                "zh": "以相同的笔迹把 3 变成 8。",
            },
            parameters=ChangeClassParameters,
            artifacts=1,
            selection="optional",
            controls=True,
            prompt="required",
            prompt_help={
                "en": "What it should become: one class for all, or one for each character.",
                "zh": "要变成的类别：一个用于全部，或每个字符各一个。",
            },
            prompt_example="8",
        ),
        Operation(
            id="morph",
            verb="edit",
            title={"en": "Morph", "zh": "变形过渡"},
            help={
                "en": "A strip of pictures from the first to the second.",
                "zh": "从第一张到第二张的一系列图像。",
            },
            parameters=MorphParameters,
            artifacts=2,
        ),
        Operation(
            id="evaluate",
            verb="evaluate",
            artifacts=1,
            title={"en": "How does it read?", "zh": "读作什么？"},
            help={
                "en": "As what each character reads, and how clearly.",
                "zh": "每个字符读作什么，有多清楚。",
            },
        ),
    ),
    controls=Controls(classes=tuple("0123456789"), latent_axes=32),
    sample_packs=("digits",),
    starters=STARTERS,
    metrics=_CURVES,
    licence="MIT",
    author={"en": "The AIGC Studio developers", "zh": "AIGC Studio 开发者"},
)

"""What this generator says of itself."""

from __future__ import annotations

from aigc_studio.api import Description, Image, Operation
from vae_faces.judging.metrics import METRICS
from vae_faces.making.parameters import (
    BlendParameters,
    ChangeParameters,
    GenerateParameters,
    GenerateWalkParameters,
    RegenerateParameters,
    RestoreParameters,
    VaryParameters,
    WalkParameters,
)
from vae_faces.starters import STARTERS
from vae_faces.training.parameters import TrainParameters
from vae_faces.words.vocabulary import EXAMPLE

ID = "vae-faces"

_WORDS = {
    "en": "What it looks like, in words that the model knows: beard, long hair, blond. A “no” "
    "before a word leaves it out. Empty: anything.",
    "zh": "用模型认识的词描述外貌，例如：胡子，长发，金发。词前加“没有”表示不要。留空：任意。",
}
_CHANGES = {
    "en": "What should be different, in words that the model knows: no beard, blond. The controls "
    "do the same by degrees.",
    "zh": "用模型认识的词写出要改变的地方，例如：没有胡子，金发。控制项可按程度调整。",
}

DESCRIPTION = Description(
    id=ID,
    title={"en": "VAE faces", "zh": "VAE 人脸"},
    medium=Image,
    version="0.1.0",
    summary={
        "en": "Faces, or any aligned pictures of yours: made, steered by what they look like, "
        "blended, and repaired where they are damaged, by a variational autoencoder.",
        "zh": "人脸或您自己的对齐图像：由变分自编码器生成、按外貌调整、混合，并修复破损之处。",
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
            help={
                "en": "New faces, as words and controls say.",
                "zh": "按文字和控制项生成新的脸。",
            },
            parameters=GenerateParameters,
            controls=True,
            prompt="optional",
            prompt_example=EXAMPLE,
            prompt_help=_WORDS,
        ),
        Operation(
            id="walk",
            verb="generate",
            title={"en": "Walk", "zh": "漫步"},
            help={
                "en": "A round through faces as a strip, to be played or exported as an animation.",
                "zh": "在人脸之间走一圈，得到可播放或导出为动画的序列。",
            },
            parameters=GenerateWalkParameters,
            controls=True,
            prompt="optional",
            prompt_example=EXAMPLE,
            prompt_help=_WORDS,
        ),
        Operation(
            id="regenerate",
            verb="edit",
            title={"en": "Regenerate the part", "zh": "重新生成选区"},
            help={
                "en": "Makes what you painted over anew so that it fits the rest: scratches, "
                "writing, missing patches.",
                "zh": "重新生成您涂抹的部分，使其与其余部分相符：划痕、字迹、缺损。",
            },
            parameters=RegenerateParameters,
            artifacts=1,
            selection="required",
            fine=True,
        ),
        Operation(
            id="restore",
            verb="edit",
            title={"en": "Restore", "zh": "修复"},
            help={
                "en": "Takes noise, blur, blocks of JPEG and low resolution from all of a picture, "
                "or from the part you paint over.",
                "zh": "去除整张图像或所涂部分的噪点、模糊、JPEG 块状失真和低分辨率。",
            },
            parameters=RestoreParameters,
            artifacts=1,
            selection="optional",
        ),
        Operation(
            id="change",
            verb="edit",
            title={"en": "Change the face", "zh": "改变面容"},
            help={
                "en": "Changes what words and controls name, and keeps the rest of the picture.",
                "zh": "改变文字和控制项所指之处，保留图像的其余部分。",
            },
            parameters=ChangeParameters,
            artifacts=1,
            selection="optional",
            controls=True,
            prompt="optional",
            prompt_help=_CHANGES,
            asks=("prompt", "controls"),
        ),
        Operation(
            id="vary",
            verb="edit",
            title={"en": "Vary", "zh": "变化"},
            help={
                "en": "Faces like this one, with the same attributes.",
                "zh": "与此相似、属性相同的脸。",
            },
            parameters=VaryParameters,
            artifacts=1,
            selection="optional",
        ),
        Operation(
            id="blend",
            verb="edit",
            title={"en": "Blend", "zh": "混合"},
            help={
                "en": "From one face to another: a strip of steps, or one face between them.",
                "zh": "从一张脸到另一张脸：一组过渡，或介于两者之间的一张脸。",
            },
            parameters=BlendParameters,
            artifacts=2,
        ),
        Operation(
            id="wander",
            verb="edit",
            title={"en": "Walk from this face", "zh": "从此脸漫步"},
            help={
                "en": "A round that begins and ends at this face, as a strip.",
                "zh": "从这张脸出发并回到原处的一圈，得到一个序列。",
            },
            parameters=WalkParameters,
            artifacts=1,
        ),
        Operation(
            id="evaluate",
            verb="evaluate",
            artifacts=1,
            title={"en": "What can it not draw?", "zh": "哪里画不出？"},
            help={
                "en": "Where the picture is unlike anything that the model can draw.",
                "zh": "图像中与模型所能画出的内容不符之处。",
            },
        ),
    ),
    metrics=METRICS,
    sample_packs=("faces", "cartoon-faces"),
    starters=STARTERS,
    licence="MIT",
    author={"en": "The AIGC Studio developers", "zh": "AIGC Studio 开发者"},
)

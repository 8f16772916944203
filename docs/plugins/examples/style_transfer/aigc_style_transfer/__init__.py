"""Style transfer: one picture as another one is painted, by its patches; nothing is trained."""

from aigc_studio import api
from aigc_studio.toolkit import hooks_in


class Restyling(api.Parameters):
    strength: float = api.parameter(
        0.6,
        {"en": "Strength", "zh": "强度"},
        help={
            "en": "0 keeps the picture's own detail, 1 leaves its light and dark to the look.",
            "zh": "0 保留图片自身的细节，1 让明暗也服从风格。",
        },
        minimum=0,
        maximum=1,
        step=0.05,
    )
    strokes: float = api.parameter(
        1.0,
        {"en": "Stroke size", "zh": "笔触大小"},
        minimum=0.25,
        maximum=4,
        step=0.05,
        scale="log",
    )
    keep_colours: bool = api.parameter(False, {"en": "Keep its colours", "zh": "保留原有颜色"})
    detail: int = api.parameter(
        512,
        {"en": "Worked at", "zh": "处理尺寸"},
        help={
            "en": "The longer side while it is painted. Twice as much takes four times as long.",
            "zh": "绘制时较长边的像素数。加倍则耗时约为四倍。",
        },
        unit={"en": "pixels", "zh": "像素"},
        minimum=64,
        maximum=1024,
        step=64,
        advanced=True,
    )


@api.hookimpl
def describe() -> api.Description:
    title = {"en": "Style transfer", "zh": "风格迁移"}
    summary = {
        "en": "Paints a picture anew in the patches of another one.",
        "zh": "用一张图片的小块，重新绘制另一张图片。",
    }
    two = {
        "en": "Select the picture to change, then with Shift the one that it is to look like.",
        "zh": "先选择要修改的图片，再按住 Shift 选择想要的风格图片。",
    }
    operations = (
        api.Operation(
            id="restyle",
            verb="edit",
            title={"en": "Transfer the style", "zh": "迁移风格"},
            help=two,
            parameters=Restyling,
            artifacts=2,
            selection="optional",
            live=False,
        ),
        api.Operation(
            id="texture",
            verb="edit",
            title={"en": "More of this texture", "zh": "生成同样的纹理"},
            help={
                "en": "A new picture of the same patches, in another order.",
                "zh": "由同样的小块以另一种排列组成的新图片。",
            },
            artifacts=1,
            live=False,
        ),
        api.Operation(
            id="colours",
            verb="edit",
            title={"en": "Transfer the colours", "zh": "迁移颜色"},
            help=two,
            artifacts=2,
            selection="optional",
        ),
    )
    return api.Description(
        id="style-transfer",
        title=title,
        summary=summary,
        medium=api.Image,
        operations=operations,
        author="The AIGC Studio developers",
        licence="MIT",
    )


edit = hooks_in(f"{__name__}.work").edit

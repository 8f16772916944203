"""Pictures from a small variational autoencoder: what it is and offers.

The net is in `work.py`: torch takes a second to import, and this is asked at every start.
"""

from aigc_studio import api


# A form in the window and flags in the shell are made of each of these classes.
class Learning(api.Parameters):
    side: int = api.parameter(
        32,
        {"en": "Side", "zh": "边长"},
        unit={"en": "pixels", "zh": "像素"},
        minimum=8,
        maximum=64,
    )
    size: int = api.parameter(
        16,
        {"en": "Latent size", "zh": "潜变量维数"},
        help={"en": "In how many ways pictures differ.", "zh": "图像之间差异的维数。"},
        minimum=2,
        maximum=128,
    )


class Drawing(api.Parameters):
    spread: float = api.parameter(
        1.0,
        {"en": "Spread", "zh": "离散程度"},
        help={
            "en": "The higher, the further from the usual.",
            "zh": "越高，离常见的样子越远。",
        },
        minimum=0,
        maximum=2,
    )


@api.hookimpl
def describe() -> api.Description:
    """Who it is and what it offers: asked at every start, so import nothing slow."""
    return api.Description(
        id="new-plugin",
        title={"en": "New plugin", "zh": "New plugin"},
        medium=api.Image,
        version="0.1.0",
        author="New author",
        licence="MIT",
        sample_packs=("digits",),
        operations=(
            api.Operation(
                id="learn",
                verb="train",
                title={"en": "Learn", "zh": "学习"},
                parameters=Learning,
            ),
            api.Operation(
                id="draw",
                verb="generate",
                title={"en": "Draw", "zh": "绘制"},
                parameters=Drawing,
                controls=True,
            ),
            api.Operation(
                id="inpaint",
                verb="edit",
                title={"en": "Inpaint", "zh": "修补"},
                artifacts=1,
                selection="required",
            ),
            api.Operation(
                id="judge",
                verb="evaluate",
                title={"en": "Measure", "zh": "评估"},
            ),
        ),
    )


# Functions of `work.py`, which is imported when one of them is first asked.
train = api.hookimpl(".work:learn")
generate = api.hookimpl(".work:draw")
edit = api.hookimpl(".work:inpaint")
evaluate = api.hookimpl(".work:judge")

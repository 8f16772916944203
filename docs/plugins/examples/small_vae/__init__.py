"""A small variational autoencoder: it learns, draws, inpaints, varies and morphs pictures."""

from aigc_studio import api
from aigc_studio.toolkit import hooks_in


class Learning(api.Parameters):
    side: int = api.parameter(28, {"en": "Side", "zh": "边长"}, minimum=16, maximum=64)
    size: int = api.parameter(16, {"en": "Latent size", "zh": "潜变量维数"}, minimum=4, maximum=99)


@api.hookimpl
def describe() -> api.Description:
    title, learn = {"en": "Small VAE", "zh": "小型变分自编码器"}, {"en": "Learn", "zh": "学习"}
    draw, inpaint = {"en": "Draw", "zh": "绘制"}, {"en": "Inpaint", "zh": "修补"}
    vary, morph = {"en": "Vary", "zh": "变化"}, {"en": "Morph", "zh": "变形过渡"}
    operations = (
        api.Operation(id="learn", verb="train", title=learn, parameters=Learning),
        api.Operation(id="draw", verb="generate", title=draw, controls=True),
        api.Operation(id="inpaint", verb="edit", title=inpaint, artifacts=1, selection="required"),
        api.Operation(id="vary", verb="edit", title=vary, artifacts=1, controls=True),
        api.Operation(id="morph", verb="edit", title=morph, artifacts=2),
    )
    return api.Description(id="small-vae", title=title, medium=api.Image, operations=operations)


train, generate, edit, evaluate = hooks_in(f"{__name__}.work")

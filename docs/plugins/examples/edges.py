"""The edges of a picture as a drawing in ink: an edit without a model."""

from random import Random

from aigc_studio import api
from aigc_studio.toolkit import candidates


@api.hookimpl
def describe() -> api.Description:
    return api.Description(id="edges", title={"en": "Edges", "zh": "边缘"}, medium=api.Image)


@api.hookimpl
def edit(request: api.EditRequest) -> api.Action:
    from PIL import ImageFilter, ImageOps

    def drawn(rng: Random) -> api.Image:
        smooth = ImageFilter.GaussianBlur(rng.uniform(0, 2))
        grey = request.image.convert("L").to_pillow().filter(smooth)
        ink = ImageOps.autocontrast(grey.filter(ImageFilter.FIND_EDGES))
        return api.Image.from_pillow(ImageOps.invert(ink)).convert(request.image.mode)

    return candidates(request, drawn)

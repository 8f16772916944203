"""The edges of a picture as a drawing in ink: an edit without a model."""

from random import Random

from aigc_studio import api
from aigc_studio.toolkit import candidates


@api.hookimpl
def describe() -> api.Description:
    return api.Description(id="edges", title={"en": "Edges", "zh": "边缘"}, medium=api.Image)


@api.hookimpl
def edit(request: api.EditRequest) -> api.Action:
    from PIL import ImageDraw, ImageFilter, ImageOps

    def drawn(rng: Random) -> api.Image:
        smooth = ImageFilter.GaussianBlur(rng.uniform(0, 2))
        grey = request.image.convert("L").to_pillow().filter(smooth)
        found = grey.filter(ImageFilter.FIND_EDGES)
        ImageDraw.Draw(found).rectangle((0, 0, found.width - 1, found.height - 1), outline=0)
        ink = ImageOps.autocontrast(found)  # Pillow leaves the outermost pixels as they were
        return api.Image.from_pillow(ImageOps.invert(ink)).convert(request.image.mode)

    return candidates(request, drawn)

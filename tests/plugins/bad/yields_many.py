"""1,000 pictures for a count of 1: as many as one run may have. A number as its prompt: so many."""

import numpy as np

from aigc_studio.api import Candidate, Description, Image, hookimpl

MANY = 1000
SIDE = 28


@hookimpl
def describe():
    return Description(id="yields-many", title="Yields many", medium=Image)


@hookimpl
def generate(request):
    for n in range(int(request.prompt) if request.prompt.isdigit() else MANY):
        pixels = np.random.default_rng(n).integers(0, 256, (SIDE, SIDE), np.uint8)
        yield Candidate(Image(pixels), seed=n)

"""Pictures as mosaics: stones in colours that it has seen, laid around random points."""

from collections.abc import Iterator
from random import Random, choice
from typing import Any

import numpy as np

from aigc_studio import api
from aigc_studio.toolkit import Memory, candidates, counting_loop

# What it knows before it has learnt anything, so that it draws at once.
COLOURS = [[24, 52, 96], [60, 130, 150], [240, 230, 200], [210, 160, 60], [180, 70, 50]]
MOST = 4096  # colours that a model keeps

Array = np.ndarray[Any, np.dtype[Any]]


# A form in the window and flags in the shell are made of this class.
class Drawing(api.Parameters):
    stones: int = api.parameter(
        80,
        {"en": "Stones", "zh": "石子数"},
        help={"en": "The more, the finer.", "zh": "越多越细。"},
        minimum=2,
        maximum=500,
    )
    side: int = api.parameter(
        256,
        {"en": "Side", "zh": "边长"},
        unit={"en": "pixels", "zh": "像素"},
        minimum=32,
        maximum=1024,
    )
    grout: bool = api.parameter(False, {"en": "Dark joints", "zh": "深色接缝"})


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
        operations=(
            api.Operation(
                id="learn",
                verb="train",
                title={"en": "Learn colours", "zh": "学习颜色"},
            ),
            api.Operation(
                id="draw",
                verb="generate",
                title={"en": "Draw", "zh": "绘制"},
                parameters=Drawing,
                model="optional",
            ),
            api.Operation(
                id="fill",
                verb="edit",
                title={"en": "Fill in stones", "zh": "用石子填补"},
                artifacts=1,
                selection="required",
                model="none",
            ),
        ),
    )


class Palette(Memory):
    """What it knows. Its attributes are the model: plain JSON values, or numpy arrays."""

    def __init__(self) -> None:
        self.colours = np.zeros((0, 3), np.uint8)

    def learn(self, example: api.Example) -> None:
        """Called by `counting_loop` with one example after the other; `random` is seeded."""
        assert isinstance(example.artifact, api.Image)
        seen = example.artifact.convert("RGB").pixels.reshape(-1, 3)
        taken = [choice(range(len(seen))) for _colour in range(8)]
        self.colours = np.concatenate([self.colours, seen[taken]])[-MOST:]


def mosaic(shape: tuple[int, ...], points: Array, colours: Array) -> Iterator[Array]:
    """Every pixel in the colour of the point (y, x) nearest to it, as it grows."""
    rows, columns = np.ogrid[: shape[0], : shape[1]]
    nearest = np.full(shape, np.inf)
    picture = np.zeros((*shape, *colours.shape[1:]), np.uint8)
    for number, (point, colour) in enumerate(zip(points, colours, strict=True)):
        distance = np.hypot(rows - point[0], columns - point[1])
        picture[distance < nearest] = colour
        nearest = np.minimum(nearest, distance)
        if number % 8 == 7:
            yield picture
    yield picture


def joints(picture: Array) -> Array:
    """The same with dark lines where one stone meets another."""
    changes = np.zeros(picture.shape[:2], bool)
    changes[1:] |= (picture[1:] != picture[:-1]).any(-1)
    changes[:, 1:] |= (picture[:, 1:] != picture[:, :-1]).any(-1)
    return np.where(changes[..., None], 40, picture).astype(np.uint8)


@api.hookimpl
def train(request: api.TrainRequest) -> api.Action:
    """Learn: the loop writes models, pauses, resumes, and tells how far it is."""
    return counting_loop(request, Palette())


@api.hookimpl
def generate(request: api.GenerateRequest[Drawing]) -> api.Action:
    """Draw: `candidates` makes one result for each seed that is asked for."""
    wish, known = request.parameters, np.array(COLOURS, np.uint8)
    if request.model is not None:
        known = Palette.open(request.model).colours

    def drawn(rng: Random) -> Iterator[api.Image]:
        dice = np.random.default_rng(rng.getrandbits(64))
        points = dice.uniform(0, wish.side, (wish.stones, 2))
        colours = known[dice.integers(len(known), size=wish.stones)]
        for picture in mosaic((wish.side, wish.side), points, colours):
            yield api.Image(joints(picture) if wish.grout else picture)

    return candidates(request, drawn)


@api.hookimpl
def edit(request: api.EditRequest) -> api.Action:
    """Fill the selected part with stones in the colours around it; the rest stays."""
    pixels, hole = request.image.pixels, request.mask.pixels > 0
    # Where all is selected there is nothing around it: its own colours are taken.
    known = np.argwhere(hole if hole.all() else ~hole)

    def filled(rng: Random) -> Iterator[api.Image]:
        dice = np.random.default_rng(rng.getrandbits(64))
        points = known[dice.integers(len(known), size=200)]
        colours = pixels[points[:, 0], points[:, 1]]
        shape = hole if pixels.ndim == 2 else hole[..., None]
        for picture in mosaic(hole.shape, points, colours):
            yield api.Image(np.where(shape, picture, pixels))

    return candidates(request, filled)

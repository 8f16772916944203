"""A small model's result in a large picture: no cut at the mask's edge, and nothing outside it."""

import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import ImageDraw

from aigc_studio.api import Image, Mask
from aigc_studio.project import frames, seams
from aigc_studio.project.framing import Frame

PAPER, INK = 255, 26


def drawing(side: int = 256, colour: tuple[int, int, int] = (INK, INK, INK)) -> Image:
    """A thick ring, drawn with a pen."""
    large = Pillow.new("RGB", (side * 4, side * 4), "white")
    pen, width = ImageDraw.Draw(large), side * 4 // 13
    pen.ellipse([side, side * 0.6, side * 3, side * 3.4], outline=colour, width=width)
    return Image.from_pillow(large.resize((side, side), Pillow.Resampling.BOX))


def disc(side: int, x: float, y: float, radius: float) -> Mask:
    rows, columns = np.mgrid[:side, :side]
    inside = (columns - x * side) ** 2 + (rows - y * side) ** 2 < (radius * side) ** 2
    return Mask(inside.astype(np.uint8) * 255)


def across(pixels: np.ndarray, mask: Mask) -> float:
    """The mean difference between neighbours on both sides of the mask's edge."""
    values = pixels.astype(float).reshape(*pixels.shape[:2], -1).mean(axis=2)
    inside, apart = mask.pixels > 0, []
    for axis in (0, 1):
        edge = np.diff(inside.astype(int), axis=axis) != 0
        apart.append(np.abs(np.diff(values, axis=axis))[edge])
    return float(np.concatenate(apart).mean())


def redrawn(picture: Image, shift: int = 1, strength: float = 1.0, veil: int = 6) -> Image:
    """What a model of 28 pixels makes of it: blurred, a pixel off, the paper grey."""
    small = picture.to_pillow().convert("L").resize((28, 28), Pillow.Resampling.BOX)
    pixels = np.roll(np.asarray(small).astype(float), shift, axis=1)
    return Image(np.clip(255 - (255 - pixels) * strength - veil, 0, 255).astype(np.uint8))


def brought(picture: Image, mask: Mask, result: Image) -> np.ndarray:
    frame = Frame(0, 0, picture.width, picture.height, result.width, result.height, result.mode)
    return frames.bring_back(picture, mask, frame, result).pixels


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
@pytest.mark.parametrize("side", [64, 256, 700])
@pytest.mark.parametrize("place", [(0.5, 0.2, 0.18), (0.7, 0.5, 0.2), (0.3, 0.7, 0.1)])
def test_no_seam_is_seen_and_nothing_outside_has_changed(
    mode: str, side: int, place: tuple[float, float, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = drawing(side).convert(mode)  # type: ignore[arg-type]
    mask = disc(side, *place)
    made = brought(picture, mask, redrawn(picture))
    assert np.array_equal(made[mask.pixels == 0], picture.pixels[mask.pixels == 0])
    monkeypatch.setattr(seams, "LARGER", 10**9)
    cut = brought(picture, mask, redrawn(picture))
    assert across(cut, mask) > 2 * across(made, mask), "else there was nothing to mend"
    assert across(made, mask) < 2 * across(picture.pixels, mask) + 6


def test_a_drawing_keeps_its_paper_its_ink_and_its_edges() -> None:
    picture, mask = drawing().convert("L"), disc(256, 0.5, 0.5, 0.45)
    made = brought(picture, mask, redrawn(picture, veil=12))
    paper = (made == PAPER).mean()
    grey = ((made > INK + 24) & (made < PAPER - 24)).mean()
    assert paper == pytest.approx((picture.pixels == PAPER).mean(), abs=0.05), "no veil"
    assert grey < 0.06, "no cloud around the line"
    assert made.min() >= INK - 1, "no other ink"


def test_a_blue_line_goes_on_in_blue() -> None:
    blue = (30, 60, 200)
    picture, mask = drawing(colour=blue), disc(256, 0.7, 0.5, 0.2)
    made = brought(picture, mask, redrawn(picture, shift=0))
    inked = made[(mask.pixels > 0) & (made[..., 0] < 100)]
    assert len(inked) > 500
    assert np.abs(np.median(inked, axis=0) - blue).max() < 12


def test_no_ghost_of_what_was_there_is_left() -> None:
    """All of the line is inside the mask, near its edge, and the model leaves the paper blank."""
    picture = drawing().convert("L")
    ring = np.asarray(
        Pillow.fromarray((picture.pixels < 250).astype(np.uint8) * 255).resize((256, 256))
    )
    rows, columns = ring.nonzero()
    mask = np.zeros((256, 256), np.uint8)
    mask[rows.min() - 5 : rows.max() + 6, columns.min() - 5 : columns.max() + 6] = 255
    made = brought(picture, Mask(mask), Image(np.full((28, 28), 250, np.uint8)))
    assert (made == PAPER).all()


def test_photographs_are_led_over_too() -> None:
    dice = np.random.default_rng(1)
    small = dice.integers(60, 200, (8, 8, 3)).astype(np.uint8)
    picture = Image.from_pillow(Pillow.fromarray(small).resize((320, 320), 3))
    mask = disc(320, 0.5, 0.5, 0.3)
    brighter = np.clip(picture.pixels.astype(int) + 40, 0, 255).astype(np.uint8)
    result = Image.from_pillow(Pillow.fromarray(brighter).resize((32, 32), 4))
    made = brought(picture, mask, result)
    assert across(made, mask) < across(picture.pixels, mask) + 1.5
    middle = (slice(150, 170), slice(150, 170))
    assert np.abs(made[middle].astype(int) - brighter[middle]).mean() < 6, "the result stands"


def test_a_result_of_the_pictures_own_size_stands_as_it_is() -> None:
    picture = drawing(28).convert("L")
    result = redrawn(picture)
    mask = disc(28, 0.5, 0.5, 0.3)
    made = brought(picture, mask, result)
    assert np.array_equal(made[mask.pixels == 255], result.pixels[mask.pixels == 255])


def test_a_soft_mask_is_as_soft_as_it_was_painted() -> None:
    picture = drawing().convert("L")
    mask = disc(256, 0.7, 0.5, 0.2)
    soft = Mask((mask.pixels // 2).astype(np.uint8))
    whole = brought(picture, mask, redrawn(picture)).astype(int)
    half = brought(picture, soft, redrawn(picture)).astype(int)
    expected = (picture.pixels.astype(int) * (255 - 127) + whole * 127 + 127) // 255
    assert np.abs(half - expected).max() <= 1


@pytest.mark.parametrize("count", [1, 2, 7, 100])
def test_middles_are_medians(count: int) -> None:
    planes = np.random.default_rng(count).integers(0, 256, (3, count), np.uint8)
    assert np.array_equal(seams._middles(planes), np.median(planes, axis=1).astype(np.float32))

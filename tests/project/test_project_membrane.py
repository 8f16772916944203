"""The colours of a result fitted to its surroundings, in photographs and at every size."""

from __future__ import annotations

import numpy as np
import pytest
from kinds import an_image
from PIL import Image as Pillow

from aigc_studio.api import Image, Mask, Operation
from aigc_studio.project import frames, membrane
from aigc_studio.project.framing import Frame
from aigc_studio.project.making import FramedEdit

SHIFTS = {
    "lighter": lambda values: values + np.array([30.0, 24.0, 20.0]),
    "redder": lambda values: values + np.array([24.0, -8.0, -20.0]),
    "flatter": lambda values: values * 0.8 + 10,
    "across": lambda values: values + np.linspace(-24, 24, values.shape[1])[None, :, None],
}


def photograph(side: int, seed: int = 1) -> Image:
    """Soft shapes with a grain over them."""
    dice = np.random.default_rng(seed)
    small = dice.integers(60, 190, (9, 9, 3)).astype(np.uint8)
    large = np.asarray(Pillow.fromarray(small).resize((side, side), 3)).astype(float)
    return Image(np.clip(large + dice.normal(0, 3, large.shape), 0, 255).astype(np.uint8))


def disc(side: int, radius: float = 0.28) -> Mask:
    rows, columns = (np.mgrid[:side, :side] + 0.5) / side - 0.5
    return Mask((rows**2 + columns**2 < radius**2).astype(np.uint8) * 255)


def shifted(picture: Image, side: int, shift: str) -> Image:
    small = picture.to_pillow().resize((side, side), Pillow.Resampling.BOX)
    values = SHIFTS[shift](np.asarray(small).astype(float))
    return Image(np.clip(np.rint(values), 0, 255).astype(np.uint8))


def brought(picture: Image, mask: Mask, result: Image, *, fits: bool = True) -> np.ndarray:
    frame = Frame(0, 0, picture.width, picture.height, result.width, result.height, result.mode)
    return frames.bring_back(picture, mask, frame, result, fits=fits).pixels


def apart(made: np.ndarray, picture: Image, mask: Mask) -> float:
    """How far the colours of what was made are from those that were there, in all of the mask."""
    inside = mask.pixels > 0
    difference = made.astype(float) - picture.convert("RGB").pixels
    blurred = [
        np.asarray(Pillow.fromarray(difference[..., each].astype(np.float32)).resize((16, 16), 4))
        for each in range(3)
    ]
    small = np.asarray(Pillow.fromarray(inside).resize((16, 16), 4)) > 0
    return float(np.abs(np.stack(blurred)[:, small]).mean())


@pytest.mark.parametrize("shift", SHIFTS)
@pytest.mark.parametrize(("side", "model"), [(64, 64), (90, 64), (640, 64), (1000, 40)])
def test_a_result_in_other_colours_gets_those_around_it(side: int, model: int, shift: str) -> None:
    picture, mask = photograph(side), disc(side)
    result = shifted(picture, model, shift)
    cut, made = (brought(picture, mask, result, fits=fits) for fits in (False, True))
    assert np.array_equal(made[mask.pixels == 0], picture.pixels[mask.pixels == 0])
    assert apart(made, picture, mask) < 0.4 * apart(cut, picture, mask)
    assert apart(made, picture, mask) < 5


def test_the_seam_is_no_steeper_than_the_picture_itself() -> None:
    picture, mask = photograph(640), disc(640)
    made = brought(picture, mask, shifted(picture, 64, "redder"))

    def across(pixels: np.ndarray) -> float:
        values, steps = pixels.astype(float).mean(axis=2), []
        for axis in (0, 1):
            edge = np.diff((mask.pixels > 0).astype(int), axis=axis) != 0
            steps.append(np.abs(np.diff(values, axis=axis))[edge])
        return float(np.concatenate(steps).mean())

    assert across(made) <= 1.1 * across(picture.pixels)


def test_a_change_of_colour_that_was_asked_for_stands() -> None:
    """What an edit that can do without a mask makes is meant: its middle keeps its colours."""
    picture, mask = photograph(320), disc(320, 0.35)
    result = shifted(picture, 64, "redder")
    edits = {
        fits: FramedEdit.of(
            Operation(id="x", verb="edit", title="X", selection=fits), (picture,), mask, {}
        )
        for fits in ("optional", "required")
    }
    middle = (slice(150, 170), slice(150, 170))
    made = {
        fits: an_image(edit.finish(result)).pixels[middle].astype(float)
        for fits, edit in edits.items()
    }
    meant = np.asarray(result.to_pillow().resize((320, 320), 3))[middle].astype(float)
    assert np.abs(made["optional"] - meant).mean() < 1
    assert np.abs(made["required"].mean(axis=(0, 1)) - meant.mean(axis=(0, 1))).max() > 12


def test_a_thing_that_crosses_the_edge_does_not_bleed_into_the_middle() -> None:
    """A dark bar runs into the mask, and the model has no bar: elsewhere nothing is darker."""
    pixels = np.full((320, 320, 3), 180, np.uint8)
    pixels[150:175, :160] = 20
    mask = disc(320)
    made = brought(Image(pixels), mask, Image(np.full((32, 32, 3), 180, np.uint8)))
    assert np.abs(made[150:170, 200:230].astype(int) - 180).max() <= 4


def test_a_grey_photograph_stays_grey() -> None:
    grey = photograph(96).convert("L")
    mask, coloured = disc(96), shifted(photograph(96), 64, "redder")
    assert frames.bring_back(
        grey, mask, Frame(0, 0, 96, 96, 64, 64, "RGB"), coloured, fits=True
    ).mode == "L"  # fmt: skip
    made = brought(grey.convert("RGB"), mask, coloured)
    assert np.ptp(made, axis=2).max() <= 1
    assert np.ptp(brought(photograph(96), mask, coloured), axis=2).max() > 10


def test_a_model_without_alpha_leaves_the_shape_of_a_picture() -> None:
    picture = photograph(96).convert("RGBA").pixels.copy()
    rows, columns = np.mgrid[:96, :96] - 48
    picture[..., 3] = np.clip((44 - np.hypot(rows, columns)) * 64, 0, 255)
    mask = np.zeros((96, 96), np.uint8)
    mask[20:80, 40:96] = 255
    made = brought(Image(picture), Mask(mask), shifted(photograph(96), 64, "lighter"))
    assert np.array_equal(made[..., 3], picture[..., 3]), "the shape is as it was"
    assert np.array_equal(made[mask == 0], picture[mask == 0])
    solid = (mask > 0) & (picture[..., 3] == 255)
    assert (made != picture)[solid].any()
    around = photograph(96).pixels
    assert np.abs(made[..., :3].astype(float) - around)[solid].mean() < 10, "its colours as well"


def test_on_nothing_a_result_is_seen() -> None:
    clear = np.zeros((64, 64, 4), np.uint8)
    made = brought(Image(clear), disc(64), Image(np.full((64, 64, 3), 90, np.uint8)))
    assert (made[32, 32] == (90, 90, 90, 255)).all()


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (7, 3), (40, 60)])
def test_every_shape_has_a_film(shape: tuple[int, int]) -> None:
    inside = np.zeros(shape, bool)
    nothing = membrane.membrane(inside, lambda _square: np.zeros((*shape, 1), np.float32), 1, 1)
    assert nothing is None
    inside[: max(1, shape[0] // 2), : max(1, shape[1] // 2)] = True
    film = membrane.membrane(inside, lambda _square: np.full((*shape, 1), 9, np.float32), 1, 1)
    whole = (slice(0, shape[0]), slice(0, shape[1]))
    assert (film is None) == bool(inside.all())
    if film is not None:
        assert np.allclose(film.at(whole)[inside], 9, atol=0.1)


def test_a_frame_smaller_than_the_mask_has_no_cut_at_its_own_edge() -> None:
    picture = photograph(320)
    mask = Mask(np.full((320, 320), 255, np.uint8))
    result = shifted(Image(picture.pixels[80:240, 80:240]), 64, "lighter")
    frame = Frame(80, 80, 160, 160, 64, 64, "RGB")
    made = frames.bring_back(picture, mask, frame, result, fits=True).pixels.astype(float)
    outside = np.ones((320, 320), bool)
    outside[80:240, 80:240] = False
    assert np.array_equal(made[outside], picture.pixels[outside])
    step = np.abs(made[80, 80:240] - made[79, 80:240]).mean()
    own = np.abs(np.diff(picture.pixels.astype(float), axis=0)).mean()
    assert step < 1.5 * own

"""Pictures of any size and mode to tensors and back."""

from typing import get_args

import numpy as np
import pytest
import torch

from aigc_studio.api import Image
from aigc_studio.toolkit import image_planes, planes_image, sheet, to_planes, to_values
from aigc_studio.toolkit.pictures import CHANNELS, Fit, Mode, flatten, has_colour

MODES = get_args(Mode)


def noise(width: int, height: int, channels: int = 3) -> Image:
    shape = (height, width) if channels == 1 else (height, width, channels)
    return Image(np.random.default_rng(width * height).integers(0, 256, shape, np.uint8))


@pytest.mark.parametrize("low", [0.0, -1.0])
def test_values_are_in_the_range_that_is_said_and_come_back_to_the_bit(low: float) -> None:
    planes = torch.arange(256, dtype=torch.uint8).view(1, 16, 16)
    values = to_values(planes, low)
    assert (float(values.min()), float(values.max())) == (low, 1.0)
    assert torch.equal(to_planes(values, low), planes)
    wild = torch.tensor([low - 3, 1.7])
    assert to_planes(wild, low).tolist() == [0, 255]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("fit", get_args(Fit))
@pytest.mark.parametrize("size", [(1, 1), (40, 7), (9, 50), (128, 128)])
def test_any_picture_becomes_planes_of_the_shape_asked_for(
    mode: Mode, channels: int, fit: Fit, size: tuple[int, int]
) -> None:
    planes = image_planes(noise(*size, channels), (24, 32), mode, fit)
    assert planes.shape == (CHANNELS[mode], 32, 24)
    assert planes.dtype == torch.uint8
    planes += 1  # they may be written to


@pytest.mark.parametrize(("mode", "channels"), [("L", 1), ("RGB", 3), ("RGBA", 4)])
def test_what_has_the_size_comes_back_as_it_was(mode: Mode, channels: int) -> None:
    image = noise(32, 16, channels)
    assert planes_image(image_planes(image, (32, 16), mode)) == image


def test_padding_keeps_proportions_and_cropping_fills() -> None:
    pixels = np.full((10, 40), 200, np.uint8)
    pixels[:, 15:25] = 30
    padded = image_planes(Image(pixels), 40, "L", "pad")[0]
    assert set(padded[0].tolist()) == {200}, "the border's usual colour"
    assert int((padded == 30).sum()) == 100
    cropped = image_planes(Image(pixels), 10, "L", "crop")[0]
    assert int(cropped.max()) == 30
    stretched = image_planes(Image(pixels), 10, "L", "stretch")[0]
    assert set(stretched[:, 0].tolist()) == {200}


def test_a_picture_like_another_has_its_size_and_mode() -> None:
    made = planes_image(torch.zeros(1, 8, 8, dtype=torch.uint8), like=noise(30, 20, 4))
    assert (made.width, made.height, made.mode) == (30, 20, "RGBA")
    assert (made.pixels[..., 3] == 255).all()


def test_a_sheet_has_its_cells_row_by_row() -> None:
    cells = torch.stack([torch.full((3, 4, 6), 10 * n, dtype=torch.uint8) for n in range(1, 6)])
    made = sheet(cells, 2)
    assert (made.width, made.height, made.mode) == (12, 12, "RGB")
    assert [int(made.pixels[y, x, 0]) for y in (0, 4, 8) for x in (0, 6)] == [10, 20, 30, 40, 50, 0]
    assert sheet([each.numpy() for each in cells]).width == 30


def test_what_is_transparent_becomes_the_ground_that_ink_stands_out_from() -> None:
    pixels = np.zeros((8, 8, 4), np.uint8)
    pixels[2:6, 3:5] = (10, 10, 10, 255)
    flat = flatten(Image(pixels), "L")
    assert flat[0, 0] == 255
    assert flat[3, 3] == 10
    pixels[2:6, 3:5] = (250, 250, 250, 255)
    assert flatten(Image(pixels), "L")[0, 0] == 0
    assert flatten(Image(pixels), "RGBA") is not None
    assert image_planes(Image(pixels), 8, "RGBA")[3, 0, 0] == 0, "or stays what it is"


def test_colour_is_seen_where_it_shows() -> None:
    grey = np.full((4, 4, 3), 90, np.uint8)
    assert not has_colour(Image(grey))
    grey[1, 1] = (90, 200, 90)
    assert has_colour(Image(grey))
    hidden = np.dstack([grey, np.full((4, 4), 255, np.uint8)])
    hidden[1, 1, 3] = 0
    assert not has_colour(Image(hidden))

import numpy as np
import pytest
import torch
from gan_digits.drawings import read_drawing
from gan_digits.pictures import Look, as_row, look_of, mask_row
from gan_digits_examples import bars

from aigc_studio.api import Image
from aigc_studio.toolkit import image_planes

LIGHT_ON_DARK = Look(ground=0.0, extent=0.7)


def test_the_way_back_is_exact_where_nothing_is_scaled() -> None:
    pixels = np.random.default_rng(0).integers(0, 100, (16, 64), np.uint8)
    for ground in (0.0, 255.0):
        row = as_row(Image(pixels), 16, "L", Look(ground, 0.7))
        assert len(row.cells) == 4
        assert row.inverted == (ground == 255.0)
        assert row.joined(row.cells) == Image(pixels)


@pytest.mark.parametrize(
    ("size", "cells"), [((16, 16), 1), ((10, 100), 1), ((100, 10), 10), ((37, 16), 2)]
)
def test_a_picture_is_padded_and_not_squeezed(size: tuple[int, ...], cells: int) -> None:
    pixels = np.zeros((size[1], size[0]), np.uint8)
    row = as_row(Image(pixels), 16, "L", LIGHT_ON_DARK)
    assert len(row.cells) == cells
    assert row.canvas[0] == cells * row.canvas[1]
    back = row.joined(row.cells)
    assert (back.width, back.height) == size


def test_the_mask_lies_where_the_picture_does() -> None:
    picture = Image(np.zeros((32, 96), np.uint8))
    row = as_row(picture, 16, "L", LIGHT_ON_DARK)
    mask = np.zeros((32, 96), np.uint8)
    mask[9, 45] = 3
    parts = mask_row(mask, row, 16)
    assert [int(part.sum()) for part in parts] == [0, 1, 0]
    assert parts[1][4, 22 - 16]
    small = as_row(Image(np.zeros((4, 8), np.uint8)), 16, "L", LIGHT_ON_DARK)
    one = np.zeros((4, 8), np.uint8)
    one[1, 5] = 255
    grown = mask_row(one, small, 16)
    assert [int(part.sum()) for part in grown] == [0, 16]


def test_the_look_of_a_dataset() -> None:
    pictures = torch.stack([image_planes(p, 16, "L") for p, _label in bars(20)])
    look = look_of(pictures)
    assert look.ground == 0.0
    assert look.extent == pytest.approx(10 / 16, abs=0.01)
    assert look_of(255 - pictures).ground == 255.0
    noise = torch.randint(0, 255, (20, 1, 16, 16), dtype=torch.uint8)
    assert look_of(noise).extent == 0.0, "what has no ground has no characters on it"
    assert look_of(torch.zeros(3, 1, 16, 16, dtype=torch.uint8)).extent == 0.0


def strokes(*lefts: int, width: int = 6, gap_at: int | None = None) -> Image:
    pixels = np.full((100, 240), 255, np.uint8)
    for left in lefts:
        pixels[20:80, left : left + width] = 0
    if gap_at is not None:
        pixels[40:44, gap_at : gap_at + 3] = 0
    return Image(pixels)


def test_characters_are_found_and_come_to_the_size_the_model_knows() -> None:
    drawing = read_drawing(strokes(30, 120), 28, "L", LIGHT_ON_DARK)
    assert len(drawing.cells) == 2
    for cell in drawing.cells:
        rows = np.flatnonzero(cell[0].max(axis=1) > 128)
        columns = np.flatnonzero(cell[0].max(axis=0) > 128)
        assert rows[-1] - rows[0] + 1 == pytest.approx(0.7 * 28, abs=1)
        assert (rows[0] + rows[-1] + 1) / 2 == pytest.approx(14, abs=1)
        assert (columns[0] + columns[-1] + 1) / 2 == pytest.approx(14, abs=1)


def test_a_speck_is_no_character_and_the_number_can_be_said() -> None:
    assert len(read_drawing(strokes(30, 120, gap_at=150), 28, "L", LIGHT_ON_DARK).cells) == 2
    assert len(read_drawing(strokes(30, 44, 120), 28, "L", LIGHT_ON_DARK, 2).cells) == 2
    assert len(read_drawing(strokes(30, width=90), 28, "L", LIGHT_ON_DARK, 3).cells) == 3


def test_what_is_redrawn_stands_where_the_drawing_was() -> None:
    image = strokes(30, 120)
    drawing = read_drawing(image, 28, "L", LIGHT_ON_DARK)
    again = drawing.redrawn(drawing.cells)
    ink, before = again.pixels < 128, image.pixels < 128
    overlap = (ink & before).sum() / (ink | before).sum()
    assert overlap > 0.6

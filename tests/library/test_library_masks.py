"""Masks from files: white is made anew; black and what is transparent is kept."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from aigc_studio.api import Image, StudioError
from aigc_studio.library.pictures.masks import read_mask

PICTURE = Image(np.arange(24 * 32, dtype=np.uint32).reshape(24, 32).astype(np.uint8))
INSIDE = (slice(5, 12), slice(7, 20))


def shape() -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    values = np.zeros((24, 32), np.uint8)
    values[INSIDE] = 255
    return values


def drawn(tmp_path: Path, picture: Pillow.Image, name: str = "mask.png") -> Path:
    picture.save(tmp_path / name)
    return tmp_path / name


def with_alpha(grey: int | np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> Pillow.Image:
    layers = np.empty((24, 32, 2), np.uint8)
    layers[..., 0], layers[..., 1] = grey, shape()
    return Pillow.fromarray(layers, "LA")


def test_white_on_transparent_selects_the_white(tmp_path: Path) -> None:
    for mode in ("LA", "RGBA", "PA"):
        picture = with_alpha(255).convert("RGBA" if mode == "PA" else mode)
        if mode == "PA":
            picture = picture.quantize(8)
        assert (read_mask(drawn(tmp_path, picture), PICTURE).pixels == shape()).all()


def test_a_soft_brush_counts_by_its_alpha(tmp_path: Path) -> None:
    layers = np.full((24, 32, 4), 255, np.uint8)
    layers[..., 3] = PICTURE.pixels
    mask = read_mask(drawn(tmp_path, Pillow.fromarray(layers)), PICTURE)
    assert (mask.pixels == PICTURE.pixels).all()


@pytest.mark.parametrize("mode", ["1", "L", "RGB", "RGBA", "P", "I;16"])
def test_white_on_black_in_every_kind_of_pixel(tmp_path: Path, mode: str) -> None:
    picture = Pillow.fromarray(shape())
    if mode == "I;16":
        picture = Pillow.fromarray(shape().astype(np.uint16) * 257)
    elif mode == "P":
        picture = picture.quantize(4)
    else:
        picture = picture.convert(mode)
    assert (read_mask(drawn(tmp_path, picture), PICTURE).pixels == shape()).all()


def test_a_jpeg_mask_selects_nothing_far_from_its_edge(tmp_path: Path) -> None:
    noisy = Pillow.fromarray(np.where(shape() > 0, 249, 6).astype(np.uint8))
    noisy.save(tmp_path / "mask.jpg", quality=90)
    mask = read_mask(tmp_path / "mask.jpg", PICTURE).pixels
    assert mask[:2].max() == 0
    assert mask[8, 13] == 255


def test_a_profile_does_not_count(tmp_path: Path) -> None:
    from PIL import ImageCms

    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    half = Pillow.fromarray(np.full((24, 32), 100, np.uint8))
    half.save(tmp_path / "mask.png", icc_profile=lab)
    assert (read_mask(tmp_path / "mask.png", PICTURE).pixels == 100).all()


def refused(path: Path, words: str) -> None:
    with pytest.raises(StudioError, match=words) as caught:
        read_mask(path, PICTURE)
    assert str(path) in str(caught.value)


def test_what_selects_nothing_is_said_and_not_guessed_at(tmp_path: Path) -> None:
    clear = Pillow.new("RGBA", (32, 24), (255, 255, 255, 0))
    refused(drawn(tmp_path, clear), "transparent all over: paint white")
    refused(drawn(tmp_path, Pillow.new("L", (32, 24))), "black all over: paint white")
    refused(drawn(tmp_path, with_alpha(0)), "black on a transparent ground: paint white")
    refused(drawn(tmp_path, Pillow.new("L", (24, 32), 255)), "is 24×32 pixels.*picture is 32×24")
    hole = PICTURE.convert("RGBA").pixels.copy()
    hole[INSIDE] = 0
    refused(drawn(tmp_path, Pillow.fromarray(hole)), "the picture itself with a hole: paint white")


@pytest.mark.parametrize("size", [(32, 23), (31, 24), (24, 32)])
def test_a_mask_of_another_size_is_refused_with_both_sizes(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    path = drawn(tmp_path, Pillow.new("L", size, 255))
    with pytest.raises(StudioError, match=f"is {size[0]}×{size[1]} pixels, .* is 32×24"):
        read_mask(path, PICTURE)

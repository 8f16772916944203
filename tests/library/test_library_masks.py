"""Masks from files: white is made anew; black and what is transparent is kept."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFilter

from aigc_studio.api import Image, StudioError
from aigc_studio.library.pictures.masks import read_mask, read_with_remarks

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


LARGE = Image(np.zeros((160, 200), np.uint8))


def drawn_shapes() -> Pillow.Image:
    picture = Pillow.new("L", (200, 160))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((21, 12, 93, 97), fill=255)
    draw.polygon([(112, 13), (190, 50), (130, 150)], fill=255)
    return picture


def lossy(picture: Pillow.Image, kind: str, quality: int) -> bytes:
    file = io.BytesIO()
    options = {"compression": "jpeg"} if kind == "TIFF" else {}
    picture.convert("RGB").save(file, kind, quality=quality, **options)
    return file.getvalue()


def read(tmp_path: Path, data: bytes) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.uint8]], tuple[str, ...]]:  # fmt: skip  # noqa: E501
    (tmp_path / "mask").write_bytes(data)
    mask, remarks = read_with_remarks(tmp_path / "mask", LARGE)
    return mask.pixels, remarks


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "TIFF"])
@pytest.mark.parametrize("quality", [8, 10, 20, 30, 50, 75, 95])
def test_no_lossy_format_selects_outside(tmp_path: Path, kind: str, quality: int) -> None:
    inside = np.asarray(drawn_shapes()) > 0
    pixels, remarks = read(tmp_path, lossy(drawn_shapes(), kind, quality))
    assert (pixels[~inside] == 0).all()
    assert np.count_nonzero(pixels[inside] == 255) > 0.9 * np.count_nonzero(inside)
    assert any("mask" in remark for remark in remarks)


def test_a_mark_before_a_jpeg_does_not_make_it_lossless(tmp_path: Path) -> None:
    inside = np.asarray(drawn_shapes()) > 0
    pixels, _remarks = read(tmp_path, b"\xef\xbb\xbf" + lossy(drawn_shapes(), "JPEG", 30))
    assert (pixels[~inside] == 0).all()


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
@pytest.mark.parametrize("quality", [50, 75, 90])
def test_what_was_lossy_once_is_known_in_a_png_by_its_noise(
    tmp_path: Path, kind: str, quality: int
) -> None:
    inside = np.asarray(drawn_shapes()) > 0
    again = Pillow.open(io.BytesIO(lossy(drawn_shapes(), kind, quality)))
    again.save(tmp_path / "mask.png")
    mask, remarks = read_with_remarks(tmp_path / "mask.png", LARGE)
    assert (mask.pixels[~inside] == 0).all()
    assert "noise" in remarks[0]


@pytest.mark.parametrize("black", [1, 5, 8])
def test_lifted_black_selects_nothing(tmp_path: Path, black: int) -> None:
    soft = np.asarray(drawn_shapes().filter(ImageFilter.GaussianBlur(6)))
    for values in (np.asarray(drawn_shapes()), soft):
        Pillow.fromarray(np.maximum(values, black)).save(tmp_path / "mask.png")
        mask, remarks = read_with_remarks(tmp_path / "mask.png", LARGE)
        assert (mask.pixels[values == 0] == 0).all()
        assert (mask.pixels[values > 100] >= values[values > 100]).all()
        assert len(remarks) == 1


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "BMP", "TIFF"])
def test_a_soft_mask_without_loss_is_kept_to_the_bit(tmp_path: Path, kind: str) -> None:
    ramp = Pillow.fromarray(np.tile(np.arange(200, dtype=np.uint8), (160, 1)))
    smooth = drawn_shapes().resize((400, 320)).resize((200, 160), Pillow.Resampling.LANCZOS)
    blurred = [
        drawn_shapes().filter(ImageFilter.GaussianBlur(by)) for by in (0.5, 0.8, 1, 1.5, 3, 9, 30)
    ]
    for picture in (ramp, smooth, *blurred):
        picture.convert("RGB").save(tmp_path / "mask", kind, lossless=True)
        mask, remarks = read_with_remarks(tmp_path / "mask", LARGE)
        assert (mask.pixels == np.asarray(picture)).all()
        assert remarks == ()


def test_a_soft_mask_stays_soft_in_a_jpeg(tmp_path: Path) -> None:
    soft = drawn_shapes().filter(ImageFilter.GaussianBlur(6))
    pixels, _remarks = read(tmp_path, lossy(soft, "JPEG", 90))
    between = (np.asarray(soft) > 40) & (np.asarray(soft) < 215)
    assert np.abs(pixels.astype(int) - np.asarray(soft))[between].max() < 16


def test_labels_of_0_and_1_are_nearly_black(tmp_path: Path) -> None:
    refused(drawn(tmp_path, Pillow.fromarray(shape() // 255)), "nearly black all over: paint")


def test_remarks_on_the_file_of_a_mask_are_told(tmp_path: Path) -> None:
    file = io.BytesIO()
    drawn_shapes().save(file, "BMP")
    _pixels, remarks = read(tmp_path, file.getvalue()[:-900])
    assert "cut off" in remarks[0]


@pytest.mark.parametrize("share", [0.25, 0.5, 0.8])
def test_a_mask_that_shares_colours_with_the_picture_is_a_mask(
    tmp_path: Path, share: float
) -> None:
    layers = PICTURE.convert("RGBA").pixels.copy()
    layers[INSIDE] = 0
    layers[: 24 - round(24 * share), :, :3] ^= 255
    mask = read_mask(drawn(tmp_path, Pillow.fromarray(layers)), PICTURE)
    assert mask.pixels.any()


def test_a_lossy_mask_that_is_cut_off_is_not_guessed_at(tmp_path: Path) -> None:
    rough = np.random.default_rng(0).integers(0, 255, (160, 200), np.uint8)
    data = lossy(Pillow.fromarray(rough), "JPEG", 90)
    (tmp_path / "mask.jpg").write_bytes(data[: len(data) * 9 // 10])
    with pytest.raises(StudioError, match="is cut off, and what is missing"):
        read_mask(tmp_path / "mask.jpg", LARGE)

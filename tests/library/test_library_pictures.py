"""Pictures of every kind and damage come in upright and in 8 bits, or are refused by name."""

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from kinds import an_image
from PIL import Image as Pillow

from aigc_studio.api import StudioError
from aigc_studio.library.pictures.reading import read_picture
from aigc_studio.library.readers import read_artifact


def saved(picture: Pillow.Image, tmp_path: Path, name: str, **options: Any) -> Path:
    path = tmp_path / name
    picture.save(path, **options)
    return path


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@pytest.mark.parametrize("suffix", ["png", "bmp", "gif", "webp", "tiff", "ppm"])
def test_lossless_formats_keep_their_pixels(tmp_path: Path, suffix: str) -> None:
    pixels = np.zeros((5, 7, 3), np.uint8)
    pixels[1:3, 2:5] = (255, 0, 0)
    options = {"lossless": True} if suffix == "webp" else {}
    path = saved(Pillow.fromarray(pixels), tmp_path, f"红.{suffix}", **options)
    assert (an_image(read_artifact(path)).convert("RGB").pixels == pixels).all()


def test_jpeg_is_turned_as_its_exif_says(tmp_path: Path) -> None:
    pixels = np.zeros((16, 32, 3), np.uint8)
    pixels[:, :16] = 255
    exif = Pillow.Exif()
    exif[274] = 6  # the camera was held upright
    path = saved(Pillow.fromarray(pixels), tmp_path, "turned.jpg", exif=exif, quality=95)
    image = read_picture(path)
    assert (image.width, image.height) == (16, 32)
    assert image.pixels[2, 8].min() > 200
    assert image.pixels[29, 8].max() < 50


def test_16_bits_are_scaled_not_clipped(tmp_path: Path) -> None:
    values = np.array([[0, 257, 32768, 65535]], np.uint16)
    path = saved(Pillow.fromarray(values), tmp_path, "deep.png")
    assert read_picture(path).pixels.tolist() == [[0, 1, 128, 255]]
    path = saved(Pillow.fromarray(values), tmp_path, "deep.tiff")
    assert read_picture(path).pixels.tolist() == [[0, 1, 128, 255]]


def test_floating_point_is_scaled(tmp_path: Path) -> None:
    path = saved(Pillow.fromarray(np.array([[0, 0.5, 1]], np.float32)), tmp_path, "f.tiff")
    assert read_picture(path).pixels.tolist() == [[0, 128, 255]]


def test_palette_cmyk_la_and_one_bit(tmp_path: Path) -> None:
    red = Pillow.new("RGB", (4, 4), (255, 0, 0))
    assert read_picture(saved(red.quantize(4), tmp_path, "p.png")).pixels[0, 0].tolist() == [
        255, 0, 0,
    ]  # fmt: skip
    clear = red.quantize(4)
    clear.info["transparency"] = clear.getpixel((0, 0))
    transparent = read_picture(saved(clear, tmp_path, "pt.png", transparency=0))
    assert transparent.mode == "RGBA"
    cmyk = read_picture(saved(red.convert("CMYK"), tmp_path, "c.jpg", quality=95))
    assert cmyk.mode == "RGB"
    assert cmyk.pixels[0, 0, 0] > 230
    assert cmyk.pixels[0, 0, 1] < 30
    grey = read_picture(saved(Pillow.new("LA", (4, 4), (7, 9)), tmp_path, "la.png"))
    assert grey.pixels[0, 0].tolist() == [7, 7, 7, 9]
    bits = read_picture(saved(Pillow.new("1", (4, 4), 1), tmp_path, "b.png"))
    assert (bits.mode, bits.pixels[0, 0]) == ("L", 255)


def test_first_frame_of_an_animation(tmp_path: Path) -> None:
    frames = [Pillow.new("L", (4, 4), shade) for shade in (10, 200)]
    path = saved(frames[0], tmp_path, "a.gif", save_all=True, append_images=frames[1:])
    assert read_picture(path).convert("L").pixels[0, 0] == 10


def test_a_decompression_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    for side in (8001, 12000, 60000):
        head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
        data = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(99))) + chunk(b"IEND", b"")
        path = tmp_path / f"bomb {side}.png"
        path.write_bytes(b"\x89PNG\r\n\x1a\n" + data)
        with pytest.raises(StudioError, match=rf"bomb {side}\.png is too large.*64 million"):
            read_picture(path)


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp", "bmp", "gif"])
def test_truncated_and_corrupt_are_refused(tmp_path: Path, suffix: str) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8)
    file = io.BytesIO()
    Pillow.fromarray(noise).save(file, {"jpg": "jpeg"}.get(suffix, suffix))
    whole = file.getvalue()
    for name, data in (("half", whole[: len(whole) // 2]), ("empty", b""), ("noise", b"\x01" * 99)):
        path = tmp_path / f"{name}.{suffix}"
        path.write_bytes(data)
        with pytest.raises(StudioError, match=rf"{name}\.{suffix}"):
            read_artifact(path)


def test_missing_files_folders_and_unknown_kinds(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match=r"x\.png is not there"):
        read_artifact(tmp_path / "x.png")
    with pytest.raises(StudioError, match="is a folder"):
        read_artifact(tmp_path)
    with pytest.raises(StudioError, match=r"y\.exe is not a picture, text or tune"):
        read_artifact(tmp_path / "y.exe")
    (tmp_path / "renamed.png").write_text("hello")
    with pytest.raises(StudioError, match=r"renamed\.png is not a picture"):
        read_artifact(tmp_path / "renamed.png")

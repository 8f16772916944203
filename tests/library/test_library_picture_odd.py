"""Pictures with a fault in what holds the pixels, where every pixel is there all the same."""

import io
import struct
import zlib
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow

from aigc_studio.api import StudioError
from aigc_studio.library.pictures.reading import read_picture, read_with_remarks

NOISE = np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8)
SMOOTH = np.asarray(Pillow.fromarray(NOISE).resize((128, 96)))


def chunk(name: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(name + data)
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", checksum)


def png(packed: bytes, size: tuple[int, int], colour: int, *extra: bytes, depth: int = 8) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", *size, depth, colour, 0, 0, 0))
    parts = (b"\x89PNG\r\n\x1a\n", head, *extra, chunk(b"IDAT", packed), chunk(b"IEND", b""))
    return b"".join(parts)


def rows(pixels: np.ndarray[Any, Any]) -> bytes:
    return b"".join(b"\0" + row.tobytes() for row in pixels)


def saved(kind: str, pixels: np.ndarray[Any, Any] = SMOOTH, **options: Any) -> bytes:
    file = io.BytesIO()
    Pillow.fromarray(pixels).save(file, kind, **options)
    return file.getvalue()


def test_a_wrong_sum_behind_the_pixels_is_told_and_no_damage() -> None:
    packed = zlib.compress(rows(NOISE))
    image, remarks = read_with_remarks(png(packed[:-4] + b"abcd", (64, 64), 2))
    assert (image.pixels == NOISE).all()
    assert "checksum" in remarks[0]
    broken = bytearray(packed)
    broken[len(packed) // 2] ^= 0xFF
    with pytest.raises(StudioError, match="damaged"):
        read_picture(png(bytes(broken[:200]) + b"\xff" * 50, (64, 64), 2))


@pytest.mark.parametrize("alpha", [False, True])
def test_a_png_of_a_phone_has_its_red_back(alpha: bool) -> None:
    pixels = NOISE[..., ::-1]
    if alpha:
        pixels = np.concatenate([pixels // 2, np.full((64, 64, 1), 128, np.uint8)], axis=-1)
    packing = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packing.compress(rows(np.ascontiguousarray(pixels))) + packing.flush()
    data = png(packed, (64, 64), 6 if alpha else 2)
    data = data[:8] + chunk(b"CgBI", bytes(4)) + data[8:]
    image = read_picture(data)
    off = np.abs(image.pixels[..., :3].astype(int) - NOISE).max()
    assert off <= (3 if alpha else 0)
    assert not alpha or (image.pixels[..., 3] == 128).all()


@pytest.mark.parametrize("interlaced", [False, True])
def test_a_clear_colour_of_16_bits_is_compared_to_the_last_bit(interlaced: bool) -> None:
    near = [(51400, 15420, 15421), (51401, 15420, 15420), (51400 ^ 256, 15420, 15420)]
    pixels = np.array([[(51400, 15420, 15420), *near]], ">u2")
    key = chunk(b"tRNS", struct.pack(">3H", 51400, 15420, 15420))
    if interlaced:  # passes 1, 6, 4, 6 hold the pixels of the one row
        order = ([0], [2], [1, 3])
        raw = b"".join(rows(pixels[:, columns]) for columns in order)
    else:
        raw = rows(pixels)
    data = bytearray(png(zlib.compress(raw), (4, 1), 2, key, depth=16))
    if interlaced:
        data[28] = 1
        data[29:33] = struct.pack(">I", zlib.crc32(data[12:29]))
    image = read_picture(bytes(data))
    assert image.pixels[0, :, 3].tolist() == [0, 255, 255, 255]
    assert image.pixels[0, 0, :3].tolist() == [200, 60, 60]


@pytest.mark.parametrize("options", [{"lossless": True}, {"quality": 80}, {"quality": 30}])
@pytest.mark.parametrize("share", [0.001, 0.01, 0.1])
def test_a_webp_that_is_cut_off(options: dict[str, Any], share: float) -> None:
    whole = saved("WEBP", **options)
    image, remarks = read_with_remarks(whole[: -max(5, round(len(whole) * share))])
    right = (image.pixels == read_picture(whole).pixels).all(axis=(1, 2))
    count = int(remarks[0].split("up to ")[1].split()[0])
    assert right[: 96 - count].all()
    assert count <= 40
    with pytest.raises(StudioError, match="cut off"):
        read_picture(whole[: len(whole) // 2])


@pytest.mark.parametrize("bytes_off", [1, 2, 5, 20])
def test_a_gif_that_lacks_a_few_bytes(bytes_off: int) -> None:
    grey = SMOOTH[..., 0]
    whole = saved("GIF", grey)
    image, _remarks = read_with_remarks(whole[:-bytes_off])
    assert (image.convert("L").pixels[:90] == grey[:90]).all()
    small = saved("GIF", np.full((40, 60), 99, np.uint8))
    assert read_picture(small[:-4]).convert("L").pixels[:30].tolist() == [[99] * 60] * 30


@pytest.mark.parametrize("kind", ["P2", "P3"])
def test_a_ppm_of_text_that_is_cut_off(kind: str) -> None:
    pixels = NOISE if kind == "P3" else NOISE[..., 0]
    words = " ".join(str(value) for value in pixels.ravel())
    whole = f"{kind}\n# by hand\n64 64\n255\n{words}\n".encode()
    image, remarks = read_with_remarks(whole)
    assert (image.pixels == pixels).all()
    assert remarks == ()
    image, remarks = read_with_remarks(whole[: len(whole) * 9 // 10])
    assert (image.pixels[:56] == pixels[:56]).all()
    assert "of its 64 rows are missing" in remarks[0]
    with pytest.raises(StudioError, match="cut off"):
        read_picture(whole[: len(whole) // 2])


@pytest.mark.parametrize("depth", [1, 2, 3, 4])
@pytest.mark.parametrize("most", [1, 255, 1000, 65535])
def test_a_pam_of_every_depth(depth: int, most: int) -> None:
    values = np.random.default_rng(depth).integers(0, most, (7, 9, depth), np.uint16, endpoint=True)
    body = values.astype(">u2" if most > 255 else np.uint8).tobytes()
    head = f"P7\n# any\nWIDTH 9\nHEIGHT 7\nDEPTH {depth}\nMAXVAL {most}\nTUPLTYPE X\nENDHDR\n"
    image, remarks = read_with_remarks(head.encode() + body, "some.pnm")
    wanted = values.astype(float) * 255 / most
    got = image.pixels.reshape(7, 9, -1)
    channels = [0, 3] if depth == 2 else list(range(depth))
    assert np.abs(got[..., channels] - wanted).max() <= 1
    assert remarks == ()
    with pytest.raises(StudioError):
        read_picture(head.encode().replace(b"WIDTH 9", b"WIDTH 99999999") + body)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize(
    "header",
    [b"Content-Type: image/jpeg\r\n\r\n", b"HTTP/1.1 200 OK\nServer: x\nDate: now\n\n"],
)
def test_a_header_of_the_web_before_a_picture(kind: str, header: bytes) -> None:
    whole = saved(kind)
    assert read_picture(header + whole) == read_picture(whole)


def _phone(*brands: bytes) -> bytes:
    box = b"ftyp" + brands[0] + bytes(4) + b"".join(brands[1:])
    return (len(box) + 4).to_bytes(4, "big") + box + bytes(99)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "The picture a.jpg is empty: get it again or leave it out."),
        (bytes(9999), "The picture a.jpg is empty: get it again or leave it out."),
        (b"\n<!DOCTYPE html><p>404", "a.jpg is a web page and no picture: get the picture again."),
        (_phone(b"heic", b"mif1"), "By its content a.jpg is HEIC, which is not read here"),
        (_phone(b"mif1", b"mif1", b"heic"), "By its content a.jpg is HEIC, which is not read here"),
        (_phone(b"mif1", b"mif1", b"avif"), "By its content a.jpg is AVIF, which is not read here"),
        (_phone(b"isom", b"isom", b"mp41"), "The file a.jpg is not a picture that can be read"),
        (b'<?xml version="1.0"?><svg/>', "By its content a.jpg is SVG, which is not read here"),
        (b"%PDF-1.7", "By its content a.jpg is PDF, which is not read here"),
        (b"no picture", "The file a.jpg is not a picture that can be read"),
    ],
)
def test_what_is_called_a_picture_and_is_none_is_told_as_what_it_is(
    data: bytes, words: str
) -> None:
    with pytest.raises(StudioError) as told:
        read_picture(data, "a.jpg")
    assert str(told.value).startswith(words)

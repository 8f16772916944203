"""Large files: read piece by piece, with the same pixels, and never much more than they take."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import ImageCms

from aigc_studio.api import Image, StudioError
from aigc_studio.library.pictures import netpbm, pieces
from aigc_studio.library.pictures.reading import read_picture, read_with_remarks
from aigc_studio.library.texts.reading import split_text

Pixels = np.ndarray[Any, np.dtype[np.uint8]]
RANDOM = np.random.default_rng(5)
GREY = RANDOM.integers(0, 256, (37, 53), np.uint8)
COLOURS = RANDOM.integers(0, 256, (37, 53, 3), np.uint8)
CLEAR = RANDOM.integers(0, 256, (37, 53, 4), np.uint8)


def saved(picture: Pillow.Image, kind: str, **how: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **how)
    return file.getvalue()


def lab() -> Pillow.Image:
    to_lab = ImageCms.buildTransform(
        ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB"
    )
    found = ImageCms.applyTransform(Pillow.fromarray(COLOURS), to_lab)
    assert found is not None
    return found


def turned(number: int) -> bytes:
    exif = Pillow.Exif()
    exif[0x0112] = number
    return saved(Pillow.fromarray(COLOURS), "PNG", exif=exif)


FILES: dict[str, Callable[[], bytes]] = {
    "L": lambda: saved(Pillow.fromarray(GREY), "PNG"),
    "1": lambda: saved(Pillow.fromarray(GREY).convert("1"), "PNG"),
    "P": lambda: saved(Pillow.fromarray(COLOURS).convert("P"), "PNG"),
    "P with a clear colour": lambda: saved(
        Pillow.fromarray(GREY).convert("P"), "PNG", transparency=7
    ),
    "L with a clear grey": lambda: saved(Pillow.fromarray(GREY), "PNG", transparency=7),
    "RGB": lambda: saved(Pillow.fromarray(COLOURS), "BMP"),
    "RGBA": lambda: saved(Pillow.fromarray(CLEAR), "PNG"),
    "LA": lambda: saved(Pillow.fromarray(CLEAR).convert("LA"), "PNG"),
    "CMYK": lambda: saved(Pillow.fromarray(COLOURS).convert("CMYK"), "TIFF"),
    "YCbCr": lambda: saved(Pillow.fromarray(COLOURS).convert("YCbCr"), "TIFF"),
    "LAB": lambda: saved(lab(), "TIFF"),
    "16 bits": lambda: saved(Pillow.fromarray(GREY.astype(np.uint16) * 257), "PNG"),
    "floats": lambda: saved(Pillow.fromarray(GREY.astype(np.float32) * 3 - 40), "TIFF"),
    "32 bits": lambda: saved(Pillow.fromarray(GREY.astype(np.int32) * 3), "TIFF"),
    "WebP": lambda: saved(Pillow.fromarray(COLOURS), "WEBP", lossless=True),
    "WebP with alpha": lambda: saved(Pillow.fromarray(CLEAR), "WEBP", lossless=True, exact=True),
    "gamma": lambda: saved(Pillow.fromarray(COLOURS), "PNG", pnginfo=None, gamma=1.0),
    **{f"turned {number}": partial(turned, number) for number in range(1, 9)},
}


@pytest.mark.parametrize("kind", FILES)
def test_a_picture_in_pieces_is_the_picture_in_one(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = FILES[kind]()
    whole, remarks = read_with_remarks(data, "x")
    monkeypatch.setattr(pieces, "PIXELS", 160)  # three rows
    again, remarks_again = read_with_remarks(data, "x")
    assert again == whole
    assert remarks_again == remarks


@pytest.mark.parametrize("number", range(1, 9))
def test_pieces_are_turned_as_the_picture_would_be(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PIL import ImageOps

    data = turned(number)
    monkeypatch.setattr(pieces, "PIXELS", 160)
    upright = ImageOps.exif_transpose(Pillow.open(io.BytesIO(data)))
    assert upright is not None
    assert read_picture(data, "x") == Image.from_pillow(upright)


def test_each_piece_is_asked_for_once_and_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "PIXELS", 53 * 5)
    seen: list[int] = []
    picture = Pillow.fromarray(GREY)
    for top, height in pieces.over_pieces(picture, lambda _top, piece: piece.height):
        seen.append(top)
        assert height == min(5, 37 - top)
    assert seen == list(range(0, 37, 5))


def plain(kind: int, samples: np.ndarray[Any, Any], white: int, gap: bytes = b" ") -> bytes:
    height, width = samples.shape[:2]
    head = f"P{kind}\n# by hand\n{width} {height}\n".encode()
    head += b"" if kind in (1, 4) else f"{white}\n".encode()
    if kind <= 3:
        words = (str(value).encode() for value in samples.reshape(-1).tolist())
        return head + gap.join(words) + b"\n"
    return head + samples.astype(np.uint8 if white < 256 else ">u2").tobytes()


@pytest.mark.parametrize("white", [1, 100, 255, 256, 1000, 65535])
@pytest.mark.parametrize("kind", [2, 3, 5, 6])
def test_numbers_up_to_any_white_are_scaled_to_eight_bits(kind: int, white: int) -> None:
    shape = (9, 7, 3) if kind in (3, 6) else (9, 7)
    samples = np.random.default_rng(white).integers(0, white + 1, shape)
    expected = np.rint(samples * (255 / white)).astype(np.uint8)
    assert read_picture(plain(kind, samples, white), "x.ppm") == Image(expected)


def test_a_plain_bitmap_may_have_no_gaps_and_its_ones_are_black() -> None:
    bits = RANDOM.integers(0, 2, (9, 7))
    expected = Image(((1 - bits) * 255).astype(np.uint8))
    assert read_picture(plain(1, bits, 1), "x.pbm") == expected
    assert read_picture(plain(1, bits, 1, gap=b""), "x.pbm") == expected


@pytest.mark.parametrize(("depth", "white"), [(1, 255), (2, 255), (3, 100), (4, 255), (4, 65535)])
def test_a_pam_of_any_depth_is_read(depth: int, white: int) -> None:
    samples = np.random.default_rng(depth).integers(0, white + 1, (9, 7, depth))
    head = f"P7\nWIDTH 7\nHEIGHT 9\nDEPTH {depth}\nMAXVAL {white}\nENDHDR\n".encode()
    data = head + samples.astype(np.uint8 if white < 256 else ">u2").tobytes()
    eight = np.rint(samples * (255 / white)).astype(np.uint8)
    if depth == 1:
        eight = eight[..., 0]
    elif depth == 2:
        eight = eight[..., [0, 0, 0, 1]]
    assert read_picture(data, "x.ppm") == Image(eight)


def test_rows_of_numbers_that_are_cut_off_are_black_and_said() -> None:
    samples = RANDOM.integers(10, 100, (20, 5, 3))
    data = plain(3, samples, 255)
    found, remarks = read_with_remarks(data[: int(len(data) * 0.9)], "x.ppm")
    assert (found.pixels[:15] == samples[:15]).all()
    assert not found.pixels[-1].any()
    assert any("cut off" in each for each in remarks)


def test_numbers_as_text_beyond_the_limit_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = plain(2, GREY, 255)
    monkeypatch.setattr(netpbm, "MOST_TEXT_BYTES", len(data))
    assert read_picture(data, "x.pgm") == Image(GREY)
    monkeypatch.setattr(netpbm, "MOST_TEXT_BYTES", len(data) - 1)
    with pytest.raises(StudioError, match="written as text"):
        read_picture(data, "x.pgm")


PEAK = """
import sys
from pathlib import Path
from aigc_studio.library import readers
import numpy, PIL.Image, PIL.ImageCms

def peak():
    for line in open("/proc/self/status"):
        if line.startswith("VmHWM"):
            return int(line.split()[1]) * 1024

readers.suffixes("image")
before = peak()
found = readers.read(Path(sys.argv[1]))[0]
print(peak() - before, found.pixels.nbytes)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="no such figures here")
@pytest.mark.parametrize("kind", ["floats", "RGBA", "webp", "16 bits"])
def test_a_large_picture_takes_little_more_than_its_pixels(kind: str, tmp_path: Path) -> None:
    side = 4000
    ramp = np.broadcast_to(np.arange(side, dtype=np.uint16) % 251, (side, side))
    colours = np.stack([ramp, ramp.T, ramp, ramp.T], axis=-1).astype(np.uint8)
    pictures: dict[str, Callable[[Path], None]] = {
        "floats": lambda path: Pillow.fromarray(ramp.astype(np.float32)).save(path, "TIFF"),
        "RGBA": lambda path: Pillow.fromarray(colours).save(path, "PNG", compress_level=1),
        "webp": lambda path: Pillow.fromarray(colours[..., :3]).save(path, "WEBP", quality=20),
        "16 bits": lambda path: Pillow.fromarray(np.ascontiguousarray(ramp)).save(path, "PNG"),
    }
    path = tmp_path / {"floats": "x.tif", "webp": "x.webp"}.get(kind, "x.png")
    pictures[kind](path)
    done = subprocess.run(
        [sys.executable, "-c", PEAK, str(path)], env=dict(os.environ), check=True, text=True,
        stdout=subprocess.PIPE,
    )  # fmt: skip
    taken, pixels = map(int, done.stdout.split())
    # 600 MB for 64 million pixels are 9.4 bytes a pixel; what does not grow with them comes on top.
    assert taken - pixels < 9.4 * side * side + 100e6


def test_empty_lines_cost_nothing_of_note() -> None:
    assert split_text("a\n" + "\n" * 200_000 + " \t\n\nb", "sentences") == ["a", "b"]


def test_a_text_without_an_end_is_one_sentence() -> None:
    assert split_text('"' * 100_000, "sentences") == ['"' * 100_000]
    assert split_text("a  b\tc\nd", "sentences") == ["a b\tc d"]

"""Pictures as people have them: broken side parts, profiles, deep pixels, cut-off ends, names."""

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import ImageCms, PngImagePlugin

from aigc_studio.api import Image, StudioError
from aigc_studio.library import readers
from aigc_studio.library.pictures.reading import SUFFIXES, read_picture, read_with_remarks
from aigc_studio.project import Provenance, export

GRADIENT = np.arange(40 * 60, dtype=np.uint32).reshape(40, 60).astype(np.uint8)


def chunk(name: bytes, data: bytes, *, good: bool = True) -> bytes:
    checksum = zlib.crc32(name + data) ^ (0 if good else 1)
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", checksum)


Columns = tuple[tuple[float, float, float], ...]
"""The three primaries of a profile, as XYZ."""


def png(
    pixels: np.ndarray[Any, Any] = GRADIENT,
    *,
    extra: bytes = b"",
    behind: bytes = b"",
    depth: int = 8,
    colour: int = 0,
    rows: bytes | None = None,
    size: tuple[int, int] | None = None,
) -> bytes:
    """A PNG of these pixels with further chunks before and behind them."""
    width, height = size or (pixels.shape[1], pixels.shape[0])
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    raw = rows
    if raw is None:
        big = pixels.astype(">u2") if depth == 16 else pixels.astype(np.uint8)
        raw = b"".join(b"\0" + row.tobytes() for row in big)
    return b"".join(
        (b"\x89PNG\r\n\x1a\n", chunk(b"IHDR", head), extra, chunk(b"IDAT", zlib.compress(raw)),
         behind, chunk(b"IEND", b""))
    )  # fmt: skip


def jpeg(picture: Pillow.Image | None = None, **options: Any) -> bytes:
    file = io.BytesIO()
    (picture or Pillow.fromarray(GRADIENT)).save(file, "JPEG", **{"quality": 95} | options)
    return file.getvalue()


def segment(marker: int, body: bytes) -> bytes:
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(body) + 2) + body


def with_segments(data: bytes, *segments: bytes) -> bytes:
    return data[:2] + b"".join(segments) + data[2:]


def tiff(
    order: str, pixels: bytes, size: tuple[int, int], tags: dict[int, tuple[int, int, bytes]]
) -> bytes:
    """A TIFF of one strip; `tags` are type, count and the four bytes of the value or its place."""
    width, height = size
    usual = {
        256: (4, 1, width), 257: (4, 1, height), 258: (3, 1, 8), 259: (3, 1, 1), 262: (3, 1, 1),
        273: (4, 1, 8), 277: (3, 1, 1), 278: (4, 1, height), 279: (4, 1, len(pixels)),
    }  # fmt: skip
    entries = {
        tag: short(order, value) if kind == 3 else (4, count, struct.pack(order + "I", value))
        for tag, (kind, count, value) in usual.items()
    } | tags
    head = {"<": b"II*\0", ">": b"MM\0*"}[order] + struct.pack(order + "I", 8 + len(pixels))
    directory = struct.pack(order + "H", len(entries)) + b"".join(
        struct.pack(order + "HHI", tag, kind, count) + value
        for tag, (kind, count, value) in sorted(entries.items())
    )
    return head + pixels + directory + bytes(4)


def short(order: str, value: int) -> tuple[int, int, bytes]:
    return 3, 1, struct.pack(order + "HH", value, 0)


def exif(orientation: int, kind: int = 3, *, bad: bool = True, order: str = "<") -> bytes:
    """A block with an orientation, and beside it tags that lead nowhere or are of a wrong type."""
    form = {1: "B", 3: "H", 4: "I", 2: "c"}[kind]
    told: Any = str(orientation).encode() if kind == 2 else orientation
    value = struct.pack(order + form, told).ljust(4, b"\0")
    entries = [struct.pack(order + "HHI", 0x0112, kind, 1) + value]
    if bad:
        entries.insert(0, struct.pack(order + "HHI", 0x010F, 99, 7) + b"\xff" * 4)
        entries.append(struct.pack(order + "HHII", 0x011A, 5, 1000, 0xFFFFFF))
        entries.append(struct.pack(order + "HHI", 0x0128, 2, 3) + b"ab\0\0")
    head = {"<": b"II*\0", ">": b"MM\0*"}[order] + struct.pack(order + "I", 8)
    return head + struct.pack(order + "H", len(entries)) + b"".join(entries) + bytes(4)


def curve(gamma: float) -> bytes:
    return b"curv" + bytes(4) + struct.pack(">IHH", 1, round(gamma * 256), 0)


def profile(
    space: bytes, gamma: float, primaries: Columns | None = None, padding: int = 0
) -> bytes:
    """An ICC profile (version 2) of a matrix or a grey curve, as any colour manager reads it."""

    def xyz(x: float, y: float, z: float) -> bytes:
        return b"XYZ " + bytes(4) + struct.pack(">iii", *(round(v * 65536) for v in (x, y, z)))

    description = b"test\0"
    tags = {
        b"desc": b"desc" + bytes(4) + struct.pack(">I", 5) + description + bytes(79),
        b"wtpt": xyz(0.9642, 1.0, 0.8249),
        b"cprt": b"text" + bytes(4) + b"CC0\0" + bytes(padding),
    }
    if space == b"GRAY":
        tags[b"kTRC"] = curve(gamma)
    else:
        assert primaries is not None
        for name, column in zip((b"rXYZ", b"gXYZ", b"bXYZ"), primaries, strict=True):
            tags[name] = xyz(*column)
        tags |= {name: curve(gamma) for name in (b"rTRC", b"gTRC", b"bTRC")}
    place, table, body = 128 + 4 + 12 * len(tags), b"", b""
    for name, data in tags.items():
        data += bytes(-len(data) % 4)
        table += name + struct.pack(">II", place + len(body), len(data))
        body += data
    head = struct.pack(
        ">I4sI4s4s4s", place + len(body), bytes(4), 0x02400000, b"mntr", space, b"XYZ "
    )
    head = head.ljust(36, b"\0") + b"acsp"
    head = head.ljust(68, b"\0") + struct.pack(">iii", 63190, 65536, 54061)
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


# Adobe RGB (1998) and Display P3, their columns adapted to D50.
ADOBE_COLUMNS = ((0.6097, 0.3111, 0.0195), (0.2053, 0.6257, 0.0609), (0.1492, 0.0632, 0.7446))
P3_COLUMNS = ((0.5151, 0.2412, -0.0011), (0.2920, 0.6922, 0.0419), (0.1571, 0.0666, 0.7841))
ADOBE = profile(b"RGB ", 2.2, ADOBE_COLUMNS)
GREY_LINEAR = profile(b"GRAY", 1.0)


def iccp(data: bytes) -> bytes:
    return chunk(b"iCCP", b"p\0\0" + zlib.compress(data))


def flat(colour: int | tuple[int, ...], mode: str = "RGB") -> Pillow.Image:
    return Pillow.new(mode, (16, 16), colour)


def saved(picture: Pillow.Image, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def first(data: bytes) -> Any:
    return read_picture(data).pixels[0, 0].tolist()


# Side parts that are broken or enormous


@pytest.mark.parametrize("name", [b"tEXt", b"zTXt", b"iTXt", b"gAMA", b"cHRM", b"pHYs", b"tIME", b"eXIf", b"iCCP", b"sRGB", b"bKGD", b"sBIT", b"hIST", b"prVt"])  # fmt: skip  # noqa: E501
@pytest.mark.parametrize("where", ["extra", "behind"])
def test_a_wrong_checksum_beside_the_pixels(name: bytes, where: str) -> None:
    wrong = chunk(name, b"x\0\0abc", good=False)
    data = png(extra=wrong) if where == "extra" else png(behind=wrong)
    image, remarks = read_with_remarks(data)
    assert (image.pixels == GRADIENT).all()
    assert any(name.decode() in remark for remark in remarks)


@pytest.mark.parametrize("name", [b"tEXt", b"zTXt", b"iTXt", b"gAMA", b"cHRM", b"pHYs", b"tIME", b"eXIf", b"iCCP", b"sRGB", b"acTL", b"fcTL"])  # fmt: skip  # noqa: E501
@pytest.mark.parametrize("body", [b"", b"\0", b"\0\0\0", b"k\0\x01\0\0\0x\x9cno", b"\xff" * 7])
def test_a_side_chunk_with_nonsense_in_it(name: bytes, body: bytes) -> None:
    image = read_picture(png(extra=chunk(name, body)))
    assert (image.pixels == GRADIENT).all()


def test_texts_and_profiles_that_unpack_to_megabytes() -> None:
    large = zlib.compress(bytes(3 << 20))
    for extra in (
        chunk(b"zTXt", b"workflow\0\0" + large),
        chunk(b"iTXt", b"workflow\0\1\0\0\0" + large),
        chunk(b"tEXt", b"prompt\0" + b"x" * (3 << 20)),
        b"".join(chunk(b"zTXt", b"%d\0\0" % n + zlib.compress(bytes(900_000))) for n in range(90)),
        chunk(b"iCCP", b"p\0\0" + zlib.compress(bytes(20 << 20))),
        chunk(b"teSt", bytes(9 << 20)),
    ):
        image, _remarks = read_with_remarks(png(extra=extra))
        assert (image.pixels == GRADIENT).all()
    assert read_with_remarks(png(extra=chunk(b"zTXt", b"workflow\0\0" + large)))[1]
    assert read_with_remarks(png(extra=chunk(b"iCCP", b"p\0\0" + zlib.compress(bytes(20 << 20)))))[
        1
    ]


def test_a_profile_of_megabytes_still_counts() -> None:
    big = profile(b"GRAY", 1.0, padding=1_500_000)
    assert first(png(np.full((4, 4), 64), extra=iccp(big))) == 137


def test_a_checksum_of_the_pixels_is_told_when_they_unpack_all_the_same() -> None:
    data = png()
    place = data.index(b"IDAT")
    size = int.from_bytes(data[place - 4 : place], "big")
    end = place + 4 + size
    image, remarks = read_with_remarks(data[:end] + b"\0\0\0\0" + data[end + 4 :])
    assert (image.pixels == GRADIENT).all()
    assert "checksum" in remarks[0]
    broken = bytearray(data)
    broken[place + 30] ^= 0x55
    with pytest.raises(StudioError, match="damaged"):
        read_picture(bytes(broken), "x.png")


@pytest.mark.parametrize("kind", [1, 2, 3, 4])
@pytest.mark.parametrize("order", ["<", ">"])
def test_bad_tags_beside_a_good_orientation(kind: int, order: str) -> None:
    block = exif(6, kind, order=order)
    for data in (
        with_segments(jpeg(), segment(0xE1, b"Exif\0\0" + block)),
        png(extra=chunk(b"eXIf", block)),
        saved(Pillow.fromarray(GRADIENT), "WEBP", lossless=True, exif=b"Exif\0\0" + block),
    ):
        image = read_picture(data)
        assert (image.width, image.height) == (40, 60)


@pytest.mark.parametrize("block", [b"", b"II", b"nonsense" * 4, b"II*\0\xff\xff\xff\xff", exif(77)])
def test_broken_exif_never_keeps_from_the_pixels(block: bytes) -> None:
    for data in (
        with_segments(jpeg(), segment(0xE1, b"Exif\0\0" + block)),
        png(extra=chunk(b"eXIf", block)),
        saved(Pillow.fromarray(GRADIENT), "WEBP", lossless=True, exif=b"Exif\0\0" + block),
    ):
        assert read_picture(data).width == 60


def test_every_orientation() -> None:
    pixels = np.zeros((2, 3), np.uint8)
    pixels[0, 0] = 255
    corners = {1: (0, 0), 2: (0, -1), 3: (-1, -1), 4: (-1, 0), 5: (0, 0), 6: (0, -1), 7: (-1, -1), 8: (-1, 0)}  # fmt: skip  # noqa: E501
    for number, corner in corners.items():
        image = read_picture(png(pixels, extra=chunk(b"eXIf", exif(number))))
        assert image.pixels[corner] == 255
        assert image.width == (3 if number < 5 else 2)


def test_orientation_in_xmp_and_in_a_raw_profile() -> None:
    xmp = b'<rdf:Description tiff:Orientation="6"/>'
    assert read_picture(png(extra=chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp))).width == 40
    told = segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp)
    assert read_picture(with_segments(jpeg(), told)).width == 40
    raw = b"\nexif\n  99\n" + (b"Exif\0\0" + exif(8)).hex().encode()
    text = chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(raw))
    assert read_picture(png(extra=text)).width == 40


@pytest.mark.parametrize(
    "body",
    [
        segment(0xE2, b"MPF\0" + b"II*\0\x08\0\0\0" + b"\xff" * 40),
        segment(0xE2, b"ICC_PROFILE\0\x02\x03" + b"half of it"),
        segment(0xE2, b"ICC_PROFILE\0"),
        segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta <<< \xff\xfe"),
        segment(0xED, b"Photoshop 3.0\x008BIM\x04\x04\xff\xff\xff\xff\xff"),
        segment(0xE0, b"JFIF\0"),
        segment(0xEE, b"Adobe"),
        segment(0xFE, b"\xff\xfe comment"),
        segment(0xE5, b""),
    ],
)
def test_broken_segments_of_a_jpeg(body: bytes) -> None:
    whole = jpeg()
    assert read_picture(with_segments(whole, body)) == read_picture(whole)


def test_a_phone_picture_with_more_behind_it() -> None:
    whole = jpeg()
    for junk in (b"\0" * 999, b"SEFT trailer", jpeg(flat((1, 2, 3)))):
        assert read_picture(whole + junk) == read_picture(whole)
    assert read_picture(b"\xef\xbb\xbf\r\n" + whole) == read_picture(whole)
    assert (read_picture(b"\n" + png()).pixels == GRADIENT).all()


def test_tiff_tags_that_lead_nowhere() -> None:
    bad = {
        270: (2, 5000, struct.pack("<I", 0xFFFFF0)),
        282: (5, 1, struct.pack("<I", 0xFFFFF0)),
        306: (77, 20, b"abcd"),
        34665: (4, 1, struct.pack("<I", 0xFFFFF0)),
        700: (1, 0x7FFFFFFF, struct.pack("<I", 12)),
    }
    image = read_picture(tiff("<", GRADIENT.tobytes(), (60, 40), bad))
    assert (image.pixels == GRADIENT).all()


def test_webp_with_broken_metadata() -> None:
    picture = Pillow.fromarray(np.stack([GRADIENT] * 3, axis=-1))
    data = saved(
        picture, "WEBP", lossless=True, exif=b"Exif\0\0broken", xmp=b"<<<", icc_profile=b"no"
    )
    image, remarks = read_with_remarks(data)
    assert (image.pixels[..., 0] == GRADIENT).all()
    assert any("profile is damaged" in remark for remark in remarks)
    cut = data[: data.index(b"XMP ") + 6]
    assert read_picture(cut) == image


# Files that are cut off


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "PPM"])
def test_a_little_is_cut_off_the_end(kind: str) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (64, 64), np.uint8)
    whole = saved(Pillow.fromarray(noise), kind)
    image, remarks = read_with_remarks(whole[: len(whole) * 9 // 10])
    there = slice(12, None) if kind == "BMP" else slice(0, 50)
    assert image.pixels.shape == noise.shape
    assert (image.pixels[there] == noise[there]).all()
    assert "of its 64 rows are missing" in remarks[0]
    with pytest.raises(StudioError, match="cut off"):
        read_picture(whole[: len(whole) // 2])


def test_an_interlaced_gif_that_is_cut_off() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (64, 64), np.uint8)
    whole = saved(Pillow.fromarray(noise), "GIF")
    image, remarks = read_with_remarks(whole[: len(whole) * 9 // 10])
    assert (image.convert("L").pixels[:40] == noise[:40]).all()
    assert "of its 64 rows are missing" in remarks[0]


@pytest.mark.parametrize("progressive", [False, True])
def test_a_jpeg_that_is_cut_off(progressive: bool) -> None:
    noise = Pillow.fromarray(np.random.default_rng(0).integers(0, 255, (160, 64), np.uint8))
    whole = jpeg(noise, progressive=progressive)
    expected = read_picture(whole).pixels
    assert (read_picture(whole[:-2]).pixels == expected).all()
    image, remarks = read_with_remarks(whole[: len(whole) * 9 // 10])
    assert image.pixels.shape == expected.shape
    assert "cut off" in remarks[0]
    with pytest.raises(StudioError, match="cut off"):
        read_picture(whole[: 600 if progressive else len(whole) // 2])


def test_the_rows_of_a_cut_off_jpeg_that_are_there_are_right() -> None:
    noise = Pillow.fromarray(np.random.default_rng(0).integers(0, 255, (160, 64), np.uint8))
    whole = jpeg(noise)
    image = read_picture(whole[: len(whole) * 9 // 10])
    assert (image.pixels[:100] == read_picture(whole).pixels[:100]).all()


def test_a_cut_off_progressive_jpeg_is_coarser_and_no_other_picture() -> None:
    noise = Pillow.fromarray(np.random.default_rng(0).integers(0, 255, (160, 64), np.uint8))
    whole = jpeg(noise, progressive=True)
    image = read_picture(whole[: len(whole) * 9 // 10])
    off = np.abs(image.pixels.astype(int) - read_picture(whole).pixels)
    assert off.mean() < 8


# Names


def test_names_of_all_kinds_are_known_and_the_content_counts(tmp_path: Path) -> None:
    for name in ("a.JFIF", "a.jpe", "a.jif", "a.pjpeg", "a.dib", "a.APNG", "a.JPEG", "a.TIF"):
        assert readers.medium_of(tmp_path / name) == "image"
    for name in ("photo.jfif", "photo.JPE", "photo.png"):
        (tmp_path / name).write_bytes(jpeg())
        image, remarks = read_with_remarks(tmp_path / name)
        assert image.width == 60
        assert bool(remarks) == name.endswith("png")
    assert "JPEG" in read_with_remarks(tmp_path / "photo.png")[1][0]
    for suffix in SUFFIXES:
        assert suffix == suffix.lower()
    (tmp_path / "a.dib").write_bytes(saved(Pillow.fromarray(GRADIENT), "DIB"))
    assert (read_picture(tmp_path / "a.dib").pixels == GRADIENT).all()


# Colours


def in_srgb(colour: tuple[int, int, int], columns: Columns) -> np.ndarray[Any, Any]:
    """The same by the book: the matrix of a profile, and that of sRGB for D50 (Lindbloom)."""
    to_srgb = np.array(
        [[3.1339, -1.6169, -0.4906], [-0.9785, 1.9160, 0.0333], [0.0720, -0.2290, 1.4057]]
    )
    light = to_srgb @ np.array(columns).T @ (np.array(colour) / 255) ** 2.2
    shown = np.where(
        light > 0.0031308, 1.055 * np.maximum(light, 0) ** (1 / 2.4) - 0.055, 12.92 * light
    )
    rounded: np.ndarray[Any, Any] = np.rint(shown.clip(0, 1) * 255)
    return rounded


def test_profiles_of_rgb_are_converted() -> None:
    for columns in (ADOBE_COLUMNS, P3_COLUMNS):
        data, expected = profile(b"RGB ", 2.2, columns), in_srgb((200, 60, 60), columns)
        for picture in (
            saved(flat((200, 60, 60)), "PNG", icc_profile=data),
            saved(flat((200, 60, 60)), "TIFF", icc_profile=data),
            saved(flat((200, 60, 60)), "WEBP", lossless=True, icc_profile=data),
            saved(flat((200, 60, 60)).quantize(4), "PNG", icc_profile=data),
        ):
            assert np.abs(np.array(first(picture)) - expected).max() <= 1
        with_alpha = first(saved(flat((200, 60, 60, 77), "RGBA"), "PNG", icc_profile=data))
        assert np.abs(np.array(with_alpha[:3]) - expected).max() <= 1
        assert with_alpha[3] == 77
    _image, remarks = read_with_remarks(saved(flat((200, 60, 60)), "PNG", icc_profile=ADOBE))
    assert "test" in remarks[0]
    large = first(jpeg(flat((200, 60, 60)), icc_profile=ADOBE + bytes(100_000)))
    assert np.abs(np.array(large) - in_srgb((200, 60, 60), ADOBE_COLUMNS)).max() <= 4


def test_profiles_of_grey_are_converted() -> None:
    assert first(png(np.full((4, 4), 64), extra=iccp(GREY_LINEAR))) == 137
    assert first(png(np.full((4, 4), 64 * 257), depth=16, extra=iccp(GREY_LINEAR))) == 137
    dark = png(np.array([[20, 40, 80]]), depth=16, extra=iccp(GREY_LINEAR))
    assert read_picture(dark).pixels[0].tolist() != [0, 0, 0]
    assert first(saved(flat((64, 9), "LA"), "PNG", icc_profile=GREY_LINEAR)) == [137, 137, 137, 9]


def test_srgb_by_any_name_changes_no_pixel() -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    noise = np.random.default_rng(1).integers(0, 255, (16, 16, 3), np.uint8)
    image, remarks = read_with_remarks(saved(Pillow.fromarray(noise), "PNG", icc_profile=srgb))
    assert (image.pixels == noise).all()
    assert remarks == ()
    # A camera's black and white: a grey JPEG with the profile of a colour one.
    grey, remarks = read_with_remarks(png(extra=iccp(srgb)))
    assert (grey.pixels == GRADIENT).all()
    assert remarks == ()


@pytest.mark.parametrize(
    "data", [b"", b"nonsense", ADOBE[:200], ADOBE[:128] + b"\xff" * 400, GREY_LINEAR]
)
def test_a_broken_or_foreign_profile_is_left_out(data: bytes) -> None:
    plain = saved(flat((200, 60, 60)), "PNG")
    place = plain.index(b"IDAT") - 4
    image, remarks = read_with_remarks(plain[:place] + iccp(data) + plain[place:])
    assert image.pixels[0, 0].tolist() == [200, 60, 60]
    assert "left out" in remarks[0]


def test_gamma_of_a_png() -> None:
    linear = chunk(b"gAMA", struct.pack(">I", 100_000))
    usual = chunk(b"gAMA", struct.pack(">I", 45_455))
    srgb = chunk(b"sRGB", b"\0")
    grey = np.full((4, 4), 64)
    assert first(png(grey, extra=linear)) == 137
    assert first(png(grey * 257, depth=16, extra=linear)) == 137
    for extra in (usual, linear + srgb, srgb + linear, chunk(b"gAMA", bytes(4)), linear[:-1]):
        assert first(png(grey, extra=extra)) == 64


def test_a_chunk_of_a_wrong_length_is_passed_over() -> None:
    for extra in (
        chunk(b"tEXt", b"a\0b")[:-1],
        chunk(b"tIME", bytes(7)) + b"??",
        b"\0\xff\0\0tEXta",
    ):
        assert (read_picture(png(extra=extra)).pixels == GRADIENT).all()


def test_cmyk_and_lab() -> None:
    image, remarks = read_with_remarks(jpeg(flat((0, 255, 255, 0), "CMYK")))
    assert image.pixels[0, 0, 0] > 230
    assert image.pixels[0, 0, 1] < 30
    assert "guess" in remarks[0]
    srgb, own = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
    lab = ImageCms.profileToProfile(flat((200, 60, 60)), srgb, own, outputMode="LAB")
    assert lab is not None
    assert np.abs(np.array(first(saved(lab, "TIFF"))) - (200, 60, 60)).max() <= 3


# Transparency and depth


def test_transparency_of_a_grey_or_colour_value() -> None:
    deep = np.array([[0, 1000, 65535]])
    image = read_picture(png(deep, depth=16, extra=chunk(b"tRNS", struct.pack(">H", 1000))))
    assert image.pixels[0].tolist() == [[0, 0, 0, 255], [4, 4, 4, 0], [255, 255, 255, 255]]
    image = read_picture(png(GRADIENT, extra=chunk(b"tRNS", struct.pack(">H", 7))))
    assert ((image.pixels[..., 3] == 0) == (GRADIENT == 7)).all()
    two_bits = png(
        depth=2, rows=b"\0" + bytes([0b00011011]), size=(4, 1), extra=chunk(b"tRNS", b"\0\2")
    )
    assert read_picture(two_bits).pixels[0].tolist() == [
        [0, 0, 0, 255], [85, 85, 85, 255], [170, 170, 170, 0], [255, 255, 255, 255],
    ]  # fmt: skip
    one_bit = png(depth=1, rows=b"\0\x40", size=(2, 1), extra=chunk(b"tRNS", b"\0\1"))
    assert read_picture(one_bit).pixels[0, :, 3].tolist() == [255, 0]
    colours = struct.pack(">6H", 65535, 0, 0, 0x1234, 0x5678, 0x9ABC)
    key = chunk(b"tRNS", struct.pack(">3H", 0x1234, 0x5678, 0x9ABC))
    image = read_picture(png(depth=16, colour=2, rows=b"\0" + colours, size=(2, 1), extra=key))
    assert image.pixels[0, :, 3].tolist() == [255, 0]


@pytest.mark.parametrize("data", [b"", b"\0"])
def test_broken_transparency_is_left_out(data: bytes) -> None:
    image, remarks = read_with_remarks(png(extra=chunk(b"tRNS", data)))
    assert (image.pixels == GRADIENT).all()
    assert "transparency" in remarks[0]


def test_palettes_with_transparency() -> None:
    palette = chunk(b"PLTE", bytes([255, 0, 0, 0, 255, 0, 0, 0, 255]))
    data = png(
        colour=3, rows=b"\0\0\1\2", size=(3, 1), extra=palette + chunk(b"tRNS", b"\x00\x80"),
    )  # fmt: skip
    assert read_picture(data).pixels[0].tolist() == [
        [255, 0, 0, 0], [0, 255, 0, 128], [0, 0, 255, 255],
    ]  # fmt: skip


@pytest.mark.parametrize("order", ["<", ">"])
def test_white_is_zero(order: str) -> None:
    def one(bits: int, pixels: bytes, **more: tuple[int, int, bytes]) -> list[int]:
        tags = {258: short(order, bits), 262: short(order, 0)}
        tags |= {int(tag[1:]): value for tag, value in more.items()}
        found: list[int] = read_picture(tiff(order, pixels, (2, 1), tags)).pixels[0].tolist()
        return found

    assert one(8, b"\x00\xff") == [255, 0]
    assert one(1, b"\x40") == [255, 0]
    assert one(16, struct.pack(order + "HH", 0, 65535)) == [255, 0]
    assert one(16, struct.pack(order + "HH", 257, 65535)) == [254, 0]
    floats = struct.pack(order + "ff", 0.0, 1.0)
    assert one(32, floats, t339=short(order, 3)) == [255, 0]


@pytest.mark.parametrize("order", ["<", ">"])
def test_16_bits_of_both_byte_orders(order: str) -> None:
    pixels = struct.pack(order + "HHH", 257, 32768, 65535)
    data = tiff(order, pixels, (3, 1), {258: short(order, 16)})
    assert read_picture(data).pixels[0].tolist() == [1, 128, 255]


def test_floats_beyond_one_are_not_nearly_black() -> None:
    def of(*values: float) -> tuple[list[int], tuple[str, ...]]:
        data = saved(Pillow.fromarray(np.array([values], np.float32)), "TIFF")
        image, remarks = read_with_remarks(data)
        return image.pixels[0].tolist(), remarks

    assert of(0, 0.5, 1) == ([0, 128, 255], ())
    assert of(0, 128, 255) == ([0, 128, 255], ())
    pixels, remarks = of(0, 1.6, 3.2)
    assert pixels == [0, 128, 255]
    assert "3.2" in remarks[0]
    assert of(-1, 0, 1)[0] == [0, 128, 255]
    assert of(0, float("nan"), 1)[0] == [0, 0, 255]


# Several pictures in one file


def test_of_several_pictures_the_first_with_a_remark() -> None:
    frames = [
        Pillow.fromarray(GRADIENT),
        Pillow.new("L", (60, 40), 9),
        Pillow.new("L", (60, 40), 99),
    ]
    for kind in ("GIF", "WEBP", "PNG", "TIFF"):
        options = {"lossless": True} if kind == "WEBP" else {}
        data = saved(frames[0], kind, save_all=True, append_images=frames[1:], **options)
        image, remarks = read_with_remarks(data)
        assert (image.convert("L").pixels == GRADIENT).all()
        assert any("3 pictures" in remark for remark in remarks), kind
    whole = saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert (read_picture(whole[:-20]).convert("L").pixels == GRADIENT).all()


def test_nothing_is_remarked_of_a_plain_picture() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Software", "some")
    for kind in ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF", "PPM"):
        options = {"pnginfo": info} if kind == "PNG" else {}
        assert read_with_remarks(saved(flat((1, 2, 3)), kind, **options))[1] == ()
    assert isinstance(read_picture(png()), Image)


@pytest.mark.parametrize("suffix", [".png", ".webp", ".jpg"])
def test_what_the_studio_exports_reads_back_equal_with_its_label(
    tmp_path: Path, suffix: str
) -> None:
    made = Provenance(medium="image", generator="gan-digits", prompt="7" * 9000, seed=3)
    pixels = np.random.default_rng(2).integers(0, 255, (20, 30, 4), np.uint8)
    path = tmp_path / f"made{suffix}"
    export.export(Image(pixels), path, made)
    image, remarks = read_with_remarks(path)
    assert remarks == ()
    if suffix != ".jpg":
        assert (image.pixels == pixels).all()
    assert export.read_provenance(path) == made

"""Pictures as they go out: their size, smooth or crisp, their ground."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow

from aigc_studio.api import Image, StudioError, Text, limits
from aigc_studio.project import export
from aigc_studio.project.prints import Print, as_seen, check_size, grounds_of, printed


def stroke(paper: int = 0, ink: int = 255, mode: Any = "L") -> Image:
    """A slanted line on a plain ground."""
    pixels = np.full((28, 56), paper, np.uint8)
    for row in range(4, 24):
        pixels[row, 10 + row : 13 + row] = ink
    return Image(pixels).convert(mode)


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
@pytest.mark.parametrize("smooth", [True, False])
@pytest.mark.parametrize("size", [(56, 28), (112, 56), (504, 252), (500, 100), (20, 10), (1, 1)])
def test_a_picture_goes_out_as_large_as_asked(
    mode: str, smooth: bool, size: tuple[int, int]
) -> None:
    picture = stroke(mode=mode)
    made = printed(picture, Print(*size, smooth=smooth))
    assert (made.width, made.height) == size
    assert made.mode == mode
    assert printed(picture, Print(*size, smooth=smooth)) == made


def test_crisp_pixels_are_squares_and_smooth_ones_lead_on() -> None:
    picture = stroke()
    crisp = printed(picture, Print(56 * 9, 28 * 9, smooth=False))
    assert np.array_equal(crisp.pixels, np.kron(picture.pixels, np.ones((9, 9), np.uint8)))
    smooth = printed(picture, Print(56 * 9, 28 * 9)).pixels.astype(int)
    grey = float(((smooth > 16) & (smooth < 239)).mean())
    inked = float((smooth >= 239).mean())
    assert inked > 0.015, "the line is still there"
    assert 0 < grey < 0.8 * (inked + grey), "and no cloud"
    assert smooth.max() <= 255
    assert (smooth[:20] == 0).all(), "nothing has a halo"
    steps = np.abs(np.diff(smooth, axis=1)).max()
    assert steps < 120, "no squares are seen"


def test_nothing_bleeds_out_of_what_is_clear() -> None:
    pixels = np.zeros((16, 16, 4), np.uint8)
    pixels[..., 0] = 255  # red, and not to be seen
    pixels[4:12, 4:12] = (0, 0, 200, 255)
    made = printed(Image(pixels), Print(128, 128)).pixels
    seen = made[made[..., 3] > 48]
    assert seen[:, 0].max() < 12
    assert seen[:, 2].min() > 150


@pytest.mark.parametrize(
    ("picture", "grounds"),
    [
        (stroke(), ("as_it_is", "transparent", "ink")),
        (stroke(255, 0), ("as_it_is", "transparent")),
        (stroke(mode="RGB"), ("as_it_is", "transparent", "ink")),
        (Image(np.random.default_rng(0).integers(0, 256, (20, 20, 3), np.uint8)), ("as_it_is",)),
        (Image(np.zeros((4, 4, 4), np.uint8)), ("as_it_is", "paper")),
    ],
)
def test_only_the_grounds_that_fit_are_offered(picture: Image, grounds: tuple[str, ...]) -> None:
    assert grounds_of(picture) == grounds
    for ground in ("as_it_is", "transparent", "paper", "ink"):
        made = printed(picture, Print(ground=ground))
        if ground not in grounds or ground == "as_it_is":
            assert made == picture, "what does not fit changes nothing"


def test_ink_on_paper_is_the_other_way_round() -> None:
    assert printed(stroke(), Print(ground="ink")) == stroke(255, 0)


@pytest.mark.parametrize(("paper", "ink"), [(255, 0), (0, 255), (240, 60)])
def test_a_ground_left_out_comes_back_on_the_same_ground(paper: int, ink: int) -> None:
    picture = stroke(paper, ink)
    made = printed(picture, Print(ground="transparent"))
    assert made.mode == "RGBA"
    assert made.pixels[0, 0, 3] == 0
    page = Pillow.new("RGBA", (56, 28), (paper, paper, paper, 255))
    page.alpha_composite(made.to_pillow())
    back = np.asarray(page.convert("L")).astype(int)
    assert np.abs(back - picture.pixels).max() <= 2


def test_what_is_clear_goes_onto_white_paper() -> None:
    pixels = np.zeros((6, 6, 4), np.uint8)
    pixels[2:4, 2:4] = (10, 20, 30, 255)
    made = printed(Image(pixels), Print(ground="paper"))
    assert made.mode == "RGB"
    assert tuple(made.pixels[0, 0]) == (255, 255, 255)
    assert tuple(made.pixels[2, 2]) == (10, 20, 30)


@pytest.mark.parametrize("size", [(0, 5), (5, 0), (limits.PICTURE_SIDE + 1, 1), (9000, 9000)])
def test_sizes_that_nobody_could_read_back_are_a_sentence(
    size: tuple[int, int], tmp_path: Path
) -> None:
    with pytest.raises(StudioError, match="size"):
        check_size(*size)
    if min(size) > 0:
        options = export.ExportOptions(picture=Print(*size))
        with pytest.raises(StudioError):
            export.export(stroke(), tmp_path / "a.png", None, options)
        assert not list(tmp_path.iterdir())


def test_a_file_has_the_size_that_was_asked_for_and_its_label(tmp_path: Path) -> None:
    from aigc_studio.project import Provenance

    made = Provenance(medium="image", generator="gan-digits", prompt="1", seed=3)
    options = export.ExportOptions(picture=Print(560, 280, ground="ink"))
    for suffix in (".png", ".jpg", ".webp"):
        path = tmp_path / f"a{suffix}"
        export.export(stroke(), path, made, options)
        with Pillow.open(path) as picture:
            assert picture.size == (560, 280)
            assert picture.convert("L").getpixel((0, 0)) == 255
        assert export.read_provenance(path) == made


def test_what_is_not_asked_about_goes_out_as_it_is_seen_and_never_smaller() -> None:
    assert as_seen(stroke(), (504, 252)) == Print(504, 252)
    assert as_seen(stroke(), (28, 14)) == Print(56, 28)
    assert as_seen(stroke(), (10**6, 10**6)) == Print()
    assert as_seen(Text("words"), (10, 10)) is None

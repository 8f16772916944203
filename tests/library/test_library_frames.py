"""The frame of an import: one for pictures of any size, in shares; and what the shell calls it."""

import json
from pathlib import Path

import numpy as np
import pytest
from kinds import an_image
from PIL import Image as Pillow

from aigc_studio.api import Image, StudioError
from aigc_studio.library import DatasetStore, ImportOptions, checks
from aigc_studio.library.framing import WHOLE, Frame, grown, moved, read_frame, spanned, square


def gradient(width: int, height: int) -> Image:
    """A picture in which every pixel says where it is: red across, green down."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[..., 0] = np.arange(width)[None]
    pixels[..., 1] = np.arange(height)[:, None]
    return Image(pixels)


def test_a_frame_cuts_pictures_of_any_size() -> None:
    frame = Frame(0.25, 0.5, 0.75, 1.0)
    small, large = frame.cut(gradient(40, 20)), frame.cut(gradient(200, 100))
    assert (small.width, small.height) == (20, 10)
    assert (large.width, large.height) == (100, 50)
    assert small.pixels[0, 0].tolist() == [10, 10, 0]
    assert large.pixels[-1, -1].tolist() == [149, 99, 0]
    assert WHOLE.cut(small) is small


@pytest.mark.parametrize(("width", "height"), [(92, 112), (112, 92), (64, 64), (101, 67), (5, 9)])
def test_a_square_stays_one_whatever_is_rounded(width: int, height: int) -> None:
    for step in range(50):
        frame = moved(
            grown(square(width, height), -step / 70, width, height), step / 99, -step / 99
        )
        left, top, right, bottom = frame.box(width, height)
        assert right - left == bottom - top >= 1
        assert 0 <= left < right <= width
        assert 0 <= top < bottom <= height


def test_frames_stay_in_the_picture() -> None:
    assert moved(Frame(0.2, 0.2, 0.5, 0.5), 9, -9) == pytest.approx((0.7, 0, 1, 0.3))
    assert spanned((0.5, 0.5), (0.9, 0.6), 100, 50) == pytest.approx((0.5, 0.5, 0.75, 1))
    assert spanned((0.5, 0.5), (0.4, 0.45), 100, 50) == pytest.approx((0.4, 0.3, 0.5, 0.5))
    assert grown(WHOLE, 0.5, 92, 112) == pytest.approx(square(92, 112))
    tiny = grown(square(50, 50), -5, 50, 50)
    assert 0 < tiny.right - tiny.left < 0.1


@pytest.mark.parametrize(
    "wrong",
    [(0, 0, 1), (0, 0, 0, 1), (0.5, 0, 0.4, 1), (0, 0, 1.1, 1), (-0.1, 0, 1, 1), ("a",) * 4],
)
def test_what_is_no_frame_is_said(wrong: tuple[float, ...]) -> None:
    with pytest.raises(StudioError, match="left,top,right,bottom"):
        read_frame(wrong)
    with pytest.raises(StudioError, match="left,top,right,bottom"):
        ImportOptions(crop=wrong)  # type: ignore[arg-type]


def test_options_with_a_frame_come_back_from_json() -> None:
    options = ImportOptions(crop=(0.1, 0, 0.9, 0.8), left_out=("a.png",))
    assert ImportOptions.from_json(json.loads(json.dumps(options.to_json()))) == options


def write(folder: Path, name: str, image: Image) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    Pillow.fromarray(image.pixels).save(path)


def test_an_import_cuts_every_picture_and_scales_what_is_left(tmp_path: Path) -> None:
    for number, size in enumerate([(40, 20), (80, 40), (200, 100)]):
        write(tmp_path / "in", f"{number}.png", gradient(*size))
    options = ImportOptions(crop=(0.5, 0, 1, 1), size=16)
    found = checks.preflight(tmp_path / "in", "image", options)
    assert found.sizes == {"16×16": 3}
    list(DatasetStore().import_files(tmp_path / "in", "cut", "image", options))
    info = DatasetStore().info("cut")
    assert info.options["crop"] == [0.5, 0, 1, 1]
    assert info.fingerprint == found.fingerprint
    whole = an_image(DatasetStore().browse("cut").artifact(0))
    assert whole.pixels[..., 0].min() > 18  # of the left half nothing is there


def test_a_frame_that_leaves_too_little_says_so(tmp_path: Path) -> None:
    write(tmp_path / "in", "small.png", gradient(10, 10))
    write(tmp_path / "in", "large.png", gradient(100, 100))
    found = checks.preflight(tmp_path / "in", "image", ImportOptions(crop=(0, 0, 0.2, 0.2)))
    assert [row.name for row in found.used] == ["large.png"]
    assert "The frame leaves 2×2 pixels of the picture small.png" in found.skipped[0].reason


def test_pictures_that_are_all_the_same_teach_nothing(tmp_path: Path) -> None:
    for number in range(4):
        write(tmp_path / "in", f"{number}.png", gradient(20, 20))
    found = checks.preflight(tmp_path / "in", "image")
    assert "The 4 examples in in are all the same" in found.problem
    write(tmp_path / "in", "other.png", gradient(30, 20))
    assert checks.preflight(tmp_path / "in", "image").problem == ""


def test_too_few_and_none_are_said(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    assert "is empty" in checks.preflight(tmp_path / "in", "image").problem
    (tmp_path / "in" / "notes.docx").write_bytes(b"x")
    assert "It is not a picture" in checks.preflight(tmp_path / "in", "image").problem
    write(tmp_path / "in", "one.png", gradient(20, 20))
    assert any(
        "only 1 example" in each for each in checks.preflight(tmp_path / "in", "image").remarks
    )


@pytest.mark.parametrize(
    ("names", "people"),
    [
        (("s1", "s2", "s13"), True),
        (("Person_01", "person 2"), True),
        (("人物1", "人物2"), True),
        (("0", "1", "2"), False),
        (("cat", "s1"), False),
        (("s1",), False),
    ],
)
def test_folders_that_are_called_like_people_are_noticed(
    tmp_path: Path, names: tuple[str, ...], people: bool
) -> None:
    for number, name in enumerate(names):
        for each in range(3):
            write(tmp_path / "in", f"{name}/{each}.png", gradient(20 + number, 20 + each))
    told = "\n".join(checks.preflight(tmp_path / "in", "image").remarks)
    assert ("look like people" in told) == people
    grouped = checks.preflight(tmp_path / "in", "image", ImportOptions(folders="group"))
    assert "look like people" not in "\n".join(grouped.remarks)
    assert {row.group for row in grouped.used} == set(names) if len(names) > 1 else True


def test_people_are_held_out_whole(tmp_path: Path) -> None:
    for number in range(20):
        for each in range(3):
            write(tmp_path / "in", f"s{number}/{each}.png", gradient(20 + number, 20 + each))
    options = ImportOptions(folders="group")
    list(DatasetStore().import_files(tmp_path / "in", "people", "image", options, test_share=0.3))
    sides: dict[str, set[str]] = {}
    browser = DatasetStore().browse("people")
    for number in range(len(browser)):
        row = browser.info(number)
        sides.setdefault(row.group, set()).add(row.split)
    assert len(sides) == 20
    assert all(len(each) == 1 for each in sides.values())
    assert {one for each in sides.values() for one in each} == {"train", "test"}

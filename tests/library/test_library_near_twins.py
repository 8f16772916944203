"""Near-duplicates: found where pictures are nearly the same, and only there."""

import gzip
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import ImageEnhance, ImageFilter

from aigc_studio.api import Progress, StudioError
from aigc_studio.library import DatasetStore, ImportOptions, checks
from aigc_studio.library.near_twins import NearTwin, find_near_twins


def drawn(seed: int, size: tuple[int, int] = (64, 64)) -> Pillow.Image:
    """A soft picture of some colours, another for each seed."""
    coarse = np.random.default_rng(seed).integers(0, 255, (5, 5, 3), np.uint8)
    return Pillow.fromarray(coarse).resize(size, Pillow.Resampling.BICUBIC)


def found_in(folder: Path, options: ImportOptions | None = None) -> list[NearTwin]:
    looking = find_near_twins(folder, options or ImportOptions())
    while True:
        try:
            assert isinstance(next(looking), Progress)
        except StopIteration as end:
            pairs: list[NearTwin] = end.value
            return pairs


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Twenty pictures, each another."""
    place = tmp_path / "照片"
    place.mkdir()
    for seed in range(20):
        drawn(seed).save(place / f"p{seed:02}.png")
    return place


def test_different_pictures_are_no_pairs(folder: Path) -> None:
    assert found_in(folder) == []


def again(change: Callable[[Pillow.Image], Pillow.Image], suffix: str, folder: Path) -> None:
    change(drawn(7)).save(folder / f"z again.{suffix}")


@pytest.mark.parametrize(
    ("change", "suffix"),
    [
        (lambda each: each, "jpg"),
        (lambda each: each.resize((40, 40)), "png"),
        (lambda each: each.resize((200, 200)), "png"),
        (lambda each: ImageEnhance.Brightness(each).enhance(0.8), "png"),
        (lambda each: ImageEnhance.Contrast(each).enhance(0.7), "png"),
        (lambda each: each.filter(ImageFilter.GaussianBlur(1.5)), "png"),
    ],
    ids=["kept as JPEG", "smaller", "larger", "darker", "of less contrast", "blurred"],
)
def test_a_picture_that_was_changed_a_little_is_found(
    folder: Path, change: Callable[[Pillow.Image], Pillow.Image], suffix: str
) -> None:
    again(change, suffix, folder)
    (pair,) = found_in(folder)
    assert (pair.first, pair.second) == ("p07.png", f"z again.{suffix}")
    assert 0.98 < pair.alike <= 1.0001
    assert max(pair.pictures[0].width, pair.pictures[1].width) <= 128


def test_several_of_one_picture_leave_one_when_all_seconds_go(folder: Path) -> None:
    for quality in (90, 80, 70, 60):
        drawn(3).save(folder / f"z copy {quality}.jpg", quality=quality)
    pairs = found_in(folder)
    seconds = [pair.second for pair in pairs]
    assert sorted(seconds) == [f"z copy {quality}.jpg" for quality in (60, 70, 80, 90)]
    assert [pair.alike for pair in pairs] == sorted((pair.alike for pair in pairs), reverse=True)
    options = ImportOptions(left_out=tuple(seconds))
    look = checks.preflight(folder, "image", options)
    assert look.examples == 20
    assert {row.reason for row in look.skipped} == {"You left it out."}
    list(DatasetStore().import_files(folder, "one of each", "image", options))
    assert DatasetStore().info("one of each").examples == 20
    assert found_in(folder, options) == []


def test_what_is_held_out_stays(tmp_path: Path) -> None:
    for part, seeds in (("train", range(8)), ("test", range(8, 12))):
        (tmp_path / "in" / part).mkdir(parents=True)
        for seed in seeds:
            drawn(seed).save(tmp_path / "in" / part / f"{seed}.png")
    drawn(9).save(tmp_path / "in" / "train" / "leak.jpg", quality=80)
    (pair,) = found_in(tmp_path / "in")
    assert (pair.first, pair.second) == ("test/9.png", "train/leak.jpg")


def test_flat_pictures_are_compared_by_their_colour(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for number, colour in enumerate([(255, 0, 0), (250, 3, 3), (0, 0, 255)]):
        Pillow.new("RGB", (20, 20), colour).save(tmp_path / "in" / f"{number}.png")
    assert [(pair.first, pair.second) for pair in found_in(tmp_path / "in")] == [("0.png", "1.png")]


def test_pictures_of_one_file_are_told_apart(tmp_path: Path) -> None:
    tables = [np.array(drawn(seed, (28, 28)).convert("L")) for seed in (1, 2, 3, 2)]
    tables[3] = np.clip(tables[3].astype(int) + 3, 0, 255).astype(np.uint8)
    data = struct.pack(">4B3i", 0, 0, 8, 3, 4, 28, 28) + np.stack(tables).tobytes()
    (tmp_path / "train-images-idx3-ubyte.gz").write_bytes(gzip.compress(data))
    (pair,) = found_in(tmp_path)
    assert (pair.first[-2:], pair.second[-2:]) == ("#1", "#3")
    options = ImportOptions(left_out=(pair.second,))
    assert checks.preflight(tmp_path, "image", options).examples == 3


def test_it_can_be_closed_and_a_missing_folder_is_said(folder: Path, tmp_path: Path) -> None:
    looking = find_near_twins(folder, ImportOptions())
    next(looking)
    looking.close()
    with pytest.raises(StudioError, match="is not there"):
        next(find_near_twins(tmp_path / "gone", ImportOptions()))

"""The look before an import: every file has a row that says why it is used or not."""

import gzip
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow

from aigc_studio.api import StudioError
from aigc_studio.library.checks import look, preflight
from aigc_studio.library.options import ImportOptions, fit_picture
from aigc_studio.library.pictures.reading import read_picture
from aigc_studio.library.preflights import Preflight
from aigc_studio.library.readers import read_artifact
from aigc_studio.library.surveying import FileCheck


def row(found: Preflight, name: str) -> FileCheck:
    return next(each for each in found.rows if each.name == name)


def test_labels_come_from_sub_folders_in_natural_order(pictures: Path) -> None:
    found = preflight(pictures, "image")
    assert found.labels == {"a": 6, "b": 6}
    assert [each.name for each in found.rows][:3] == ["a/1.png", "a/3.png", "a/5.png"]
    assert [each.name for each in found.rows][5] == "a/11.png"
    assert found.problem == ""
    assert found.examples == 12
    assert row(found, "a/1.png").detail == "12×10 grey"


def test_what_is_skipped_says_why_and_what_to_do(pictures: Path) -> None:
    Pillow.new("L", (1, 1)).save(pictures / "tiny.png")
    (pictures / "b" / "99.png").write_bytes((pictures / "b" / "0.png").read_bytes())
    (pictures / "notes.docx").write_bytes(b"PK")
    (pictures / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 nothing")
    (pictures / ".hidden.png").write_bytes(b"")
    (pictures / ".git").mkdir()
    (pictures / ".git" / "x.png").write_bytes(b"")
    found = preflight(pictures, "image")
    assert {each.name for each in found.skipped} == {
        "tiny.png", "b/99.png", "notes.docx", "broken.jpg",
    }  # fmt: skip
    assert all(each.reason and each.remedy for each in found.skipped)
    assert "1×1" in row(found, "tiny.png").reason
    assert "same as b/0.png" in row(found, "b/99.png").reason
    assert "not a picture" in row(found, "notes.docx").reason
    assert "broken.jpg" in row(found, "broken.jpg").reason
    assert not any("hidden" in each.name or ".git" in each.name for each in found.rows)


def test_mixed_sizes_and_modes_are_reported_and_made_one(pictures: Path) -> None:
    Pillow.new("RGB", (20, 30), (9, 9, 200)).save(pictures / "a" / "colour.png")
    found = preflight(pictures, "image")
    assert found.sizes == {"12×10": 12, "20×30": 1}
    assert found.modes == {"L": 12, "RGB": 1}
    assert any("2 different sizes" in each for each in found.remarks)
    assert any("grey and some in colour" in each for each in found.remarks)
    found = preflight(pictures, "image", ImportOptions(size=16, mode="grey"))
    assert (found.sizes, found.modes) == ({"16×16": 13}, {"L": 13})


def test_empty_folder_one_picture_and_nothing_usable(tmp_path: Path) -> None:
    empty = tmp_path / "空"
    empty.mkdir()
    assert "空 is empty" in preflight(empty, "image").problem
    (empty / "a.txt").write_text("x")
    assert "None of the 1 files" in preflight(empty, "image").problem
    Pillow.new("L", (9, 9)).save(empty / "one.png")
    found = preflight(empty, "image")
    assert found.problem == ""
    assert any("only 1 example" in each for each in found.remarks)
    with pytest.raises(StudioError, match="is not there"):
        preflight(tmp_path / "nowhere", "image")


def test_looking_writes_nothing_and_can_be_broken_off(pictures: Path, home: Path) -> None:
    before = sorted(os.walk(pictures))
    looking = look(pictures, "image")
    first, second = next(looking), next(looking)
    assert (first.step, second.step, second.total) == (1, 2, 12)
    looking.close()
    assert sorted(os.walk(pictures)) == before
    assert not home.exists()


def test_texts_and_tunes_have_rows_too(tmp_path: Path) -> None:
    (tmp_path / "诗.txt").write_text("一句。两句！", encoding="gb18030")
    (tmp_path / "blank.txt").write_text(" ")
    found = preflight(tmp_path, "text")
    assert row(found, "诗.txt").examples == 2
    assert row(found, "blank.txt").reason == "There is nothing in it."
    (tmp_path / "bad.mid").write_bytes(b"MThd")
    assert "damaged" in row(preflight(tmp_path, "melody"), "bad.mid").reason


def test_what_is_read_nowhere_here_says_what_to_bring_instead(tmp_path: Path) -> None:
    for name in ("a.heic", "b.rar", "c.mp3", "d.docx", "e.zip"):
        (tmp_path / name).write_bytes(b"\x01\x02")
    Pillow.new("RGB", (9, 9)).save(tmp_path / "f.png")
    found = preflight(tmp_path, "image")
    assert row(found, "a.heic").reason == (
        "a.heic is a kind of picture that is not read here: save it as PNG first."
    )
    for name in ("b.rar", "e.zip"):
        assert row(found, name).reason == (
            f"{name} is an archive: unpack it first, and bring what is in it."
        )
    assert {row(found, name).reason for name in ("c.mp3", "d.docx")} == {"It is not a picture."}
    assert row(preflight(tmp_path, "text"), "d.docx").reason.startswith("d.docx is a document")
    assert row(preflight(tmp_path, "melody"), "c.mp3").reason.startswith("c.mp3 is a recording")


def idx(values: np.ndarray[Any, Any]) -> bytes:
    head = bytes((0, 0, 8, values.ndim)) + b"".join(n.to_bytes(4, "big") for n in values.shape)
    return head + values.tobytes()


@pytest.mark.parametrize("packed", [False, True])
def test_files_of_the_original_mnist(tmp_path: Path, packed: bool) -> None:
    pack, end = (gzip.compress, ".gz") if packed else (bytes, "")
    pixels = np.random.default_rng(0).integers(0, 255, (3, 28, 28), np.uint8)
    images = tmp_path / f"t10k-images-idx3-ubyte{end}"
    images.write_bytes(pack(idx(pixels)))
    labels = tmp_path / f"t10k-labels-idx1-ubyte{end}"
    labels.write_bytes(pack(idx(np.array([7, 1, 7], np.uint8))))
    found = preflight(tmp_path, "image")
    assert found.labels == {"1": 1, "7": 2}
    assert row(found, images.name).examples == 3
    labels.write_bytes(pack(idx(np.array([7], np.uint8))))
    assert "1 labels for 3 pictures" in row(preflight(tmp_path, "image"), images.name).reason
    images.write_bytes(pack(idx(pixels)[:-5]))
    assert "not a complete IDX" in row(preflight(tmp_path, "image"), images.name).reason


def test_ways_to_fit(tmp_path: Path) -> None:
    path = tmp_path / "wide.png"
    pixels = np.full((4, 8), 255, np.uint8)
    pixels[:, 3:5] = 0
    Pillow.fromarray(pixels).save(path)
    picture = read_picture(path)
    pad = fit_picture(picture, ImportOptions(size=8, fit="pad"))
    crop = fit_picture(picture, ImportOptions(size=4, fit="crop"))
    stretch = fit_picture(picture, ImportOptions(size=8, fit="stretch"))
    assert pad.pixels[0, 0] == 255
    assert crop.pixels[0].tolist() == [255, 0, 0, 255]
    assert stretch.pixels[0, 3] == stretch.pixels[7, 3] == 0
    with pytest.raises(StudioError, match="size must be a whole number from 4 to 1024, not -3"):
        ImportOptions(size=-3)
    with pytest.raises(StudioError, match="fit must be one of crop, pad, stretch"):
        ImportOptions(fit="squash")  # type: ignore[arg-type]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_a_pipe_is_passed_over_and_never_waited_at(pictures: Path) -> None:
    os.mkfifo(pictures / "endless.png")
    assert preflight(pictures, "image").examples == 12
    with pytest.raises(StudioError, match="neither a file nor a folder"):
        preflight(pictures / "endless.png", "image")
    with pytest.raises(StudioError, match="neither a file nor a folder"):
        read_artifact(pictures / "endless.png", "image")


def test_a_packed_file_that_rots_is_a_row(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(bytes(range(256)) * 99))
    packed[12:60] = b"\xff" * 48
    (tmp_path / "train-images-idx3-ubyte.gz").write_bytes(packed)
    found = preflight(tmp_path, "image")
    assert "not a complete IDX file" in found.rows[0].reason

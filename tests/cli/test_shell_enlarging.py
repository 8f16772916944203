"""Pictures from the shell as large as they are wanted; the window's exports go the same way."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow

from aigc_studio import cli
from aigc_studio.api import Image
from aigc_studio.project.export import export, read_provenance


@pytest.fixture
def source(plugin_home: Callable[..., Any], tmp_path: Path) -> Path:
    plugin_home("echo", "paints")
    pixels = np.zeros((20, 30), np.uint8)
    pixels[5:15, 10:20] = 200
    export(Image(pixels), tmp_path / "in.png", None)
    return tmp_path / "in.png"


def edit(source: Path, *words: object) -> tuple[int, Path]:
    out = source.with_name("out.png")
    said = ["edit", "paints", "--operation", "darken", "--input", source, "--out", out, *words]
    return cli.main([str(word) for word in said]), out


@pytest.mark.parametrize(("times", "size"), [("4", (120, 80)), ("2.5", (75, 50)), ("1", (30, 20))])
def test_a_result_is_written_so_many_times_as_large(
    source: Path, times: str, size: tuple[int, int]
) -> None:
    status, out = edit(source, "--enlarge", times)
    assert status == 0
    with Pillow.open(out) as picture:
        assert picture.size == size
    assert read_provenance(out) is not None


def test_crisp_pixels_are_squares(source: Path) -> None:
    assert edit(source, "--enlarge", 4, "--crisp")[0] == 0
    with Pillow.open(source.with_name("out.png")) as picture:
        assert len(set(picture.convert("L").tobytes())) == 2


@pytest.mark.parametrize("times", ["0", "-2", "nan", "1e9"])
def test_no_picture_is_that_large(
    source: Path, times: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out = edit(source, f"--enlarge={times}")
    assert status == 2
    assert "--enlarge" in capsys.readouterr().err
    assert not out.exists()


def test_more_pixels_than_are_written_are_a_sentence(
    source: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out = edit(source, "--enlarge", 900)
    assert status != 0
    assert "smaller size" in capsys.readouterr().err
    assert not out.exists()


def test_a_dataset_takes_pictures_as_they_are(
    source: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["generate", "echo", "--prompt", "a", "--to-data", "made", "--enlarge", "2"]
    assert cli.main(words) == 2
    assert "--to-data" in capsys.readouterr().err

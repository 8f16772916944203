"""`--frame`: what of a picture the model sees, in the shell."""

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow

from aigc_studio import cli
from aigc_studio.library import ModelStore

Shell = Callable[..., tuple[int, str]]
CARD = {"generator": "pixels", "frame": {"width": 16, "height": 16, "mode": "L"}}


@pytest.fixture
def shell(plugin_home: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    """Edit a picture of 80 x 60 with the toy plugin, for (status, standard error)."""
    plugin_home("pixels")
    path = Path(__file__).parents[1] / "plugins" / "pixels.py"
    spec = importlib.util.spec_from_file_location("pixels_for_the_shell", path)
    assert spec is not None
    assert spec.loader is not None
    pixels = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(pixels)
    pixels.MeanPicture().save(tmp_path / "step-000000001", {"step": 1, "seconds": 1.0})
    ModelStore().publish(tmp_path / "step-000000001", "mean", CARD)
    before = np.random.default_rng(1).integers(0, 256, (60, 80, 3), np.uint8)
    Pillow.fromarray(before).save(tmp_path / "in.png")
    mask = np.zeros((60, 80), np.uint8)
    mask[20:40, 30:50] = 255
    Pillow.fromarray(mask).save(tmp_path / "mask.png")

    def run(*words: object) -> tuple[int, str]:
        edit = ("edit", "pixels", "--input", tmp_path / "in.png", "--out", tmp_path / "out.png")
        status = cli.main([str(word) for word in (*edit, *words)])
        return status, capsys.readouterr().err

    return run


def changed(folder: Path) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what is another than before."""
    pictures = [np.asarray(Pillow.open(folder / name)) for name in ("in.png", "out.png")]
    rows, columns = (pictures[0] != pictures[1]).any(axis=2).nonzero()
    return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1


def test_only_what_is_in_the_frame_and_the_mask_is_made_anew(shell: Shell, tmp_path: Path) -> None:
    words = ("--operation", "fill", "--mask", tmp_path / "mask.png", "--model", "mean")
    assert shell(*words)[0] == 0
    assert changed(tmp_path) == (30, 20, 50, 40)
    (tmp_path / "out.png").unlink()
    assert shell(*words, "--frame", "40,0,80,40")[0] == 0
    assert changed(tmp_path) == (40, 20, 50, 40)


def test_without_a_mask_it_is_all_of_the_frame(shell: Shell, tmp_path: Path) -> None:
    assert shell("--operation", "clean", "--model", "mean", "--frame", "10,10,42,42")[0] == 0
    assert changed(tmp_path) == (10, 10, 42, 42)


@pytest.mark.parametrize(
    ("frame", "sentence"),
    [
        ("1,2,3", "four whole numbers"),
        ("a,0,9,9", "four whole numbers"),
        ("0,0,81,60", "larger than the picture"),
        ("100,0,120,20", "outside the picture"),
        ("5,5,5,9", "The frame is empty"),
        ("5,5,6,6", "1 × 1 pixels shows the model too little"),
        ("0,0,20,20", "Nothing of the mask"),
    ],
)
def test_a_frame_that_is_no_use_is_said(
    shell: Shell, tmp_path: Path, frame: str, sentence: str
) -> None:
    words = ("--operation", "fill", "--mask", tmp_path / "mask.png", "--model", "mean")
    status, err = shell(*words, "--frame", frame)
    assert status == 2
    assert sentence in err
    assert not (tmp_path / "out.png").exists()

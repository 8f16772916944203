"""Strips from the shell as animations, beside what is still."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow

from aigc_studio import cli
from aigc_studio.api import Candidate, Image, StudioError, Text
from aigc_studio.cli.animating import gathered
from aigc_studio.project.export import export, read_provenance


@pytest.fixture
def sources(plugin_home: Callable[..., Any], tmp_path: Path) -> list[Path]:
    plugin_home("echo", "paints")
    for name, grey in (("a", 10), ("b", 240)):
        export(Image(np.full((20, 30), grey, np.uint8)), tmp_path / f"{name}.png", None)
    return [tmp_path / "a.png", tmp_path / "b.png"]


def edit(operation: str, *words: object) -> int:
    return cli.main([str(w) for w in ("edit", "paints", "--operation", operation, *words)])


@pytest.mark.parametrize("kind", ["webp", "png", "gif"])
def test_a_morph_becomes_one_moving_file_for_each_result(
    sources: list[Path], tmp_path: Path, kind: str
) -> None:
    out = tmp_path / "out.png"
    words = ("--input", *sources, "--out", out, "--count", 2, "--animation", kind, "--seed", 4)
    assert edit("morph", *words) == 0
    made = sorted(tmp_path.glob("out*"))
    assert [each.name for each in made if each.suffix != ".json"] == [
        f"out-2.{kind}", f"out.{kind}",
    ]  # fmt: skip
    with Pillow.open(tmp_path / f"out.{kind}") as moving:
        assert getattr(moving, "n_frames", 1) == 4
        assert moving.size == (30, 20)
        assert moving.info["loop"] == 0
    told = read_provenance(tmp_path / f"out.{kind}")
    assert told is not None
    assert (told.operation, told.seed) == ("morph", 4)


def test_without_it_a_morph_is_its_pictures(sources: list[Path], tmp_path: Path) -> None:
    assert edit("morph", "--input", *sources, "--out", tmp_path / "out.png", "--seed", 4) == 0
    assert len(list(tmp_path.glob("out*.png"))) == 4


def test_what_does_not_move_is_written_as_ever(sources: list[Path], tmp_path: Path) -> None:
    words = ("--input", sources[0], "--out", tmp_path / "still.png", "--animation", "gif")
    assert edit("darken", *words) == 0
    assert (tmp_path / "still.png").is_file()


def test_an_animation_never_takes_the_place_of_something_else(
    sources: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out.gif").write_bytes(b"mine")
    words = ("--input", *sources, "--out", tmp_path / "out.png", "--animation", "gif")
    assert edit("morph", *words) == 2
    assert "out.gif" in capsys.readouterr().err
    assert (tmp_path / "out.gif").read_bytes() == b"mine"


def test_texts_do_not_move(
    sources: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [
        "generate",
        "echo",
        "--prompt",
        "a",
        "--out",
        str(tmp_path / "o"),
        "--animation",
        "gif",
    ]
    assert cli.main(words) == 2
    assert "--animation" in capsys.readouterr().err


def frame(seed: int, strip: str = "", position: int = 0) -> tuple[Candidate, bool]:
    return Candidate(Text("x"), seed=seed, strip=strip, position=position), False


def test_frames_come_together_in_order_though_strips_are_mixed() -> None:
    mixed = [frame(1, "a", 1), frame(1, "b", 0), frame(1), frame(1, "a", 0), frame(2, "c", 0)]
    found = [
        [(event.strip, event.position) for event, _stopped in group]
        for group in gathered(mixed, animated=True)
    ]
    assert found == [[("", 0)], [("a", 0), ("a", 1)], [("b", 0)], [("c", 0)]]
    assert [len(group) for group in gathered(mixed, animated=False)] == [1] * 5


def test_strips_that_were_whole_before_it_failed_are_kept() -> None:
    def failing() -> Any:
        yield frame(1, "a", 0)
        yield frame(1, "a", 1)
        raise StudioError("it broke")

    groups = gathered(failing(), animated=True)
    assert len(next(groups)) == 2
    with pytest.raises(StudioError, match="broke"):
        next(groups)

"""`generate --out names.txt`, `--out digit.png`: what goes where a file is named."""

import json
from pathlib import Path

import PIL.Image
import pytest

from aigc_studio import cli
from aigc_studio.cli.one_file import joined
from aigc_studio.library import DatasetStore

PLUGIN = """
from aigc_studio.api import *

@hookimpl
def describe():
    return Description(id="names", title="Names", medium=Text, operations=(
        Operation(id="write", verb="generate", title="Write", prompt="optional"),
    ))

@hookimpl
def generate(request):
    for number in range(request.count):
        yield Candidate(Text(f"{request.prompt}{request.seed + number}"))
"""


DOTS = """
import numpy as np
from aigc_studio.api import *

@hookimpl
def describe():
    return Description(id="dots", title="Dots", medium=Image, operations=(
        Operation(id="dot", verb="generate", title="Dot", prompt="none"),
    ))

@hookimpl
def generate(request):
    for number in range(request.count):
        yield Candidate(Image(np.full((4, 4), request.seed + number, np.uint8)))
"""


@pytest.fixture(autouse=True)
def names(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = home / "data" / "plugins"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "names.py").write_text(PLUGIN, encoding="utf-8")
    (folder / "dots.py").write_text(DOTS, encoding="utf-8")
    monkeypatch.setenv("AIGC_STUDIO_PLUGINS", "names,dots")


def generate(*words: object) -> int:
    return cli.main(["generate", "names", "--prompt", "Bo", "--seed", "7", *map(str, words)])


def test_names_are_a_line_each_and_the_label_says_of_each_how_it_was_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "names.txt"
    assert generate("--count", 3, "--out", out) == 0
    assert out.read_text("utf-8") == "Bo7\nBo8\nBo9\n"
    assert "(seeds 7 to 9)" in capsys.readouterr().out
    told = json.loads((tmp_path / "names.txt.provenance.json").read_text("utf-8"))
    assert [each["seed"] for each in told["provenance"]] == [7, 8, 9]
    assert generate("--count", 3, "--out", out, "--json") == 0  # the same again: nothing is lost
    found = json.loads(capsys.readouterr().out)["candidates"]
    assert [(each["path"], each["seed"]) for each in found] == [(str(out), n) for n in (7, 8, 9)]
    assert generate("--count", 2, "--out", out) == 2
    assert "already exists and is something else" in capsys.readouterr().err
    assert out.read_text("utf-8") == "Bo7\nBo8\nBo9\n"


def test_a_folder_stays_one_and_going_on_is_for_folders(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "old.txt").mkdir()
    assert generate("--out", tmp_path / "old.txt") == 0
    assert (tmp_path / "old.txt" / "names-7.txt").read_text("utf-8") == "Bo7"
    assert generate("--out", tmp_path / "new", "--format", "md") == 0
    assert (tmp_path / "new" / "names-7.md").is_file()
    assert generate("--out", tmp_path / "more.txt", "--resume") == 2
    assert "--resume continues in a folder" in capsys.readouterr().err
    assert DatasetStore().names() == []


def test_longer_texts_have_an_empty_line_between() -> None:
    assert joined(["one\n", "two"]) == "one\ntwo\n"
    assert joined(["one\ntwo", "three"]) == "one\ntwo\n\nthree\n"


def dots(*words: object) -> int:
    return cli.main(["generate", "dots", "--seed", "7", *map(str, words)])


def test_one_picture_goes_to_the_file_and_others_beside_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert dots("--out", tmp_path / "one.png") == 0
    assert (tmp_path / "one.png").is_file()
    assert dots("--count", 3, "--out", tmp_path / "some.webp") == 0
    assert {"some.webp", "some-2.webp", "some-3.webp"} < {path.name for path in tmp_path.iterdir()}
    shades = [PIL.Image.open(tmp_path / name).getpixel((0, 0)) for name in ("one.png",)]
    assert shades == [7]
    assert dots("--out", tmp_path / "one.png", "--seed", 9) == 2
    assert "already exists and is something else" in capsys.readouterr().err


def test_what_ends_as_another_thing_does_is_refused_and_nothing_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("dot.txt", "dot.mid", "DOT.TXT"):
        assert dots("--out", tmp_path / name) == 2
        assert f"{name} cannot be what is made here" in capsys.readouterr().err
    assert dots("--count", 100, "--out", tmp_path / "many.png") == 2
    assert "go into a folder" in capsys.readouterr().err
    assert not list(tmp_path.glob("*ot*")) + list(tmp_path.glob("many*"))


def test_a_folder_may_be_called_anything_else(tmp_path: Path) -> None:
    assert dots("--out", tmp_path / "results.v2") == 0
    assert (tmp_path / "results.v2" / "dots-7.png").is_file()

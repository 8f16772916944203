"""`generate --out names.txt`: several texts in one file."""

import json
from pathlib import Path

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


@pytest.fixture(autouse=True)
def names(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = home / "data" / "plugins"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "names.py").write_text(PLUGIN, encoding="utf-8")
    monkeypatch.setenv("AIGC_STUDIO_PLUGINS", "names")


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
    assert "exists already and is something else" in capsys.readouterr().err
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
    assert "--resume goes on in a folder" in capsys.readouterr().err
    assert DatasetStore().names() == []


def test_longer_texts_have_an_empty_line_between() -> None:
    assert joined(["one\n", "two"]) == "one\ntwo\n"
    assert joined(["one\ntwo", "three"]) == "one\ntwo\n\nthree\n"

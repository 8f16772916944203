"""`edit GENERATOR --operation pick`: pieces that may come next, printed with their chances."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from aigc_studio import cli

PICKS = Path(__file__).parents[1] / "plugins" / "picks.py"
KING = "all his men and all his crown and all his men and all his"


@pytest.fixture
def text(plugin_home: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    home = plugin_home("echo")
    shutil.copy(PICKS, home / "picks.py")
    monkeypatch.setenv("AIGC_STUDIO_PLUGINS", "picks")
    path = tmp_path / "king.txt"
    path.write_text(KING, encoding="utf-8")
    return path


def asked(text: Path, *more: str) -> int:
    at = f"{len(KING)}:{len(KING)}"
    words = ("edit", "picks", "--operation", "pick", "--input", str(text), "--span", at)
    return cli.main([*words, "--count", "5", *more])


def test_pieces_are_printed_with_their_chances(
    text: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert asked(text) == 0
    assert capsys.readouterr().out.splitlines() == [' 66.7 %  " men"', ' 33.3 %  " crown"']


def test_pieces_are_one_document(text: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert asked(text, "--json") == 0
    pieces = json.loads(capsys.readouterr().out)["pieces"]
    assert [each["text"] for each in pieces] == [" men", " crown"]
    assert pieces[0]["probability"] == pytest.approx(2 / 3)


def test_with_a_file_they_are_written_into_the_text(
    text: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert asked(text, "--out", str(tmp_path / "new.txt")) == 0
    assert (tmp_path / "new.txt").read_text("utf-8") == f"{KING} men"

"""`data import` of texts: from stdin, from a zip, with examples as the person wants them."""

import io
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from aigc_studio import cli
from aigc_studio.library import DatasetStore

Shell = Callable[..., tuple[int, str]]
PROSE = "The old man looked out of the window for a while.\n\n" * 60


@pytest.fixture
def shell(home: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    """Call `data import` with words for (status, standard error)."""

    def run(*words: object) -> tuple[int, str]:
        status = cli.main(["data", "import", *map(str, words)])
        return status, capsys.readouterr().err

    return run


def pipe(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_a_text_on_stdin_becomes_a_dataset(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe(monkeypatch, PROSE.encode("utf-16"))
    status, told = shell("-", "--name", "mine", "--source", "my desk", "--consent", "all of them")
    assert status == 0, told
    info = DatasetStore().info("mine")
    assert (info.medium, info.source, info.consent) == ("text", "my desk", "all of them")
    assert "cut into passages" in told


def test_nothing_on_stdin_says_what_to_do(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe(monkeypatch, b" \n")
    status, told = shell("-")
    assert status != 0
    assert "Nothing came on stdin" in told


def test_what_an_example_is_can_be_said(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(PROSE)
    status, told = shell(tmp_path / "a.txt", "--examples", "lines", "--name", "lines")
    assert status == 0, told
    assert DatasetStore().info("lines").examples == 60
    assert "cut into passages" not in told
    assert "--examples" not in told
    status, told = shell(tmp_path / "a.txt", "--name", "found out")
    assert status == 0, told
    assert "Choose what an example is with --examples: lines, sentences, paragraphs," in told


def test_a_zip_is_imported_as_a_folder(shell: Shell, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "tales.zip", "w") as archive:
        archive.writestr("fox/1.txt", PROSE + "fox")
        archive.writestr("hen/1.txt", PROSE + "hen")
    status, told = shell(tmp_path / "tales.zip")
    assert status == 0, told
    assert set(DatasetStore().info("tales").labels) == {"fox", "hen"}

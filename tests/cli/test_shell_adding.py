"""`data add`: files join a dataset, and what is skipped or there already is said."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from kinds import a_text

from aigc_studio import cli
from aigc_studio.library import DatasetStore

Shell = Callable[..., tuple[int, str, str]]


@pytest.fixture
def shell(home: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    """Call it with words for (status, standard output, standard error)."""

    def run(*words: object) -> tuple[int, str, str]:
        status = cli.main([str(word) for word in words])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


@pytest.fixture
def names(tmp_path: Path, shell: Shell) -> Path:
    path = tmp_path / "names.txt"
    path.write_text("\n".join(f"Name {number}" for number in range(60)))
    assert shell("data", "import", path, "--examples", "lines")[0] == 0
    return path


def test_files_join_as_the_first_ones_were_read(shell: Shell, names: Path, tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "a.txt").write_text("Anna. And Berta.\nClara")
    (tmp_path / "more" / "b.png").write_bytes(b"no")
    (tmp_path / "more.txt").write_text("Dora\nName 3")
    status, out, err = shell(
        "data", "add", "names", tmp_path / "more", tmp_path / "more.txt", "--licence", "CC0"
    )
    assert status == 0, err
    assert "4 examples joined." in out
    assert "b.png: It is not a text." in err
    info = DatasetStore().info("names")
    assert (info.examples, info.licence) == (64, "CC0; not said of all")
    texts = [a_text(each.artifact).value for each in DatasetStore().open("names", None)]
    assert texts[60:] == ["Anna. And Berta.", "Clara", "Dora", "Name 3"]


def test_what_is_there_is_passed_over_and_one_document_says_it(shell: Shell, names: Path) -> None:
    names.write_text(names.read_text() + "\nOne more")
    status, out, err = shell("data", "add", "names", names, "--json")
    assert status == 0
    told = json.loads(out)
    assert (told["added"], told["already_there"], told["train"] + told["test"]) == (1, 60, 61)
    assert "60 examples are in “names” already and are passed over." in told["remarks"]
    status, _out, err = shell("data", "add", "names", names)
    assert status == 2
    assert "None of the 1 files in names.txt can be used: It is in “names” already" in err


def test_a_dataset_that_is_none_and_files_that_are_none_are_a_sentence(
    shell: Shell, names: Path, tmp_path: Path
) -> None:
    assert shell("data", "add", "nothing", names)[0] == 2
    status, _out, err = shell("data", "add", "names", tmp_path / "gone.txt")
    assert (status, "gone.txt is not there" in err) == (2, True)
    assert DatasetStore().info("names").examples == 60

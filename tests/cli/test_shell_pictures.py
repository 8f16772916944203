"""`data import` of pictures with a frame, groups, near-duplicates; `data fetch` of what draws."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from avatar_toys import Toys
from PIL import Image as Pillow

from aigc_studio import cli, library
from aigc_studio.library import DatasetStore

Shell = Callable[..., tuple[int, str, str]]


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str]) -> Shell:
    """Call it with words for (status, standard output, standard error)."""

    def run(*words: object) -> tuple[int, str, str]:
        status = cli.main([str(word) for word in words])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """Twelve people with two pictures each, and one picture that is there twice, nearly."""
    for number in range(12):
        folder = tmp_path / "people" / f"s{number}"
        folder.mkdir(parents=True)
        for each in range(2):
            coarse = np.random.default_rng([number, each]).integers(0, 255, (5, 5, 3), np.uint8)
            picture = Pillow.fromarray(coarse).resize((40, 50), Pillow.Resampling.BICUBIC)
            picture.save(folder / f"{each}.png")
            if (number, each) == (3, 0):
                picture.save(folder / "again.jpg", quality=85)
    return tmp_path / "people"


def test_a_frame_and_groups_in_the_shell(shell: Shell, people: Path) -> None:
    words = ("--crop", "0,0.2,1,1", "--size", 32, "--fit", "crop", "--colours", "grey")
    status, _out, err = shell("data", "import", people, *words)
    assert status == 0, err
    assert "look like people: each is a group" in err
    assert "--folders" not in err
    info = DatasetStore().info("people")
    assert info.options["crop"] == [0.0, 0.2, 1.0, 1.0]
    assert dict(info.shapes) == {"32×32": 25}
    assert info.labels == {}
    browser = DatasetStore().browse("people")
    rows = [browser.info(number) for number in range(len(browser))]
    assert {row.group for row in rows} == {f"s{number}" for number in range(12)}
    assert not {r.group for r in rows if r.split == "test"} & {
        r.group for r in rows if r.split == "train"
    }


def test_who_says_that_they_are_labels_is_warned(shell: Shell, people: Path) -> None:
    _status, _out, err = shell("data", "import", people, "--folders", "label")
    assert "look like people" in err
    assert "--folders group" in err
    assert len(DatasetStore().info("people").labels) == 12


@pytest.mark.parametrize("told", ["0,0,1", "a,b,c,d", "0.5,0,0.5,1", "0,0,2,1"])
def test_a_wrong_frame_is_said(shell: Shell, people: Path, told: str) -> None:
    status, _out, err = shell("data", "import", people, f"--crop={told}")
    assert status == 2
    assert "0.1,0,0.9,0.8" in err
    assert DatasetStore().names() == []


@pytest.mark.parametrize(("how", "count"), [("list", 25), ("leave-out", 24)])
def test_near_duplicates_are_listed_or_left_out(
    shell: Shell, people: Path, how: str, count: int
) -> None:
    words = ("--near-duplicates", how, "--json")
    status, out, err = shell("data", "import", people, *words)
    assert status == 0, err
    assert "s3/again.jpg is nearly the same as s3/0.png" in err
    told = json.loads(out)
    assert told["train"] + told["test"] == count
    assert [row["file"] for row in told["skipped"]] == (["s3/again.jpg"] if count == 24 else [])


def test_where_nothing_is_alike_it_is_said(shell: Shell, people: Path) -> None:
    (people / "s3" / "again.jpg").unlink()
    status, _out, err = shell("data", "import", people, "--near-duplicates", "list")
    assert status == 0
    assert "No two pictures are nearly the same." in err


@pytest.fixture
def toys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Toys:
    made = Toys(tmp_path)

    def store(*_values: Any, **_named: Any) -> Any:
        return made.packs

    monkeypatch.setattr(library, "PackStore", store)
    return made


def test_what_draws_is_fetched_by_number_and_from_ones_own_files(shell: Shell, toys: Toys) -> None:
    words = ("data", "fetch", "toys", "--yes")
    files = [word for path in toys.files for word in ("--file", path)]
    status, _out, err = shell(*words, *files, "--count", 12, "--name", "some")
    assert status == 0, err
    assert "CC BY 4.0. somebody" in err
    assert "They are run." in err
    assert DatasetStore().info("some").train == 12
    status, _out, err = shell(*words, "--file", toys.folder)
    assert status == 0, err
    assert DatasetStore().info("Toys").train == 20
    status, _out, err = shell(*words, "--file", toys.files[0], "--name", "one")
    assert status == 2
    assert "toy-styles 2.0 was not among those chosen" in err
    status, _out, err = shell(*words, "--count", 3, "--name", "few")
    assert status == 2
    assert "From 10 to 100,000 faces can be drawn, not 3." in err

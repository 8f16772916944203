"""`data import` with tables that say something of pictures, and what `data show` tells of it."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from aigc_studio import cli

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
def faces(tmp_path: Path) -> Path:
    folder = tmp_path / "faces"
    folder.mkdir()
    for number in range(4):
        pixels = np.random.default_rng(number).integers(0, 255, (8, 8), np.uint8)
        Pillow.fromarray(pixels).save(folder / f"{number}.png")
    rows = ["file,Smiling,age,hair", "0.png,1,20,red", "1.png,-1,31,red", "2.png,1,,black"]
    (folder / "faces.csv").write_text("\n".join(rows) + "\n")
    return folder


def test_what_is_imported_and_shown(shell: Shell, faces: Path) -> None:
    status, out, err = shell("data", "import", faces)
    assert status == 0, err
    assert "3 attributes for 3 of 4 examples; 1 has none." in err
    status, out, _err = shell("data", "show", "faces")
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert "Smiling 3 yes (2), no (1)" in lines
    assert "age 2 20 to 31" in lines
    assert "hair 3 red (2), black (1)" in lines
    told = json.loads(shell("data", "show", "faces", "--json")[1])
    assert told["attributes"][0] == {
        "name": "Smiling", "kind": "yes_no", "count": 3, "counts": {"yes": 2, "no": 1},
    }  # fmt: skip


def test_a_table_may_lie_elsewhere_and_columns_be_chosen(
    shell: Shell, faces: Path, tmp_path: Path
) -> None:
    (faces / "faces.csv").rename(tmp_path / "far.csv")
    assert "Attributes" not in shell("data", "import", faces, "--name", "plain")[1]
    table = ("--attributes", tmp_path / "far.csv")
    words = ("--label-column", "hair", "--group-column", "age")
    status, out, err = shell("data", "import", faces, "--name", "told", *table, *words)
    assert status == 0, err
    assert "Labels: black (1), red (2)" in out
    status, _out, err = shell("data", "import", faces, "--name", "x", "--attributes", "none.csv")
    assert (status, "The file none.csv is not there." in err) == (2, True)
    status, _out, err = shell("data", "import", faces, "--name", "x", *table, "--label-column", "q")
    assert (status, "have no column q: they have Smiling, age, hair" in err) == (2, True)

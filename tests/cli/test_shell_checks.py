"""`aigc-studio plugins check`: which checks, how long, and what is said of each."""

import json
import re
from pathlib import Path

import pytest

from aigc_studio import cli
from aigc_studio.testing import CHECKS, PUBLISHING

PLUGIN = str(Path(__file__).parents[1] / "plugins" / "counts.py")


def test_the_checks_are_listed_without_a_plugin(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["plugins", "check", "--list"]) == 0
    assert re.search(r"^resume +Killed and resumed", capsys.readouterr().out, re.M)
    assert cli.main(["plugins", "check", "--list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)["checks"]
    assert [each["name"] for each in listed] == [*CHECKS, *PUBLISHING]
    assert {each["part"] for each in listed} == {"rules", "publishing"}


def test_some_checks_alone_with_their_names_and_times(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["plugins", "check", PLUGIN, "--only", "names, train", "--steps", "3", "--verbose"]
    assert cli.main(asked) == 0
    first, second, last = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"✓ It has titles  \[names, \d+\.\d s\]", first)
    assert re.fullmatch(r"✓ It trains, .*  \[train, \d+\.\d s\]", second)
    assert last == "All checks passed."


def test_what_was_not_reached_is_in_the_document(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "broken.py"
    file.write_text("import nothing_of_this_name", "utf-8")
    assert cli.main(["plugins", "check", str(file), "--json", "--only", "description,train"]) == 2
    told = capsys.readouterr()
    document = json.loads(told.out)
    assert [each["outcome"] for each in document["checks"]] == ["failed", "unreached"]
    assert "1 check failed. 1 was not reached." in told.err


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ((), "Say which plugin to check"),
        ((PLUGIN, "--only", "resumes"), "There is no check resumes. There are: description, "),
        ((PLUGIN, "--steps", "0"), "--steps takes a whole number of at least 1"),
    ],
)
def test_what_cannot_be_checked_is_a_sentence(
    asked: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["plugins", "check", *asked]) == 2
    assert said in capsys.readouterr().err

"""Models that learnt line by line: new ones, and those that stand in the data."""

from pathlib import Path
from typing import Any

import pytest
import rnn_text
from rnn_text.lines import FILE, digest, read_known, write_known
from rnn_text.writing.generating import IN_THE_DATA
from rnn_text.writing.parameters import GenerateParameters
from rnn_text_chains import NAMES, Follows, results, write_chain

from aigc_studio.api import Candidate, GenerateRequest

KNOWN = ("a", "ana", "ba")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_chain(tmp_path_factory.mktemp("models") / "names", NAMES, kind="lines")
    write_known(folder, KNOWN)
    return folder


def lines(model: Path, count: int = 30, prompt: str = "", **wish: Any) -> list[Candidate]:
    parameters = GenerateParameters(**{"daring": 1, "top_p": 1, **wish})
    return results(
        rnn_text.generate(
            GenerateRequest(model=model, count=count, prompt=prompt, parameters=parameters)
        )
    )


def test_lines_end_by_themselves_and_new_ones_are_given(model: Path) -> None:
    made = lines(model)
    assert len(made) == 30
    names = [str(each.artifact) for each in made]
    assert not set(names) & set(KNOWN)
    assert all(name.endswith(("a", "i")) for name in names)
    assert not any(each.title for each in made)


def test_those_that_stand_in_the_data_may_be_kept_and_are_marked(model: Path) -> None:
    made = lines(model, known="marked")
    told = {str(each.artifact) in KNOWN: each.title for each in made}
    assert told == {True: IN_THE_DATA, False: ""}


def test_where_there_is_nothing_new_it_is_given_and_marked(tmp_path: Path) -> None:
    chain: Follows = {"^": {"a": 1}, "a": {"$": 1}}
    model = write_chain(tmp_path / "m", chain, kind="lines")
    write_known(model, ["A"])
    (made,) = lines(model, 1)
    assert (str(made.artifact), made.title) == ("a", IN_THE_DATA)


def test_a_beginning_counts_as_part_of_the_line(model: Path) -> None:
    made = lines(model, 40, prompt="an")
    assert all(str(each.artifact).startswith("an") for each in made)
    assert "ana" not in {str(each.artifact) for each in made}


def test_more_change_nothing(model: Path) -> None:
    assert [each.artifact for each in lines(model, 3)] == [
        each.artifact for each in lines(model, 20)[:3]
    ]


def test_a_model_knows_its_lines_by_digests_only(model: Path) -> None:
    known = read_known(model)
    assert digest(" ANA ") in known
    assert digest("anna") not in known
    assert "ana" not in (model / FILE).read_text("utf-8")


@pytest.mark.parametrize("damaged", ["", "{", "[]", '{"digests": 3}', '{"digests": "?"}'])
def test_damaged_digests_are_none(model: Path, tmp_path: Path, damaged: str) -> None:
    (tmp_path / FILE).write_text(damaged, "utf-8")
    assert read_known(tmp_path) == frozenset()
    assert read_known(tmp_path / "nowhere") == frozenset()

"""What is wrong with the words of a command: one sentence, in the house's words, and status 2."""

import argparse
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from aigc_studio import cli
from aigc_studio.api import StudioError
from aigc_studio.cli.parser import build_parser
from aigc_studio.cli.plain_parser import PlainParser
from aigc_studio.library import DatasetStore


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("generate echo --count abc --out x", "--count needs a whole number, not abc."),
        ("generate echo --count 1.5 --out x", "--count needs a whole number, not 1.5."),
        ("train spans --minutes soon", "--minutes needs a number, not soon."),
        ("data import x --size big", "--size needs a whole number, not big."),
        (
            "train spans --minutes 1 --steps 2",
            "--steps and --minutes do not go together: leave one of them out.",
        ),
        (
            "edit spans --span 1:2 --bars 3:4",
            "--bars and --span do not go together: leave one of them out.",
        ),
        ("generate echo --out", "--out needs a value after it."),
        ("edit spans --input --out x", "--input needs a value after it."),
        (
            "data import x --medium film",
            "--medium must be one of image, text, melody, not film.",
        ),
        ("generate", "Name a generator: see aigc-studio plugins list."),
        ("data import", "FOLDER|FILE|- is missing: see aigc-studio data import --help."),
        (
            "models",
            "aigc-studio models needs one of these after it: list, show, export, report, import.",
        ),
        ("models list --json=no", "--json takes no value, so leave no out."),
        (
            "models list all",
            "aigc-studio models list does not take all: leave it out, or see "
            "aigc-studio models list --help.",
        ),
        (
            "models list --jsno",
            "aigc-studio models list does not know --jsno: did you mean --json?",
        ),
        (
            "data list --colour=red",
            "aigc-studio data list does not know --colour: see aigc-studio data list --help.",
        ),
    ],
)
def test_wrong_words_are_one_sentence(
    capsys: pytest.CaptureFixture[str], words: str, sentence: str
) -> None:
    assert cli.main(words.split()) == 2
    printed = capsys.readouterr()
    assert printed.err == f"aigc-studio: {sentence}\n"
    assert printed.out == ""


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ("edit", "spans", "a file.txt", "--out", "x"),
            "a file.txt stands alone: write --input 'a file.txt', or see aigc-studio edit --help.",
        ),
        (
            ("train", "spans", "a file.txt"),
            "a file.txt stands alone: write --data 'a file.txt', or see aigc-studio train --help.",
        ),
        (
            ("generate", "spans", "hello", "there", "--out", "x"),
            "hello stands alone: write --prompt 'hello there', or see aigc-studio generate --help.",
        ),
        (  # quotation marks were forgotten
            ("generate", "spans", "--prompt", "hello", "you", "there", "--out", "x"),
            "you stands alone: write --prompt 'hello you there', or see aigc-studio generate",
        ),
        (
            ("train", "spans", "tales"),
            "tales stands alone: write --data tales, or see aigc-studio train --help.",
        ),
        (  # a file of that name lies there, and this command reads none
            ("generate", "spans", "a file.txt", "--out", "x"),
            "a file.txt stands alone: write --prompt 'a file.txt', or see aigc-studio generate",
        ),
        (
            ("generate", "spans", "--promt", "hello"),
            "write has no parameter promt: did you mean --prompt? It has: ",
        ),
        (
            ("train", "spans", "--data", "x", "--out", "y", "--threads", "-1"),
            "--threads takes a whole number, 0 for the usual one, not -1.",
        ),
        (
            ("train", "spans", "--data", "nothing", "--out", "y", "--steps", "1"),
            "nothing is neither a dataset nor a folder, and there are no datasets yet: say "
            "“aigc-studio data import”",
        ),
    ],
)
def test_a_word_that_has_no_place_is_told_which_may_be_meant(
    plugin_home: Callable[..., Path],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    words: tuple[str, ...],
    sentence: str,
) -> None:
    plugin_home("spans")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a file.txt").write_text("words")
    assert cli.main(list(words)) == 2
    assert capsys.readouterr().err.startswith(f"aigc-studio: {sentence}")


def test_a_word_that_has_no_place_is_a_document_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["models", "list", "all", "--json"]) == 2
    told = json.loads(capsys.readouterr().out)
    assert "does not take all" in told["error"]["sentence"]


def test_wrong_words_are_a_document_with_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["generate", "echo", "--count", "abc", "--json"]) == 2
    told = json.loads(capsys.readouterr().out)
    assert told == {"error": {"sentence": "--count needs a whole number, not abc."}}


def test_every_command_speaks_plainly() -> None:
    waiting: list[argparse.ArgumentParser] = [build_parser()]
    while waiting:
        parser = waiting.pop()
        assert isinstance(parser, PlainParser)
        for action in parser._actions:
            if isinstance(action, argparse._SubParsersAction):
                waiting += action.choices.values()


def test_what_argparse_may_say_one_day_is_said_as_it_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(StudioError, match="something new"):
        build_parser().error("something new")


def test_a_dataset_is_called_as_its_folder_is(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = tmp_path / "my tales 1.2"
    folder.mkdir()
    (folder / "a.txt").write_text("The fox runs.\nThe hen sits.\n", encoding="utf-8")
    words = ["data", "import", str(folder), "--medium", "text"]
    assert cli.main(words) == 0
    assert DatasetStore().names() == ["my tales 1.2"]
    assert cli.main(words) == 2
    assert "already here as the dataset my tales 1.2" in capsys.readouterr().err
    (folder / "b.txt").write_text("One more.\n", encoding="utf-8")
    assert cli.main(words) == 2
    err = capsys.readouterr().err
    assert "There is a dataset my tales 1.2 already: choose another name with --name." in err


def test_a_taken_name_is_said_before_a_folder_is_looked_through(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("The fox runs.\nThe hen sits.\n", encoding="utf-8")
    assert cli.main(["data", "import", str(tmp_path / "a.txt"), "--name", "one"]) == 0
    capsys.readouterr()
    assert cli.main(["data", "import", str(tmp_path), "--name", "One"]) == 2
    err = capsys.readouterr().err
    assert err == "aigc-studio: The name One is taken: choose another.\n"


VARIED = """
from aigc_studio.api import *

@hookimpl
def describe():
    return Description(id="varied", title="Varied", medium=Text, operations=[
        Operation(id="write", verb="generate", title="Write", parameters=Wish, prompt="required"),
        Operation(id="fill", verb="edit", title="Fill", selection="required", artifacts=1),
    ])

class Wish(Parameters):
    variety: float = parameter(1, "Variety", minimum=0, maximum=2)
    long_one: int = parameter(1, "Length", minimum=1)

@hookimpl
def generate(request):
    yield Candidate(Text("x"))

@hookimpl
def edit(request):
    yield Candidate(Text("x"))
"""


@pytest.fixture
def varied(plugin_home: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    (plugin_home() / "varied.py").write_text(VARIED, encoding="utf-8")
    monkeypatch.setenv("AIGC_STUDIO_PLUGINS", "varied")


@pytest.mark.parametrize("place", [[], ["--out", "x"]])
def test_wrong_values_are_said_with_and_without_a_place(
    varied: None,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    place: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["generate", "varied", *place]
    assert cli.main([*words, "--variety", "3", "--long-one", "0"]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "aigc-studio: Variety must be a number from 0 to 2, not 3.0.",
        "aigc-studio: long_one: Length must be a whole number of at least 1, not 0.",
    ]
    assert cli.main([*words, "--count", "0"]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "aigc-studio: The count must be a whole number of at least 1, not 0.",
        "aigc-studio: “Write” needs a prompt. (--prompt)",
    ]
    assert list(tmp_path.glob("x")) == []


def test_what_is_needed_is_said_by_its_flag(
    varied: None, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "in.txt").write_text("The fox runs.", encoding="utf-8")
    words = ["edit", "varied", "--input", str(tmp_path / "in.txt"), "--out"]
    assert cli.main([*words, str(tmp_path / "out.txt")]) == 2
    assert capsys.readouterr().err == (
        "aigc-studio: “Fill” needs a selection: mark the part to work on. "
        "(--mask FILE, --span A:B, --bars A:B)\n"
    )


def _parsers(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for each in dict.fromkeys(action.choices.values()):
                yield from _parsers(each)


def test_no_word_of_a_help_is_argparses_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(argparse, "_", lambda words: f"ARGPARSE {words}")
    monkeypatch.setattr("aigc_studio.cli.plain_parser._", lambda words: f"ours: {words}")
    found = list(_parsers(build_parser()))
    assert len(found) > 20
    for parser in found:
        words = parser.format_help()
        assert "ARGPARSE" not in words, parser.prog
        assert words.startswith(f"ours: usage: {parser.prog} ")
        assert "ours: options:" in words
        assert "ours: show this help message and exit" in " ".join(words.split())


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("one of the arguments --a --b is required", "One of these is needed: --a, --b."),
        (
            "ambiguous option: --ex could match --exact, --export",
            "--ex may mean --exact, --export: ",
        ),
    ],
)
def test_what_argparse_refuses_is_said_plainly(message: str, said: str) -> None:
    with pytest.raises(StudioError) as caught:
        build_parser().error(message)
    assert str(caught.value).startswith(said)

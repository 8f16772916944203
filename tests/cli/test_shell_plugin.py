"""`--plugin PATH`: a plugin that is not installed, for one command, with or without `--here`."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from aigc_studio import __main__, cli

CODE = """
from aigc_studio.api import *

class Wish(Parameters):
    depth: int = parameter(1, "Depth", minimum=-9, maximum=9)
    words: str = parameter("la", "Words")

@hookimpl
def describe():
    return Description(id="mine", title="Mine", medium=Text, operations=[
        Operation(id="write", verb="generate", title="Write", parameters=Wish),
        Operation(id="other", verb="generate", title="Other"),
        Operation(id="tell", verb="evaluate", title="Tell", artifacts=1, data="none"),
    ])

@hookimpl
def generate(request):
    for n in range(request.count):
        yield Candidate(Text(f"{request.parameters.words} {request.parameters.depth}"))

@hookimpl
def edit(request):
    yield Candidate(Text(request.artifacts[0].value.upper()))

@hookimpl
def evaluate(request):
    yield Annotation(Span(0, 2), 0.5, "here")
"""


@pytest.fixture
def plugin(
    plugin_home: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    plugin_home()
    monkeypatch.setenv("AIGC_STUDIO_PLUGIN_PATH", "")
    path = tmp_path / "mine.py"
    path.write_text(CODE, "utf-8")
    return path


def texts(folder: Path) -> list[str]:
    return sorted(each.read_text("utf-8") for each in folder.glob("*.txt"))


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ([], "la 1"),
        (["mine"], "la 1"),
        (["--depth", "3"], "la 3"),
        (["--depth", "-3"], "la -3"),
        (["--depth=3", "--words", "mine"], "mine 3"),
        (["--words", "mine", "mine"], "mine 1"),
        (["--operation", "write", "--words", "mine", "--depth", "2", "mine"], "mine 2"),
        (["--words", "hello there", "--set", "depth=4"], "hello there 4"),
        (["--here"], "la 1"),
        (["--here", "mine", "--depth", "3"], "la 3"),
    ],
)
def test_the_generator_may_be_left_out(
    plugin: Path, tmp_path: Path, words: list[str], text: str
) -> None:
    out = ["--out", str(tmp_path / "out")]
    assert cli.main(["generate", "--plugin", str(plugin), *words, *out]) == 0
    (made,) = texts(tmp_path / "out")
    assert made.startswith(text)


def test_flags_may_come_before_the_generator(
    plugin_home: Callable[..., Path], plugin: Path
) -> None:
    (plugin_home("../cli/../plugins/echo") / "mine.py").write_text(CODE, "utf-8")
    os.environ["AIGC_STUDIO_PLUGINS"] = "mine"
    out = plugin.parent / "out"
    assert cli.main(["generate", "--depth", "3", "mine", "--out", str(out)]) == 0
    assert texts(out)[0].startswith("la 3")


@pytest.mark.parametrize("here", [[], ["--here"]], ids=["a worker", "here"])
def test_edit_and_evaluate_take_it_too(
    plugin: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], here: list[str]
) -> None:
    given = tmp_path / "given.txt"
    given.write_text("hello", "utf-8")
    words = ["--plugin", str(plugin), *here, "--input", str(given)]
    assert cli.main(["edit", *words, "--out", str(tmp_path / "made.txt")]) == 0
    assert (tmp_path / "made.txt").read_text("utf-8").startswith("HELLO")
    capsys.readouterr()
    assert cli.main(["evaluate", *words, "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)["annotations"]
    assert told["value"] == 0.5


@pytest.mark.parametrize("command", ["generate", "edit", "evaluate"])
def test_what_goes_away_is_told_to_who_names_the_file(
    plugin: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    code = "from aigc_studio.api.deprecations import Gone, deprecated\n" + CODE
    hook = f"def {command}(request):\n"
    plugin.write_text(
        code.replace(hook, hook + "    deprecated('request.words', Gone('prompt', 2))\n"), "utf-8"
    )
    given = tmp_path / "given.txt"
    given.write_text("hello", "utf-8")
    words = [] if command == "generate" else ["--input", str(given)]
    out = [] if command == "evaluate" else ["--out", str(tmp_path / "made.txt")]
    assert cli.main([command, "--plugin", str(plugin), *words, *out]) == 0
    told = capsys.readouterr().err.splitlines()
    (line,) = [each for each in told if "request.words goes away with version 2" in each]
    assert line.startswith("mine.py, line ")
    assert line.endswith("Use prompt.")


def test_the_list_has_it_first(plugin: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["plugins", "list", "--plugin", str(plugin), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["plugins"]
    assert (told[0]["id"], told[0]["state"]) == ("mine", "ready")


def test_parameters_say_whose_they_are(plugin: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["generate", "--plugin", str(plugin), "--parameters"]) == 0
    out = capsys.readouterr().out
    assert "The parameters of write (“Write”):" in out
    assert "Other operations: other." in out


@pytest.mark.parametrize("command", ["generate", "edit", "train", "evaluate"])
def test_no_generator_and_no_plugin_is_a_sentence(
    plugin: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    assert cli.main([command]) == 2
    assert "Name " in capsys.readouterr().err


def test_what_is_no_plugin_is_a_sentence(
    plugin: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = tmp_path / "gone.py"
    assert cli.main(["generate", "--plugin", str(gone), "--out", "x"]) == 2
    sentence = f"aigc-studio: There is no file or folder {gone}.\n"
    assert capsys.readouterr().err == sentence
    for words in (["--plugin", str(gone)], [f"--plugin={gone}"]):
        assert __main__.main(words) == 2
        assert capsys.readouterr().err == sentence
    assert __main__.main(["--plugin"]) == 2
    assert capsys.readouterr().err == "aigc-studio: --plugin needs a value after it.\n"


def test_the_window_gets_it_first(
    plugin: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    opened: list[list[str]] = []

    def run(words: list[str]) -> int:
        opened.append(words)
        return 0

    monkeypatch.setattr("aigc_studio.app.run", run)
    project = tmp_path / "some.aigc"
    assert __main__.main(["--plugin", str(plugin), str(project)]) == 0
    assert opened == [[str(project)]]
    assert os.environ["AIGC_STUDIO_PLUGIN_PATH"] == str(plugin)


def test_a_next_command_names_the_plugin_again(
    plugin: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plugin.write_text(
        CODE + "\n@hookimpl\ndef train(request):\n"
        "    path = request.folder / 'one'\n    save_model(path, {'words': 1})\n"
        "    yield Checkpoint(path, 1, {})\n",
        "utf-8",
    )
    data = tmp_path / "texts"
    data.mkdir()
    for n in range(4):
        (data / f"{n}.txt").write_text(f"text {n}", "utf-8")
    words = ["--data", str(data), "--out", "mine", "--steps", "1", "--no-measure"]
    assert cli.main(["train", "--plugin", str(plugin), *words]) == 0
    command = f"aigc-studio generate mine --plugin {plugin} --model 'mine' --out results"
    assert command in capsys.readouterr().out

"""What the shell says when a plugin breaks: where, what was saved, and where the rest stands."""

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from aigc_studio import cli
from aigc_studio.cli import asking

Shell = Callable[..., tuple[int, str, str]]

HEAD = """
from aigc_studio.api import *

@hookimpl
def describe():
    return Description(id="broken", title="Broken", medium=Text, operations=[
        Operation(id="write", verb="generate", title="Write", parameters=Wish),
        Operation(id="scribble", verb="generate", title="Scribble"),
    ])

class Wish(Parameters):
    depth: int = parameter(-1, "Depth", minimum=-9, maximum=0)

@hookimpl
def generate(request):
"""
LINE = HEAD.count("\n") + 1
"""The first line of what generate() does."""


@pytest.fixture
def shell(
    plugin_home: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> Shell:
    """Call it with the body of generate() and words for (status, output, standard error)."""

    def run(body: str, *words: object) -> tuple[int, str, str]:
        lines = "".join(f"    {line}\n" for line in body.splitlines())
        (plugin_home() / "broken.py").write_text(HEAD + lines, encoding="utf-8")
        monkeypatch.setenv("AIGC_STUDIO_PLUGINS", "broken")
        out = () if "--parameters" in words else ("--out", tmp_path / "out")
        status = cli.main([str(each) for each in ("generate", "broken", *out, *words)])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


DEEP = """
import json
yield Candidate(Text("one"))
def draw():
    json.loads("{")
draw()
"""


def test_a_break_names_the_line_of_the_plugin_and_what_was_saved(
    shell: Shell, home: Path, tmp_path: Path
) -> None:
    status, out, err = shell(DEEP, "--seed", 7)
    assert status == 1
    # The last frame that is the plugin's own, though json raised it.
    assert f" (broken.py, line {LINE + 4}, in draw)." in err
    assert "The plugin Broken broke: JSONDecodeError" in err
    saved = tmp_path / "out" / "broken-7.txt"
    assert f"1 result was saved before: {saved}" in err
    assert str(saved) in out
    (log,) = [line for line in err.splitlines() if line.startswith("The worker's log is ")]
    path = Path(log.removeprefix("The worker's log is ").partition(";")[0])
    assert path.is_relative_to(home)
    assert "JSONDecodeError" in path.read_text("utf-8")
    assert "Traceback" not in err


def test_the_traceback_is_shown_on_demand(shell: Shell) -> None:
    err = shell(DEEP, "--traceback")[2]
    assert "Traceback (most recent call last)" in err
    assert 'json.loads("{")' in err


def test_a_document_has_the_error_in_it(shell: Shell) -> None:
    status, out, _err = shell(DEEP, "--seed", 7, "--json")
    document = json.loads(out)
    assert status == 1
    assert [each["seed"] for each in document["candidates"]] == [7]
    error = document["error"]
    assert (error["line"], error["function"]) == (LINE + 4, "draw")
    assert Path(error["file"]).name == "broken.py"
    assert Path(error["log"]).is_file()
    assert error["sentence"].startswith("The plugin Broken broke: ")
    assert "traceback" not in error
    assert "json.loads" in json.loads(shell(DEEP, "--json", "--traceback")[1])["error"]["traceback"]


def test_a_refusal_is_a_document_too(shell: Shell) -> None:
    status, out, _err = shell("yield", "--json", "--count", -1)
    error = json.loads(out)["error"]
    assert status == 2
    assert error["fields"] == {"count": "The count must be a whole number of at least 1, not -1."}
    status, out, _err = shell("yield", "--json", "--colour", "red")
    assert (status, list(json.loads(out))) == (2, ["error"])


def test_an_error_without_words_ends_without_a_colon(shell: Shell) -> None:
    assert (
        f"broke: ValueError (broken.py, line {LINE}, in generate)." in shell("raise ValueError")[2]
    )


def test_a_breakpoint_is_explained(shell: Shell) -> None:
    status, _out, err = shell("yield Candidate(Text('one'))\nbreakpoint()\nyield")
    assert status == 1
    assert "came to a breakpoint: broken.py, line " in err
    assert "A worker has no keyboard" in err
    assert "BdbQuit" not in err


@pytest.mark.parametrize("body", ["return iter(())", "yield from ()", "yield Progress(1, 1)"])
def test_nothing_made_is_a_failure(shell: Shell, body: str) -> None:
    status, out, err = shell(body, "--count", 2)
    assert (status, out) == (1, "")
    assert "The plugin Broken did not keep to the rules: it made nothing, and 2 results" in err


def test_a_result_that_is_never_finished_is_a_failure(shell: Shell) -> None:
    status, _out, err = shell("yield Partial(Text('one'))", "--seed", 1)
    assert status == 1
    assert "it showed a result that is being made, and ended without a Candidate" in err
    assert "it made nothing" not in err


def test_too_many_are_said_and_kept(shell: Shell, tmp_path: Path) -> None:
    body = "for n in range(5): yield Candidate(Text(str(n)))"
    status, _out, err = shell(body, "--count", 3, "--seed", 1)
    assert status == 0
    assert " made more than it was asked for: 5, and not 3." in err
    assert len(list((tmp_path / "out").glob("*.txt"))) == 5


def test_too_few_are_said(shell: Shell) -> None:
    status, _out, err = shell("yield Candidate(Text('one'))", "--count", 3)
    assert status == 0
    assert "Only 1 of 3 were made." in err


def test_several_of_one_seed_are_not_too_many(shell: Shell) -> None:
    body = "for n in range(3): yield Candidate(Text(str(n)), seed=request.seed)"
    assert "asked for" not in shell(body, "--seed", 4)[2]


@pytest.mark.parametrize("latent", ["numpy.zeros(3)", "numpy.zeros(1)", "[1, 2]", "'x'", "0"])
def test_a_latent_of_another_type_is_a_rule(shell: Shell, latent: str) -> None:
    body = f"import numpy\nyield Candidate(Text('one'), latent={latent})"
    status, _out, err = shell(body)
    assert status == 1
    assert "did not keep to the rules: the latent of its Candidate is of the type " in err
    assert f"(broken.py, line {LINE + 1}, in generate)." in err


@pytest.mark.parametrize("field", ["probability", "seed"])
def test_an_array_for_a_number_is_a_rule(shell: Shell, field: str) -> None:
    body = f"import numpy\nyield Candidate(Text('one'), {field}=numpy.zeros(3))"
    status, _out, err = shell(body)
    assert status == 1
    assert f"the {field} of its Candidate is of the type ndarray" in err


def test_a_crash_of_c_code_names_the_line(shell: Shell) -> None:
    status, _out, err = shell(
        "import faulthandler\nyield Candidate(Text('one'))\nfaulthandler._sigsegv()"
    )
    assert status == 1
    assert f"It happened in broken.py, line {LINE + 2}, in generate." in err


def test_parameters_say_whose_they_are_and_what_else_there_is(shell: Shell) -> None:
    status, out, _err = shell("yield", "--parameters")
    assert status == 0
    assert "The parameters of write (“Write”):" in out
    assert "Other operations: scribble." in out
    assert "-9 … 0" in out
    out = shell("yield", "--parameters", "--operation", "scribble")[1]
    assert "The parameters of scribble (“Scribble”):" in out
    assert "Other operations: write." in out


@pytest.mark.parametrize(
    ("field", "shown"),
    [
        ({"minimum": 0, "maximum": 0}, "0 … 0"),
        ({"minimum": -1, "maximum": 0}, "-1 … 0"),
        ({"maximum": 0}, " … 0"),
        ({"minimum": 0}, "0 … "),
        ({}, ""),
    ],
)
def test_a_range_may_end_at_zero(field: dict[str, int], shown: str) -> None:
    assert asking._range(field) == shown


def test_the_kit_shows_tracebacks_on_demand(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "broken.py"
    path.write_text(HEAD + "    raise ValueError\n    yield\n", encoding="utf-8")
    asked = ["plugins", "check", str(path), "--only", "generate"]
    assert cli.main(asked) == 2
    assert "Traceback" not in capsys.readouterr().err
    assert cli.main([*asked, "--traceback"]) == 2
    printed = capsys.readouterr()
    assert "Traceback (most recent call last)" in printed.err
    assert "1 check failed." in printed.err


BOOM = 'from aigc_studio.api import hookimpl\n\nraise RuntimeError("boom")\n'
UNSAID = """from aigc_studio.api import *

@hookimpl
def describe():
    return {}["title"]

@hookimpl
def generate(request):
    yield
"""


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (BOOM, "The plugin boom could not be imported: RuntimeError: boom (boom.py, line 3)."),
        (
            UNSAID,
            "describe() of the plugin boom failed: KeyError: 'title' "
            "(boom.py, line 5, in describe).",
        ),
        (
            "describe = (",
            "The plugin boom could not be imported: SyntaxError: '(' was never closed "
            "(boom.py, line 1).",
        ),
    ],
)
def test_a_plugin_that_cannot_be_loaded_says_where_it_broke(
    plugin_home: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    code: str,
    sentence: str,
) -> None:
    path = plugin_home() / "boom.py"
    path.write_text(code, encoding="utf-8")
    monkeypatch.setenv("AIGC_STUDIO_PLUGINS", "boom")
    words = ["generate", "boom", "--out", str(tmp_path / "out")]
    assert cli.main(words) == 2
    assert capsys.readouterr().err == f"aigc-studio: {sentence}\n"
    assert cli.main([*words, "--traceback"]) == 2
    err = capsys.readouterr().err
    assert err.count("Traceback (most recent call last)") == 1
    assert str(path) in err
    assert "registry.py" not in err
    assert cli.main(["plugins", "check", str(path), "--traceback"]) == 2
    printed = capsys.readouterr()
    assert sentence in printed.out
    assert printed.err.count("Traceback (most recent call last)") == 1
    assert str(path) in printed.err


@pytest.mark.parametrize("name", ["nofile.py", "nofolder/plugin"])
def test_checking_a_file_that_is_not_there_says_so(
    capsys: pytest.CaptureFixture[str], plugin_home: Callable[..., Path], name: str
) -> None:
    plugin_home("echo")
    assert cli.main(["plugins", "check", name]) == 2
    assert capsys.readouterr().err == f"aigc-studio: There is no file {name}.\n"


@pytest.mark.skipif(os.name != "posix", reason="streams of POSIX")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("data import - --name pasted <&-", "aigc-studio: "),
        ("generate nobody 2>&-", ""),
        ("generate nobody <&- >&-", "There is no generator nobody"),
        ("models list --json >&- 2>&-", ""),
    ],
)
def test_streams_that_the_shell_has_closed(words: str, said: str) -> None:
    """A person's sentence and status, not a traceback; and no file gets the number of a stream."""
    line = f"exec {shlex.quote(sys.executable)} -m aigc_studio {words}"
    ended = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False)
    assert ended.returncode == (0 if "list" in words else 2)
    assert said in ended.stderr
    assert "broke" not in ended.stderr

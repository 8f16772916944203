"""What grows, in the shell: printed as it comes, kept after Ctrl+C, and with the error."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from aigc_studio import cli
from aigc_studio.project.export import read_provenance

PLUGIN = """
import os, time
from pathlib import Path
from aigc_studio.api import *

@hookimpl
def describe():
    return Description(id="slow", title="Slow", medium=Text, operations=(
        Operation(id="write", verb="generate", title="Write"),
        Operation(id="go-on", verb="edit", title="Go on", artifacts=1, selection="required"),
    ))

def grow(number, part=False):
    mode = os.environ.get("SLOW", "")
    yield Progress(0, 3)
    yield Partial(Text("Once"), number, part=part)
    yield Partial(Text("Once \\x1b[2Jupon"), number, part=part)
    if mode == "breaks":
        raise ValueError("ink")
    if mode:
        Path(os.environ["SLOW_AT"]).touch()
        while mode == "waits":
            time.sleep(0.02)
            yield Progress(1, 3)
        time.sleep(60)
    yield Candidate(Text("Once \\x1b[2Jupon a time"), part=part)

@hookimpl
def generate(request):
    for number in range(request.count):
        yield from grow(number)

@hookimpl
def edit(request):
    yield from grow(0, part=True)
"""

interrupts = pytest.mark.skipif(os.name != "posix", reason="Windows has no SIGINT to send")


@pytest.fixture(autouse=True)
def slow(home: Path) -> Path:
    folder = home / "data" / "plugins"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "slow.py").write_text(PLUGIN, encoding="utf-8")
    return folder


@pytest.fixture(autouse=True)
def only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIGC_STUDIO_PLUGINS", "slow")


@pytest.fixture
def interrupt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[int, str, str]]:
    """Run a command, and send Ctrl+C so many times once it has begun to write."""
    mark = tmp_path / "it writes"

    def run(mode: str, *words: object, times: int = 1) -> tuple[int, str, str]:
        monkeypatch.setenv("SLOW", mode)
        monkeypatch.setenv("SLOW_AT", str(mark))
        command = [sys.executable, "-m", "aigc_studio", *map(str, words)]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
        ) as process:
            due = time.monotonic() + 60
            while not mark.exists():
                assert process.poll() is None, process.communicate()
                assert time.monotonic() < due
                time.sleep(0.02)
            time.sleep(0.3)
            for _time in range(times):
                process.send_signal(signal.SIGINT)
                time.sleep(0.1)
            out, err = process.communicate(timeout=60)
        return process.returncode, out, err

    return run


def test_a_text_is_printed_as_it_is_written_without_orders_to_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["generate", "slow", "--seed", "5", "--count", "2", "--out", str(tmp_path / "out")]
    assert cli.main([*words, "--stream"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0] == out[2] == "Once [2Jupon a time"
    assert "seed 5" in out[1]
    assert "seed 6" in out[3]
    assert cli.main([*words, "--json", "--stream", "--resume"]) == 0
    assert [each["seed"] for each in json.loads(capsys.readouterr().out)["candidates"]] == [6]


def test_without_a_terminal_nothing_is_printed_unasked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["generate", "slow", "--out", str(tmp_path / "out")]) == 0
    assert "Once" not in capsys.readouterr().out


def test_of_an_edit_only_the_new_part_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, result = tmp_path / "in.txt", tmp_path / "out.txt"
    source.write_text("before | after", encoding="utf-8")
    words = ["edit", "slow", "--input", source, "--span", "7:8", "--out", result, "--stream"]
    assert cli.main([str(word) for word in words]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "Once [2Jupon a time"
    assert result.read_text("utf-8") == "before Once \x1b[2Jupon a time after"


@interrupts
@pytest.mark.parametrize("mode", ["waits", "hangs"])
def test_ctrl_c_keeps_what_is_there_and_says_so(
    interrupt: Callable[..., tuple[int, str, str]], tmp_path: Path, mode: str
) -> None:
    source, result = tmp_path / "in.txt", tmp_path / "out.txt"
    source.write_text("before | after", encoding="utf-8")
    words = ["edit", "slow", "--input", source, "--span", "7:8", "--out", result, "--seed", "3"]
    status, out, err = interrupt(mode, *words)
    assert status == 130
    assert result.read_text("utf-8") == "before Once \x1b[2Jupon after"
    assert "stopped before it was finished" in out
    assert "Stopped. What was there of 1 result was kept." in err
    made = read_provenance(result)
    assert made is not None
    assert (made.stopped, made.seed) == (True, 3)


@interrupts
def test_what_was_stopped_leaves_the_whole_one_its_name(
    interrupt: Callable[..., tuple[int, str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "out"
    words = ["generate", "slow", "--seed", "5", "--count", "2", "--out", folder]
    status, out, err = interrupt("waits", *words, "--json")
    assert status == 130
    document = json.loads(out)
    assert document["cancelled"]
    assert document["candidates"][0]["stopped"]
    assert (folder / "slow-5-stopped.txt").is_file()
    assert "--resume" in err
    monkeypatch.setenv("SLOW", "")
    assert cli.main([*map(str, words), "--resume"]) == 0
    assert (folder / "slow-5.txt").is_file()
    assert (folder / "slow-6.txt").is_file()


@interrupts
def test_twice_leaves(interrupt: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    folder = tmp_path / "out"
    status, _out, err = interrupt("hangs", "generate", "slow", "--out", folder, times=2)
    assert status == 130
    assert "Cancelled." in err
    assert not list(folder.glob("*.txt"))


def test_what_there_was_is_kept_beside_the_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLOW", "breaks")
    folder = tmp_path / "out"
    assert cli.main(["generate", "slow", "--seed", "5", "--out", str(folder)]) == 1
    assert (folder / "slow-5-stopped.txt").read_text("utf-8") == "Once \x1b[2Jupon"
    told = capsys.readouterr()
    assert "stopped before it was finished" in told.out
    assert "The plugin Slow broke" in told.err

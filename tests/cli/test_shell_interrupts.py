"""Ctrl+C: every command ends at once, whatever a plugin does, and says what was kept."""

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
from aigc_studio.cli.signals import one_step
from aigc_studio.files import files_below
from aigc_studio.library import DatasetStore, TrainingStore

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows has no SIGINT to send")

PLUGIN = Path(__file__).parents[1] / "plugins" / "bad" / "hangs.py"
SOON = 3.0
"""A second, and what a crowded machine adds: a plugin that is waited for takes five at least."""

Interrupt = Callable[..., tuple[int, str, float]]


@pytest.fixture
def interrupt(
    plugin_home: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Interrupt:
    """Call it with a verb to hang in and the words of a command.

    Sends Ctrl+C once the plugin hangs, and gives (status, standard error, seconds until the end).
    """
    plugin_home("bad/hangs")
    mark = tmp_path / "hangs now"

    def run(verb: str, *words: object, number: int = signal.SIGINT) -> tuple[int, str, float]:
        monkeypatch.setenv("AIGC_HANGS", verb)
        monkeypatch.setenv("AIGC_HANGS_AT", str(mark))
        command = [sys.executable, "-m", "aigc_studio", *map(str, words)]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
        ) as process:
            wait_for(mark.exists, process)
            time.sleep(0.3)
            began = time.monotonic()
            process.send_signal(number)
            err = process.communicate(timeout=60)[1]
            seconds = time.monotonic() - began
        return process.returncode, err, seconds

    return run


def wait_for(condition: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    due = time.monotonic() + 60
    while not condition():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < due
        time.sleep(0.02)


def has(folder: Path, name: str) -> bool:
    """Whether a file of this name is below the folder, in which another process works."""
    return any(path.name == name for path in files_below(folder))


def make(*words: object) -> None:
    assert cli.main([str(word) for word in words]) == 0


@pytest.fixture
def data(tmp_path: Path) -> str:
    """The name of a dataset of texts."""
    source = tmp_path / "source.txt"
    source.write_text("The fox runs.\nThe hen sits.\nThe fox sleeps.\n" * 8, encoding="utf-8")
    make("data", "import", source, "--name", "tales", "--medium", "text")
    return "tales"


def test_generate_keeps_what_was_made_and_says_how_to_go_on(
    interrupt: Interrupt, tmp_path: Path
) -> None:
    out = tmp_path / "out 目录"
    status, err, seconds = interrupt("generate", "generate", "hangs", "--out", out)
    assert (status, seconds < SOON) == (130, True), (err, seconds)
    (made,) = out.glob("*.txt")
    assert f"1 result was saved before: {made}" in err
    seed = made.stem.removeprefix("hangs-")
    assert (
        f"Make the rest with: aigc-studio generate hangs --out '{out}' --seed {seed} --resume"
        in err
    )
    assert err.endswith("aigc-studio: Cancelled.\n")


def test_edit_ends(interrupt: Interrupt, tmp_path: Path) -> None:
    source = tmp_path / "in.txt"
    source.write_text("abc", encoding="utf-8")
    words = ("edit", "hangs", "--input", source, "--out", tmp_path / "out.txt")
    status, err, seconds = interrupt("edit", *words)
    assert (status, seconds < SOON) == (130, True), (err, seconds)
    assert (tmp_path / "out.txt").read_text("utf-8") == "abc"
    assert "1 result was saved before" in err


def test_a_training_keeps_its_checkpoint(interrupt: Interrupt, data: str) -> None:
    words = ("train", "hangs", "--data", data, "--steps", 9, "--out", "mine")
    status, err, seconds = interrupt("train", *words)
    assert (status, seconds < SOON) == (130, True), (err, seconds)
    (training,) = TrainingStore().interrupted()
    assert training.state == "paused"
    assert training.best() is not None
    assert f"Resume with: aigc-studio train hangs --resume {training.id}" in err


def test_evaluate_ends(interrupt: Interrupt, data: str) -> None:
    make("train", "hangs", "--data", data, "--steps", 9, "--out", "mine")
    status, err, seconds = interrupt("evaluate", "evaluate", "mine")
    assert (status, seconds < SOON) == (130, True), (err, seconds)


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        ("generate", ("plugins", "check", PLUGIN)),
        ("import", ("plugins", "check", PLUGIN)),
        ("import", ("plugins", "list")),
    ],
)
def test_looking_at_a_plugin_ends(
    interrupt: Interrupt, verb: str, words: tuple[object, ...]
) -> None:
    status, err, seconds = interrupt(verb, *words)
    assert (status, seconds < SOON) == (130, True), (err, seconds)


def test_an_import_leaves_nothing(tmp_path: Path) -> None:
    source = tmp_path / "many"
    source.mkdir()
    for number in range(4000):
        (source / f"{number}.txt").write_text(f"The fox runs to {number}.", encoding="utf-8")
    words = ["data", "import", str(source), "--name", "many", "--medium", "text"]
    with subprocess.Popen(
        [sys.executable, "-m", "aigc_studio", *words], stderr=subprocess.PIPE, encoding="utf-8"
    ) as process:
        store = DatasetStore()
        wait_for(lambda: has(store.folder, "content.bin"), process)
        process.send_signal(signal.SIGINT)
        began = time.monotonic()
        err = process.communicate(timeout=60)[1]
    assert (process.returncode, time.monotonic() - began < SOON) == (130, True), err
    assert store.names() == []
    assert not list(store.folder.glob(".many*"))


SLOW_END = """
import time
from pathlib import Path
from aigc_studio.api import Checkpoint, Description, Progress, Text, hookimpl

@hookimpl
def describe():
    return Description(id="slow-end", title="Slow end", medium=Text)

@hookimpl
def train(request):
    path = request.folder / "model"
    try:
        for step in range(10**6):
            yield Progress(step, 10**6)
            (request.folder / "learns").touch()
            time.sleep(0.01)
    finally:
        (request.folder / "closes").touch()
        time.sleep({seconds})
        (request.folder / "closed").touch()
"""


@pytest.mark.parametrize(("seconds", "times", "closed"), [(2.0, 1, True), (60.0, 2, False)])
def test_a_training_that_heard_may_write_its_checkpoint_until_the_second_time(
    plugin_home: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    data: str,
    seconds: float,
    times: int,
    closed: bool,
) -> None:
    folder = plugin_home("bad/hangs")
    (folder / "slow_end.py").write_text(SLOW_END.format(seconds=seconds), encoding="utf-8")
    monkeypatch.setenv("AIGC_STUDIO_PLUGINS", "slow_end")
    words = ["train", "slow-end", "--data", data, "--steps", "9", "--out", "mine"]
    with subprocess.Popen(
        [sys.executable, "-m", "aigc_studio", *words], stderr=subprocess.PIPE, encoding="utf-8"
    ) as process:
        jobs = TrainingStore().folder
        wait_for(lambda: has(jobs, "learns"), process)
        process.send_signal(signal.SIGINT)
        wait_for(lambda: has(jobs, "closes"), process)
        began = time.monotonic()
        if times == 2:
            time.sleep(1.5)  # longer than one that has not heard is waited for
            assert process.poll() is None
            process.send_signal(signal.SIGINT)
        err = process.communicate(timeout=60)[1]
    assert process.returncode == 130
    assert has(jobs, "closed") is closed
    assert time.monotonic() - began < 1.5 + SOON
    assert "Ctrl+C again ends it at once" in err


def test_a_document_is_whole_after_ctrl_c(
    plugin_home: Callable[..., Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    plugin_home("echo")

    def stop(*_words: object, **_more: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("aigc_studio.cli.results.write_result", stop)
    status = cli.main(["generate", "echo", "--json", "--out", str(tmp_path / "out")])
    assert status == 130
    told = {"candidates": [], "cancelled": True, "model": None}
    assert json.loads(capsys.readouterr().out) == told


def test_ctrl_c_waits_for_the_end_of_a_step() -> None:
    done = []

    def step() -> None:
        with one_step():
            os.kill(os.getpid(), signal.SIGINT)
            done.append("all of it")

    with pytest.raises(KeyboardInterrupt):
        step()
    assert done == ["all of it"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_what_the_system_ends_says_by_what(
    interrupt: Interrupt, tmp_path: Path, number: signal.Signals
) -> None:
    out = tmp_path / "out"
    status, err, _seconds = interrupt("generate", "generate", "hangs", "--out", out, number=number)
    assert status == 128 + number
    assert "1 result was saved before" in err
    assert err.endswith("aigc-studio: Cancelled.\n")


def test_the_system_may_ask_twice_where_a_person_means_it(
    plugin_home: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, data: str
) -> None:
    """A shell and the kernel both tell of a terminal that is closed; it takes writing along."""
    import fcntl
    import pty
    import termios

    folder = plugin_home("bad/hangs")
    (folder / "slow_end.py").write_text(SLOW_END.format(seconds=1.0), encoding="utf-8")
    monkeypatch.setenv("AIGC_STUDIO_PLUGINS", "slow_end")
    words = ["train", "slow-end", "--data", data, "--steps", "9", "--out", "mine"]
    master, terminal = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "aigc_studio", *words],
        stdin=terminal, stdout=terminal, stderr=terminal, text=True, start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    ) as process:  # fmt: skip
        os.close(terminal)
        wait_for(lambda: has(TrainingStore().folder, "learns"), process)
        os.close(master)
        wait_for(lambda: has(TrainingStore().folder, "closes"), process)
        process.send_signal(signal.SIGHUP)
        assert process.wait(60) == 128 + signal.SIGHUP
    (training,) = TrainingStore().interrupted()
    assert training.state == "paused"
    assert has(TrainingStore().folder, "closed")

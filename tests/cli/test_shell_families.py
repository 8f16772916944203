"""The shell ends whatever a plugin started, and says how much memory one took."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from families import living, soon_none, until
from kinds import there

from aigc_studio import cli
from aigc_studio.library import TrainingStore

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

PLUGIN = Path(__file__).parents[1] / "plugins" / "bad" / "starts_family.py"


@pytest.fixture
def place(
    plugin_home: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    plugin_home("bad/starts_family")
    folder = tmp_path / "there"
    folder.mkdir()
    monkeypatch.setenv("AIGC_FAMILY_AT", str(folder))
    return folder


def shell(*words: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "aigc_studio", *map(str, words)]
    return subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("kind", ["fork", "daemon", "bare"])
def test_a_command_ends_in_good_order_and_they_with_it(
    place: Path, tmp_path: Path, kind: str
) -> None:
    with shell("generate", "starts-family", "--prompt", kind, "--out", tmp_path / "o") as process:
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert "o" in out
    assert list(place.glob(f"{kind}-*"))
    assert not soon_none(place)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_command_that_is_ended_takes_them_along(
    place: Path, tmp_path: Path, number: signal.Signals
) -> None:
    words = ("generate", "starts-family", "--prompt", "bare hang", "--out", tmp_path / "o")
    with shell(*words) as process:
        until(lambda: living(place))
        process.send_signal(number)
        process.communicate(timeout=60)
    assert not soon_none(place)


# That all of the kit leaves nothing is tested in `tests/host/test_host_families.py`.
@pytest.mark.parametrize("words", [("list",), ("check", PLUGIN, "--only", "description,generate")])
def test_looking_at_plugins_leaves_nothing(
    place: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[object, ...]
) -> None:
    monkeypatch.setenv("AIGC_FAMILY_IMPORT", "daemon")
    with shell("plugins", *words) as process:
        process.communicate(timeout=80)
    assert list(place.glob("daemon-*"))
    assert not soon_none(place)


def test_a_training_that_takes_too_much_says_so_and_how_to_go_on(
    plugin_home: Callable[..., Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    plugin_home("bad/eats_memory")
    source = tmp_path / "source.txt"
    source.write_text("The fox runs.\nThe hen sits.\n" * 8, encoding="utf-8")
    assert cli.main(["data", "import", str(source), "--name", "tales", "--medium", "text"]) == 0
    monkeypatch.setenv("AIGC_STUDIO_MEMORY", "256M")
    words = ["train", "eats-memory", "--data", "tales", "--steps", "10", "--out", "mine"]
    assert cli.main(words) == 1
    err = capfd.readouterr().err
    assert "a plugin may use 256 MB" in err
    assert "AIGC_STUDIO_MEMORY" in err
    assert "Traceback" not in err
    (training,) = TrainingStore().interrupted()
    assert f"Resume with: aigc-studio train eats-memory --resume {training.id}" in err
    assert cli.main(["train", "eats-memory", "--resume", training.id]) == 0


def test_a_size_that_is_none_is_one_sentence(
    plugin_home: Callable[..., Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    plugin_home("echo")
    monkeypatch.setenv("AIGC_STUDIO_MEMORY", "plenty")
    assert cli.main(["generate", "echo", "--out", str(tmp_path / "o")]) == 2
    err = capfd.readouterr().err
    assert "AIGC_STUDIO_MEMORY is plenty, which is not a size" in err
    assert "Traceback" not in err


def test_torchrun_as_a_plugin_starts_it(
    plugin_home: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Several processes of one training, each of which waits for the others."""
    place = tmp_path / "there"
    place.mkdir()
    code = f"""
import subprocess, sys, time
from aigc_studio.api import Candidate, Description, Text, hookimpl
RANK = '''
import os, pathlib, subprocess, sys, time
pathlib.Path({str(place)!r}, f"rank-{{os.getpid()}}").touch()
if len(sys.argv) == 1:
    for rank in range(2):
        subprocess.Popen([sys.executable, __file__, str(rank)], start_new_session=True)
time.sleep(60)
'''
@hookimpl
def describe():
    return Description(id="ranks", title="Ranks", medium=Text)
@hookimpl
def generate(request):
    script = request.folder / "rank.py"
    script.write_text(RANK)
    subprocess.Popen([sys.executable, str(script)])
    while True:
        time.sleep(0.1)
        yield Candidate(Text("x"))
"""
    (plugin_home() / "ranks.py").write_text(code, encoding="utf-8")
    monkeypatch.setenv("AIGC_STUDIO_PLUGINS", "ranks")
    with shell("generate", "ranks", "--count", 999, "--out", tmp_path / "o") as process:
        until(lambda: len(living(place)) == 3)
        os.kill(process.pid, signal.SIGINT)
        process.communicate(timeout=60)
    assert not soon_none(place)
    assert there(process.returncode) == 130

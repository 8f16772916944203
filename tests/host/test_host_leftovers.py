"""What killed studios leave in the cache goes at the next start; what living ones use stays."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from families import posix, until
from kinds import there

from aigc_studio import cli, folders
from aigc_studio.api import GenerateRequest
from aigc_studio.host import Registry, RunState, WorkerPool, leftovers, process, workplaces
from aigc_studio.host.describing import describe
from aigc_studio.host.leftovers import Workplace
from aigc_studio.host.plugin_files import source_at

HOLDER = """
import sys, time
from pathlib import Path
from aigc_studio.host.leftovers import Workplace
place = Workplace(Path(sys.argv[1]))
(place.folder / "a").mkdir()
(place.folder / "a" / "file").write_text("x")
print(place.folder, flush=True)
time.sleep(60)
"""


def age(path: Path, seconds: float) -> None:
    then = time.time() - seconds
    os.utime(path, (then, then))


@posix
def test_a_workplace_stays_while_its_process_lives_and_goes_after(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        folder = Path(there(other.stdout).readline().rstrip("\n"))
        age(folder, 10**6)
        assert leftovers.sweep(tmp_path) == 0
        assert (folder / "a" / "file").exists()
        other.kill()
    assert leftovers.sweep(tmp_path) == 1
    assert list(tmp_path.iterdir()) == []


def test_one_without_a_lock_is_left_alone_for_a_day(tmp_path: Path) -> None:
    fresh, old = tmp_path / ".run-1-new", tmp_path / ".run-1-old"
    for folder in (fresh, old):
        folder.mkdir()
    age(old, 2 * leftovers.UNLOCKED_SECONDS)
    assert leftovers.sweep(tmp_path) == 1
    assert fresh.exists()


def test_its_own_end_takes_it_away(tmp_path: Path) -> None:
    place = leftovers.Workplace(tmp_path / "new" / "folder")
    assert leftovers.sweep(tmp_path / "new" / "folder") == 0
    (place.folder / "file").touch()
    place.remove()
    assert list((tmp_path / "new" / "folder").iterdir()) == []


def test_half_written_files_go_after_a_day(tmp_path: Path) -> None:
    for name in (".plugins.json.999999999-1", f".plugins.json.{os.getpid()}-2", ".hidden"):
        (tmp_path / name).touch()
        age(tmp_path / name, 2 * leftovers.UNLOCKED_SECONDS)
    (tmp_path / ".plugins.json.999999999-3").touch()
    assert leftovers.sweep_files(tmp_path) == 1
    left = {each.name for each in tmp_path.iterdir()}
    assert left == {".hidden", f".plugins.json.{os.getpid()}-2", ".plugins.json.999999999-3"}


def test_a_link_is_no_leftover(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "file").touch()
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / ".run-link").symlink_to(tmp_path / "mine")
    age(tmp_path / "mine", 10**6)
    assert leftovers.sweep(tmp_path / "cache") == 0
    assert (tmp_path / "mine" / "file").exists()


@posix
def test_the_pool_of_the_next_window_sweeps(
    registry: Callable[..., Registry], tmp_path: Path
) -> None:
    command = [sys.executable, "-c", HOLDER, str(tmp_path / "x")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        folder = Path(there(other.stdout).readline().rstrip("\n"))
        other.kill()
    pool = WorkerPool(tmp_path / "x")
    run = pool.start(registry("echo").record("echo"), "generate", GenerateRequest())
    assert run.wait(20)
    until(lambda: not folder.exists())
    pool.close()
    assert list((tmp_path / "x").iterdir()) == []


@posix
def test_a_killed_command_leaves_nothing_for_good(
    plugin_home: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin_home("bad/hangs", "echo")
    mark = tmp_path / "hangs now"
    monkeypatch.setenv("AIGC_HANGS", "generate")
    monkeypatch.setenv("AIGC_HANGS_AT", str(mark))
    words = ["generate", "hangs", "--out", str(tmp_path / "out")]
    with subprocess.Popen([sys.executable, "-m", "aigc_studio", *words]) as shell:
        until(mark.exists)
        shell.send_signal(signal.SIGKILL)
    workers = folders.cache_folder() / "workers"
    assert list(workers.iterdir())
    assert cli.main(["generate", "echo", "--out", str(tmp_path / "out")]) == 0
    assert list(workers.iterdir()) == []


def test_a_pool_that_is_closed_starts_nothing(
    registry: Callable[..., Registry], tmp_path: Path
) -> None:
    record = registry("echo").record("echo")
    pool = WorkerPool(tmp_path / "x")
    pool.close()
    run = pool.start(record, "generate", GenerateRequest())
    assert run.wait(10)
    assert "The studio is closing" in there(run.error).sentence
    assert not (tmp_path / "x").exists()


# Logs


FLOOD = """
import ctypes, os, threading, time
from aigc_studio.api import Candidate, Description, Text, hookimpl

@hookimpl
def describe():
    return Description(id="flood", title="Flood", medium=Text)

@hookimpl
def generate(request):
    line = b"e" * (1 << 18)
    for _number in range(1200):
        os.write(2, line)
    yield Candidate(Text("written"))
    # No other thread of this process can run while this one holds the interpreter.
    ctypes.PyDLL(None).usleep(1_500_000)
    yield Candidate(Text("slept"))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="usleep is found by its name")
def test_a_log_that_is_written_without_end_keeps_to_its_size(
    registry: Callable[..., Registry], plugin_home: Callable[..., Path], pool: WorkerPool
) -> None:
    (plugin_home() / "flood.py").write_text(FLOOD, encoding="utf-8")
    os.environ["AIGC_STUDIO_PLUGINS"] = "flood"
    run = pool.start(registry().record("flood"), "generate", GenerateRequest(count=2))
    assert run.wait(60)
    assert run.state is RunState.DONE, run.error
    assert there(run._worker).process.log_size() < 9 << 20
    assert process.TAIL < 9 << 20


def test_the_end_of_the_pool_takes_away_what_its_runs_had(
    registry: Callable[..., Registry], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shell ends right after its pool: nobody else would do it then."""
    record = registry("echo").record("echo")
    pool = WorkerPool(tmp_path / "x")
    monkeypatch.setattr(
        workplaces.Workplaces, "leave", lambda self, place: None
    )  # as if it came too late
    run = pool.start(record, "generate", GenerateRequest())
    assert run.wait(20)
    assert list((tmp_path / "x").iterdir())
    pool.close()
    assert list((tmp_path / "x").iterdir()) == []


@posix
@pytest.mark.parametrize("how", ["deep", "shut", "link", "many", "odd"])
def test_a_run_folder_goes_whatever_the_plugin_made_of_it(
    plugin_home: Callable[..., Path], tmp_path: Path, how: str
) -> None:
    plugin_home("bad/fills_exchange")
    record = describe(there(source_at(folders.plugin_folder() / "fills_exchange.py")))
    pool = WorkerPool(tmp_path / "exchange")
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "file").touch()
    for kind in (f"{how} {kept}", "well"):  # the same worker serves the next
        run = pool.start(record, "generate", GenerateRequest(prompt=kind))
        assert run.wait(60)
        assert run.state is RunState.DONE, run.error
    pool.close()
    assert [each.name for each in (tmp_path / "exchange").glob(".run-*[!-gone]")] == []
    assert (kept / "file").exists()


def test_a_workplace_is_as_good_as_new_where_nothing_was_left(tmp_path: Path) -> None:
    place = Workplace(tmp_path)
    assert place.is_clean()
    place.work.mkdir()
    assert place.is_clean()
    assert not place.work.exists()
    (place.folder / "result.png").write_bytes(b"x")
    assert not place.is_clean()
    (place.folder / "result.png").unlink()
    place.work.mkdir()
    (place.work / "notes").write_text("of the plugin")
    assert not place.is_clean()
    assert (place.work / "notes").exists()
    place.remove()
    assert list(tmp_path.iterdir()) == []
    assert not place.is_clean()


def test_runs_that_leave_nothing_share_one_workplace(
    pool: WorkerPool,
    registry: Callable[..., Registry],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[Path] = []

    class Counted(Workplace):
        def __init__(self, parent: Path) -> None:
            super().__init__(parent)
            made.append(self.folder)

    monkeypatch.setattr(workplaces, "Workplace", Counted)
    record = registry("echo").record("echo")
    for _time in range(4):
        run = pool.start(record, "generate", GenerateRequest())
        assert run.wait(60)
        end = time.monotonic() + 20
        while pool._workplaces._clean is None and time.monotonic() < end:
            time.sleep(0.01)
    assert len(made) == 1
    pool.close()
    assert not made[0].exists()

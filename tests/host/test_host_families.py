"""What a plugin starts ends with its worker, however that ends and however it hid."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from families import living, posix, runs, soon_none, until
from kinds import there

from aigc_studio import family
from aigc_studio.api import Candidate, Dataset, Event, GenerateRequest, Text, TrainRequest
from aigc_studio.host import PluginRecord, Registry, Run, RunState, WorkerPool
from aigc_studio.host.describing import describe
from aigc_studio.host.process import WorkerProcess
from aigc_studio.testing import check_plugin, draw

pytestmark = [
    posix,
    pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc"),
]

PLUGIN = Path(__file__).parents[1] / "plugins" / "bad" / "starts_family.py"
# Of each way to end, one kind is asked of a worker that is a new process; what finds its children
# is the same, however it came to be.
DAEMON = pytest.param("daemon", marks=pytest.mark.processes)
SPAWN = pytest.param("spawn", marks=pytest.mark.processes)
KINDS = ("fork", DAEMON, "deaf", "bare", "chain", "popen", "shell", SPAWN, "thread")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the processes note that they are there; none may be left in the end."""
    folder = tmp_path / "there"
    folder.mkdir()
    monkeypatch.setenv("AIGC_FAMILY_AT", str(folder))
    yield folder
    left = soon_none(folder)
    for name in left:
        os.kill(int(name.split("-")[1]), signal.SIGKILL)
    assert not left


@pytest.fixture
def record(registry: Callable[..., Registry], place: Path) -> PluginRecord:
    return registry("bad/starts_family").record("starts-family")


def asked(prompt: str) -> GenerateRequest:
    return GenerateRequest(prompt=prompt)


def begun(pool: WorkerPool, record: PluginRecord, prompt: str) -> Run:
    """A run that has started its processes."""
    events: list[Event] = []
    run = pool.start(record, "generate", asked(prompt), on_event=events.append)
    until(lambda: events or run.state.ended)
    assert not run.state.ended, run.error
    return run


@pytest.mark.parametrize("kind", KINDS)
def test_what_an_action_left_behind_ends_though_the_pool_goes_on(
    pool: WorkerPool, record: PluginRecord, place: Path, kind: str
) -> None:
    run = pool.start(record, "generate", asked(kind))
    assert run.wait(30)
    assert run.state is RunState.DONE, run.error
    assert list(place.glob(f"{kind}-*"))
    assert not soon_none(place)
    again = pool.start(record, "generate", asked("daemon"))
    assert again.wait(30)
    assert again.state is RunState.DONE  # in a new worker
    assert again.pid != run.pid


@pytest.mark.parametrize("kind", [DAEMON, "deaf", "bare"])
@pytest.mark.parametrize("how", ["crash", "exit", "raise"])
def test_however_a_worker_ends_by_itself(
    pool: WorkerPool, record: PluginRecord, place: Path, kind: str, how: str
) -> None:
    run = pool.start(record, "generate", asked(f"{kind} {how}"))
    assert run.wait(30)
    assert run.state is RunState.FAILED
    said = {"crash": "SIGSEGV", "exit": "exit status 3", "raise": "on purpose"}[how]
    assert said in there(run.error).sentence
    assert not soon_none(place)


@pytest.mark.parametrize("kind", [DAEMON, "deaf", "chain", "thread"])
def test_cancelled_within_a_second(
    pool: WorkerPool, record: PluginRecord, place: Path, kind: str
) -> None:
    run = begun(pool, record, f"{kind} hang")
    began = time.monotonic()
    run.cancel()
    assert run.wait(10)
    assert time.monotonic() - began < 2.5  # 0.7 s and what a busy machine adds
    assert run.state is RunState.CANCELLED
    assert not soon_none(place)


@pytest.mark.parametrize("kind", ["fork", DAEMON, "bare"])
def test_a_worker_killed_from_outside_takes_them_along(
    pool: WorkerPool, record: PluginRecord, place: Path, kind: str
) -> None:
    run = begun(pool, record, f"{kind} hang")
    os.kill(run.pid, signal.SIGKILL)
    assert run.wait(10)
    assert "SIGKILL" in there(run.error).sentence
    assert not soon_none(place)


@pytest.mark.processes  # the mark by which they are found is in what a process was started with
@pytest.mark.parametrize("kind", ["fork", "daemon", "popen"])
def test_a_warden_that_is_killed_is_stood_in_for(
    pool: WorkerPool, record: PluginRecord, place: Path, kind: str
) -> None:
    run = pool.start(record, "generate", asked(f"{kind} warden"))
    assert run.wait(10)
    assert run.state is RunState.FAILED
    assert not soon_none(place)
    assert not runs(run.pid)


@pytest.mark.processes
def test_a_warden_that_stands_still_is_stood_in_for(
    pool: WorkerPool, record: PluginRecord, place: Path
) -> None:
    run = begun(pool, record, "daemon hang")
    warden = there(run._worker).process._process.pid
    assert warden != run.pid
    os.kill(warden, signal.SIGSTOP)
    run.cancel()
    assert run.wait(10)
    assert not soon_none(place)
    assert not runs(run.pid)


def test_the_end_of_the_pool_ends_those_of_a_training(
    registry: Callable[..., Registry],
    record: PluginRecord,
    place: Path,
    tmp_path: Path,
    write_dataset: Callable[..., Path],
) -> None:
    pool = WorkerPool(tmp_path / "x")
    data = Dataset(write_dataset(draw("text", 20)[0]))
    request = TrainRequest(dataset=data, steps=10**7, folder=tmp_path / "t")
    run = pool.start(record, "train", request, fresh=True)
    until(lambda: living(place))
    pool.close()
    assert run.wait(10)
    assert not soon_none(place)


@pytest.mark.parametrize("kind", [DAEMON, "bare"])
def test_describing_a_plugin_leaves_nothing(
    plugin_home: Callable[..., Path], place: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    plugin_home("bad/starts_family")
    monkeypatch.setenv("AIGC_FAMILY_IMPORT", kind)
    found = Registry()
    found.refresh()
    assert found.record("starts-family").state == "ready"
    assert list(place.glob(f"{kind}-*"))
    assert not soon_none(place)


@pytest.mark.processes
def test_describing_one_that_hangs_leaves_nothing(
    place: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from aigc_studio.host.plugin_files import source_at

    monkeypatch.setenv("AIGC_FAMILY_IMPORT", "daemon")
    file = tmp_path / "starts_family.py"
    file.write_text(PLUGIN.read_text("utf-8") + "\ntime.sleep(60)\n", encoding="utf-8")
    record = describe(there(source_at(file)), seconds=3.0)
    assert "within 3 seconds" in record.reason
    assert list(place.glob("daemon-*"))
    assert not soon_none(place)


def test_the_kit_leaves_nothing(place: Path) -> None:
    report = check_plugin(PLUGIN, steps=3)
    assert report.checks
    assert list(place.glob("daemon-*"))
    assert not soon_none(place)


PARENT = """
import sys, time
from pathlib import Path
from aigc_studio.api import GenerateRequest
from aigc_studio.host import Registry, WorkerPool
found = Registry()
found.load_cached()
record = found.record("starts-family")
pool = WorkerPool(Path(sys.argv[1]))
runs = [
    pool.start(record, "generate", GenerateRequest(prompt=prompt), on_event=lambda event: None)
    for prompt in sys.argv[2:]
]
while not all(run.pid and run.state.value != "starting" for run in runs):
    time.sleep(0.01)
print(*(run.pid for run in runs), flush=True)
time.sleep(60)
"""


def test_a_studio_that_is_killed_leaves_nothing(
    record: PluginRecord, place: Path, tmp_path: Path
) -> None:
    prompts = ["daemon hang", "deaf hang", "bare hang", "fork"]
    command = [sys.executable, "-c", PARENT, str(tmp_path / "x"), *prompts]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        pids = list(map(int, there(parent.stdout).readline().split()))
        until(lambda: all(list(place.glob(f"{kind}-*")) for kind in ("daemon", "deaf", "bare")))
        parent.kill()
    until(lambda: not any(map(runs, pids)), 12)
    assert not soon_none(place)


FROZEN = """
import os, signal
from aigc_studio.api import Candidate, Description, Text, hookimpl

@hookimpl
def describe():
    return Description(id="frozen", title="Frozen", medium=Text)

@hookimpl
def generate(request):
    yield Candidate(Text("x"))
    os.kill(os.getpid(), signal.SIGSTOP)
"""


def test_a_frozen_worker_does_not_outlive_a_killed_studio(
    registry: Callable[..., Registry], plugin_home: Callable[..., Path], tmp_path: Path
) -> None:
    (plugin_home() / "frozen.py").parent.mkdir(parents=True, exist_ok=True)
    (plugin_home() / "frozen.py").write_text(FROZEN, encoding="utf-8")
    os.environ["AIGC_STUDIO_PLUGINS"] = "frozen"
    registry()
    code = PARENT.replace("starts-family", "frozen")
    command = [sys.executable, "-c", code, str(tmp_path / "x"), "one"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        (pid,) = map(int, there(parent.stdout).readline().split())
        parent.kill()
    until(lambda: not runs(pid), 12)


def test_children_at_work_are_let_be(
    registry: Callable[..., Registry], plugin_home: Callable[..., Path], pool: WorkerPool
) -> None:
    code = """
from multiprocessing import get_context
from aigc_studio.api import Candidate, Description, Text, hookimpl

@hookimpl
def describe():
    return Description(id="worker-pool", title="Worker pool", medium=Text)

@hookimpl
def generate(request):
    with get_context("fork").Pool(3) as pool:
        for value in pool.imap(abs, range(-3, 0)):
            yield Candidate(Text(str(value)))
        pool.close()
        pool.join()
"""
    (plugin_home() / "worker_pool.py").write_text(code, encoding="utf-8")
    plugin_home("echo")
    os.environ["AIGC_STUDIO_PLUGINS"] += ",worker_pool"
    record = registry().record("worker-pool")
    pids = set()
    for _request in range(2):
        run = pool.start(record, "generate", GenerateRequest(count=3))
        made = [event.artifact for event in run.events() if isinstance(event, Candidate)]
        assert made == [Text("3"), Text("2"), Text("1")]
        pids.add(run.pid)
    assert len(pids) == 1  # it cleaned up behind itself, so its worker was kept


def test_twenty_that_hang_are_gone_within_the_promised_time(
    record: PluginRecord, place: Path, tmp_path: Path
) -> None:
    pool = WorkerPool(tmp_path / "x")
    runs = [pool.start(record, "generate", asked("daemon hang")) for _one in range(20)]
    until(lambda: len(list(place.glob("daemon-*"))) == 20, 60)
    began = time.monotonic()
    pool.close(1.0)
    assert time.monotonic() - began < 4.0  # 1 s, 2 s for those ended by force, and some
    assert not soon_none(place)
    assert all(run.wait(5) for run in runs)


@pytest.mark.processes
def test_a_reader_does_not_wait_for_whoever_holds_the_line_open(
    monkeypatch: pytest.MonkeyPatch, place: Path
) -> None:
    """The warden and the mark fail to find a process: all goes on without it."""
    from aigc_studio.host import process

    monkeypatch.setattr("aigc_studio.host.guard.Guard._end_marked", lambda self: None)
    monkeypatch.setattr(process, "LINE_SECONDS", 0.3)
    heard: list[object] = []
    worker = WorkerProcess("", heard.append, process.Surroundings())
    until(lambda: heard)
    held = os.open(f"/proc/{worker.pid}/fd/{_line_of(worker.pid)}", os.O_WRONLY)
    try:
        os.kill(worker._process.pid, signal.SIGKILL)
        until(lambda: heard[-1] is None, 10)
    finally:
        os.close(held)
    assert worker.wait(0)


def _line_of(pid: int) -> str:
    """The descriptor that a worker writes its replies to: a pipe above the standard three."""
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        link, flags = os.readlink(entry), Path(f"/proc/{pid}/fdinfo/{entry.name}").read_text()
        if link.startswith("pipe:") and int(entry.name) > 2 and int(flags.split()[3], 8) & 1:
            return entry.name
    raise AssertionError("no line")


# Without /proc, as on macOS: psutil


def test_without_proc_psutil_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    code = "import subprocess, time; subprocess.Popen(['sleep', '60']); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", code]) as process:
        until(lambda: len(family.descendants(process.pid)) == 1)
        below = family.descendants(process.pid)
        taken = family.memory([process.pid])
        monkeypatch.setattr(family, "HAS_PROC", False)
        assert family.children(os.getpid()) != []
        assert family.descendants(process.pid) == below
        assert family.is_alive(process.pid)
        assert taken < family.memory([process.pid]) < 10 * taken + (64 << 20)
        for pid in (*below, process.pid):
            os.kill(pid, signal.SIGKILL)
    assert not family.is_alive(process.pid)
    assert family.descendants(process.pid) == []
    assert family.memory([process.pid], 1) == 0

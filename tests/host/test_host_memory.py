"""How much memory a plugin may take, and what is said when it takes more."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from families import posix, runs, until
from kinds import there

from aigc_studio import family
from aigc_studio.api import Candidate, Checkpoint, Dataset, Event, GenerateRequest, TrainRequest
from aigc_studio.api.errors import StudioError
from aigc_studio.host import PluginRecord, Registry, Run, RunState, WorkerPool, memory
from aigc_studio.host.guard import Guard
from aigc_studio.testing import draw

MB = 1 << 20
LIMIT = 256 * MB

linux = pytest.mark.skipif(sys.platform != "linux", reason="the warden reads /proc")


@pytest.fixture
def record(registry: Callable[..., Registry]) -> PluginRecord:
    return registry("bad/eats_memory", "echo").record("eats-memory")


@pytest.fixture
def small(tmp_path: Path) -> Iterator[WorkerPool]:
    pool = WorkerPool(tmp_path / "x", memory=LIMIT)
    yield pool
    pool.close()


def ended(pool: WorkerPool, record: PluginRecord, kind: str) -> tuple[Run, list[Event]]:
    events: list[Event] = []
    request = GenerateRequest(prompt=kind)
    run = pool.start(record, "generate", request, on_event=events.append)
    assert run.wait(60)
    return run, events


@linux
@pytest.mark.parametrize(
    "kind", [pytest.param("slow", marks=pytest.mark.processes), "fast", "child", "children"]
)
def test_a_family_that_takes_too_much_is_ended_with_one_sentence(
    small: WorkerPool, record: PluginRecord, registry: Callable[..., Registry], kind: str
) -> None:
    run, events = ended(small, record, kind)
    assert run.state is RunState.FAILED
    sentence = there(run.error).sentence
    assert sentence.startswith("The plugin Eats memory used ")
    assert "a plugin may use 256 MB" in sentence
    assert sentence.endswith("allow it more with AIGC_STUDIO_MEMORY.")
    assert len([each for each in events if isinstance(each, Candidate)]) == 1
    taken = there(run._worker).process.guard.too_large
    # What a fast one took before it was noticed: a hundredth of a second's worth, and what a busy
    # machine adds. All that the plugin wanted was 700 MB at least.
    assert LIMIT < taken < 700 * MB
    assert not runs(run.pid)
    echo = registry("echo").record("echo")
    assert ended(small, echo, "on")[0].state is RunState.DONE


@linux
@pytest.mark.parametrize("ordered", ["", "256M"])
def test_in_a_window_more_memory_is_a_matter_of_its_settings(
    tmp_path: Path, record: PluginRecord, monkeypatch: pytest.MonkeyPatch, ordered: str
) -> None:
    monkeypatch.setenv("AIGC_STUDIO_MEMORY", ordered)
    pool = WorkerPool(tmp_path / "x", memory=LIMIT, in_window=True)
    pool.limit_memory(LIMIT)  # as when the number was changed
    run, _events = ended(pool, record, "slow")
    pool.close()
    sentence = there(run.error).sentence
    # A setting changes nothing while the environment has the first word.
    where = "with AIGC_STUDIO_MEMORY." if ordered else "in Settings."
    assert sentence.endswith(f"allow it more {where}")


@linux
def test_what_is_shared_counts_once(small: WorkerPool, record: PluginRecord) -> None:
    run, events = ended(small, record, "shares")  # 5 children that read the same 96 MB
    assert run.error is None
    assert len([each for each in events if isinstance(each, Candidate)]) == 2


@linux
def test_a_training_that_took_too_much_keeps_its_checkpoint_and_goes_on(
    small: WorkerPool, record: PluginRecord, tmp_path: Path, write_dataset: Callable[..., Path]
) -> None:
    from dataclasses import replace

    data = Dataset(write_dataset(draw("text", 20)[0]))
    request = TrainRequest(dataset=data, steps=10, folder=tmp_path / "t")
    events: list[Event] = []
    run = small.start(record, "train", request, on_event=events.append, fresh=True)
    assert run.wait(60)
    assert "used" in there(run.error).sentence
    (checkpoint,) = (each for each in events if isinstance(each, Checkpoint))
    assert (checkpoint.path / "weights.safetensors").is_file()
    again = small.start(record, "train", replace(request, resume=True), fresh=True)
    assert again.wait(60)
    assert again.state is RunState.DONE


@pytest.mark.parametrize("kind", ["huge", "list"])
def test_an_own_memory_error_is_told_as_such(
    small: WorkerPool, record: PluginRecord, kind: str
) -> None:
    run, _events = ended(small, record, kind)
    sentence = there(run.error).sentence
    assert sentence.startswith("The plugin Eats memory asked for more memory than there is")
    assert "eats_memory.py, line" in sentence


@posix
def test_where_no_warden_measures_the_pool_does(
    tmp_path: Path, record: PluginRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(family, "HAS_PROC", False)
    # The warden is another process: a limit that it takes for none leaves the measuring to us.
    monkeypatch.setattr("aigc_studio.host.guard.Guard.words", property(_without_limit))
    pool = WorkerPool(tmp_path / "x", memory=LIMIT, silence=1.0)
    run, _events = ended(pool, record, "slow")
    assert "a plugin may use 256 MB" in there(run.error).sentence
    pool.close()


def _without_limit(guard: object) -> list[str]:
    return [str(vars(guard)["_far_end"]), "0"]


@linux
def test_the_kernel_takes_a_worker_before_the_window(
    small: WorkerPool, record: PluginRecord
) -> None:
    small.warm(record)
    until(lambda: small._idle)
    process = small._idle[0].process
    worker, warden = process.pid, process._process.pid
    score = [int(Path(f"/proc/{pid}/oom_score_adj").read_text()) for pid in (worker, warden)]
    own = int(Path("/proc/self/oom_score_adj").read_text())
    assert score == [500, own]


def test_another_limit_is_for_the_next_worker(small: WorkerPool, record: PluginRecord) -> None:
    small.warm(record)
    until(lambda: small._idle)
    former = small._idle[0].process
    small.limit_memory(2 << 30)
    assert former.wait(10)
    run, _events = ended(small, record, "none")
    assert run.state is RunState.DONE
    assert there(run._worker).process.guard.limit == 2 << 30


def test_a_worker_of_before_is_not_kept_for_another_run(
    small: WorkerPool, record: PluginRecord
) -> None:
    run = small.start(record, "generate", GenerateRequest(prompt="pause"))
    until(lambda: run.pid)
    small.limit_memory(2 << 30)
    assert run.wait(60)
    assert run.state is RunState.DONE
    process = there(run._worker).process
    assert (process.guard.limit, process.wait(10)) == (LIMIT, True)


@posix
def test_only_what_a_warden_says_is_heard() -> None:
    guard = Guard(LIMIT)
    for word in (b"worker", b"worker x", b"memory", b"memory x y", b"memory 5", b"\xff\xff", b""):
        os.write(guard._far_end, word + b"\n")
    os.write(guard._far_end, b"worker " + b"9" * 4000 + b"\n")
    os.write(guard._far_end, b"worker 12\nmemory 300 200\n")
    guard._hear()
    assert (guard._worker, guard.too_large) == (12, 300)
    guard.take(None)


# The limit


@pytest.mark.parametrize(
    ("words", "size"),
    [("8", 8 << 30), ("0.5", 512 * MB), ("512M", 512 * MB), ("8g", 8 << 30), ("1 GiB", 1 << 30),
     ("2GB", 2 << 30), ("1T", 1 << 40)],
)  # fmt: skip
def test_sizes_are_read(monkeypatch: pytest.MonkeyPatch, words: str, size: int) -> None:
    monkeypatch.setenv("AIGC_STUDIO_MEMORY", words)
    assert memory.usual_limit() == memory.usual_limit(77) == size


@pytest.mark.parametrize("words", ["much", "-1", "0", "8X", "1e9", "9" * 5000 + "Q"])
def test_what_is_no_size_is_a_sentence(monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    monkeypatch.setenv("AIGC_STUDIO_MEMORY", words)
    with pytest.raises(StudioError, match=r"AIGC_STUDIO_MEMORY is .* which is not a size"):
        memory.usual_limit()


def test_a_limit_that_is_no_size_fails_the_run_and_not_the_studio(
    tmp_path: Path, record: PluginRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIGC_STUDIO_MEMORY", "lots")
    pool = WorkerPool(tmp_path / "x")
    pool.warm()
    run, _events = ended(pool, record, "none")
    assert "which is not a size" in there(run.error).sentence
    assert there(run.error).mendable
    pool.close()


def test_nothing_said_is_most_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AIGC_STUDIO_MEMORY", raising=False)
    monkeypatch.setattr(memory, "whole", lambda: 10 << 30)
    assert memory.usual_limit() == 8 << 30
    assert memory.usual_limit(3) == 3 << 30
    monkeypatch.setattr(memory, "whole", lambda: 1 << 30)
    assert memory.usual_limit() == 2 << 30


@pytest.mark.parametrize(
    ("groups", "files", "limits"),
    [
        ("0::/a/b\n", {"a/memory.max": "5000\n", "a/b/memory.max": "max\n"}, [5000]),
        ("0::/\n", {"memory.max": "7000"}, [7000]),
        ("4:cpu:/x\n9:memory:/x/y\n", {"memory/x/memory.limit_in_bytes": "9000"}, [9000]),
        ("9:memory:/gone\n", {"memory/memory.limit_in_bytes": "4000"}, [4000]),
        ("nonsense", {}, []),
    ],
)
def test_a_container_says_how_much_there_is(
    tmp_path: Path, groups: str, files: dict[str, str], limits: list[int]
) -> None:
    (tmp_path / "proc/self").mkdir(parents=True)
    (tmp_path / "proc/self/cgroup").write_text(groups)
    for name, text in files.items():
        file = tmp_path / "sys/fs/cgroup" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    assert list(memory._container_limits(tmp_path)) == limits


def test_what_was_taken_never_looks_like_the_limit() -> None:
    limit = 1 << 30
    assert memory.told(limit) == "1 GB"
    assert memory.told(limit + MB, limit) == "1025 MB"
    assert memory.told(3 * limit + limit // 2, limit) == "3.5 GB"
    assert memory.told(300 * MB) == "300 MB"

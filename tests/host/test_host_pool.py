"""Which worker serves whom, and what is left when the pool is closed."""

import os
import sys
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from kinds import there

from aigc_studio.api import Event, GenerateRequest
from aigc_studio.host import Registry, RunState, WorkerPool, default_threads
from aigc_studio.host.reserve import Reserve


def until(condition: Callable[[], object], seconds: int = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_worker_can_be_warmed_before_it_is_needed(
    registry: Callable[..., Registry], pool: WorkerPool
) -> None:
    record = registry("echo").record("echo")
    pool.warm(record)
    until(lambda: pool._idle)
    (worker,) = pool._idle
    run = pool.start(record, "generate", GenerateRequest())
    assert run.pid == worker.process.pid  # it was asked at once, without a thread between
    assert run.wait(20)


def test_who_hears_of_the_end_finds_worker_and_folder_ready(
    registry: Callable[..., Registry], pool: WorkerPool
) -> None:
    record = registry("echo").record("echo")
    first = pool.start(record, "generate", GenerateRequest())
    assert first.wait(20)
    until(lambda: pool._workplaces._clean)
    ready: list[bool] = []
    run = pool.start(
        record,
        "generate",
        GenerateRequest(),
        on_end=lambda _run: ready.append(bool(pool._idle) and pool._workplaces._clean is not None),
    )
    assert run.wait(20)
    assert ready == [True]


def test_a_warm_worker_of_what_is_not_ready_is_left_alone(
    registry: Callable[..., Registry], pool: WorkerPool
) -> None:
    record = registry("echo").record("echo")
    assert pool.start(record, "generate", GenerateRequest()).wait(20)
    off = replace(record, state="disabled", reason="It is switched off.")
    run = pool.start(off, "generate", GenerateRequest())
    assert run.wait(20)
    assert there(run.error).sentence == "It is switched off."


def test_a_spare_has_torch_and_takes_the_plugin_that_comes(
    registry: Callable[..., Registry], pool: WorkerPool
) -> None:
    pool.warm()
    until(lambda: pool._spare.worker and pool._spare.worker.warmed)
    spare = there(pool._spare.worker)
    run = pool.start(registry("echo").record("echo"), "generate", GenerateRequest())
    assert run.wait(20)
    assert run.pid == spare.process.pid
    assert run.state is RunState.DONE


def test_a_reserve_that_is_given_up_starts_nothing_later() -> None:
    reserve = Reserve(Mock(), torch=False, delay=60.0)
    reserve.make_soon()
    timer = there(reserve._timer)
    reserve.give_up(for_good=True)
    timer.join(20)
    assert not timer.is_alive()
    reserve.make_soon()
    reserve.make()
    assert reserve._timer is timer
    assert reserve.worker is None


def test_only_as_many_idle_workers_are_kept_as_asked_for(
    registry: Callable[..., Registry], pool: WorkerPool
) -> None:
    found = registry("echo", "bad/prints_to_stdout")
    first = pool.start(found.record("echo"), "generate", GenerateRequest())
    assert first.wait(20)
    second = pool.start(found.record("prints-to-stdout"), "generate", GenerateRequest())
    assert second.wait(20)
    until(lambda: not there(first._worker).process.alive)
    assert [worker.process.pid for worker in pool._idle] == [second.pid]


def setter(it: threading.Event) -> Callable[[Event], None]:
    return lambda _event: it.set()


def test_two_requests_at_once_have_two_workers(
    registry: Callable[..., Registry], pool: WorkerPool
) -> None:
    found = registry("bad/sleeps_in_generate")
    record = found.record("sleeps-in-generate")
    begun = [threading.Event(), threading.Event()]
    runs = [pool.start(record, "generate", GenerateRequest(), on_event=setter(it)) for it in begun]
    assert all(it.wait(20) for it in begun)
    assert runs[0].pid != runs[1].pid
    pool.close(0.5)
    assert all(run.wait(10) for run in runs)
    assert not any(there(run._worker).process.alive for run in runs)
    assert {run.state for run in runs} == {RunState.STOPPED}


def test_a_start_after_the_end_is_a_failed_run(
    registry: Callable[..., Registry], pool: WorkerPool
) -> None:
    record = registry("echo").record("echo")
    pool.close()
    run = pool.start(record, "generate", GenerateRequest())
    assert run.wait(20)
    assert run.state is not RunState.DONE


def test_start_returns_at_once_and_events_come_on_another_thread(
    registry: Callable[..., Registry], pool: WorkerPool
) -> None:
    threads: list[threading.Thread | RunState] = []
    record = registry("echo").record("echo")
    run = pool.start(
        record,
        "generate",
        GenerateRequest(),
        on_event=lambda event: threads.append(threading.current_thread()),
        on_end=lambda run: threads.append(run.state),
    )
    assert run.state is RunState.STARTING
    assert run.wait(20)
    assert threads[0] is not threading.main_thread()
    assert threads[-1] is RunState.DONE


def test_a_slow_listener_does_not_look_like_a_silent_worker(
    registry: Callable[..., Registry], tmp_path: Path
) -> None:
    pool = WorkerPool(tmp_path / "x", silence=1.2)
    record = registry("echo").record("echo")
    run = pool.start(
        record, "generate", GenerateRequest(), on_event=lambda event: time.sleep(2.5)
    )  # fmt: skip
    assert run.wait(20)
    assert run.state is RunState.DONE
    pool.close()


def test_a_record_that_is_not_ready_fails_with_its_reason(
    registry: Callable[..., Registry], pool: WorkerPool
) -> None:
    (record,) = (
        each for each in registry("bad/raises_on_import").records if each.state == "failed"
    )
    run = pool.start(record, "generate", GenerateRequest())
    assert run.wait(20)
    assert "ModuleNotFoundError" in there(run.error).sentence


def test_the_folder_of_the_request_stays_and_the_pools_own_files_go(
    registry: Callable[..., Registry], tmp_path: Path
) -> None:
    folder = tmp_path / "f"
    folder.mkdir()
    (folder / "mine.txt").touch()
    pool = WorkerPool(folder)
    record = registry("echo").record("echo")
    run = pool.start(record, "generate", GenerateRequest(folder=folder))
    assert run.wait(20)
    pool.close()
    until(lambda: [path.name for path in folder.iterdir()] == ["mine.txt"])


def test_the_window_keeps_a_core(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 8)
    assert default_threads() == 7
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    assert default_threads() == 1


def test_workers_may_start_while_the_logs_of_others_are_looked_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from aigc_studio.host import process

    class Started:
        pass

    monkeypatch.setattr(process, "_processes", weakref.WeakSet())
    kept: list[Any] = [Started() for _number in range(4 * 2000)]
    every = sys.getswitchinterval()

    def start(mine: list[Any]) -> None:
        for each in mine:
            process._enlist(each)

    starting = [threading.Thread(target=start, args=(kept[part::4],)) for part in range(4)]
    sys.setswitchinterval(1e-6)
    try:
        for thread in starting:
            thread.start()
        while any(thread.is_alive() for thread in starting):
            process._enlisted()
    finally:
        sys.setswitchinterval(every)
        for thread in starting:
            thread.join()
    assert set(process._enlisted()) == set(kept)


def test_old_logs_make_room(registry: Callable[..., Registry], pool: WorkerPool) -> None:
    from aigc_studio import folders
    from aigc_studio.host import process

    folder = folders.log_folder()
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(process.LOGS_KEPT + 5):
        (folder / f"worker-0-{number}.log").touch()
    run = pool.start(registry("echo").record("echo"), "generate", GenerateRequest())
    assert run.wait(20)
    assert len(list(folder.glob("worker-*.log"))) <= process.LOGS_KEPT


def test_logs_of_another_window_stay(home: Path) -> None:
    """A training of hours writes to a log that is older than all others."""
    from aigc_studio import folders
    from aigc_studio.host import process

    folder = folders.log_folder()
    folder.mkdir(parents=True)
    theirs, gone = folder / f"worker-{os.getppid()}-1.log", folder / "worker-4194305-1.log"
    for path in (theirs, gone):
        path.touch()
        os.utime(path, (1, 1))
    for _number in range(process.LOGS_KEPT + 1):
        process._new_log()
    assert theirs.exists()
    assert not gone.exists()


def test_the_log_of_a_worker_at_work_stays_when_the_clock_is_set(
    registry: Callable[..., Registry], pool: WorkerPool
) -> None:
    from aigc_studio import folders
    from aigc_studio.host import process

    folder = folders.log_folder()
    folder.mkdir(parents=True, exist_ok=True)
    later = time.time() + 10**8
    for number in range(process.LOGS_KEPT):  # before the clock was set back
        path = folder / f"worker-4194305-{number}.log"
        path.touch()
        os.utime(path, (later, later))
    run = pool.start(registry("echo").record("echo"), "generate", GenerateRequest())
    assert run.wait(20)
    worker = there(run._worker)  # warm, and waiting for more
    for _number in range(process.LOGS_KEPT + 1):
        newest = process._new_log()
    assert worker.process.log.exists()
    assert newest.exists()
    process._new_log()
    assert newest.exists()


@pytest.mark.parametrize("count", [64])
def test_overhead_of_a_warm_request_is_small(
    registry: Callable[..., Registry], pool: WorkerPool, count: int
) -> None:
    record = registry("echo").record("echo")
    times = []
    for _attempt in range(8):
        began = time.perf_counter()
        list(pool.start(record, "generate", GenerateRequest(count=count)).events())
        times.append(time.perf_counter() - began)
    assert min(times) < 0.1  # about 0.015 s on a quiet machine, of which files are the most

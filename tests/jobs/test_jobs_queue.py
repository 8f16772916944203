"""The queue with a pool that the test drives by hand, from another thread as the host does."""

import errno
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Never

import pytest
from kinds import there
from pytestqt.qtbot import QtBot

from aigc_studio.api import (
    Annotation,
    Checkpoint,
    Description,
    Event,
    Metric,
    Partial,
    Progress,
    Span,
    StudioError,
    Text,
)
from aigc_studio.api import Candidate as ApiCandidate
from aigc_studio.host import PluginRecord, PluginSource, WorkerPool
from aigc_studio.host import Run as HostRun
from aigc_studio.host.run import RunState
from aigc_studio.host.run_errors import RunError
from aigc_studio.jobs import Job, JobError, JobQueue, JobState
from aigc_studio.library import ModelInfo, ModelStore
from aigc_studio.library import Training as LibraryTraining
from aigc_studio.library.training_documents import State


class Run(HostRun):
    """A run without a worker: the test says what comes, from another thread."""

    request: Any
    cold = False
    importing = False

    def __init__(
        self,
        record: PluginRecord,
        verb: str,
        request: Any,
        on_event: Callable[[Event], None],
        on_end: Callable[[HostRun], None] | None,
        fresh: bool,
    ) -> None:
        super().__init__(record, verb, request, on_event, on_end)
        self.on_event = on_event
        self.fresh = fresh
        self.wishes: list[str] = []
        self.answers_cancel = True

    def _in_thread(self, function: Callable[..., None], *values: Any) -> None:
        thread = threading.Thread(target=function, args=values)
        thread.start()
        thread.join()

    def tell(self, event: Event) -> None:
        self._in_thread(self.on_event, event)

    def close(self, state: RunState = RunState.DONE, error: RunError | None = None) -> None:
        self._in_thread(self.finish, state, error)

    def pause(self) -> None:
        self.wishes.append("pause")

    def resume(self) -> None:
        self.wishes.append("resume")

    def stop(self, *, promptly: bool = False) -> None:
        self.wishes.append("stop")

    def cancel(self) -> None:
        self.wishes.append("cancel")
        if self.answers_cancel:
            self.close(RunState.CANCELLED)


class Pool(WorkerPool):
    """A pool without workers, whose requests may be anything."""

    def __init__(self) -> None:
        super().__init__(Path("nothing crosses here"), threads=1)
        self.runs: list[Run] = []

    def start(
        self,
        record: PluginRecord,
        verb: str,
        request: Any,
        *,
        on_event: Callable[[Event], None] | None = None,
        on_end: Callable[[HostRun], None] | None = None,
        fresh: bool = False,
        processes: int = 1,
    ) -> Run:
        if request == "bad":
            raise StudioError("the request is bad")
        assert on_event is not None
        run = Run(record, verb, request, on_event, on_end, fresh)
        self.runs.append(run)
        return run


def record_of(name: str = "echo") -> PluginRecord:
    about = Description(id=name, title="Echo", medium="text", verbs=("generate",))
    return PluginRecord(PluginSource("file", name), "ready", about)


def error_of(job: Job) -> JobError:
    assert job.error is not None
    return job.error


@pytest.fixture
def pool() -> Pool:
    return Pool()


@pytest.fixture
def queue(qtbot: QtBot, pool: Pool) -> Iterator[JobQueue]:
    queue = JobQueue(lambda: pool)
    yield queue
    queue.close()


def candidate(text: str = "a") -> ApiCandidate:
    return ApiCandidate(Text(text))


def started(qtbot: QtBot, pool: Pool, number: int) -> Run:
    qtbot.waitUntil(lambda: len(pool.runs) >= number)
    return pool.runs[number - 1]


def test_events_reach_the_job_on_the_ui_thread_in_order(
    qtbot: QtBot, queue: JobQueue, pool: Pool
) -> None:
    seen: list[Any] = []
    job = queue.submit(record_of(), "generate", "request", "Echo")
    main = threading.get_ident()
    job.progress_changed.connect(lambda e: seen.append((e.step, threading.get_ident() == main)))
    job.candidate_received.connect(lambda e: seen.append(e.artifact.value))
    run = started(qtbot, pool, 1)
    run.tell(Progress(1, 2))
    run.tell(candidate("a"))
    run.tell(Progress(2, 2))
    assert seen == []  # nothing is delivered on the reader thread
    run.close()
    qtbot.waitUntil(lambda: job.state is JobState.DONE)
    assert seen == ["a", (2, True)]  # how far it was is no news any more


def test_of_what_grows_the_newest_counts_and_what_matters_is_never_overtaken(
    qtbot: QtBot, queue: JobQueue, pool: Pool
) -> None:
    seen: list[Any] = []
    job = queue.submit(record_of(), "generate", "request", "Echo")
    job.partial_received.connect(lambda e: seen.append((e.number, e.artifact.value)))
    job.candidate_received.connect(lambda e: seen.append((job.number, e.artifact.value)))
    run = started(qtbot, pool, 1)
    for n in range(1000):  # while this thread is busy
        run.tell(Partial(Text(f"a{n}"), 0))
        run.tell(Partial(Text(f"b{n}"), 1))
    run.tell(candidate("A"))
    run.tell(Partial(Text("too late"), 0))
    run.tell(Partial(Text("c"), 4))
    run.close()
    qtbot.waitUntil(lambda: job.state is JobState.DONE)
    assert seen == [(0, "a999"), (1, "b999"), (0, "A"), (4, "c")]
    assert {n: str(each.artifact) for n, each in job.growing.items()} == {1: "b999", 4: "c"}


def test_the_frames_of_a_strip_are_one_result_that_grew(
    qtbot: QtBot, queue: JobQueue, pool: Pool
) -> None:
    job = queue.submit(record_of(), "generate", "request", "Echo")
    numbers: list[int] = []
    job.candidate_received.connect(lambda _e: numbers.append(job.number))
    run = started(qtbot, pool, 1)
    run.tell(Partial(Text("a"), 0))
    for position in range(3):
        run.tell(ApiCandidate(Text(str(position)), strip="s", position=position))
    run.tell(candidate("next"))
    run.close()
    qtbot.waitUntil(lambda: job.state is JobState.DONE)
    assert numbers == [0, 0, 0, 1]
    assert not job.growing


def test_one_at_a_time_for_a_generator_and_others_beside_it(
    qtbot: QtBot, queue: JobQueue, pool: Pool
) -> None:
    first = queue.submit(record_of(), "generate", 1, "first")
    second = queue.submit(record_of(), "generate", 2, "second")
    other = queue.submit(record_of("other"), "generate", 3, "other")
    qtbot.waitUntil(lambda: first.run is not None and other.run is not None)
    assert second.state is JobState.QUEUED
    assert sorted(run.request for run in pool.runs) == [1, 3]
    next(run for run in pool.runs if run.request == 1).close()
    qtbot.waitUntil(lambda: second.run is not None)
    assert first.state is JobState.DONE


def test_a_queued_job_that_is_cancelled_never_starts(
    qtbot: QtBot, queue: JobQueue, pool: Pool
) -> None:
    queue.submit(record_of(), "generate", 1, "first")
    second = queue.submit(record_of(), "generate", 2, "second")
    third = queue.submit(record_of(), "generate", 3, "third")
    run = started(qtbot, pool, 1)
    second.cancel()
    assert second.state is JobState.CANCELLED
    run.close()
    qtbot.waitUntil(lambda: third.run is not None)
    assert [run.request for run in pool.runs] == [1, 3]


def test_cancel_ends_the_job_within_a_second_though_nobody_answers(
    qtbot: QtBot, queue: JobQueue, pool: Pool
) -> None:
    job = queue.submit(record_of(), "generate", 1, "hangs")
    run = started(qtbot, pool, 1)
    run.answers_cancel = False
    qtbot.waitUntil(lambda: job.run is not None)
    following = queue.submit(record_of(), "generate", 2, "following")
    before = time.monotonic()
    job.cancel()
    qtbot.waitUntil(lambda: job.state is JobState.CANCELLED, timeout=3000)
    assert time.monotonic() - before < 2
    qtbot.waitUntil(lambda: following.run is not None)
    run.tell(candidate())  # a late word changes nothing
    run.close(RunState.FAILED)
    qtbot.wait(20)
    assert job.state is JobState.CANCELLED


def test_cancel_before_the_worker_was_asked_reaches_it(
    qtbot: QtBot, queue: JobQueue, pool: Pool
) -> None:
    gate = threading.Event()

    def prepare() -> str:
        gate.wait(5)
        return "request"

    job = queue.submit(record_of(), "generate", prepare, "slow")
    job.cancel()
    gate.set()
    run = started(qtbot, pool, 1)
    qtbot.waitUntil(lambda: job.state is JobState.CANCELLED)
    assert run.wishes == ["cancel"]


def test_a_flood_after_cancelling_is_neither_kept_nor_told(
    qtbot: QtBot, queue: JobQueue, pool: Pool
) -> None:
    kept: list[ApiCandidate] = []
    heard: list[Any] = []
    job = queue.submit(record_of(), "generate", 1, "floods", kept.append)
    job.candidate_received.connect(heard.append)
    run = started(qtbot, pool, 1)
    run.answers_cancel = False
    run.tell(candidate())
    qtbot.waitUntil(lambda: bool(heard))
    run.tell(candidate())  # on its way when the person cancels
    job.cancel()
    for _number in range(200):
        run.tell(candidate())
    qtbot.waitUntil(lambda: job.state is JobState.CANCELLED, timeout=3000)
    assert (len(kept), len(heard)) == (2, 1)


def test_a_candidate_is_kept_before_it_is_told(qtbot: QtBot, queue: JobQueue, pool: Pool) -> None:
    order: list[str] = []

    def keep(candidate: ApiCandidate) -> str:
        order.append("kept")
        assert isinstance(candidate.artifact, Text)
        return candidate.artifact.value

    job = queue.submit(record_of(), "generate", 1, "kept", keep=keep)
    job.candidate_received.connect(lambda value: order.append(value))
    started(qtbot, pool, 1).tell(candidate("poem"))
    qtbot.waitUntil(lambda: len(order) == 2)
    assert order == ["kept", "poem"]


def test_a_candidate_that_cannot_be_kept_fails_the_job_with_a_sentence(
    qtbot: QtBot, queue: JobQueue, pool: Pool
) -> None:
    def keep(_: ApiCandidate) -> Never:
        raise OSError("no space")

    job = queue.submit(record_of(), "generate", 1, "full", keep=keep)
    run = started(qtbot, pool, 1)
    qtbot.waitUntil(lambda: job.run is run)
    run.tell(candidate())
    qtbot.waitUntil(lambda: job.state is JobState.FAILED)
    assert "no space" in error_of(job).sentence
    assert run.wishes == ["cancel"]  # nobody listens to it any more


@pytest.mark.parametrize(
    ("error", "said", "not_said"),
    [
        (
            ValueError("not a version: 2"),
            "could not be kept: ValueError: not a version: 2",
            "space",
        ),
        (StudioError("The model is gone."), "The model is gone.", "space"),
        (OSError(errno.ENOSPC, "No space left"), "No space left. Free up some space", "kept"),
        (OSError(errno.EACCES, "Permission denied"), "written to disk: Permission denied", "space"),
    ],
    ids=["value", "sentence", "full", "closed"],
)
def test_why_a_result_was_not_kept_is_said_as_it_is(
    qtbot: QtBot, queue: JobQueue, pool: Pool, error: Exception, said: str, not_said: str
) -> None:
    def keep(_: ApiCandidate) -> Never:
        raise error

    job = queue.submit(record_of(), "generate", 1, "odd", keep=keep)
    run = started(qtbot, pool, 1)
    qtbot.waitUntil(lambda: job.run is run)
    run.tell(candidate())
    qtbot.waitUntil(lambda: job.state is JobState.FAILED)
    assert said in error_of(job).sentence
    assert not_said not in error_of(job).sentence
    assert isinstance(error, OSError | StudioError) or job.record.title in error_of(job).sentence


def test_what_prepare_and_start_raise_is_the_jobs_error(
    qtbot: QtBot, queue: JobQueue, pool: Pool
) -> None:
    def prepare() -> Never:
        raise StudioError("select a part first")

    job = queue.submit(record_of(), "edit", prepare, "edit")
    bad = queue.submit(record_of(), "edit", "bad", "bad")
    qtbot.waitUntil(lambda: bad.state is JobState.FAILED)
    assert error_of(job).sentence == "select a part first"
    assert error_of(bad).sentence == "the request is bad"


def test_errors_of_a_run_keep_their_fields(qtbot: QtBot, queue: JobQueue, pool: Pool) -> None:
    job = queue.submit(record_of(), "generate", 1, "wrong")
    error = RunError("two fields", details="tb", errors={"size": "too big"})
    started(qtbot, pool, 1).close(RunState.FAILED, error)
    qtbot.waitUntil(lambda: job.state is JobState.FAILED)
    assert error_of(job).by_field == {"size": "too big"}


def test_the_newest_preview_wins_and_the_running_one_is_shown(
    qtbot: QtBot, queue: JobQueue, pool: Pool
) -> None:
    shown: list[str] = []
    queue.preview_ready.connect(lambda event: shown.append(event.artifact.value))
    for value in range(6):
        queue.preview(record_of(), "generate", value)
    run = started(qtbot, pool, 1)
    assert run.request == 0
    run.tell(candidate("first"))
    run.close()
    newest = started(qtbot, pool, 2)
    assert newest.request == 5
    newest.tell(candidate("newest"))
    newest.close()
    qtbot.waitUntil(lambda: len(shown) == 2)
    qtbot.wait(20)
    assert shown == ["first", "newest"]
    assert len(pool.runs) == 2


def test_the_newest_look_begins_before_the_window_has_heard_of_the_end(
    qtbot: QtBot, queue: JobQueue, pool: Pool
) -> None:
    first = there(queue.preview(record_of(), "generate", 0))
    run = started(qtbot, pool, 1)
    queue.preview(record_of(), "generate", 1)
    newest = there(queue.preview(record_of(), "generate", 2))
    run.close()  # in a thread: no event loop turns meanwhile
    assert [run.request for run in pool.runs] == [0, 2]
    assert first.state is JobState.STARTING
    qtbot.waitUntil(lambda: newest.run is not None)
    assert newest.state is JobState.STARTING
    job = queue.submit(record_of(), "generate", "job", "job")
    assert pool.runs[1].wishes == ["stop"]  # it is the one under way
    pool.runs[1].close(RunState.STOPPED)
    assert started(qtbot, pool, 3).request == "job"
    assert job.state is JobState.STARTING


def test_a_look_that_has_just_begun_by_itself_gives_way(
    qtbot: QtBot, queue: JobQueue, pool: Pool
) -> None:
    queue.preview(record_of(), "generate", 0)
    run = started(qtbot, pool, 1)
    following = there(queue.preview(record_of(), "generate", 1))
    run.close()
    queue.submit(record_of(), "generate", "job", "job")  # before its `begin` was heard
    assert not following.state.ended
    qtbot.waitUntil(lambda: pool.runs[1].wishes == ["stop"])
    pool.runs[1].close(RunState.STOPPED)
    assert started(qtbot, pool, 3).request == "job"


def test_a_job_waits_for_the_preview_and_drops_the_waiting_one(
    qtbot: QtBot, queue: JobQueue, pool: Pool
) -> None:
    queue.preview(record_of(), "generate", "look")
    queue.preview(record_of(), "generate", "later look")
    job = queue.submit(record_of(), "generate", "job", "job")
    run = started(qtbot, pool, 1)
    assert job.state is JobState.QUEUED
    run.close()
    qtbot.waitUntil(lambda: job.run is not None)
    assert [run.request for run in pool.runs] == ["look", "job"]


def test_a_preview_gives_way_to_a_job_without_losing_its_worker(
    qtbot: QtBot, queue: JobQueue, pool: Pool
) -> None:
    queue.preview(record_of(), "generate", "look")
    run = started(qtbot, pool, 1)
    qtbot.waitUntil(lambda: queue._previews._running["echo"].run is not None)
    queue.submit(record_of(), "generate", "job", "job")
    assert run.wishes == ["stop"]
    run.close(RunState.STOPPED)
    assert started(qtbot, pool, 2).request == "job"


def test_a_preview_that_hangs_does_not_hold_up_a_job(
    qtbot: QtBot, queue: JobQueue, pool: Pool
) -> None:
    queue.preview(record_of(), "generate", "look")
    started(qtbot, pool, 1)
    job = queue.submit(record_of(), "generate", "job", "job")
    qtbot.waitUntil(lambda: job.run is not None, timeout=8000)
    assert pool.runs[0].wishes[-1] == "cancel"


def test_a_preview_whose_worker_still_loads_is_waited_for(
    qtbot: QtBot, queue: JobQueue, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aigc_studio.jobs.previews.PATIENCE_MS", 20)
    monkeypatch.setattr("aigc_studio.jobs.previews.COLD_TIMES", 1_000_000)
    look = there(queue.preview(record_of(), "generate", "look"))
    run = started(qtbot, pool, 1)
    qtbot.waitUntil(lambda: look.run is not None)
    run.cold = True
    queue.submit(record_of(), "generate", "job", "job")
    qtbot.wait(200)
    assert run.wishes == ["stop"]  # another worker would have to load the same
    run.cold = False
    qtbot.waitUntil(lambda: run.wishes[-1] == "cancel")


def test_a_preview_never_kills_a_worker_that_imports(
    qtbot: QtBot, queue: JobQueue, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aigc_studio.jobs.previews.PATIENCE_MS", 20)
    monkeypatch.setattr("aigc_studio.jobs.previews.COLD_TIMES", 2)
    look = there(queue.preview(record_of(), "generate", "look"))
    run = started(qtbot, pool, 1)
    qtbot.waitUntil(lambda: look.run is not None)
    run.cold = run.importing = True
    queue.preview(record_of(), "generate", "newer")
    job = queue.submit(record_of(), "generate", "job", "job")
    qtbot.wait(200)
    assert set(run.wishes) == {"stop"}
    run.close(RunState.STOPPED)
    assert started(qtbot, pool, 2).request == "job"
    assert job.state is JobState.STARTING


def test_a_preview_that_imports_for_ever_is_given_up(
    qtbot: QtBot, queue: JobQueue, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aigc_studio.jobs.previews.PATIENCE_MS", 5)
    monkeypatch.setattr("aigc_studio.jobs.previews.IMPORT_TIMES", 4)
    look = there(queue.preview(record_of(), "generate", "look"))
    run = started(qtbot, pool, 1)
    qtbot.waitUntil(lambda: look.run is not None)
    run.importing = True
    job = queue.submit(record_of(), "generate", "job", "job")
    qtbot.waitUntil(lambda: job.run is not None)
    assert run.wishes[-1] == "cancel"


def test_of_a_private_preview_only_its_job_tells(qtbot: QtBot, queue: JobQueue, pool: Pool) -> None:
    told: list[Any] = []
    queue.preview_ready.connect(told.append)
    queue.preview_failed.connect(told.append)
    look = there(queue.preview(record_of(), "generate", "look", private=True))
    own: list[Any] = []
    look.candidate_received.connect(own.append)
    ends: list[Any] = []
    look.finished.connect(lambda: ends.append(error_of(look).sentence))
    run = started(qtbot, pool, 1)
    run.tell(candidate("a"))
    run.close(RunState.FAILED, RunError("It broke."))
    qtbot.waitUntil(lambda: ends == ["It broke."])
    assert [each.artifact for each in own] == [Text("a")]
    assert told == []


def test_a_preview_that_is_dropped_ends(qtbot: QtBot, queue: JobQueue, pool: Pool) -> None:
    queue.preview(record_of(), "generate", "first")
    waiting = there(queue.preview(record_of(), "generate", "second"))
    ends: list[JobState] = []
    waiting.finished.connect(lambda: ends.append(waiting.state))
    queue.preview(record_of(), "generate", "third")
    assert ends == [JobState.CANCELLED]


def test_a_preview_that_was_stopped_while_it_waited_is_in_nobodys_way(
    qtbot: QtBot, queue: JobQueue, pool: Pool
) -> None:
    queue.preview(record_of(), "generate", "first")
    run = started(qtbot, pool, 1)
    waiting = there(queue.preview(record_of(), "generate", "second", private=True))
    with qtbot.waitSignal(waiting.destroyed):
        waiting.stop()  # whoever asked for it does not want it any more
    run.close()
    job = queue.submit(record_of(), "generate", "job", "job")
    qtbot.waitUntil(lambda: job.run is not None)
    assert [run.request for run in pool.runs] == ["first", "job"]


def test_pause_and_resume_reach_the_run(qtbot: QtBot, queue: JobQueue, pool: Pool) -> None:
    job = queue.submit(record_of(), "generate", 1, "long")
    run = started(qtbot, pool, 1)
    run.tell(Metric("loss", 0.5, 1))
    qtbot.waitUntil(lambda: job.state is JobState.RUNNING)
    job.pause()
    states = [job.state]
    job.resume()
    assert [*states, job.state] == [JobState.PAUSED, JobState.RUNNING]
    assert run.wishes == ["pause", "resume"]
    assert [metric.value for metric in job.metrics] == [0.5]


def test_a_flood_of_events_never_holds_the_event_loop(
    qtbot: QtBot, queue: JobQueue, pool: Pool
) -> None:
    job = queue.submit(record_of(), "generate", 1, "flood")
    run = started(qtbot, pool, 1)
    job.progress_changed.connect(lambda _: time.sleep(0.001))
    for step in range(300):
        run.on_event(Progress(step, 300))
    longest = 0.0
    last = time.monotonic()
    while job.progress is None or job.progress.step < 299:
        qtbot.wait(1)
        now = time.monotonic()
        longest, last = max(longest, now - last), now
    assert longest < 0.2  # all at once would be 0.3 s and more


class Training(LibraryTraining):
    """A training without a folder that notes what is done with it."""

    def __init__(self, best: Checkpoint | None = None) -> None:
        self.noted: list[Checkpoint] = []
        self.states: list[State] = []
        self.published: list[str | None] = []
        self.discarded = False
        self._best = best

    def request(self, *, device: str = "cpu", threads: int = 1, language: str = "en") -> Any:
        return "train"

    def note(self, state: State, error: str = "", *, hold: bool = False) -> None:
        self.states.append(state)

    def note_checkpoint(self, event: Checkpoint) -> None:
        self.noted.append(event)
        self._best = event

    @property
    def can_go_on(self) -> bool:
        return self.best() is not None

    def best(self) -> Checkpoint | None:
        return self._best

    def publish(
        self,
        models: ModelStore,
        name: str | Callable[[Checkpoint], str] | None = None,
        *,
        newest: bool = False,
    ) -> ModelInfo:
        assert not self.discarded
        name = name(there(self._best)) if callable(name) else name
        self.published.append(name)
        return ModelInfo(name or "", "echo", models.folder, {}, False, "", 0)

    def release(self) -> None:
        pass

    def discard(self) -> None:
        self.discarded = True


def checkpoint(tmp_path: Path) -> Checkpoint:
    return Checkpoint(tmp_path, 3, best=True)


@pytest.mark.parametrize("end", [RunState.DONE, RunState.STOPPED])
def test_a_training_that_ends_well_becomes_a_model(
    qtbot: QtBot, queue: JobQueue, pool: Pool, tmp_path: Path, end: RunState
) -> None:
    training = Training()
    job = queue.train(record_of(), training, ModelStore(tmp_path), "mine", "Train")
    models: list[ModelInfo] = []
    job.published.connect(models.append)
    run = started(qtbot, pool, 1)
    assert run.fresh
    run.tell(checkpoint(tmp_path))
    assert len(training.noted) == 1
    run.close(end)
    qtbot.waitUntil(lambda: bool(models))
    assert training.published == ["mine"]
    assert training.states == [end.value]
    assert training.discarded  # after it was published: nothing is left lying about


def test_a_cancelled_training_leaves_nothing(
    qtbot: QtBot, queue: JobQueue, pool: Pool, tmp_path: Path
) -> None:
    training = Training(best=checkpoint(tmp_path))
    job = queue.train(record_of(), training, ModelStore(tmp_path), "mine", "Train")
    qtbot.waitUntil(lambda: job.run is not None)
    job.cancel()
    qtbot.waitUntil(lambda: training.discarded)
    assert training.published == []


def test_a_failed_training_with_a_checkpoint_can_be_resumed(
    qtbot: QtBot, queue: JobQueue, pool: Pool, tmp_path: Path
) -> None:
    training = Training(best=checkpoint(tmp_path))
    job = queue.train(record_of(), training, ModelStore(tmp_path), "mine", "Train")
    started(qtbot, pool, 1).close(RunState.FAILED)
    with qtbot.waitSignal(job.settled):
        qtbot.waitUntil(lambda: job.state is JobState.FAILED)
    assert training.states == ["failed"]
    assert not training.discarded
    assert training.published == []


def test_a_training_left_for_later_is_neither_published_nor_discarded(
    qtbot: QtBot, queue: JobQueue, pool: Pool, tmp_path: Path
) -> None:
    training = Training(best=checkpoint(tmp_path))
    job = queue.train(record_of(), training, ModelStore(tmp_path), "mine", "Train")
    run = started(qtbot, pool, 1)
    qtbot.waitUntil(lambda: job.run is not None)
    job.leave_for_later()
    run.close(RunState.STOPPED)
    qtbot.waitUntil(lambda: job.state is JobState.STOPPED and bool(training.states))
    assert training.states == ["paused"]
    assert not training.discarded
    assert training.published == []


def test_annotations_come_many_at_a_time_and_before_the_end(
    qtbot: QtBot, queue: JobQueue, pool: Pool
) -> None:
    job = queue.submit(record_of(), "evaluate", "request", "Echo", keep=lambda each: each.value)
    seen: list[list[float]] = []
    states: list[JobState] = []
    job.annotations_received.connect(seen.append)
    job.annotations_received.connect(lambda _some: states.append(job.state))
    run = started(qtbot, pool, 1)
    qtbot.waitUntil(lambda: job.run is not None)
    values = [n / 20_000 for n in range(20_000)]

    def flood() -> None:
        for value in values:
            run.on_event(Annotation(Span(0, 1), value))
        run.finish(RunState.DONE)

    run._in_thread(flood)
    qtbot.waitUntil(lambda: job.state is JobState.DONE)
    assert [value for some in seen for value in some] == values
    assert len(seen) <= 5
    assert JobState.DONE not in states


def test_of_how_far_it_is_only_the_newest_is_told(
    qtbot: QtBot, queue: JobQueue, pool: Pool
) -> None:
    job = queue.submit(record_of(), "generate", "request", "Echo")
    seen: list[Any] = []
    job.progress_changed.connect(lambda e: seen.append(e.step))
    job.candidate_received.connect(lambda e: seen.append(e.artifact.value))
    run = started(qtbot, pool, 1)
    for step in range(16):  # while this thread is busy
        run.tell(Progress(step, 16))
        run.tell(candidate(str(step)))
    run.tell(Progress(16, 16))
    run.close()
    qtbot.waitUntil(lambda: job.state is JobState.DONE)
    assert seen == [*map(str, range(16)), 16]
    assert there(job.progress).step == 16

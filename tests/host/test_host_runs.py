"""What a run promises, whatever its plugin does: results, refusals, cancel, pause, crashes."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any, Never

import pytest
from kinds import a_melody, a_text, there
from nursery import forked_instead
from thread_workers import thread_workers

from aigc_studio.api import (
    Annotation,
    Bars,
    Candidate,
    Checkpoint,
    Dataset,
    EditRequest,
    EvaluateRequest,
    Event,
    GenerateRequest,
    Melody,
    Metric,
    Note,
    Partial,
    Span,
    StudioError,
    Text,
    TrainRequest,
)
from aigc_studio.api.requests import Request
from aigc_studio.host import PluginRecord, Registry, Run, RunError, RunState, WorkerPool
from aigc_studio.testing import draw
from aigc_studio.wire.places import place_in_log

posix = pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every promise that a thread can keep is asked of threads and of a process that is forked, all
    others of one that is started."""
    alone = metafunc.definition.get_closest_marker("processes")
    kinds = ["processes"] if alone else ["forked", "threads"]
    metafunc.parametrize("workers", kinds, indirect=True)


@pytest.fixture(autouse=True)
def workers(request: pytest.FixtureRequest) -> Iterator[None]:
    kinds: dict[str, Callable[[], AbstractContextManager[None]]] = {
        "threads": thread_workers,
        "forked": forked_instead,
        "processes": nullcontext,
    }
    with kinds[request.param]():
        yield


def outcome(run: Run) -> Run:
    assert run.wait(60)
    return run


def failure(
    pool: WorkerPool,
    record: PluginRecord,
    verb: str = "generate",
    request: Request | None = None,
) -> RunError:
    run = outcome(pool.start(record, verb, request or GenerateRequest()))
    assert run.state is RunState.FAILED
    return there(run.error)


def started(
    pool: WorkerPool,
    record: PluginRecord,
    request: Request | None = None,
    verb: str = "generate",
) -> Run:
    """A run whose first event has come."""
    events: list[Event] = []
    run = pool.start(record, verb, request or GenerateRequest(), on_event=events.append)
    until(lambda: events)
    return run


def until(condition: Callable[[], object], seconds: int = 40) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def made(run: Run) -> list[Candidate]:
    events = [event for event in run.events() if not isinstance(event, Partial)]
    candidates = [event for event in events if isinstance(event, Candidate)]
    assert len(candidates) == len(events)
    return candidates


def texts(run: Run) -> list[str]:
    return [a_text(each.artifact).value for each in made(run)]


def test_echo_makes_what_it_was_asked_for_and_seeds_are_filled_in(
    registry: Callable[..., Registry], pool: WorkerPool
) -> None:
    record = registry("echo").record("echo")
    run = pool.start(record, "generate", GenerateRequest(prompt="你好", seed=7, count=3))
    found = made(run)
    assert [event.artifact for event in found] == [Text(f"你好 {n}") for n in (7, 8, 9)]
    assert [event.seed for event in found] == [7, 8, 9]
    assert run.state is RunState.DONE
    assert run.error is None


def test_the_warm_worker_serves_the_next_request_and_leaves_no_files(
    registry: Callable[..., Registry], tmp_path: Path, pool: WorkerPool
) -> None:
    record = registry("echo").record("echo")
    runs = [outcome(pool.start(record, "generate", GenerateRequest())) for _ in range(3)]
    assert len({run.pid for run in runs}) == 1
    # Nothing was left in their folder, so one served all three, and waits for the next.
    # (`os.walk` goes on where a folder goes away under it.)
    until(lambda: [name for *_, names in os.walk(tmp_path / "交换") for name in names] == ["lock"])
    fresh = outcome(pool.start(record, "generate", GenerateRequest(), fresh=True))
    assert fresh.pid != runs[0].pid


def test_a_plugin_whose_code_changed_gets_a_new_worker(
    registry: Callable[..., Registry], plugin_home: Callable[..., Path], pool: WorkerPool
) -> None:
    found = registry("echo")
    first = outcome(pool.start(found.record("echo"), "generate", GenerateRequest(prompt="a")))
    file = plugin_home() / "echo.py"
    file.write_text(file.read_text("utf-8").replace("{request.prompt}", "new"), "utf-8")
    found.refresh()
    second = pool.start(found.record("echo"), "generate", GenerateRequest(prompt="a"))
    assert texts(second) == ["new 0"]
    assert second.pid != first.pid


def test_all_that_is_wrong_with_a_request_is_said_at_once(
    registry: Callable[..., Registry], pool: WorkerPool
) -> None:
    record = registry("spans").record("spans")
    parameters = {"length": -3, "temperature": "hot", "ending": "never", "colour": 1}
    request = GenerateRequest(count=-3, seed=-1, parameters=parameters)
    error = failure(pool, record, request=request)
    assert error.mendable
    assert set(error.errors) == {
        "count", "seed", "model", "length", "temperature", "ending", "colour"
    }  # fmt: skip
    assert error.errors["length"] == "Length must be a whole number from 1 to 4000, not -3."
    assert error.errors["ending"] == "Ends must be one of length, sentence, not never."
    assert "length, temperature" in error.errors["colour"]
    with pytest.raises(StudioError, match="at least 1, not -3"):
        list(pool.start(record, "generate", request).events())


def test_sentences_come_in_the_language_of_the_request(
    registry: Callable[..., Registry], pool: WorkerPool
) -> None:
    record = registry("spans").record("spans")
    error = failure(
        pool, record, request=GenerateRequest(language="zh_CN", parameters={"length": 0})
    )
    assert error.errors["length"].startswith("“长度”")


def test_a_sentence_of_the_plugin_reaches_its_field(
    registry: Callable[..., Registry], pool: WorkerPool, tmp_path: Path
) -> None:
    folder = tmp_path / "odd"
    folder.mkdir()
    (folder / "weights.safetensors").write_bytes(b"nothing")
    error = failure(pool, registry("spans").record("spans"), request=GenerateRequest(model=folder))
    assert error.parameter == "model"
    assert error.sentence == "The model in odd is not a chain of characters. Choose another one."
    assert error.mendable


def test_an_operation_that_needs_a_model_never_reaches_the_plugin(
    registry: Callable[..., Registry], pool: WorkerPool, tmp_path: Path
) -> None:
    marker = tmp_path / "it ran"
    found = registry("needs_model")
    error = failure(pool, found.record("needs-model"), request=GenerateRequest(prompt=str(marker)))
    assert error.mendable
    assert "needs a model" in error.errors["model"]
    assert not marker.exists()


def test_a_plugin_that_raises_fails_with_its_name_and_a_traceback(
    registry: Callable[..., Registry], pool: WorkerPool
) -> None:
    found = registry("bad/raises_in_generate", "echo")
    record = found.record("raises-in-generate")
    run = outcome(pool.start(record, "generate", GenerateRequest()))
    assert there(run.error).sentence == (
        "The plugin Raises broke: RuntimeError: the second one went wrong "
        "(raises_in_generate.py, line 12, in generate)."
    )
    assert "raises_in_generate.py" in there(run.error).details
    assert not there(run.error).mendable
    assert outcome(pool.start(found.record("echo"), "generate", GenerateRequest())).error is None


@pytest.mark.processes
@posix
@pytest.mark.parametrize(
    ("name", "said"),
    [("crashes", "The plugin Crashes crashed (SIGSEGV)."), ("exits", "(exit status 3)")],
)
def test_a_plugin_that_crashes_takes_nothing_with_it(
    registry: Callable[..., Registry], pool: WorkerPool, name: str, said: str
) -> None:
    found = registry(f"bad/{name}", "echo")
    run = pool.start(found.record(name), "generate", GenerateRequest())
    events = run.events()
    first = next(events)
    assert isinstance(first, Candidate)
    assert first.artifact == Text("one")
    with pytest.raises(StudioError) as error:
        next(events)
    assert said in str(error.value)
    if name == "crashes":
        assert "crashes.py" in there(run.error).details
    again = outcome(pool.start(found.record(name), "generate", GenerateRequest()))
    assert again.pid != run.pid
    assert outcome(pool.start(found.record("echo"), "generate", GenerateRequest())).error is None


@pytest.mark.processes
@pytest.mark.parametrize("name", ["sleeps_in_generate", "loops_in_generate"])
def test_a_plugin_that_hangs_is_cancelled_within_a_second(
    registry: Callable[..., Registry],
    pool: WorkerPool,
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AIGC_HANGS_AT", str(tmp_path / "hangs now"))
    found = registry(f"bad/{name}", "echo")
    run = started(pool, found.record(name.replace("_", "-")))
    until((tmp_path / "hangs now").exists)  # at its yield it would end of itself
    began = time.monotonic()
    run.cancel()
    assert run.wait(10)
    assert run.state is RunState.CANCELLED
    assert run.was_killed  # what the kit asks of a plugin is that it need not be
    assert run.error is None
    assert time.monotonic() - began < 2.5  # 0.7 s and what a busy machine adds
    place = place_in_log(there(run.log).read_text("utf-8"), Path(run.record.source.path))
    code = Path(run.record.source.path).read_text("utf-8").splitlines()
    assert code[there(place).line - 1].strip() in ("pass", "while True:", "time.sleep(3600)")
    assert outcome(pool.start(found.record("echo"), "generate", GenerateRequest())).error is None


def test_cancel_before_the_worker_is_there_ends_the_run(
    registry: Callable[..., Registry], pool: WorkerPool
) -> None:
    run = pool.start(registry("echo").record("echo"), "generate", GenerateRequest(count=64))
    run.cancel()
    assert run.wait(10)
    assert run.state is RunState.CANCELLED
    # What would have ended it by force has been called off, and waits for nothing.
    assert [timer.finished.is_set() for timer in run._timers] == [True]


@pytest.mark.processes
def test_stray_prints_do_not_break_the_line(
    registry: Callable[..., Registry], pool: WorkerPool
) -> None:
    found = registry("bad/prints_to_stdout")
    run = pool.start(found.record("prints-to-stdout"), "generate", GenerateRequest())
    assert texts(run) == ["''"]
    log = max(
        there(run._worker).process.log.parent.glob("worker-*.log"),
        key=lambda it: it.stat().st_mtime,
    )
    written = log.read_text("utf-8")
    for words in ("while it is imported", "old stream", "descriptor", "a child", '"failed"'):
        assert words in written


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        ("string", "it yielded str, which is not an event"),
        ("medium", "an artifact of the medium melody, and says that it makes text"),
        ("artifact", "the artifact of its Candidate is of the type str"),
        ("latent", "65537 bytes, and 65536 are allowed"),
        ("probability", "its probability is 2.0"),
    ],
)
def test_a_wrong_result_is_a_failed_run_that_names_the_plugin(
    registry: Callable[..., Registry], pool: WorkerPool, prompt: str, said: str
) -> None:
    record = registry("bad/wrong_result").record("wrong-result")
    error = failure(pool, record, request=GenerateRequest(prompt=prompt))
    assert "The plugin Wrong result did not keep to the rules" in error.sentence
    assert said in error.sentence


def test_returning_nothing_is_a_wrong_result(
    registry: Callable[..., Registry], pool: WorkerPool
) -> None:
    error = failure(pool, registry("bad/returns_nothing").record("returns-nothing"))
    assert "generate() returned NoneType, and must yield events" in error.sentence


def test_an_edit_that_changes_what_lies_outside_is_refused(
    registry: Callable[..., Registry], pool: WorkerPool
) -> None:
    record = registry("bad/changes_outside").record("changes-outside")
    request = EditRequest(artifacts=(Text("abc"),), selections=(Span(1, 2),))
    error = failure(pool, record, "edit", request)
    assert "it changed what lies outside the selection" in error.sentence
    whole = replace(request, selections=(Span(0, 3),))
    assert texts(pool.start(record, "edit", whole)) == ["ABC"]


@pytest.mark.processes
def test_a_worker_that_this_side_ended_was_not_killed_from_outside(
    registry: Callable[..., Registry], pool: WorkerPool
) -> None:
    run = started(pool, registry("bad/sleeps_in_generate").record("sleeps-in-generate"))
    run.kill()
    assert run.wait(10)
    sentence = there(run.error).sentence
    assert sentence.startswith("The plugin ")
    assert "was ended by the studio." in sentence
    assert "outside" not in sentence


@pytest.mark.processes
@posix
def test_a_worker_killed_from_outside_is_a_failed_run(
    registry: Callable[..., Registry], pool: WorkerPool
) -> None:
    run = started(pool, registry("bad/sleeps_in_generate").record("sleeps-in-generate"))
    os.kill(run.pid, signal.SIGKILL)
    assert run.wait(10)
    assert "SIGKILL" in there(run.error).sentence


@pytest.mark.processes
@posix
def test_a_worker_that_stands_still_is_ended(
    registry: Callable[..., Registry], tmp_path: Path
) -> None:
    pool = WorkerPool(tmp_path / "x", silence=3.0)
    run = started(pool, registry("bad/sleeps_in_generate").record("sleeps-in-generate"))
    os.kill(run.pid, signal.SIGSTOP)
    assert run.wait(30)
    assert "gave no sign of life for 3 s" in there(run.error).sentence
    pool.close()


def test_an_interpreter_that_is_not_there_is_a_sentence(
    registry: Callable[..., Registry], pool: WorkerPool
) -> None:
    record = registry("echo").record("echo")
    source = replace(record.source, interpreter="/nowhere/python")
    error = failure(pool, replace(record, source=source))
    assert "/nowhere/python" in error.sentence


def test_a_folder_that_cannot_be_written_to_is_a_sentence(
    registry: Callable[..., Registry], tmp_path: Path, pool: WorkerPool
) -> None:
    record = registry("echo").record("echo")
    place = tmp_path / "交换"
    shutil.rmtree(place, ignore_errors=True)
    place.write_text("", "utf-8")
    error = failure(pool, record)
    assert str(place) in error.sentence
    assert "can be written to" in error.sentence
    assert "Error" not in error.sentence
    assert "Error" in error.details
    place.unlink()


def test_a_callback_that_breaks_does_not_stop_the_run(
    registry: Callable[..., Registry], pool: WorkerPool, caplog: pytest.LogCaptureFixture
) -> None:
    record = registry("echo").record("echo")

    def broken(event: Event) -> Never:
        raise RuntimeError("a bug of the window")

    assert outcome(pool.start(record, "generate", GenerateRequest(), on_event=broken)).error is None
    assert "a bug of the window" in caplog.text


# Text and melody, all the way


@pytest.fixture
def train(
    pool: WorkerPool, tmp_path: Path, write_dataset: Callable[..., Path]
) -> Callable[..., list[Event]]:
    def learned(record: PluginRecord, steps: int = 30, **more: Any) -> list[Event]:
        medium = there(record.description).medium
        assert isinstance(medium, str)
        data = Dataset(write_dataset(draw(medium, 20)[0], name=f"{medium} 数据"))
        folder = tmp_path / f"训练 {medium}"
        request = TrainRequest(dataset=data, steps=steps, folder=folder, **more)
        run = pool.start(record, "train", request, fresh=True)
        return list(run.events())

    return learned


def best(events: Iterable[Event]) -> Checkpoint:
    return [event for event in events if isinstance(event, Checkpoint) and event.best][-1]


def test_text_is_learned_written_rewritten_blended_and_judged(
    registry: Callable[..., Registry], pool: WorkerPool, train: Callable[..., list[Event]]
) -> None:
    record = registry("spans").record("spans")
    events = train(record)
    nats = [event.value for event in events if isinstance(event, Metric)]
    assert len(nats) == 30
    assert sum(nats[-5:]) < 0.6 * sum(nats[:5])
    model = best(events).path

    four = texts(pool.start(record, "generate", GenerateRequest(model=model, count=4, seed=3)))
    two = texts(pool.start(record, "generate", GenerateRequest(model=model, count=2, seed=3)))
    assert four[:2] == two
    assert len(set(four)) == 4

    text = Text("The little boat 沉没 under old trees.")
    edit = EditRequest(model=model, artifacts=(text,), selections=(Span(16, 18),), count=3)
    for value in texts(pool.start(record, "edit", edit)):
        assert value.startswith("The little boat ")
        assert value.endswith(" under old trees.")

    blend = EditRequest(operation="blend", artifacts=(text, Text("Rain. " * 9)))
    assert texts(pool.start(record, "edit", blend))[0]
    alone = failure(pool, record, "edit", replace(blend, artifacts=(text,)))
    assert alone.errors["artifacts"] == "“Blend” works on 2 items, and 1 were given."

    judged = EvaluateRequest(model=model, artifact=Text("The boat"))
    parts = list(pool.start(record, "evaluate", judged).events())
    marked = [part.selection for part in parts if isinstance(part, Annotation)]
    assert marked == [Span(n, n + 1) for n in range(8)]
    assert len(parts) == 8


def test_melodies_are_learned_composed_and_recomposed(
    registry: Callable[..., Registry], pool: WorkerPool, train: Callable[..., list[Event]]
) -> None:
    record = registry("bars").record("bars")
    model = best(train(record)).path
    wish = GenerateRequest(model=model, parameters={"bars": 6, "scale": "minor"}, count=2)
    tunes = [a_melody(each.artifact) for each in made(pool.start(record, "generate", wish))]
    assert [len(tune.bars) for tune in tunes] == [6, 6]
    assert {note.pitch % 12 for note in tunes[0].notes} <= {0, 2, 3, 5, 7, 8, 10}

    before = tunes[0]
    edit = EditRequest(model=model, artifacts=(before,), selections=(Bars(2, 3),), seed=9)
    (result,) = made(pool.start(record, "edit", edit))
    assert result.part
    after = before.replaced(Bars(2, 3), a_melody(result.artifact))
    start, stop = before.bars[1][0], before.bars[2][1]
    outside = [n for n in before.notes if not start <= n.start < stop]
    assert [n for n in after.notes if not start <= n.start < stop] == outside
    assert after != before

    up = EditRequest(
        operation="transpose", artifacts=(Melody((Note(0, 480, 60),)),), parameters={"semitones": 7}
    )
    (moved,) = (a_melody(each.artifact) for each in made(pool.start(record, "edit", up)))
    assert moved.notes == (Note(0, 480, 67),)

    wrong = replace(edit, selections=(Bars(6, 7),))
    assert "which has 6 bars" in failure(pool, record, "edit", wrong).errors["selections"]


@pytest.mark.processes
def test_a_file_of_a_plugin_that_is_called_as_one_of_data_is_its_own_bug(
    registry: Callable[..., Registry],
    plugin_home: Callable[..., Path],
    pool: WorkerPool,
    write_dataset: Callable[..., Path],
    tmp_path: Path,
) -> None:
    registry("counts")
    file = plugin_home() / "counts.py"
    later = """    from pathlib import Path
    (Path(__file__).parent / "content.bin").read_bytes()
    return counting_loop("""
    file.write_text(file.read_text("utf-8").replace("    return counting_loop(", later), "utf-8")
    found = Registry()
    found.refresh()
    data = Dataset(write_dataset(draw("text", 20)[0]))
    request = TrainRequest(dataset=data, steps=3, folder=tmp_path / "t")
    error = failure(pool, found.record("counts"), "train", request)
    assert "another program" not in error.sentence
    assert "counts.py" in error.sentence


@pytest.mark.processes
@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("path.unlink()", "examples.jsonl: No such file or directory"),
        ("path.write_text('[')", "examples.jsonl, line 1: "),
    ],
)
def test_data_that_another_program_changes_in_a_training_is_nobodys_bug(
    registry: Callable[..., Registry],
    plugin_home: Callable[..., Path],
    pool: WorkerPool,
    write_dataset: Callable[..., Path],
    tmp_path: Path,
    change: str,
    told: str,
) -> None:
    registry("counts")
    file = plugin_home() / "counts.py"
    later = f"""    from aigc_studio.api import Dataset
    path = request.dataset.path / "examples.jsonl"
    {change}
    Dataset(request.dataset.path, "test")
    return counting_loop("""
    file.write_text(file.read_text("utf-8").replace("    return counting_loop(", later), "utf-8")
    found = Registry()
    found.refresh()
    data = Dataset(write_dataset(draw("text", 20)[0]))
    request = TrainRequest(dataset=data, steps=3, folder=tmp_path / "t")
    error = failure(pool, found.record("counts"), "train", request)
    assert error.sentence.startswith(f"The data can no longer be read ({told}")
    assert error.mendable


def test_training_is_paused_resumed_and_stopped(
    registry: Callable[..., Registry],
    pool: WorkerPool,
    tmp_path: Path,
    write_dataset: Callable[..., Path],
) -> None:
    record = registry("spans").record("spans")
    data = Dataset(write_dataset(draw("text", 20)[0]))
    events: list[Event] = []
    request = TrainRequest(dataset=data, steps=10**7, folder=tmp_path / "t")
    run = pool.start(record, "train", request, on_event=events.append, fresh=True)
    until(lambda: any(isinstance(event, Checkpoint) for event in events))
    run.pause()
    until(lambda: run.state is RunState.PAUSED)
    time.sleep(0.2)
    count = len(events)
    time.sleep(0.4)
    assert len(events) == count
    run.resume()
    until(lambda: len(events) > count)
    states = [run.state]
    run.stop()
    assert run.wait(20)
    assert [*states, run.state] == [RunState.RUNNING, RunState.STOPPED]
    metrics = [event.step for event in events if isinstance(event, Metric)]
    assert metrics == list(range(len(metrics)))  # thirty lines a second, and none lost


@pytest.mark.processes
@posix
def test_a_killed_training_goes_on_to_the_same_bits(
    registry: Callable[..., Registry],
    pool: WorkerPool,
    tmp_path: Path,
    write_dataset: Callable[..., Path],
) -> None:
    record = registry("spans").record("spans")
    data = Dataset(write_dataset(draw("text", 20)[0]))
    request = TrainRequest(dataset=data, steps=400, seed=4, folder=tmp_path / "whole")
    whole = best(pool.start(record, "train", request, fresh=True).events())

    events: list[Event] = []
    torn = replace(request, folder=tmp_path / "torn")
    run = pool.start(record, "train", torn, on_event=events.append, fresh=True)
    until(lambda: any(isinstance(event, Checkpoint) for event in events) or run.state.ended)
    os.kill(run.pid, signal.SIGKILL)
    assert run.wait(10)
    assert run.state is RunState.FAILED
    rest = list(pool.start(record, "train", replace(torn, resume=True), fresh=True).events())
    assert min(event.step for event in rest if isinstance(event, Metric)) > 0
    weights = "weights.safetensors"
    assert (best(rest).path / weights).read_bytes() == (whole.path / weights).read_bytes()


def test_the_end_of_the_line_closes_the_action_which_checkpoints(
    registry: Callable[..., Registry], tmp_path: Path, write_dataset: Callable[..., Path]
) -> None:
    record = registry("bars").record("bars")
    pool = WorkerPool(tmp_path / "x")
    data = Dataset(write_dataset(draw("melody", 20)[0]))
    events: list[Event] = []
    request = TrainRequest(dataset=data, steps=10**7, folder=tmp_path / "t")
    run = pool.start(record, "train", request, on_event=events.append, fresh=True)
    until(lambda: len(events) > 5)
    pool.close()
    assert run.wait(10)
    assert run.state is RunState.STOPPED
    steps = [int(path.name[5:]) for path in (tmp_path / "t").glob("step-*") if not path.suffix]
    assert max(steps) >= max(event.step for event in events if isinstance(event, Metric))
    assert not there(run._worker).process.alive


@pytest.mark.processes
def test_news_held_back_comes_soon_even_when_nothing_follows(
    registry: Callable[..., Registry], plugin_home: Callable[..., Path], pool: WorkerPool
) -> None:
    registry("bad/sleeps_in_generate")
    file = plugin_home() / "sleeps_in_generate.py"
    news = (
        '    for n in range(3):\n        yield Progress(n, 3)\n    yield Candidate(Text("one"))\n'
    )
    news += "    for n in range(3, 6):\n        yield Metric('loss', n, n)\n"
    code = file.read_text("utf-8").replace('    yield Candidate(Text("one"))\n', news)
    code = code.replace("import Candidate,", "import Candidate, Metric, Progress,")
    file.write_text(code, "utf-8")
    events: list[Event] = []
    found = Registry()
    found.refresh()
    record = found.record("sleeps-in-generate")
    run = pool.start(record, "generate", GenerateRequest(), on_event=events.append)
    until(lambda: len([each for each in events if isinstance(each, Metric)]) == 3)
    kinds = [type(event).__name__ for event in events]
    assert kinds.index("Progress") < kinds.index("Candidate") < kinds.index("Metric")
    run.cancel()
    assert run.wait(10)


PARENT = """
import sys, time
from pathlib import Path
from aigc_studio.api import Dataset, TrainRequest
from aigc_studio.host import Registry, WorkerPool
found = Registry()
found.load_cached()
data, folder = Dataset(Path(sys.argv[1])), Path(sys.argv[2])
request = TrainRequest(dataset=data, steps=10**7, folder=folder / "t")
seen = lambda event: print(run.pid, getattr(event, "step", 0), flush=True)
run = WorkerPool(folder / "x").start(
    found.record("bars"), "train", request, on_event=seen, fresh=True
)
time.sleep(600)
"""


@pytest.mark.processes
@posix
def test_a_studio_that_is_killed_leaves_a_checkpoint_and_no_worker(
    registry: Callable[..., Registry], tmp_path: Path, write_dataset: Callable[..., Path]
) -> None:
    registry("bars")
    data = write_dataset(draw("melody", 20)[0])
    command = [sys.executable, "-c", PARENT, str(data), str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        for _line in range(20):
            pid, step = map(int, there(parent.stdout).readline().split())
        parent.kill()
    until(lambda: _is_over(pid))
    steps = [int(path.name[5:]) for path in (tmp_path / "t").glob("step-*") if not path.suffix]
    assert max(steps) >= step


def _is_over(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    # A worker whose parent is gone is reaped by process 1, or stays behind as a zombie.
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    return state.stdout.strip().startswith("Z")

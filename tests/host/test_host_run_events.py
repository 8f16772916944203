"""A run by itself, without a worker: what it tells, and when it falls silent."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from aigc_studio.api import (
    Annotation,
    Artifact,
    Candidate,
    EvaluateRequest,
    Event,
    GenerateRequest,
    Image,
    Mask,
    Metric,
    Partial,
    Progress,
    Span,
    Text,
    limits,
)
from aigc_studio.api.fitting import Misfit
from aigc_studio.host import PluginRecord, Run, RunState
from aigc_studio.host.records import PluginSource
from aigc_studio.wire import encode_event


@pytest.fixture
def told() -> list[Event]:
    return []


@pytest.fixture
def run(told: list[Event]) -> Run:
    record = PluginRecord(PluginSource("file", "echo", "echo.py"), "ready")
    return Run(record, "generate", GenerateRequest(), on_event=told.append)


def lines(folder: Path, *events: Event) -> list[dict[str, Any]]:
    return [encode_event(event, folder, f"event-{n}") for n, event in enumerate(events)]


def test_nothing_is_told_once_it_was_cancelled(run: Run, told: list[Event], tmp_path: Path) -> None:
    run.take_events(lines(tmp_path, Candidate(Text("one"))), tmp_path)
    run.cancel()
    run.take_events(lines(tmp_path, Candidate(Text("two")), Metric("loss", 1.0)), tmp_path)
    assert told == [Candidate(Text("one"))]
    run.finish(RunState.DONE)
    assert run.state is RunState.CANCELLED


def test_it_ends_once(run: Run) -> None:
    run.finish(RunState.DONE)
    run.finish(RunState.FAILED)
    assert run.state is RunState.DONE
    assert run.error is None


def explaining(told: list[Event], artifact: Artifact) -> Run:
    record = PluginRecord(PluginSource("file", "echo", "echo.py"), "ready")
    return Run(record, "evaluate", EvaluateRequest(artifact=artifact), on_event=told.append)


def test_files_of_what_was_told_are_gone(told: list[Event], tmp_path: Path) -> None:
    picture = Image(np.full((4, 4), 9, np.uint8))
    run = explaining(told, picture)
    mask = Mask(np.full((4, 4), 255, np.uint8))
    run.take_events(lines(tmp_path, Candidate(picture), Annotation(mask, 0.5)), tmp_path)
    assert told == [Candidate(picture), Annotation(mask, 0.5)]
    assert list(tmp_path.iterdir()) == []


def test_no_worker_is_believed_about_what_it_explains(told: list[Event], tmp_path: Path) -> None:
    run = explaining(told, Text("ab"))
    good, bad = Annotation(Span(0, 2), 0.5), Annotation(Span(1, 3), 0.5)
    with pytest.raises(Misfit, match="the text has 2"):
        run.take_events(lines(tmp_path, good, bad), tmp_path)
    assert told == [good]


def test_a_run_explains_so_much_and_no_more(
    told: list[Event], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "ANNOTATIONS", 4)
    run = explaining(told, Text("ab"))
    with pytest.raises(Misfit, match="more than 4 annotations"):
        run.take_events(lines(tmp_path, *[Annotation(Span(0, 1), 0.5)] * 5), tmp_path)
    assert len(told) == 4


def test_of_what_grows_only_the_newest_waits_for_a_reader(tmp_path: Path) -> None:
    record = PluginRecord(PluginSource("file", "echo", "echo.py"), "ready")
    run = Run(record, "generate", GenerateRequest(count=2))
    long = Text("long " * 20_000)  # comes as a file
    grown = [Partial(Text(str(n)), n % 2) for n in range(100)]
    run.take_events(lines(tmp_path, *grown, Partial(long, 1)), tmp_path)
    run.take_events(lines(tmp_path, Candidate(Text("one"))), tmp_path)
    run.take_events(lines(tmp_path, Partial(Text("a"), 1), Partial(Text("b"), 1)), tmp_path)
    run.take_events(lines(tmp_path, Progress(1), Partial(Text("c"), 1)), tmp_path)
    run.finish(RunState.DONE)
    assert list(run.events()) == [
        Partial(Text("98"), 0),
        Partial(long, 1),
        Candidate(Text("one")),
        Partial(Text("b"), 1),
        Progress(1),
        Partial(Text("c"), 1),
    ]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", [1000, -1, "0", None, True])
def test_a_result_that_cannot_come_does_not_grow(
    run: Run, told: list[Event], tmp_path: Path, number: Any
) -> None:
    (line,) = lines(tmp_path, Partial(Text("a")))
    with pytest.raises(Misfit):
        run.take_events([line | {"number": number}], tmp_path)
    assert told == []

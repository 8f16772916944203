"""A run by itself, without a worker: what it tells, and when it falls silent."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from aigc_studio.api import Annotation, Candidate, Event, GenerateRequest, Image, Mask, Metric, Text
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


def test_files_of_what_was_told_are_gone(run: Run, told: list[Event], tmp_path: Path) -> None:
    picture = Image(np.full((4, 4), 9, np.uint8))
    mask = Mask(np.full((4, 4), 255, np.uint8))
    run.take_events(lines(tmp_path, Candidate(picture), Annotation(mask, 0.5)), tmp_path)
    assert told == [Candidate(picture), Annotation(mask, 0.5)]
    assert list(tmp_path.iterdir()) == []

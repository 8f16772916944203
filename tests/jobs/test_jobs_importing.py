"""Live previews of a plugin that imports slowly, with real workers."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from kinds import there
from pytestqt.qtbot import QtBot

from aigc_studio.api import GenerateRequest
from aigc_studio.host import Registry, WorkerPool
from aigc_studio.jobs import JobQueue


@pytest.fixture
def queue(qtbot: QtBot, pool: WorkerPool) -> Iterator[JobQueue]:
    queue = JobQueue(lambda: pool)
    yield queue
    queue.close()


def test_previews_leave_a_worker_alone_that_imports(
    qtbot: QtBot,
    queue: JobQueue,
    registry: Callable[..., Registry],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("aigc_studio.jobs.previews.COLD_TIMES", 1)
    record = registry("bad/imports_slowly").record("imports-slowly")
    shown: list[str] = []
    queue.preview_ready.connect(lambda event: shown.append(event.artifact.value))
    runs: list[Any] = []
    for number in range(12):  # somebody drags a slider
        job = there(queue.preview(record, "generate", GenerateRequest(prompt=f"look {number}")))
        job.state_changed.connect(lambda _state, job=job: runs.append(job.run))
        qtbot.wait(200)
    made: list[str] = []
    job = queue.submit(record, "generate", GenerateRequest(prompt="made"), "made")
    job.candidate_received.connect(lambda event: made.append(event.artifact.value))
    qtbot.waitUntil(lambda: bool(made), timeout=40_000)
    assert not any(run.was_killed for run in runs if run is not None)
    assert made[0].startswith("made ")
    # What the preview's worker imported, nobody had to import again.
    assert {text.split()[-1] for text in [*shown, *made]} == {str(there(job.run).pid)}
    assert len({run.pid for run in runs if run is not None and run.pid}) == 1

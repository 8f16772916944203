"""A window's jobs with real workers whose plugins start processes and eat memory."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from families import soon_none
from kinds import there
from pytestqt.qtbot import QtBot

from aigc_studio.api import GenerateRequest
from aigc_studio.api import Text as TextArtifact
from aigc_studio.host import Registry, WorkerPool
from aigc_studio.jobs import JobQueue, JobState
from aigc_studio.library import DatasetStore, ModelStore, TrainingStore
from aigc_studio.library.drafts import Draft
from aigc_studio.library.new_trainings import NewTraining

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


@pytest.fixture
def queue(qtbot: QtBot, tmp_path: Path) -> Iterator[JobQueue]:
    queue = JobQueue(lambda: WorkerPool(tmp_path / "x", threads=1, memory=256 << 20))
    yield queue
    queue.close()


def test_a_job_cancelled_and_a_window_closed_leave_nothing(
    qtbot: QtBot,
    queue: JobQueue,
    registry: Callable[..., Registry],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place = tmp_path / "there"
    place.mkdir()
    monkeypatch.setenv("AIGC_FAMILY_AT", str(place))
    record = registry("bad/starts_family").record("starts-family")
    first = queue.submit(record, "generate", GenerateRequest(prompt="bare hang"), "one")
    qtbot.waitUntil(lambda: bool(list(place.glob("bare-*"))), timeout=30_000)
    first.cancel()
    qtbot.waitUntil(lambda: first.state is JobState.CANCELLED, timeout=5_000)
    queue.submit(record, "generate", GenerateRequest(prompt="deaf hang"), "two")
    qtbot.waitUntil(lambda: bool(list(place.glob("deaf-*"))), timeout=30_000)
    queue.close()
    assert not soon_none(place)


def test_a_training_that_takes_too_much_says_so_and_can_go_on(
    qtbot: QtBot, queue: JobQueue, registry: Callable[..., Registry]
) -> None:
    record = registry("bad/eats_memory").record("eats-memory")
    drafts = [Draft(TextArtifact(f"line {number}")) for number in range(20)]
    list(DatasetStore().write("lines", "text", drafts, {}))
    store = TrainingStore()
    training = store.create(
        NewTraining("eats-memory", DatasetStore().open("lines"), name="mine", steps=10)
    )
    job = queue.train(record, training, ModelStore(), "mine", "Train")
    with qtbot.waitSignal(job.settled, timeout=40_000):
        pass
    assert job.state is JobState.FAILED
    sentence = there(job.error).sentence
    assert sentence.startswith("The plugin Eats memory used ")
    assert "a plugin may use 256 MB" in sentence
    assert training.state == "failed"
    assert training.can_go_on
    again = queue.train(record, store.open(training.id), ModelStore(), "mine", "Train")
    with qtbot.waitSignal(again.settled, timeout=40_000):
        pass
    assert again.state is JobState.DONE, again.error
    assert ModelStore().find("mine").generator == "eats-memory"

"""A training in a worker on a disk that is full: told in a sentence, and nobody's bug."""

import math
from collections.abc import Callable
from pathlib import Path

import pytest
from disk import Room
from thread_workers import thread_workers

from aigc_studio.api import Checkpoint, Dataset, load_model
from aigc_studio.host import PluginRecord, Registry, WorkerPool
from aigc_studio.library import ModelStore, TrainingStore
from aigc_studio.library.new_trainings import NewTraining
from aigc_studio.library.training import Training
from aigc_studio.testing import draw
from aigc_studio.toolkit import counting

PLACES = 7
"""At so many places the disk is full, evenly through all that a training writes."""


@pytest.fixture(autouse=True)
def always_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """After each example the model, with its samples, and where it is."""
    for name in ("FIRST", "EVERY", "_SHARE"):
        monkeypatch.setattr(counting, name, 0)


def run(
    pool: WorkerPool, record: PluginRecord, training: Training, room: Room, left: float = math.inf
) -> str:
    """Train with so much room for the worker, and note it as a job does; what was said, if any."""
    events: list[object] = []
    request = training.request()
    room.left = left
    going = pool.start(record, "train", request, on_event=events.append)
    assert going.wait(30)
    room.left = math.inf
    for event in events:
        if isinstance(event, Checkpoint) and event.path.is_dir():
            training.note_checkpoint(event)
    error = going.error
    training.note("failed" if error else "done", error.sentence if error else "")
    assert error is None or error.mendable, error
    return error.sentence if error else ""


def test_the_last_model_is_kept_and_the_training_goes_on_when_there_is_room(
    registry: Callable[..., Registry],
    pool: WorkerPool,
    write_dataset: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    record = registry("counts").find("counts")
    data = Dataset(write_dataset(*draw("text", 10)))
    trainings, models, kept = TrainingStore(), ModelStore(), 0

    def begun(name: str) -> Training:
        return trainings.create(
            NewTraining("counts", data, name=name, steps=6, operation="learn", seed=1)
        )

    with thread_workers():
        room = Room(monkeypatch)
        whole = begun("whole")
        before = room.taken
        assert run(pool, record, whole, room) == ""
        needed = room.taken - before
        for place in range(PLACES):
            torn = begun(f"torn {place}")
            said = run(pool, record, torn, room, needed * place // (PLACES + 5))
            assert said.startswith("There is no room left on the disk for what the plugin Counts")
            assert not list(torn.work.rglob(".*")), place
            if model := torn.publish(models, f"m {place}"):
                kept += 1
                assert load_model(model.folder)[0]["counts"], place
            assert run(pool, record, torn, room) == ""
            ends = [load_model(each.work / "models" / "step-00000006")[0] for each in (whole, torn)]
            assert ends[0] == ends[1], place
        pool.close()
    assert kept >= PLACES // 2

"""The loop without torch: each example once, closed and resumed anywhere to the same result."""

import itertools
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from aigc_studio.api import (
    Checkpoint,
    Dataset,
    Event,
    Example,
    GeneratorError,
    Metric,
    Preview,
    Progress,
    Text,
    TrainRequest,
    load_model,
)
from aigc_studio.testing import write_dataset
from aigc_studio.toolkit import counting, counting_loop

COUNT = 30


class Reader:
    """It notes what it read, in order, with a random number for each."""

    def __init__(self) -> None:
        self.read: list[str] = []
        self.sums = np.zeros(2, np.int64)

    def learn(self, example: Example) -> dict[str, float]:
        assert isinstance(example.artifact, Text)
        self.read.append(f"{example.artifact.value} {random.random()}")
        self.sums += 1, len(example.artifact)
        return {"read": float(len(self.read))}

    def contents(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        return {"read": self.read}, {"sums": self.sums}

    def restore(self, document: dict[str, Any], arrays: dict[str, np.ndarray]) -> None:
        self.read, self.sums = document["read"], arrays["sums"]


@pytest.fixture
def request_of(tmp_path: Path) -> Callable[..., TrainRequest]:
    """Call it with a name for a request with a folder of that name."""
    texts = [Text(f"text {number}") for number in range(COUNT)]
    data = Dataset(write_dataset(tmp_path / "data", texts))

    def made(name: str, **changed: Any) -> TrainRequest:
        return replace(TrainRequest(dataset=data, seed=3, folder=tmp_path / name), **changed)

    return made


def run(request: TrainRequest, **more: Any) -> list[Event]:
    return list(counting_loop(request, Reader(), **more))


def model_of(events: list[Event]) -> dict[str, bytes]:
    found = [event for event in events if isinstance(event, Checkpoint)]
    return {path.name: path.read_bytes() for path in found[-1].path.iterdir()}


def read_by(events: list[Event]) -> list[str]:
    document, arrays = load_model([e for e in events if isinstance(e, Checkpoint)][-1].path)
    assert arrays["sums"][0] == len(document["read"])
    return [line.rpartition(" ")[0] for line in document["read"]]


def steps_of(events: list[Event]) -> list[int]:
    return [event.step for event in events if isinstance(event, Progress)]


def test_each_example_is_seen_once_in_an_order_of_the_seed(
    request_of: Callable[..., TrainRequest],
) -> None:
    events = run(request_of("one"))
    there = len(request_of("one").dataset)
    assert len(set(read_by(events))) == len(read_by(events)) == there
    assert steps_of(events) == list(range(1, there + 1))
    assert read_by(run(request_of("two"))) == read_by(events)
    assert read_by(run(request_of("three", seed=4))) != read_by(events)
    last = events[-1]
    assert isinstance(last, Checkpoint)
    assert (last.best, last.step, last.card["examples_seen"]) == (True, there, there)


def test_it_ends_after_its_steps_or_its_minutes(request_of: Callable[..., TrainRequest]) -> None:
    assert len(read_by(run(request_of("one", steps=7)))) == 7
    assert len(read_by(run(request_of("two", minutes=1e-7)))) <= 1
    there = len(request_of("one").dataset)
    assert len(read_by(run(request_of("three", steps=10**9)))) == there
    twice = read_by(run(request_of("four"), passes=2))
    assert sorted(twice[:there]) == sorted(twice[there:])
    assert twice[:there] != twice[there:]


def test_what_is_learned_is_told_shown_and_measured(
    request_of: Callable[..., TrainRequest],
) -> None:
    def measured(pupil: Reader) -> Generator[Event, None, dict[str, float]]:
        yield Progress(1, 1, "Measuring")
        return {"size": float(len(pupil.read))}

    events = run(
        request_of("one"),
        card=lambda pupil: {"order": 3},
        sample=lambda pupil: Text(pupil.read[-1]),
        evaluate=measured,
    )
    there = len(request_of("one").dataset)
    assert [event.value for event in events if isinstance(event, Metric)][-1] == there
    assert [event.step for event in events if isinstance(event, Preview)][-1] == there
    last = events[-1]
    assert isinstance(last, Checkpoint)
    assert last.metrics == {"size": there}
    assert last.card["order"] == 3
    assert (last.path / "samples.txt").read_text()


@pytest.mark.parametrize("after", [1, 2, 11, 26, 27])
def test_closed_at_any_example_it_goes_on_to_the_same_model(
    request_of: Callable[..., TrainRequest], after: int
) -> None:
    whole = model_of(run(request_of("whole")))
    request = request_of("closed")
    action = counting_loop(request, Reader())
    told = list(itertools.islice(action, after))
    getattr(action, "close")()  # noqa: B009  (it is a generator)
    rest = run(replace(request, resume=True))
    assert steps_of(rest) == list(range(len(steps_of(told)) + 1, len(request.dataset) + 1))
    assert model_of(rest) == whole


def test_killed_it_goes_on_from_its_last_checkpoint_to_the_same_model(
    request_of: Callable[..., TrainRequest], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = model_of(run(request_of("whole")))
    monkeypatch.setattr(counting, "FIRST", 0.0)
    torn = request_of("torn", resume=True)
    for event in counting_loop(request_of("going"), Reader()):
        if isinstance(event, Progress) and event.step == 5:
            shutil.copytree(request_of("going").folder, torn.folder)  # as a kill would leave it
    rest = run(torn)
    assert steps_of(rest)[0] == 2
    assert model_of(rest) == whole


def test_the_first_checkpoint_comes_early_and_three_are_kept(
    request_of: Callable[..., TrainRequest], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("FIRST", "EVERY", "_SHARE"):
        monkeypatch.setattr(counting, name, 0)
    events = run(request_of("one"))
    checkpoints = [event for event in events if isinstance(event, Checkpoint)]
    assert [event.step for event in checkpoints] == list(range(1, len(checkpoints) + 1))
    assert all(event.best for event in checkpoints)
    kept = sorted(path.name for path in (request_of("one").folder / "models").iterdir())
    assert kept == [f"step-{step:08d}" for step in (25, 26, 27)]


def test_where_a_disk_damaged_the_newest_it_goes_on_from_the_one_before(
    request_of: Callable[..., TrainRequest], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = model_of(run(request_of("whole")))
    for name in ("FIRST", "EVERY", "_SHARE"):
        monkeypatch.setattr(counting, name, 0)
    request = request_of("hurt", resume=True)
    run(replace(request, resume=False))
    models = request.folder / "models"
    (models / "step-00000027" / "model.json").write_text('{"read"')
    shutil.rmtree(models / "step-00000026")
    events = run(request)
    assert steps_of(events) == [26, 27]
    assert model_of(events) == whole
    for path in models.rglob("model.json"):
        path.write_text("")
    with pytest.raises(GeneratorError, match="start it again"):
        run(request)
    (request.folder / "resume.json").write_text("[{}]")
    with pytest.raises(GeneratorError, match="start it again"):
        run(request)


def test_nothing_left_is_a_beginning_and_what_another_left_is_removed(
    request_of: Callable[..., TrainRequest],
) -> None:
    assert steps_of(run(request_of("one", resume=True)))[0] == 1
    assert steps_of(run(request_of("one")))[0] == 1


def test_a_training_from_a_model_goes_on_counting(
    request_of: Callable[..., TrainRequest],
) -> None:
    first = run(request_of("one", steps=4))
    (base,) = (event.path for event in first if isinstance(event, Checkpoint))
    assert len(read_by(run(request_of("two", steps=3, model=base)))) == 7


def test_the_time_of_a_pause_does_not_count(
    request_of: Callable[..., TrainRequest], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    action = counting_loop(request_of("one", minutes=1), Reader())
    read = 0
    for event in action:
        read += isinstance(event, Progress)
        now[0] += 3600.0  # an hour of pause at every event, a quarter of a second of which counts
    assert read == len(request_of("one").dataset)


def test_it_needs_no_torch() -> None:
    code = (
        "import sys; from aigc_studio.toolkit import counting_loop, Pupil;"
        "print('torch' in sys.modules)"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "False"

"""A training on a disk that is full: one sentence, what was good is kept, nothing half written."""

import errno
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from disk import Room
from toolkit_examples import gan_loop, train_request

from aigc_studio.api import Checkpoint, Event, GeneratorError
from aigc_studio.api.models import is_model
from aigc_studio.toolkit import checkpoints, load_weights
from aigc_studio.toolkit import run as run_module
from aigc_studio.toolkit.checkpoints import has_finite_weights
from aigc_studio.toolkit.metrics import MetricLog, read_metrics
from aigc_studio.toolkit.weights import save_weights

STEPS = 4
PLACES = 11
"""At so many places the disk is full, evenly through all that a training writes."""


@pytest.fixture(autouse=True)
def always_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """At each step a model with its samples, and all that is needed to go on."""
    for name in ("PUBLISH_FIRST", "PUBLISH_EVERY", "RESUME_EVERY"):
        monkeypatch.setattr(run_module, name, 0.0)


def weights(folder: Path) -> dict[str, torch.Tensor]:
    return load_weights(folder / "models" / f"step-{STEPS:08d}" / "weights.safetensors")[0]


def noted(folder: Path) -> list[dict[str, Any]]:
    lines = read_metrics(folder / "metrics.jsonl")
    return [{k: v for k, v in line.items() if not k.startswith(("exa", "sec"))} for line in lines]


def until_it_is_full(events: Iterator[Event]) -> list[Checkpoint]:
    """The checkpoints that were told of before the sentence."""
    made: list[Checkpoint] = []
    try:
        for event in events:
            if isinstance(event, Checkpoint):
                made.append(event)
    except GeneratorError as error:
        told = str(error)
        assert "(No space left on device): free up space on the disk, then go on" in told
        return made
    raise AssertionError("there was room for all")


def test_wherever_it_is_full_a_training_goes_on_as_if_there_had_been_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, whole = Room(monkeypatch), tmp_path / "whole"
    assert list(gan_loop(train_request(whole, steps=STEPS, seed=3)))
    needed, kept = room.taken, 0
    for place in range(PLACES):
        torn = tmp_path / f"torn at {place}"
        request = train_request(torn, steps=STEPS, seed=3)
        room.left = needed * place // (PLACES + 2)  # how much is shown, and written, hangs on time
        made = until_it_is_full(gan_loop(request))
        assert not list(torn.rglob(".*")), place
        models = list((torn / "models").glob("*"))
        assert all(is_model(path) and has_finite_weights(path) for path in models), place
        assert all(list(path.glob("samples.png")) for path in models), place
        if best := [each.path for each in made if each.best]:
            assert best[-1] in models
            kept += 1
        room.left = float("inf")
        again = train_request(torn, steps=STEPS, seed=3, resume=True)
        assert list(gan_loop(again))
        first, second = weights(whole), weights(torn)
        assert all(torch.equal(first[name], second[name]) for name in first), place
        assert noted(torn) == noted(whole), place
    assert PLACES // 2 < kept < PLACES


def test_a_training_that_ends_by_an_error_first_writes_what_it_goes_on_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, full = threading.Event(), OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    save, note = save_weights, MetricLog.note

    def slowly(*words: Any, **options: Any) -> None:
        begun.set()
        time.sleep(0.3)
        save(*words, **options)

    def until_it_is_being_kept(*words: Any, **options: Any) -> Any:
        if begun.is_set():
            raise full
        return note(*words, **options)

    monkeypatch.setattr(checkpoints, "save_weights", slowly)
    monkeypatch.setattr(MetricLog, "note", until_it_is_being_kept)
    until_it_is_full(gan_loop(train_request(tmp_path, steps=STEPS, seed=3)))
    assert not list(tmp_path.rglob(".*"))
    assert load_weights(tmp_path / "resume.safetensors")

"""Training RNN melody: tunes of any kind, exactly resumed, and words for what does not do."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rnn_melody
import torch
from rnn_melody.copying import read_known
from rnn_melody.events import read_voice
from rnn_melody.model import open_model
from rnn_melody.signs import CONDITIONS, MODE, REMAINING, TONIC
from rnn_melody.training.material import row_of, signs_of
from rnn_melody.training.parameters import TrainParameters
from rnn_melody.training.step import Readings, fitting_dropout
from rnn_melody_examples import jig, jigs, reel, write_dataset, write_model

from aigc_studio.api import (
    Checkpoint,
    Dataset,
    Event,
    GeneratorError,
    Melody,
    Message,
    Metric,
    Preview,
    TrainRequest,
)
from aigc_studio.toolkit import load_weights
from aigc_studio.toolkit.sequences import IGNORED

pytestmark = pytest.mark.usefixtures("little_shown")


def request_for(folder: Path, dataset: Dataset, **fields: Any) -> TrainRequest[TrainParameters]:
    folder.mkdir(parents=True, exist_ok=True)
    small: dict[str, Any] = {} if fields.get("model") else {"width": 16}
    parameters = TrainParameters(**(small | {"batch_size": 4} | fields.pop("parameters", {})))
    length: dict[str, Any] = {"steps": 3} | fields
    return TrainRequest(dataset=dataset, folder=folder, parameters=parameters, **length)


def train(folder: Path, dataset: Dataset, **fields: Any) -> list[Event]:
    return list(rnn_melody.train(request_for(folder, dataset, **fields)))


def last(events: Sequence[Event]) -> Checkpoint:
    return [event for event in events if isinstance(event, Checkpoint)][-1]


def metric(events: Sequence[Event], name: str) -> list[float]:
    return [each.value for each in events if isinstance(each, Metric) and each.name == name]


def test_a_training_makes_a_model_with_previews_and_a_card(tmp_path: Path) -> None:
    titles = [{"title": f"Tune {number}"} for number in range(13)]
    dataset = write_dataset(tmp_path / "d", jigs(13), held_out=2, attributes=titles)
    events = train(tmp_path / "run", dataset)
    checkpoint = last(events)
    assert checkpoint.metrics["nats_per_note"] > 0
    assert checkpoint.card["learnt"]["metres"] == {"6/8": 11}
    assert checkpoint.card["learnt"]["tunes"] == 11
    previews = [each.artifact for each in events if isinstance(each, Preview)]
    assert previews
    assert all(isinstance(each, Melody) and each.bar_count == 8 for each in previews)
    assert metric(events, "recomposing_loss")
    model = open_model(checkpoint.path)
    assert model.writer.settings.width == 16
    assert model.writer.right is not None
    assert read_known(checkpoint.path).longest_run(jig(3)).title == "Tune 3"


def test_it_learns(tmp_path: Path) -> None:
    dataset = write_dataset(tmp_path / "d", [jig(n % 3) for n in range(24)], held_out=3)
    events = train(tmp_path / "run", dataset, steps=120, parameters={"dropout": 0.0})
    losses = metric(events, "loss")
    assert np.mean(losses[-5:]) < 0.5 * losses[0]
    assert metric(events, "nats_per_note")[-1] < 0.7 * metric(events, "nats_per_note")[0]


def test_an_interrupted_training_ends_as_one_that_was_not(tmp_path: Path) -> None:
    dataset = write_dataset(tmp_path / "d", [*jigs(6), reel(1)], held_out=1)
    whole = last(train(tmp_path / "whole", dataset, steps=6))
    request = request_for(tmp_path / "parts", dataset, steps=6)
    running = rnn_melody.train(request)
    assert not isinstance(running, list)
    for event in running:
        if isinstance(event, Metric) and event.name == "loss" and event.step >= 3:
            break
    running.close()  # type: ignore[attr-defined]
    resumed = last(train(tmp_path / "parts", dataset, steps=6, resume=True))
    one, two = (load_weights(each.path / "weights.safetensors")[0] for each in (whole, resumed))
    assert one.keys() == two.keys()
    assert all(torch.equal(one[name], two[name]) for name in one)


def test_two_threads_learn_what_one_does(tmp_path: Path) -> None:
    dataset = write_dataset(tmp_path / "data", jigs(24), held_out=1)
    asked = {"batch_size": 16, "dropout": 0.0}
    before, found = torch.get_num_threads(), list[dict[str, torch.Tensor]]()
    for threads in (1, 2, 2):
        place = tmp_path / f"run{len(found)}"
        events = train(place, dataset, steps=6, threads=threads, parameters=asked)
        found.append(load_weights(last(events).path / "weights.safetensors")[0])
    torch.set_num_threads(before)
    for name, alone in found[0].items():
        torch.testing.assert_close(found[1][name], alone, rtol=0.02, atol=0.003)
        assert torch.equal(found[1][name], found[2][name])


def test_recomposing_may_be_left_out(tmp_path: Path) -> None:
    dataset = write_dataset(tmp_path / "d", jigs(6))
    checkpoint = last(train(tmp_path / "run", dataset, parameters={"recomposing": "no"}))
    assert open_model(checkpoint.path).writer.right is None


def test_a_training_goes_on_from_a_model(tmp_path: Path) -> None:
    base = write_model(tmp_path / "base")
    dataset = write_dataset(tmp_path / "d", [*jigs(4), *map(reel, range(4))])
    model = open_model(last(train(tmp_path / "run", dataset, model=base)).path)
    assert model.signs == open_model(base).signs
    assert model.learnt["metres"] == {"6/8": 4, "4/4": 4}
    with pytest.raises(GeneratorError, match="width 16"):
        train(tmp_path / "wider", dataset, model=base, parameters={"width": 64})


def test_few_tunes_make_a_small_net(tmp_path: Path) -> None:
    dataset = write_dataset(tmp_path / "d", jigs(5))
    request = request_for(tmp_path / "run", dataset, parameters={"width": 0, "batch_size": 32})
    model = open_model(last(list(rnn_melody.train(request))).path)
    assert model.writer.settings.width == 128


def test_on_another_device_it_says_where_it_trains(tmp_path: Path) -> None:
    dataset = write_dataset(tmp_path / "d", jigs(5))
    events = train(tmp_path / "run", dataset, device="cuda:7")
    said = [str(each.text) for each in events if isinstance(each, Message)]
    assert any("CPU" in each for each in said)


# -- windows ---------------------------------------------------------------------------------------


def test_a_window_has_each_event_beside_what_is_known_before_it() -> None:
    voices = [read_voice(melody)[0] for melody in [*jigs(6), reel(2)]]
    signs = signs_of(voices)
    rows = [row_of(voice, signs) for voice in voices]
    window = Readings(rows, 4, seed=3).at(0)
    columns = len(signs.sizes())
    free = [number for number in range(columns) if number not in CONDITIONS]
    for inputs, targets in zip(window.inputs, window.targets, strict=True):
        count = int((targets[:, 0] != IGNORED).sum())
        (found,) = {
            number
            for number, row in enumerate(rows)
            if len(row[0]) == count and torch.equal(row[1].long(), targets[:count])
        }
        assert torch.equal(inputs[:count, free], rows[found][0][:, free].long())
    assert (window.inputs[..., REMAINING] >= 1).all()


def test_conditions_are_not_always_told() -> None:
    voices = [read_voice(melody)[0] for melody in jigs(6)]
    signs = signs_of(voices)
    readings = Readings([row_of(voice, signs) for voice in voices], 4, seed=3)
    seen = [
        (int(row[0, MODE]), int(row[0, TONIC]))
        for step in range(40)
        for row in readings.at(step).inputs
    ]
    assert {mode for mode, _tonic in seen} == {0, 1}
    assert {tonic for _mode, tonic in seen} == {2, 12}


def test_what_is_read_often_is_read_with_more_left_out() -> None:
    parts = [fitting_dropout(epochs) for epochs in (0.5, 4, 16, 64, 4096)]
    assert parts == sorted(parts)
    assert parts[0] > 0
    assert parts[-1] <= 0.5

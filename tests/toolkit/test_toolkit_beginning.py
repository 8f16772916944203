"""The net that a training begins with, and noise of a candidate's own."""

from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

import pytest
import torch
from torch import nn

from aigc_studio.api import Dataset, GeneratorError, TrainRequest
from aigc_studio.testing import draw, write_dataset
from aigc_studio.toolkit import load_network, network_to_train, noise, save_network

WIDE = {"width": 5}


class Net(nn.Module):
    def __init__(self, about: Mapping[str, Any]) -> None:
        super().__init__()
        self.only = nn.Linear(2, int(about["width"]))


@pytest.fixture
def data(tmp_path: Path) -> Dataset:
    return Dataset(write_dataset(tmp_path / "data", draw("image", 2)[0]))


def test_a_new_net_is_drawn_from_the_seed(data: Dataset) -> None:
    first, about = network_to_train(TrainRequest(dataset=data, seed=7), "tiny", Net, WIDE)
    torch.rand(3)  # whatever else was drawn meanwhile
    again, _about = network_to_train(TrainRequest(dataset=data, seed=7), "tiny", Net, WIDE)
    other, _about = network_to_train(TrainRequest(dataset=data, seed=8), "tiny", Net, WIDE)
    assert about == WIDE
    assert torch.equal(first.only.weight, again.only.weight)
    assert not torch.equal(first.only.weight, other.only.weight)


def test_a_model_is_trained_on_as_what_it_is(data: Dataset, tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    before = Net({"width": 3})
    save_network(tmp_path / "model", "tiny", before, {"width": 3})
    request = TrainRequest(dataset=data, model=tmp_path / "model")
    net, about = network_to_train(request, "tiny", Net, WIDE)
    assert about == {"width": 3}
    assert net.training
    assert torch.allclose(net.only.weight, before.only.weight, atol=1e-3)
    net.only(torch.ones(1, 2)).sum().backward()
    assert net.only.weight.grad is not None
    with torch.no_grad():
        net.only.weight.zero_()
    opened = load_network(tmp_path / "model", "tiny", Net).network
    assert opened.only.weight.abs().sum() > 0, "what it was begun from stays as it is"
    save_network(tmp_path / "model", "tiny", net, about)


def test_another_generators_model_is_refused(data: Dataset, tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    save_network(tmp_path / "model", "other", Net(WIDE), WIDE)
    with pytest.raises(GeneratorError, match="is not a model of this generator"):
        network_to_train(TrainRequest(dataset=data, model=tmp_path / "model"), "tiny", Net, WIDE)


def test_noise_is_the_candidates_own() -> None:
    drawn = noise(Random(3), 4000, 2)
    assert drawn.shape == (4000, 2)
    assert drawn.dtype == torch.float32
    assert abs(float(drawn.mean())) < 0.05
    assert abs(float(drawn.std()) - 1) < 0.05
    torch.rand(5)
    assert torch.equal(drawn, noise(Random(3), 4000, 2))
    rng = Random(3)
    assert not torch.equal(noise(rng, 9), noise(rng, 9))

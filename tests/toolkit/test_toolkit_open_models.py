"""Nets saved with their architecture, opened as what they are, and kept open."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from aigc_studio.api import Controls, Dataset, GeneratorError, StudioError, Text
from aigc_studio.testing import write_dataset
from aigc_studio.toolkit import (
    OpenModel,
    OpenModels,
    learnt_from,
    load_network,
    load_weights,
    read_card,
    read_settings,
    save_network,
    save_weights,
)

KIND = "tiny"


@dataclass(frozen=True)
class Settings:
    width: int = 4
    rate: float = 0.5
    name: str = ""
    deep: bool = False
    sides: tuple[int, ...] = (8,)

    def __post_init__(self) -> None:
        if not 1 <= self.width <= 64:
            raise ValueError("the width is from 1 to 64")


class Net(nn.Module):
    """A net with a table that it makes for itself and that is in no file."""

    table: Tensor

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.encoder = nn.Linear(3, settings.width)
        self.decoder = nn.Sequential(nn.Linear(settings.width, 3), nn.BatchNorm1d(3))
        self.register_buffer("table", torch.arange(3.0), persistent=False)

    def forward(self, values: Tensor) -> Tensor:
        made: Tensor = self.decoder(self.encoder(values)) + self.table
        return made


def build(about: Mapping[str, Any]) -> Net:
    return Net(read_settings(Settings, about["settings"]))


def write(folder: Path, width: int = 4, seed: int = 0, half: bool = True) -> Net:
    torch.manual_seed(seed)
    net = Net(Settings(width=width))
    save_network(folder, KIND, net, {"settings": {"width": width}, "classes": ["a"]}, half=half)
    return net


def load(folder: Path) -> OpenModel[Net]:
    return load_network(folder, KIND, build)


@pytest.mark.parametrize("width", [1, 4, 64])
def test_a_net_is_rebuilt_from_what_its_file_says(tmp_path: Path, width: int) -> None:
    net = write(tmp_path / "m", width).eval()
    found = load(tmp_path / "m")
    assert found.network.encoder.out_features == width
    assert found.about["classes"] == ["a"]
    assert found.name == "m"
    assert len(found.tag) == 8
    assert not found.network.training
    assert not any(each.requires_grad for each in found.network.parameters())
    given = torch.randn(5, 3)
    assert torch.allclose(found.network(given), net(given), atol=0.01)
    assert found.network.encoder.weight.dtype == torch.float32


def test_half_precision_halves_the_file_and_whole_keeps_every_bit(tmp_path: Path) -> None:
    write(tmp_path / "half", 64)
    net = write(tmp_path / "whole", 64, half=False)
    sizes = [(tmp_path / name / "weights.safetensors").stat().st_size for name in ("half", "whole")]
    assert sizes[0] < 0.7 * sizes[1]
    assert torch.equal(load(tmp_path / "whole").network.encoder.weight, net.encoder.weight)
    counted = load(tmp_path / "half").network.get_buffer("decoder.1.num_batches_tracked")
    assert counted.dtype == torch.int64


def test_what_half_precision_cannot_hold_is_kept_whole(tmp_path: Path) -> None:
    net = Net(Settings())
    with torch.no_grad():
        net.encoder.weight.fill_(1e6)
    save_network(tmp_path / "m", KIND, net, {"settings": {}})
    assert float(load(tmp_path / "m").network.encoder.weight.max()) == 1e6


@pytest.mark.parametrize(
    "about",
    [
        {},
        {"kind": "other", "settings": {}},
        {"kind": KIND},
        {"kind": KIND, "settings": []},
        {"kind": KIND, "settings": {"width": 0}},
        {"kind": KIND, "settings": {"width": "4"}},
        {"kind": KIND, "settings": {"width": 10**15}},
    ],
)
def test_what_this_generator_did_not_make_is_a_sentence(
    tmp_path: Path, about: dict[str, Any]
) -> None:
    save_weights(tmp_path / "weights.safetensors", {"a": torch.ones(1)}, about)
    with pytest.raises(GeneratorError, match="not a model of this generator") as caught:
        load(tmp_path)
    assert caught.value.zh


def test_another_architecture_than_the_file_says_is_a_sentence(tmp_path: Path) -> None:
    write(tmp_path / "m", 4)
    tensors, about = load_weights(tmp_path / "m" / "weights.safetensors")
    save_weights(
        tmp_path / "m" / "weights.safetensors", tensors, about | {"settings": {"width": 5}}
    )
    with pytest.raises(StudioError, match=r"does not fit: its part .* has size 3×4 where 3×5"):
        load(tmp_path / "m")
    odd = tensors | {"encoder.weight": tensors["encoder.weight"] * float("inf")}
    save_weights(tmp_path / "m" / "weights.safetensors", odd, about)
    with pytest.raises(GeneratorError, match="no longer numbers"):
        load(tmp_path / "m")


def test_models_stay_open_until_their_file_changes(tmp_path: Path) -> None:
    read: list[Path] = []

    def reading(folder: Path) -> OpenModel[Net]:
        read.append(folder)
        return load(folder)

    models = OpenModels(reading, most=2)
    write(tmp_path / "a")
    first = models.open(tmp_path / "a")
    assert models.open(tmp_path / "a") is first
    write(tmp_path / "a", seed=1)
    os.utime(tmp_path / "a" / "weights.safetensors", ns=(1, 1))
    again = models.open(tmp_path / "a")
    assert again is not first
    assert again.tag != first.tag
    for name in "bc":
        write(tmp_path / name)
        models.open(tmp_path / name)
    assert [each.name for each in read] == ["a", "a", "b", "c"]
    models.open(tmp_path / "a")
    assert [each.name for each in read][4:] == ["a"], "of three, two are kept"


def test_no_model_and_an_empty_folder_are_sentences(tmp_path: Path) -> None:
    models = OpenModels(load)
    with pytest.raises(GeneratorError, match="train one first") as caught:
        models.open(None)
    assert caught.value.parameter == "model"
    with pytest.raises(GeneratorError, match="no weights"):
        models.open(tmp_path)


def test_settings_come_from_plain_values() -> None:
    told = {"width": 7, "rate": 1, "deep": True, "sides": [4, 2], "from_next_year": 3}
    assert read_settings(Settings, told) == Settings(7, 1.0, "", True, (4, 2))
    wrong: list[Any] = [
        None, [], {"width": 1.5}, {"width": True}, {"rate": "1"}, {"rate": float("nan")},
        {"deep": 1}, {"sides": 3}, {"sides": ["x"]}, {"name": None}, {"width": 65},
        {"rate": 10**400},
    ]  # fmt: skip
    for each in wrong:
        with pytest.raises(ValueError, match=r".+"):
            read_settings(Settings, each)


def test_settings_that_are_missing_are_said() -> None:
    @dataclass(frozen=True)
    class Needy:
        width: int

    with pytest.raises(ValueError, match="missing"):
        read_settings(Needy, {})


def test_the_card_of_a_model_is_read_whoever_wrote_it(tmp_path: Path) -> None:
    assert read_card(None) == {}
    assert read_card(tmp_path) == {}
    for content in ("", "[1]", '{"a": '):
        (tmp_path / "card.json").write_text(content)
        assert read_card(tmp_path) == {}
    told = {"controls": {"controls": [{"name": "smile"}, {"low": 3}]}}
    (tmp_path / "card.json").write_text(json.dumps(told))
    card = read_card(tmp_path)
    assert [each.name for each in Controls.of_card(card).controls] == ["smile"]


def test_a_model_learnt_from_a_dataset_unless_its_card_says_another(tmp_path: Path) -> None:
    made, other = (
        Dataset(write_dataset(tmp_path / name, [Text(name)] * 3, medium="text"))
        for name in ("made", "other")
    )
    model = tmp_path / "model"
    model.mkdir()
    assert learnt_from(None, made)
    assert learnt_from(model, made)  # whose card says nothing of it
    (model / "card.json").write_text(json.dumps({"data": {"fingerprint": made.fingerprint}}))
    assert learnt_from(model, made)
    assert not learnt_from(model, other)
    for data in ("made", ["made"], {"fingerprint": None}):
        (model / "card.json").write_text(json.dumps({"data": data}))
        assert learnt_from(model, made)

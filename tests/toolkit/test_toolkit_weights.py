import pickle
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from toolkit_examples import environment
from torch import nn

from aigc_studio.api import StudioError
from aigc_studio.toolkit import load_weights, restore_network, save_weights, unfilled
from aigc_studio.toolkit.weights import count_parameters, weights_bytes


def some_tensors() -> dict[str, torch.Tensor]:
    shared = torch.arange(6.0).view(2, 3)
    return {"a": shared, "b": shared, "turned": shared.T, "n": torch.tensor(3)}


def test_what_is_saved_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "权重 é.safetensors"
    save_weights(path, some_tensors(), {"seed": 1, "名": "字"})
    tensors, about = load_weights(path)
    assert about == {"seed": 1, "名": "字"}
    assert all(torch.equal(tensors[name], value) for name, value in some_tensors().items())
    assert count_parameters(path) == 19


def test_the_same_weights_are_the_same_bytes() -> None:
    about = {"z": 1, "a": {"y": 2, "b": 3}}
    turned = {"a": {"b": 3, "y": 2}, "z": 1}
    reordered = dict(reversed(some_tensors().items()))
    assert weights_bytes(some_tensors(), about) == weights_bytes(reordered, turned)


class Trap:
    def __reduce__(self) -> Any:
        return (print, ("ran",))


def pickled(path: Path) -> None:
    path.write_bytes(pickle.dumps(Trap()))


def torch_saved(path: Path) -> None:
    torch.save({"a": torch.ones(2)}, path)


def zipped(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("data.pkl", pickle.dumps(Trap()))


@pytest.mark.parametrize("write", [pickled, torch_saved, zipped])
def test_a_renamed_pickle_is_refused_with_a_sentence(
    tmp_path: Path, write: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "weights.safetensors"
    write(path)
    with pytest.raises(StudioError, match="could run code") as caught:
        load_weights(path)
    assert "weights.safetensors" in str(caught.value)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("keep", [0, 5, 40, -3])
def test_a_file_that_was_cut_off_is_a_sentence(tmp_path: Path, keep: int) -> None:
    path = tmp_path / "weights.safetensors"
    path.write_bytes(weights_bytes(some_tensors(), {})[:keep])
    with pytest.raises(StudioError, match=r"weights\.safetensors are damaged"):
        load_weights(path)


def test_a_header_that_claims_more_than_there_is_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "weights.safetensors"
    path.write_bytes((2**60).to_bytes(8, "little") + b"{}")
    with pytest.raises(StudioError, match="damaged"):
        load_weights(path)


def test_a_missing_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="cannot be read"):
        load_weights(tmp_path / "weights.safetensors")


def test_weights_of_another_net_are_one_sentence_and_change_nothing() -> None:
    net = nn.Linear(3, 2)
    before = net.weight.clone()
    other = {f"net.{name}": value for name, value in nn.Linear(4, 2).state_dict().items()}
    with pytest.raises(StudioError, match="its part weight has size 2×4 where 2×3") as caught:
        restore_network(net, other, "Digits", "net.")
    assert "state_dict" not in str(caught.value)
    assert torch.equal(net.weight, before)
    with pytest.raises(StudioError, match="has no part bias"):
        restore_network(net, {"net.weight": net.weight}, "Digits", "net.")
    with pytest.raises(StudioError, match="does not know"):
        restore_network(nn.Linear(3, 2, bias=False), net.state_dict(), "Digits")


def test_naming_the_toolkit_does_not_import_torch() -> None:
    code = "import sys, aigc_studio.toolkit; sys.exit('torch' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", code], env=environment(), check=False).returncode == 0
    )


def test_every_length_of_what_is_said_can_be_read(tmp_path: Path) -> None:
    # The file begins with the length of its header: one in 32 begins as a pickle does.
    path = tmp_path / "weights.safetensors"
    first = set()
    for length in range(256):
        save_weights(path, {"a": torch.ones(1)}, {"x": "y" * length}, durable=False)
        first.add(path.read_bytes()[0])
        assert load_weights(path)[1] == {"x": "y" * length}
    assert 0x80 in first


def nets() -> nn.Module:
    """Parts that begin with every kind of start value."""
    linear, lstm = nn.Linear(3, 3), nn.LSTM(3, 3)
    nn.init.trunc_normal_(linear.weight)
    nn.init.orthogonal_(lstm.all_weights[0][1])
    whole = nn.Sequential(nn.Embedding(4, 3), linear, nn.Conv2d(1, 2, 3), lstm)
    whole.append(nn.BatchNorm1d(3))
    return whole


def test_unfilled_networks_take_the_tensors_of_a_file() -> None:
    torch.manual_seed(5)
    filled, former = nets(), torch.get_rng_state()
    with unfilled():
        empty = nets()
    assert all(part.is_meta for part in (*empty.parameters(), *empty.buffers()))
    assert torch.equal(torch.get_rng_state(), former)
    tensors = {key: value.clone() for key, value in filled.state_dict().items()}
    restore_network(empty, tensors, "m")
    again = empty.state_dict()
    assert all(torch.equal(again[key], value) for key, value in tensors.items())


def test_outside_the_block_networks_are_filled_as_ever() -> None:
    with unfilled():
        pass
    assert not nn.Linear(2, 2).weight.is_meta


def test_opening_a_network_imports_no_compiler(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from torch import nn\n"
        "from aigc_studio.api import GenerateRequest\n"
        "from aigc_studio.toolkit import choose_device, unfilled\n"
        "choose_device(GenerateRequest(device='cpu', threads=1, folder=Path('.')))\n"
        "with unfilled():\n"
        "    nn.Sequential(nn.Embedding(4, 3), nn.Linear(3, 3), nn.Conv2d(1, 2, 3))\n"
        "raise SystemExit('torch._dynamo' in sys.modules or 'torch._inductor' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], env=environment(), check=False)
    assert done.returncode == 0

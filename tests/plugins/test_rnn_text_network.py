"""The net: what it reads and says, cell by cell; its state; what a model's file may hold."""

from typing import Any

import pytest
import torch
from rnn_text.network.net import State, Writer
from rnn_text.settings import WriterSettings
from torch import Tensor, nn

from aigc_studio.toolkit.sequences import swift_gru

CELLS = ("gru", "lstm", "tanh")


def writer(**settings: Any) -> Writer:
    chosen: dict[str, Any] = {"symbols": 11, "width": 12, "embedding": 6} | settings
    torch.manual_seed(1)
    return Writer(WriterSettings(**chosen))


def parts(state: State) -> tuple[Tensor, ...]:
    return (state,) if isinstance(state, Tensor) else state


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("tied", [False, True])
@pytest.mark.parametrize("layers", [1, 3])
def test_reading_in_two_goes_is_reading_at_once(cell: str, tied: bool, layers: int) -> None:
    net = writer(cell=cell, tied=tied, layers=layers).eval()
    symbols = torch.randint(11, (2, 9))
    whole, end = net.read(symbols)
    first, state = net.read(symbols[:, :4])
    rest, after = net.read(symbols[:, 4:], state)
    assert whole.shape == (2, 9, 11)
    torch.testing.assert_close(torch.cat([first, rest], 1), whole)
    for one, other in zip(parts(after), parts(end), strict=True):
        assert one.shape == (layers, 2, 12)
        torch.testing.assert_close(one, other)
    assert net.outputs(symbols)[0].shape == (2, 9, 6 if tied else 12)
    torch.testing.assert_close(net.logits(net.outputs(symbols)[0]), whole)


def test_in_training_the_gated_cell_does_in_less_time_what_torch_does() -> None:
    torch.manual_seed(1)
    layer = nn.GRU(5, 7, batch_first=True).double()
    flow = torch.randn(3, 6, 5, dtype=torch.double, requires_grad=True)
    state = torch.randn(1, 3, 7, dtype=torch.double, requires_grad=True)
    told = []
    for found, after in (layer(flow, state), swift_gru(layer, flow, state)):
        loss = found.square().sum() + after.pow(3).sum()
        wanted = [flow, state, *layer.parameters()]
        told.append([found, after, *torch.autograd.grad(loss, wanted)])
    for one, other in zip(*told, strict=True):
        torch.testing.assert_close(one, other)
    fresh = swift_gru(layer, flow, None)[0]
    torch.testing.assert_close(fresh, layer(flow)[0])


def test_a_tied_output_has_the_numbers_of_the_input() -> None:
    net = writer(tied=True)
    assert net.output_weight is net.embedding.weight
    assert net.output_bias.shape == (11,)
    assert "output.weight" not in net.state_dict()
    assert writer().output_weight is not writer().embedding.weight


def test_dropout_leaves_out_the_same_all_along_a_row() -> None:
    net = writer().train()
    net.dropout = 0.5
    flow = net._thinned(torch.ones(3, 7, 40), None)
    assert bool((flow == flow[:, :1]).all())
    assert {0.0, 2.0} == set(flow.flatten().tolist())
    assert not torch.equal(flow[0], flow[1])
    assert torch.equal(net.eval()._thinned(torch.ones(2, 2, 2), None), torch.ones(2, 2, 2))


def test_the_unknown_says_nothing_at_first_and_a_memory_begins_by_keeping() -> None:
    net = writer(cell="lstm")
    assert not net.embedding.weight[0].any()
    assert bool((net.layers[0].bias_ih_l0[12:24] == 1).all())  # type: ignore[index]


@pytest.mark.parametrize(
    "settings",
    [{"cell": "magic"}, {"width": 0}, {"symbols": 1}, {"layers": 9}, {"embedding": 1e9}],
)
def test_what_cannot_be_built_is_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        WriterSettings(**({"symbols": 5} | settings))

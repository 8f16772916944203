"""The same seed gives the same bytes; a request's parameters; one loss, several optimisers."""

import pytest
import torch
from torch import Tensor, nn

from aigc_studio.api import GenerateRequest, Parameters, parameter
from aigc_studio.toolkit import Learner, distributed, each_alone, exactly, parameters_of


class Knobs(Parameters):
    """Two of them."""

    size: int = parameter(4, "Size", minimum=1, maximum=9)
    name: str = parameter("x", "Name")


def test_parameters_are_of_their_class_whoever_asks() -> None:
    assert parameters_of(GenerateRequest(), Knobs) == Knobs()
    assert parameters_of(GenerateRequest(parameters={"size": 7}), Knobs).size == 7
    given = Knobs(size=2)
    assert parameters_of(GenerateRequest(parameters=given), Knobs) is given


def test_exactly_is_one_thread_of_the_cpu_whatever_was_asked_for() -> None:
    before = torch.get_num_threads()
    try:
        assert exactly(GenerateRequest(device="no such thing", threads=3)).type == "cpu"
        assert torch.get_num_threads() == 1
    finally:
        torch.set_num_threads(before)


def test_what_is_drawn_together_is_what_is_drawn_alone() -> None:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    net = nn.Sequential(
        nn.Linear(24, 32 * 49), nn.Unflatten(1, (32, 7, 7)), nn.Conv2d(32, 16, 3, padding=1)
    )
    latents = torch.randn(8, 24)
    try:
        with torch.no_grad(), each_alone():
            together = net(latents)
            for n in range(8):
                assert torch.equal(net(latents[n : n + 1])[0], together[n])
            assert torch.equal(net(latents[3:])[0], together[3])
    finally:
        torch.set_num_threads(before)
    assert torch.backends.mkldnn.enabled


class Pair(Learner):
    """Two halves of one product, each with an optimiser of its own."""

    def __init__(self) -> None:
        torch.manual_seed(0)
        self.first, self.second = nn.Linear(3, 4), nn.Linear(4, 1)
        super().__init__(
            {"first": self.first, "second": self.second},
            {
                "first": torch.optim.SGD(self.first.parameters(), 0.1),
                "second": torch.optim.SGD(self.second.parameters(), 0.3),
            },
        )

    def loss(self) -> Tensor:
        made: Tensor = self.second(self.first(torch.ones(2, 3))).square().mean()
        return made


def test_one_loss_moves_several_nets_each_at_its_own_rate() -> None:
    pair, alone = Pair(), Pair()
    expected = alone.loss()
    expected.backward()  # type: ignore[no-untyped-call]
    # What is left of an earlier loss does not count.
    pair.loss().backward()  # type: ignore[no-untyped-call]
    assert pair.descend(("first", "second"), pair.loss(), rate=0.5) == float(expected.detach())
    for net, other, rate in ((pair.first, alone.first, 0.05), (pair.second, alone.second, 0.15)):
        assert other.weight.grad is not None
        assert torch.allclose(net.weight, other.weight - rate * other.weight.grad)


def test_one_name_moves_that_net_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    shared: list[int] = []
    monkeypatch.setattr(
        distributed, "average_gradients", lambda parameters: shared.append(len(list(parameters)))
    )
    pair = Pair()
    before = [each.weight.detach().clone() for each in (pair.first, pair.second)]
    pair.descend("second", pair.loss())
    assert torch.equal(pair.first.weight, before[0])
    assert not torch.equal(pair.second.weight, before[1])
    pair.descend(("first", "second"), pair.loss())
    assert shared == [2, 2, 2], "gradients are averaged over the processes before each step"


def test_sparse_gradients_are_averaged_as_dense_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each process has touched other rows: here the other one has the gradient 4 everywhere."""
    monkeypatch.setattr(distributed, "world_size", lambda: 2)
    monkeypatch.setattr(distributed, "note_shared", lambda: None)
    monkeypatch.setattr(distributed.dist, "all_reduce", lambda flat: flat.add_(4))
    table = nn.Embedding(3, 2, sparse=True)
    table(torch.tensor([1, 1])).sum().backward()
    distributed.average_gradients([table.weight, nn.Parameter(torch.zeros(1))])
    assert table.weight.grad is not None
    assert table.weight.grad.tolist() == [[2, 2], [3, 3], [2, 2]]

"""A loss in parts on several threads: the same gradients, the same each time, and nothing left."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
import torch
from torch import Tensor, nn

from aigc_studio.toolkit import Moment, rows_abreast
from aigc_studio.toolkit.abreast import differentiate, end_threads


@pytest.fixture(params=[2, 3])
def threads(request: pytest.FixtureRequest) -> Iterator[int]:
    before = torch.get_num_threads()
    torch.set_num_threads(request.param)
    yield request.param
    torch.set_num_threads(before)
    end_threads()


def slopes(net: nn.Module) -> list[Tensor]:
    return [each.grad.clone() for each in net.parameters() if each.grad is not None]


def test_rows_are_dealt_out_where_each_thread_has_enough(threads: int) -> None:
    rows = torch.zeros(1)
    assert rows_abreast(32, rows) == {2: [16, 16], 3: [10, 11, 11]}[threads]
    assert rows_abreast(16, rows) == [8, 8]
    assert rows_abreast(15, rows) == [15]
    assert rows_abreast(32, torch.zeros(1, device="meta")) == [32]
    torch.set_num_threads(1)
    assert rows_abreast(32, rows) == [32]


def test_parts_have_the_gradients_of_the_whole_the_same_each_time(threads: int) -> None:
    torch.manual_seed(0)
    net, rows = nn.GRU(5, 7, batch_first=True), torch.randn(24, 9, 5)
    gates = list(net.parameters())

    def whole(part: Tensor) -> Tensor:
        outputs: Tensor = net(part)[0]
        return outputs.square().sum()

    told = differentiate([lambda: whole(rows)], gates)
    alone = slopes(net)
    found = []
    for _time in range(2):
        parts = [lambda part=part: whole(part) for part in rows.chunk(threads)]
        torch.testing.assert_close(differentiate(parts, gates), told)
        found.append(slopes(net))
    for one, first, second in zip(alone, *found, strict=True):
        torch.testing.assert_close(one, first)
        assert torch.equal(first, second)
    assert torch.get_num_threads() == threads


def test_what_a_part_does_not_use_has_the_gradient_of_the_others(threads: int) -> None:
    first, second, unused = (torch.ones(2, requires_grad=True) for _ in range(3))
    losses = [lambda: (first * 2).sum(), lambda: (first * second).sum()]
    differentiate(losses, [first, second, unused])
    assert first.grad is not None
    assert second.grad is not None
    assert first.grad.tolist() == [3, 3]
    assert second.grad.tolist() == [1, 1]
    assert unused.grad is None


def test_a_part_that_fails_is_told_when_all_have_ended(threads: int) -> None:
    weight, ended = torch.ones(1, requires_grad=True), []

    def fails() -> Tensor:
        raise ArithmeticError("no such loss")

    def ends() -> Tensor:
        ended.append(True)
        return weight.sum()

    with pytest.raises(ArithmeticError, match="no such loss"):
        differentiate([fails, ends], [weight])
    assert ended == [True]
    assert torch.get_num_threads() == threads
    assert float(differentiate([ends, ends], [weight])) == 2


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_forked_process_has_threads_of_its_own(threads: int) -> None:
    weight = torch.ones(1, requires_grad=True)
    differentiate([weight.sum, weight.sum], [weight])
    child = os.fork()
    if not child:  # pragma: no cover
        made = float(differentiate([weight.sum, weight.sum], [weight]))
        os._exit(0 if made == 2 else 1)
    assert os.waitpid(child, 0)[1] == 0


def test_parts_draw_from_sources_of_their_own() -> None:
    def drawn(parts: int) -> list[float]:
        sources = Moment(3, 9, 0.3, torch.Generator().manual_seed(4)).sources(parts)
        return [float(torch.rand((), generator=each)) for each in sources]

    assert drawn(3) == drawn(3)
    assert len(set(drawn(3))) == 3
    assert Moment(3, 9, 0.3, torch.Generator()).sources(1) == [None]

"""What fills a gap learns by itself, and picks what it reads row by row."""

import torch
from torch import nn

from aigc_studio.toolkit.sequences import frozen_but, gathered


def test_only_the_named_part_learns_and_all_do_afterwards() -> None:
    network = nn.ModuleDict({"left": nn.Linear(2, 2), "right": nn.Linear(2, 1)})
    network["left"].bias.requires_grad_(False)
    before = [each.requires_grad for each in network.parameters()]
    with frozen_but(network, "right"):
        network["right"](network["left"](torch.ones(1, 2))).sum().backward()
    assert network["left"].weight.grad is None
    assert network["right"].weight.grad is not None
    assert [each.requires_grad for each in network.parameters()] == before


def test_each_row_gives_the_values_at_its_own_places() -> None:
    values = torch.arange(12.0).view(2, 3, 2)
    found = gathered(values, torch.tensor([[2, 0], [1, 1]]))
    assert found.tolist() == [[[4, 5], [0, 1]], [[8, 9], [8, 9]]]

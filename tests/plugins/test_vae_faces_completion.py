"""The filler: exact outside the hole, most likely first, and candidates that differ."""

import copy
from functools import lru_cache

import pytest
import torch
from torch import Tensor
from vae_faces.network.completion import Filler, filling_losses
from vae_faces.network.diffusion import first_guess

from aigc_studio.toolkit import Moment


def source(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def awake(side: int, channels: int) -> Filler:
    """A small net whose every weight does something."""
    torch.manual_seed(0)
    filler = Filler(side, channels, width=8, noise_size=5)
    with torch.no_grad():
        for weight in filler.parameters():
            weight.add_(0.1 * torch.randn(weight.shape))
    return filler


def pictures(count: int, side: int, channels: int = 1, seed: int = 0) -> Tensor:
    """Discs, light or dark in their middle: what is in the middle cannot be told from the rim."""
    draw = source(seed)
    place = torch.linspace(-1, 1, side)
    middle = (torch.rand(count, 2, 1, 1, generator=draw) - 0.5) * 0.3
    apart = ((place[None, :, None] - middle[:, 0]) ** 2 + (place - middle[:, 1]) ** 2).sqrt()
    light = torch.randint(2, (count, 1, 1), generator=draw) * 1.4 - 0.7
    plane = torch.where(apart < 0.2, light, torch.where(apart < 0.7, 0.2, -0.8))
    return plane[:, None].repeat(1, channels, 1, 1)


def middle_hole(count: int, side: int) -> Tensor:
    hole = torch.zeros(count, 1, side, side)
    hole[:, :, side // 3 : -side // 3, side // 3 : -side // 3] = 1
    return hole


@pytest.mark.parametrize(("side", "channels"), [(32, 4), (40, 1), (64, 3), (96, 1), (128, 4)])
def test_outside_the_hole_every_bit_stays(side: int, channels: int) -> None:
    filler, values = awake(side, channels), torch.rand(2, channels, side, side) * 2 - 1
    hole = middle_hole(2, side)
    filled = filler.fill(values, hole, torch.randn(2, 5, generator=source()))
    outside = (hole == 0).expand_as(values)
    assert filled.shape == values.shape
    assert filled.dtype == torch.float32
    assert torch.equal(filled[outside], values[outside])
    assert not torch.equal(filled, values)
    assert filled.abs().max() <= 1


def test_holes_of_none_of_one_and_of_all() -> None:
    filler, values = awake(32, 1), pictures(1, 32)
    none = torch.zeros(1, 1, 32, 32)
    one, noise = none.clone(), torch.ones(1, 5)
    one[..., 7, 9] = 1
    assert torch.equal(filler.fill(values, none, noise), values)
    assert int((filler.fill(values, one, noise) != values).sum()) == 1
    whole = filler.fill(values, 1 - none, noise)
    assert whole.isfinite().all()
    assert torch.equal(whole, filler.fill(-values, 1 - none, noise))


def test_what_lies_in_the_hole_does_not_matter() -> None:
    filler, values, hole = awake(32, 1), pictures(2, 32), middle_hole(2, 32)
    noise = torch.randn(2, 5, generator=source())
    emptied = torch.where(hole > 0, 0.123, values)
    assert torch.equal(filler.fill(values, hole, noise), filler.fill(emptied, hole, noise))


def test_noise_strays_from_the_most_likely_as_far_as_it_is_long() -> None:
    filler, values, hole = awake(32, 1), pictures(1, 32), middle_hole(1, 32)
    noise = torch.randn(1, 5, generator=source())
    likely = filler.fill(values, hole, torch.zeros(1, 5))
    ways = [float((filler.fill(values, hole, t * noise) - likely).norm()) for t in (1e-4, 0.3, 1)]
    assert 0 < ways[0] < 1e-2
    assert ways[0] < ways[1] < ways[2]
    assert torch.equal(likely, filler.fill(values, hole, torch.zeros(1, 5)))


def test_restoring_keeps_shape_and_range() -> None:
    for side, channels in ((32, 3), (40, 4), (96, 1)):
        values = torch.rand(2, channels, side, side) * 2 - 1
        restored = awake(side, channels).restore(values)
        assert restored.shape == values.shape
        assert restored.abs().max() <= 1


def test_an_untaught_filler_gives_the_diffusion() -> None:
    filler, values, hole = Filler(32, 1, width=8), pictures(1, 32), middle_hole(1, 32)
    guess = torch.from_numpy(first_guess(values.numpy(), hole.numpy()))
    filled = filler.fill(values, hole, torch.zeros(1, filler.noise_size))
    assert torch.equal(filled, torch.where(hole > 0, guess.clamp(-1, 1), values))
    assert torch.equal(filler.restore(values), values)


def test_both_shipped_sizes_are_small() -> None:
    for channels in (1, 3):
        assert sum(weight.numel() for weight in Filler(64, channels).parameters()) <= 600_000


@pytest.mark.parametrize("count", [1, 2, 9])
def test_every_part_learns_from_a_batch_of_any_size(count: int) -> None:
    filler = awake(32, 3)
    losses = filling_losses(filler, pictures(count, 32, 3), Moment(0, 10, 0.0, source()))
    assert set(losses) == {"fill", "variety", "restore"}
    torch.stack(list(losses.values())).sum().backward()  # type: ignore[no-untyped-call]
    for name, weight in filler.named_parameters():
        assert weight.grad is not None, name
        assert weight.grad.abs().sum() > 0, name


def test_straying_leaves_the_most_likely_alone() -> None:
    filler = awake(32, 1)
    losses = filling_losses(filler, pictures(8, 32), Moment(0, 10, 0.0, source()))
    losses["variety"].backward()  # type: ignore[no-untyped-call]
    taught = {
        name.split(".")[0] for name, each in filler.named_parameters() if each.grad is not None
    }
    assert taught == {"straying"}


def test_the_losses_come_from_the_moment_alone() -> None:
    filler, values = awake(32, 1), pictures(8, 32)
    torch.manual_seed(1)
    first = filling_losses(filler, values, Moment(3, 10, 0.3, source(4)))
    torch.manual_seed(2)
    again = filling_losses(filler, values, Moment(3, 10, 0.3, source(4)))
    assert {name: float(loss.detach()) for name, loss in first.items()} == {
        name: float(loss.detach()) for name, loss in again.items()
    }


@lru_cache
def taught() -> Filler:
    """A small filler that has seen discs for some seconds."""
    torch.manual_seed(0)
    filler, draw = Filler(32, 1, width=8, noise_size=4), source(1)
    optimiser = torch.optim.AdamW(filler.parameters(), lr=5e-3, betas=(0.9, 0.99), fused=True)
    for step in range(80):
        losses = filling_losses(filler, pictures(16, 32, seed=step), Moment(step, 1, 0.0, draw))
        optimiser.zero_grad()
        torch.stack(list(losses.values())).sum().backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(filler.parameters(), 1.0)
        optimiser.step()
    return filler


def error(found: Tensor, truth: Tensor, hole: Tensor) -> float:
    return float(((found - truth).square() * hole).sum() / hole.sum())


def mean_decibels(found: Tensor, truth: Tensor, hole: Tensor) -> float:
    wrong = ((found - truth).square() * hole).sum(dim=(1, 2, 3)) / hole.sum(dim=(1, 2, 3))
    return float(-10 * (wrong + 1e-4).log10().mean())


def test_what_was_learned_fills_better_than_diffusion() -> None:
    filler, truth = taught(), pictures(32, 32, seed=10_000)
    hole = torch.zeros(32, 1, 32, 32)
    hole[:, :, 8:24, 1:13] = 1  # over the disc's left rim, which goes on round
    filled = filler.fill(truth, hole, torch.zeros(32, 4))
    guess = torch.from_numpy(first_guess(truth.numpy(), hole.numpy()))
    assert mean_decibels(filled, truth, hole) > mean_decibels(guess, truth, hole) + 1


def test_candidates_truly_differ_and_not_at_random() -> None:
    filler, truth, hole = taught(), pictures(32, 32, seed=10_001), middle_hole(32, 32)
    draw = source(5)
    drawn = [filler.fill(truth, hole, torch.randn(32, 4, generator=draw)) for _each in range(6)]
    spread = torch.stack(drawn).var(dim=0)
    inside = float((spread * hole).sum() / hole.sum())
    likely = filler.fill(truth, hole, torch.zeros(32, 4))
    assert inside > 0.1 * error(likely, truth, hole)  # they span a part of what is not known
    best = torch.stack([((each - truth).square() * hole).sum(dim=(1, 2, 3)) for each in drawn])
    usual = ((likely - truth).square() * hole).sum(dim=(1, 2, 3))
    assert float(best.amin(dim=0).mean()) < 0.9 * float(usual.mean())  # one of them comes nearer


def test_restoring_was_learned_beside() -> None:
    truth = pictures(32, 32, seed=10_002)
    noisy = (truth + 0.2 * torch.randn(truth.shape, generator=source())).clamp(-1, 1)
    whole = torch.ones(32, 1, 32, 32)
    assert error(taught().restore(noisy), truth, whole) < 0.95 * error(noisy, truth, whole)


def test_a_filler_is_its_weights() -> None:
    filler = taught()
    other = Filler(32, 1, width=8, noise_size=4)
    other.load_state_dict(copy.deepcopy(filler.state_dict()))
    values, hole = pictures(1, 32), middle_hole(1, 32)
    noise = torch.ones(1, 4)
    assert torch.equal(filler.fill(values, hole, noise), other.fill(values, hole, noise))

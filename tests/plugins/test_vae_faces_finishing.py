"""The finisher: hairlines are drawn at the picture's own pixels, and all else is left alone."""

from functools import lru_cache

import pytest
import torch
from torch import Tensor
from vae_faces.network.completion import Filler
from vae_faces.network.finishing import finishing_loss, hairlines, scratches_for
from vae_faces.training.damage import draw_scratches
from vae_faces.training.varying import moved, varied

from aigc_studio.toolkit import Moment


def source(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def bars(count: int, side: int = 32, seed: int = 0) -> Tensor:
    """Stripes three pixels wide in two tones, and wherever they begin: nothing smooth fits them."""
    begin = torch.randint(6, (count, 1, 1, 1), generator=source(seed))
    tones = ((torch.arange(side) + begin) // 3 % 2) * 1.2 - 0.6
    return tones.float().expand(count, 1, side, side).clone()


def a_scratch(count: int = 1, side: int = 32, wide: int = 3) -> Tensor:
    hole = torch.zeros(count, 1, side, side)
    hole[..., 9 : 9 + wide] = 1
    return hole


@pytest.mark.parametrize(("wide", "thin"), [(1, True), (3, True), (6, True), (7, False)])
def test_what_is_wider_than_six_pixels_is_no_hairline(wide: int, thin: bool) -> None:
    hole = a_scratch(wide=wide)
    assert torch.equal(hairlines(hole), hole * thin)


def test_a_hole_beside_a_scratch_is_told_apart() -> None:
    scratch, hole = a_scratch(), torch.zeros(1, 1, 32, 32)
    hole[..., 10:20, 18:30] = 1
    assert torch.equal(hairlines(scratch + hole), scratch)
    whole = torch.ones(1, 1, 32, 32)
    assert not hairlines(whole).any()


def test_scratches_to_learn_from_are_thin_and_never_empty() -> None:
    holes = draw_scratches(100, 64, source())
    assert holes.shape == (100, 1, 64, 64)
    assert float(holes.amax(dim=(1, 2, 3)).min()) == 1
    assert float(hairlines(holes).sum() / holes.sum()) > 0.9


def test_moving_by_whole_pixels_softens_nothing() -> None:
    values = bars(8)
    shifted = moved(values, 0.5, True, source())
    tones = [len(each.unique()) for each in shifted]
    assert tones == [2] * 8
    assert not torch.equal(shifted, values)
    assert max(len(each.unique()) for each in varied(values, 0.5, True, source())) > 20


@lru_cache
def taught() -> Filler:
    """A filler whose finisher has seen stripes for some seconds, and which itself knows nothing."""
    torch.manual_seed(0)
    filler = Filler(32, 1, width=8, noise_size=4, fine=8)
    assert filler.finisher is not None
    optimiser = torch.optim.AdamW(filler.finisher.parameters(), lr=1e-2, fused=True)
    for step in range(60):
        values = bars(8, seed=step)
        hole = scratches_for(values, Moment(step, 60, 0.0, source(step)))
        start = filler.guess(values, hole)
        drawn = filler.finished(filler(start, hole)[0], start, hole)
        optimiser.zero_grad()
        finishing_loss(drawn, values, hole).backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    assert all(each.grad is None for each in filler.trunk.parameters())
    return filler


def filled(filler: Filler, values: Tensor, hole: Tensor) -> Tensor:
    return filler.fill(values, hole, torch.zeros(len(values), filler.noise_size))


def test_what_it_learnt_is_seen_in_scratches_alone() -> None:
    finer, plain = taught(), Filler(32, 1, width=8, noise_size=4)
    plain.load_state_dict(finer.state_dict(), strict=False)
    values, scratch, hole = bars(6, seed=99), a_scratch(6), torch.zeros(6, 1, 32, 32)
    hole[..., 8:24, 18:30] = 1
    errors = [
        float(((filled(each, values, scratch) - values) * scratch).square().sum())
        for each in (finer, plain)
    ]
    assert errors[0] < 0.5 * errors[1]
    assert torch.equal(filled(finer, values, hole), filled(plain, values, hole))
    outside = scratch == 0
    assert torch.equal(filled(finer, values, scratch)[outside], values[outside])


def test_untaught_it_is_the_mean_of_both_ways_to_look() -> None:
    torch.manual_seed(0)
    filler = Filler(32, 1, width=8, noise_size=4, fine=8)
    with torch.no_grad():
        filler.head.weight.normal_(std=0.1)
    plain = Filler(32, 1, width=8, noise_size=4)
    plain.load_state_dict(filler.state_dict(), strict=False)
    values, scratch = bars(2), a_scratch(2)
    start = plain.guess(values, scratch)
    one = plain(start, scratch)[0]
    two = plain(start.flip(3), scratch.flip(3))[0].flip(3)
    wanted = torch.where(scratch > 0, ((one + two) / 2).clamp(-1, 1), values)
    assert torch.allclose(filled(filler, values, scratch), wanted, atol=1e-6)


def test_a_stain_on_even_skin_costs_more_than_the_same_error_in_what_is_uneven() -> None:
    even, hole = torch.zeros(1, 1, 32, 32), a_scratch()
    even += 0.02 * torch.randn(even.shape, generator=source())
    uneven = bars(1) + even
    costs = [float(finishing_loss(each + 0.1, each, hole)) for each in (even, uneven)]
    assert costs[0] > costs[1] + 0.5
    exact = [float(finishing_loss(each, each, hole)) for each in (even, uneven)]
    assert exact == pytest.approx([2 * float(torch.tensor(1e-3).log())] * 2, abs=1e-3)

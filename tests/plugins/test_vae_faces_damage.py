"""Holes and damage that a training draws."""

import pytest
import torch
from torch import Tensor
from vae_faces.network.diffusion import is_hairline
from vae_faces.training.damage import KINDS, damaged, draw_holes


def source(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def waves(count: int, channels: int, side: int) -> Tensor:
    along = torch.linspace(0, 9, side)
    plane = (along[:, None] * 1.3).sin() * (along[None] * 0.7).cos()
    return (plane * 0.8).expand(count, channels, side, side).clone()


@pytest.mark.parametrize("side", [32, 40])
def test_holes_are_of_all_kinds_and_never_empty(side: int) -> None:
    holes = draw_holes(200, side, source())
    assert holes.shape == (200, 1, side, side)
    assert torch.equal(holes, (holes > 0).float())
    covered = holes.mean(dim=(1, 2, 3))
    assert covered.min() > 0
    assert (covered < 0.12).float().mean() > 0.15  # few scratches, small patches
    assert ((covered > 0.12) & (covered < 0.4)).float().mean() > 0.2  # patches
    assert (covered == 1).sum() >= 1
    assert sum(is_hairline(hole[0].numpy() > 0, 3) for hole in holes) > 20


def test_scratches_can_be_asked_for() -> None:
    def hairlines(scratches: float) -> int:
        holes = draw_holes(100, 32, source(), scratches)
        return sum(is_hairline(hole[0].numpy() > 0, 3) for hole in holes)

    assert hairlines(0.0) < hairlines(0.35) < hairlines(1.0)
    assert hairlines(1.0) > 90


def test_holes_come_from_the_generator_alone() -> None:
    torch.manual_seed(1)
    first = draw_holes(8, 32, source(3))
    torch.manual_seed(2)
    again, other = draw_holes(8, 32, source(3)), draw_holes(8, 32, source(4))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


@pytest.mark.parametrize("name", list(KINDS))
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_more_strength_is_more_damage(name: str, channels: int) -> None:
    values = waves(2, channels, 48)
    errors = []
    for strength in (0.0, 0.5, 1.0):
        worn = KINDS[name](values, strength, source())
        assert worn.shape == values.shape
        assert worn.dtype == torch.float32
        assert float(worn.min()) >= -1.001
        assert float(worn.max()) <= 1.001
        errors.append(float((worn - values)[:, :3].square().mean()))
    assert 0 < errors[0] < errors[1] < errors[2]


def test_a_jpeg_keeps_opacity() -> None:
    values = waves(1, 4, 32)
    assert torch.equal(KINDS["compression"](values, 1.0, None)[:, 3], values[:, 3])


def test_damage_comes_from_the_generator_alone() -> None:
    values = waves(6, 3, 32)
    torch.manual_seed(1)
    first = damaged(values, source(5))
    torch.manual_seed(2)
    assert torch.equal(first, damaged(values, source(5)))
    assert not torch.equal(first, values)
    assert first.shape == values.shape
    assert damaged(values[:0], source()).shape == values[:0].shape

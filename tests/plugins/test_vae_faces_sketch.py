"""The sketch of VAE faces: what principal components say of pictures before anything is learnt."""

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor
from vae_faces.model import open_model
from vae_faces.network.diffusion import first_guess
from vae_faces.network.net import Faces
from vae_faces.network.sketch import EACH, FEWEST, MOST, Sketch, components_for
from vae_faces.settings import FacesSettings
from vae_faces.training.step import FacesStep, Recipe
from vae_faces_examples import TRAITS, heads, write_model

from aigc_studio.toolkit import image_planes, to_values

SIDE = 32
SHAPE = (3, SIDE, SIDE)


def sums(count: int, seed: int, codes: Tensor | None = None) -> Tensor:
    """Pictures that are sums of six smooth ones, of which the first go by the codes."""
    source = torch.Generator().manual_seed(7)
    coarse = torch.randn(6, 3, 4, 4, generator=source)
    parts = torch.nn.functional.interpolate(coarse, size=SIDE, mode="bicubic").flatten(1) / 12
    weights = torch.randn(count, 6, generator=torch.Generator().manual_seed(seed))
    if codes is not None:
        weights[:, : codes.shape[1]] = codes
    return (weights @ parts + 0.1).view(count, *SHAPE)


def fitted(values: Tensor, codes: Tensor | None = None, count: int = 8, numbers: int = 8) -> Sketch:
    sketch = Sketch(count, SHAPE, 0 if codes is None else codes.shape[1], numbers)
    sketch.fit(values, codes)
    return sketch


def with_sketch(seed: int = 0) -> Faces:
    small: dict[str, Any] = {"width": 8, "globals": 12, "grids": (2, 1), "style": 8}
    torch.manual_seed(seed)
    return Faces(FacesSettings(side=SIDE, contrast=True, sketch=8, **small), TRAITS)


def known() -> tuple[Tensor, Tensor]:
    """Planes of heads, and what is known of their attributes."""
    pairs = heads(60, SIDE)
    planes = torch.stack([image_planes(picture, SIDE, "RGB") for picture, _told in pairs])
    return planes, TRAITS.targets([told for _picture, told in pairs])


def test_pictures_that_are_few_or_large_have_fewer_components_or_none() -> None:
    assert components_for(100_000, 3 * 64 * 64) == MOST
    assert components_for(FEWEST * EACH, 3 * 64 * 64) == FEWEST
    assert components_for(FEWEST * EACH - 1, 3 * 64 * 64) == 0
    assert 0 < components_for(100_000, 4 * 128 * 128) < MOST


def test_pictures_never_seen_that_are_sums_of_the_same_come_back() -> None:
    sketch, others = fitted(sums(80, 1)), sums(20, 2)
    again = sketch.draw(None, sketch.read(others, None))
    assert torch.allclose(again, others, atol=1e-3)


def test_numbers_tell_only_what_attributes_do_not() -> None:
    codes = torch.randint(2, (500, 2), generator=torch.Generator().manual_seed(3)).float()
    sketch = fitted(sums(500, 1, codes), codes)
    one = sums(1, 5, codes[:1])
    numbers = sketch.read(one, codes[:1])
    for wanted in (torch.tensor([[0.0, 1.0]]), torch.tensor([[1.0, 0.0]])):
        other = sums(1, 5, wanted)
        error = (sketch.draw(wanted, numbers) - other).square().mean()
        assert error < 0.02 * other.var()  # chance goes with the codes of 500 pictures, too
        assert torch.allclose(sketch.read(other, wanted), numbers, atol=0.3)
    assert numbers.abs().max() < 5  # of standard normal size


def test_a_hole_is_filled_by_all_that_is_seen_and_nothing_else_changes() -> None:
    sketch, others = fitted(sums(80, 1)), sums(4, 2)
    hole = torch.zeros(4, 1, SIDE, SIDE)
    hole[:, :, 8:26, 6:24] = 1
    hidden = torch.where(hole > 0, 9.0, others)  # what lies in it does not matter
    filled = sketch.fill(hidden, hole)
    assert filled[hole.expand_as(filled) == 0].equal(others[hole.expand_as(others) == 0])
    error = ((filled - others).square() * hole).sum()
    diffused = torch.from_numpy(first_guess(others.numpy(), hole.numpy()))
    assert error < 0.05 * ((diffused - others).square() * hole).sum()
    everything = sketch.fill(others, torch.ones_like(hole))
    assert everything.isfinite().all()
    assert sketch.fill(others, torch.zeros_like(hole)).equal(others)


@pytest.mark.parametrize("count", [1, 2, 5])
def test_pictures_that_are_few_or_all_the_same_break_nothing(count: int) -> None:
    for values in (sums(count, 1), torch.full((count, *SHAPE), 0.25)):
        sketch = fitted(values)
        again = sketch.draw(None, sketch.read(values, None))
        assert again.isfinite().all()
        hole = torch.zeros(count, 1, SIDE, SIDE)
        hole[..., 4:9, 4:9] = 1
        assert sketch.fill(values, hole).isfinite().all()


def test_a_new_net_begins_with_what_the_sketch_draws_fills_and_reads() -> None:
    faces = with_sketch()
    planes, targets = known()
    step, values = FacesStep(faces, Recipe()), to_values(planes, -1)
    hole = torch.zeros(60, 1, SIDE, SIDE)
    hole[..., 10:20, 10:20] = 1
    guess = faces.filler.guess(values, hole)
    assert guess.equal(torch.from_numpy(first_guess(values.numpy(), hole.numpy())))
    step.begin(planes, targets)
    codes = TRAITS.codes(TRAITS.known_points(targets))
    for net in (faces, step.average.network):
        again = net.read(values, codes).values
        assert ((again - values) / 2).square().mean() < 1e-3
        assert not net.filler.guess(values, hole).equal(guess)
    before = faces.sketch
    step.begin(planes.flip(2), targets)  # once: who goes on keeps what the net was taught with
    assert before is faces.sketch
    assert ((faces.read(values, codes).values - values) / 2).square().mean() < 1e-3


@torch.no_grad()
def test_points_draw_what_they_were_read_from_also_out_of_a_file(tmp_path: Path) -> None:
    faces = with_sketch()
    planes, targets = known()
    step, values = FacesStep(faces, Recipe()), to_values(planes, -1)
    step.begin(planes, targets)
    step.settle(planes, targets, anew=True)
    found = step.average.network
    mean, _variance = found.encode(values)
    assert torch.allclose(found.draw(mean), found.read(values).values, atol=1e-3)
    model = open_model(write_model(tmp_path, found))
    assert model.network.sketch is not None
    assert torch.allclose(model.network.draw(mean), found.draw(mean), atol=0.05)


def test_a_training_of_before_goes_on_without_a_sketch() -> None:
    planes, targets = known()
    step = FacesStep(with_sketch(), Recipe())
    step.begin(planes, targets)
    former = {name: each for name, each in step.tensors().items() if ".sketch." not in name}
    step.restore(former)
    assert step.faces.sketch is None
    assert step.average.network.sketch is None

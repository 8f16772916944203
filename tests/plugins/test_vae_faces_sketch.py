"""The sketch of VAE faces: what principal components say of a hole before anything is learnt."""

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


def sums(count: int, seed: int) -> Tensor:
    """Pictures that are sums of six smooth ones."""
    source = torch.Generator().manual_seed(7)
    coarse = torch.randn(6, 3, 4, 4, generator=source)
    parts = torch.nn.functional.interpolate(coarse, size=SIDE, mode="bicubic").flatten(1) / 12
    weights = torch.randn(count, 6, generator=torch.Generator().manual_seed(seed))
    return (weights @ parts + 0.1).view(count, *SHAPE)


def fitted(values: Tensor, count: int = 8) -> Sketch:
    sketch = Sketch(count, SHAPE)
    sketch.fit(values)
    return sketch


def with_sketch(seed: int = 0) -> Faces:
    small: dict[str, Any] = {"width": 8, "globals": 12, "grids": (2, 1), "style": 8}
    torch.manual_seed(seed)
    return Faces(FacesSettings(side=SIDE, contrast=True, sketch=8, **small), TRAITS)


def known() -> Tensor:
    """Planes of heads."""
    return torch.stack([image_planes(picture, SIDE, "RGB") for picture, _told in heads(60, SIDE)])


def targets() -> Tensor:
    """What is known of the heads."""
    return TRAITS.targets([told for _picture, told in heads(60, SIDE)])


def test_pictures_that_are_few_or_large_have_fewer_components_or_none() -> None:
    assert components_for(100_000, 3 * 64 * 64) == MOST
    assert components_for(FEWEST * EACH, 3 * 64 * 64) == FEWEST
    assert components_for(FEWEST * EACH - 1, 3 * 64 * 64) == 0
    assert 0 < components_for(100_000, 4 * 128 * 128) < MOST


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
        hole = torch.zeros(count, 1, SIDE, SIDE)
        hole[..., 4:9, 4:9] = 1
        assert sketch.fill(values, hole).isfinite().all()


def begun(step: FacesStep) -> tuple[Tensor, Tensor, Tensor]:
    """Heads as values, a hole for each, and how a filler without a sketch begins there."""
    planes, values = known(), to_values(known(), -1)
    hole = torch.zeros(60, 1, SIDE, SIDE)
    hole[..., 10:20, 10:20] = 1
    diffused = torch.from_numpy(first_guess(values.numpy(), hole.numpy()))
    assert step.faces.filler.guess(values, hole).equal(diffused)
    step.begin(planes, targets(), sketched=60)
    return values, hole, diffused


def test_a_new_filler_begins_with_the_sketch_and_keeps_it() -> None:
    step = FacesStep(with_sketch(), Recipe())
    values, hole, diffused = begun(step)

    def wrong(guess: Tensor) -> float:
        return float(((guess - values).square() * hole).sum())

    for net in (step.faces, step.average.network):
        assert wrong(net.filler.guess(values, hole)) < 0.2 * wrong(diffused)
    step.begin(
        known().flip(2), targets(), sketched=60
    )  # once: who goes on keeps what the net was taught with
    assert wrong(step.faces.filler.guess(values, hole)) < 0.2 * wrong(diffused)


def test_a_file_keeps_the_sketch(tmp_path: Path) -> None:
    step = FacesStep(with_sketch(), Recipe())
    values, hole, _diffused = begun(step)
    found = step.average.network.filler.guess(values, hole)
    model = open_model(write_model(tmp_path, step.average.network))
    assert torch.allclose(model.network.filler.guess(values, hole), found, atol=0.05)


def test_a_training_of_before_goes_on_without_a_sketch() -> None:
    step = FacesStep(with_sketch(), Recipe())
    values, hole, diffused = begun(step)
    former = {name: each for name, each in step.tensors().items() if ".sketch." not in name}
    step.restore(former)
    for net in (step.faces, step.average.network):
        assert net.filler.guess(values, hole).equal(diffused)

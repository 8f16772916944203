"""The net of VAE faces: what goes in comes out, and points are what everybody takes them for."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from vae_faces.model import open_model
from vae_faces.network.net import Faces
from vae_faces.network.prior import Prior
from vae_faces.settings import SIDES, FacesSettings
from vae_faces.training.losses import divergence, spared
from vae_faces.training.nesting import nested, part_sizes
from vae_faces.training.step import FacesStep, Recipe
from vae_faces_examples import TRAITS, heads, tiny, write_model

from aigc_studio.api import GenerateRequest, GeneratorError, Image
from aigc_studio.toolkit import Moment, image_planes


def values(side: int, channels: int, count: int = 3) -> torch.Tensor:
    source = torch.Generator().manual_seed(1)
    return torch.rand(count, channels, side, side, generator=source) * 2 - 1


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("channels", [1, 3, 4])
@torch.no_grad()
def test_pictures_of_all_sides_and_modes_go_in_and_come_out(side: int, channels: int) -> None:
    faces, given = tiny(side, channels, TRAITS), values(side, channels)
    mean, log_variance = faces.encode(given)
    assert mean.shape == log_variance.shape == (3, faces.size)
    again = faces.decode(mean)
    assert again.shape == given.shape
    assert again.abs().max() <= 1
    noise = torch.zeros(3, faces.filler.noise_size)
    assert faces.fill(given, torch.zeros(3, 1, side, side), noise).equal(given)
    assert faces.restore(given).shape == given.shape


@torch.no_grad()
def test_what_is_read_is_what_its_point_draws() -> None:
    faces, given = tiny(traits=TRAITS), values(32, 3)
    for parameter in faces.parameters():  # fresh nets have much that is 0
        parameter.add_(0.05 * torch.randn(parameter.shape))
    mean, _variance = faces.encode(given)
    assert torch.allclose(faces.draw(mean), faces.read(given).values, atol=1e-4)


@torch.no_grad()
def test_attributes_are_told_apart_from_the_rest_of_a_point() -> None:
    faces = tiny(traits=TRAITS)
    for parameter in faces.parameters():
        parameter.add_(0.1 * torch.randn(parameter.shape))
    point = torch.randn(1, faces.size)
    other = point.clone()
    # Two points that say the same of all attributes are the same picture, however they say it.
    place = TRAITS.places["hair"]
    other[:, place] = point[:, place] + 3.0
    assert torch.allclose(faces.decode(point), faces.decode(other), atol=1e-4)
    other[:, place] = TRAITS.known_points(TRAITS.targets([{"hair": "red"}]))[:, place]
    point[:, place] = TRAITS.known_points(TRAITS.targets([{"hair": "black"}]))[:, place]
    assert not torch.allclose(faces.decode(point), faces.decode(other), atol=1e-4)


def test_a_part_that_tells_little_costs_no_less_than_its_free_bits() -> None:
    nats = divergence(torch.zeros(4, 6), torch.zeros(4, 6))
    assert float(nats.sum()) == 0
    assert float(spared(nats, (2, 4), 0.5)) == pytest.approx(3.0)
    assert float(spared(nats + 1, (2, 4), 0.5)) == pytest.approx(6.0)
    parts = part_sizes(tiny())
    assert parts == (4, 2 * 2 * 2, 4 * 4 * 1)


@torch.no_grad()
def test_parts_that_do_not_count_are_most_likely_and_change_nothing() -> None:
    faces, given = tiny(traits=TRAITS), values(32, 3)
    for parameter in faces.parameters():
        parameter.add_(0.1 * torch.randn(parameter.shape))
    codes = torch.rand(3, TRAITS.width)
    none = faces.read(given, codes, kept=torch.zeros(3, dtype=torch.int64)).values
    assert torch.allclose(
        none, faces.drawn(codes, torch.zeros(3, faces.settings.numbers)), atol=1e-4
    )
    every = faces.read(given, codes, kept=torch.full((3,), 3)).values
    assert torch.allclose(every, faces.read(given, codes).values, atol=1e-4)
    assert not torch.allclose(every, none, atol=1e-4)


def test_half_of_the_pictures_are_told_by_fewer_parts_and_one_is_always_whole() -> None:
    kept = nested(4000, 3, True, torch.Generator().manual_seed(0))
    assert 0.45 < float((kept == 3).float().mean()) < 0.55
    assert set(kept.tolist()) == {0, 1, 2, 3}
    assert set(nested(4000, 3, False, torch.Generator().manual_seed(0)).tolist()) == {1, 2, 3}
    assert nested(1, 3, True, torch.Generator().manual_seed(1)).tolist() == [3]


@torch.no_grad()
def test_drawn_points_lie_where_the_numbers_of_pictures_do_and_each_picture_has_its_point() -> None:
    prior, source = Prior(100), torch.Generator().manual_seed(0)
    assert prior.numbers(torch.ones(2, 100)).equal(torch.ones(2, 100))
    wide = torch.randn(3000, 5, generator=source) @ torch.randn(5, 100, generator=source)
    found = 2 + wide + 0.1 * torch.randn(3000, 100, generator=source)
    prior.fit(found)
    points = prior.points(found)
    assert torch.allclose(prior.numbers(points), found, atol=1e-3)
    assert points.mean().abs() < 0.01
    assert float(points.std(dim=0).mean()) == pytest.approx(1, abs=0.05)
    drawn = prior.numbers(torch.randn(3000, 100, generator=source))
    assert torch.allclose(drawn.T.cov(), found.T.cov(), atol=1.5)
    assert torch.allclose(drawn.mean(dim=0), found.mean(dim=0), atol=0.3)
    spread = prior.log_variance(torch.full((1, 100), -4.0))
    assert spread.shape == (1, 100)
    assert float(spread.mean()) > -4


@torch.no_grad()
def test_a_prior_is_fitted_to_few_pictures_and_to_equal_ones() -> None:
    for found in (torch.randn(3, 20), torch.ones(5, 20), torch.randn(1, 20)):
        prior = Prior(20)
        prior.fit(found)
        assert torch.allclose(prior.numbers(prior.points(found)), found, atol=1e-4)
        assert prior.numbers(torch.randn(4, 20)).isfinite().all()


def test_what_the_encoder_does_not_know_of_attributes_it_is_told_in_training() -> None:
    faces = tiny(traits=TRAITS)
    step = FacesStep(faces, Recipe())
    planes = torch.stack([image_planes(picture, 32, "RGB") for picture, _told in heads(8)])
    told = TRAITS.targets([{"beard": True, "hair": "red"}, {}] * 4)
    moment = Moment(0, 10, 0.0, torch.Generator().manual_seed(0))
    metrics = step.step((planes, told), moment)
    assert metrics["attribute_loss"] > 0
    assert all(np.isfinite(value) for value in metrics.values())
    assert {"loss", "reconstruction_loss", "kl_nats"} <= metrics.keys()


@pytest.mark.parametrize(
    "wrong", [{"side": 60}, {"channels": 2}, {"width": 4096}, {"grids": (1, 2, 3, 4)}]
)
def test_settings_that_cannot_be_built_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        replace(FacesSettings(), **wrong)


def test_a_model_folder_opens_as_what_it_was(tmp_path: Path) -> None:
    faces = tiny(traits=TRAITS)
    model = open_model(write_model(tmp_path / "model", faces))
    assert (model.mode, model.name) == ("RGB", "model")
    assert model.network.traits == TRAITS
    assert model.network.settings == faces.settings
    point = torch.randn(2, faces.size)
    assert torch.allclose(model.network.decode(point), faces.decode(point).detach(), atol=0.01)


def test_its_space_draws_candidates_and_reads_artifacts(tmp_path: Path) -> None:
    from random import Random

    model = open_model(write_model(tmp_path / "model", tiny(channels=1)))
    point = model.space.new_point(GenerateRequest(model=tmp_path / "model"), Random(1))
    made = model.space.candidate(point)
    assert isinstance(made.artifact, Image)
    assert (made.artifact.width, made.artifact.mode) == (32, "L")
    wide = Image(np.zeros((50, 90, 4), np.uint8))
    assert model.space.network.point_of(wide).shape == (model.network.size,)


def test_a_file_that_lies_about_its_net_is_refused(tmp_path: Path) -> None:
    from aigc_studio.toolkit import save_network

    faces = tiny()
    about = {"settings": {"side": 64, "channels": 3, "width": 100_000}}
    (tmp_path / "liar").mkdir()
    save_network(tmp_path / "liar", "vae-faces", faces, about)
    with pytest.raises(GeneratorError, match="not a model of this generator"):
        open_model(tmp_path / "liar")


def test_the_net_of_64_pixels_is_small_enough_to_ship() -> None:
    faces = Faces(FacesSettings(side=64, channels=3), TRAITS)
    drawing = sum(p.numel() for part in (faces.encoder, faces.decoder) for p in part.parameters())
    assert drawing < 640_000

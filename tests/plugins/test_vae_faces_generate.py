"""Sheets of faces and walks among them."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import vae_faces
from vae_faces.making.parameters import GenerateParameters, GenerateWalkParameters
from vae_faces.making.walks import round_of
from vae_faces.model import open_model
from vae_faces.traits import Traits
from vae_faces_models import Drawn, candidates, write_faces

from aigc_studio.api import GenerateRequest, GeneratorError
from aigc_studio.toolkit import unpack_latent


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_faces(tmp_path_factory.mktemp("models") / "faces")


def generate(model: Path | None, operation: str = "generate", **fields: Any) -> list[Drawn]:
    return candidates(
        vae_faces.generate(GenerateRequest(operation=operation, model=model, **fields))
    )


def point(model: Path, made: Drawn) -> torch.Tensor:
    opened = open_model(model)
    assert made.latent is not None
    return unpack_latent(made.latent, opened.tag, opened.network.size).points[0]


@pytest.mark.parametrize("operation", ["generate", "walk"])
def test_the_same_seed_gives_the_same_and_more_change_nothing(model: Path, operation: str) -> None:
    few = generate(model, operation, seed=5, count=1)
    many = generate(model, operation, seed=4, count=3)
    assert many[len(few) : 2 * len(few)] == few
    assert len({each.artifact for each in many}) > 2


def test_a_sheet_is_faces_of_the_models_size_that_remember_their_points(model: Path) -> None:
    made = generate(model, count=4, seed=1)
    assert {(each.artifact.width, each.artifact.mode) for each in made} == {(32, "RGB")}
    assert [each.seed for each in made] == [1, 2, 3, 4]
    assert all(each.latent for each in made)


@pytest.mark.parametrize(("channels", "mode"), [(1, "L"), (4, "RGBA")])
def test_a_model_draws_in_its_own_mode(tmp_path: Path, channels: int, mode: str) -> None:
    model = write_faces(tmp_path / "m", channels=channels, traits=Traits())
    assert generate(model)[0].artifact.mode == mode


def test_no_variety_is_the_average_face_and_more_is_further_from_it(model: Path) -> None:
    def far(variety: float) -> float:
        parameters = GenerateParameters(variety=variety)
        made = generate(model, seed=3, prompt="no beard, black hair", parameters=parameters)
        width = open_model(model).network.traits.width
        return float(point(model, made[0])[width:].norm())

    assert far(0.0) == 0
    assert 0 < far(0.5) < far(1.0) < far(1.5)


def test_a_prompt_says_the_attributes_in_either_language(model: Path) -> None:
    steered = generate(model, seed=2, controls={"beard": 1.0, "hair": "blond hair"})
    english = generate(model, seed=2, prompt="beard, blond hair")
    chinese = generate(model, seed=2, prompt="胡子 金发")
    assert english[0].artifact == chinese[0].artifact == steered[0].artifact
    assert english[0].artifact != generate(model, seed=2, prompt="no beard")[0].artifact
    assert english[0].title == "beard, blond hair"


def test_a_control_that_was_moved_counts_before_a_word(model: Path) -> None:
    both = generate(model, prompt="beard", controls={"beard": -1.0})
    assert both[0].artifact == generate(model, controls={"beard": -1.0})[0].artifact


def test_a_drawn_face_has_one_hair_and_not_half_of_two(model: Path) -> None:
    traits = open_model(model).network.traits
    for made in generate(model, count=6):
        codes = traits.codes(point(model, made)[None])[0]
        assert float(codes[traits.places["hair"]].max()) > 0.9


def test_more_like_a_face_is_near_it_and_of_its_kind(model: Path) -> None:
    first = generate(model, seed=3, prompt="beard, black hair")[0]
    assert first.latent is not None
    near, other = generate(model, seed=90, count=2, latents=(first.latent,))
    own, width = point(model, first), open_model(model).network.traits.width
    assert near.artifact != other.artifact
    for each in (near, other):
        there = point(model, each)
        assert torch.equal(there[:width], own[:width])
        assert float(torch.cosine_similarity(there, own, dim=0)) > 0.7
    again = generate(model, seed=90, count=1, latents=(first.latent,))
    assert again[0].artifact == near.artifact


def test_a_latent_of_another_model_is_a_sentence(model: Path, tmp_path: Path) -> None:
    other = write_faces(tmp_path / "other", seed=7)
    latent = generate(other)[0].latent
    assert latent is not None
    with pytest.raises(GeneratorError, match="another model") as caught:
        generate(model, latents=(latent,))
    assert caught.value.zh


def test_no_model_is_a_sentence() -> None:
    with pytest.raises(GeneratorError, match="no model") as caught:
        generate(None)
    assert caught.value.zh


def test_a_walk_is_a_strip_that_can_repeat(model: Path) -> None:
    parameters = GenerateWalkParameters(frames=12, distance=1.0)
    made = generate(model, "walk", seed=2, count=2, parameters=parameters)
    assert [each.position for each in made] == [*range(12), *range(12)]
    assert len({each.strip for each in made}) == 2
    ways = torch.stack([point(model, each) for each in made[:12]])
    steps = (ways - ways.roll(1, 0)).norm(dim=1)
    assert float(steps.max()) < 4 * float(steps.median()), "the last leads back to the first"
    assert float(torch.cosine_similarity(ways[0], ways[6], dim=0)) < 0.5, "and the middle is away"


def test_a_walk_that_was_asked_for_by_words_keeps_them(model: Path) -> None:
    parameters = GenerateWalkParameters(frames=5, distance=1.0)
    made = generate(model, "walk", prompt="beard", parameters=parameters)
    width = open_model(model).network.traits.width
    points = torch.stack([point(model, each)[:width] for each in made])
    assert torch.equal(points, points[:1].expand_as(points))


@pytest.mark.parametrize("steps", [1, 2, 60])
def test_a_round_goes_nowhere_at_no_distance(steps: int) -> None:
    start = torch.randn(1, 20, generator=torch.Generator().manual_seed(1))
    way = round_of(start, steps, 0.0, 3)
    assert torch.allclose(way, start.expand(steps, 20), atol=1e-5)
    far = round_of(start, steps, 1.0, 3)
    assert np.allclose(far.norm(dim=1), float(start.norm()), rtol=1e-4), "none is stranger"
    assert torch.equal(far[0], start[0])

"""Faces without attributes: parts that agree, and the points that they give."""

from pathlib import Path

import pytest
import torch
import vae_faces
from torch import Tensor
from vae_faces.making.parameters import GenerateParameters, GenerateWalkParameters
from vae_faces.model import open_model
from vae_faces.network.agreement import agreed, new_points, noise_for
from vae_faces.network.net import Faces
from vae_faces.network.prior import Prior
from vae_faces.traits import Traits
from vae_faces_models import TRAITS, Drawn, candidates, write_faces

from aigc_studio.api import GenerateRequest
from aigc_studio.folders import resources_folder
from aigc_studio.toolkit import unpack_latent

PHOTOGRAPHS = resources_folder() / "models" / "vae-faces" / "photographs"


def source(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that knows no attributes."""
    return write_faces(tmp_path_factory.mktemp("models") / "plain", channels=1, traits=Traits())


def generate(model: Path, operation: str = "generate", **fields: object) -> list[Drawn]:
    request: GenerateRequest = GenerateRequest(operation=operation, model=model, **fields)  # type: ignore[arg-type]
    return candidates(vae_faces.generate(request))


def drawn(model: Path, variety: float) -> tuple[Faces, Tensor, Tensor]:
    """A net, points as they are drawn, and those whose parts agree."""
    faces = open_model(model).network
    points = new_points(faces, 6, variety, source(4))
    return faces, points, agreed(faces, points, variety * noise_for(faces, 6, source(5)))


def test_where_attributes_draw_the_face_nothing_is_moved(tmp_path: Path) -> None:
    faces, points, found = drawn(write_faces(tmp_path / "told", traits=TRAITS), 1.0)
    assert torch.equal(found, points)
    assert torch.equal(
        points[:, : faces.traits.width],
        faces.traits.settled(points)[:, :-1][:, : faces.traits.width],
    )


@torch.no_grad()
def test_a_face_whose_parts_agree_is_read_as_it_was_drawn() -> None:
    faces, points, found = drawn(PHOTOGRAPHS, 0.85)

    def misread(points: Tensor) -> float:
        return float((faces.encode(faces.decode(points))[0] - points).square().mean())

    assert misread(found) < misread(points) / 2
    apart = torch.pdist(faces.decode(found).flatten(1)).min() / 64
    assert apart > 0.1, "and six faces are six"


@torch.no_grad()
def test_the_filler_would_draw_the_parts_nearly_so() -> None:
    faces, points, found = drawn(PHOTOGRAPHS, 0.85)
    hole = torch.zeros(6, 1, 64, 64)
    hole[:, :, 18:56, 12:32] = 1

    def unlike(points: Tensor) -> float:
        values = faces.decode(points)
        filled = faces.fill(values * (1 - hole), hole, torch.zeros(6, faces.filler.noise_size))
        return float(((filled - values) * hole).square().sum())

    assert unlike(found) < unlike(points) / 2


def test_a_seed_gives_its_face_whatever_was_drawn_before(plain: Path) -> None:
    first = generate(plain, seed=5, count=3)
    again = generate(plain, seed=6, count=1)
    assert again[0].artifact == first[1].artifact
    assert again[0].latent == first[1].latent
    other = generate(plain, seed=6, parameters=GenerateParameters(variety=0.3))
    assert other[0].artifact != again[0].artifact


def test_a_candidate_carries_the_point_that_it_was_drawn_from(plain: Path) -> None:
    (made,) = generate(plain, seed=1)
    model = open_model(plain)
    assert made.latent is not None
    point = unpack_latent(made.latent, model.tag, model.network.size).points
    planes = model.space.network.decode(point)
    assert torch.equal(planes[0, 0], torch.from_numpy(made.artifact.pixels.copy()))


def test_a_walk_goes_from_face_to_face_in_small_steps() -> None:
    parameters = GenerateWalkParameters(frames=12)
    made = generate(PHOTOGRAPHS, "walk", seed=2, parameters=parameters)
    way = torch.stack([torch.from_numpy(each.artifact.pixels.copy()).float() for each in made])
    steps = (way - way.roll(1, 0)).square().mean(dim=(1, 2)).sqrt()
    assert float(steps.max()) < 3 * float(steps.median()), "the last leads back to the first"


def test_fewer_axes_are_those_that_a_fit_would_have_found() -> None:
    found = torch.randn(200, 24, generator=source(1)) @ torch.randn(24, 24, generator=source(2))
    wide, narrow = Prior(24, 12), Prior(24, 5)
    wide.fit(found)
    narrow.fit(found)
    cut = wide.narrowed(5)
    points = torch.randn(4, 24, generator=source(3))
    assert cut.axes.shape == (5, 24)
    torch.testing.assert_close(cut.numbers(points), narrow.numbers(points), rtol=1e-4, atol=1e-4)
    assert int(cut.fitted) == int(wide.fitted)

"""Touches: what drawings leave out of faint attributes is counted after a training, and added."""

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor
from vae_faces.model import open_model
from vae_faces.network.touches import Touches
from vae_faces.settings import TOUCHES
from vae_faces.training.learning import check_whole, faces_for, recipe_for
from vae_faces.training.material import Material
from vae_faces.training.parameters import TrainParameters
from vae_faces.training.step import FacesStep, Recipe
from vae_faces.traits import Trait, Traits
from vae_faces_examples import TRAITS, tiny, write_model

from aigc_studio.api import GeneratorError
from aigc_studio.toolkit import Moment

SIDE, MOUTH = 32, (slice(20, 22), slice(12, 18))
LIPS = Trait("lips", "choice", ("thin", "full"), (0.5, 0.5))
SKIN = Trait("skin", "choice", ("dark", "light"), (0.5, 0.5))
FACES = Traits((SKIN, LIPS))


def told_of(count: int) -> Tensor:
    """Codes of faces, each of the four kinds equally often."""
    skin, lips = torch.arange(count) % 2, torch.arange(count) // 2 % 2
    return torch.cat([torch.eye(2)[skin], torch.eye(2)[lips]], dim=1)


def faces_with_mouths(codes: Tensor, *, contrast: float = 0.06) -> tuple[Tensor, Tensor]:
    """Pictures whose skin is plain and whose lips are faint, and drawings of them that have noise,
    and none of the lips."""
    source = torch.Generator().manual_seed(1)
    skin = (codes[:, 1] - 0.5)[:, None, None, None].expand(-1, 3, SIDE, SIDE)
    drawn = skin + 0.02 * torch.randn(skin.shape, generator=source)
    values = skin.clone()
    values[:, :, *MOUTH] += contrast * (codes[:, 3] - 0.5)[:, None, None, None]
    return values, drawn


def fitted(codes: Tensor, values: Tensor, drawn: Tensor, count: int = 48) -> Touches:
    touches = Touches(count, 3, SIDE)
    touches.fit(FACES.apart(codes), drawn, values, list(FACES.places.values()))
    return touches


def test_what_is_left_out_of_a_faint_attribute_is_added_where_it_is() -> None:
    codes = told_of(200)
    touches = fitted(codes, *faces_with_mouths(codes))
    thin, full = touches(FACES.apart(torch.tensor([[1.0, 0, 1, 0], [1.0, 0, 0, 1]])))
    between = (full - thin).mean(dim=0)
    assert between[MOUTH].mean() == pytest.approx(0.06, rel=0.15)
    elsewhere = torch.ones(SIDE, SIDE, dtype=torch.bool)
    elsewhere[MOUTH] = False
    assert between[elsewhere].abs().mean() < 1e-3
    # Twelve places, each with two options; the skin is drawn as it is.
    used = touches.columns[touches.values.abs().sum(dim=1) > 0]
    assert (used >= 2).double().mean() > 0.9
    assert touches.is_fitted


def test_a_face_that_says_nothing_of_an_attribute_is_drawn_as_it_was() -> None:
    codes = told_of(200)
    touches = fitted(codes, *faces_with_mouths(codes))
    usual = torch.tensor([[0.5, 0.5, 0.5, 0.5]])
    assert FACES.apart(usual).abs().max() == 0
    assert touches(FACES.apart(usual)).abs().max() == 0


def test_where_nothing_is_left_out_or_all_may_be_chance_nothing_is_added() -> None:
    codes = told_of(200)
    values, _drawn = faces_with_mouths(codes)
    assert not fitted(codes, values, values).values.any()
    few = told_of(8)
    values, drawn = faces_with_mouths(few, contrast=0.002)
    made = fitted(few, values, drawn)(FACES.apart(few))
    assert made[:, :, *MOUTH].abs().mean() < 0.01


def test_there_is_no_more_of_them_than_there_is_room_for() -> None:
    codes = told_of(200)
    values, drawn = faces_with_mouths(codes)
    for count in (1, 5, 24):
        touches = fitted(codes, values, drawn, count)
        used = int((touches.values.abs().sum(dim=1) > 0).sum())
        assert used == count // 2 * 2  # all options of a place, or none


def test_not_yet_fitted_they_change_nothing_and_models_of_before_have_none() -> None:
    before, after = tiny(traits=TRAITS), tiny(traits=TRAITS, touches=16)
    points = torch.randn(3, before.size, generator=torch.Generator().manual_seed(2))
    assert before.touches is None
    assert after.touches is not None
    assert not after.touches.is_fitted
    assert before.decode(points).equal(after.decode(points))
    assert tiny(traits=Traits(), touches=16).touches is None


def test_a_drawing_is_touched_and_what_a_training_learns_from_is_not(tmp_path: Path) -> None:
    faces = tiny(traits=TRAITS, touches=16)
    assert faces.touches is not None
    faces.touches.columns.fill_(TRAITS.places["hair"].start)
    faces.touches.places[0], faces.touches.values[0] = 5 * 32 + 7, torch.tensor([0.5, 0.25, 0.0])
    points = torch.zeros(1, faces.size)
    codes = TRAITS.codes(points)
    plain = faces.drawn(codes, faces.prior.numbers(points[:, TRAITS.width :]))
    share = float(codes[0, TRAITS.places["hair"].start]) - 0.5
    added = (faces.draw(points) - plain)[0]
    assert added[:, 5, 7].tolist() == pytest.approx([0.5 * share, 0.25 * share, 0.0], abs=1e-6)
    assert int((added.abs().sum(dim=0) > 1e-6).sum()) == 1
    again = open_model(write_model(tmp_path / "m", faces)).network
    assert torch.allclose(again.decode(points), faces.decode(points), atol=1e-2)


def test_a_file_that_points_outside_draws_all_the_same() -> None:
    faces = tiny(traits=TRAITS, touches=4)
    assert faces.touches is not None
    faces.touches.columns.fill_(3000)
    faces.touches.places.copy_(torch.tensor([-5, 30000, 0, 1023], dtype=torch.int16))
    assert faces.decode(torch.zeros(2, faces.size)).isfinite().all()


def moment() -> Moment:
    return Moment(0, 1, 0.0, torch.Generator().manual_seed(0))


def test_they_are_fitted_alone_to_a_model_of_before_and_all_else_stays(tmp_path: Path) -> None:
    base = open_model(write_model(tmp_path / "base", tiny(traits=TRAITS)))
    source = torch.Generator().manual_seed(3)
    pictures = (torch.rand(20, 3, 32, 32, generator=source) * 255).to(torch.uint8)
    told = [
        {"beard": n % 3 == 0, "hair": ("blond", "red")[n % 2], "age": 30 + n} for n in range(20)
    ]
    targets = TRAITS.targets(told)
    parameters = TrainParameters(learns="touches")
    material = Material(pictures, targets, TRAITS, pictures[:0])
    going_on = faces_for(parameters, material, base, 0)
    assert going_on.settings.touches == TOUCHES
    assert not going_on.settings.fine
    before = {name: each.clone() for name, each in going_on.state_dict().items()}
    step = FacesStep(going_on, recipe_for(parameters, material))
    assert step.step((pictures, targets), moment()) == {}
    step.settle(pictures, targets, anew=True)
    for net in (step.faces, step.average.network):
        assert net.touches is not None
        assert net.touches.is_fitted
        after = net.state_dict()
        stays = [name for name in before if not name.startswith(("touches.", "prior."))]
        assert all(after[name].equal(before[name]) for name in stays)


@pytest.mark.parametrize(
    ("learns", "anew"), [("drawing", True), ("touches", True), ("filling", False)]
)
def test_they_are_counted_anew_where_drawings_have_changed_and_else_stay(
    learns: Any, anew: bool
) -> None:
    faces = tiny(traits=TRAITS, touches=8)
    assert faces.touches is not None
    faces.touches.columns.zero_()
    faces.touches.values.fill_(7.0)
    faces.prior.fitted.fill_(0)
    pictures = torch.zeros(12, 3, 32, 32, dtype=torch.uint8)
    targets = TRAITS.targets([{"beard": True}] * 12)
    parameters = TrainParameters(learns=learns)
    recipe = recipe_for(parameters, Material(pictures, targets, TRAITS, pictures[:0]))
    FacesStep(faces, recipe).settle(pictures, targets, anew=True)
    assert bool((faces.touches.values != 7.0).all()) == anew


def test_a_model_without_attributes_has_nothing_to_touch_up(tmp_path: Path) -> None:
    base = open_model(write_model(tmp_path / "base", tiny(traits=Traits())))
    with pytest.raises(GeneratorError, match="no attributes that could be touched up"):
        check_whole(TrainParameters(learns="touches"), base)


def test_a_training_of_before_goes_on_with_touches() -> None:
    before = FacesStep(tiny(traits=TRAITS), Recipe()).tensors()
    after = FacesStep(tiny(traits=TRAITS, touches=8, seed=4), Recipe())
    after.restore({name: each.contiguous().clone() for name, each in before.items()})
    told = after.tensors()
    assert all(told[name].equal(each) for name, each in before.items())
    assert after.faces.touches is not None
    assert not after.faces.touches.is_fitted

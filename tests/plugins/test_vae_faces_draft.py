"""The draft of VAE faces: what attributes alone say of a picture before anything is learnt."""

from itertools import product
from pathlib import Path
from typing import Any

import pytest
import torch
from kinds import there
from torch import Tensor
from vae_faces.model import open_model
from vae_faces.network.draft import Draft
from vae_faces.network.net import Faces
from vae_faces.settings import FacesSettings
from vae_faces.training.step import FacesStep, Recipe
from vae_faces.traits import Trait, Traits
from vae_faces_examples import heads, write_model

from aigc_studio.toolkit import image_planes, to_values

SIDE, COUNT, NUMBERS = 32, 6, 4
LONG = Trait("long", "yes_no", shares=(0.5,))
HAIR = Trait("hair", "choice", ("black", "blond", "red"), (0.4, 0.3, 0.3))
EYES = Trait("eyes", "choice", ("open", "closed"), (0.5, 0.5))
AGE = Trait("age", "number", mean=40.0, spread=10.0)
TRAITS = Traits((LONG, HAIR, EYES, AGE))
HEADS = Traits((Trait("beard", "yes_no", shares=(0.34,)), HAIR))


def source(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def codes(count: int, seed: int) -> Tensor:
    """Attributes at random."""
    draw = source(seed)
    long = torch.randint(2, (count, 1), generator=draw).float()
    hair = torch.eye(3)[torch.randint(3, (count,), generator=draw)]
    eyes = torch.eye(2)[torch.randint(2, (count,), generator=draw)]
    return torch.cat([long, hair, eyes, torch.randn(count, 1, generator=draw)], dim=1)


def shown(told: Tensor, open_: float = 0.0, seed: int = 5) -> Tensor:
    """Scores: hair has its colour where it is long alone, age and eyes add something; of long hair
    so much more is `open_`, which nothing says; all have a little noise."""
    ways = torch.randn(6, COUNT, generator=source(1))
    coloured = (told[:, :1] * told[:, 1:4]) @ ways[:3]
    whole = coloured + told[:, 4:5] * ways[3] + 0.3 * told[:, 6:] * ways[4]
    draw = source(seed)
    more = torch.randn(len(told), 1, generator=draw) * ways[5]
    noise = 0.02 * torch.randn(len(told), COUNT, generator=draw)
    return whole + open_ * told[:, :1] * more + noise


def fitted(told: Tensor, scores: Tensor, rows: int = 64) -> Draft:
    draft = Draft(TRAITS, rows, COUNT, NUMBERS)
    draft.fit(told, scores)
    return draft


def test_it_says_nothing_until_it_knows_pictures() -> None:
    draft, told = Draft(TRAITS, 64, COUNT, NUMBERS), codes(5, 1)
    assert not draft.is_fitted
    assert draft(told).count_nonzero() == 0
    assert draft.numbers(shown(told), told).count_nonzero() == 0
    assert fitted(codes(50, 1), shown(codes(50, 1))).is_fitted


def test_what_belongs_together_is_found_and_drawn() -> None:
    draft = fitted(codes(300, 1), shown(codes(300, 1)))
    others = codes(50, 2)
    error = (draft(others) - shown(others)).square().mean()
    assert error < 2e-3 * shown(others).square().mean()
    assert draft.groups[0].tolist() == [0, 1, -1]
    assert (draft.groups[1:] == -1).all()


def test_chance_is_not_taken_for_what_belongs_together() -> None:
    told = codes(200, 1)
    draft = fitted(told, torch.randn(200, COUNT, generator=source(3)))
    assert (draft.groups == -1).all()


def test_what_is_open_of_some_leaves_no_shadow_on_others() -> None:
    """Else who has short hair shows a little of all the ways in which it is long."""
    told, others = codes(300, 1), codes(60, 2)
    draft = fitted(told, shown(told, open_=3.0))
    wrong = (draft(others) - shown(others)).square().mean(dim=1)
    short = others[:, 0] == 0
    assert wrong[short].max() < 1e-2 * shown(others).square().mean()
    assert wrong[~short].mean() > 10 * wrong[short].mean()


def test_the_rest_is_read_as_standard_normal_numbers_but_not_drawn() -> None:
    told = codes(400, 1)
    scores = shown(told, open_=1.0)
    draft = fitted(told, scores)
    numbers, long = draft.numbers(scores, told), told[:, 0] == 1
    assert numbers.shape == (400, NUMBERS)
    assert float(numbers[long, 0].square().mean()) == pytest.approx(2, abs=0.3)
    assert float(numbers[~long].square().mean()) < 2
    # What attributes say wholly has no room for numbers.
    assert draft.spread(told)[long].min() > 0.6
    assert draft.spread(told)[~long].max() < 0.1
    misread = draft.numbers(scores + 1000, told)
    assert float(misread.abs().max()) <= 4
    assert misread.isfinite().all()


@pytest.mark.parametrize("count", [1, 2, 5])
def test_pictures_that_are_few_or_all_the_same_break_nothing(count: int) -> None:
    for scores in (shown(codes(count, 1)), torch.full((count, COUNT), 0.5)):
        draft = fitted(codes(count, 1), scores)
        assert draft(codes(9, 2)).isfinite().all()
        assert draft.numbers(shown(codes(9, 2)), codes(9, 2)).isfinite().all()


def test_there_is_room_for_so_many_cells_and_no_more() -> None:
    told = codes(300, 1)
    for rows in (3, 8, 13):
        draft = fitted(told, shown(told), rows)
        assert (draft.groups == -1).all()
        assert draft(told).isfinite().all()
    assert fitted(told, shown(told), 14).groups[0].tolist() == [0, 1, -1]


def test_what_a_strange_file_says_belongs_together_is_left_out_where_it_cannot_be() -> None:
    many = Traits(
        tuple(Trait(f"t{n}", "choice", tuple("abcdefgh"), (0.125,) * 8) for n in range(4))
    )
    draft = Draft(many, 64, COUNT, NUMBERS)
    draft.fitted.fill_(1)
    for row in ([99, 0, 1], [-5, 32767, 2], [0, 1, 2], [3, 3, 3]):
        draft.groups[:] = torch.tensor(row, dtype=torch.int16)
        assert draft(torch.rand(3, many.width)).isfinite().all()


def new_net() -> Faces:
    small: dict[str, Any] = {"width": 8, "globals": 12, "grids": (2, 1), "style": 8}
    torch.manual_seed(0)
    return Faces(FacesSettings(side=SIDE, contrast=True, sketch=8, draft=32, **small), HEADS)


def begun() -> tuple[FacesStep, Tensor, Tensor]:
    """A step whose new net began with heads; the pictures' values, and what is known of them."""
    net = new_net()
    pairs = heads(60, SIDE)
    planes = torch.stack([image_planes(picture, SIDE, "RGB") for picture, _told in pairs])
    targets = HEADS.targets([told for _picture, told in pairs])
    step = FacesStep(net, Recipe())
    step.begin(planes, targets, sketched=60)
    return step, to_values(planes, -1), targets


def test_a_new_net_draws_attributes_before_its_first_step() -> None:
    step, values, targets = begun()
    known = HEADS.codes(HEADS.known_points(targets))
    for net in (step.faces, step.average.network):
        with torch.no_grad():
            drawn = net.read(values, known).values
        assert (drawn - values).square().mean() < 0.2 * values.var()
    points = torch.zeros(6, step.faces.size)
    wanted = HEADS.targets(
        [{"beard": beard, "hair": hair} for beard, hair in product((True, False), HAIR.options)]
    )
    points[:, : HEADS.width] = HEADS.known_points(wanted)
    with torch.no_grad():
        faces = step.faces.decode(points)
    top, chin = faces[..., 8, 16].mean(dim=1), faces[..., 24, 16].mean(dim=1)
    assert (chin[3:] - chin[:3] > 0.5).all()  # a beard is dark
    assert (top[[1, 4]] - top[[0, 3]] > 0.5).all()  # blond hair is light


def test_pictures_of_which_nothing_is_known_leave_the_draft_empty() -> None:
    """And the nets as any new ones are."""
    step, fresh = FacesStep(new_net(), Recipe()), new_net()
    planes = torch.randint(256, (40, 3, SIDE, SIDE), dtype=torch.uint8, generator=source(1))
    step.begin(planes, torch.full((40, HEADS.width), torch.nan), sketched=40)
    for net in (step.faces, step.average.network):
        assert there(net.filler.sketch).is_fitted
        assert not there(net.draft).is_fitted
        assert net.decoder.last.weight.equal(fresh.decoder.last.weight)
        assert net.encoder.head.bias.equal(fresh.encoder.head.bias)


def test_mirrored_pictures_have_a_mirrored_draft() -> None:
    """Where half of what is learnt is mirrored, no side is drawn before the first step."""
    step = FacesStep(new_net(), Recipe(flips=True))
    planes = torch.full((40, 3, SIDE, SIDE), 20, dtype=torch.uint8)
    planes[:, :, :, : SIDE // 2] = torch.randint(
        120, 250, (40, 1, 1, 1), dtype=torch.uint8, generator=source(2)
    )
    told = [{"beard": n % 2 == 0, "hair": HAIR.options[n % 3]} for n in range(40)]
    step.begin(planes, HEADS.targets(told), sketched=40)
    assert there(step.faces.draft).is_fitted
    with torch.no_grad():
        drawn = step.faces.decode(torch.zeros(1, step.faces.size))
    assert float((drawn - drawn.flip(-1)).abs().mean()) < 0.05


def test_a_file_keeps_the_draft(tmp_path: Path) -> None:
    step, values, _targets = begun()
    network = step.average.network
    with torch.no_grad():
        mean, drawn = network.encode(values)[0], network.decode(network.encode(values)[0])
        model = open_model(write_model(tmp_path, network)).network
        assert torch.allclose(model.encode(values)[0], mean, atol=0.05)
        assert torch.allclose(model.decode(mean), drawn, atol=0.05)


def test_a_training_of_before_goes_on_without_a_draft() -> None:
    step, values, _targets = begun()
    former = {name: each for name, each in step.tensors().items() if "/draft." not in name}
    step.restore(former)
    for net in (step.faces, step.average.network):
        assert net.draft is not None
        assert not net.draft.is_fitted
        with torch.no_grad():
            assert net.decode(net.encode(values)[0]).isfinite().all()

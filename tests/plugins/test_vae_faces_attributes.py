"""Attributes of VAE faces: from what data says to numbers of a point, and to controls that work."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor
from vae_faces import attributes
from vae_faces.judging.reader import Reader, known, train_reader
from vae_faces.traits import Trait, Traits, traits_of
from vae_faces.words.vocabulary import title_of
from vae_faces_examples import AGE, BEARD, HAIR, TRAITS, heads, tiny, write_dataset, write_model

from aigc_studio.api import EditRequest, GenerateRequest, GeneratorError
from aigc_studio.toolkit import to_values


def drawn(count: int, width: int = TRAITS.width, seed: int = 0) -> Tensor:
    return torch.randn(count, width, generator=torch.Generator().manual_seed(seed))


def shares(codes: Tensor) -> list[float]:
    return [float(x) for x in codes.argmax(dim=1).bincount(minlength=codes.shape[1]) / len(codes)]


# -- traits ----------------------------------------------------------------------------------------


def test_drawn_points_have_options_as_often_as_the_data() -> None:
    codes = TRAITS.codes(drawn(20_000))
    assert shares(codes[:, TRAITS.places["hair"]]) == pytest.approx(HAIR.shares, abs=0.015)
    assert float((codes[:, 0] > 0.5).double().mean()) == pytest.approx(0.25, abs=0.015)


def test_what_is_known_goes_to_a_point_and_comes_back() -> None:
    told: list[dict[str, Any]] = [
        {"beard": True, "hair": "red", "age": 60},
        {"beard": False, "hair": "black", "age": 40.0},
    ]
    codes = TRAITS.codes(TRAITS.known_points(TRAITS.targets(told)))
    assert codes[:, 0].round().tolist() == [1, 0]
    assert codes[:, TRAITS.places["hair"]].argmax(dim=1).tolist() == [2, 0]
    assert codes[:, TRAITS.places["age"]].flatten().tolist() == pytest.approx([2.0, 0.0])


def test_a_picture_of_which_nothing_is_known_costs_nothing() -> None:
    targets = TRAITS.targets([{"hair": "green", "age": "old", "beard": "full"}])
    assert bool(targets.isnan().all())
    assert float(TRAITS.loss(torch.randn(1, TRAITS.width), targets)) == 0.0


def test_known_points_lie_where_drawn_ones_do() -> None:
    points = drawn(40_000)
    place = TRAITS.places["hair"]
    won = TRAITS.codes(points)[:, place].argmax(dim=1)
    means = torch.stack([points[won == n][:, place].mean(dim=0) for n in range(3)])
    clear = TRAITS.known_points(TRAITS.targets([{"hair": each} for each in HAIR.options]))
    assert torch.allclose(means, clear[:, place], atol=0.03)


def test_settled_points_stand_between_no_two_options() -> None:
    points = torch.cat([drawn(500), torch.ones(500, 2)], dim=1)
    settled = TRAITS.settled(points)
    place = TRAITS.places["hair"]
    before, after = (TRAITS.codes(each)[:, place] for each in (points, settled))
    assert torch.equal(before.argmax(dim=1), after.argmax(dim=1))
    assert float(after.max(dim=1).values.min()) > 0.99
    assert torch.equal(
        points[:, TRAITS.places["age"].start :], settled[:, TRAITS.places["age"].start :]
    )


def test_traits_come_back_from_a_file_and_nonsense_does_not() -> None:
    assert Traits.from_json(TRAITS.to_json()) == TRAITS
    assert Traits.from_json([]).width == 0
    for wrong in ([{"name": "x"}], [{**TRAITS.to_json()[0], "shares": [2.0]}], [7]):
        with pytest.raises((ValueError, TypeError, KeyError)):
            Traits.from_json(wrong)


def test_what_comes_too_seldom_is_no_trait(tmp_path: Path) -> None:
    pairs = [(picture, {**told, "name": f"n{n}", "glasses": n == 3}) for n, (picture, told)
             in enumerate(heads(60))]  # fmt: skip
    found = traits_of(write_dataset(tmp_path / "data", pairs))
    assert [each.name for each in found.each] == ["beard", "hair"]


# -- steering --------------------------------------------------------------------------------------


def test_a_control_sets_its_own_numbers_and_leaves_the_others() -> None:
    points = drawn(50, TRAITS.width + 4)
    moved = attributes.with_traits(points, TRAITS, {"hair": "blond"})
    place = TRAITS.places["hair"]
    assert (TRAITS.codes(moved)[:, place].argmax(dim=1) == 1).all()
    changed = (moved != points).any(dim=0)
    assert not changed[: place.start].any()
    assert not changed[place.stop :].any()


def test_a_slider_goes_from_no_to_yes_and_does_nothing_in_the_middle() -> None:
    points = drawn(50)
    told = [
        TRAITS.codes(attributes.with_traits(points, TRAITS, {"beard": value}))[:, 0]
        for value in (-1.0, 0.0, 1.0)
    ]
    assert float(told[0].max()) < 0.1
    assert torch.equal(told[1], TRAITS.codes(points)[:, 0])
    assert float(told[2].min()) > 0.9
    older = attributes.with_traits(points, TRAITS, {"age": 1.5})
    assert torch.allclose(older[:, TRAITS.places["age"]], points[:, TRAITS.places["age"]] + 1.5)


def test_the_card_says_what_steers_a_model_and_its_axes_move_points(tmp_path: Path) -> None:
    net = tiny(traits=TRAITS)
    about = {"options": {"words": {"hair": {"en": "hair", "zh": "头发"}}}}
    card = attributes.card_of(net, about)
    controls = {each["name"]: each for each in card["controls"]["controls"]}
    assert list(controls) == ["beard", "hair", "age", "axis-1", "axis-2"]
    assert controls["hair"]["title"] == {"en": "Hair", "zh": "头发"}
    assert controls["hair"]["options"] == ["black", "blond", "red"]
    assert controls["hair"]["titles"]["blond"] == "Blond"
    assert controls["beard"]["title"] == {"en": "Beard", "zh": "胡须"}
    assert card["controls"]["pads"] == [["axis-1", "axis-2"]]
    model = write_model(tmp_path / "model", net)
    (model / "card.json").write_text(__import__("json").dumps(card))
    request = GenerateRequest(model=model, controls={"hair": "red", "axis-1": 2.0})
    points = drawn(3, net.size)
    moved = attributes.steered(points, net, request)
    assert (TRAITS.codes(moved)[:, TRAITS.places["hair"]].argmax(dim=1) == 2).all()
    assert not torch.equal(moved[:, TRAITS.width :], points[:, TRAITS.width :])


def test_a_control_that_the_model_has_not_is_a_sentence(tmp_path: Path) -> None:
    net = tiny(traits=TRAITS)
    model = write_model(tmp_path / "model", net)
    request: EditRequest[Any] = EditRequest(model=model, controls={"hat": 1.0})
    with pytest.raises(GeneratorError, match="does not say what hat changes"):
        attributes.steered(drawn(1, net.size), net, request)


class Plane:
    """A net whose pictures are its points: number 3 changes most, then number 1."""

    size, traits = 4, Traits()

    def encode(self, values: Tensor) -> tuple[Tensor, Tensor]:
        return values.flatten(1)[:, :4], torch.zeros(len(values), 4)

    def decode(self, points: Tensor) -> Tensor:
        weights = torch.tensor([0.1, -0.5, 0.0, 0.9])
        found = torch.zeros(len(points), 1, 16, 16)
        found[:, 0, 0, :4] = points * weights
        return found


def test_axes_are_the_directions_that_change_pictures_most() -> None:
    found = attributes.changing_axes(Plane(), 2)
    assert found["axis-1"].tolist() == pytest.approx([0, 0, 0, 1], abs=1e-5)
    assert found["axis-2"].tolist() == pytest.approx([0, -1, 0, 0], abs=1e-5)


def test_titles_are_the_datasets_own_then_the_usual_ones_then_the_word() -> None:
    words = {"beard": {"en": "whiskers", "zh": "胡子"}}
    assert title_of("beard", words) == {"en": "Whiskers", "zh": "胡子"}
    assert title_of("beard", {}) == {"en": "Beard", "zh": "胡须"}
    assert title_of("nose_length", {"nose_length": 7}) == "Nose length"


# -- how well they work ----------------------------------------------------------------------------


class Honest:
    """A net that draws what its traits say: brightness by option, and in the lower half a beard."""

    def __init__(self, leaks: bool = False) -> None:
        self.traits, self.leaks = Traits((BEARD, HAIR)), leaks
        self.size = self.traits.width

    def decode(self, points: Tensor) -> Tensor:
        codes = self.traits.codes(points)
        beard, hair = codes[:, :1], codes[:, 1:]
        values = torch.zeros(len(points), 1, 16, 16)
        values[:, 0, :8] = (hair @ torch.tensor([-1.0, 0.0, 1.0]))[:, None, None]
        lower = beard[:, 0] * (hair[:, 2] < 0.5 if self.leaks else 1.0)
        values[:, 0, 8:] = (2 * lower - 1)[:, None, None]
        return values

    def encode(self, values: Tensor) -> tuple[Tensor, Tensor]:
        upper, lower = values[:, 0, 0, 0], values[:, 0, 15, 15]
        hair = torch.nn.functional.one_hot((upper + 1).round().long().clamp(0, 2), 3).float()
        targets = torch.cat([(lower[:, None] > 0).float(), hair], dim=1)
        return self.traits.known_points(targets), torch.zeros(len(values), self.size)


def pictures(net: Honest, count: int) -> tuple[Tensor, Tensor]:
    """Planes and what is known of them."""
    told = [{"beard": n % 2 == 0, "hair": HAIR.options[n % 3]} for n in range(count)]
    targets = net.traits.targets(told)
    values = Honest().decode(net.traits.known_points(targets))
    return ((values + 1) * 127.5).round().to(torch.uint8), targets


def trained(net: Honest) -> tuple[Reader, Tensor]:
    planes, targets = pictures(net, 60)
    steps = train_reader(planes, targets, net.traits, steps=80)
    with torch.enable_grad():
        while True:
            try:
                next(steps)
            except StopIteration as end:
                return end.value, to_values(planes, -1.0)


def test_a_reader_learns_attributes_from_pictures() -> None:
    net = Honest()
    reader, values = trained(net)
    truth = known(net.traits, pictures(net, 60)[1])
    seen = reader.verdicts(values)
    assert all(bool((seen[name] == truth[name]).all()) for name in truth)


def test_controls_that_work_are_measured_as_such_and_a_leak_is_seen() -> None:
    reader, values = trained(Honest())

    def measured(net: Honest) -> Iterator[attributes.Works]:
        edited = attributes.edited_by(net, values)
        return attributes.measure_controls(net.traits, reader, values, edited)

    beard, hair = measured(Honest())
    assert (beard.changes, beard.keeps, hair.changes, hair.keeps) == (1.0, 1.0, 1.0, 1.0)
    assert hair.cases == 2 * len(values)
    _beard, hair = measured(Honest(leaks=True))
    assert hair.changes == 1.0
    assert hair.keeps < 0.9
    assert hair.also == "beard"


def test_a_number_has_worked_where_it_went_the_right_way() -> None:
    assert Traits((AGE,)).width == 1
    trait, before = AGE, torch.tensor([0.0, 0.0])
    asked, other = attributes._asked(trait, 1, 2.0, before, torch.tensor([1.5, 0.2]))
    assert (asked.tolist(), other.tolist()) == ([True, False], [True, True])
    with pytest.raises(ValueError, match="two values"):
        Trait("one", "choice", ("a",), (0.5,))

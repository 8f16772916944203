"""Training VAE faces: a model comes of it, and data that does not do is told of in clear words."""

from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import torch
import vae_faces
from kinds import an_image
from vae_faces.model import Model, open_model
from vae_faces.training.learning import Measuring, faces_for, recipe_for
from vae_faces.training.material import LEAST, Material
from vae_faces.training.parameters import TrainParameters
from vae_faces.training.step import FacesStep, Recipe
from vae_faces.traits import Traits
from vae_faces_examples import TRAITS, Told, heads, tiny, write_dataset, write_model

from aigc_studio.api import (
    Checkpoint,
    Event,
    GeneratorError,
    Image,
    Message,
    Metric,
    Preview,
    TrainRequest,
)

pytestmark = pytest.mark.usefixtures("little_shown")


def asked(
    tmp_path: Path,
    pairs: Sequence[Told],
    *,
    name: str = "job",
    model: Path | None = None,
    held_out: int = 0,
    parameters: dict[str, Any] | None = None,
    **fields: Any,
) -> TrainRequest[TrainParameters]:
    dataset = write_dataset(tmp_path / f"data of {name}", pairs, held_out)
    folder = tmp_path / name
    folder.mkdir(exist_ok=True)
    small: dict[str, Any] = {"batch_size": 4} | ({"width": 8} if model is None else {})
    length: dict[str, Any] = {"steps": 1} | fields
    return TrainRequest(
        dataset=dataset,
        folder=folder,
        model=model,
        parameters=TrainParameters(**(small | (parameters or {}))),
        **length,
    )


def train(tmp_path: Path, pairs: Sequence[Told], **told: Any) -> list[Event]:
    return list(vae_faces.train(asked(tmp_path, pairs, **told)))


def last(events: list[Event]) -> Checkpoint:
    return [event for event in events if isinstance(event, Checkpoint)][-1]


def texts(events: list[Event]) -> str:
    told = [each.text for each in events if isinstance(each, Message)]
    return "\n".join(each if isinstance(each, str) else each["en"] for each in told)


def test_a_training_makes_one_model_that_draws_fills_and_knows_attributes(tmp_path: Path) -> None:
    events = train(tmp_path, heads(80), held_out=8)
    card = last(events).card
    assert card["frame"] == {"width": 32, "height": 32, "mode": "RGB", "margin": 1.0}
    assert card["parameters"]["batch_size"] == 4
    shown = [event for event in events if isinstance(event, Preview)]
    assert an_image(shown[0].artifact).width == 4 * 32
    told = {event.name for event in events if isinstance(event, Metric)}
    assert {"reconstruction_loss", "kl_nats", "attribute_loss", "mixed_loss"} <= told
    assert {"reconstruction_db", "hole_db", "scratches_db", "held_out_db"} <= told
    assert {"told_nats", "fill", "finish"} <= told
    faces = open_model(last(events).path).network
    assert [each.name for each in faces.traits.each] == ["beard", "hair"]


def test_it_learns(tmp_path: Path) -> None:
    events = train(tmp_path, heads(24), steps=40, parameters={"size": "32", "batch_size": 8})
    found = [e.value for e in events if isinstance(e, Metric) and e.name == "reconstruction_db"]
    assert found[-1] > found[0] + 0.5


def test_attributes_can_be_left_out(tmp_path: Path) -> None:
    events = train(tmp_path, heads(80), parameters={"use_attributes": False})
    assert not open_model(last(events).path).network.traits


@pytest.mark.parametrize(
    ("colour", "mode"), [("auto", "RGBA"), ("grey", "L"), ("rgb", "RGB"), ("rgba", "RGBA")]
)
def test_clear_pictures_stay_clear_and_any_colour_can_be_asked_for(
    tmp_path: Path, colour: str, mode: str
) -> None:
    pairs: list[Told] = []
    for picture, _told in heads(12):
        pixels = picture.convert("RGBA").pixels.copy()
        pixels[:4, :, 3] = 0
        pairs.append((Image(pixels), {}))
    events = train(tmp_path, pairs, parameters={"colour": colour})
    assert last(events).card["frame"]["mode"] == mode


def test_pictures_of_all_sizes_and_shapes_are_learnt_and_what_is_lost_is_said(
    tmp_path: Path,
) -> None:
    random = np.random.default_rng(0)
    shapes = [(1, 1), (40, 7), (9, 50, 3), (90, 70, 4), (16, 16)] * 2
    pairs: list[Told] = [(Image(random.integers(0, 255, shape, np.uint8)), {}) for shape in shapes]
    events = train(tmp_path, pairs, parameters={"size": "48"})
    assert open_model(last(events).path).network.side == 48
    told = texts(events)
    assert "10 pictures are very few" in told
    assert "6 pictures are not square" in told
    assert "4 pictures are smaller than half of 48 × 48" in told


def test_too_few_pictures_and_pictures_that_are_all_the_same_are_refused(tmp_path: Path) -> None:
    with pytest.raises(GeneratorError, match=f"has 3 pictures .* {LEAST} at least"):
        train(tmp_path, heads(3))
    with pytest.raises(GeneratorError, match="All pictures of the dataset are the same"):
        train(tmp_path, heads(1) * 20)


def test_it_goes_on_from_a_model_which_says_size_and_width(tmp_path: Path) -> None:
    first = last(train(tmp_path, heads(20))).path
    events = train(tmp_path, heads(9, side=50), name="more", model=first)
    assert last(events).card["frame"]["width"] == 32
    for wrong in ({"size": "64"}, {"colour": "grey"}, {"width": 16}):
        with pytest.raises(GeneratorError, match=r"leave it automatic"):
            train(tmp_path, heads(9), name="other", model=first, parameters=wrong)


def test_one_net_alone_goes_on_and_the_other_stays_as_it_is(tmp_path: Path) -> None:
    first = last(train(tmp_path, heads(20), steps=3)).path
    before = open_model(first).network
    kept = {
        "drawing": ("filler.",),
        "filling": ("encoder.", "decoder.", "prior."),
        "scratches": ("encoder.", "decoder.", "prior.", "filler.trunk.", "filler.straying."),
    }
    for learns, left in kept.items():
        events = train(
            tmp_path, heads(20), name=learns, model=first, parameters={"learns": learns}, steps=3
        )
        after = open_model(last(events).path).network.state_dict()
        same = {name: bool(each.equal(after[name])) for name, each in before.state_dict().items()}
        assert all(same[name] for name in same if name.startswith(left))
        assert not all(same.values())
        told = {event.name for event in events if isinstance(event, Metric)}
        assert ("fill" in told) == (learns == "filling")
        assert ("finish" in told) == (learns != "drawing")
        assert ("reconstruction_loss" in told) == (learns == "drawing")


@pytest.mark.parametrize("learns", ["drawing", "touches", "filling", "scratches"])
def test_a_new_model_has_to_learn_both(tmp_path: Path, learns: str) -> None:
    with pytest.raises(GeneratorError, match="choose a model to go on from"):
        train(tmp_path, heads(20), parameters={"learns": learns})


def test_points_of_photographs_spread_along_fewer_axes_also_when_a_model_goes_on(
    tmp_path: Path,
) -> None:
    plain = {"use_attributes": False}
    first = open_model(last(train(tmp_path, heads(20), parameters=plain)).path)
    assert first.network.settings.axes == 32
    told = open_model(last(train(tmp_path, heads(80), name="told")).path).network
    assert told.settings.axes == 64
    base = Model(tiny(traits=Traits()), {}, b"", "base", first.space)
    few = Material(torch.zeros(9, 3, 32, 32), torch.zeros(9, 0), Traits(), torch.empty(0))
    narrower = faces_for(TrainParameters(), few, base, 0)
    assert base.network.settings.axes == 64
    assert narrower.settings.axes == 32
    assert len(narrower.prior.axes) == min(32, narrower.settings.numbers)


def test_attributes_can_weigh_more() -> None:
    many = Material(torch.zeros(2000, 1, 1, 1), torch.zeros(2000, 0), tiny().traits, torch.empty(0))
    found, usual = recipe_for(TrainParameters(attribute_weight=3.0), many), Recipe()
    assert (found.attributes, found.mixed, found.details) == pytest.approx(
        (3 * usual.attributes, 3 * usual.mixed, 3 * usual.details)
    )


def test_few_pictures_are_moved_and_mirrored_by_themselves() -> None:
    few = Material(torch.zeros(100, 1, 32, 32), torch.zeros(100, 0), tiny().traits, torch.empty(0))
    assert recipe_for(TrainParameters(), few).flips
    assert recipe_for(TrainParameters(), few).augmentation > 0
    assert not recipe_for(TrainParameters(flips="no", augmentation=0.0), few).flips
    many = Material(torch.zeros(2000, 1, 1, 1), torch.zeros(2000, 0), few.traits, few.held_out)
    assert recipe_for(TrainParameters(), many) == Recipe()


def test_a_divergence_that_vanished_is_said_once(tmp_path: Path) -> None:
    planes = (torch.rand(8, 3, 32, 32) * 255).to(torch.uint8)
    faces = tiny()
    for parameter in faces.parameters():
        parameter.data.zero_()
    measuring = Measuring(Material(planes, torch.zeros(8, 0), faces.traits, planes[:0]), {})
    said = [event for _again in range(4) for event in measuring.of(faces)]
    said = [event for event in said if isinstance(event, Message)]
    assert len(said) == 1
    assert "divergence has vanished" in texts(list(said))


def test_the_next_step_after_a_resumption_is_the_same_to_the_bit() -> None:
    from aigc_studio.toolkit import Moment

    planes = (torch.rand(4, 3, 32, 32) * 255).to(torch.uint8)
    targets = TRAITS.targets([{"beard": True, "hair": "red", "age": 30}] * 4)
    one = FacesStep(tiny(traits=TRAITS, fine=8), Recipe(augmentation=0.5, flips=True))
    other = FacesStep(tiny(traits=TRAITS, seed=5, fine=8), Recipe(augmentation=0.5, flips=True))

    def moment(step: int) -> Moment:
        return Moment(step, 10, step / 10, torch.Generator().manual_seed(step))

    one.step((planes, targets), moment(0))
    other.restore({name: each.contiguous().clone() for name, each in one.tensors().items()})
    for step in (1, 2):
        torch.manual_seed(step)
        first = one.step((planes, targets), moment(step))
        torch.manual_seed(step)
        assert other.step((planes, targets), moment(step)) == first
    told = other.tensors()
    assert all(told[name].equal(each) for name, each in one.tensors().items())


def test_a_model_of_before_goes_on_with_a_finisher_and_so_does_a_training(tmp_path: Path) -> None:
    base = open_model(write_model(tmp_path / "base", tiny(traits=Traits())))
    few = Material(torch.zeros(9, 3, 32, 32), torch.zeros(9, 0), Traits(), torch.empty(0))
    parameters = [TrainParameters(learns=each) for each in ("all", "scratches", "drawing")]
    going_on = [faces_for(each, few, base, 0) for each in parameters]
    assert [each.settings.fine > 0 for each in going_on] == [True, True, False]
    assert not base.network.settings.fine
    before = FacesStep(tiny(traits=Traits()), Recipe()).tensors()
    after = FacesStep(tiny(traits=Traits(), fine=8), Recipe())
    after.restore({name: each.contiguous().clone() for name, each in before.items()})
    told = after.tensors()
    assert all(told[name].equal(each) for name, each in before.items())


def test_what_a_training_begins_with_is_found_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes seconds; who goes on finds it where the training was left."""
    begun: list[int] = []
    begin = FacesStep.begin

    def noted(step: FacesStep, *told: Any, **more: Any) -> None:
        begun.append(1)
        begin(step, *told, **more)

    monkeypatch.setattr(FacesStep, "begin", noted)
    left = vae_faces.train(asked(tmp_path, heads(80), steps=3))
    while not isinstance(next(left), Metric):
        pass
    cast("Generator[Event]", left).close()
    assert begun == [1]
    train(tmp_path, heads(80), steps=3, resume=True)
    assert begun == [1]
    train(tmp_path, heads(80), name="lost", steps=1, resume=True)  # there is nothing to go on from
    assert begun == [1, 1]

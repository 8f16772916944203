from collections.abc import Generator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import gan_digits
import numpy as np
import pytest
import torch
from gan_digits.model import open_model
from gan_digits.parameters import TrainParameters
from gan_digits_examples import DIGITS, bars, candidates, write_dataset, write_model
from kinds import an_image

from aigc_studio.api import (
    Checkpoint,
    Dataset,
    Event,
    GenerateRequest,
    GeneratorError,
    Image,
    Message,
    Metric,
    Preview,
    StudioError,
    TrainRequest,
)

pytestmark = pytest.mark.usefixtures("little_shown")


def train(
    tmp_path: Path,
    pairs: Sequence[tuple[Image, str]],
    *,
    name: str = "job",
    model: Path | None = None,
    parameters: dict[str, Any] | None = None,
    **fields: Any,
) -> list[Event]:
    dataset = write_dataset(tmp_path / f"data of {name}", pairs)
    folder = tmp_path / name
    folder.mkdir(exist_ok=True)
    small: dict[str, Any] = {"batch_size": 8} | ({"width": 8} if model is None else {})
    length: dict[str, Any] = {"steps": 3} | fields
    request = TrainRequest(
        dataset=dataset,
        folder=folder,
        model=model,
        parameters=TrainParameters(**(small | (parameters or {}))),
        **length,
    )
    return list(gan_digits.train(request))


def last(events: list[Event]) -> Checkpoint:
    return [event for event in events if isinstance(event, Checkpoint)][-1]


def test_a_training_makes_a_model_that_draws(tmp_path: Path) -> None:
    events = train(tmp_path, bars(40))
    card = last(events).card
    assert card["frame"] == {"width": 16, "height": 16, "mode": "L", "repeat": "horizontal"}
    assert card["controls"]["classes"] == list(DIGITS)
    assert card["parameters"]["batch_size"] == 8
    previews = [event for event in events if isinstance(event, Preview)]
    first = an_image(previews[0].artifact)
    assert (first.width, first.height) == (160, 160)
    names = {event.name for event in events if isinstance(event, Metric)}
    assert {"generator_loss", "discriminator_loss", "diversity", "diversity_within"} <= names
    request = GenerateRequest(model=last(events).path, prompt="2024")
    (made,) = candidates(gan_digits.generate(request))
    assert made.artifact.width == 64


@pytest.mark.parametrize("loss", ["relativistic", "minimax", "non-saturating", "hinge"])
def test_every_loss_trains(tmp_path: Path, loss: str) -> None:
    assert last(train(tmp_path, bars(20), parameters={"loss": loss, "penalty": 0.0}))


def test_one_picture_is_enough(tmp_path: Path) -> None:
    model = open_model(last(train(tmp_path, bars(1))).path)
    assert model.classes == ("0",)


def test_pictures_of_all_sizes_modes_and_shapes(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    shapes = [(1, 1), (40, 7), (9, 50, 3), (30, 30, 4), (16, 16)]
    pictures = [(Image(random.integers(0, 255, shape, np.uint8)), "") for shape in shapes]
    events = train(tmp_path, pictures, parameters={"size": "20"})
    model = open_model(last(events).path)
    assert (model.classes, model.mode, model.settings.size) == ((), "RGB", 20)


def test_grey_pictures_in_colour_files_are_grey_and_colour_can_be_asked_for(tmp_path: Path) -> None:
    grey = [(picture.convert("RGB"), label) for picture, label in bars(4)]
    assert last(train(tmp_path, grey, name="grey")).card["frame"]["mode"] == "L"
    asked = {"colour": "rgb"}
    assert last(train(tmp_path, grey, name="rgb", parameters=asked)).card["frame"]["mode"] == "RGB"


def test_labels_can_be_left_unused_and_unlabelled_pictures_are_left_out(tmp_path: Path) -> None:
    off = train(tmp_path, bars(8), name="off", parameters={"use_labels": False})
    assert open_model(last(off).path).classes == ()
    pairs = [*bars(8), (bars(1)[0][0], "")]
    events = train(tmp_path, pairs, name="some")
    (message,) = [event for event in events if isinstance(event, Message)]
    assert not isinstance(message.text, str)
    assert "1 pictures have no label" in message.text["en"]


def test_an_empty_dataset_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(GeneratorError, match="no pictures") as caught:
        train(tmp_path, [])
    assert caught.value.zh


def test_a_damaged_dataset_is_a_sentence(tmp_path: Path) -> None:
    dataset = write_dataset(tmp_path / "data", bars(20))
    content = dataset.path / "content.bin"
    content.write_bytes(content.read_bytes()[:2000])
    request = TrainRequest(dataset=Dataset(dataset.path), folder=tmp_path, steps=3)
    with pytest.raises(StudioError, match="damaged"):
        list(gan_digits.train(request))


def test_the_same_seed_trains_the_same_model(tmp_path: Path) -> None:
    weights = [
        (last(train(tmp_path, bars(20), name=name, seed=seed)).path / "weights.safetensors")
        for name, seed in (("a", 0), ("b", 0), ("c", 1))
    ]
    contents = [path.read_bytes() for path in weights]
    assert contents[0] == contents[1] != contents[2]


def test_closed_and_resumed_equals_uninterrupted(tmp_path: Path) -> None:
    whole = last(train(tmp_path, bars(20), name="whole", steps=12)).path / "weights.safetensors"
    dataset = write_dataset(tmp_path / "data", bars(20))
    folder = tmp_path / "stopped"
    folder.mkdir()
    small = TrainParameters(width=8, batch_size=8)
    request = TrainRequest(dataset=dataset, folder=folder, steps=12, parameters=small)
    action = gan_digits.train(request)
    for event in action:
        if isinstance(event, Metric) and event.step == 5:
            break
    assert isinstance(action, Generator)
    action.close()
    resumed = last(list(gan_digits.train(replace(request, resume=True))))
    assert (resumed.path / "weights.safetensors").read_bytes() == whole.read_bytes()


def test_going_on_from_a_model_starts_from_its_weights(tmp_path: Path) -> None:
    base = write_model(tmp_path / "base")
    events = train(tmp_path, bars(20), model=base, steps=1, parameters={"learning_rate": 1e-5})
    before, after = open_model(base), open_model(last(events).path)
    assert after.settings.width == 8
    for (name, old), new in zip(
        before.generator.state_dict().items(),
        after.generator.state_dict().values(),
        strict=True,
    ):
        assert torch.allclose(old, new, atol=2e-3), name


def test_new_classes_come_behind_those_the_model_knows(tmp_path: Path) -> None:
    base = write_model(tmp_path / "base", classes=("1", "7"))
    events = train(tmp_path, bars(20, labels=("7", "0", "猫")), model=base, steps=1)
    model = open_model(last(events).path)
    assert model.classes == ("1", "7", "0", "猫")
    table = open_model(base).generator.embedding.weight
    assert torch.allclose(model.generator.embedding.weight[:2], table, atol=5e-3)


def test_a_class_that_macos_spelled_is_not_learnt_twice(tmp_path: Path) -> None:
    base = write_model(tmp_path / "base", classes=("cafe\u0301", "7"))
    events = train(tmp_path, bars(20, labels=("café", "the\u0301")), model=base, steps=1)
    assert open_model(last(events).path).classes == ("cafe\u0301", "7", "thé")


@pytest.mark.parametrize(
    ("parameters", "parameter"),
    [({"size": "28"}, "size"), ({"colour": "rgb"}, "colour"), ({"width": 32}, "width")],
)
def test_going_on_with_another_shape_is_a_sentence_beside_its_field(
    tmp_path: Path, parameters: dict[str, Any], parameter: str
) -> None:
    base = write_model(tmp_path / "base")
    with pytest.raises(GeneratorError, match="base") as caught:
        train(tmp_path, bars(8), model=base, parameters=parameters)
    assert caught.value.parameter == parameter


def test_going_on_without_labels_needs_a_model_without_classes(tmp_path: Path) -> None:
    base = write_model(tmp_path / "base")
    with pytest.raises(GeneratorError, match="has no labels"):
        train(tmp_path, bars(8, labels=()), model=base)
    plain = write_model(tmp_path / "plain", classes=())
    events = train(tmp_path, bars(8), name="plain job", model=plain)
    assert open_model(last(events).path).classes == ()

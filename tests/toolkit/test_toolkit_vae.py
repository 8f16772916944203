"""Another kind of net in other modes on the same toolkit: nothing in it is for digits only."""

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tiny_vae
from toolkit_examples import keep_pictures

from aigc_studio.api import (
    Candidate,
    Checkpoint,
    EditRequest,
    EvaluateRequest,
    GenerateRequest,
    GeneratorError,
    Image,
    Metric,
    Preview,
    TrainRequest,
)
from aigc_studio.api.dataset import Dataset
from aigc_studio.toolkit.pictures import Mode


def faces(count: int, seed: int = 0) -> list[Image]:
    """Discs of one colour on another, half of them transparent outside, of several sizes."""
    source = np.random.default_rng(seed)
    made = []
    for number in range(count):
        side = int(source.integers(20, 60))
        y, x = np.mgrid[:side, :side] / side - 0.5
        inside = (x**2 + y**2 < 0.12)[..., None]
        colours = source.integers(0, 256, (2, 3))
        pixels = np.where(inside, colours[0], colours[1]).astype(np.uint8)
        opacity = np.where(inside, 255, 0 if number % 2 else 255).astype(np.uint8)
        made.append(Image(np.concatenate([pixels, opacity], axis=2)))
    return made


def trained(tmp_path: Path, mode: Mode, seed: int = 0, steps: int = 6) -> Checkpoint:
    folder = tmp_path / f"{mode} {seed} {steps}"
    data = keep_pictures(folder / "data", faces(12), test_every=3)
    request = TrainRequest(dataset=data, folder=folder, steps=steps, seed=seed)
    events = list(tiny_vae.train(request, mode))
    assert any(isinstance(event, Preview) for event in events)
    return [event for event in events if isinstance(event, Checkpoint)][-1]


def made(events: object) -> list[Candidate]:
    assert isinstance(events, Generator)
    return [event for event in events if isinstance(event, Candidate)]


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
def test_it_trains_generates_and_edits_in_every_mode(tmp_path: Path, mode: Mode) -> None:
    model = trained(tmp_path, mode).path
    few = made(tiny_vae.generate(GenerateRequest(model=model, count=2, seed=5)))
    assert [each.artifact for each in few][1:] == [
        each.artifact for each in made(tiny_vae.generate(GenerateRequest(model=model, seed=6)))
    ]
    first = few[0].artifact
    assert isinstance(first, Image)
    assert (first.width, first.height, first.mode) == (32, 32, mode)
    request = EditRequest(
        model=model, artifacts=(first,), selections=(None,), latents=(few[0].latent,)
    )
    (again,) = made(tiny_vae.edit(request))
    assert again.artifact == first, "its latent draws it again, to the bit"
    photograph = Image(np.random.default_rng(0).integers(0, 255, (50, 70, 3), np.uint8))
    (seen,) = made(tiny_vae.edit(replace(request, artifacts=(photograph,), latents=(None,))))
    assert isinstance(seen.artifact, Image)
    assert (seen.artifact.width, seen.artifact.height, seen.artifact.mode) == (70, 50, "RGB")


def test_a_latent_of_another_model_is_a_sentence(tmp_path: Path) -> None:
    models = [trained(tmp_path, "L", seed).path for seed in (0, 1)]
    (given,) = made(tiny_vae.generate(GenerateRequest(model=models[0])))
    request = EditRequest(
        model=models[1], artifacts=(given.artifact,), selections=(None,), latents=(given.latent,)
    )
    with pytest.raises(GeneratorError, match="another model"):
        list(tiny_vae.edit(request))


def test_it_is_measured_without_classes(tmp_path: Path) -> None:
    checkpoint = trained(tmp_path, "RGB")
    data = Dataset(tmp_path / "RGB 0 6" / "data", "test")
    events = list(tiny_vae.evaluate(EvaluateRequest(model=checkpoint.path, dataset=data)))
    found = {event.name: event.value for event in events if isinstance(event, Metric)}
    assert found.keys() == {
        "frechet_distance",
        "precision",
        "recall",
        "told_apart",
        "copied_share",
        "diversity",
    }


def test_a_model_of_another_kind_is_a_sentence(tmp_path: Path) -> None:
    model = trained(tmp_path, "L", steps=1).path
    (model / "weights.safetensors").replace(tmp_path / "weights.safetensors")
    from gan_digits.model import open_model

    with pytest.raises(GeneratorError, match="not a model of this generator"):
        open_model(tmp_path)


def test_closed_and_resumed_equals_uninterrupted(tmp_path: Path) -> None:
    whole = trained(tmp_path, "L", steps=8).path / "weights.safetensors"
    folder = tmp_path / "stopped"
    data = keep_pictures(folder / "data", faces(12), test_every=3)
    request = TrainRequest(dataset=data, folder=folder, steps=8)
    action = tiny_vae.train(request, "L")
    assert isinstance(action, Generator)
    for event in action:
        if isinstance(event, Metric) and event.step == 4:
            break
    action.close()
    events = list(tiny_vae.train(replace(request, resume=True), "L"))
    resumed = [event for event in events if isinstance(event, Checkpoint)][-1]
    assert (resumed.path / "weights.safetensors").read_bytes() == whole.read_bytes()

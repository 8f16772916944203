"""GAN digits is steered: slant, stroke weight and width do what they are called, and no more."""

import importlib.util
import json
import shutil
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import gan_digits
import numpy as np
import pytest
import torch
from gan_digits import axes
from gan_digits.model import open_model
from gan_digits.pictures import Look, as_row
from gan_digits.projection import guess
from gan_digits_examples import Drawn, candidates, write_model

from aigc_studio.api import Controls, EditRequest, GenerateRequest, GeneratorError
from aigc_studio.api.controls import read_controls
from aigc_studio.folders import resources_folder
from aigc_studio.toolkit import pack_latent, to_values

ROOT = Path(__file__).resolve().parents[2]
FOLDER = resources_folder() / "models" / "gan-digits" / "digits"
CARD = json.loads((FOLDER / "card.json").read_text("utf-8"))
NAMES = {"slant", "weight", "width"}


def generate(prompt: str = "3", **fields: Any) -> list[Drawn]:
    given: dict[str, Any] = {"seed": 9000, "model": FOLDER} | fields
    return candidates(gan_digits.generate(GenerateRequest(prompt=prompt, **given)))


def means(drawn: list[Drawn]) -> Any:
    """Mean slant, weight and width of what was drawn with ink on paper."""
    pixels = np.stack([each.artifact.pixels for each in drawn])
    return axes.measured(torch.from_numpy(1 - pixels[:, None] / 127.5)).mean(dim=0)


def read(drawn: Drawn) -> str:
    model = open_model(FOLDER)
    (cell,) = as_row(drawn.artifact, model.settings.size, model.mode, model.look).cells
    values = to_values(torch.from_numpy(cell), -1)
    return model.classes[guess(model.generator, model.encoder, values).label]


@pytest.mark.parametrize(
    ("name", "place", "least"), [("slant", 0, 10.0), ("weight", 1, 0.5), ("width", 2, 0.5)]
)
def test_each_axis_changes_its_measure_and_the_digit_stays(
    name: str, place: int, least: float
) -> None:
    drawn = [
        generate("0 1 2 3 4 5 6 7 8 9", count=10, controls={name: value})
        for value in (-1.0, -0.5, 0.5, 1.0)
    ]
    values = torch.stack([means(each) for each in drawn])
    assert (values[:, place].diff() > 0).all()
    assert float(values[-1, place] - values[0, place]) > 2 * least
    usual = torch.tensor([10.0, 0.5, 0.5])
    others = [each for each in range(3) if each != place]
    assert (((values[-1] - values[0]) / usual)[others].abs() < 0.6).all()
    for each in (drawn[0], drawn[-1]):
        assert sum(read(one) == one.title for one in each) >= 90


def test_without_controls_nothing_is_another_than_it_was() -> None:
    plain, none = generate(count=2), generate(count=2, controls={"slant": 0.0})
    assert [each.artifact for each in plain] == [each.artifact for each in none]
    assert [each.latent for each in plain] == [each.latent for each in none]


def test_what_was_steered_stays_so_in_another_class() -> None:
    (three,) = generate("3", controls={"slant": -1.0})
    upright, leaning = (
        candidates(
            gan_digits.edit(
                EditRequest(
                    operation="change-class",
                    model=FOLDER,
                    artifacts=(three.artifact,),
                    selections=(None,),
                    latents=(three.latent,),
                    prompt="8",
                    controls=controls,
                )
            )
        )
        for controls in ({}, {"slant": 1.0})
    )
    assert means(upright)[0] < means(leaning)[0] - 10


def test_more_like_one_is_nearer_to_it_than_others_are() -> None:
    (given,) = generate("3", seed=1, controls={"slant": -1.0, "weight": 1.0})
    assert given.latent is not None
    alike = generate("3 7 7", count=8, latents=(given.latent,))
    assert [each.title for each in alike] == ["3"] * 8
    others = generate("3", count=8)

    def distance(drawn: list[Drawn]) -> float:
        pixels = [each.artifact.pixels.astype(float) for each in drawn]
        return float(np.mean([np.abs(each - given.artifact.pixels) for each in pixels]))

    assert 0 < distance(alike) < 0.8 * distance(others)
    assert [each.title for each in generate("8", latents=(given.latent,))] == ["8"]
    # All characters stray the same way: it stays one hand.
    (pair,) = generate("33", seed=1)
    assert pair.latent is not None
    for each in generate("33", count=4, latents=(pair.latent,)):
        assert each.latent is not None
        (first, second), (before, after) = (
            np.frombuffer(data[16 + 4 :], "<f4").reshape(2, 32)
            for data in (each.latent, pair.latent)
        )
        assert np.linalg.norm(first - second) < np.linalg.norm(before - after) + 0.5
    with pytest.raises(GeneratorError, match="1 characters"):
        generate("42", latents=(given.latent,))


def test_a_latent_of_another_model_is_refused_by_name(tmp_path: Path) -> None:
    other = pack_latent(torch.zeros(1, 32), b"another!", [3])
    with pytest.raises(GeneratorError, match="belongs to another model"):
        generate(latents=(other,))


def test_a_card_without_the_axis_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "odd"
    shutil.copytree(FOLDER, folder)
    odd: Any
    for odd in ({}, {"slant": [1, 2]}, {"slant": "x"}, [], {"slant": [float("inf")] * 32}):
        (folder / "card.json").write_text(json.dumps(CARD | {"axes": odd}))
        with pytest.raises(GeneratorError, match="does not say what slant changes"):
            generate(model=folder, controls={"slant": 0.5})


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("stock_axes", ROOT / ".ci/stock_axes.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)  # where dataclasses look for it
    spec.loader.exec_module(module)
    return module


def test_the_card_says_what_the_command_finds(command: ModuleType, tmp_path: Path) -> None:
    folder = shutil.copytree(FOLDER, tmp_path / "digits")
    command.stock(folder)
    card = json.loads((folder / "card.json").read_text("utf-8"))
    assert list(card["axes"]) == list(CARD["axes"])
    for name, axis in card["axes"].items():
        assert np.allclose(axis, CARD["axes"][name], atol=0.01)
        assert np.linalg.norm(axis) == pytest.approx(2.0, abs=0.01)
    assert {**card, "axes": {}} == {**CARD, "axes": {}}
    assert read_controls(card).pads == (("slant", "weight"),)


def test_the_command_serves_any_model(
    command: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_model(tmp_path / "raw")
    (folder / "card.json").write_text(json.dumps({"generator": "gan-digits"}))
    command.main(folder)
    card = json.loads((folder / "card.json").read_text("utf-8"))
    # A model whose latents tell nothing of slant has no control of that name.
    found = card.get("axes", {})
    assert {each["name"] for each in card["controls"]["controls"]} == set(found)
    assert set(found) <= NAMES
    assert "read" in capsys.readouterr().out or not found


def test_what_a_training_makes_is_steered_as_far_as_it_follows() -> None:
    model = open_model(FOLDER)
    card = axes.steering_of(model.generator, model.classes, model.look)
    controls = read_controls(card)
    assert {each.name for each in controls.controls} == set(card["axes"]) == NAMES
    for name, axis in card["axes"].items():
        kept = np.array(CARD["axes"][name])
        assert np.dot(axis, kept) / np.dot(kept, kept) == pytest.approx(1.0, abs=0.05)
    # Photos have no slant.
    plain = axes.steering_of(model.generator, model.classes, Look(ground=128.0, extent=0.0))
    assert "axes" not in plain
    assert read_controls(plain) == Controls(classes=model.classes, latent_axes=32)

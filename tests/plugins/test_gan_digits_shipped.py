"""The model that comes with the studio: small, told of honestly, and drawing what is asked for."""

import hashlib
from typing import Any

import gan_digits
import numpy as np
import pytest
import torch
from gan_digits.model import open_model
from gan_digits.pictures import as_row
from gan_digits.projection import guess
from gan_digits_examples import Drawn, candidates

from aigc_studio.api import EditRequest, GenerateRequest, Image
from aigc_studio.folders import resources_folder
from aigc_studio.library import ModelStore
from aigc_studio.toolkit import to_values

FOLDER = resources_folder() / "models" / "gan-digits" / "digits"


def generate(prompt: str, **fields: Any) -> list[Drawn]:
    return candidates(gan_digits.generate(GenerateRequest(model=FOLDER, prompt=prompt, **fields)))


def read(picture: Image) -> str:
    """What the encoder reads in a picture of one digit."""
    model = open_model(FOLDER)
    (cell,) = as_row(picture, model.settings.size, model.mode, model.look).cells
    return model.classes[
        guess(model.generator, model.encoder, to_values(torch.from_numpy(cell), -1)).label
    ]


def test_it_is_a_model_of_the_library_with_a_card_that_says_where_it_comes_from() -> None:
    (info,) = [each for each in ModelStore().list("gan-digits") if each.name == "digits"]
    assert info.shipped
    assert info.size < 3_100_000
    weights = (FOLDER / "weights.safetensors").read_bytes()
    assert info.weights_digest == hashlib.sha256(weights).hexdigest()
    assert info.digest != info.weights_digest
    card = info.card
    assert card["licence"] == "CC BY-SA 3.0"
    assert "LeCun" in card["credit"]
    assert len(card["data"]["fingerprint"]) == 64
    assert card["command"].startswith("aigc-studio train gan-digits --data digits --steps 3000")
    assert {"label_accuracy", "frechet_distance", "precision", "recall"} <= card["metrics"].keys()
    model = open_model(FOLDER)
    assert card["frame"]["width"] == model.settings.size == 28
    assert tuple(card["controls"]["classes"]) == model.classes


def test_it_draws_what_is_asked_for() -> None:
    made = generate("0 1 2 3 4 5 6 7 8 9", count=10, seed=100)
    right = sum(read(each.artifact) == each.title for each in made)
    assert right >= 93
    assert len({each.artifact for each in made}) == 100


def drawn_seven(paper: int, ink: int) -> Image:
    """A large seven in straight lines, somewhere in a large picture."""
    pixels = np.full((300, 260), paper, np.uint8)
    pixels[80:92, 90:180] = ink
    for row in range(92, 230):
        left = round(172 - (row - 92) * 0.45)
        pixels[row, left : left + 12] = ink
    return Image(pixels)


@pytest.mark.parametrize(("paper", "ink"), [(255, 0), (0, 255), (230, 60)])
def test_it_cleans_up_a_drawing_where_it_stands(paper: int, ink: int) -> None:
    drawing = drawn_seven(paper, ink)
    request = EditRequest(
        operation="clean-up",
        model=FOLDER,
        artifacts=(drawing,),
        selections=(None,),
        latents=(None,),
        count=3,
    )
    made = candidates(gan_digits.edit(request))
    assert [each.title for each in made] == ["7", "7", "7"]
    for each in made:
        apart = np.abs(each.artifact.pixels.astype(int) - round(np.median(each.artifact.pixels)))
        rows, columns = (apart > 100).nonzero()
        assert 60 < rows.min() < 110
        assert 200 < rows.max() < 250
        assert 70 < columns.min() < 130
        assert 150 < columns.max() < 200


def test_a_three_becomes_an_eight_in_the_same_hand() -> None:
    given = generate("3", count=12, seed=300)
    hits, likeness = 0, []
    for each in given:
        request = EditRequest(
            operation="change-class",
            model=FOLDER,
            artifacts=(each.artifact,),
            selections=(None,),
            latents=(each.latent,),
            prompt="8",
        )
        (eight,) = candidates(gan_digits.edit(request))
        hits += read(eight.artifact) == "8"
        likeness.append((each.artifact.pixels.mean(), eight.artifact.pixels.mean()))
    assert hits >= 11
    # The hand: heavy writing stays heavy, thin stays thin.
    assert np.corrcoef(np.array(likeness).T)[0, 1] > 0.7


def test_sixteen_digits_come_within_a_blink() -> None:
    generate("1234")
    import time

    torch.set_num_threads(1)
    fastest = 1.0
    for _attempt in range(5):
        began = time.perf_counter()
        generate("1234", count=4)
        fastest = min(fastest, time.perf_counter() - began)
    assert fastest < 0.15

"""The two models of texts that come with the studio: small, told of honestly, and worth having."""

import hashlib
from random import Random

import numpy as np
import pytest
import torch
from rnn_text.model import Model, open_model
from rnn_text.training.previews import draw

from aigc_studio.folders import resources_folder
from aigc_studio.library import ModelStore
from aigc_studio.toolkit.sequences import nats_along

FOLDER = resources_folder() / "models" / "rnn-text"
NAMES = ("shakespeare", "tang-poems")
_MOST_BYTES = 8_000_000
POEM = "白日依山尽，黄河入海流。欲穷千里目，更上一层楼。"
SPEECH = (
    "Tomorrow, and tomorrow, and tomorrow, Creeps in this petty pace from day to day, To the last "
    "syllable of recorded time; And all our yesterdays have lighted fools The way to dusty death."
)


def the_model(name: str) -> Model:
    return open_model(FOLDER / name)


def nats(model: Model, text: str) -> float:
    """A character of a text, from its beginning with nothing."""
    numbers = np.concatenate([model.opening, model.alphabet.encode(text)])
    return float(nats_along(model.writer.read, numbers)[len(model.opening) - 1 :].mean())


def test_both_are_small_enough_to_come_along() -> None:
    assert sum(path.stat().st_size for path in FOLDER.rglob("weights.safetensors")) <= _MOST_BYTES


@pytest.mark.parametrize("name", NAMES)
def test_they_are_models_of_the_library_whose_cards_say_where_they_come_from(name: str) -> None:
    (info,) = [each for each in ModelStore().list("rnn-text") if each.name == name]
    assert info.shipped
    weights = (FOLDER / name / "weights.safetensors").read_bytes()
    assert info.weights_digest == hashlib.sha256(weights).hexdigest()
    card = info.card
    assert card["command"].startswith(f"aigc-studio train rnn-text --data {name}")
    assert len(card["data"]["fingerprint"]) == 64
    assert card["licence"]["en"] == "Public domain"
    assert card["credit"]
    assert (FOLDER / name / "samples.txt").stat().st_size > 100


@pytest.mark.parametrize(("name", "most"), [("shakespeare", 1.55), ("tang-poems", 4.79)])
def test_what_was_held_out_is_expected_well_enough(name: str, most: float) -> None:
    (info,) = [each for each in ModelStore().list("rnn-text") if each.name == name]
    assert info.card["metrics"]["nats_per_character"] <= most


def test_shakespeare_writes_prose_and_expects_what_he_wrote() -> None:
    model = the_model("shakespeare")
    assert (model.kind, model.between) == ("prose", "\n")
    assert model.writer.right is not None
    assert nats(model, SPEECH) < 1.9
    mixed = "".join(Random(1).sample(SPEECH, len(SPEECH)))
    assert nats(model, mixed) > 3


def test_tang_poems_know_their_forms_and_expect_a_poem() -> None:
    model = the_model("tang-poems")
    assert model.kind == "verse"
    assert set(model.forms) == {"5x4", "7x4", "5x8", "7x8"}
    assert nats(model, POEM) < 5.5
    marks = "，。"
    plain = [each for each in POEM if each not in marks]
    Random(1).shuffle(plain)
    mixed = "".join(each if each in marks else plain.pop() for each in POEM)
    assert nats(model, mixed) > nats(model, POEM) + 0.5


@pytest.mark.parametrize("name", NAMES)
@torch.no_grad()
def test_their_texts_differ(name: str) -> None:
    model = the_model(name)
    texts = draw(model.writer, model.alphabet, model.form, 4, 60)
    assert len(set(texts)) == 4
    assert all(len(text) > 15 for text in texts)

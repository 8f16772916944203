"""What can be said of controls before a plugin sees them: the model's card is asked."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from aigc_studio.api import Control, Controls, Description, EditRequest, GenerateRequest, Image
from aigc_studio.api import Operation as Op
from aigc_studio.wire import check_request, decode_request, encode_request
from aigc_studio.wire.checks import controls_of

SMILE = Controls(controls=(Control(name="smile"), Control(name="hair", options=("black", "blond"))))
ABOUT = Description(
    id="a",
    title="Ay",
    medium=Image,
    verbs=("generate", "edit"),
    operations=(
        Op(id="draw", verb="generate", title="Draw", controls=True, model="optional"),
        Op(id="copy", verb="generate", title="Copy", model="optional"),
        Op(id="turn", verb="edit", title="Turn", artifacts=1, controls=True, model="none"),
    ),
    controls=Controls(controls=(Control(name="own", low=0, high=9),)),
)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    (tmp_path / "weights.safetensors").write_bytes(b"")
    (tmp_path / "card.json").write_text(json.dumps({"controls": SMILE.to_json()}))
    return tmp_path


@pytest.mark.parametrize(
    ("controls", "words"),
    [
        ({}, ""),
        ({"smile": 0.5, "hair": "blond"}, ""),
        ({"smile": -1}, ""),
        ({"smile": 1.01}, "smile must be a number from -1 to 1."),
        ({"smile": float("nan")}, "smile must be a number"),
        ({"smile": True}, "smile must be a number"),
        ({"smile": "wide"}, "smile must be a number"),
        ({"hair": "green"}, "hair must be one of black, blond."),
        ({"hair": 1}, "hair must be one of"),
        ({"age": 3}, "This model has no control age. It has smile, hair."),
        ({"own": 3}, "This model has no control own."),
    ],
)
def test_the_card_of_the_model_says_what_it_can_be_steered_by(
    model: Path, controls: dict[str, Any], words: str
) -> None:
    request = GenerateRequest(operation="draw", model=model, controls=controls)
    found = check_request(ABOUT, "generate", request)
    assert set(found) == ({"controls"} if words else set())
    assert words in found.get("controls", "")


def test_all_that_is_wrong_is_said_at_once(model: Path) -> None:
    request = GenerateRequest(operation="draw", model=model, controls={"smile": 9, "age": 1})
    sentence = check_request(ABOUT, "generate", request)["controls"]
    assert "smile must be" in sentence
    assert "no control age" in sentence


def test_what_is_not_steered_takes_none(model: Path) -> None:
    request = GenerateRequest(operation="copy", model=model, controls={"smile": 0.5})
    told = check_request(ABOUT, "generate", request)
    assert told == {"controls": "“Copy” of Ay is not steered by controls. Leave them out."}


def test_without_a_model_it_is_what_the_generator_says_of_itself() -> None:
    picture = EditRequest(operation="turn", artifacts=(Image(bytes_of(4)),), controls={"own": 9})
    assert check_request(ABOUT, "edit", picture) == {}
    told = check_request(ABOUT, "edit", replace(picture, controls={"own": 10}))
    assert told == {"controls": "Ay cannot be steered like that. own must be a number from 0 to 9."}


def bytes_of(side: int) -> Any:
    import numpy as np

    return np.zeros((side, side), np.uint8)


@pytest.mark.parametrize("card", [b"[]", b"{", b'{"controls": 3}', b"", None])
def test_a_card_that_cannot_be_read_has_no_controls(model: Path, card: bytes | None) -> None:
    if card is None:
        (model / "card.json").unlink()
    else:
        (model / "card.json").write_bytes(card)
    assert controls_of(ABOUT, model) == Controls()
    request = GenerateRequest(operation="draw", model=model, controls={"smile": 0.5})
    assert "it has none at all" in check_request(ABOUT, "generate", request)["controls"]


def test_controls_and_latents_cross(tmp_path: Path) -> None:
    request = GenerateRequest(
        controls={"smile": 0.5, "hair": "blond"}, latents=(b"a", b""), folder=tmp_path
    )
    document = json.loads(json.dumps(encode_request("generate", request, tmp_path)))
    assert decode_request(document) == request

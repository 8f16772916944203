"""What a model knows, and what is unlike it."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from api.made_up_pictures import drawn, others

from aigc_studio import translation
from aigc_studio.api import Image
from aigc_studio.api.likeness import LEAST, TRAITS, Likeness, measure, traits_of
from aigc_studio.folders import resources_folder
from aigc_studio.library import ModelInfo
from aigc_studio.library.likeness import strangeness

CARD = resources_folder() / "models" / "gan-digits" / "digits" / "card.json"


def shipped() -> ModelInfo:
    card = json.loads(CARD.read_text("utf-8"))
    return ModelInfo("digits", "gan-digits", CARD.parent, card, True, "d" * 64, 1)


def test_no_drawn_digit_is_strange_to_the_model_of_digits() -> None:
    pictures = drawn()
    assert len(pictures) > 150
    assert [name for name, each in pictures.items() if strangeness(shipped(), each)] == []


def test_every_other_kind_of_picture_is_strange_to_it() -> None:
    pictures = others()
    assert len(pictures) > 30
    assert [name for name, each in pictures.items() if not strangeness(shipped(), each)] == []


def test_the_sentence_says_why() -> None:
    known = others()
    assert strangeness(shipped(), known["page 0"]) == (
        "“digits” learnt from “Handwritten digits”, and this picture is unlike them: "
        "there is far more in it."
    )
    assert strangeness(shipped(), known["chart 0"]).endswith("it has more colours.")


def test_what_it_learnt_from_is_called_as_the_person_speaks() -> None:
    page = others()["page 0"]
    translation.set_language("zh_CN")
    try:
        assert strangeness(shipped(), page).startswith("“手写数字”学的是“手写数字”")
    finally:
        translation.set_language("en")


def test_an_empty_picture_is_not_strange() -> None:
    for blank in (np.zeros((9, 9), np.uint8), np.zeros((9, 9, 4), np.uint8)):
        assert traits_of(Image(blank)) is None
        assert strangeness(shipped(), Image(blank)) == ""


def test_it_does_not_depend_on_place_size_ink_or_ground() -> None:
    small = np.zeros((40, 40), np.uint8)
    small[10:30, 18:23] = 255
    large = np.full((400, 600, 3), 255, np.uint8)
    large[100:300, 20:70] = (200, 30, 30)
    first, second = traits_of(Image(small)), traits_of(Image(large))
    assert first is not None
    assert second is not None
    assert second == pytest.approx(first, abs=0.05)


def test_a_model_of_photos_finds_a_drawing_strange() -> None:
    from api.made_up_pictures import pen_digit, photo

    known = measure(
        (Image.from_pillow(photo(seed)) for seed in range(40, 40 + LEAST)),
        (Image.from_pillow(photo(seed)) for seed in range(80, 90)),
    )
    assert known is not None
    assert known.strange_trait(Image.from_pillow(photo(7))) == ("", False)
    digit = Image.from_pillow(pen_digit("3", 1, (0, 0, 0), (255, 255, 255)))
    trait, _more = known.strange_trait(digit)
    assert trait in TRAITS


def test_a_card_gives_it_back_and_an_odd_one_gives_none() -> None:
    known = Likeness((0.0,) * 6, (1.0,) * 6, (0.5,) * 6, 2.0)
    assert Likeness.of_card({"likeness": known.to_json()}) == known
    broken: list[Any] = [None, [], "x", {"format": 1}, known.to_json() | {"format": 2}]
    broken += [known.to_json() | {"low": [0.0]}, known.to_json() | {"spread": [0] * 6}]
    broken += [known.to_json() | {"high": [float("nan")] * 6}]
    for each in broken:
        assert Likeness.of_card({"likeness": each}) is None
    model = ModelInfo("m", "g", Path(), {}, False, "d", 1)
    assert strangeness(model, others()["noise"]) == ""


def test_too_little_data_says_nothing() -> None:
    few = [Image(np.eye(9, dtype=np.uint8) * 255)] * (LEAST - 1)
    assert measure(few, few) is None

"""What a model's card says it can be steered by, and what it can be given."""

from __future__ import annotations

import json

import pytest

from aigc_studio import translation
from aigc_studio.api import Control, Controls
from aigc_studio.api.controls import read_controls

SLANT = Control(name="slant", low=-3, high=3)
STYLE = Control(name="style", options=("plain", "bold"))


def test_controls_cross_a_card() -> None:
    weight = Control(name="weight", title={"en": "Weight", "zh": "粗细"}, default=0.5)
    controls = Controls(
        classes=("a", "b"), latent_axes=4, controls=(SLANT, weight, STYLE),
        pads=(("slant", "weight"),),
    )  # fmt: skip
    assert read_controls({"controls": controls.to_json()}) == controls


@pytest.mark.parametrize(
    "card",
    [
        {},
        {"controls": 5},
        {"controls": []},
        {"controls": {"controls": "abc"}},
        {"controls": {"controls": [{"name": n} for n in map(str, range(1000))]}},
    ],
)
def test_what_is_no_controls_at_all_is_none(card: dict[str, object]) -> None:
    assert read_controls(card) == Controls()


def test_one_that_does_not_fit_is_left_out_and_the_others_stay() -> None:
    remarks: list[str] = []
    given = [
        {"name": "slant", "low": -3, "high": 3},
        {"name": "slant", "low": 0, "high": 1},
        {"low": 0},
        {"name": "flat", "low": 1, "high": 1},
        {"name": "endless", "high": float("inf")},
        {"name": "style", "options": ["plain", "bold"]},
    ]
    pads = [["slant", "flat"], ["slant", "style"], ["slant", "slant"], 5]
    found = read_controls({"controls": {"controls": given, "pads": pads}}, remarks)
    assert found.controls == (SLANT, STYLE)
    assert found.pads == ()
    assert len(remarks) == 5  # three controls, a name twice, and a sentence about the pads


@pytest.mark.parametrize(("low", "high", "default"), [(0, 0, 0), (1, 0, 0), (0, 1, 2)])
def test_a_control_has_a_range(low: float, high: float, default: float) -> None:
    with pytest.raises(ValueError, match="x"):
        Control(name="x", low=low, high=high, default=default)


def test_what_a_model_cannot_be_given_is_a_sentence_each() -> None:
    controls = Controls(controls=(SLANT, STYLE))
    assert controls.problems({"slant": 2.5, "style": "bold"}) == {}
    wrong = {"slant": 5, "style": "italic", "smile": 1}
    assert sorted(controls.problems(wrong)) == ["slant", "smile", "style"]
    assert "slant" in controls.problems({"smile": 1})["smile"]
    assert controls.problems({"slant": True}).keys() == {"slant"}
    assert Controls().problems({"slant": 1}).keys() == {"slant"}


def test_as_json_they_are_lists_and_no_tuples() -> None:
    slider, choice = Control(name="x"), Control(name="y", options=("a", "b"))
    known = Controls(
        classes=("0",), controls=(slider, choice, Control(name="z")), pads=(("x", "z"),)
    )
    told = known.to_json()
    assert told == json.loads(json.dumps(told))
    assert (told["classes"], told["pads"]) == (["0"], [["x", "z"]])
    assert read_controls({"controls": told}) == known


def test_an_option_is_called_as_the_card_says_in_each_language(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(translation, "_language", "zh_CN")
    hair = Control(
        name="hair",
        options=("blond", "bald"),
        titles={"blond": {"en": "Blond", "zh": "金发"}},
    )
    controls = Controls(controls=(hair,))
    assert read_controls({"controls": controls.to_json()}) == controls
    assert [hair.title_of(each) for each in hair.options] == ["金发", "bald"]
    assert "金发" in controls.problems({"hair": "green"})["hair"]


def test_a_control_is_not_lost_for_what_its_options_are_called() -> None:
    remarks: list[str] = []
    odd = {"name": "style", "options": ["plain", "bold"], "titles": 5}
    other = {"name": "hue", "options": ["red"], "titles": {"blue": "Blue", "red": 7}}
    found = read_controls({"controls": {"controls": [odd, other]}}, remarks)
    assert [each.name for each in found.controls] == ["style", "hue"]
    assert found.controls[0] == STYLE
    assert found.controls[1].title_of("red") == "red"
    assert remarks

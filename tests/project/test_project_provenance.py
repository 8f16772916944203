import json
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest

from aigc_studio.api import Bars, Image, Mask, Span
from aigc_studio.files import canonical_json
from aigc_studio.project import Provenance
from aigc_studio.project.provenance import selection_to_json


def read_again(provenance: Provenance) -> Provenance:
    return Provenance.from_json(json.loads(canonical_json(provenance.to_json())))


def test_json_gives_it_back(provenance: Provenance) -> None:
    assert read_again(provenance) == provenance
    assert hash(Provenance.from_json(provenance.to_json())) == hash(provenance)


def test_the_same_thing_is_the_same_string(provenance: Provenance) -> None:
    other = replace(provenance, parameters={"steps": 20, "truncation": 0.7})
    assert canonical_json(other.to_json()) == canonical_json(provenance.to_json())
    tuples = replace(provenance, parameters={"range": (1, 2)})
    assert tuples == read_again(tuples)


def test_it_holds_no_clock_and_no_path(provenance: Provenance) -> None:
    names = {each.name for each in fields(provenance)}
    assert not names & {"time", "date", "created", "path", "folder", "host", "user"}


def test_the_prompt_can_be_taken_out_alone(provenance: Provenance) -> None:
    without = provenance.without_prompt()
    assert provenance.prompt not in canonical_json(without.to_json())
    assert replace(without, prompt=provenance.prompt) == provenance


def test_controls_and_what_it_is_like_are_written_where_there_are_some(
    provenance: Provenance,
) -> None:
    assert not provenance.to_json().keys() & {"controls", "latents"}
    steered = replace(provenance, controls={"slant": 0.5, "hair": "blond"}, latents=("ab" * 32,))
    assert read_again(steered) == steered
    assert steered.making != provenance.making
    assert steered.making != replace(steered, latents=()).making


def test_later_fields_are_passed_over(provenance: Provenance) -> None:
    assert Provenance.from_json(provenance.to_json() | {"weather": "fine"}) == provenance


@pytest.mark.parametrize(
    "change",
    [
        {"seed": "1"},
        {"seed": True},
        {"seed": 1.5},
        {"medium": "film"},
        {"generator": None},
        {"parameters": [1]},
        {"parameters": {"a": float("nan")}},
        {"controls": {"slant": None}},
        {"controls": {"slant": [1]}},
        {"controls": {"slant": True}},
        {"controls": {"slant": float("nan")}},
        {"controls": [1]},
        {"controls": {str(n): 0 for n in range(65)}},
        {"latents": 3},
        {"latents": [1]},
        {"parents": 3},
        {"parents": [1]},
        {"composite": 1},
        {"stopped": 1},
        {"selection": {"kind": "span"}},
        {"selection": {"kind": "span", "start": 1, "stop": "2"}},
        {"selection": 3},
    ],
)
def test_malformed_values_are_refused(provenance: Provenance, change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Provenance.from_json(provenance.to_json() | change)


@pytest.mark.parametrize("value", [None, "", [], 3, {}], ids=repr)
def test_what_is_none_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="not a provenance"):
        Provenance.from_json(value)


def test_selections_are_named() -> None:
    mask = Mask(np.eye(3, dtype=np.uint8))
    assert selection_to_json(mask) == {"kind": "mask", "digest": Image(mask.pixels).digest}
    assert selection_to_json(Span(2, 5)) == {"kind": "span", "start": 2, "stop": 5}
    assert selection_to_json(Bars(2, 5)) == {"kind": "bars", "first": 2, "last": 5}
    assert selection_to_json(None) is None

import json
import shlex
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest

from aigc_studio.api import Bars, Image, Mask, Span, limits
from aigc_studio.project import Provenance
from aigc_studio.project.provenance import selection_to_json


def test_json_gives_it_back(provenance: Provenance) -> None:
    assert Provenance.from_json_text(provenance.to_json_text()) == provenance
    assert hash(Provenance.from_json(provenance.to_json())) == hash(provenance)


def test_the_same_thing_is_the_same_string(provenance: Provenance) -> None:
    other = replace(provenance, parameters={"steps": 20, "truncation": 0.7})
    assert other.to_json_text() == provenance.to_json_text()
    tuples = replace(provenance, parameters={"range": (1, 2)})
    assert tuples == Provenance.from_json_text(tuples.to_json_text())


def test_it_holds_no_clock_and_no_path(provenance: Provenance) -> None:
    names = {each.name for each in fields(provenance)}
    assert not names & {"time", "date", "created", "path", "folder", "host", "user"}


def test_the_prompt_can_be_taken_out_alone(provenance: Provenance) -> None:
    without = provenance.without_prompt()
    assert provenance.prompt not in without.to_json_text()
    assert replace(without, prompt=provenance.prompt) == provenance


def test_controls_and_what_it_is_like_are_written_where_there_are_some(
    provenance: Provenance,
) -> None:
    assert not provenance.to_json().keys() & {"controls", "latents"}
    steered = replace(provenance, controls={"slant": 0.5, "hair": "blond"}, latents=("ab" * 32,))
    assert Provenance.from_json_text(steered.to_json_text()) == steered
    assert steered.making != provenance.making
    assert steered.making != replace(steered, latents=()).making
    words = shlex.split(steered.as_command())
    assert [words[n + 1] for n, word in enumerate(words) if word == "--control"] == [
        "hair=blond",
        "slant=0.5",
    ]


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


@pytest.mark.parametrize(
    "text", ["", "[]", "3", "{}", "x" * (limits.PROVENANCE + 1), "[" * 100_000]
)
def test_malformed_texts_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Provenance.from_json_text(text)


def test_selections_are_named() -> None:
    mask = Mask(np.eye(3, dtype=np.uint8))
    assert selection_to_json(mask) == {"kind": "mask", "digest": Image(mask.pixels).digest}
    assert selection_to_json(Span(2, 5)) == {"kind": "span", "start": 2, "stop": 5}
    assert selection_to_json(Bars(2, 5)) == {"kind": "bars", "first": 2, "last": 5}
    assert selection_to_json(None) is None


def test_the_command_makes_it_again(provenance: Provenance) -> None:
    words = shlex.split(provenance.as_command())
    assert words[:3] == ["aigc-studio", "edit", "gan-digits"]
    assert words[words.index("--prompt") + 1] == provenance.prompt
    assert words[words.index("--seed") + 1] == "11"
    assert words[words.index("--mask") + 1] == "mask.png"
    assert words[words.index("--operation") + 1] == "clean-up"
    settings = [words[place + 1] for place, word in enumerate(words) if word == "--set"]
    assert settings == ["steps=20", "truncation=0.7"]


def test_the_command_of_other_media() -> None:
    made = Provenance(
        medium="text",
        generator="rnn-text",
        verb="edit",
        operation="edit",
        selection={"kind": "span", "start": 1, "stop": 4},
        parameters={"style": "two words", "loud": True, "tags": ["a", "b"]},
    )
    words = shlex.split(made.as_command())
    assert words[words.index("--span") + 1] == "1:4"
    assert words[words.index("--input") + 1] == "input.txt"
    assert "--operation" not in words
    settings = dict(word.split("=", 1) for word in words if "=" in word)
    assert settings == {
        "style": "two words",
        "loud": "true",
        "tags": json.dumps(["a", "b"], separators=(",", ":")),
    }
    bars = replace(made, medium="melody", selection={"kind": "bars", "first": 2, "last": 4})
    assert "--bars 2:4" in bars.as_command()
    assert "--input input.mid" in bars.as_command()
    dashed = Provenance(medium="text", generator="g", prompt="-3 --out x")
    assert "--prompt=-3 --out x" in shlex.split(dashed.as_command())
    plain = Provenance(medium="melody", generator="g", prompt="it's")
    assert shlex.split(plain.as_command())[3:5] == ["--prompt", "it's"]


def test_what_is_written_can_be_read_and_what_cannot_is_not_written(
    provenance: Provenance, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = provenance.to_json_text()
    monkeypatch.setattr(limits, "PROVENANCE", len(text))
    assert Provenance.from_json_text(provenance.to_json_text()) == provenance
    longer = replace(provenance, prompt=provenance.prompt + "x")
    with pytest.raises(ValueError, match="too long"):
        longer.to_json_text()

"""Starters cross the border as they are meant, and what does not fit is refused with a phrase."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from kinds import there

from aigc_studio.api import (
    Bars,
    Description,
    Image,
    Mask,
    Melody,
    Note,
    Operation,
    Piece,
    Span,
    Starter,
    Text,
    limits,
)
from aigc_studio.api.fitting import Misfit
from aigc_studio.api.starters import selected

TUNE = Melody(tuple(Note(n * 480, 480, 60 + n) for n in range(16)))
ARTIFACTS: dict[str, Any] = {
    "image": Image(np.arange(28 * 56, dtype=np.uint16).astype(np.uint8).reshape(28, 56)),
    "text": Text("半 and\nhalf 😀"),
    "melody": TUNE,
}
MARKS = {"image": (28, 0, 56, 28), "text": (2, 5), "melody": (2, 3)}


def about(medium: str = "image", **starter: Any) -> Description:
    told = {"id": "begin", "title": {"en": "Begin", "zh": "开始"}, "operation": "generate"}
    return Description(
        id="a", title="A", medium=medium, verbs=("generate", "edit"),  # type: ignore[arg-type]
        starters=(Starter(**(told | starter)),),
    )  # fmt: skip


def crossed(description: Description, remarks: list[str] | None = None) -> Description:
    return Description.from_json(json.loads(json.dumps(description.to_json())), remarks)


@pytest.mark.parametrize("medium", list(ARTIFACTS))
def test_a_prepared_board_crosses_the_border(medium: str) -> None:
    piece = Piece(artifact=ARTIFACTS[medium], marked=MARKS[medium], name="It", made=True)
    found = crossed(about(medium, operation="edit", prompt="more", pieces=(piece,), picture=piece))
    (starter,) = found.starters
    assert starter.prompt == "more"
    assert starter.pieces == (starter.picture,)
    assert starter.pieces[0].read() == ARTIFACTS[medium]
    assert starter.pieces[0].marked == MARKS[medium]
    assert starter.pieces[0].made
    assert crossed(found) == found


def test_what_is_typed_is_in_the_persons_language() -> None:
    words = {"en": "jig in D", "zh": "D 大调吉格"}
    example = Operation(
        id="generate", verb="generate", title="G", prompt="optional", prompt_example=words
    )
    found = crossed(replace(about(prompt=words), verbs=(), operations=(example,)))
    assert found.starters[0].prompt == words
    assert found.operations[0].prompt_example == words
    with pytest.raises(Misfit):
        crossed(about(prompt=9))


def test_strokes_cross_the_border() -> None:
    piece = Piece(strokes=(((0, 0), (0.5, 1)), ((1, 1),)))
    (starter,) = crossed(about(pieces=(piece,), tool="brush")).starters
    assert starter.pieces[0].strokes == (((0.0, 0.0), (0.5, 1.0)), ((1.0, 1.0),))
    assert starter.pieces[0].read() is None
    assert starter.tool == "brush"


def test_what_is_marked_is_a_selection() -> None:
    mask = selected(MARKS["image"], ARTIFACTS["image"])
    assert isinstance(mask, Mask)
    assert (mask.pixels[:, 28:] == 255).all()
    assert not mask.pixels[:, :28].any()
    assert selected((2, 5), ARTIFACTS["text"]) == Span(2, 5)
    assert selected((2, 3), TUNE) == Bars(2, 3)
    assert selected((), TUNE) is None


BAD: dict[str, dict[str, Any]] = {
    "an operation that is not there": {"operation": "fly"},
    "a training": {"operation": "train"},
    "no title": {"title": " "},
    "a title that is a number": {"title": 3},
    "an id with a space": {"id": "be gin"},
    "a tool that is not there": {"tool": "axe"},
    "another medium": {"pieces": (Piece(artifact=Text("a")),)},
    "a mark outside": {"pieces": (Piece(artifact=ARTIFACTS["image"], marked=(0, 0, 57, 28)),)},
    "half a mark": {"pieces": (Piece(artifact=ARTIFACTS["image"], marked=(0, 0)),)},
    "strokes outside": {"pieces": (Piece(strokes=(((0, 1.5),),)),)},
    "a stroke of no number": {"pieces": (Piece(strokes=(((0, float("nan")),),)),)},
    "too many pieces": {"pieces": (Piece(),) * (limits.PIECES + 1)},
    "pixels that are none": {
        "pieces": (Piece(artifact={"medium": "image", "shape": [2, 2], "data": "eJw="}),)
    },
    "too large a picture": {
        "pieces": (Piece(artifact={"medium": "image", "shape": [60_000, 60_000], "data": ""}),)
    },
    "a made that is no yes": {"pieces": (Piece(made=2),)},  # type: ignore[arg-type]
}


@pytest.mark.parametrize("kind", list(BAD))
def test_what_does_not_fit_is_refused_with_a_phrase(kind: str) -> None:
    with pytest.raises(Misfit) as caught:
        crossed(about(**BAD[kind]))
    assert 0 < len(str(caught.value)) < 300


def test_a_bomb_in_a_picture_is_not_unpacked() -> None:
    import base64
    import zlib

    packed = base64.b64encode(zlib.compress(bytes(10_000_000))).decode()
    piece = Piece(artifact={"medium": "image", "shape": [8, 8], "data": packed})
    found = crossed(about(pieces=(piece,)))
    assert there(found.starters[0].pieces[0].read()) == Image(np.zeros((8, 8), np.uint8))


def test_too_many_starters_and_twins_are_refused() -> None:
    one = about().starters[0]
    for many in ((one,) * 2, tuple(Starter(id=f"s{n}", title="S", operation="generate")
                                   for n in range(limits.STARTERS + 1))):  # fmt: skip
        with pytest.raises(Misfit):
            crossed(Description(id="a", title="A", medium="image", verbs=("generate",),
                                starters=many))  # fmt: skip


def test_words_that_cannot_be_shown_are_left_out_and_remarked_on() -> None:
    remarks: list[str] = []
    found = crossed(about(help={"en": "Do it", "zh": 3}), remarks)
    assert found.starters[0].help == {"en": "Do it"}
    assert len(remarks) == 1


def test_the_model_that_a_starter_is_for_crosses_the_border() -> None:
    told = json.loads(json.dumps(about(model="cartoon").to_json()))
    assert Description.from_json(told).starters[0].model == "cartoon"
    del told["starters"][0]["model"]  # as an older plugin tells it
    assert Description.from_json(told).starters[0].model == ""
    with pytest.raises(Misfit):
        Description.from_json(told | {"starters": [told["starters"][0] | {"model": 5}]})

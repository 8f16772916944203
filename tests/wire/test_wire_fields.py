"""A field of a request crosses without a line about it; typed access to what it carries."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from aigc_studio.api import (
    Bars,
    EditRequest,
    EvaluateRequest,
    GenerateRequest,
    Image,
    Melody,
    Span,
    Text,
)
from aigc_studio.wire import decode_request, encode_request
from aigc_studio.wire import requests as wire_requests

PICTURE = Image(np.arange(12, dtype=np.uint8).reshape(3, 4))


def test_a_new_field_crosses_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    @dataclass(frozen=True, kw_only=True)
    class Later(GenerateRequest):
        wishes: dict[str, Any] = field(default_factory=dict)

    monkeypatch.setitem(wire_requests._kinds, "generate", Later)
    request = Later(wishes={"colour": ["red", 1]}, folder=tmp_path)
    assert decode_request(encode_request("generate", request, tmp_path)) == request
    with pytest.raises((TypeError, ValueError)):
        encode_request("generate", Later(wishes={"colour": object()}), tmp_path)


def test_typed_access_gives_the_first_artifact_and_its_selection() -> None:
    text = EditRequest(artifacts=(Text("one two"),), selections=(Span(0, 3),))
    assert (text.text.value, text.span) == ("one two", Span(0, 3))
    assert EditRequest(artifacts=(Text("one"),)).span == Span(0, 3)
    tune = EditRequest(artifacts=(Melody(),), selections=(Bars(1, 1),))
    assert (tune.melody, tune.bars) == (Melody(), Bars(1, 1))
    whole = EditRequest(artifacts=(PICTURE,))
    assert whole.image == PICTURE
    assert whole.mask.pixels.min() == 255
    assert EvaluateRequest(artifact=Text("x")).text == Text("x")


def test_typed_access_says_when_it_is_of_another_kind() -> None:
    request = EditRequest(artifacts=(Text("one"),), selections=(Bars(1, 1),))
    with pytest.raises(TypeError, match="Text, and Image"):
        _ = request.image
    with pytest.raises(TypeError, match="Bars, and Span"):
        _ = request.span

"""What a request asks of a face: the words of its prompt and the controls, as one."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from aigc_studio.api import EditRequest, GenerateRequest
from aigc_studio.toolkit import read_card
from vae_faces.words.prompts import read_prompt, words_of

_R = TypeVar("_R", GenerateRequest, EditRequest)


def steered_by_words(request: _R) -> _R:
    """The request with what its prompt asks for among its controls; a control that the person
    moved counts before a word. Raises GeneratorError for words that the model does not know."""
    if not request.prompt.strip():
        return request
    asked = read_prompt(request.prompt, words_of(read_card(request.model)))
    return replace(request, controls=asked | dict(request.controls))


def title_of(request: GenerateRequest | EditRequest) -> str:
    """What a result is called: the words that it was asked for with."""
    return " ".join(request.prompt.split())[:80]

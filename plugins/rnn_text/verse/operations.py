"""What can be done with verse, as the description lists it, and which function does it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from aigc_studio.api import EditRequest, EvaluateRequest, Event, GenerateRequest, Operation
from rnn_text.verse.parameters import ComposeParameters, RuleParameters

OPERATIONS = (
    Operation(
        id="compose",
        verb="generate",
        title={"en": "Compose a poem", "zh": "作诗"},
        help={
            "en": "A whole poem in the form you choose: from its beginning, about a theme, or as "
            "an acrostic. For models that learnt verse.",
            "zh": "按所选体裁写一首完整的诗：由开头、主题或藏头字而成。用于学过诗的模型。",
        },
        parameters=ComposeParameters,
        prompt="optional",
        prompt_help={
            "en": "A first line, a theme, or the characters of an acrostic",
            "zh": "首句、主题，或藏头的字",
        },
        prompt_example="春江花月",
        controls=True,
    ),
    Operation(
        id="rewrite-verse",
        verb="edit",
        title={"en": "Rewrite in the poem", "zh": "改诗"},
        help={
            "en": "Makes the marked characters, half lines or lines anew: form and rhyme stay, and "
            "both sides fit.",
            "zh": "重写选中的字、半句或整句：体裁与韵不变，前后相合。",
        },
        parameters=RuleParameters,
        artifacts=1,
        selection="required",
    ),
    Operation(
        id="metre",
        verb="evaluate",
        title={"en": "Rhyme and tone", "zh": "格律"},
        help={
            "en": "How each character of a Chinese poem sounded, where it rhymes, and where the "
            "tone pattern is kept or broken.",
            "zh": "诗中每个字的平仄、何处押韵、何处合律或出律。",
        },
        artifacts=1,
        model="none",
    ),
)
"""Compose, rewrite in a poem, and tell of rhyme and tone."""


def compose(request: GenerateRequest) -> Iterator[Event]:
    """Make poems."""
    from rnn_text.model import open_model
    from rnn_text.verse.composing import compose as make

    return make(request, open_model(request.model))


def rewrite_verse(request: EditRequest) -> Iterator[Event]:
    """Make marked characters of a poem anew."""
    from rnn_text.model import open_model
    from rnn_text.verse.rewriting import rewrite_verse as make

    return make(request, open_model(request.model))


def metre(request: EvaluateRequest) -> Iterator[Event]:
    """Tell of rhyme and tone."""
    from rnn_text.verse.checking import check_verse

    return check_verse(request)


WORK: Mapping[str, Callable[[Any], Iterator[Event]]] = {
    "compose": compose,
    "rewrite-verse": rewrite_verse,
    "metre": metre,
}
"""The function of each operation, by its id."""

"""What can be done with tunes, as the description lists it, and which function does it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from aigc_studio.api import EditRequest, Event, GenerateRequest, Operation
from rnn_melody.composing.parameters import (
    AnswerParameters,
    ContinueParameters,
    GenerateParameters,
    LikeParameters,
    TransposeParameters,
    VaryParameters,
)
from rnn_melody.recomposing.parameters import RECOMPOSING

COMPOSING = (
    Operation(
        id="generate",
        verb="generate",
        title={"en": "Compose", "zh": "作曲"},
        help={
            "en": "A new tune in the style of the model: exactly as many bars as you ask for.",
            "zh": "以模型的风格作一首新曲，小节数与要求完全一致。",
        },
        parameters=GenerateParameters,
        controls=True,
        prompt="optional",
        prompt_help={
            "en": "A dance, a key, bars: “slow air in E minor, 16 bars”. ABC works too: M:6/8 "
            "K:Dm, and notes to begin with: GABc dedB. Empty: as below.",
            "zh": "舞曲、调、小节数：“E 小调慢歌，16 小节”。也可用 ABC：M:6/8 K:Dm，"
            "或开头的音符：GABc dedB。留空：按下面的设置。",
        },
        prompt_example={"en": "jig in D, 16 bars", "zh": "D 大调吉格，16 小节"},
    ),
)
"""Generate."""

EDITING = (
    *RECOMPOSING,
    Operation(
        id="continue",
        verb="edit",
        title={"en": "Continue", "zh": "续写"},
        help={
            "en": "New bars after those that are selected, or at the end of the tune.",
            "zh": "在选中的小节之后或曲末续写新的小节。",
        },
        parameters=ContinueParameters,
        artifacts=1,
        selection="optional",
    ),
    Operation(
        id="vary",
        verb="edit",
        title={"en": "Vary", "zh": "变奏"},
        help={
            "en": "The same bars with changes: some, or nearly all. The rhythm or the rise and "
            "fall can stay.",
            "zh": "在原有小节上作改动，可少可多；可保留节奏或旋律走向。",
        },
        parameters=VaryParameters,
        artifacts=1,
        selection="optional",
    ),
    Operation(
        id="answer",
        verb="edit",
        title={"en": "Answer", "zh": "应答"},
        help={
            "en": "A phrase as long as the selected one that answers it and comes home to the "
            "keynote. Nothing selected: the last four bars are answered.",
            "zh": "写一句与所选乐句等长的应答，并回到主音。未选择时：应答最后四小节。",
        },
        parameters=AnswerParameters,
        artifacts=1,
        selection="optional",
    ),
    Operation(
        id="transpose",
        verb="edit",
        title={"en": "Transpose", "zh": "移调"},
        help={
            "en": "The same notes higher or lower, by an interval or to another key. Exact: no "
            "model takes part.",
            "zh": "将同样的音升高或降低若干音程，或移到另一个调。完全准确，不经过模型。",
        },
        parameters=TransposeParameters,
        artifacts=1,
        selection="optional",
        model="none",
    ),
    Operation(
        id="like",
        verb="edit",
        title={"en": "More like this", "zh": "再作类似的"},
        help={
            "en": "New tunes in the metre, key and tempo of this one, drawn by its intervals and "
            "rhythms.",
            "zh": "以此曲的拍号、调和速度作新曲，并借用其音程和节奏。",
        },
        parameters=LikeParameters,
        artifacts=1,
    ),
)
"""Write on, vary, answer, move, and more of a kind."""


def _generate(request: GenerateRequest) -> Iterator[Event]:
    from rnn_melody.composing.generating import generate_tunes

    return generate_tunes(request)


def _recompose(request: EditRequest) -> Iterator[Event]:
    from rnn_melody.recomposing.bars import recompose_bars

    return recompose_bars(request)


def _continue(request: EditRequest) -> Iterator[Event]:
    from rnn_melody.composing.continuing import continue_tune

    return continue_tune(request)


def _answer(request: EditRequest) -> Iterator[Event]:
    from rnn_melody.composing.answering import answer_phrase

    return answer_phrase(request)


def _like(request: EditRequest) -> Iterator[Event]:
    from rnn_melody.composing.continuing import compose_alike

    return compose_alike(request)


def _vary(request: EditRequest) -> Iterator[Event]:
    from rnn_melody.composing.varying import vary_bars

    return vary_bars(request)


def _transpose(request: EditRequest) -> Iterator[Event]:
    from rnn_melody.composing.transposing import transpose_bars

    return transpose_bars(request)


WORK: Mapping[str, Callable[[Any], Iterator[Event]]] = {
    "generate": _generate,
    "recompose": _recompose,
    "continue": _continue,
    "vary": _vary,
    "answer": _answer,
    "transpose": _transpose,
    "like": _like,
}
"""The function of each operation, by its id."""

"""What can be done with texts, as the description lists it, and which function does it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from aigc_studio.api import EditRequest, Event, GenerateRequest, Operation
from rnn_text.rewriting.parameters import RewriteParameters
from rnn_text.writing.parameters import (
    ContinueParameters,
    GenerateParameters,
    LikeParameters,
)

WRITING = (
    Operation(
        id="generate",
        verb="generate",
        title={"en": "Write", "zh": "写作"},
        help={
            "en": "A new text in the voice of the model: prose, a name or a line, a poem, as it "
            "learnt.",
            "zh": "以模型的文风写一段新文字：散文、名字、单行或诗，视其所学而定。",
        },
        parameters=GenerateParameters,
        controls=True,
        prompt="optional",
        prompt_help={
            "en": "How the text begins: some words, a name, a line. Empty: from nothing.",
            "zh": "文字的开头：几个词、一个名字或一行。留空：从头写起。",
        },
        prompt_example="The king",
    ),
)
"""Generate."""

EDITING = (
    Operation(
        id="rewrite",
        verb="edit",
        title={"en": "Rewrite", "zh": "改写"},
        help={
            "en": "What is marked is made anew so that it fits what comes before it and after it. "
            "At a caret: something that leads from one side to the other.",
            "zh": "将选中部分重新写过，与前后文相衔接。仅有光标时：写一段连接前后文的文字。",
        },
        parameters=RewriteParameters,
        artifacts=1,
        selection="optional",
    ),
    Operation(
        id="continue",
        verb="edit",
        title={"en": "Continue", "zh": "续写"},
        help={
            "en": "Writes on at the caret, after what is marked, or at the end of the text.",
            "zh": "在光标处、选中部分之后或文末接着写。",
        },
        parameters=ContinueParameters,
        artifacts=1,
        selection="optional",
        caret=True,
    ),
    Operation(
        id="pick",
        verb="edit",
        title={"en": "Pick what comes next", "zh": "选择下文"},
        help={
            "en": "The likeliest next words, or characters of Chinese, with how likely each is: "
            "pick one after another.",
            "zh": "列出最可能的下一个词（中文为字）及其概率，逐个选取。",
        },
        artifacts=1,
        selection="required",
        pick=True,
    ),
    Operation(
        id="like",
        verb="edit",
        title={"en": "More like this", "zh": "再写类似的"},
        help={
            "en": "New texts in the voice of this one, drawn by its words and turns.",
            "zh": "以这段文字的语气，借其用词和说法写出新的文字。",
        },
        parameters=LikeParameters,
        artifacts=1,
    ),
)
"""Write on, pick, and more of a kind."""


def _generate(request: GenerateRequest) -> Iterator[Event]:
    from rnn_text.writing.generating import generate_texts

    return generate_texts(request)


def _continue(request: EditRequest) -> Iterator[Event]:
    from rnn_text.writing.continuing import continue_text

    return continue_text(request)


def _rewrite(request: EditRequest) -> Iterator[Event]:
    from rnn_text.rewriting.spans import rewrite_text

    return rewrite_text(request)


def _pick(request: EditRequest) -> Iterator[Event]:
    from rnn_text.writing.continuing import pick_next

    return pick_next(request)


def _like(request: EditRequest) -> Iterator[Event]:
    from rnn_text.writing.continuing import write_alike

    return write_alike(request)


WORK: Mapping[str, Callable[[Any], Iterator[Event]]] = {
    "generate": _generate,
    "continue": _continue,
    "rewrite": _rewrite,
    "pick": _pick,
    "like": _like,
}
"""The function of each operation, by its id."""

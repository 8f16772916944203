"""The parameters of verse, as the forms show them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeVar

from aigc_studio.api import EditRequest, GenerateRequest, Parameters, parameter
from rnn_text.verse.layout import Layout

Words = Literal["beginning", "theme", "acrostic"]
_LEAST, _MOST = 0.1, 1.5
_P = TypeVar("_P", bound=Parameters)


class RuleParameters(Parameters):
    """What verse keeps to."""

    daring: float = parameter(
        0.8,
        {"en": "Daring", "zh": "大胆程度"},
        help={
            "en": "Low: what is most expected. High: rarer characters and turns. Also called "
            "temperature.",
            "zh": "低：用最可预料的字。高：用更少见的字与说法。又称“温度”。",
        },
        minimum=_LEAST,
        maximum=_MOST,
        step=0.05,
    )
    rhyme: bool = parameter(
        True,
        {"en": "Rhyme", "zh": "押韵"},
        help={
            "en": "Even lines rhyme, as they did for the poets of the Tang.",
            "zh": "偶数句押韵，依唐人用韵。",
        },
    )
    tones: bool = parameter(
        True,
        {"en": "Tone pattern", "zh": "平仄"},
        help={
            "en": "Keep to a tone pattern of regulated verse where the form has one.",
            "zh": "若该体裁有格律，则依其平仄。",
        },
    )


def asked_of(request: GenerateRequest | EditRequest, kind: type[_P]) -> _P:
    """The parameters of verse in a request; those of another operation tell how daring it is."""
    given: Any = request.parameters
    if isinstance(given, kind):
        return given
    told: Any = given if isinstance(given, Mapping) else {"daring": getattr(given, "daring", None)}
    known = {name: told[name] for name in kind.model_fields if told.get(name) is not None}
    if "daring" in known:
        known["daring"] = min(max(float(told["daring"]), _LEAST), _MOST)
    return kind(**known)


class ComposeParameters(RuleParameters):
    """How a poem is made, and how it is laid out."""

    words: Words = parameter(
        "beginning",
        {"en": "What you typed is", "zh": "输入的内容是"},
        help={
            "en": "The beginning: the first line, or some of it. The theme: what the poem is "
            "about. An acrostic: each line begins with one of the characters.",
            "zh": "开头：首句或其中几字。主题：诗写什么。藏头：每句以其中一字开头。",
        },
        choices={
            "beginning": {"en": "The beginning", "zh": "开头"},
            "theme": {"en": "The theme", "zh": "主题"},
            "acrostic": {"en": "An acrostic", "zh": "藏头"},
        },
    )
    layout: Layout = parameter(
        "couplets",
        {"en": "Lines", "zh": "分行"},
        help={
            "en": "Where rows end in the text, and whether there is punctuation.",
            "zh": "文本如何分行，是否加标点。",
        },
        choices={
            "couplets": {"en": "Couplets, with ， and 。", "zh": "两句一行，有标点"},
            "lines": {"en": "One in each row, with ， and 。", "zh": "一句一行，有标点"},
            "bare": {"en": "One in each row, no punctuation", "zh": "一句一行，无标点"},
            "run": {"en": "All in one row", "zh": "连写一行"},
        },
    )

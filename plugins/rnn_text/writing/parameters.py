"""The parameters of what is written, as the forms show them."""

from __future__ import annotations

from typing import Literal

from aigc_studio.api import Parameters, parameter

StopAt = Literal["finished", "length", "sentence", "line", "paragraph"]
Found = Literal["left-out", "marked"]

_DRAWING = {"en": "How characters are drawn", "zh": "字符如何选取"}


class DrawingParameters(Parameters):
    """How the next character is chosen from those that the model expects."""

    daring: float = parameter(
        0.7,
        {"en": "Daring", "zh": "大胆程度"},
        help={
            "en": "Low: what is most expected, safe and soon the same. 1: as varied as what was "
            "learnt. Beyond that: surprises, and mistakes. Also called temperature.",
            "zh": "低：最可预料的写法，稳妥但容易重复。1：与所学内容同样多变。"
            "更高：多惊喜，也多错误。又称“温度”。",
        },
        minimum=0.1,
        maximum=2.0,
        step=0.05,
    )
    top_p: float = parameter(
        0.95,
        {"en": "Share that is drawn from (top-p)", "zh": "选取范围（top-p）"},
        help={
            "en": "Only the most expected characters, which together have this share of the "
            "probability. 1: all.",
            "zh": "仅从概率合计达到此份额的最可预料的字符中选取。1 表示全部。",
        },
        minimum=0.05,
        maximum=1.0,
        step=0.05,
        group=_DRAWING,
        advanced=True,
    )
    top_k: int = parameter(
        0,
        {"en": "So many are drawn from (top-k)", "zh": "选取个数（top-k）"},
        help={
            "en": "Only so many of the most expected characters. 0: all.",
            "zh": "仅从最可预料的若干个字符中选取。0 表示全部。",
        },
        minimum=0,
        maximum=10_000,
        group=_DRAWING,
        advanced=True,
    )
    loops: bool = parameter(
        True,
        {"en": "Get out of loops", "zh": "避免循环"},
        help={
            "en": "A text that repeats itself three times in a row is led elsewhere. Refrains, "
            "with something between, stay.",
            "zh": "若文字连续三次重复自身，则引向别处。中间有其他内容的叠句会保留。",
        },
        group=_DRAWING,
        advanced=True,
    )


class WritingParameters(DrawingParameters):
    """How far is written, and how boldly."""

    length: int = parameter(
        400,
        {"en": "Length", "zh": "长度"},
        help={
            "en": "About so many characters; the last sentence or word is finished.",
            "zh": "大约这么多字符；最后一句或一个词会写完。",
        },
        unit={"en": "characters", "zh": "字"},
        minimum=1,
        maximum=20_000,
        scale="log",
    )
    stop: StopAt = parameter(
        "finished",
        {"en": "Stop", "zh": "停在"},
        help={
            "en": "At the first end of this kind, but at the length in any case. A sentence that "
            "is finished there may take 120 characters more, a word 24.",
            "zh": "写到第一处这样的结尾为止，但不超过上面的长度。"
            "到长度时写完一句最多再写 120 个字符，写完一个词最多 24 个。",
        },
        choices={
            "finished": {"en": "At the length, sentence finished", "zh": "达到长度并写完一句"},
            "length": {"en": "At the length", "zh": "达到长度时"},
            "sentence": {"en": "After a sentence", "zh": "一句之后"},
            "line": {"en": "After a line", "zh": "一行之后"},
            "paragraph": {"en": "After a paragraph", "zh": "一段之后"},
        },
    )


class GenerateParameters(WritingParameters):
    """How a new text is written."""

    beginning: bool = parameter(
        True,
        {"en": "The beginning is part of the text", "zh": "结果包含开头"},
        help={
            "en": "What you typed stands at the head of each result. Off: only what was "
            "written on.",
            "zh": "您输入的开头会放在每个结果之首；关闭则只保留续写的部分。",
        },
        advanced=True,
    )
    known: Found = parameter(
        "left-out",
        {"en": "Lines that stand in the data", "zh": "数据中已有的行"},
        help={
            "en": "For a model that learnt line by line (names, sentences): whether what it "
            "writes may be a line that it learnt.",
            "zh": "用于逐行学习的模型（名字、句子）：写出的内容可否与学过的某一行相同。",
        },
        choices={
            "left-out": {"en": "Leave out, write others", "zh": "略去，另写"},
            "marked": {"en": "Keep, and say so", "zh": "保留并注明"},
        },
        advanced=True,
    )


class ContinueParameters(WritingParameters):
    """How a text is written on."""

    length: int = parameter(
        200,
        {"en": "Length", "zh": "长度"},
        help={
            "en": "About so many characters; the last sentence or word is finished.",
            "zh": "大约这么多字符；最后一句或一个词会写完。",
        },
        unit={"en": "characters", "zh": "字"},
        minimum=1,
        maximum=20_000,
        scale="log",
    )


class LikeParameters(WritingParameters):
    """How another text like one is written."""

    likeness: float = parameter(
        0.2,
        {"en": "Likeness", "zh": "相似程度"},
        help={
            "en": "How strongly the words and turns of this text draw the new one. 0: its voice "
            "only.",
            "zh": "这段文字的用词和说法对新文字的影响有多强。0：仅语气相近。",
        },
        minimum=0.0,
        maximum=0.8,
        step=0.05,
    )

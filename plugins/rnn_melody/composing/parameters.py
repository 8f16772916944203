"""The parameters of what is composed, as the forms show them."""

from __future__ import annotations

from typing import Literal

from aigc_studio.api import Parameters, parameter
from rnn_melody.keys import CHINESE_MODES, MODES, TONICS

LEARNT = "as-learnt"

Metres = Literal[
    "as-learnt", "4/4", "2/2", "2/4", "3/4", "6/8", "9/8", "12/8", "3/8", "6/4", "3/2", "5/4",
    "7/8"
]  # fmt: skip
Tonics = Literal[
    "as-learnt", "C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"
]  # fmt: skip
Targets = Literal[
    "interval", "C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"
]  # fmt: skip
Modes = Literal[
    "as-learnt", "major", "minor", "dorian", "mixolydian", "phrygian", "lydian", "locrian"
]
Instruments = Literal[
    "fiddle", "flute", "whistle", "piano", "accordion", "guitar", "harp", "clarinet"
]
PROGRAMS = {
    "fiddle": 40, "flute": 73, "whistle": 78, "piano": 0, "accordion": 21, "guitar": 24,
    "harp": 46, "clarinet": 71,
}  # fmt: skip
"""The General MIDI program of each instrument, 0 to 127."""

_AS_LEARNT = {"en": "As learnt", "zh": "随模型"}
_DRAWING = {"en": "How notes are drawn", "zh": "音符如何选取"}
_RANGE = {"en": "Range", "zh": "音域"}
_DARING = {
    "en": "Low: what is most expected, safe and soon the same. 1: as varied as what was learnt. "
    "Beyond that: surprises, and mistakes. Also called temperature.",
    "zh": "低：最可预料的写法，稳妥但容易重复。1：与所学内容同样多变。更高：多惊喜，也多错误。"
    "又称“温度”。",
}


def _named(sign: str) -> str:
    return sign.replace("#", "♯").replace("b", "♭")


class DrawingParameters(Parameters):
    """How the next note is chosen from those that the model expects."""

    density: float = parameter(
        0.5,
        {"en": "Density", "zh": "疏密"},
        help={
            "en": "How many notes: to the left few long ones, to the right many short ones. In the "
            "middle: as learnt.",
            "zh": "音符的多少：左边少而长，右边多而短，中间与所学相同。",
        },
        minimum=0.0,
        maximum=1.0,
        step=0.05,
    )
    daring: float = parameter(
        1.0,
        {"en": "Daring", "zh": "大胆程度"},
        help=_DARING,
        minimum=0.1,
        maximum=2.0,
        step=0.05,
    )
    top_p: float = parameter(
        0.95,
        {"en": "Share that is drawn from (top-p)", "zh": "选取范围（top-p）"},
        help={
            "en": "Only the most expected notes, which together have this share of the "
            "probability. 1: all.",
            "zh": "仅从概率合计达到此份额的最可预料的音符中选取。1 表示全部。",
        },
        minimum=0.05,
        maximum=1.0,
        step=0.05,
        group=_DRAWING,
        advanced=True,
    )
    lowest: int = parameter(
        55,
        {"en": "Lowest note", "zh": "最低音"},
        help={
            "en": "No note is below this one (MIDI number). 55: G3, the lowest string of a fiddle.",
            "zh": "不会低于此音（MIDI 编号）。55：G3，小提琴最低的空弦。",
        },
        minimum=0,
        maximum=127,
        group=_RANGE,
        advanced=True,
    )
    highest: int = parameter(
        88,
        {"en": "Highest note", "zh": "最高音"},
        help={
            "en": "No note is above this one (MIDI number). 88: E6.",
            "zh": "不会高于此音（MIDI 编号）。88：E6。",
        },
        minimum=0,
        maximum=127,
        group=_RANGE,
        advanced=True,
    )
    known: Literal["drawn-anew", "marked"] = parameter(
        "drawn-anew",
        {"en": "Tunes that were learnt", "zh": "学过的曲子"},
        help={
            "en": "What shares a run of more than 16 intervals with a tune that was learnt is made "
            "anew, or kept and named.",
            "zh": "若与学过的曲子有超过 16 个连续音程相同：重新生成，或保留并注明。",
        },
        choices={
            "drawn-anew": {"en": "Leave out, make others", "zh": "略去，另作"},
            "marked": {"en": "Keep, and say so", "zh": "保留并注明"},
        },
        group=_DRAWING,
        advanced=True,
    )


class GenerateParameters(DrawingParameters):
    """How a new tune is made."""

    metre: Metres = parameter(
        "as-learnt",
        {"en": "Metre", "zh": "拍号"},
        help={
            "en": "6/8: a jig. 4/4 or 2/2: a reel, a hornpipe. 3/4: a waltz. 9/8: a slip jig. One "
            "that the model has not learnt works too.",
            "zh": "6/8：吉格。4/4 或 2/2：里尔、角笛舞。3/4：华尔兹。9/8：滑步吉格。"
            "模型没学过的拍号也可以。",
        },
        choices={
            name: _AS_LEARNT if name == LEARNT else {"en": name, "zh": name}
            for name in Metres.__args__  # type: ignore[attr-defined]
        },
    )
    key: Tonics = parameter(
        "as-learnt",
        {"en": "Key", "zh": "主音"},
        choices={LEARNT: _AS_LEARNT}
        | {each: {"en": _named(each), "zh": _named(each)} for each in TONICS},
    )
    mode: Modes = parameter(
        "as-learnt",
        {"en": "Mode", "zh": "调式"},
        choices={LEARNT: _AS_LEARNT}
        | {each: {"en": each.capitalize(), "zh": CHINESE_MODES[each]} for each in MODES},
    )
    bars: int = parameter(
        16,
        {"en": "Bars", "zh": "小节数"},
        help={
            "en": "Exactly so many, each complete. Most tunes here have parts of 8.",
            "zh": "正好这么多，每小节都完整。这里的曲子多以 8 小节为一段。",
        },
        minimum=1,
        maximum=256,
        scale="log",
    )
    upbeat: bool = parameter(
        False,
        {"en": "Begin with an upbeat", "zh": "弱起"},
        help={
            "en": "A short bar before the first, as three in four traditional tunes have it; the "
            "last bar is as much shorter, so that the tune can be played round. Notes that you "
            "type begin the tune by themselves.",
            "zh": "第一小节前加一个不完整的小节，传统曲子四首中有三首如此；最后一小节相应缩短，"
            "便于反复演奏。若输入了开头的音符，则直接从它们开始。",
        },
        advanced=True,
    )
    tempo: int = parameter(
        0,
        {"en": "Tempo", "zh": "速度"},
        help={
            "en": "Beats a minute; in 6/8, 9/8 and 12/8 a beat is a dotted quarter note. 0: as "
            "fits the metre.",
            "zh": "每分钟拍数；6/8、9/8、12/8 中一拍为附点四分音符。0：随拍号而定。",
        },
        unit={"en": "beats/min", "zh": "拍/分"},
        minimum=0,
        maximum=300,
    )
    instrument: Instruments = parameter(
        "fiddle",
        {"en": "Instrument", "zh": "乐器"},
        choices={
            "fiddle": {"en": "Fiddle", "zh": "小提琴"},
            "flute": {"en": "Flute", "zh": "长笛"},
            "whistle": {"en": "Tin whistle", "zh": "哨笛"},
            "piano": {"en": "Piano", "zh": "钢琴"},
            "accordion": {"en": "Accordion", "zh": "手风琴"},
            "guitar": {"en": "Guitar", "zh": "吉他"},
            "harp": {"en": "Harp", "zh": "竖琴"},
            "clarinet": {"en": "Clarinet", "zh": "单簧管"},
        },
    )
    opening: bool = parameter(
        True,
        {"en": "The opening is part of the tune", "zh": "结果包含开头"},
        help={
            "en": "The notes that you typed stand at the head of each tune. Off: only what was "
            "made after them.",
            "zh": "您输入的音符会放在每首曲子之首；关闭则只保留其后的部分。",
        },
        advanced=True,
    )


class ContinueParameters(DrawingParameters):
    """How a tune goes on."""

    more: int = parameter(
        8,
        {"en": "More bars", "zh": "增加小节数"},
        help={
            "en": "So many bars more, each complete.",
            "zh": "再写这么多小节，每小节都完整。",
        },
        minimum=1,
        maximum=256,
        scale="log",
    )
    closes: bool = parameter(
        True,
        {"en": "It comes to an end", "zh": "写出结尾"},
        help={
            "en": "The last bar closes the tune. Off: it could go on.",
            "zh": "最后一小节收束全曲；关闭则可以继续往下写。",
        },
    )
    primer: bool = parameter(
        True,
        {"en": "The result has the beginning too", "zh": "结果包含原曲"},
        help={
            "en": "Off: only the new bars, as a tune of their own, where no bars are selected.",
            "zh": "关闭则只得到新写的小节，单独成曲（未选小节时）。",
        },
    )


Kept = Literal["either", "rhythm", "contour"]


class VaryParameters(DrawingParameters):
    """How much of a tune changes, and what stays."""

    change: float = parameter(
        0.3,
        {"en": "How much changes", "zh": "改动多少"},
        help={
            "en": "A little: some notes here and there. All: a new tune on the same bars.",
            "zh": "少：零星几个音。全部：同样小节上的一首新曲。",
        },
        minimum=0.05,
        maximum=1.0,
        step=0.05,
    )
    keep: Kept = parameter(
        "either",
        {"en": "What stays", "zh": "保留什么"},
        choices={
            "either": {"en": "The notes that do not change", "zh": "未改动的音符"},
            "rhythm": {"en": "The rhythm", "zh": "节奏"},
            "contour": {"en": "Rise and fall", "zh": "旋律走向"},
        },
    )


class AnswerParameters(DrawingParameters):
    """How a phrase is answered."""

    rhythm: float = parameter(
        0.6,
        {"en": "The same rhythm", "zh": "沿用节奏"},
        help={
            "en": "0: a rhythm of its own. 1: exactly that of the phrase, but for its end.",
            "zh": "0：另起节奏。1：除结尾外与原句节奏完全一致。",
        },
        minimum=0.0,
        maximum=1.0,
        step=0.05,
    )
    place: Literal["after", "instead"] = parameter(
        "after",
        {"en": "Where", "zh": "放在哪里"},
        choices={
            "after": {"en": "New bars after the phrase", "zh": "乐句之后新增小节"},
            "instead": {"en": "In place of the phrase", "zh": "替换原乐句"},
        },
    )


class LikeParameters(DrawingParameters):
    """How another tune like one is made."""

    measures: int = parameter(
        0,
        {"en": "Bars", "zh": "小节数"},
        help={"en": "0: as many as this one has.", "zh": "0：与此曲相同。"},
        minimum=0,
        maximum=256,
    )
    likeness: float = parameter(
        0.3,
        {"en": "Likeness", "zh": "相似程度"},
        help={
            "en": "How strongly the intervals and rhythms of this tune draw the new one. 0: metre, "
            "key and tempo only.",
            "zh": "此曲的音程和节奏对新曲的影响有多强。0：仅拍号、调和速度相同。",
        },
        minimum=0.0,
        maximum=1.0,
        step=0.05,
    )


class TransposeParameters(Parameters):
    """Where a tune is moved to."""

    to: Targets = parameter(
        "interval",
        {"en": "To the key of", "zh": "移到"},
        choices={"interval": {"en": "By an interval", "zh": "按音程"}}
        | {each: {"en": _named(each), "zh": _named(each)} for each in TONICS},
    )
    semitones: int = parameter(
        2,
        {"en": "Semitones", "zh": "半音数"},
        help={
            "en": "Up, or down below 0; 12 are an octave. Goes with “By an interval”.",
            "zh": "正数升高，负数降低；12 为一个八度。用于“按音程”。",
        },
        minimum=-48,
        maximum=48,
    )
    fit: bool = parameter(
        True,
        {"en": "Keep within the range", "zh": "保持在音域内"},
        help={
            "en": "A tune that would lie below or above the range is moved by whole octaves so "
            "that it lies in it.",
            "zh": "若移调后超出音域，则整体移动若干八度以回到音域内。",
        },
    )

"""What words say of a tune: dances, tempers, instruments, in English and in Chinese."""

from __future__ import annotations

from collections.abc import Mapping

from rnn_melody.keys import MODES
from rnn_melody.words.chinese import MODES as CHINESE

Wish = Mapping[str, str | int | float]
"""Parameters by name, as `GenerateParameters` has them."""

_SLOW, _FAST = {"pace": 0.65}, {"pace": 1.25}

_DANCES: dict[tuple[str, ...], Wish] = {
    ("jig", "double jig", "jigs", "single jig", "吉格", "吉格舞", "吉格舞曲"): {"metre": "6/8"},
    ("slip jig", "hop jig", "slip jigs", "滑步吉格", "滑步吉格舞"): {"metre": "9/8"},
    ("slide", "slides", "滑步舞", "斯莱德"): {"metre": "12/8"},
    ("reel", "reels", "里尔", "里尔舞", "里尔舞曲"): {"metre": "2/2"},
    ("hornpipe", "hornpipes", "角笛舞", "角笛舞曲", "号笛舞", "号笛舞曲"): {
        "metre": "4/4", "tempo": 88,
    },
    ("polka", "polkas", "波尔卡", "波尔卡舞曲"): {"metre": "2/4"},
    ("march", "marches", "进行曲"): {"metre": "4/4", "tempo": 108},
    ("strathspey", "strathspeys", "斯特拉斯佩", "斯特拉斯贝"): {"metre": "4/4", "tempo": 112},
    ("fling", "highland fling", "barn dance", "schottische", "肖蒂什", "谷仓舞"): {"metre": "4/4"},
    ("waltz", "waltzes", "华尔兹", "圆舞曲", "华尔兹舞曲"): {"metre": "3/4"},
    ("minuet", "小步舞曲"): {"metre": "3/4", "tempo": 112},
    ("mazurka", "玛祖卡", "玛祖卡舞曲"): {"metre": "3/4", "tempo": 132},
    ("quickstep", "two step", "快步舞", "快步舞曲"): {"metre": "2/4", "tempo": 112},
    ("air", "song", "ballad", "歌", "歌曲", "曲调", "民歌", "谣曲", "叙事曲"): {
        "density": 0.4, "pace": 0.8,
    },
    ("slow air", "lament", "慢歌", "慢曲", "挽歌"): {
        "metre": "3/4", "tempo": 60, "density": 0.3,
    },
    ("lullaby", "cradle song", "摇篮曲"): {"metre": "3/4", "tempo": 66, "density": 0.3},
}  # fmt: skip

_TEMPERS: dict[tuple[str, ...], Wish] = {
    ("slow", "slowly", "adagio", "largo", "慢", "慢速", "缓慢", "舒缓"): _SLOW,
    ("慢板", "柔板", "广板"): {"tempo": 60, "density": 0.3},
    ("fast", "quick", "lively", "allegro", "vivace", "presto", "快", "快速", "活泼", "轻快", "快板",
     "小快板", "急板"): _FAST,
    ("moderate", "andante", "moderato", "中速", "行板", "小行板", "中板"): {"pace": 0.85},
    ("sad", "mournful", "melancholy", "dark", "悲伤", "忧伤", "哀伤", "忧郁"): {"mode": "minor"},
    ("happy", "merry", "cheerful", "bright", "欢快", "快乐", "明亮", "喜庆"): {"mode": "major"},
    ("calm", "gentle", "quiet", "sparse", "平静", "安静", "疏朗", "稀疏", "简单", "simple"): {
        "density": 0.3,
    },
    ("busy", "dense", "many notes", "ornate", "密集", "繁密", "华丽"): {"density": 0.75},
    ("bold", "daring", "surprising", "wild", "大胆", "意外", "狂放"): {"daring": 1.2},
    ("plain", "safe", "cautious", "稳妥", "朴素"): {"daring": 0.55},
}  # fmt: skip

_INSTRUMENTS: dict[tuple[str, ...], Wish] = {
    ("fiddle", "violin", "小提琴", "提琴"): {"instrument": "fiddle"},
    ("flute", "长笛", "笛子"): {"instrument": "flute"},
    ("whistle", "tin whistle", "锡哨", "哨笛", "锡口笛"): {"instrument": "whistle"},
    ("piano", "钢琴"): {"instrument": "piano"},
    ("accordion", "concertina", "手风琴"): {"instrument": "accordion"},
    ("guitar", "吉他"): {"instrument": "guitar"},
    ("harp", "竖琴"): {"instrument": "harp"},
    ("clarinet", "单簧管", "黑管"): {"instrument": "clarinet"},
}

_KINDS: dict[tuple[str, ...], Wish] = {
    (mode, *(name for name, english in CHINESE.items() if english == mode)): {"mode": mode}
    for mode in MODES
}

_BEGINNINGS: dict[tuple[str, ...], Wish] = {("upbeat", "pickup", "弱起"): {"upbeat": True}}

MEANT: Mapping[str, Wish] = {
    word: wish
    for table in (_DANCES, _TEMPERS, _INSTRUMENTS, _KINDS, _BEGINNINGS)
    for words, wish in table.items()
    for word in words
}
"""What each word or phrase asks for; `pace` multiplies the tempo that fits the metre."""

FILLERS = frozenset((
    "a", "an", "the", "in", "of", "with", "at", "for", "on", "by", "and", "tune", "tunes",
    "melody", "music", "please", "me", "make", "write", "compose", "play", "some", "new", "one",
    "time", "key", "metre", "meter", "dance", "irish", "scottish", "traditional", "folk", "bars",
    "bar", "played", "tempo", "to", "is", "that",
    "一首", "一段", "首", "段", "的", "曲", "曲子", "舞曲", "旋律", "音乐", "用", "以", "写", "作",
    "请", "来", "个", "调", "拍", "拍子", "演奏", "速度", "爱尔兰", "苏格兰",
    "传统", "民间", "和", "、", "风格", "调式", "生成", "创作", "作曲", "想要", "我", "给", "要",
))  # fmt: skip
"""Words that say nothing more."""

_PULSE = {
    "6/8": 112, "9/8": 112, "12/8": 112, "2/2": 104, "4/4": 112, "2/4": 112, "3/4": 132,
    "3/8": 60, "3/2": 96, "6/4": 60, "5/4": 120, "7/8": 200,
}  # fmt: skip
"""Beats a minute at which tunes of a metre are danced."""


def beat_quarters(numerator: int, denominator: int) -> float:
    """How many quarter notes a beat has: a dotted note where bars fall into threes."""
    if denominator >= 8 and numerator % 3 == 0 and numerator >= 3:
        return 3 * 4 / denominator
    if denominator == 4 and numerator in (6, 9, 12):
        return 3.0
    return 4 / denominator


def usual_tempo(metre: str) -> int:
    """Beats a minute that fit a metre."""
    numerator, denominator = (int(each) for each in metre.split("/"))
    return _PULSE.get(metre, round(112 / beat_quarters(numerator, denominator)))

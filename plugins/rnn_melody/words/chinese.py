"""Numbers, metres and keys as Chinese musicians write them: 四分之三拍, 降B大调, 1=G, 羽调式."""

from __future__ import annotations

import re

from aigc_studio.api import KeySignature
from rnn_melody.keys import CHINESE_MODES, read_key

_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
NUMBER = "(?:[0-9]{1,3}|[一二两三四五六七八九十百零]{1,6})"
"""The form of a number, in digits or in characters."""

_MODES = {
    "多利亚": "dorian", "混合利底亚": "mixolydian", "弗里几亚": "phrygian", "弗里吉亚": "phrygian",
    "利底亚": "lydian", "洛克里亚": "locrian", "爱奥尼亚": "major", "伊奥尼亚": "major",
    "艾奥利亚": "minor", "爱奥利亚": "minor",
}  # fmt: skip
_FINALS = {
    "宫": "major", "商": "dorian", "角": "phrygian", "徵": "mixolydian", "征": "mixolydian",
    "羽": "minor",
}  # fmt: skip
"""The modes of seven notes on the five finals (清乐音阶)."""

MODES = (
    {name: english for english, name in CHINESE_MODES.items()}
    | {f"{kind}小调": "minor" for kind in ("自然", "和声", "旋律")}
    | {"自然大调": "major"}
    | {f"{name}{end}": mode for name, mode in _MODES.items() for end in ("", "调式")}
    | {f"{name}{end}": mode for name, mode in _FINALS.items() for end in ("调", "调式")}
)
"""The English name of a mode by each of its Chinese names."""

METRES = (
    re.compile(rf"({NUMBER})分之({NUMBER})拍?子?"),
    re.compile(r"(?<![一二三四五六七八九十])([二四八])([二三四五六七九])拍子?"),
    re.compile(r"(?<![一二三四五六七八九十百\d/])([二两三四五六2-6])()拍子"),
)
"""Metres in words; what they find is for `read_chinese_metre`."""

_USUAL = {2: "2/4", 3: "3/4", 4: "4/4", 5: "5/4", 6: "6/8"}
_NAMES = "|".join(sorted(MODES, key=len, reverse=True))
KEY = re.compile(
    rf"(?P<sign>[升降] ?|[#b]?)(?P<letter>[a-g][#b]?) ?(?P<mode>{_NAMES}|调(?!式))"
    r"|1 ?= ?(?P<before>[升降] ?|[#b]?)(?P<one>[a-g][#b]?)"
)
"""A key in lower-case letters: a mode on a keynote, or which note is 1 in numbered notation."""


def number(text: str) -> int:
    """What a number says; 0 of none."""
    if text.isdecimal():
        return int(text)
    hundreds, hundred, below = text.rpartition("百")
    if hundred:
        return 100 * _DIGITS.get(hundreds[-1:], 1) + number(below)
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _DIGITS.get(text[-1:], 0)
    return 10 * _DIGITS.get(tens[-1:], 1) + _DIGITS.get(ones[-1:], 0)


def read_chinese_metre(match: re.Match[str]) -> str:
    """The metre that one of `METRES` found: 四分之三 is three of four. Empty for none there is."""
    below, above = number(match[1]), number(match[2])
    if not match[2]:
        return _USUAL[below]
    return f"{above}/{below}" if below in (2, 4, 8, 16) and 1 <= above <= 99 else ""


def read_chinese_key(match: re.Match[str]) -> KeySignature | None:
    """The key that `KEY` found; a key of no mode is major."""
    letter, mode = match["letter"] or match["one"], match["mode"] or "调"
    sign = (match["sign"] or match["before"] or "").strip().replace("升", "#").replace("降", "b")
    if letter[1:] and not sign:
        sign, letter = letter[1:], letter[0]
    return read_key(f"{letter[0].upper()}{sign} {MODES.get(mode, 'major')}")

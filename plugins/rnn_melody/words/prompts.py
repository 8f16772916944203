"""Reading prompts: "slow air in E minor, 16 bars", "D 大调里尔", `M:6/8 K:Dm`, `GABc dedB`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from aigc_studio.api import KeySignature, Message
from rnn_melody.keys import TONICS, key_name, read_key
from rnn_melody.words.chinese import (
    KEY,
    METRES,
    NUMBER,
    number,
    read_chinese_key,
    read_chinese_metre,
)
from rnn_melody.words.dances import FILLERS, MEANT
from rnn_melody.words.notation import Typed, looks_like_notes, read_notes

_TONIC = r"(?:[a-g](?:#|♯|b(?![a-z])|♭|[ -]?sharp|[ -]?flat)?)"
_MODE = "(?:major|minor|maj|min|dorian|dor|mixolydian|mix|phrygian|lydian|locrian|ionian|aeolian)"
_METRE = re.compile(r"(?:m: ?)?([1-9]\d?) ?/ ?(2|4|8|16)(?: ?拍子?)?(?![\d/])")
_KEYS = (
    re.compile(rf"k: ?({_TONIC}(?: ?{_MODE}|m(?![a-z]))?)"),
    re.compile(rf"(?<![a-z])({_TONIC}[ -]?{_MODE})(?![a-z])"),
    re.compile(rf"(?<![a-z])({_TONIC}m)(?![a-z])"),
    re.compile(rf"(?<![a-z])(?:in|key of) ({_TONIC})(?![a-z])"),
)
_BARS = re.compile(rf"({NUMBER}) ?(?:-? ?bars?(?![a-z])|个?小节)")
_TEMPO = re.compile(
    r"(?:q: ?(?:[\d/]+ ?= ?)?|tempo ?|速度:? ?|[♩♪] ?= ?|at )(\d{2,3})(?: ?bpm)?"
    r"|(\d{2,3}) ?(?:bpm|拍/分|拍每分)|每分钟? ?(\d{2,3}) ?拍"
)
_COMMON = re.compile(r"m: ?(c\||c)(?![a-z|])")
_UNIT = re.compile(r"l: ?1 ?/ ?(\d{1,2})")
_FIELD = re.compile(r"^[XTRSNOZBHFPWC]:.*$", re.MULTILINE)
_RHYTHM = re.compile(r"^R: ?(.*)$", re.MULTILINE)
_CUTS = re.compile(r"[,;，；。.!?\n]+")
_ASIAN = re.compile("[\u3400-\u9fff]")
_SHOWN = 6
_LONGEST = max(len(word) for word in MEANT if _ASIAN.search(word))
_AROUND = "-'\"“”():《》·"
"""What stands around a word and is no part of it."""


@dataclass
class Reading:
    """What a prompt asks for: `wish` by the names of parameters, notes to open with, and what was
    not understood. `pace` multiplies the usual tempo; `key` is the whole signature, if said."""

    wish: dict[str, Any] = field(default_factory=dict)
    pace: float = 1.0
    key: KeySignature | None = None
    opening: list[Typed] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    def notices(self) -> Iterator[Message]:
        """What was understood, and what was not; nothing of an empty prompt."""
        if self.unknown:
            words = [each if len(each) <= 24 else each[:24] + "…" for each in self.unknown]
            more = "…" if len(words) > _SHOWN else ""
            english = ", ".join(f"“{word}”" for word in words[:_SHOWN]) + more
            chinese = "、".join(f"“{word}”" for word in words[:_SHOWN]) + more
            yield Message(
                {
                    "en": f"Not understood: {english}. Say a dance (jig, reel, waltz), a metre "
                    "(6/8), a key (E minor), bars (16 bars), a tempo, an instrument; or type notes "
                    "as in ABC (GABc dedB).",
                    "zh": f"没有看懂：{chinese}。可以写舞曲（吉格、里尔、华尔兹）、拍号（6/8）、"
                    "调（E 小调）、小节数（16 小节）、速度、乐器；"
                    "或用 ABC 记谱输入音符（GABc dedB）。",
                },
                "warning",
            )


def read_prompt(prompt: str) -> Reading:
    """What a person asks for in words, in ABC, or in both; whatever stands there, it is read.

    A later word wins over an earlier one, and what is said with a number over what a word means.
    """
    found = Reading()
    prompt = unicodedata.normalize("NFKC", prompt.replace("♯", "#").replace("♭", "b"))
    rhythms = " ".join(_RHYTHM.findall(prompt))
    prompt = _FIELD.sub("\n", prompt) + f"\n{rhythms}"
    unit: Fraction | None = None
    said = dict[str, Any]()
    rest: list[str] = []
    for line in prompt.split("\n"):
        left, unit = _read_numbers(line, found, said, unit)
        rest.append(left)
    for piece in _CUTS.split("\n".join(rest)):
        _read_piece(piece.strip(), found, unit)
    found.wish |= said
    return found


def _read_numbers(
    line: str, found: Reading, said: dict[str, Any], unit: Fraction | None
) -> tuple[str, Fraction | None]:
    """What is said with a number or a sign; gives what is left of the line."""
    if looks_like_notes(line):
        return line, unit

    def take(pattern: re.Pattern[str], use: Callable[[re.Match[str]], bool]) -> None:
        nonlocal line
        match = pattern.search(line.lower()) if len(line.lower()) == len(line) else None
        if match and use(match):
            line = f"{line[: match.start()]}\n{line[match.end() :]}"

    def note_length(match: re.Match[str]) -> bool:
        nonlocal unit
        unit = Fraction(4, max(int(match[1]), 1))
        return True

    take(_UNIT, note_length)
    take(_TEMPO, lambda m: _say(said, "tempo", min(max(int(m[1] or m[2] or m[3]), 20), 300)))
    take(_BARS, lambda m: _say(said, "bars", min(max(number(m[1]), 1), 256)))
    take(_COMMON, lambda m: _say(said, "metre", {"c": "4/4", "c|": "2/2"}[m[1]]))
    take(_METRE, lambda m: _say(said, "metre", f"{int(m[1])}/{m[2]}"))
    for metre in METRES:
        take(metre, lambda m: _say(said, "metre", read_chinese_metre(m)))
    take(KEY, lambda m: _say_key(found, said, read_chinese_key(m)))
    for pattern in _KEYS:
        take(pattern, lambda m: _say_key(found, said, read_key(_spelled(m[1]))))
    return line, unit


def _say(said: dict[str, Any], name: str, value: Any) -> bool:
    if value == "":
        return False
    said[name] = value
    return True


def _say_key(found: Reading, said: dict[str, Any], key: KeySignature | None) -> bool:
    if key is None:
        return False
    found.key = key
    said["key"], said["mode"] = TONICS[key.tonic], key.mode
    return True


def _spelled(name: str) -> str:
    name = re.sub(r"[ -]?(sharp|flat)", lambda m: {"sharp": "#", "flat": "b"}[m[1]], name)
    return name[:1].upper() + name[1:]


def _read_piece(piece: str, found: Reading, unit: Fraction | None) -> None:
    """Words between two commas: phrases that mean something, and notes."""
    if not piece:
        return
    if looks_like_notes(piece):
        try:
            found.opening += read_notes(piece, found.key, unit or Fraction(1, 2))
        except ValueError:
            found.unknown.append(piece)
        return
    words = [word for each in piece.split() for word in _cut(each)]
    at = 0
    while at < len(words):
        most = min(len(words), at + 3)
        for stop in range(most, at, -1):
            phrase = " ".join(words[at:stop]).lower().strip(_AROUND)
            if phrase in MEANT:
                _mean(found, phrase)
                at = stop
                break
        else:
            if words[at].lower().strip(_AROUND) not in FILLERS and words[at].strip(_AROUND):
                found.unknown.append(words[at])
            at += 1


def _mean(found: Reading, phrase: str) -> None:
    wish = dict(MEANT[phrase])
    pace = wish.pop("pace", None)
    if pace is not None:
        found.pace = float(pace)
    found.wish |= wish


def _cut(word: str) -> list[str]:
    """Chinese, which has no spaces, cut at the longest words that mean something."""
    if not _ASIAN.search(word):
        return [word]
    found, rest, at = list[str](), "", 0
    while at < len(word):
        longest = next(
            (
                word[at:stop]
                for stop in range(min(len(word), at + _LONGEST), at, -1)
                if word[at:stop].lower() in MEANT or word[at:stop] in FILLERS
            ),
            "",
        )
        if longest and rest:
            found.append(rest)
            rest = ""
        if longest:
            found.append(longest)
        else:
            rest += word[at]
        at += len(longest) or 1
    return [*found, rest] if rest else found


def told(wish: dict[str, Any], key: KeySignature | None) -> dict[str, str]:
    """What is made, as a title says it: the metre and the key."""
    name = key_name(key) if key is not None else {"en": "", "zh": ""}
    metre = wish.get("metre", "")
    return {
        language: "，".join(filter(None, (metre, name[language])))
        if language == "zh"
        else ", ".join(filter(None, (metre, name[language])))
        for language in ("en", "zh")
    }

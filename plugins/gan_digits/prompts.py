"""Reading prompts: which classes a person asks for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from aigc_studio.api import GeneratorError

LONGEST = 64
"""The most characters that one picture may have."""


def read_prompt(prompt: str, classes: Sequence[str]) -> list[list[int]]:
    """For each picture the classes of its characters, from a prompt like `2024` or `3 7 7`.

    Spaces separate pictures. A word is a class's name or is spelled with classes of one character
    each; capitals do not matter where it is clear without, and full-width digits are digits.
    An empty prompt, or any for a model without classes, gives []. Raises GeneratorError.
    """
    if not classes:
        return []
    text = unicodedata.normalize("NFKC", prompt).strip()
    pictures = [_spell(word, classes) for word in _words(text, classes)]
    longest = max((len(picture) for picture in pictures), default=0)
    if longest > LONGEST:
        raise GeneratorError(
            f"One picture has room for {LONGEST} characters, not {longest}: put spaces between.",
            zh=f"一张图最多容纳 {LONGEST} 个字符，而不是 {longest} 个：请用空格分开。",
            parameter="prompt",
        )
    return pictures


def _words(text: str, classes: Sequence[str]) -> list[str]:
    """The words, where a class's name with spaces in it is one word."""
    named = sorted((name for name in classes if " " in name), key=len, reverse=True)
    pattern = "|".join([*(rf"(?<!\S){re.escape(name)}(?!\S)" for name in named), r"\S+"])
    return re.findall(pattern, text, re.IGNORECASE)


def _spell(word: str, classes: Sequence[str]) -> list[int]:
    index = _find(word, classes)
    if index is not None:
        return [index]
    found = [_find(character, classes) for character in word]
    spelled = [each for each in found if each is not None]
    if len(spelled) != len(word):
        raise _unknown(word, classes)
    return spelled


def _find(name: str, classes: Sequence[str]) -> int | None:
    if name in classes:
        return classes.index(name)
    alike = [n for n, each in enumerate(classes) if each.casefold() == name.casefold()]
    return alike[0] if len(alike) == 1 else None


def _unknown(word: str, classes: Sequence[str]) -> GeneratorError:
    shown = ", ".join(classes[:20]) + (", …" if len(classes) > 20 else "")
    if list(classes) == list("0123456789"):
        shown = "0-9"
    short = word if len(word) <= 24 else word[:24] + "…"
    return GeneratorError(
        f"The model knows no “{short}”. Allowed: {shown}, with spaces between pictures.",
        zh=f"该模型不认识“{short}”。可用：{shown}，图像之间用空格分开。",
        parameter="prompt",
    )

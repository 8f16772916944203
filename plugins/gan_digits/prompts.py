"""Reading prompts: which classes a person asks for."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from aigc_studio.api import GeneratorError
from aigc_studio.toolkit import Spellings

LONGEST = 64
"""The most characters that one picture may have."""
_TOLD = 12
"""Classes that a card names, at most."""
_LONG = 40
"""Characters of a name that it tells."""
_JOINER = "\u200d"


def read_prompt(prompt: str, classes: Sequence[str]) -> list[list[int]]:
    """For each picture the classes of its characters, from a prompt like `2024` or `3 7 7`.

    Spaces separate pictures. A word is a class's name or is spelled with classes of one character
    each; capitals, composed accents and width do not matter where it is clear without: full-width
    digits are digits.
    An empty prompt, or any for a model without classes, gives []. Raises GeneratorError.
    """
    if not classes:
        return []
    names = Spellings(classes)
    pictures = [_spell(word, names, classes) for word in _words(prompt, names, classes)]
    longest = max((len(picture) for picture in pictures), default=0)
    if longest > LONGEST:
        raise GeneratorError(
            f"One picture has room for {LONGEST} characters, not {longest}: put spaces between.",
            zh=f"一张图最多容纳 {LONGEST} 个字符，而不是 {longest} 个：请用空格分开。",
            parameter="prompt",
        )
    return pictures


def told_of(classes: Sequence[str]) -> dict[str, Any]:
    """What a model's card says of its prompts: other classes than digits by their names, and that
    one without classes understands no words."""
    if not classes:
        return {"prompt": False}
    if all(len(each) == 1 and each.isdecimal() for each in classes):
        return {}
    shown = [each if len(each) <= _LONG else f"{each[:_LONG]}…" for each in classes[:_TOLD]]
    more = "…" if len(classes) > _TOLD else ""
    known = f"Classes that this model knows: {', '.join(shown)}{more or '.'}"
    return {"prompt": {"en": known, "zh": f"此模型认识的类别：{'、'.join(shown)}{more or '。'}"}}


def _words(prompt: str, names: Spellings, classes: Sequence[str]) -> Iterator[str]:
    """The words, where a class's name with spaces in it is one word."""
    words, at = prompt.split(), 0
    most = max(len(name.split()) for name in classes)
    while at < len(words):
        ends = range(min(at + most, len(words)), at + 1, -1)
        end = next((end for end in ends if names.find(" ".join(words[at:end])) is not None), at + 1)
        yield " ".join(words[at:end])
        at = end


def _spell(word: str, names: Spellings, classes: Sequence[str]) -> list[int]:
    index = names.find(word)
    if index is not None:
        return [index]
    # A class may be called ① itself; where none is, it is 1.
    for form in ("NFC", "NFKC"):
        found = [names.find(each) for each in _characters(unicodedata.normalize(form, word))]
        spelled = [each for each in found if each is not None]
        if len(spelled) == len(found):
            return spelled
    raise _unknown(word, classes)


def _characters(word: str) -> list[str]:
    """The characters as a person counts them: marks belong to the letter before."""
    found: list[str] = []
    for each in word:
        joined = unicodedata.category(each)[0] == "M" or each == _JOINER
        if found and (joined or found[-1].endswith(_JOINER)):
            found[-1] += each
        else:
            found.append(each)
    return found


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

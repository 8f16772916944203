"""Chinese characters in simplified and traditional script, by OpenCC.

Both ways keep the number of characters, so that a place in one is the same place in the other.
"""

from __future__ import annotations

import functools
from collections.abc import Callable


def simplified(text: str) -> str:
    """The text in simplified characters; whole words first, where a character alone misleads."""
    return _converted(text, "t2s")


def traditional(text: str) -> str:
    """The text in traditional characters; by its words, and a guess where there are several.

    A single 后 becomes 後 or stays as it is in an empress's title only where a word tells.
    """
    return _converted(text, "s2t")


def _converted(text: str, way: str) -> str:
    if text.isascii():
        return text
    convert = _converter(way)
    whole = convert(text)
    if len(whole) == len(text):
        return whole
    each = ((old, convert(old)) for old in text)
    return "".join(new if len(new) == 1 else old for old, new in each)


@functools.cache
def _converter(way: str) -> Callable[[str], str]:
    import opencc

    made = opencc.OpenCC(way)

    def convert(text: str) -> str:
        try:
            return str(made.convert(text))
        except UnicodeError:  # half a character, which is nobody's script
            return text if len(text) == 1 else ""

    return convert

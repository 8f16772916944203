"""Chinese characters in simplified and traditional script, by the tables of OpenCC.

Both ways keep the number of characters, so that a place in one is the same place in the other.
"""

from __future__ import annotations

import functools
import re

from aigc_studio.folders import resources_folder


def simplified(text: str) -> str:
    """The text in simplified characters; whole words first, where a character alone misleads."""
    if text.isascii():
        return text
    table = _table("simplified")
    return _rows().sub(lambda found: table[found[0]], text)


def traditional(text: str) -> str:
    """The text in traditional characters: the usual one for each, a guess where there are several.

    后 becomes 後 also in an empress's title; nothing here knows what is meant.
    """
    table = _table("traditional")
    return "".join(table.get(each, each) for each in text)


@functools.cache
def _table(name: str) -> dict[str, str]:
    path = resources_folder() / "chinese" / f"{name}.tsv"
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
    return {key: value for key, value in rows if len(key) == len(value)}


@functools.cache
def _rows() -> re.Pattern[str]:
    """The longest row of the table that begins at a place."""
    table = _table("simplified")
    words = sorted((key for key in table if len(key) > 1), key=len, reverse=True)
    characters = "".join(key for key in table if len(key) == 1)
    return re.compile("|".join((*map(re.escape, words), f"[{characters}]")))

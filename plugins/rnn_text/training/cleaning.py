"""Texts as they are learnt: line ends of one kind, nothing that cannot be seen or written."""

from __future__ import annotations

import re

_ODD = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufeff]")
_NUMERALS = "一二三四五六七八九十百零〇两"
_COUNTED = re.compile(rf"(其[{_NUMERALS}]+|[{_NUMERALS}]+[首章韵咏]|[并]序)")
_LONGEST_THEME = 16


def cleaned(text: str) -> str:
    """Line ends as \\n; no control characters, lone surrogates or byte order marks."""
    if not _ODD.search(text):
        return text
    return _ODD.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def theme_of(title: str) -> str:
    """The characters of a poem's title that say what it is about: letters, without the numbers that
    count poems of one name."""
    plain = _COUNTED.sub("", re.sub(rf"\s+[{_NUMERALS}]+$", "", title))
    return "".join(each for each in plain if each.isalpha())[:_LONGEST_THEME]

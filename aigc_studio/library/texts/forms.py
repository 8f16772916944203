"""What one example of a person's texts is, found out: a line, a passage, a file or a sentence.

Where little speaks for anything else they are passages: of those nothing is lost, as the text is
read on from one to the next.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from aigc_studio.library.texts.languages import EAST
from aigc_studio.library.texts.reading import with_line_ends

Form = Literal["sentences", "lines", "passages", "whole"]

HEAD_BYTES = 65_536
"""So much of a file is looked at."""
_fewest_lines = 8
_little = 1_000
"""Characters; less than that is cut into sentences, as there is no part of it to hold out."""
_many_files = 10
_short_file = 4_096
_most_words = 4
_longest_name = 32
_longest_line = 300
_nearly_all = 0.9
_end = re.compile(r"[.!?…。！？；;][\"'”’」』）)\]]*$")


@dataclass(frozen=True)
class Head:
    """The beginning of a text file, and how many bytes the file has."""

    text: str
    size: int


def find_form(heads: Sequence[Head]) -> Form:
    """What one example of these texts is best taken to be."""
    if not heads:
        return "sentences"
    heads = list({each.text: each for each in heads}.values())  # a copy says nothing more
    if len(heads) >= _many_files and median(each.size for each in heads) <= _short_file:
        return "whole"
    total = sum(each.size for each in heads)
    in_lines = sum(each.size for each in heads if _stands_in_lines(each.text))
    if 2 * in_lines > total:
        return "lines"
    return "passages" if sum(len(each.text) for each in heads) >= _little else "sentences"


def _stands_in_lines(text: str) -> bool:
    """Whether each line says something of its own: names, sentences, poems one a line.

    Lines of prose that were broken to fit a page end in the midst of a sentence.
    """
    lines = with_line_ends(text).split("\n")[: -1 if len(text) >= HEAD_BYTES else None]
    while lines and not lines[-1].strip():
        lines.pop()
    told = [line for line in lines if line.strip()]
    if len(told) < _fewest_lines or len(told) < _nearly_all * len(lines):
        return False
    if _share(told, lambda line: line[0] in " \t#<{}-*>|") > 1 - _nearly_all:
        return False
    longest = _longest_line // 2 if _is_east(text) else _longest_line
    names = _share(told, _is_name) >= _nearly_all
    whole = _share(told, lambda line: bool(_end.search(line.strip()))) >= _nearly_all
    small = _share(told, lambda line: line[0].islower())
    return names or (whole and small < 1 - _nearly_all and median(map(len, told)) <= longest)


def _is_name(line: str) -> bool:
    line = line.strip()
    few = len(line.split()) <= _most_words and len(line) <= _longest_name
    return few and not re.search(r"[.,;:!?{}()=。，；：！？]$", line)


def _is_east(text: str) -> bool:
    return sum(each in EAST or "\u3000" <= each <= "\u9fff" for each in text[:400]) * 2 > 400


def _share(lines: Sequence[str], fits: Callable[[str], bool]) -> float:
    return sum(map(fits, lines)) / len(lines)

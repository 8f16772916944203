"""The gap that a span leaves in a text: what stands on either side, as a model reads it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np
import regex

from aigc_studio.api import GeneratorError, Span
from rnn_text.model import Model
from rnn_text.writing.prompts import Reading, numbers, read

Numbers = np.ndarray[Any, np.dtype[np.int64]]

BEFORE = 256
"""So many symbols before a gap are read: what lies further back is forgotten by then."""
_AFTER, _AFTER_LARGE = 48, 24
"""So many after it, of an alphabet of letters and of one of thousands of characters."""
_LARGE = 1000
_WIDE = 8
"""A symbol has at most about so many code points."""
_NEAR = 64
"""So many code points on either side tell where characters begin and end."""
_PLACE, _PLACE_LARGE = 40, 16
"""How many symbols are written at a place where nothing is marked."""


@dataclass(frozen=True)
class Gap:
    """What stands `before` and `after`, as numbers, and how many symbols come between (`length`).

    `before` is without the model's opening. `head` and `tail` are the parts of characters that an
    edge of the span cut through: they stay. `former` is what is made anew, between them; `left` and
    `right` is the text on both sides, as far as it is of one piece with it. `breaks` says whether
    lines may break in it; `readings` is how the model reads both sides.
    """

    before: Numbers
    after: Numbers
    length: int
    head: str
    former: str
    tail: str
    left: str
    right: str
    breaks: bool
    readings: tuple[Reading, ...]

    def fits(self, made: str) -> bool:
        """Whether no character of `made` would become one with its neighbours."""
        left, right = self.left[-_NEAR:], self.right[:_NEAR]
        ends = {0, *(each.end() for each in regex.finditer(r"\X", left + made + right))}
        return {len(left), len(left) + len(made)} <= ends

    def whole(self, made: str) -> str:
        """What comes in place of the span."""
        return self.head + made + self.tail


def gaps_in(model: Model, text: str, span: Span) -> list[Gap]:
    """The gaps of a span, one in each line that it has a part of where the model's texts are lines,
    else one. Raises GeneratorError for a span within a single character."""
    if model.kind != "lines":
        return [gap_in(model, text, span)]
    parts = text[span.start : span.stop].split("\n")
    stops = list(accumulate((len(part) + 1 for part in parts), initial=span.start))
    return [
        gap_in(model, text, Span(start, start + len(part)))
        for start, part in zip(stops, parts, strict=False)
    ]


def gap_in(model: Model, text: str, span: Span) -> Gap:
    """The gap of a span in a text. Raises GeneratorError for one within a single character."""
    start, stop = _next_edge(text, span.start), _last_edge(text, span.stop)
    if start > stop:
        raise GeneratorError(
            "Only a part of one character is marked: mark all of it, or more.",
            zh="只选中了一个字符的一部分：请选中整个字符或更多内容。",
            parameter="selections",
        )
    left, right, lines = text[:start], text[stop:], model.kind == "lines"
    if lines:
        # Each line is an example: what stands in others says nothing.
        left, right = left[left.rfind("\n") + 1 :], right.partition("\n")[0]
    alphabet = model.alphabet
    large = len(alphabet) > _LARGE
    most = _AFTER_LARGE if large else _AFTER
    readings = (read(left[-_WIDE * BEFORE :], alphabet), read(right[: _WIDE * most], alphabet))
    before, after = (numbers(each, alphabet) for each in readings)
    if model.kind != "prose" and len(after) < most:
        after = np.append(after, alphabet.marks["end"])
    length = len(alphabet.encode(text[start:stop])) or (_PLACE_LARGE if large else _PLACE)
    return Gap(
        before=before[-BEFORE:],
        after=after[:most],
        length=length,
        head=text[span.start : start],
        former=text[start:stop],
        tail=text[stop : span.stop],
        left=left,
        right=right,
        breaks=not lines and ("\n" in text or not text),
        readings=readings,
    )


def _next_edge(text: str, place: int) -> int:
    """Where the character ends that `place` cuts through; the place itself where it cuts none."""
    return min(_edges(text, place), key=lambda edge: (edge < place, edge))


def _last_edge(text: str, place: int) -> int:
    """Where the character begins that `place` cuts through; the place itself where it cuts none."""
    return max(_edges(text, place), key=lambda edge: (edge <= place, edge))


def _edges(text: str, place: int) -> set[int]:
    """Where characters begin and end about `place`."""
    begin = max(0, place - _NEAR)
    near = regex.finditer(r"\X", text[begin : place + _NEAR])
    return {begin, *(begin + each.end() for each in near)}

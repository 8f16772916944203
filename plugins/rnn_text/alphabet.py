"""The symbols that a model writes: whole characters as people see them, or pieces of words."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import regex

from rnn_text.subwords import Subwords

if TYPE_CHECKING:
    from numpy.typing import NDArray

BEGIN, END, THEME = "begin", "end", "theme"
"""Names of marks: what stands right before a text, right behind it, and before a theme."""
UNKNOWN = 0
"""The number of whatever an alphabet does not know."""

_cluster = regex.compile(r"\X")
# Each of these is a character of its own, whatever stands beside it: no marks, joiners, jamo, flags
# or emoji. It is a hundred times faster to see than to cut.
_plain = regex.compile(
    r"[\n\t\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0373\u0400-\u0482\u048a-\u052f"
    r"\u2010-\u2027\u3000-\u3029\u3041-\u3096\u30a0-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    r"\uac00-\ud7a3\uff01-\uff9d\U00020000-\U0003ffff]*"
)


def clusters(text: str) -> list[str]:
    """The characters of a text as a person counts them (Unicode's extended grapheme clusters):
    a letter with its accents, a flag, a family of emoji are one each."""
    return list(text) if _plain.fullmatch(text) else _cluster.findall(text)


def count_clusters(texts: Iterable[str]) -> Counter[str]:
    """How often each character stands in texts, which may come from an iterator."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(text if _plain.fullmatch(text) else _cluster.findall(text))
    return counts


class Alphabet:
    """Numbers for the symbols of texts: 0 is unknown, then come the marks, then the symbols.

    `marks` names what is no text ("begin", "end", a form of verse). With `subwords` symbols are
    pieces of words instead of characters. Raises `ValueError` for a symbol that stands twice or is
    empty.
    """

    def __init__(
        self, symbols: Iterable[str], marks: Sequence[str] = (BEGIN, END), subwords: bytes = b""
    ) -> None:
        self.subwords = Subwords(subwords) if subwords else None
        found = self.subwords.pieces if self.subwords is not None else tuple(symbols)
        self.marks = {name: number for number, name in enumerate(marks, 1)}
        self.first = 1 + len(self.marks)
        """The number of the first symbol that is text."""
        self.symbols: tuple[str, ...] = ("",) * self.first + found
        self._numbers = {symbol: n for n, symbol in enumerate(found, self.first)}
        if len(self.marks) < len(marks) or (self.subwords is None and self._is_odd(found)):
            raise ValueError("the symbols of an alphabet must be different, and none empty")

    def _is_odd(self, found: tuple[str, ...]) -> bool:
        return len(self._numbers) < len(found) or "" in self._numbers

    @classmethod
    def of(
        cls, counts: Mapping[str, int], marks: Sequence[str] = (BEGIN, END), least: int = 1
    ) -> Alphabet:
        """The characters that occur `least` times or more, the most frequent first."""
        ranked = sorted((-count, symbol) for symbol, count in counts.items() if count >= least)
        return cls((symbol for _count, symbol in ranked), marks)

    @property
    def is_subword(self) -> bool:
        """Whether the symbols are pieces of words."""
        return self.subwords is not None

    def __len__(self) -> int:
        """How many numbers there are, with the unknown and the marks."""
        return len(self.symbols)

    def __contains__(self, piece: str) -> bool:
        return piece in self._numbers

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Alphabet) and other.to_json() == self.to_json()

    def __hash__(self) -> int:
        return hash((self.symbols, tuple(self.marks)))

    def pieces(self, text: str) -> list[str]:
        """The text cut into its symbols, known or not; joined they are the text again."""
        if self.subwords is not None:
            return self.subwords.cut(text)
        return clusters(text)

    def encode(self, text: str) -> NDArray[np.int64]:
        """The numbers of a text: int64 (n,), `UNKNOWN` where it has a symbol that is not here."""
        if self.subwords is not None:
            return self.subwords.encode(text) + self.first
        if not _plain.fullmatch(text):
            found = [self._numbers.get(each, UNKNOWN) for each in _cluster.findall(text)]
            return np.array(found, np.int64)
        points = np.frombuffer(text.encode("utf-32-le"), np.uint32)
        return self._by_code_point[points]

    def decode(self, numbers: Iterable[int]) -> str:
        """The text of numbers; the unknown and marks are nothing.

        Raises `IndexError` for a number that there is not.
        """
        found = [int(number) for number in numbers]
        if any(number < 0 for number in found):
            raise IndexError("the numbers of an alphabet begin with 0")
        return "".join(self.symbols[number] for number in found)

    def unknown(self, text: str) -> dict[str, int]:
        """What of a text is not here, and how often it stands there."""
        counts = Counter(self.pieces(text))
        if self.subwords is not None:
            known = self.subwords.knows
            return {each: count for each, count in counts.items() if not known(each)}
        return {each: count for each, count in counts.items() if each not in self._numbers}

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, as a model's file has them."""
        told: dict[str, Any] = {"marks": list(self.marks)}
        if self.subwords is not None:
            return told | {"subwords": base64.b64encode(self.subwords.data).decode()}
        return told | {"symbols": list(self.symbols[self.first :])}

    @classmethod
    def from_json(cls, told: Any) -> Alphabet:
        """Read what `to_json` gave. Raises `ValueError` for anything else, and GeneratorError for
        pieces of words where sentencepiece is missing."""
        if not isinstance(told, Mapping):
            raise ValueError("an alphabet is named values")
        marks, symbols = told.get("marks", []), told.get("symbols", [])
        for each in (marks, symbols):
            if not isinstance(each, list) or not all(isinstance(one, str) for one in each):
                raise ValueError("an alphabet has lists of strings")
        return cls(symbols, marks, base64.b64decode(str(told.get("subwords", ""))))

    @cached_property
    def _by_code_point(self) -> NDArray[np.int64]:
        """The number of every code point: 9 MB, made when it is first needed."""
        table = np.zeros(0x110000, np.int64)
        for symbol, number in self._numbers.items():
            if len(symbol) == 1:
                table[ord(symbol)] = number
        return table

"""The symbols that a model knows, and their numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

UNKNOWN = "\ufffd"
"""How a symbol is written that the vocabulary does not know; its number is 0."""


class Vocabulary:
    """Symbols by number: 0 is every symbol that it does not know, then `symbols` in their order.

    A text is a sequence of its characters. Raises `ValueError` for a symbol that stands twice, is
    empty, or is `UNKNOWN` itself.
    """

    def __init__(self, symbols: Iterable[str]) -> None:
        self.symbols: tuple[str, ...] = (UNKNOWN, *symbols)
        self._numbers = {symbol: number for number, symbol in enumerate(self.symbols)}
        if len(self._numbers) < len(self.symbols) or "" in self._numbers:
            raise ValueError("the symbols of a vocabulary must be different, and none empty")
        self._table: np.ndarray[Any, np.dtype[np.int64]] | None = None

    @classmethod
    def of(
        cls,
        sequences: Iterable[Iterable[str]],
        *,
        marks: Sequence[str] = (),
        least: int = 1,
        most: int | None = None,
    ) -> Vocabulary:
        """The vocabulary of these sequences: `marks` first, then the most frequent symbols.

        `marks` are symbols with a meaning of their own (a beginning, an end), which are there
        whether they occur or not. What occurs less than `least` times, or does not fit into `most`
        symbols (without the marks), stays unknown. Equal counts are in the order of code points.
        """
        counts: Counter[str] = Counter()
        for sequence in sequences:
            counts.update(sequence)
        for symbol in (UNKNOWN, *marks):
            counts.pop(symbol, None)
        ranked = sorted((-count, symbol) for symbol, count in counts.items() if count >= least)
        return cls((*marks, *(symbol for _count, symbol in ranked[:most])))

    def __len__(self) -> int:
        """How many numbers there are, the unknown included: the width of a model's output."""
        return len(self.symbols)

    def __contains__(self, symbol: str) -> bool:
        return symbol != UNKNOWN and symbol in self._numbers

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Vocabulary) and other.symbols == self.symbols

    def __hash__(self) -> int:
        return hash(self.symbols)

    def __getitem__(self, symbol: str) -> int:
        """The number of a symbol; 0 where it is unknown."""
        return self._numbers.get(symbol, 0)

    def encode(self, sequence: Iterable[str]) -> np.ndarray[Any, np.dtype[np.int64]]:
        """The numbers of a sequence: int64 (n,), 0 where a symbol is unknown.

        A megabyte of text takes some 20 ms.
        """
        import numpy as np

        if isinstance(sequence, str) and all(len(symbol) == 1 for symbol in self.symbols):
            points = np.frombuffer(sequence.encode("utf-32-le", "surrogatepass"), np.uint32)
            return self._by_code_point()[points]
        return np.array([self._numbers.get(symbol, 0) for symbol in sequence], np.int64)

    def decode(self, numbers: Iterable[int]) -> list[str]:
        """The symbols of numbers; join them where they are characters.

        Raises `IndexError` for a number that there is not.
        """
        found = [int(number) for number in numbers]
        if any(number < 0 for number in found):
            raise IndexError("the numbers of a vocabulary begin with 0")
        return [self.symbols[number] for number in found]

    def unknown(self, sequence: Iterable[str]) -> dict[str, int]:
        """The symbols of a sequence that it does not know, and how often they stand there."""
        counts = Counter(sequence)
        return {symbol: count for symbol, count in counts.items() if symbol not in self}

    def to_json(self) -> list[str]:
        """A plain JSON value, to be saved in a model's document."""
        return list(self.symbols[1:])

    @classmethod
    def from_json(cls, value: Any) -> Vocabulary:
        """Read what `to_json` gave. Raises `ValueError` for anything else."""
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise ValueError("a vocabulary is a list of strings")
        return cls(value)

    def _by_code_point(self) -> np.ndarray[Any, np.dtype[np.int64]]:
        """The number of every code point there is: 9 MB, made when it is first needed."""
        import numpy as np

        if self._table is None:
            self._table = np.zeros(0x110000, np.int64)
            self._table[[ord(symbol) for symbol in self.symbols]] = range(len(self.symbols))
        return self._table

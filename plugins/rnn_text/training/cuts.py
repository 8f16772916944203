"""Many texts as numbers in one array: a byte or two a symbol, however many texts there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, overload

import numpy as np
import torch
from torch import Tensor


class Cuts(Sequence[Tensor]):
    """Sequences of numbers that lie one behind another in `symbols` (n,); `[i]` is a view.

    `ends` (count,) are where each ends. Numbers are kept as small as `most`, the first number that
    there is not, allows.
    """

    def __init__(self, symbols: Tensor, ends: Tensor) -> None:
        self.symbols, self.ends = symbols, ends

    def __len__(self) -> int:
        return len(self.ends)

    @overload
    def __getitem__(self, place: int) -> Tensor: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Tensor]: ...
    def __getitem__(self, place: int | slice) -> Tensor | Sequence[Tensor]:
        if isinstance(place, slice):
            return [self[number] for number in range(*place.indices(len(self)))]
        if not -len(self) <= place < len(self):
            raise IndexError(place)
        place %= len(self)
        start = int(self.ends[place - 1]) if place else 0
        return self.symbols[start : int(self.ends[place])]


class Growing:
    """Cuts in the making: each text is appended and forgotten."""

    def __init__(self, most: int, room: int = 1 << 16) -> None:
        kind: type[Any] = np.uint8 if most <= 256 else np.int16 if most <= 32_768 else np.int32
        self._kept, self._count = np.zeros(room, kind), 0
        self._ends: list[int] = []

    def __len__(self) -> int:
        """How many numbers there are."""
        return self._count

    def add(self, numbers: Iterable[int] | np.ndarray[Any, Any], *, ends: bool = True) -> None:
        """Append numbers; a sequence ends behind them, unless it goes on (`ends`)."""
        found = np.asarray(numbers)
        wanted = self._count + len(found)
        if wanted > len(self._kept):
            more = np.zeros(max(wanted, len(self._kept) * 3 // 2), self._kept.dtype)
            more[: self._count] = self._kept[: self._count]
            self._kept = more
        self._kept[self._count : wanted] = found
        self._count = wanted
        if ends:
            self._ends.append(wanted)

    def cuts(self) -> Cuts:
        """What was added."""
        kept = torch.from_numpy(self._kept[: self._count])
        return Cuts(kept, torch.tensor(self._ends, dtype=torch.int64))

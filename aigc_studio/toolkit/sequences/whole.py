"""Products of matrices without rounding: what is made does not depend on how many are beside it.

A matrix product adds in another order for one row than for sixteen, and the last bits differ. A
sampler that carries its state would some day draw another symbol for that, and from there on
make something else. Here weights and inputs are whole numbers, small enough that all their sums are
exact in float32, whatever the order, the threads and the library.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

Floats = np.ndarray[Any, np.dtype[np.float32]]

LEVELS = 256
"""An input in -1 to 1 is rounded to so many steps either way."""

_LEVELS = np.float32(LEVELS)
_EXACT = 1 << 24
"""Whole numbers up to here are exact in float32."""


class WholeMatrix:
    """A weight (outputs, inputs) to multiply rows with, exactly the same for any number of them.

    The weights of an output are rounded to some 16 bits of their sum: what is lost is far below
    what half precision loses. `bounded` says that inputs are in -1 to 1, as the outputs of a cell
    are; others are scaled by the largest of their row.
    """

    def __init__(self, weight: Floats, bias: Floats | None = None, *, bounded: bool = True) -> None:
        outputs, inputs = weight.shape
        sums = np.abs(weight).sum(1, dtype=np.float64)
        room = _EXACT / LEVELS - inputs / 2 - 1
        steps = np.where(sums > 0, sums, 1.0) / max(room, 1.0)
        whole = np.rint(weight / steps[:, None]).astype(np.float32)
        self._weight = torch.from_numpy(np.ascontiguousarray(whole.T))
        self._steps = (steps / LEVELS).astype(np.float32)
        self._bias = np.zeros(outputs, np.float32) if bias is None else bias.astype(np.float32)
        self._bounded = bounded

    def __call__(self, rows: Floats) -> Floats:
        """The products of rows (n, inputs) with it, and its bias: float32 (n, outputs)."""
        if self._bounded:
            scaled = rows * _LEVELS
        else:
            largest = np.abs(rows).max(1, keepdims=True)
            largest[largest == 0] = 1
            scaled = rows * (_LEVELS / largest)
        np.rint(scaled, out=scaled)
        found: Floats = torch.mm(torch.from_numpy(scaled), self._weight).numpy()
        found *= self._steps
        if not self._bounded:
            found *= largest
        found += self._bias
        return found

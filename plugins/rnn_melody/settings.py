"""What a model's net is built from, as its file says it."""

from __future__ import annotations

from dataclasses import dataclass

_RANGES = {"width": (4, 2048), "embedding": (4, 1024), "head": (4, 1024), "right": (0, 1024)}


@dataclass(frozen=True)
class WriterSettings:
    """The shape of a net: a gated cell `width` wide, which reads `embedding` numbers of all that a
    step is told; layers `head` wide say what may come. `right` is how wide the part is that reads
    what follows, 0 for none. Raises ValueError for what cannot be built.
    """

    width: int = 256
    embedding: int = 128
    head: int = 128
    right: int = 0

    def __post_init__(self) -> None:
        for name, (low, high) in _RANGES.items():
            if not low <= getattr(self, name) <= high:
                raise ValueError(f"{name} must be from {low} to {high}")

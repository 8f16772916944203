"""What a model's net is built from, as its file says it."""

from __future__ import annotations

from dataclasses import dataclass

CELLS = ("gru", "lstm", "tanh")
"""Recurrent cells: gated (Cho et al. 2014), with a memory of its own (Hochreiter and Schmidhuber
1997), and the plain one of the textbook (Elman 1990)."""
_RANGES = {
    "symbols": (2, 200_000), "width": (4, 4096), "embedding": (4, 2048), "layers": (1, 8),
    "right": (0, 1024), "ngrams": (0, 8), "runs": (0, 1 << 20),
}  # fmt: skip


@dataclass(frozen=True)
class WriterSettings:
    """The shape of a net: so many `symbols`, `layers` of cells each `width` wide, which read
    `embedding` numbers of a symbol. `tied` gives the output the numbers of the input (Press and
    Wolf 2017), so that large alphabets stay small. `right` is how wide the part is that reads what
    follows, 0 for none. `ngrams` is how long the longest of so many `runs` of symbols is that
    are looked up, 0 for none; `packed` says that their table is as a file has it. Raises ValueError
    for what cannot be built.
    """

    symbols: int
    cell: str = "gru"
    width: int = 448
    layers: int = 1
    embedding: int = 128
    tied: bool = False
    right: int = 0
    ngrams: int = 0
    runs: int = 0
    packed: bool = False

    def __post_init__(self) -> None:
        if self.cell not in CELLS:
            raise ValueError(f"there is no cell {self.cell!r}: take one of {CELLS}")
        for name, (low, high) in _RANGES.items():
            if not low <= getattr(self, name) <= high:
                raise ValueError(f"{name} must be from {low} to {high}")
        if self.ngrams == 1 or bool(self.ngrams) != bool(self.runs):
            raise ValueError("n-grams have two symbols and more, and there are some or none")

    @property
    def output_width(self) -> int:
        """How many numbers the output layer sees."""
        return self.embedding if self.tied else self.width

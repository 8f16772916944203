"""How notes are put by hand: the grid that they keep to, and how long a new one is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

GRIDS: dict[str, Fraction] = {
    "1/4": Fraction(1),
    "1/8": Fraction(1, 2),
    "1/16": Fraction(1, 4),
    "1/32": Fraction(1, 8),
    "1/4T": Fraction(2, 3),
    "1/8T": Fraction(1, 3),
    "1/16T": Fraction(1, 6),
}
"""What notes keep to, in quarter notes; T: triplets."""
LENGTHS = {digit: Fraction(4, 2 ** (7 - digit)) for digit in range(1, 8)}
"""Quarter notes of each digit that is typed: 5 is a quarter, 4 an eighth, 6 a half, 7 a whole."""


@dataclass(frozen=True)
class NoteOptions:
    """`grid` is one of `GRIDS`, or empty: as fine as there is room for. `length` is how long the
    next new note is, in quarter notes.
    """

    grid: str = ""
    length: Fraction = Fraction(1)

    def step(self, quarter: int) -> int | None:
        """Ticks of the grid, of which a quarter note has so many; None where any will do."""
        part = GRIDS.get(self.grid)
        return max(round(quarter * part), 1) if part is not None else None

    def ticks(self, quarter: int) -> int:
        """Ticks of a new note."""
        return max(round(quarter * self.length), 1)

    @property
    def is_dotted(self) -> bool:
        """Whether a new note is half as long again as its kind."""
        return self.length.numerator % 3 == 0

    def dotted(self) -> NoteOptions:
        """With a dot, or without the one that was there."""
        return replace(
            self, length=self.length * (Fraction(2, 3) if self.is_dotted else Fraction(3, 2))
        )

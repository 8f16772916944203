"""Notes that a hand is about to change: seen on the roll until the melody has them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aigc_studio.api.artifacts import Note


@dataclass(frozen=True, eq=False)
class Sketch:
    """Notes that go and notes that come."""

    taken: tuple[Note, ...] = ()
    put: tuple[Note, ...] = ()

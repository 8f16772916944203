"""Notes that a hand is about to change: seen on the roll until the melody has them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aigc_studio.api.melody import Note
    from aigc_studio.ui.canvas.items.handful import Notes
    from aigc_studio.ui.canvas.items.score import Score


@dataclass(frozen=True, eq=False)
class Sketch:
    """Notes that go and notes that come."""

    taken: Notes = ()
    put: Notes = ()
    _scores: dict[tuple[int, bool], tuple[Score, Score]] = field(default_factory=dict, repr=False)

    def score(self, of: Score, *, taken: bool = False) -> Score:
        """Those that come, or those that go, as columns of numbers in the bars of a score."""
        key = id(of), taken
        if key not in self._scores:
            if len(self._scores) > 1:
                self._scores.clear()
            self._scores[key] = (of, of.with_notes(self.taken if taken else self.put))
        return self._scores[key][1]

    @staticmethod
    def at(score: Score, numbers: Iterable[int]) -> list[Note]:
        """Some of the notes of such a score."""
        from aigc_studio.api.melody import Note

        return [
            Note(
                int(score.starts[n]),
                int(score.stops[n] - score.starts[n]),
                int(score.pitches[n]),
                int(score.velocities[n]),
            )
            for n in numbers
        ]

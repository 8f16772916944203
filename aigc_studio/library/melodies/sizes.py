"""How long a melody may be that comes from a file."""

from __future__ import annotations

from collections.abc import Sequence

from aigc_studio.api import Melody, Metre, StudioError, limits
from aigc_studio.translation import _


def check_size(notes: int, length: int, ticks: int, metres: Sequence[Metre]) -> None:
    """Raise `StudioError` (its {name} is to be filled in) for more notes or bars than a melody may
    have (`limits`); the first metre begins at 0."""
    metres = [metre for metre in sorted(metres) if metre.start < length]
    stops = [*(metre.start for metre in metres[1:]), length]
    bars = sum(
        -(-(stop - metre.start) * metre.denominator // (4 * ticks * metre.numerator))
        for metre, stop in zip(metres, stops, strict=False)
    )
    if notes > limits.NOTES or bars > limits.BARS:
        raise _too_long()


def checked(melody: Melody) -> Melody:
    """The melody. Raises `StudioError` as `check_size` does when tempo, metre or key change too
    often: it could be kept, and not be read again."""
    if max(len(melody.tempos), len(melody.metres), len(melody.keys)) > limits.CHANGES:
        raise _too_long()
    return melody


def _too_long() -> StudioError:
    return StudioError(_("The tune {name} is too long: cut it into parts first."))

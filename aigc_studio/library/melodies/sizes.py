"""How long a melody may be that comes from a file."""

from __future__ import annotations

from collections.abc import Sequence

from aigc_studio.api import Metre, StudioError
from aigc_studio.api.artifacts import MOST_BARS
from aigc_studio.translation import _

MOST_NOTES = 100_000


def check_size(notes: int, length: int, ticks: int, metres: Sequence[Metre]) -> None:
    """Raise `StudioError` (its {name} is to be filled in) for more notes than `MOST_NOTES`, or
    more bars than a melody may have; the first metre begins at 0."""
    metres = [metre for metre in sorted(metres) if metre.start < length]
    stops = [*(metre.start for metre in metres[1:]), length]
    bars = sum(
        -(-(stop - metre.start) * metre.denominator // (4 * ticks * metre.numerator))
        for metre, stop in zip(metres, stops, strict=False)
    )
    if notes > MOST_NOTES or bars > MOST_BARS:
        raise StudioError(_("The tune {name} is too long: cut it in parts first."))

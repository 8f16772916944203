"""What is said of a part or a tune in a row: instrument, notes, range, bars, metre and key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aigc_studio.translation import _, enumerated
from aigc_studio.ui.key_titles import key_title

if TYPE_CHECKING:
    from aigc_studio.api import Melody
    from aigc_studio.library.melodies import Choice, Choices

_notes = ("C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")


def heads() -> list[str]:
    """The heads of the columns."""
    return [_("Name"), _("Instrument"), _("Notes"), _("Range"), _("Bars"), _("Metre"), _("Key")]


def described(choice: Choice) -> list[str]:
    """A row; of what cannot be taken only the name."""
    melody = choice.melody
    if melody is None:
        return [choice.name]
    metre = melody.metres[0]
    return [
        choice.name,
        _instrument(melody),
        f"{len(melody.notes):,}",
        _range(melody),
        f"{melody.bar_count:,}",
        f"{metre.numerator}/{metre.denominator}",
        key_title(melody.keys[0]) if melody.keys else "",
    ]


def name_of(offer: Choices, choice: Choice) -> str:
    """What the item on the board is called: the tune as it is called, a part with its file."""
    return enumerated((offer.path.stem, choice.name)) if offer.are_parts else choice.name


def _instrument(melody: Melody) -> str:
    from aigc_studio.sound.instruments import instrument_of

    return instrument_of(melody.program).title


def _range(melody: Melody) -> str:
    pitches = [note.pitch for note in melody.notes]
    return f"{_pitch(min(pitches))}\u2013{_pitch(max(pitches))}" if pitches else ""


def _pitch(pitch: int) -> str:
    return f"{_notes[pitch % 12]}{pitch // 12 - 1}"

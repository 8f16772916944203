"""How a tune is written down: voices, pieces and tuplets that ABC and the staff share."""

from aigc_studio.api import Melody, Note
from aigc_studio.project.written import beat_at, odd_part, pieces_of, tuplet_at, voices_of


def test_notes_that_sound_together_become_voices_the_highest_first() -> None:
    low, high = Note(0, 960, 48), Note(0, 480, 72)
    assert voices_of(Melody((low, high))) == [[high], [low]]


def test_a_note_over_a_bar_line_is_cut_there_and_goes_on() -> None:
    melody = Melody((Note(1440, 960, 60),))
    pieces = pieces_of(melody, melody.notes)
    assert [(each.start, each.length, each.pitch, each.goes_on) for each in pieces] == [
        (0, 1440, None, False),
        (1440, 480, 60, True),
        (1920, 480, 60, False),
        (2400, 1440, None, False),
    ]


def test_three_in_the_time_of_two_are_a_tuplet() -> None:
    notes = tuple(Note(160 * number, 160, 60) for number in range(3))
    pieces = pieces_of(Melody(notes), notes)
    assert tuplet_at(pieces, 0, 480) == (3, 3)
    assert odd_part(160, 480) == 3
    assert odd_part(240, 480) == 1
    assert beat_at(Melody(notes), 0) == 480

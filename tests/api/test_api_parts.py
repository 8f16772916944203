"""Parts of texts and melodies: taken out, and put back with all else as it was."""

import random
from dataclasses import replace

import pytest

from aigc_studio.api import Bars, Melody, Metre, Note, Span, Tempo, Text

TUNE = Melody(
    (Note(0, 480, 60), Note(1440, 960, 62, 33), Note(1920, 2400, 64), Note(3840, 480, 65)),
    program=12,
    tempos=(Tempo(0, 400_000), Tempo(2400, 500_000)),
    metres=(Metre(0), Metre(3840, 3, 4)),
    length=3840 + 1440 * 2,
)


def random_tune(random: random.Random) -> Melody:
    """A tune with anything in it: metres, tempos, notes over bar lines, an end inside a bar."""
    metres = (Metre(0, random.choice((3, 4)), 4), Metre(480 * 12, random.choice((2, 5)), 4))
    starts = [random.randrange(0, 480 * 24, 120) for _ in range(random.randrange(12))]
    notes = [Note(start, random.randrange(1, 4000), random.randrange(55, 60)) for start in starts]
    tempos = [Tempo(random.randrange(0, 9000), random.choice((400_000, 500_000))) for _ in "123"]
    return Melody(
        tuple(notes),
        metres=metres,
        tempos=(Tempo(0), *{tempo.start: tempo for tempo in tempos if tempo.start}.values()),
        length=random.randrange(480 * 16, 480 * 24),
        program=random.randrange(128),
    )


def random_bars(melody: Melody, random: random.Random) -> Bars:
    """Some bars of it."""
    last = random.randrange(len(melody.bars)) + 1
    return Bars(random.randrange(last) + 1, last)


def tempo_at(melody: Melody, tick: int) -> int:
    """Microseconds for a quarter note."""
    return max(tempo for tempo in melody.tempos if tempo.start <= tick).microseconds


def test_words_are_replaced_and_nothing_else() -> None:
    text = Text("hello old \U0001f600 world")
    assert text.part(Span(6, 9)) == "old"
    assert text.replaced(Span(6, 9), "brand new") == Text("hello brand new \U0001f600 world")
    assert text.replaced(Span(11, 11), "!") == Text("hello old \U0001f600! world")
    assert text.replaced(Span(0, len(text)), "") == Text("")


def test_a_span_that_leaves_the_text_is_refused() -> None:
    with pytest.raises(ValueError, match="no part of a text of 3"):
        Text("abc").replaced(Span(2, 4), "x")
    with pytest.raises(ValueError, match="no part"):
        Text("abc").part(Span(4, 4))


def test_bars_are_where_the_bar_lines_are() -> None:
    assert TUNE.ticks(Bars(1, 1)) == (0, 1920)
    assert TUNE.ticks(Bars(2, 3)) == (1920, 5280)
    with pytest.raises(ValueError, match="no part of a melody of 4 bars"):
        TUNE.ticks(Bars(4, 5))


def test_a_part_is_a_melody_from_its_own_beginning() -> None:
    part = TUNE.part(Bars(2, 3))
    assert part.notes == (Note(0, 2400, 64), Note(1920, 480, 65))
    assert part.tempos == (Tempo(0, 400_000), Tempo(480, 500_000))
    assert part.metres == (Metre(0), Metre(1920, 3, 4))
    assert (part.program, part.length, len(part.bars)) == (12, 3360, 2)


def test_notes_of_a_part_are_cut_at_its_end_unless_they_sounded_on_before() -> None:
    part = Melody((Note(0, 5000, 70), Note(960, 1440, 64), Note(1920, 10, 1)), length=9000)
    made = TUNE.replaced(Bars(2, 2), part)
    assert made.notes[2:] == (Note(1920, 1920, 70), Note(2880, 1440, 64), Note(3840, 480, 65))
    again = TUNE.replaced(Bars(2, 2), replace(part, notes=(Note(960, 1441, 64),)))
    assert again.notes[2] == Note(2880, 960, 64)


def test_the_tempo_of_a_part_holds_in_the_part() -> None:
    part = Melody((), tempos=(Tempo(0, 300_000), Tempo(960, 200_000)), length=1920)
    made = TUNE.replaced(Bars(2, 2), part)
    assert made.tempos == (
        Tempo(0, 400_000), Tempo(1920, 300_000), Tempo(2880, 200_000), Tempo(3840, 500_000)
    )  # fmt: skip
    assert TUNE.replaced(Bars(1, 1), part).tempos[:3] == (
        Tempo(0, 300_000), Tempo(960, 200_000), Tempo(1920, 400_000)
    )  # fmt: skip


def test_a_part_with_other_ticks_is_refused() -> None:
    with pytest.raises(ValueError, match="960 ticks per quarter note"):
        TUNE.replaced(Bars(1, 1), Melody(ticks_per_quarter=960))


@pytest.mark.parametrize("seed", range(60))
def test_a_part_that_is_put_back_changes_nothing(seed: int) -> None:
    chance = random.Random(seed)
    melody = random_tune(chance)
    bars = random_bars(melody, chance)
    assert melody.replaced(bars, melody.part(bars)) == melody


@pytest.mark.parametrize("seed", range(100))
def test_outside_the_bars_nothing_changes(seed: int) -> None:
    chance = random.Random(1000 + seed)
    melody, other = random_tune(chance), random_tune(chance)
    bars = random_bars(melody, chance)
    start, stop = melody.ticks(bars)
    made = melody.replaced(bars, other)
    outside = [note for note in melody.notes if not start <= note.start < stop]
    assert [note for note in made.notes if not start <= note.start < stop] == outside
    assert (made.program, made.metres, made.bars) == (melody.program, melody.metres, melody.bars)
    assert made.length <= max(melody.length, stop)
    ticks = [tick for tick in range(0, melody.length, 60) if not start <= tick < stop]
    assert [tempo_at(made, tick) for tick in ticks] == [tempo_at(melody, tick) for tick in ticks]
    tails = {note.start + note.duration for note in melody.notes if start <= note.start < stop}
    for note in made.notes:
        if start <= note.start < stop:
            end = note.start + note.duration
            assert end <= stop or end in tails
    inside = range(start, min(stop, melody.length), 60)
    assert [tempo_at(made, tick) for tick in inside] == [
        tempo_at(other, tick - start) for tick in inside
    ]

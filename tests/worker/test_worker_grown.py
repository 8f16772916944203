"""A tune may grow by an edit of bars: right behind them, and nowhere else."""

from dataclasses import replace

import pytest

from aigc_studio.api import Bars, KeySignature, Melody, Metre, Note, Tempo
from aigc_studio.worker.results import keeps_rest

BAR = 1920
TUNE = Melody(
    tuple(Note(n * 480, 480, 60 + n) for n in range(16)),
    tempos=(Tempo(0), Tempo(2 * BAR, 400_000)),
    metres=(Metre(0), Metre(3 * BAR, 4, 4)),
    keys=(KeySignature(0, 1), KeySignature(3 * BAR, 2)),
)


def grown(melody: Melody = TUNE, at: int = 2 * BAR, by: int = 2 * BAR) -> Melody:
    """The melody with two bars of one note each at a tick."""

    def later(start: int) -> int:
        return start + by if start >= at else start

    new = (Note(at, BAR, 72), Note(at + BAR, by - BAR, 74))
    return replace(
        melody,
        notes=(*(replace(n, start=later(n.start)) for n in melody.notes), *new),
        tempos=tuple(replace(each, start=later(each.start)) for each in melody.tempos),
        metres=tuple(replace(each, start=later(each.start)) for each in melody.metres),
        keys=tuple(replace(each, start=later(each.start)) for each in melody.keys),
        length=melody.length + by,
    )


def test_bars_come_in_behind_the_selected_ones() -> None:
    assert keeps_rest(TUNE, Bars(1, 2), grown())
    assert keeps_rest(TUNE, Bars(2, 2), grown())
    assert keeps_rest(TUNE, Bars(4, 4), grown(at=4 * BAR))


def test_bars_that_come_in_elsewhere_are_refused() -> None:
    assert not keeps_rest(TUNE, Bars(1, 1), grown())
    assert not keeps_rest(TUNE, Bars(3, 3), grown())


@pytest.mark.parametrize("wrong", ["note", "tempo", "key", "gone", "program", "past"])
def test_what_stands_there_must_stay(wrong: str) -> None:
    made = grown()
    changed = {
        "note": replace(made, notes=(replace(made.notes[0], pitch=1), *made.notes[1:])),
        "tempo": replace(made, tempos=(Tempo(0, 1), *made.tempos[1:])),
        "key": replace(made, keys=()),
        "gone": replace(made, notes=made.notes[1:]),
        "program": replace(made, program=3),
        "past": replace(made, notes=(*made.notes, Note(4 * BAR - 10, 20, 80))),
    }[wrong]
    assert not keeps_rest(TUNE, Bars(1, 2), changed)


def test_what_was_missing_of_the_last_bar_may_be_filled_as_well() -> None:
    short = replace(TUNE, notes=TUNE.notes[:15], length=15 * 480)
    whole = replace(short, notes=(*short.notes, Note(15 * 480, 480, 50)), length=4 * BAR)
    made = grown(whole, at=4 * BAR)
    assert keeps_rest(short, Bars(4, 4), made)
    assert not keeps_rest(short, Bars(3, 3), made)

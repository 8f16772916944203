"""Accepting a result for bars of a tune that was changed meanwhile."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from joining_desk import Desk, tune

from aigc_studio.api import Bars, Melody, Metre, Note, Tempo


def test_notes_that_were_changed_elsewhere_stay(desk: Callable[..., Desk]) -> None:
    table = desk(tune(0, 1920, 3840))
    id = table.offer(tune(0, 2160, 2400, 3840), Bars(2, 2))
    faster = (Tempo(0, 300_000),)
    table.write(tune(480, 1920, 5760, program=7, tempos=faster), "compose")
    acceptance = table.accept(id)
    assert table.shown == tune(480, 2160, 2400, 5760, program=7, tempos=faster)
    assert acceptance.parts == {table.id: Bars(2, 2)}
    assert acceptance.remark == ""


@pytest.mark.parametrize(
    "now",
    [
        tune(0, 2000, 3840),
        tune(0, 1920, 1920 + 480, 3840),
        tune(0, 3840),
        tune(0, 1920, metres=(Metre(0, 3, 4),)),
        tune(0, 1920, ticks_per_quarter=240),
        tune(0, length=1920),
        tune(0, 1920 * 2, 1920 * 3, length=1920 * 5),
    ],
)
def test_bars_that_were_changed_or_moved_put_it_beside(
    desk: Callable[..., Desk], now: Melody
) -> None:
    table = desk(tune(0, 1920, 3840))
    result = tune(0, 2160, 3840)
    id = table.offer(result, Bars(2, 2))
    table.write(now, "compose")
    acceptance = table.accept(id)
    assert "The selected part" in acceptance.remark
    assert table.shown == now
    assert table.project.store.get(table.project.board.items[-1].content) == result


def test_a_tempo_of_the_result_is_not_put_over_anothers(desk: Callable[..., Desk]) -> None:
    slower = (Tempo(0), Tempo(1920, 900_000), Tempo(3840))
    table = desk(tune(0, 1920))
    id = table.offer(tune(0, 2160, tempos=slower), Bars(2, 2))
    table.write(tune(480, 1920), "compose")
    table.accept(id)
    assert table.shown == tune(480, 2160, tempos=slower)
    other = table.offer(tune(480, 2400, tempos=(Tempo(0), Tempo(1920, 1))), Bars(2, 2))
    table.write(tune(480, 2160, tempos=(Tempo(0, 7),)), "compose")
    assert "The selected part" in table.accept(other).remark


def test_new_bars_for_a_tune_that_was_changed_are_put_beside_it(
    desk: Callable[..., Desk],
) -> None:
    short = tune(0, 1920)
    table = desk(short)
    longer = replace(short, notes=(*short.notes, Note(7680, 480, 72)), length=5 * 1920)
    id = table.offer(longer, Bars(4, 4))
    now = tune(480, 1920)
    table.write(now, "compose")
    assert "The selected part" in table.accept(id).remark
    assert table.shown == now


@pytest.mark.parametrize("seed", range(60))
def test_whatever_was_composed_outside_the_bars_stays(desk: Callable[..., Desk], seed: int) -> None:
    chance = random.Random(seed)

    def notes(start: int, stop: int) -> Iterator[Note]:
        for _note in range(chance.randrange(5)):
            place = chance.randrange(start, stop, 60)
            yield Note(place, chance.randrange(1, 3000), chance.randrange(50, 60))

    start, stop, end = 1920, 1920 * 3, 1920 * 5
    inside = [replace(note, duration=60) for note in notes(start, stop)]
    around = [*notes(0, start), *notes(stop, end)]
    before = Melody((*around, *inside), length=end * 2)
    table = desk(before)
    part = Melody(tuple(notes(0, stop - start)))
    id = table.offer(before.replaced(Bars(2, 3), part), Bars(2, 3))
    others = [*notes(0, start), *notes(stop, end)]
    now = Melody((*others, *inside), program=seed, length=end * 2)
    table.write(now, "compose")
    assert table.accept(id).remark == ""
    made = table.shown
    assert made == now.replaced(Bars(2, 3), part)
    outside = [note for note in made.notes if not start <= note.start < stop]
    assert outside == [note for note in now.notes if not start <= note.start < stop]

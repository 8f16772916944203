"""Bar lines are reckoned by stretches of equal bars: the same as walking from bar to bar."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import asdict

import pytest

from aigc_studio.api import Bars, KeySignature, Melody, Metre, Note, Tempo


def walked(melody: Melody) -> Iterator[tuple[int, int]]:
    """Bar after bar, as a player counts them."""
    for number, metre in enumerate(melody.metres):
        following = melody.metres[number + 1 : number + 2]
        start = metre.start
        ticks = melody.ticks_per_quarter * 4 * metre.numerator // metre.denominator
        while not following or start < following[0].start:
            stop = min([start + ticks, *(each.start for each in following)])
            yield start, stop
            if stop >= melody.length:
                return
            start = stop


def a_melody(dice: random.Random) -> Melody:
    metres, start = [Metre(0, dice.randint(1, 7))], 0
    for _ in range(dice.randint(0, 5)):
        start += dice.choice([0, 1, 37, 480, 1_920, 5_000])
        metres.append(Metre(start, dice.randint(1, 7), dice.choice([2, 4, 8])))
    notes = [
        Note(dice.randint(0, 9_000), dice.randint(1, 3_000), dice.randint(0, 127))
        for _ in range(dice.randint(0, 6))
    ]
    return Melody(tuple(notes), metres=tuple(metres), length=dice.choice([0, 0, 700, 15_000]))


@pytest.mark.parametrize("seed", range(60))
def test_they_are_those_that_are_met_by_walking(seed: int) -> None:
    dice = random.Random(seed)
    melody = a_melody(dice)
    bars = tuple(walked(melody))
    assert melody.bars == bars
    assert melody.bar_count == len(bars)
    for first in range(1, len(bars) + 1):
        last = dice.randint(first, len(bars))
        assert melody.ticks(Bars(first, last)) == (bars[first - 1][0], bars[last - 1][1])
    with pytest.raises(ValueError, match=f"a melody of {len(bars)} bars"):
        melody.ticks(Bars(1, len(bars) + 1))


@pytest.mark.parametrize("seed", range(20))
def test_a_length_that_is_not_given_ends_with_the_last_bar(seed: int) -> None:
    dice = random.Random(seed)
    melody = a_melody(dice)
    asked = Melody(melody.notes, metres=melody.metres)
    end = max((note.start + note.duration for note in melody.notes), default=0)
    stops = [stop for _start, stop in walked(asked)]
    assert asked.length == next(stop for stop in stops if stop >= max(end, 1))


def test_reckoning_does_not_walk_through_the_bars() -> None:
    stretches = []
    for bars in (20_000, 200_000):
        melody = Melody((Note(0, bars * 1_920, 60),))
        assert melody.bar_count == bars
        stretches.append(len(list(melody.bar_stretches())))
    assert stretches == [1, 1]


def test_the_canonical_json_is_that_of_all_fields() -> None:
    notes, tempos = (Note(3, 5, 60, 7), Note(0, 9, 61)), (Tempo(0, 7), Tempo(9))
    melody = Melody(notes, tempos=tempos, program=3, keys=(KeySignature(0),))
    assert melody.to_json() == json.dumps(asdict(melody), sort_keys=True, separators=(",", ":"))
    assert Melody.from_json(melody.to_json()) == melody


KEYS = (KeySignature(0, 2, "dorian"), KeySignature(1_920, -3, "minor"))


def test_keys_go_with_the_tune_and_with_its_parts() -> None:
    melody = Melody((Note(0, 480, 60),), length=4 * 1_920, keys=KEYS)
    assert Melody.from_json(melody.to_json()) == melody
    assert [key.tonic for key in melody.keys] == [4, 0]
    assert melody.part(Bars(1, 1)).keys == KEYS[:1]
    assert melody.part(Bars(3, 4)).keys == (KeySignature(0, -3, "minor"),)
    part = Melody((Note(0, 480, 72),), length=1_920, keys=(KeySignature(0, 5),))
    assert melody.replaced(Bars(2, 2), part).keys == KEYS


def test_without_keys_a_melody_is_what_it_was_before_they_were_kept() -> None:
    document = json.loads(Melody().to_json())
    assert "keys" not in document
    assert Melody.from_json(json.dumps(document)).keys == ()


@pytest.mark.parametrize(
    "keys",
    [
        (KeySignature(5),),
        (KeySignature(0, 8),),
        (KeySignature(0, 0, "blues"),),
        (KeySignature(0, 1.0),),  # type: ignore[arg-type]
    ],
)
def test_there_are_no_other_keys(keys: tuple[KeySignature, ...]) -> None:
    with pytest.raises(ValueError, match=r"key|whole numbers"):
        Melody(keys=keys)

"""What is read of a melody: one voice, on a grid, cut at the bar lines, and the way back."""

from collections.abc import Sequence
from random import Random

import numpy as np
import pytest
from rnn_melody.events import (
    HOLD,
    REST,
    UNITS,
    Voice,
    bar_units,
    bars_of,
    keys_of,
    read_voice,
    regular_bars,
    to_melody,
)
from rnn_melody.signs import (
    DOTTED,
    HOLD_SIGN,
    LEFT,
    LOOK,
    NUMBER,
    POSITION,
    REMAINING,
    REST_SIGN,
    USUAL,
    Signs,
    inputs_of,
    numbers_of,
    runs_of,
)
from rnn_melody_examples import jig, reel

from aigc_studio.api import KeySignature, Melody, Metre, Note

QUARTER = 480


def tune(*notes: tuple[int, int, int], **fields: object) -> Melody:
    """Notes as (start, duration, pitch), in ticks of 480."""
    return Melody(tuple(Note(*each) for each in notes), **fields)  # type: ignore[arg-type]


def events(voice: Voice) -> list[tuple[int, int]]:
    return list(zip(voice.pitches, voice.durations, strict=True))


def is_complete(voice: Voice) -> bool:
    """Whether the events fill every bar, one behind another, and none crosses a bar line."""
    ends = np.cumsum([0, *voice.durations])
    lines = {bar.start for bar in voice.bars} | {voice.bars[-1].stop}
    return (
        tuple(ends[:-1].tolist()) == voice.places
        and lines <= set(ends.tolist())
        and int(ends[-1]) == voice.bars[-1].stop
    )


# -- reading ---------------------------------------------------------------------------------------


def test_notes_and_silence_become_events_of_a_grid() -> None:
    melody = tune((0, QUARTER, 60), (2 * QUARTER, 160, 62), (2 * QUARTER + 160, 160, 64))
    voice, remarks = read_voice(melody)
    assert events(voice)[:4] == [(60, UNITS), (REST, UNITS), (62, UNITS // 3), (64, UNITS // 3)]
    assert is_complete(voice)
    assert not remarks.words()


def test_a_note_over_a_bar_line_is_tied_and_comes_back_whole() -> None:
    melody = tune((3 * QUARTER, 2 * QUARTER, 67), (5 * QUARTER, 3 * QUARTER, 65))
    voice, _remarks = read_voice(melody)
    assert events(voice) == [(REST, 72), (67, 24), (HOLD, 24), (65, 72)]
    assert voice.counted == 3
    assert to_melody(voice).notes == melody.notes


@pytest.mark.parametrize("melody", [jig(), *(reel(seed) for seed in range(8))])
def test_what_lies_on_the_grid_comes_back_as_it_was(melody: Melody) -> None:
    voice, _remarks = read_voice(melody)
    again = to_melody(voice)
    assert [(n.start, n.duration, n.pitch) for n in again.notes] == [
        (n.start, n.duration, n.pitch) for n in melody.notes
    ]
    assert again.bars == melody.bars
    assert is_complete(voice)


def test_an_upbeat_ends_as_a_whole_bar_does() -> None:
    metres = (Metre(0, 6, 8), Metre(240, 6, 8))
    melody = tune((0, 240, 62), (240, 1440, 67), metres=metres)
    bars = bars_of(melody)
    assert [(bar.length, bar.offset, bar.upbeat) for bar in bars] == [
        (12, 60, True),
        (72, 0, False),
    ]
    inputs, _tones, _lengths = inputs_of(read_voice(melody)[0], Signs())
    assert inputs[:, [POSITION, REMAINING, NUMBER]].tolist() == [[60, 12, 0], [0, 72, 1]]
    assert to_melody(read_voice(melody)[0]).metres == metres


def test_a_new_metre_in_the_middle_is_kept() -> None:
    metres = (Metre(0, 3, 4), Metre(2880, 2, 4))
    melody = tune(*((n * QUARTER, QUARTER, 60 + n) for n in range(10)), metres=metres)
    assert [bar.metre for bar in bars_of(melody)] == ["3/4", "3/4", "2/4", "2/4"]
    assert to_melody(read_voice(melody)[0]).metres == metres


def test_of_chords_and_two_hands_the_upper_voice_is_taken_and_that_is_said() -> None:
    chords = tune(*((0, 4 * QUARTER, pitch) for pitch in (48, 64, 72)), (0, QUARTER, 52))
    voice, remarks = read_voice(chords)
    assert events(voice) == [(72, 96)]
    assert remarks.beside == 3
    assert "3 notes" in remarks.words()[0][0]
    hands = tune((0, 4 * QUARTER, 72), *((n * QUARTER, QUARTER, 48) for n in range(4)))
    assert events(read_voice(hands)[0]) == [(72, 96)]
    legato = tune((0, QUARTER + 60, 72), (QUARTER, QUARTER, 70))
    assert events(read_voice(legato)[0])[:2] == [(72, 24), (70, 24)]
    assert read_voice(legato)[1].beside == 0


def test_a_free_hand_is_moved_to_the_grid_and_that_is_said() -> None:
    random = Random(4)
    played = [(n * 240 + random.randrange(-28, 29) * (n > 0), 200, 60 + n % 5) for n in range(16)]
    voice, remarks = read_voice(tune(*played))
    assert set(voice.durations) == {12}
    assert remarks.moved > 4
    assert len(remarks.words()) == 1


def test_short_silence_belongs_to_the_note_before() -> None:
    voice, _remarks = read_voice(tune(*((n * QUARTER, 440, 60) for n in range(4))))
    assert events(voice) == [(60, 24)] * 4


def test_a_tune_without_a_key_gets_one_and_is_told_from_its_tonic() -> None:
    keyed, bare = jig(), Melody(jig().notes, metres=(Metre(0, 6, 8),))
    assert read_voice(keyed)[0].tonic == 2
    voice, _remarks = read_voice(bare)
    assert voice.tonic is not None
    assert read_voice(Melody(length=1920))[0].tonic is None


def test_hostile_melodies_are_read() -> None:
    odd = tune(
        (0, 1, 0), (1, 1, 127), (2, 100_000, 64), metres=(Metre(0, 1, 64), Metre(30, 17, 16))
    )
    assert is_complete(read_voice(odd)[0])
    assert events(read_voice(Melody(length=1920))[0]) == [(REST, 96)]
    fine = Melody((Note(0, 1, 60), Note(1, 1, 61)), ticks_per_quarter=10080)
    assert is_complete(read_voice(fine)[0])


# -- numbers ---------------------------------------------------------------------------------------


def test_transposed_tunes_are_the_same_but_for_what_the_tonic_says() -> None:
    signs = Signs(metres=("6/8",))
    low, high = (read_voice(jig(tonic=tonic))[0] for tonic in (62, 62))
    up = Melody(
        tuple(Note(n.start, n.duration, n.pitch + 5) for n in jig().notes),
        metres=(Metre(0, 6, 8),),
        keys=(KeySignature(0, 1),),
    )
    assert inputs_of(low, signs)[1].tolist() == inputs_of(high, signs)[1].tolist()
    assert inputs_of(read_voice(up)[0], signs)[1].tolist() == inputs_of(low, signs)[1].tolist()


def test_what_is_out_of_range_is_an_octave_of_it() -> None:
    signs = Signs(lowest=0, highest=12)
    for pitch in range(128):
        found = signs.pitch(signs.tone(pitch, 62), 62)
        assert 62 <= found <= 74
        assert (found - pitch) % 12 == 0
    assert signs.tone(REST, 62) == REST_SIGN
    assert signs.tone(HOLD, 62) == HOLD_SIGN


def test_unknown_durations_are_tied_of_known_ones() -> None:
    signs = Signs(durations=USUAL)
    voice = Voice((60, REST), (61, 35), (0, 61), regular_bars("4/4", 1))
    tones, lengths, places = numbers_of(voice, signs)
    units = [signs.durations[number] for number in lengths]
    assert sum(units) == 96
    assert places.tolist() == np.cumsum([0, *units[:-1]]).tolist()
    assert tones.tolist()[1] == HOLD_SIGN
    assert tones.tolist()[-1] == REST_SIGN


def test_a_step_hears_what_stood_at_the_same_place_of_the_bars_before() -> None:
    signs = Signs(lowest=0, highest=24, metres=("6/8",))
    voice = read_voice(jig())[0]
    inputs, tones, lengths = inputs_of(voice, signs)
    four = LOOK + 3 * signs.lags.index(4)
    assert inputs.shape == (len(voice), len(signs.sizes()))
    assert (inputs >= 0).all()
    assert (inputs < np.array(signs.sizes())).all()
    second = slice(24, 48)  # four bars of six quavers on
    assert inputs[second, four].tolist() == (2 * tones[:24] + 1).tolist()
    assert inputs[second, four + 1].tolist() == (lengths[:24] + 1).tolist()
    assert inputs[24:34, four + 2].tolist() == list(range(10))
    assert not inputs[:24, four].any()
    assert inputs[:, LEFT].tolist() == [7 - n // 6 for n in range(48)]
    assert inputs[:8, DOTTED].tolist() == [0, 12, 24, 0, 12, 24, 0, 12]


def test_runs_end_where_something_else_stood() -> None:
    agreed = np.array([[1], [1], [0], [1], [1], [1]], bool)
    assert runs_of(agreed)[:, 0].tolist() == [0, 1, 2, 0, 1, 2]


@pytest.mark.parametrize(("metre", "units"), [("6/8", 72), ("2/2", 96), ("7/8", 84), ("5/4", 120)])
def test_bars_of_any_metre(metre: str, units: int) -> None:
    assert bar_units(metre) == units
    bars = regular_bars(metre, 3, upbeat=12)
    assert [bar.length for bar in bars] == [12, units, units, units]
    assert bars[-1].stop == 12 + 3 * units


@pytest.mark.parametrize(
    ("tonic", "mode", "fifths"),
    [(2, "major", 2), (9, "minor", 0), (4, "dorian", 2), (6, "minor", 3)],
)
def test_keys_are_spelt_with_the_fewest_accidentals(tonic: int, mode: str, fifths: int) -> None:
    (key,) = keys_of(tonic, mode)
    assert (key.fifths, key.tonic) == (fifths, tonic)
    assert not keys_of(None, None)


@pytest.mark.parametrize(
    "fields",
    [{"lowest": 3, "highest": 2}, {"durations": (2, 3)}, {"durations": (1, 4, 2)}, {"lags": ()}],
)
def test_signs_that_cannot_be_are_refused(fields: dict[str, Sequence[int]]) -> None:
    with pytest.raises(ValueError, match=r"."):
        Signs(**fields)  # type: ignore[arg-type]

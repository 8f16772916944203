"""What is learnt from, whatever tunes a person has, and words for data that does not do."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from kinds import known
from rnn_melody.events import bars_of, read_voice
from rnn_melody.model import Model, open_model
from rnn_melody.signs import METRE, USUAL
from rnn_melody.training.material import Material, learnt_about, learnt_from, row_of, signs_of
from rnn_melody.training.silence import tunes_of
from rnn_melody_examples import jig, jigs, reel, write_dataset, write_model

from aigc_studio.api import Dataset, GeneratorError, Melody, Message, Metre, Note


def read(dataset: Dataset, base: Model | None = None) -> tuple[Material, str]:
    """The material of a dataset, and what was said of it."""
    said, reading = list[str](), learnt_from(dataset, base)
    while True:
        try:
            event = next(reading)
        except StopIteration as end:
            return end.value, "\n".join(said)
        if isinstance(event, Message):
            assert isinstance(event.text, dict)
            assert set(event.text) == {"en", "zh"}
            said.append(event.text["en"])


def hands(count: int) -> list[Melody]:
    """Two hands: a melody, and a chord under each bar."""
    chords = [Note(bar * 1440, 1440, pitch) for bar in range(8) for pitch in (43, 47)]
    return [replace(each, notes=(*each.notes, *chords)) for each in jigs(count)]


def test_tunes_become_rows_and_say_what_they_are_like(tmp_path: Path) -> None:
    dataset = write_dataset(tmp_path / "d", [*jigs(12), *map(reel, range(4)), jig(99)], held_out=1)
    material, _said = read(dataset)
    assert len(material.learnt) == 16
    assert len(material.held_out) == 1
    assert material.counted == 48
    about = material.about
    assert about["tunes"] == 16
    assert about["metres"] == {"6/8": 12, "4/4": 4}
    assert about["notes_a_bar"]["6/8"] == [6.0, 0.0]
    assert about["tempos"] == {"6/8": 400_000, "4/4": 500_000}
    assert ["6/8", 2, "major", 12] in about["counts"]
    assert about["lowest"] >= 60
    for inputs, events, ahead in material.learnt:
        assert len(inputs) == len(events) == len(ahead)


def test_two_hands_are_learnt_by_the_upper_one_and_that_is_said(tmp_path: Path) -> None:
    plain, _nothing = read(write_dataset(tmp_path / "one", jigs(6)))
    material, said = read(write_dataset(tmp_path / "two", hands(6)))
    assert "96 notes beside it" in said
    assert [row[1].tolist() for row in material.learnt] == [row[1].tolist() for row in plain.learnt]


def test_durations_and_metres_that_are_seldom_are_none_of_its_own() -> None:
    odd = Melody((Note(0, 260, 60), Note(260, 700, 62)), metres=(Metre(0, 5, 4),))
    voices = [read_voice(melody)[0] for melody in [*jigs(6), odd]]
    signs = signs_of(voices)
    assert signs.metres == ("6/8",)
    assert set(signs.durations) == set(USUAL)
    inputs, events, _ahead = row_of(voices[-1], signs)
    assert int(inputs[0, METRE]) == 0
    units = sum(signs.durations[number] for number in events[:, 1].tolist())
    assert units == bars_of(odd)[-1].stop


def test_with_a_base_its_signs_are_kept(tmp_path: Path) -> None:
    base = open_model(write_model(tmp_path / "base"))
    material, _said = read(write_dataset(tmp_path / "d", list(map(reel, range(8)))), base)
    assert material.signs == base.signs


def test_few_notes_are_learnt_with_a_warning(tmp_path: Path) -> None:
    _material, said = read(write_dataset(tmp_path / "d", jigs(3)))
    assert "very few" in said


@pytest.mark.parametrize(
    ("melodies", "words"),
    [
        ([Melody(length=1920)] * 3, "0 notes in all"),
        ([Melody((Note(0, 480, 60),))], "1 notes in all"),
    ],
)
def test_what_teaches_nothing_is_refused(
    tmp_path: Path, melodies: Sequence[Melody], words: str
) -> None:
    with pytest.raises(GeneratorError, match=words):
        read(write_dataset(tmp_path / "d", melodies))


def test_texts_are_refused(tmp_path: Path) -> None:
    dataset = write_dataset(tmp_path / "d", jigs(3))
    path = tmp_path / "d" / "dataset.json"
    path.write_text(path.read_text().replace('"melody"', '"text"'))
    with pytest.raises(GeneratorError, match="has no tunes"):
        read(Dataset(dataset.path))


@pytest.mark.parametrize(
    "melody",
    [
        Melody(tuple(Note(n * 7, 300, n % 128) for n in range(400)), metres=(Metre(0, 11, 16),)),
        Melody(tuple(Note(n, 1, 60 + n % 2) for n in range(200)), ticks_per_quarter=1),
        Melody(tuple(Note(n * 3, 2, 127) for n in range(60)), ticks_per_quarter=960),
        Melody((Note(0, 480 * 4 * 900, 60), *(Note(n * 480, 480, 72) for n in range(64)))),
    ],
    ids=["overlapping", "one tick a quarter", "a thousandth each", "a note of 900 bars"],
)
def test_hostile_tunes_are_learnt_from(tmp_path: Path, melody: Melody) -> None:
    material, _said = read(write_dataset(tmp_path / "d", [melody, *jigs(2)]))
    assert len(material.learnt) == 3


def test_a_part_that_waits_is_the_tunes_between() -> None:
    notes = jig(bars=8).notes
    shift = 1440 * 30
    late = [replace(note, start=note.start + shift) for note in notes]
    later = [replace(note, start=note.start + 2 * shift) for note in notes]
    voice = read_voice(Melody((*late, *later), metres=(Metre(0, 6, 8),), length=6 * shift))[0]
    first, second = tunes_of(voice)
    plain = read_voice(Melody(notes, metres=(Metre(0, 6, 8),)))[0]
    assert first.pitches == second.pitches == plain.pitches
    assert first.bars == second.bars == plain.bars
    assert first.places == plain.places
    (whole,) = tunes_of(plain)
    assert whole is plain
    assert not list(tunes_of(read_voice(Melody(length=9600))[0]))


def test_short_silence_stays_in_a_tune() -> None:
    notes = (Note(0, 1920, 60), Note(4 * 1920, 1920, 62), Note(9 * 1920, 1920, 64))
    first, second = tunes_of(read_voice(Melody(notes))[0])
    assert [len(first.bars), len(second.bars)] == [5, 1]


def test_nothing_is_told_of_nothing() -> None:
    about: dict[str, Any] = learnt_about([], [])
    assert about["tunes"] == 0
    assert about["bars"] == 16


def test_of_many_held_out_tunes_the_same_are_drawn_from_all_over(tmp_path: Path) -> None:
    sorted_by_kind = [*jigs(20), *map(reel, range(20))]
    tunes = [*jigs(6), *map(reel, range(6)), *sorted_by_kind]
    dataset = write_dataset(tmp_path / "d", tunes, held_out=40)

    def drawn() -> Material:
        reading = learnt_from(dataset, None, most_held_out=10)
        while True:
            try:
                next(reading)
            except StopIteration as end:
                return known(Material, end.value)

    first, again = drawn().held_out, drawn().held_out
    assert len(first) == 10
    assert len({int(inputs[0, METRE]) for inputs, _events, _ahead in first}) == 2
    assert [row[1].tolist() for row in first] == [row[1].tolist() for row in again]

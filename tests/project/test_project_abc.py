"""Tunes written as ABC: they read back equal, in all that ABC can say."""

import math
import random
from dataclasses import replace
from pathlib import Path

import pytest

from aigc_studio.api import KeySignature, Melody, Metre, Note, Tempo
from aigc_studio.library.melodies import read_melody
from aigc_studio.library.options import ALL_PARTS
from aigc_studio.project import Provenance, abc, export, midi
from aigc_studio.project.spelling import Spelling, key_name

MODES = ("major", "minor", "dorian", "phrygian", "lydian", "mixolydian", "locrian")
METRES = ((2, 4), (3, 4), (4, 4), (6, 8), (9, 8), (2, 2), (5, 8), (12, 8), (3, 2))
PARTS = (1, 2, 4, 3, 8, 6)
"""Of a quarter note: lengths of notes."""


def any_melody(chance: random.Random) -> Melody:
    """A tune of one voice with an upbeat now and then, changes of metre, key and tempo, rests."""
    ticks = chance.choice([480, 96, 24, 960])
    numerator, denominator = chance.choice(METRES)
    bar = ticks * 4 * numerator // denominator
    upbeat = chance.choice([0, 0, ticks // 2])
    length = upbeat + bar * chance.randrange(1, 9)
    metres = {0: Metre(0, numerator, denominator), upbeat: Metre(upbeat, numerator, denominator)}
    turn = upbeat + bar * chance.randrange(1, 9)
    if chance.random() < 0.3 and turn < length:
        metres[turn] = Metre(turn, *chance.choice([(3, 4), (4, 4), (2, 4)]))
    keys = [KeySignature(0, chance.randrange(-7, 8), chance.choice(MODES))]
    if chance.random() < 0.3 and turn < length:
        keys.append(KeySignature(turn, chance.randrange(-7, 8), chance.choice(MODES)))
    tempos = [Tempo(0, chance.choice([500_000, chance.randrange(200_000, 2_000_000)]))]
    if chance.random() < 0.2 and ticks < length:
        tempos.append(Tempo(ticks, chance.randrange(200_000, 2_000_000)))
    return Melody(
        _notes(chance, ticks, length), ticks, chance.choice([0, 0, 40, 73]), tuple(tempos),
        tuple(metres.values()), length, tuple(keys) if chance.random() < 0.8 else (),
    )  # fmt: skip


def _notes(chance: random.Random, ticks: int, length: int) -> tuple[Note, ...]:
    notes, now = [Note(0, min(ticks // 2, length), 60)], ticks // 2
    while now < length:
        duration = ticks * chance.choice([1, 1, 2, 3]) // chance.choice(PARTS)
        if now + duration > length:
            break
        if chance.random() > 0.15:
            notes.append(Note(now, duration, chance.randrange(30, 100)))
        now += duration
    return tuple(notes)


def as_fine(melody: Melody, ticks: int) -> Melody:
    """The same in other ticks."""
    times = ticks // melody.ticks_per_quarter
    return Melody(
        tuple(
            replace(each, start=each.start * times, duration=each.duration * times)
            for each in melody.notes
        ),
        ticks,
        melody.program,
        tuple(replace(each, start=each.start * times) for each in melody.tempos),
        tuple(replace(each, start=each.start * times) for each in melody.metres),
        melody.length * times,
        tuple(replace(each, start=each.start * times) for each in melody.keys),
    )


@pytest.mark.parametrize("seed", range(10))
def test_tunes_come_back_from_abc_and_midi(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(30):
        melody = any_melody(chance)
        assert read_melody(midi.encode(melody)) == melody
        told: list[str] = []
        back = read_melody(abc.encode(melody, "A tune"), "a.abc", remarks=told)
        ticks = math.lcm(back.ticks_per_quarter, melody.ticks_per_quarter)
        assert as_fine(back, ticks) == as_fine(melody, ticks)


def test_what_it_looks_like() -> None:
    melody = Melody(
        (
            Note(0, 240, 67), Note(240, 480, 72), Note(720, 160, 74), Note(880, 160, 76),
            Note(1040, 160, 78), Note(1200, 960, 79), Note(2160, 480, 77), Note(2640, 240, 75),
        ),
        metres=(Metre(0, 4, 4), Metre(240, 4, 4)), keys=(KeySignature(0, 1),), program=73,
        tempos=(Tempo(0, 600_000),), length=240 + 1920 + 720,
    )  # fmt: skip
    assert abc.encode(melody, "The  Hare\n100%").decode().splitlines() == [
        "%abc-2.1", "X:1", "T:The Hare 100\\%", "M:4/4", "L:1/4", "Q:1/4=100", "%%MIDI program 73",
        "K:G",
"G/ | c (3:2:3d/e/f/ g2 | =f ^d/ |]",
    ]  # fmt: skip


def test_notes_that_sound_together_become_voices() -> None:
    notes = (Note(0, 960, 60), Note(0, 480, 64), Note(480, 480, 67), Note(960, 960, 72))
    melody = Melody(notes)
    data = abc.encode(melody)
    assert b"V:2" in data
    assert read_melody(data, "a.abc", ALL_PARTS) == melody
    assert [note.pitch for note in read_melody(data, "a.abc").notes] == [64, 67, 72]


def test_ticks_that_are_no_notes_move_to_the_nearest() -> None:
    melody = Melody((Note(3, 471, 60), Note(481, 470, 62)))
    back = read_melody(abc.encode(melody), "a.abc")
    assert [(note.start, note.duration) for note in back.notes] == [(0, 480), (480, 480)]


def test_a_tune_without_notes() -> None:
    data = abc.encode(Melody())
    assert b"z8 |]" in data


def test_accidentals_are_said_again_in_other_octaves() -> None:
    spelling = Spelling(KeySignature(0, 1))
    assert [spelling.name(each) for each in (65, 77, 78, 66, 65)] == ["=F", "=f", "^f", "^F", "=F"]
    spelling.begin_bar()
    assert spelling.name(66) == "F"
    assert Spelling(KeySignature(0, -2, "minor")).name(66) == "^F"  # its leading note
    assert Spelling(KeySignature(0, -2)).name(68) == "_A"


@pytest.mark.parametrize(
    ("key", "name"),
    [
        (KeySignature(0), "C"),
        (KeySignature(0, -2), "Bb"),
        (KeySignature(0, 3, "minor"), "F#m"),
        (KeySignature(0, 2, "dorian"), "Edor"),
        (KeySignature(0, -7, "mixolydian"), "Gbmix"),
    ],
)
def test_keys(key: KeySignature, name: str) -> None:
    assert key_name(key) == name


def test_the_label_stands_in_the_file(tmp_path: Path, provenance: Provenance) -> None:
    melody = Melody((Note(0, 480, 60),))
    (path,) = export.export(melody, tmp_path / "a.abc", provenance)
    assert "N:AI-generated" in path.read_text()
    assert export.read_provenance(path) == provenance
    (path,) = export.export(melody, tmp_path / "b.abc", None)
    assert "AI" not in path.read_text()
    assert export.read_provenance(path) is None

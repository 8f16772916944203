"""The synthesiser, measured: pitch, level, clicks, clipping, silence, length."""

from __future__ import annotations

import itertools
import tracemalloc
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from aigc_studio.api.melody import Melody, Metre, Note, Tempo
from aigc_studio.sound import synthesis
from aigc_studio.sound.instruments import INSTRUMENTS, instrument_of
from aigc_studio.sound.mix import VOICES, Mix
from aigc_studio.sound.room import BLOCK, CEILING
from aigc_studio.sound.score import beats
from aigc_studio.sound.synthesis import RATE
from aigc_studio.sound.timbres import TIMBRES
from aigc_studio.sound.tones import Tone, frequency
from aigc_studio.sound.voices import Voice

NAMES = [each.name for each in INSTRUMENTS]
PROGRAMS = [pytest.param(each.program, id=each.name) for each in INSTRUMENTS]
SCALE = (60, 62, 64, 65, 67, 69, 71, 72, 74, 76, 77, 79, 81, 79, 77, 76, 74, 72, 71, 69, 67, 65)

Sound = np.ndarray[Any, np.dtype[np.float32]]


def melody(*pitches: int, each: int = 240, velocity: int = 80, program: int = 0) -> Melody:
    """One note after the other, eighths at 120 a minute."""
    notes = (Note(n * each, each - 10, pitch, velocity) for n, pitch in enumerate(pitches))
    return Melody(tuple(notes), program=program)


def tone(name: str, pitch: int, seconds: float, velocity: int = 80) -> Sound:
    """A voice alone, dry, mono."""
    voice = Voice(Tone(0, round(seconds * RATE), pitch, velocity, name))
    parts = [voice.segment(0, voice.length)]
    while (first := sum(map(len, parts))) < voice.length:
        parts.append(voice.segment(first, voice.length - first))
    return np.concatenate(parts)


def level(sound: Sound) -> float:
    """RMS in dB under full scale."""
    return float(20 * np.log10(np.sqrt(np.mean(np.square(sound, dtype=np.float64))) + 1e-12))


def peak_near(sound: Sound, hertz: float) -> float:
    """The frequency of the strongest partial within half a semitone, by a parabola in dB."""
    count = 1 << 20
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), count))
    low, high = (int(hertz * factor * count / RATE) for factor in (0.9715, 1.0293))
    at = low + int(np.argmax(spectrum[low:high]))
    left, middle, right = np.log(spectrum[at - 1 : at + 2])
    return float((at + (left - right) / (2 * (left - 2 * middle + right))) * RATE / count)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("pitch", [45, 60, 69, 76, 88])
def test_a_tone_is_in_tune_within_a_cent(name: str, pitch: int) -> None:
    sound = tone(name, pitch, 3.0)[: 3 * RATE]
    cents = 1200 * np.log2(peak_near(sound, frequency(pitch)) / frequency(pitch))
    assert abs(cents) <= 1.0


def test_concert_pitch_is_440() -> None:
    assert frequency(69) == 440.0
    assert frequency(57) == pytest.approx(220.0)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("pitch", [60, 84, 96, 108, 120, 127])
def test_nothing_is_mirrored_at_the_highest_frequency(name: str, pitch: int) -> None:
    """A high tone has nothing below its own frequency but its noise: aliasing would be there."""
    sound = tone(name, pitch, 0.6, velocity=127)
    spectrum = np.square(np.abs(np.fft.rfft(sound * np.blackman(len(sound)))))
    hertz = np.fft.rfftfreq(len(sound), 1 / RATE)
    below = spectrum[hertz < frequency(pitch) * 0.9].sum() / spectrum.sum()
    allowed = TIMBRES[name].noise ** 2 + 1e-6
    assert below <= allowed
    assert spectrum[hertz > 19_500].sum() / spectrum.sum() <= 1e-5


def test_all_instruments_are_equally_loud() -> None:
    levels = {}
    for each in INSTRUMENTS:
        sound = synthesis.render(melody(*SCALE, program=each.program))
        levels[each.name] = level(sound[: len(SCALE) * RATE // 4])
    middle = float(np.mean(list(levels.values())))
    assert all(abs(value - middle) <= 2.0 for value in levels.values()), levels
    assert -25 < middle < -18


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_tone_begins_and_ends_without_a_click(program: int) -> None:
    """Where a tone begins, is let go and ends, and between blocks and chunks, the second difference
    is not above that of the tone itself at its loudest."""
    name = instrument_of(program).name
    sound = tone(name, 60, 1.0)
    assert abs(sound[0]) < 1e-6
    assert abs(sound[-1]) < 1e-6
    steps = np.abs(np.diff(sound, 2))
    inside = steps[: int(0.95 * RATE)].max()
    assert steps[int(0.95 * RATE) :].max() <= inside
    seams = range(8192, len(sound) - 2, 8192)
    typical = np.percentile(steps, 99.9)
    assert all(steps[seam - 2 : seam + 2].max() <= 2 * typical for seam in seams)


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_melody_has_no_click_where_notes_meet(program: int) -> None:
    """All that is above 19 kHz is a click: no partial is."""
    sound = synthesis.render(melody(60, 60, 64, 67, 60, 60, each=120, program=program))
    mono = sound.mean(axis=1, dtype=np.float64)
    spectrum = np.fft.rfft(mono)
    spectrum[np.fft.rfftfreq(len(mono), 1 / RATE) < 19_000] = 0
    assert np.abs(np.fft.irfft(spectrum, len(mono))).max() < 2e-3


@pytest.mark.parametrize("program", PROGRAMS)
def test_nothing_clips_however_many_sound(program: int) -> None:
    notes = tuple(Note(start, 960, pitch, 127) for start in (0, 480) for pitch in range(30, 110))
    sound = synthesis.render(Melody(notes, program=program))
    assert np.abs(sound).max() <= CEILING + 1e-6
    assert level(sound[RATE // 4 : RATE]) > -20
    # The limiter turns down, and does not cut: hardly a sample stands at the ceiling.
    assert (np.abs(sound) > CEILING * 0.9999).mean() < 2e-3


def test_a_few_voices_are_not_touched_by_the_limiter() -> None:
    chord = tuple(Note(0, 480, pitch, 80) for pitch in (60, 64, 67))
    assert np.abs(synthesis.render(Melody(chord))).max() < CEILING * 0.8


def test_velocity_makes_a_tone_louder_and_brighter() -> None:
    def brightness(sound: Sound) -> float:
        spectrum = np.abs(np.fft.rfft(sound)) ** 2
        hertz = np.fft.rfftfreq(len(sound), 1 / RATE)
        return float((spectrum * hertz).sum() / spectrum.sum())

    for name in NAMES:
        soft, usual, loud = (tone(name, 60, 0.5, velocity) for velocity in (40, 80, 127))
        assert level(soft) + 4 < level(usual) < level(loud) - 3
        assert brightness(soft) < brightness(usual)


def test_velocity_nought_is_silence() -> None:
    sound = synthesis.render(melody(60, 62, velocity=0))
    assert not sound.any()
    assert len(sound) >= 2 * RATE  # the bar is there


def test_no_notes_are_silence_of_the_same_length() -> None:
    sound = synthesis.render(Melody((), length=1920))
    assert not sound.any()
    assert 2 * RATE <= len(sound) < 2 * RATE + 2 * BLOCK


def test_the_tail_of_the_last_note_is_not_cut() -> None:
    sound = synthesis.render(Melody((Note(0, 1920, 60),), program=46))
    assert len(sound) > 2.6 * RATE
    assert level(sound[2 * RATE : 2 * RATE + 4410]) > -50
    assert level(sound[-1000:]) < -80
    assert not sound[-1].any()


def test_a_melody_lasts_as_long_as_its_tempo_map_says() -> None:
    tempos = (Tempo(0, 500_000), Tempo(480, 1_000_000), Tempo(960, 250_000))
    notes = tuple(Note(start, 100, 72) for start in (0, 480, 960, 1440))
    piece = Melody(notes, tempos=tempos, metres=(Metre(0, 4, 4),))
    assert synthesis.seconds(piece) == pytest.approx(0.5 + 1.0 + 0.25 + 0.25)
    sound = synthesis.render(replace(piece, program=10)).mean(axis=1)
    for second in (0.0, 0.5, 1.5, 1.75):
        at = round(second * RATE)
        before = np.abs(sound[max(at - 400, 0) : at]).max(initial=0)
        assert np.abs(sound[at : at + 400]).max() > 2 * before + 0.01


def test_blocks_are_the_same_as_the_whole_and_so_is_every_time() -> None:
    piece = melody(*SCALE, program=40)
    whole = synthesis.render(piece)
    assert np.array_equal(np.concatenate(list(synthesis.blocks(piece))), whole)
    assert np.array_equal(synthesis.render(piece), whole)


def test_a_string_that_is_struck_again_is_let_go() -> None:
    hanging = (Note(0, 100_000, 60, 90), Note(480, 240, 60, 90))
    sound = synthesis.render(Melody(hanging, length=100_000, program=19))
    assert level(sound[int(1.6 * RATE) : int(2 * RATE)]) < -60


def test_two_notes_at_once_are_one_and_the_louder() -> None:
    one = synthesis.render(Melody((Note(0, 480, 60, 90),)))
    two = synthesis.render(Melody((Note(0, 480, 60, 50), Note(0, 480, 60, 90))))
    assert np.array_equal(one, two)


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("pitch", [0, 127])
def test_the_lowest_and_the_highest_pitch_sound(program: int, pitch: int) -> None:
    sound = synthesis.render(Melody((Note(0, 480, pitch),), program=program))
    assert np.isfinite(sound).all()
    assert -60 < level(sound[: RATE // 2]) < -10


def test_a_note_of_one_tick_is_a_tone_and_no_click() -> None:
    sound = synthesis.render(Melody((Note(0, 1, 69),), program=73))
    assert 0.001 < np.abs(sound).max() < 0.3


def test_both_ears_hear_it_and_low_tones_are_to_the_left() -> None:
    low, high = (synthesis.render(Melody((Note(0, 480, pitch),))) for pitch in (36, 96))
    assert 0.5 < level(low[:, 0]) - level(low[:, 1]) < 6
    assert 0.5 < level(high[:, 1]) - level(high[:, 0]) < 6


def test_long_silence_takes_no_memory() -> None:
    """Five minutes of sound would be a hundred million bytes."""
    piece = Melody((Note(0, 480, 60), Note(600 * 480, 480, 62)), length=602 * 480)
    next(synthesis.blocks(piece))
    tracemalloc.start()
    frames, loud = 0, 0
    for block in synthesis.blocks(piece):
        frames += len(block)
        loud += bool(block.any())
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert frames >= 300 * RATE
    assert loud < 400
    assert peak < 20_000_000


def test_a_hundred_thousand_notes_begin_at_once_and_few_sound() -> None:
    notes = tuple(Note(n // 4, 10_000, n % 128, 64) for n in range(100_000))
    heard = list(itertools.islice(synthesis.blocks(Melody(notes, program=19)), 40))
    assert np.isfinite(np.concatenate(heard)).all()
    mix = Mix([Tone(0, RATE, pitch, 80, "organ") for pitch in range(128)])
    mix.next()
    assert sum(not each.is_cut for each in mix._voices) <= VOICES


def test_the_metronome_ticks_the_first_of_a_bar_higher() -> None:
    piece = Melody((), length=2880, metres=(Metre(0, 3, 4),))
    sound = synthesis.render(piece, metronome=True).mean(axis=1)
    first, second = sound[: RATE // 20], sound[RATE // 2 : RATE // 2 + RATE // 20]
    assert peak_near(first, frequency(95)) == pytest.approx(frequency(95), rel=0.01)
    assert peak_near(second, frequency(88)) == pytest.approx(frequency(88), rel=0.01)
    assert level(first) > level(second)


def test_beats_are_those_of_the_metre_and_an_upbeat_is_the_end_of_a_bar() -> None:
    jig = Melody((), length=240 + 2880, metres=(Metre(0, 6, 8), Metre(240, 6, 8)))
    assert list(beats(jig, 0, jig.length)) == [
        (240, True), (960, False), (1680, True), (2400, False)
    ]  # fmt: skip
    reel = Melody((), length=480 + 1920, metres=(Metre(0, 4, 4), Metre(480, 4, 4)))
    assert [first for _tick, first in beats(reel, 0, reel.length)] == [False, True] + [False] * 3
    mixed = Melody((), length=1440 + 960, metres=(Metre(0, 3, 4), Metre(1440, 2, 4)))
    assert [tick for tick, first in beats(mixed, 0, mixed.length) if first] == [0, 1440]
    assert list(beats(mixed, 1000, 1900)) == [(1440, True)]


@pytest.mark.parametrize("program", range(128))
def test_every_program_has_an_instrument(program: int) -> None:
    assert instrument_of(program) in INSTRUMENTS


def test_each_instrument_is_what_its_program_is_played_on() -> None:
    assert [instrument_of(each.program) for each in INSTRUMENTS] == list(INSTRUMENTS)
    assert instrument_of(41).name == "fiddle"  # viola
    assert instrument_of(6).name == "piano"  # harpsichord
    assert instrument_of(105).name == "guitar"  # banjo
    assert instrument_of(109).name == "accordion"  # bagpipe
    assert len({each.title for each in INSTRUMENTS}) == len(INSTRUMENTS)

"""WAV files: what other programs and the studio itself read in them."""

from __future__ import annotations

import io
import itertools
import wave
from pathlib import Path

import numpy as np
import pytest

from aigc_studio.api.errors import StudioError
from aigc_studio.api.melody import Melody, Note, Tempo
from aigc_studio.project import export
from aigc_studio.project.provenance import Provenance
from aigc_studio.sound import synthesis, wav

PIECE = Melody((Note(0, 470, 60), Note(480, 470, 64), Note(960, 940, 67)))


def made() -> Provenance:
    return Provenance(medium="melody", generator="rnn-melody", prompt='{"words": "曲子"}', seed=7)


def samples(data: bytes) -> np.ndarray[tuple[int, int], np.dtype[np.int16]]:
    with wave.open(io.BytesIO(data)) as file:
        raw = file.readframes(file.getnframes())
    return np.frombuffer(raw, "<i2").reshape(-1, 2)


def test_others_read_it_as_16_bits_44100_stereo() -> None:
    with wave.open(io.BytesIO(wav.encode(PIECE, b"<x/>", "AIGC Studio 0"))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (2, 2, 44_100)
        assert file.getnframes() == len(synthesis.render(PIECE))


def test_the_decoder_of_miniaudio_reads_the_same() -> None:
    miniaudio = pytest.importorskip("miniaudio")
    data = wav.encode(PIECE, b"<x/>", "AIGC Studio 0")
    found = np.asarray(miniaudio.wav_read_s16(data).samples).reshape(-1, 2)
    assert np.array_equal(found, samples(data))


def test_it_is_what_is_heard_within_a_step_and_a_half() -> None:
    sound = synthesis.render(PIECE)
    assert np.abs(samples(wav.encode(PIECE)) - sound * 32_767.0).max() <= 1.5


def test_silence_is_silent_to_the_last_bit() -> None:
    assert not samples(wav.encode(Melody((), length=960))).any()


def test_the_same_melody_gives_the_same_bytes() -> None:
    assert wav.encode(PIECE) == wav.encode(PIECE)


def test_the_dither_leaves_no_trace_of_the_tone_in_the_error() -> None:
    """Rounding alone would answer a very soft tone with its harmonics, or with nothing."""
    t = np.arange(1 << 16) / synthesis.RATE
    soft = (np.sin(2 * np.pi * 441 * t) * 0.7 / 32_767).astype(np.float32)
    blocks = [np.stack([soft, soft], 1)]
    error = samples(wav.wrapped(blocks))[:, 0] - soft * 32_767.0
    spectrum = np.abs(np.fft.rfft(error * np.hanning(len(error))))
    at = [round(441 * k * len(t) / synthesis.RATE) for k in (1, 3, 5)]
    assert max(spectrum[each - 2 : each + 3].max() for each in at) < 6 * np.median(spectrum)


@pytest.mark.parametrize("name", ["tune.wav", "Tune.WAV"])
def test_the_label_is_in_the_file_and_read_back(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    assert export.export(PIECE, path, made()) == (path,)
    assert export.read_provenance(path) == made()
    data = path.read_bytes()
    assert b"trainedAlgorithmicMedia" in data
    assert b"TC260" in data
    assert b"ISFT" in data
    wave.open(io.BytesIO(data)).close()


def test_the_words_stay_out_where_that_is_asked(tmp_path: Path) -> None:
    path = tmp_path / "tune.wav"
    export.export(PIECE, path, made(), export.ExportOptions(include_prompt=False))
    found = export.read_provenance(path)
    assert found is not None
    assert found == made().without_prompt()


@pytest.mark.parametrize("label", [True, False])
def test_what_a_person_made_has_no_label(tmp_path: Path, label: bool) -> None:
    path = tmp_path / "tune.wav"
    export.export(PIECE, path, None if label else made(), export.ExportOptions(label=label))
    assert export.read_provenances(path) == ()
    assert b"_PMX" not in path.read_bytes()


def test_a_damaged_file_says_nothing_and_breaks_nothing(tmp_path: Path) -> None:
    path = tmp_path / "tune.wav"
    export.export(Melody((), length=480), path, made())
    whole = path.read_bytes()
    place = whole.index(b"_PMX")
    damaged = [whole[:stop] for stop in (0, 3, 11, 20, place + 6, place + 90)]
    damaged.append(whole[: place + 4] + b"\xff\xff\xff\xff" + whole[place + 8 :])
    damaged.append(b"RIFF" + b"\0" * 4 + b"WAVE" + b"abcd\0\0\0\0" * 5000)
    for data in damaged:
        path.write_bytes(data)
        assert export.read_provenances(path) == ()
    assert export.read_provenances(tmp_path) == ()


def test_a_melody_of_hours_is_refused_with_a_sentence(tmp_path: Path) -> None:
    piece = Melody((Note(0, 480, 60),), tempos=(Tempo(0, 60_000_000),), length=480 * 200)
    with pytest.raises(StudioError, match=r"200 minutes.*60.*\.mid"):
        export.export(piece, tmp_path / "tune.wav", None)
    assert not list(tmp_path.iterdir())


def test_a_long_file_is_made_block_by_block() -> None:
    blocks = itertools.repeat(np.zeros((1024, 2), np.float32), 100)
    assert len(samples(wav.wrapped(blocks))) == 102_400

"""Tunes, datasets and small nets for the tests of RNN melody."""

import json
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import torch
from rnn_melody.events import read_voice
from rnn_melody.model import save_model
from rnn_melody.network.net import Writer
from rnn_melody.settings import WriterSettings
from rnn_melody.signs import Signs
from rnn_melody.training.material import learnt_about, signs_of

from aigc_studio.api import Dataset, KeySignature, Melody, Metre, Note, Tempo

SCALE = (0, 2, 4, 5, 7, 9, 11)


def jig(seed: int = 0, bars: int = 8, tonic: int = 62) -> Melody:
    """A tune in 6/8 whose second half is like the first."""
    random, notes = Random(seed), list[Note]()
    half = [random.randrange(12) for _eighth in range(3 * bars)]
    for number, degree in enumerate(half + half):
        octave, step = divmod(degree, 7)
        notes.append(Note(number * 240, 240, tonic + 12 * octave + SCALE[step]))
    return Melody(
        tuple(notes),
        metres=(Metre(0, 6, 8),),
        tempos=(Tempo(0, 400_000),),
        keys=(KeySignature(0, 2, "major"),),
    )


def reel(seed: int = 0, bars: int = 8) -> Melody:
    """A tune in 4/4 without a key, with rests, triplets and a tie over a bar line."""
    random, notes, place = Random(seed), list[Note](), 0
    for _bar in range(bars):
        for duration in random.choice(
            [(480, 480, 480, 480), (160, 160, 160, 480, 960), (960, 480)]
        ):
            notes.append(Note(place, duration, 60 + SCALE[random.randrange(7)]))
            place += duration
        place = -(-place // 1920) * 1920
    notes.append(Note(place - 240, 480, 60) if notes[-1].start < place - 480 else notes[-1])
    return Melody(tuple(notes[:-1]), length=bars * 1920)


def jigs(count: int) -> list[Melody]:
    return [jig(number) for number in range(count)]


def write_dataset(
    folder: Path,
    melodies: Sequence[Melody],
    *,
    held_out: int = 0,
    attributes: Sequence[dict[str, Any]] = (),
) -> Dataset:
    """A dataset of tunes; the last `held_out` are its test part."""
    folder.mkdir(parents=True, exist_ok=True)
    rows, content = [], b""
    for number, melody in enumerate(melodies):
        data = melody.to_json().encode()
        row: dict[str, Any] = {"offset": len(content), "length": len(data)}
        row["split"] = "test" if number >= len(melodies) - held_out else "train"
        if attributes:
            row["attributes"] = dict(attributes[number])
        rows.append(row)
        content += data
    about = {"medium": "melody", "name": folder.name, "fingerprint": "0" * 64}
    (folder / "dataset.json").write_text(json.dumps(about))
    (folder / "examples.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (folder / "content.bin").write_bytes(content)
    return Dataset(folder)


def tiny(signs: Signs, seed: int = 0, **settings: Any) -> Writer:
    """An untrained net that is built in a blink."""
    chosen: dict[str, Any] = {"width": 16, "embedding": 8, "head": 8} | settings
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return Writer(WriterSettings(**chosen), signs).eval()


def write_model(folder: Path, melodies: Sequence[Melody] = (), **settings: Any) -> Path:
    """A model folder with an untrained net for these tunes."""
    folder.mkdir(parents=True, exist_ok=True)
    voices = [read_voice(melody)[0] for melody in melodies or jigs(6)]
    save_model(folder, tiny(signs_of(voices), **settings), learnt_about(voices, [400_000]))
    return folder

"""What a training learns from: numbers instead of tunes, and words for data that does not do."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median, pstdev
from typing import Any, TypeVar

import numpy as np
import torch
from torch import Tensor

from aigc_studio.api import Dataset, Event, GeneratorError, Melody, Message, Progress
from rnn_melody.events import HOLD, REST, Remarks, Voice, read_voice
from rnn_melody.model import Model
from rnn_melody.network.right import ahead_of
from rnn_melody.signs import USUAL, Signs, inputs_of, numbers_of
from rnn_melody.training.silence import tunes_of

LEAST = 32
"""Fewer notes than this teach nothing that could be called a style."""
_SPARSE = 2_000
_SELDOM = 5
"""A duration or metre that occurs less often is none of its own."""
_MOST_HELD_OUT = 400
_MOST_TOGETHER = 200
_TELL_EVERY = 0.1
_READING = {"en": "Reading the tunes", "zh": "正在读取曲子"}

_N = TypeVar("_N", int, float)
Row = tuple[Tensor, Tensor, Tensor]
"""A tune as numbers: the inputs of its steps (n, columns), its events (n, 2), tone and number of
the duration, and what stands ahead of them (n, columns; `right.ahead_of`), int16."""


@dataclass(frozen=True)
class Material:
    """What is learnt (`learnt`) and what is held out to measure on (`held_out`). `counted` are the
    tones and rests of what is held out, which the loss is divided by; `about` says what the tunes
    are like, as the model's file and its card keep it."""

    signs: Signs
    learnt: Sequence[Row]
    held_out: Sequence[Row]
    counted: int
    about: Mapping[str, Any]


def learnt_from(
    dataset: Dataset, base: Model | None, most_held_out: int = _MOST_HELD_OUT
) -> Generator[Event, None, Material]:
    """Read a dataset for training; Progress in between, and a Message for what to know of it.

    With `base`, the signs are those of that model. Raises GeneratorError for data that does not do.
    """
    _check_medium(dataset)
    voices, remarks, tempos = yield from _voices(dataset)
    yield from _checked(voices, remarks)
    signs = base.signs if base is not None else signs_of(voices)
    learnt = yield from _rows(voices, signs)
    rest = Dataset(dataset.path, "test")
    others, _remarks, _tempos = yield from _voices(rest, most_held_out)
    held_out = yield from _rows(others, signs)
    counted = sum(voice.counted for voice in others)
    return Material(signs, learnt, held_out, counted, learnt_about(voices, tempos))


def row_of(voice: Voice, signs: Signs) -> Row:
    """The numbers of a tune."""
    inputs, tones, lengths = inputs_of(voice, signs)
    events = np.stack([tones, lengths], -1)
    ahead = ahead_of(voice, signs, *numbers_of(voice, signs))
    first, second, third = (torch.from_numpy(each).short() for each in (inputs, events, ahead))
    return first, second, third


def signs_of(voices: Sequence[Voice]) -> Signs:
    """What a model must know that learns these tunes."""
    tones = [
        pitch - voice.base
        for voice in voices
        for pitch in voice.pitches
        if pitch not in (REST, HOLD)
    ]
    durations = Counter(units for voice in voices for units in voice.durations)
    metres = Counter(bar.metre for voice in voices for bar in voice.bars)
    often = {
        units
        for units, count in durations.most_common(128)
        if count >= _SELDOM and (units % 3 == 0 or units % 4 == 0)
    }
    names = [name for name, count in metres.most_common(32) if count >= _SELDOM]
    low, high = (min(tones), max(tones)) if tones else (0, 12)
    return Signs(
        lowest=max(-60, low - 2),
        highest=min(67, high + 2),
        durations=tuple(sorted({*USUAL, *often})),
        metres=tuple(names),
    )


def learnt_about(voices: Sequence[Voice], tempos: Sequence[int]) -> dict[str, Any]:
    """What tunes are like, as the model's file and its card keep it.

    How many tunes, notes and events (tones, rests) there are; `metres`, `modes` and `tonics` with
    how many tunes have them, `counts` of all three together; the `lowest` and `highest` pitch and
    the `range` of nearly all; the middle tempo in microseconds a quarter, also by metre; the middle
    number of bars; mean and spread of notes a bar, by metre; the shares of rests and of upbeats.
    """
    metres = [_metre(voice) for voice in voices]
    pitches = [pitch for voice in voices for pitch in voice.pitches if pitch >= 0]
    events = sum(voice.counted for voice in voices)
    rests = sum(pitch == REST for voice in voices for pitch in voice.pitches)
    low, high = np.percentile(pitches or [60], [1, 99])
    return {
        "tunes": len(voices),
        "notes": len(pitches),
        "events": events,
        **_kinds_of(voices, metres),
        "lowest": min(pitches, default=0),
        "highest": max(pitches, default=127),
        "range": [int(low), int(high)],
        "microseconds": int(median(tempos)) if tempos else 500_000,
        "tempos": {metre: int(median(found)) for metre, found in _by_metre(metres, tempos).items()},
        "bars": int(median([len(voice.bars) for voice in voices])) if voices else 16,
        "notes_a_bar": {
            metre: [round(fmean(found), 3), round(pstdev(found), 3)]
            for metre, found in _by_metre(metres, [_density(each) for each in voices]).items()
        },
        "rests": round(rests / max(1, events), 4),
        "upbeats": round(fmean([each.bars[0].upbeat for each in voices]), 4) if voices else 0.0,
    }


def _kinds_of(voices: Sequence[Voice], metres: Sequence[str]) -> dict[str, Any]:
    """How many tunes have each metre, mode and tonic, and each three of them together."""
    together = Counter(
        (metre, voice.tonic, voice.mode) for metre, voice in zip(metres, voices, strict=True)
    )
    return {
        "metres": dict(Counter(metres).most_common()),
        "modes": dict(Counter(each.mode for each in voices if each.mode).most_common()),
        "tonics": {
            str(tonic): count
            for tonic, count in Counter(each.tonic for each in voices).most_common()
            if tonic is not None
        },
        "counts": [[*each, count] for each, count in together.most_common(_MOST_TOGETHER)],
    }


def _metre(voice: Voice) -> str:
    """The metre of its first whole bar."""
    return voice.bars[0 if len(voice.bars) < 2 else 1].metre


def _density(voice: Voice) -> float:
    """Notes a bar."""
    return sum(pitch >= 0 for pitch in voice.pitches) / max(1, len(voice.bars))


def _by_metre(metres: Sequence[str], values: Sequence[_N]) -> dict[str, list[_N]]:
    found = dict[str, list[_N]]()
    for metre, value in zip(metres, values, strict=False):
        found.setdefault(metre, []).append(value)
    return found


# -- reading ---------------------------------------------------------------------------------------


def _voices(
    dataset: Dataset, most: int = 0
) -> Generator[Event, None, tuple[list[Voice], Remarks, list[int]]]:
    """The voices of a dataset, of `most` of its examples where that is not 0: of any of them, since
    a collection is often sorted, but each time of the same."""
    found, remarks, tempos, clock = list[Voice](), Remarks(), list[int](), 0.0
    for number, place in enumerate(_drawn(len(dataset), most)):
        melody = dataset[place].artifact
        if isinstance(melody, Melody) and melody.notes:
            voice, said = read_voice(melody)
            remarks.beside += said.beside
            remarks.moved += said.moved
            remarks.notes += said.notes
            for tune in tunes_of(voice):
                found.append(tune)
                tempos.append(melody.tempos[0].microseconds)
        if time.monotonic() - clock > _TELL_EVERY:
            clock = time.monotonic()
            yield Progress(number, min(len(dataset), most or len(dataset)), _READING)
    return found, remarks, tempos


def _drawn(count: int, most: int) -> Sequence[int]:
    if not most or count <= most:
        return range(count)
    return sorted(random.Random(0).sample(range(count), most))


def _rows(voices: Sequence[Voice], signs: Signs) -> Generator[Event, None, list[Row]]:
    found, clock = list[Row](), 0.0
    for number, voice in enumerate(voices):
        found.append(row_of(voice, signs))
        if time.monotonic() - clock > _TELL_EVERY:
            clock = time.monotonic()
            yield Progress(number, len(voices), _READING)
    return found


# -- what does not do ------------------------------------------------------------------------------


def _check_medium(dataset: Dataset) -> None:
    if dataset.medium != "melody":
        raise GeneratorError(
            f"The dataset {dataset.name} has no tunes: choose one of tunes.",
            zh=f"数据集 {dataset.name} 不是曲子：请选择旋律数据集。",
            parameter="dataset",
        )


def _checked(voices: Sequence[Voice], remarks: Remarks) -> Iterator[Event]:
    notes = sum(pitch >= 0 for voice in voices for pitch in voice.pitches)
    if notes < LEAST:
        raise GeneratorError(
            f"The tunes have {notes} notes in all, and {LEAST} at least are needed: add more "
            "tunes, some hundred if you can.",
            zh=f"曲子共有 {notes} 个音符，至少需要 {LEAST} 个：请添加更多曲子，最好有上百首。",
            parameter="dataset",
        )
    for en, zh in remarks.words():
        yield Message({"en": en, "zh": zh})
    if notes < _SPARSE:
        yield Message(
            {
                "en": f"{notes:,} notes are very few: the model will know them by heart. Some "
                "hundred tunes give it a style of its own.",
                "zh": f"{notes:,} 个音符太少：模型只会记住它们。上百首曲子才能学到风格。",
            },
            "warning",
        )

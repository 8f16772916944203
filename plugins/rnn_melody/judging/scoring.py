"""How expected tunes are to a model, and to a Markov chain that knows the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from aigc_studio.api import Melody
from aigc_studio.toolkit.sequences import Markov
from rnn_melody.events import Voice, read_voice
from rnn_melody.model import Model
from rnn_melody.network.net import nats_of
from rnn_melody.signs import (
    HOLD_SIGN,
    LEFT,
    METRE,
    MODE,
    POSITION,
    TONIC,
    Frame,
    Signs,
    inputs_of,
    numbers_of,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

CONDITIONS = (METRE, POSITION, MODE, TONIC, LEFT)
"""What a Markov chain is told beside what came before: all that the net is told of the tune, the
metre, the place in the bar, the mode, the tonic and how many bars are left."""
_AT_ONCE = 32


@dataclass(frozen=True)
class Reading:
    """A tune as a model reads it: `inputs` (n, columns), `tones` and `lengths` (n,) of its events,
    and the voice that was taken."""

    voice: Voice
    inputs: NDArray[np.int64]
    tones: NDArray[np.int64]
    lengths: NDArray[np.int64]

    @property
    def counted(self) -> int:
        """How many notes and rests a loss is divided by: a tie is a part of its note."""
        return int((self.tones != HOLD_SIGN).sum())


def reading_of(melody: Melody, signs: Signs) -> Reading | None:
    """A tune as a model reads it; None where there is nothing to read."""
    voice, _remarks = read_voice(melody)
    if not len(voice) or all(pitch < 0 for pitch in voice.pitches):
        return None
    inputs, tones, lengths = inputs_of(voice, signs)
    return Reading(voice, inputs, tones, lengths)


def nats_of_readings(
    model: Model, readings: Sequence[Reading]
) -> Iterator[tuple[int, NDArray[np.float64]]]:
    """How unexpected the events of each reading are: its number, and float64 (n,), tone and
    duration together. They come as they are read, some at a time."""
    for first in range(0, len(readings), _AT_ONCE):
        rows = [
            (torch.from_numpy(each.inputs), torch.from_numpy(_events(each)))
            for each in readings[first : first + _AT_ONCE]
        ]
        found = nats_of(model.writer, rows)
        for number, nats in enumerate(found):
            yield first + number, nats.sum(-1).double().numpy()


def nats_per_note(nats: Iterable[float], readings: Iterable[Reading]) -> float:
    """The sum of the nats of some tunes, a note: rests count as notes, ties do not."""
    return sum(nats) / max(1, sum(each.counted for each in readings))


def _events(reading: Reading) -> NDArray[np.int64]:
    return np.stack([reading.tones, reading.lengths], -1)


# -- beside chains that only count -----------------------------------------------------------------


Counted = tuple["NDArray[np.int64]", "NDArray[np.int64]"]
"""The events of a tune as one number each (n,), and what is known before them (n, conditions)."""


def counted_of(melody: Melody, signs: Signs) -> Counted | None:
    """A tune as chains count it, which takes a third of the time that a reading does; None where
    there is nothing to read."""
    voice, _remarks = read_voice(melody)
    if not len(voice) or all(pitch < 0 for pitch in voice.pitches):
        return None
    tones, lengths, places = numbers_of(voice, signs)
    frame = Frame(voice.bars, signs, voice.tonic, voice.mode)
    known = frame.at(places)[:, [column - POSITION for column in CONDITIONS]]
    return _symbols(tones, lengths, signs), known


def told(reading: Reading, signs: Signs) -> Counted:
    """What was read as chains count it."""
    return _symbols(reading.tones, reading.lengths, signs), reading.inputs[:, CONDITIONS]


def chain_of(counted: Iterable[Counted], signs: Signs, order: int = 3) -> Markov:
    """A Markov chain (of order 0: a unigram) of these tunes."""
    return Markov(counted, signs.tones * len(signs.durations), order)


def chain_nats(chain: Markov, readings: Sequence[Reading], signs: Signs) -> float:
    """The chain's nats a note on other tunes."""
    nats = chain.nats([told(each, signs) for each in readings])
    return nats_per_note([float(nats.sum())], readings)


def _symbols(
    tones: NDArray[np.int64], lengths: NDArray[np.int64], signs: Signs
) -> NDArray[np.int64]:
    return tones * len(signs.durations) + lengths

"""Explain a tune: how expected each of its notes is, or what of it was copied from where."""

from __future__ import annotations

import math
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass

from aigc_studio.api import (
    Annotation,
    Dataset,
    EvaluateRequest,
    Event,
    GeneratorError,
    Melody,
    Message,
    Metric,
    Note,
    Progress,
    Span,
)
from aigc_studio.toolkit import exactly, parameters_of
from aigc_studio.toolkit.sequences import Copy, copies, line
from rnn_melody.copying import DIFFERENT, MOST_SHARED, steps_of
from rnn_melody.events import REST, UNITS, Voice, read_voice
from rnn_melody.judging import CopiedParameters
from rnn_melody.model import open_model
from rnn_melody.scoring import Reading, nats_of_readings, reading_of
from rnn_melody.signs import HOLD_SIGN

_SHARP = ("C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B")
_FLAT = ("C", "D♭", "D", "E♭", "E", "F", "G♭", "G", "A♭", "A", "B♭", "B")
_TELL_EVERY = 0.2
_SEARCHING = {"en": "Looking through the data", "zh": "正在查找训练数据"}
_NO_NOTES = "There are no notes in this tune yet: draw some first."
_NO_NOTES_ZH = "此曲调中还没有音符：请先画一些。"


# -- how expected ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Chance:
    """A note or a rest of a tune (`pitch` is MIDI, or `REST`): where it begins and ends in ticks,
    and how probable it was after all before it, tone and duration together."""

    start: int
    stop: int
    pitch: int
    chance: float


def explain_melody(request: EvaluateRequest) -> Iterator[Event]:
    """Say of each note how expected it was."""
    exactly(request)
    model, melody = open_model(request.model), request.melody
    reading = reading_of(melody, model.signs)
    if reading is None:
        raise GeneratorError(_NO_NOTES, zh=_NO_NOTES_ZH, parameter="artifact")
    nats = next(iter(nats_of_readings(model, [reading])))[1]
    found = chances(melody, reading, nats.tolist())
    names = _FLAT if melody.keys and melody.keys[0].fifths < 0 else _SHARP
    for each in found:
        yield Annotation(Span(each.start, each.stop), each.chance, _words(each, names))
    each_note = sum(-math.log(max(each.chance, 1e-30)) for each in found) / max(1, len(found))
    yield Metric("nats_per_note", round(each_note, 4))
    for english, chinese in read_voice(melody)[1].words():
        yield Message({"en": english, "zh": chinese})
    yield Message(_least_expected(melody, found, each_note))


def chances(melody: Melody, reading: Reading, nats: Sequence[float]) -> list[Chance]:
    """The notes and rests of a tune in order; what is tied is one note."""
    found, ticks = list[Chance](), melody.ticks_per_quarter
    place = 0
    durations = _durations(reading)
    for tone, units, each in zip(reading.tones.tolist(), durations, nats, strict=True):
        start, stop = place * ticks // UNITS, (place + units) * ticks // UNITS
        place += units
        stop = min(max(stop, start + 1), melody.length)
        if start >= stop:
            continue
        if tone == HOLD_SIGN and found:
            last = found[-1]
            both = last.chance * math.exp(-each)
            found[-1] = Chance(last.start, stop, last.pitch, both)
        else:
            found.append(Chance(start, stop, _pitch_at(reading.voice, place - units), math.exp(-each)))
    return found


def _durations(reading: Reading) -> list[int]:
    """Units from each event to the next one, or to the end."""
    signs_durations = list[int]()
    raise NotImplementedError


def _pitch_at(voice: Voice, place: int) -> int:
    """The pitch of the event that begins at a place in units."""
    raise NotImplementedError

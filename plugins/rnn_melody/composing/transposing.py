"""Transpose: the same notes higher or lower, exactly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from aigc_studio.api import (
    Bars,
    Candidate,
    EditRequest,
    Event,
    GeneratorError,
    KeySignature,
)
from aigc_studio.toolkit import parameters_of
from rnn_melody.composing.parameters import DrawingParameters, TransposeParameters
from rnn_melody.keys import TONICS, key_name, signature
from rnn_melody.voices import fits_range, key_at

_LOWEST: int = DrawingParameters.model_fields["lowest"].default
_HIGHEST: int = DrawingParameters.model_fields["highest"].default


def transpose_bars(request: EditRequest) -> Iterator[Event]:
    """Yield the selected bars, or the tune, moved by an interval or to a key: one result."""
    wish = parameters_of(request, TransposeParameters)
    melody, chosen = request.melody, next(iter(request.selections), None)
    bars = chosen if isinstance(chosen, Bars) else None
    start, stop = melody.ticks(bars) if bars else (0, 2**62)
    moved = [note for note in melody.notes if start <= note.start < stop]
    key, said = key_at(melody, start)
    semitones = wish.semitones
    if wish.to != "interval":
        if key is None:
            raise _no_key()
        yield from [said] if said else []
        semitones = _nearest(TONICS.index(wish.to) - key.tonic)
    pitches = [note.pitch for note in moved]
    semitones += _octaves(pitches, semitones, wish.fit)
    notes = tuple(
        replace(note, pitch=note.pitch + semitones) if start <= note.start < stop else note
        for note in melody.notes
    )
    title = _title(semitones, key if wish.to != "interval" or melody.keys else None)
    if bars is not None:
        made = replace(melody, notes=notes)
        yield Candidate(made.part(bars), seed=request.seed, title=title, part=True)
        return
    keys = tuple(_moved(each, semitones) for each in melody.keys)
    yield Candidate(replace(melody, notes=notes, keys=keys), seed=request.seed, title=title)


def _nearest(semitones: int) -> int:
    """The shortest way to a pitch class: 6 down to 5 up."""
    return (semitones + 6) % 12 - 6


def _octaves(pitches: list[int], semitones: int, fit: bool) -> int:
    """By how many octaves, in semitones, moved pitches must be moved again to be in the range."""
    moved = [pitch + semitones for pitch in pitches]
    if not pitches:
        return 0
    # A tune that lies beyond the range already, a bass, is not drawn into it.
    lowest, highest = min(_LOWEST, *pitches, 127), max(_HIGHEST, *pitches, 0)
    octaves = fits_range(moved, lowest, highest) if fit else 0
    if min(moved) + octaves >= 0 and max(moved) + octaves <= 127:
        return octaves
    octaves = fits_range(moved, 0, 127)
    if not fit or not (min(moved) + octaves >= 0 and max(moved) + octaves <= 127):
        raise GeneratorError(
            "Moved so far, some notes would lie beyond what can be played (MIDI 0 to 127): choose "
            "a smaller interval.",
            zh="移动这么多后，有些音会超出可演奏的范围（MIDI 0 到 127）：请选择较小的音程。",
            parameter="semitones",
        )
    return octaves


def _moved(key: KeySignature, semitones: int) -> KeySignature:
    if semitones % 12 == 0:
        return key
    return signature((key.tonic + semitones) % 12, key.mode, key.start)


def _title(semitones: int, key: KeySignature | None) -> dict[str, str]:
    if key is not None:
        return key_name(_moved(key, semitones))
    return {"en": f"{semitones:+d} semitones", "zh": f"{semitones:+d} 个半音"}


def _no_key() -> GeneratorError:
    return GeneratorError(
        "The tune has no notes, so it is in no key: move it by an interval, or draw some notes.",
        zh="曲子还没有音符，也就没有调：请按音程移调，或先画几个音。",
        parameter="to",
    )

"""Between melodies as people have them and voices as the model reads them, both ways."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from aigc_studio.api import Bars, KeySignature, Melody, Message, Note
from aigc_studio.toolkit.sequences import estimated_key
from rnn_melody.composing.page import Page
from rnn_melody.events import UNITS, Voice, read_voice, to_notes
from rnn_melody.keys import key_name

USUAL_VELOCITY = 80
REACH = 64
"""So many bars to the left are read at most: what stands before them has long been forgotten."""


def key_at(melody: Melody, tick: int) -> tuple[KeySignature | None, Message | None]:
    """The key that holds at a tick, estimated where the melody says none, and a sentence then.

    None and None for a melody without notes that says no key.
    """
    if melody.keys:
        return max((key for key in melody.keys if key.start <= tick), key=lambda k: k.start), None
    found = estimated_key(melody)
    if found is None:
        return None, None
    name = key_name(found)
    return found, Message(
        {
            "en": f"The tune does not say its key: by its notes it is taken for {name['en']}.",
            "zh": f"曲子没有标明调：根据音符判断为 {name['zh']}。",
        }
    )


def voice_until(melody: Melody, bars: int, key: KeySignature | None) -> Voice:
    """The voice of a melody's first bars (of the last `REACH` of them), in a key."""
    voice = read_voice(melody.part(Bars(max(1, bars - REACH + 1), bars)))[0]
    if key is None:
        return replace(voice, tonic=None, mode=None)
    return replace(voice, tonic=key.tonic, mode=key.mode)


def new_notes(page: Page, row: int, stop: int | None, ticks: int, velocity: int) -> list[Note]:
    """The notes that were written in a row, up to `stop` units, in ticks from where they begin."""
    voice, sheet = page.voice(row, stop), page.sheet
    before = len(sheet.voice)
    written = Voice(
        voice.pitches[before:],
        voice.durations[before:],
        tuple(place - sheet.begin for place in voice.places[before:]),
        (),
    )
    return list(to_notes(written, ticks, velocity))


def usual_velocity(notes: Sequence[Note]) -> int:
    """How loud the notes around are."""
    return int(median(note.velocity for note in notes)) if notes else USUAL_VELOCITY


def own_notes(melody: Melody, voice: Voice) -> list[Note | None]:
    """For each event of a melody's voice the note that it is of; None of rests and ties."""
    ticks = melody.ticks_per_quarter
    at = dict[tuple[int, int], Note]()
    for note in melody.notes:
        at.setdefault(((2 * note.start * UNITS + ticks) // (2 * ticks), note.pitch), note)
    return [
        at.get((place, pitch)) for place, pitch in zip(voice.places, voice.pitches, strict=True)
    ]


def fits_range(pitches: Sequence[int], lowest: int, highest: int) -> int:
    """By how many octaves, in semitones, pitches have to be moved to lie in a range; 0 where they
    do, and as near to it as can be where they span more."""
    if not pitches:
        return 0
    low, high = min(pitches), max(pitches)

    def outside(shift: int) -> int:
        return max(0, lowest - low - shift) + max(0, high + shift - highest)

    return min(sorted((12 * octave for octave in range(-10, 11)), key=abs), key=outside)


def voice_of_nothing(key: KeySignature | None) -> Voice:
    """A voice with nothing in it yet."""
    return Voice((), (), (), (), key.tonic if key else None, key.mode if key else None)

"""A melody as sound.

44,100 frames a second, two channels, float32 from -1 to 1. The same melody gives the same samples,
whole or by blocks.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from aigc_studio.api.melody import Melody
from aigc_studio.sound.instruments import instrument_of
from aigc_studio.sound.mix import Mix
from aigc_studio.sound.room import BLOCK
from aigc_studio.sound.score import Manner, Score
from aigc_studio.sound.soundfont import mixed
from aigc_studio.sound.tones import RATE, Samples, Tone

__all__ = ["BLOCK", "RATE", "blocks", "note", "render", "seconds"]

_LAST = int(0.02 * RATE)
"""Frames that the very end fades in."""


def seconds(melody: Melody) -> float:
    """How long the melody is, without what rings on after it."""
    return Score(melody).clock.frame(melody.length) / RATE


def blocks(melody: Melody, *, metronome: bool = False) -> Iterator[Samples]:
    """The sound block by block, (frames, 2): as long as the melody, and on until the last tone and
    its echo are over. What is before does not stay in memory.
    """
    score = Score(melody, Manner(metronome))
    length = round(score.clock.frame(melody.length))
    held: Samples | None = None
    for block in Mix(score.tones(0, melody.length), lambda: length):
        if held is not None:
            yield held
        held = np.ascontiguousarray(block.T)
    if held is not None:
        held[-_LAST:] *= np.linspace(1.0, 0.0, _LAST, dtype=np.float32)[:, None]
        yield held


def render(melody: Melody, *, metronome: bool = False) -> Samples:
    """The whole sound, (frames, 2); see `blocks`, which long melodies want."""
    found = list(blocks(melody, metronome=metronome))
    return np.concatenate(found) if found else np.zeros((0, 2), np.float32)


def note(
    pitch: int, program: int = 0, velocity: int = 80, *, duration: float = 0.35, font: str = ""
) -> Samples:
    """One note as it sounds under a finger, (frames, 2), with its echo; in a sound font, if one is
    named."""
    name = instrument_of(program).name
    tone = Tone(0, int(duration * RATE), pitch, velocity, name, program=program)
    return np.concatenate([block.T for block in mixed([tone], font=font)])

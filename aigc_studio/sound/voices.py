"""One tone that sounds: made by and by, with a beginning and an end."""

from __future__ import annotations

import math

import numpy as np

from aigc_studio.sound.timbres import TIMBRES, Timbre
from aigc_studio.sound.tones import RATE, Samples, Tone, blown, breath, loudness, struck

_CHUNK = 8192
"""Samples of a tone that are made at once: a multiple of what `struck` makes in one row."""

_CUT = int(0.015 * RATE)
"""Samples in which a tone fades that is cut."""


class Voice:
    """A tone that is being made."""

    def __init__(self, tone: Tone) -> None:
        self.tone = tone
        timbre = TIMBRES[tone.name]
        self.length = max(tone.end - tone.start, 1)
        """Samples that it has as long as nothing cuts it."""
        self._cut: int | None = None
        position = min(max((tone.pitch - 66) / 36.0, -1.0), 1.0) * timbre.pan
        self.left = np.float32(math.cos((position + 1.0) * math.pi / 4))
        self.right = np.float32(math.sin((position + 1.0) * math.pi / 4))
        self._make = struck if timbre.decay is not None else blown
        self._number = -1
        self._chunk: Samples = np.zeros(0, np.float32)

    @property
    def end(self) -> int:
        """The frame after the last one that it is heard in."""
        return self.tone.start + self._length

    @property
    def _length(self) -> int:
        return self.length if self._cut is None else min(self.length, self._cut + _CUT)

    @property
    def is_cut(self) -> bool:
        """Whether it was told to go."""
        return self._cut is not None

    def cut(self, frame: int) -> None:
        """Let it go from a frame on, quickly: its string is struck again, or it must make room."""
        at = max(frame - self.tone.start, 0)
        self._cut = at if self._cut is None else min(self._cut, at)

    def segment(self, first: int, count: int) -> Samples:
        """Up to `count` samples from the tone's sample `first` on; fewer where its chunk ends."""
        number = first // _CHUNK
        if number != self._number:
            self._number, self._chunk = number, self._made(number * _CHUNK)
        inside = first - number * _CHUNK
        samples = self._chunk[inside : inside + min(count, self._length - first)]
        if self._cut is None or first + len(samples) <= self._cut:
            return samples
        t = (self._cut + _CUT - 1 - np.arange(first, first + len(samples))) / _CUT
        fade = 0.5 - 0.5 * np.cos(np.pi * np.clip(t, 0.0, 1.0))
        return np.asarray(samples * fade.astype(np.float32))

    def _made(self, first: int) -> Samples:
        tone, timbre = self.tone, TIMBRES[self.tone.name]
        count = min(_CHUNK, self.length - first)
        samples = self._make(tone, first, count)
        if timbre.noise:
            samples += breath(tone, timbre, first, count)
        self._shape(samples, first, timbre)
        return samples

    def _shape(self, samples: Samples, first: int, timbre: Timbre) -> None:
        """Let it begin and end at zero, in curves without a corner."""
        begin = self.tone.skipped
        attack = max(int(RATE * (0.01 if begin else timbre.attack)), 2)
        samples *= np.float32(timbre.gain * loudness(self.tone.velocity))
        if first < begin + attack:
            t = (np.arange(first, first + len(samples)) - begin) / attack
            samples *= (0.5 - 0.5 * np.cos(np.pi * np.clip(t, 0.0, 1.0))).astype(np.float32)
        fade = min(self.tone.release, self.length)
        ahead = self.length - first - len(samples)
        if ahead < fade:
            t = (self.length - 1 - np.arange(first, first + len(samples))) / fade
            curve = 0.5 - 0.5 * np.cos(np.pi * np.clip(t, 0.0, 1.0))
            samples *= (curve * curve).astype(np.float32)

"""Sound fonts: recorded instruments, played by FluidSynth instead of the synthesiser here.

Off unless somebody names a font. It needs the library FluidSynth, and pyfluidsynth (the extra
`soundfont`). Only what is heard uses it; a WAV file is always the same wherever it is written.
"""

from __future__ import annotations

import contextlib
import heapq
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Literal

import numpy as np

from aigc_studio.sound import font_file
from aigc_studio.sound.mix import Mix
from aigc_studio.sound.room import BLOCK, Limiter
from aigc_studio.sound.tones import RATE, Samples, Tone

Problem = Literal["", "library", "file"]

_GAIN = 0.6
"""FluidSynth's: many voices are together not above full scale, where it would cut them."""

_LEVEL = np.float32(2.6 / 32_768)
"""What makes a tune about as loud as one of the synthesiser; the limiter does the rest."""

_CLICKS, _CLICK_HIGH, _CLICK_LOW = 9, 76, 77
"""The channel of General MIDI's drums, and its wood blocks."""

_EXTRA = 3 * RATE
"""Frames after which all that rings on is over."""


class NoFont(Exception):
    """A font that cannot be used: `problem` says whether FluidSynth is missing, or the file bad."""

    def __init__(self, problem: Problem, why: str = "") -> None:
        super().__init__(why or problem)
        self.problem: Problem = problem


class Font:
    """A font that was read. While one is there, others of the same file take next to no time."""

    def __init__(self, path: str) -> None:
        try:
            import fluidsynth

            self.synth: Any = fluidsynth.Synth(gain=_GAIN, samplerate=RATE)
        except Exception as error:  # of an import: another package of that name, or a broken one
            raise NoFont("library", str(error)) from error
        try:
            font_file.check(Path(path))
        except (OSError, ValueError) as error:
            self.close()
            raise NoFont("file", str(error)) from error
        number = self.synth.sfload(path)
        if number < 0:
            self.close()
            raise NoFont("file", path)
        self._number = number

    def choose(self, channel: int, program: int) -> None:
        """Play a General MIDI program on a channel; its drums on the tenth."""
        self.synth.program_select(channel, self._number, 128 if channel == _CLICKS else 0, program)

    def samples(self, count: int) -> Samples:
        """The next frames, (2, count)."""
        raw = np.asarray(self.synth.get_samples(count), np.float32).reshape(-1, 2)
        return np.ascontiguousarray(raw.T) * _LEVEL

    def close(self) -> None:
        """Let it go."""
        synth, self.synth = self.synth, None
        if synth is not None:
            synth.delete()

    def __del__(self) -> None:
        if getattr(self, "synth", None) is not None:
            with contextlib.suppress(Exception):  # the interpreter ends, and half of it is gone
                self.close()


class FontMix:
    """What tones sound like in a font: blocks as of `Mix`. Raises `NoFont`."""

    def __init__(
        self, tones: Iterable[Tone], length: Callable[[], float] = float, path: str = ""
    ) -> None:
        self._font = Font(path)
        self._font.choose(_CLICKS, 0)
        self._program = -1
        self._tones = iter(tones)
        self._next = next(self._tones, None)
        self._length = length
        self._frame = 0
        self._last = 0
        self._ends: list[tuple[int, int, int, int]] = []
        """When (frame) which note (channel, pitch) ends, if it is still the one of this number."""
        self._sounding: dict[tuple[int, int], int] = {}
        self._number = 0
        self._limiter = Limiter()

    def __iter__(self) -> Iterator[Samples]:
        while (block := self.next()) is not None:
            yield block

    def next(self) -> Samples | None:
        """The next block, (2, BLOCK), or None when nothing comes any more."""
        return self._limiter.after(self._mixed)

    def _mixed(self) -> Samples | None:
        if self._is_over():
            return None
        stop = self._frame + BLOCK
        parts: list[Samples] = []
        while self._frame < stop:
            self._turn()
            until = min([stop, *self._coming()])
            parts.append(self._font.samples(until - self._frame))
            self._frame = until
        return np.concatenate(parts, axis=1)

    def _is_over(self) -> bool:
        if self._next is not None or self._ends or self._frame < self._length():
            return False
        return self._frame > self._last + _EXTRA

    def _coming(self) -> list[int]:
        """The next frames at which something begins or ends."""
        found = [self._ends[0][0]] if self._ends else []
        return [*found, _begin(self._next)] if self._next is not None else found

    def _turn(self) -> None:
        """End and begin what ends and begins by now."""
        while self._ends and self._ends[0][0] <= self._frame:
            _end, channel, pitch, number = heapq.heappop(self._ends)
            if self._sounding.get((channel, pitch)) == number:
                del self._sounding[channel, pitch]
                self._font.synth.noteoff(channel, pitch)
                self._last = self._frame
        while self._next is not None and _begin(self._next) <= self._frame:
            if self._next.velocity:
                self._strike(self._next)
            self._next = next(self._tones, None)

    def _strike(self, tone: Tone) -> None:
        channel, pitch = 0, tone.pitch
        if tone.name == "click":
            channel, pitch = _CLICKS, _CLICK_HIGH if tone.velocity > 80 else _CLICK_LOW
        elif tone.program != self._program:
            self._program = tone.program
            self._font.choose(0, tone.program)
        if (channel, pitch) in self._sounding:
            self._font.synth.noteoff(channel, pitch)
        self._number += 1
        self._sounding[channel, pitch] = self._number
        self._font.synth.noteon(channel, pitch, tone.velocity)
        heapq.heappush(self._ends, (tone.stop, channel, pitch, self._number))


def _begin(tone: Tone) -> int:
    return tone.start + tone.skipped


def mixed(
    tones: Iterable[Tone], length: Callable[[], float] = float, font: str = ""
) -> Mix | FontMix:
    """Tones as sound, in a font where one is named and can be used."""
    if font:
        with contextlib.suppress(NoFont):  # whoever named it was told
            return FontMix(tones, length, font)
    return Mix(tones, length)

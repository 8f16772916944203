"""Tones mixed into sound, block by block: voices, a room, a limiter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from aigc_studio.sound.room import BLOCK, Limiter, Room
from aigc_studio.sound.tones import Samples, Tone
from aigc_studio.sound.voices import Voice

VOICES = 48
"""So many tones sound at once; for one more the oldest is let go."""

LEVEL = np.float32(0.16)
"""What a voice of amplitude 1 is in the mix: there is room for some before the limiter acts."""


class Mix:
    """What tones sound like together. They come in the order in which they begin.

    Blocks are float32, (2, BLOCK), -1 to 1; the first begins at frame 0. `None` is the end: all
    tones are over, and the room is silent. Nothing is kept of what was given. `length` says, once
    there are no more tones, how many frames there are at least.
    """

    def __init__(self, tones: Iterable[Tone], length: Callable[[], float] = float) -> None:
        self._tones = iter(tones)
        self._next = next(self._tones, None)
        self._length = length
        self._frame = 0
        self._voices: list[Voice] = []
        self._room = Room()
        self._limiter = Limiter()
        self._silence: Samples = np.zeros((2, BLOCK), np.float32)
        self._silence.flags.writeable = False

    def __iter__(self) -> Iterator[Samples]:
        while (block := self.next()) is not None:
            yield block

    def next(self) -> Samples | None:
        """The next block, or None when nothing comes any more."""
        return self._limiter.after(self._mixed)

    def _mixed(self) -> Samples | None:
        start, stop = self._frame, self._frame + BLOCK
        while self._next is not None and self._next.start + self._next.skipped < stop:
            self._begin(self._next)
            self._next = next(self._tones, None)
        if not self._voices and self._room.is_silent:
            if self._next is None and start >= self._length():
                return None
            self._frame = stop
            return self._silence
        block: Samples = np.zeros((2, BLOCK), np.float32)
        for voice in self._voices:
            _add(voice, block, start)
        block *= LEVEL
        self._room.add(block)
        self._voices = [each for each in self._voices if each.end > stop]
        self._frame = stop
        return block

    def _begin(self, tone: Tone) -> None:
        """A string sounds once: it is let go when it is struck again, and so is the oldest tone
        when there are too many."""
        if not tone.velocity:
            return
        begin = tone.start + tone.skipped
        for voice in self._voices:
            other = voice.tone
            if (other.pitch, other.name) != (tone.pitch, tone.name):
                continue
            if (other.start, other.skipped) == (tone.start, tone.skipped):
                if (other.velocity, other.stop) > (tone.velocity, tone.stop):
                    return
                self._voices.remove(voice)
                break
            voice.cut(begin)
        sounding = [each for each in self._voices if not each.is_cut]
        if len(sounding) >= VOICES:
            sounding[0].cut(begin)
        self._voices.append(Voice(tone))


def _add(voice: Voice, block: Samples, start: int) -> None:
    """Add what sounds of a voice in the block that begins at frame `start`."""
    begin = voice.tone.start
    first = max(start, begin + voice.tone.skipped)
    stop = min(start + BLOCK, voice.end)
    while first < stop:
        samples = voice.segment(first - begin, stop - first)
        place = slice(first - start, first - start + len(samples))
        block[0, place] += samples * voice.left
        block[1, place] += samples * voice.right
        first += len(samples)

"""A tune on its way to the device: rendered ahead, with a map of which tick each frame is."""

from __future__ import annotations

import threading
import traceback
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from aigc_studio.api.melody import Melody
from aigc_studio.sound.room import BLOCK
from aigc_studio.sound.score import Manner, Score
from aigc_studio.sound.soundfont import mixed
from aigc_studio.sound.tones import RATE, Samples, Tone

AHEAD = 2 * RATE // BLOCK
"""Blocks that are ready before the device asks for them."""

FADE = int(0.01 * RATE)
"""Frames in which a stream goes. It comes with the attack of its tones, which needs no help."""


@dataclass(frozen=True)
class Place:
    """From a frame of the stream on: tick `tick` of tune `number`, going on by `rate` a second."""

    frame: float
    number: int
    tick: float
    rate: float


class Walk:
    """The way through tunes, one after the other, or round a loop: tones, and where each frame is.

    `loop` (ticks, half-open) is one of the first tune.
    """

    def __init__(
        self,
        melodies: Sequence[Melody],
        number: int,
        tick: float,
        loop: tuple[int, int] | None,
        manner: Manner,
    ) -> None:
        self._melodies = melodies
        self._begin = number, tick
        self._loop = loop
        self.manner = manner
        self._scores: dict[int, Score] = {}
        self.places: list[Place] = []
        self.length: float | None = None
        """Frames until the last tune is over; None as long as that is not in sight."""

    def score(self, number: int) -> Score:
        """A tune, ready to be played."""
        if number not in self._scores:
            self._scores = {number: Score(self._melodies[number], self.manner)}
        return self._scores[number]

    def tones(self, *, sounding: bool) -> Iterator[Tone]:
        """All that sounds, in order; with `sounding` also what began before."""
        offset = 0.0
        for number, start, stop in self._stretches():
            score = self.score(number)
            self._note_places(score, number, start, stop, offset)
            # A tone that nobody hears: who asks for the next one comes back here when its time
            # has come, even if nothing sounds in all of a loop.
            yield Tone(round(offset), round(offset) + 1, 0, 0, score.name)
            yield from score.tones(start, stop, offset, sounding=sounding)
            sounding = False
            offset += score.clock.frame(stop) - score.clock.frame(start)
        self.length = offset

    def _stretches(self) -> Iterator[tuple[int, float, float]]:
        number, start = self._begin
        while number < len(self._melodies):
            loop = self._loop if number == 0 else None
            if loop is not None and start < loop[1] and self._is_long_enough(loop):
                yield number, start, float(loop[1])
                start = float(loop[0])
                continue
            stop = float(self._melodies[number].length)
            if start < stop:
                yield number, start, stop
            number, start = number + 1, 0.0

    def _is_long_enough(self, loop: tuple[int, int]) -> bool:
        clock = self.score(0).clock
        return clock.frame(loop[1]) - clock.frame(loop[0]) >= RATE / 50

    def _note_places(
        self, score: Score, number: int, start: float, stop: float, offset: float
    ) -> None:
        shift = offset - score.clock.frame(start)
        for tick in (start, *score.clock.changes(start, stop)):
            frame = score.clock.frame(tick) + shift
            self.places.append(Place(frame, number, tick, score.clock.rate(tick)))

    def place(self, frame: float) -> Place:
        """Where a frame is."""
        places = self.places
        if not places:
            number, tick = self._begin
            return Place(frame, number, tick, 0.0)
        at = max(bisect_right(places, frame, key=lambda each: each.frame) - 1, 0)
        found = places[at]
        tick = found.tick + max(frame - found.frame, 0.0) * found.rate / RATE
        return Place(frame, found.number, tick, found.rate)


class Stream:
    """Sound of a walk. One thread makes it ahead (`fill`), the device's takes it (`take`).

    `request` is what asked for it, `asked` when (`time.monotonic`), until its first sound is taken.
    """

    def __init__(
        self, walk: Walk, request: int, *, sounding: bool = False, asked: float = 0.0
    ) -> None:
        self.walk = walk
        self.request = request
        self.asked = asked
        self._mix = mixed(
            walk.tones(sounding=sounding), lambda: walk.length or 0.0, walk.manner.font
        )
        self._blocks: deque[Samples] = deque()
        self._inside = 0
        self.frame = 0
        """The next frame that the device takes."""
        self.is_complete = False
        """Whether all of it was made."""
        self.late = 0
        self.leaves: int | None = None
        """Frames until it is silent, once it is told to go."""

    @property
    def is_ready(self) -> bool:
        """Whether there is enough of it to begin with."""
        return self.is_complete or len(self._blocks) >= 4

    @property
    def is_over(self) -> bool:
        """Whether nothing of it is left to be heard."""
        return self.leaves == 0 or (self.is_complete and not self._blocks)

    def heard(self, waiting: float) -> float:
        """The frame that is heard while so many frames that were taken wait in the device; the end
        of the last tune where it is over, whatever rings on."""
        frame = max(self.frame - waiting, 0.0)
        length = self.walk.length
        if length is None:
            return frame
        return length if self.is_over else min(frame, length)

    def fill(self) -> bool:
        """Make one more block; False where there are enough, or no more."""
        if self.is_complete or len(self._blocks) >= AHEAD:
            return False
        block = self._mix.next()
        if block is None:
            self.is_complete = True
            return False
        self._blocks.append(block)
        return True

    def leave(self) -> None:
        """Fade, and be over."""
        if self.leaves is None:
            self.leaves = FADE

    def take(self, count: int) -> Samples:
        """The next frames, (2, count), faded when it leaves; silence where they
        are not ready."""
        found: Samples = np.zeros((2, count), np.float32)
        done = 0
        while done < count and self._blocks:
            block = self._blocks[0]
            part = block[:, self._inside : self._inside + count - done]
            found[:, done : done + part.shape[1]] = part
            done += part.shape[1]
            self._inside += part.shape[1]
            if self._inside >= BLOCK:
                self._blocks.popleft()
                self._inside = 0
        if done < count and not self.is_complete:
            self.late += 1
        self._fade(found)
        self.frame += done
        return found

    def _fade(self, found: Samples) -> None:
        count = found.shape[1]
        if self.leaves is not None:
            falling = (self.leaves - np.arange(count, dtype=np.float32)) / FADE
            found *= np.clip(falling, 0.0, 1.0)
            self.leaves = max(self.leaves - count, 0)


class Cook:
    """The thread that makes streams ahead."""

    def __init__(self) -> None:
        self._streams: list[Stream] = []
        self._wake = threading.Event()
        self._ends = False
        self._thread = threading.Thread(target=self._run, name="sound-cook", daemon=True)
        self._thread.start()

    def serve(self, streams: Sequence[Stream]) -> None:
        """Make these from now on, and no others."""
        self._streams = list(streams)
        self._wake.set()

    def close(self) -> None:
        """End the thread."""
        self._ends = True
        self._wake.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ends:
            # A block of each in turn: whoever comes new does not wait for another's two seconds.
            made = [_filled(stream) for stream in self._streams]
            if not any(made):
                self._wake.wait(0.1)
                self._wake.clear()


def _filled(stream: Stream) -> bool:
    try:
        return stream.fill()
    except Exception:
        # What cannot be made is over, and nobody waits for it; the next tune is made all the same.
        stream.is_complete = True
        traceback.print_exc()
        return False

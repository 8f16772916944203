"""What the process that sounds does: takes wishes, keeps streams, and mixes for the device."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from aigc_studio.api.melody import Melody
from aigc_studio.sound import synthesis
from aigc_studio.sound.device import PERIOD, PERIODS, Device, NoDevice, Take
from aigc_studio.sound.room import CEILING
from aigc_studio.sound.score import Manner
from aigc_studio.sound.soundfont import Font, NoFont
from aigc_studio.sound.stream import FADE, Cook, Stream, Walk
from aigc_studio.sound.tones import RATE, Samples

Tell = Callable[..., None]
"""`tell(name, **values)`: to whoever asked for the sound."""

Open = Callable[[Take, Callable[[], None], str], Device]
"""`open(take, lost, name)`: a device; raises `NoDevice`."""

_REST = 20.0
"""Seconds of silence after which the device is stopped."""

_STUCK = 2.0
"""A device that takes nothing for so many seconds is gone, whatever it says."""

_SWITCH = int(0.06 * RATE)
"""Frames from a change of what is heard until it is to be heard."""


class _Touched:
    """A note under a finger, ready."""

    def __init__(self, samples: Samples, asked: float) -> None:
        self._samples = samples
        self.asked = asked
        self._at = 0
        self._leaves: int | None = None

    @property
    def is_over(self) -> bool:
        return self._at >= len(self._samples) or self._leaves == 0

    def leave(self) -> None:
        if self._leaves is None:
            self._leaves = FADE

    def add_to(self, out: Samples) -> None:
        part = self._samples[self._at : self._at + len(out)]
        self._at += len(out)
        if self._leaves is not None:
            falling = (self._leaves - np.arange(len(part))) / FADE
            part = part * np.clip(falling, 0.0, 1.0).astype(np.float32)[:, None]
            self._leaves = max(self._leaves - len(out), 0)
        out[: len(part)] += part


class Desk:
    """All that is heard. Wishes come on one thread, `take` on the device's, `look` now and then.

    A change while a tune plays makes a new stream from where it will be a moment later; the old one
    goes when the new one is ready, so nothing is missing between them.
    """

    def __init__(self, tell: Tell, open_device: Open) -> None:
        self._tell = tell
        self._open = open_device
        self._device: Device | None = None
        self._name = ""
        self._is_running = False
        self._is_lost = False
        self._order = threading.RLock()
        """Held by one wish after the other, and by a look; never by the device's thread."""
        self._lock = threading.RLock()
        """Held for a moment where the device's thread looks. Not while the device is asked for
        anything: it waits for that thread."""
        self._cook = Cook()
        self._now: Stream | None = None
        self._next: tuple[Stream, int] | None = None
        """What comes instead of it, and at which frame of it."""
        self._leaving: list[Stream] = []
        self._notes: list[_Touched] = []
        self._melodies: list[Melody] = []
        self._loop: tuple[int, int] | None = None
        self._manner = Manner()
        self._font: Font | None = None
        """The one that is used: as long as it is open each stream has it at once."""
        self._gain = self._wanted_gain = 1.0
        self._taken = time.monotonic()
        self._busy = time.monotonic()
        self._figures = {"late": 0.0, "first": 0.0, "note": 0.0, "gap": 0.0}
        self._told: dict[str, float] = {}

    # Wishes

    def prepare(self) -> None:
        """Have the device open, and what every note needs made once."""
        synthesis.note(69)
        with self._order:
            self._opened()

    def play(
        self,
        request: int,
        melodies: list[str],
        start: float,
        loop: list[int] | None,
        asked: float,
    ) -> None:
        """See `Player.play`; melodies as JSON."""
        read = [Melody.from_json(each) for each in melodies]
        with self._order:
            self._melodies = read
            self._loop = (loop[0], loop[1]) if loop else None
            if self._started():
                self._begin(Stream(self._walk(0, start), request, asked=asked))

    def stop(self, request: int) -> None:
        """Be silent."""
        with self._order, self._lock:
            if self._now is not None:
                self._now.leave()
                self._leaving.append(self._now)
            self._now = self._next = None
            for note in self._notes:
                note.leave()
            self._serve()
        self._tell("ended", request=request)

    def seek(self, request: int, tick: float) -> None:
        """Go on from another tick of the tune that is heard."""
        with self._order:
            number = self._number()
            if number is not None and self._started():
                self._begin(Stream(self._walk(number, tick), request))

    def loop(self, loop: list[int] | None) -> None:
        """Play these ticks again and again from now on, or no longer."""
        with self._order:
            self._loop = (loop[0], loop[1]) if loop else None
            self._change()

    def replace(self, melody: str) -> None:
        """The tune that is heard was changed."""
        read = Melody.from_json(melody)
        with self._order:
            number = self._number()
            if number is not None:
                self._melodies = [*self._melodies]
                self._melodies[number] = read
                self._change()

    def note(self, pitch: int, program: int, velocity: int, asked: float) -> None:
        """Sound one note beside all else; it takes the place of the one before."""
        touched = _Touched(synthesis.note(pitch, program, velocity, font=self._manner.font), asked)
        with self._order:
            if self._started():
                with self._lock:
                    for each in self._notes:
                        each.leave()
                    self._notes.append(touched)

    def volume(self, volume: float) -> None:
        """How loud, 0 to 1: as ears measure it, so the middle is about half as loud."""
        self._wanted_gain = volume * volume

    def device(self, name: str) -> None:
        """Sound on the device of this name from now on; on the system's usual one for none."""
        with self._order:
            if name == self._name:
                return
            self._name = name
            was_running = self._is_running
            self._let_go()
            if was_running:
                self._started()

    def metronome(self, on: bool) -> None:
        """Whether beats tick."""
        self._play_as(replace(self._manner, metronome=on))

    def soundfont(self, path: str) -> None:
        """Play with the instruments of a sound font; with those here for none, or a bad one."""
        problem = ""
        with self._order:
            font, self._font = self._font, None
            if path:
                try:
                    self._font = Font(path)
                except NoFont as error:
                    problem = error.problem
            if font is not None:
                font.close()
            self._play_as(replace(self._manner, font=path if self._font else ""))
        self._tell("font", problem=problem, path=path)

    def _play_as(self, manner: Manner) -> None:
        with self._order:
            if manner != self._manner:
                self._manner = manner
                self._change()

    def _number(self) -> int | None:
        """Which of the tunes is heard, or is about to be."""
        with self._lock:
            stream = self._next[0] if self._next else self._now
            return None if stream is None else stream.walk.place(stream.frame).number

    def _walk(self, number: int, tick: float) -> Walk:
        return Walk(self._melodies, number, tick, self._loop, self._manner)

    def _begin(self, stream: Stream, at: int = 0) -> None:
        """Let a stream be heard as soon as it is ready, from a frame of the one before on."""
        with self._lock:
            self._next = (stream, at)
            self._serve()

    def _change(self) -> None:
        """What is heard goes on as it is to be now."""
        with self._lock:
            # What is not heard yet but asked for is the tune whose manner changes.
            if self._next is not None:
                (stream, at), frame = self._next, 0
            elif self._now is not None:
                stream, at = self._now, self._now.frame + _SWITCH
                frame = at
            else:
                return
            place = stream.walk.place(frame)
        tick = min(place.tick, self._melodies[place.number].length)
        walk = self._walk(place.number, tick)
        self._begin(Stream(walk, stream.request, sounding=at > 0, asked=stream.asked), at)

    def _serve(self) -> None:
        streams = [self._next[0] if self._next else None, self._now]
        self._cook.serve([each for each in streams if each is not None])

    # The device's thread

    def take(self, count: int) -> Samples:
        """The next frames for the device, (count, 2)."""
        with self._lock:
            moment = time.monotonic()
            gap, self._taken = moment - self._taken, moment
            self._figures["gap"] = max(self._figures["gap"], gap * 1000)
            if gap > PERIOD * PERIODS:
                self._figures["late"] += 1
            out = self._tunes(count, moment)
            for note in self._notes:
                if note.asked:
                    self._figures["note"] = (moment - note.asked) * 1000
                    note.asked = 0.0
                note.add_to(out)
            self._notes = [each for each in self._notes if not each.is_over]
            if self._now is not None or self._leaving or self._notes or self._next is not None:
                self._busy = moment
        steps = np.linspace(self._gain, self._wanted_gain, count, dtype=np.float32)
        self._gain = self._wanted_gain
        return np.ascontiguousarray(np.clip(out, -CEILING, CEILING) * steps[:, None])

    def _tunes(self, count: int, moment: float) -> Samples:
        mixed: Samples = np.zeros((2, count), np.float32)
        self._switch()
        for stream in self._leaving:
            mixed += stream.take(count)
        self._leaving = [each for each in self._leaving if not each.is_over]
        if self._now is not None:
            if self._now.asked:
                self._figures["first"] = (moment - self._now.asked) * 1000
                self._now.asked = 0.0
            late = self._now.late
            mixed += self._now.take(count)
            self._figures["late"] += self._now.late - late
        return np.ascontiguousarray(mixed.T)

    def _switch(self) -> None:
        """Let the next stream be the one that is heard, once it is ready and its time has come."""
        if self._next is None:
            return
        stream, at = self._next
        if not stream.is_ready or (self._now is not None and self._now.frame < at):
            return
        if self._now is not None:
            self._now.leave()
            self._leaving.append(self._now)
        self._now, self._next = stream, None
        self._serve()

    # Now and then

    def look(self) -> None:
        """Tell where the tune is and what was measured; mind the device."""
        with self._order:
            stream = self._now
            if stream is not None and self._next is None:
                heard = stream.heard(PERIOD * (PERIODS - 1) * RATE)
                self._tell_place(stream, heard)
                length = stream.walk.length
                if stream.is_over or (length is not None and heard >= length):
                    self._tell("ended", request=stream.request)
                if stream.is_over:
                    with self._lock:
                        self._now = None
            if self._figures != self._told:
                self._told = dict(self._figures)
                self._tell("figures", **self._told)
            self._mind_device()

    def _tell_place(self, stream: Stream, frame: float) -> None:
        place = stream.walk.place(frame)
        self._tell(
            "place", request=stream.request, number=place.number, tick=place.tick, rate=place.rate
        )

    def _mind_device(self) -> None:
        if not self._is_running:
            return
        silent = time.monotonic() - self._busy
        if self._is_lost or time.monotonic() - self._taken > _STUCK:
            self._let_go()
            wanted = self._now is not None or self._next is not None
            if wanted:
                self._started()
        elif silent > _REST and self._device is not None:
            self._is_running = False
            self._device.stop()

    def _let_go(self) -> None:
        device, self._device = self._device, None
        self._is_running = self._is_lost = False
        if device is not None:
            device.close()

    def _note_loss(self) -> None:
        self._is_lost = True

    def _opened(self) -> bool:
        if self._device is None:
            try:
                self._device = self._open(self.take, self._note_loss, self._name)
            except NoDevice as error:
                self._tell("device", problem=str(error) or "none")
                return False
        self._tell("device", problem="")
        return True

    def _started(self) -> bool:
        """Whether the device takes sound now; where it does not, all that was wanted is over."""
        rested = self._device is not None
        if self._opened() and self._device is not None:
            if self._is_running:
                return True
            try:
                self._taken = self._busy = time.monotonic()
                self._device.start()
                self._is_running = True
                return True
            except NoDevice as error:
                self._let_go()
                if rested:  # it went meanwhile, and another may be there
                    return self._started()
                self._tell("device", problem=str(error) or "none")
        with self._lock:
            self._now = self._next = None
            self._leaving, self._notes = [], []
            self._serve()
        return False

    def close(self) -> None:
        """Let everything go."""
        with self._order:
            self._let_go()
        self._cook.close()

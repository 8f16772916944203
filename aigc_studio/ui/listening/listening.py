"""One ear for the whole studio: a tune at a time is heard, wherever it is shown.

The device is one for all windows, and so is this; `ear()` is it. What sounds is made by a process
of its own (`aigc_studio.sound.player`), which is asked about each frame and never waited for.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from aigc_studio.ui.listening.clock import Clock

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aigc_studio.api.artifacts import Artifact
    from aigc_studio.api.melody import Melody
    from aigc_studio.sound.player import Player
    from aigc_studio.ui.settings import Settings

FRAME = 16
"""Milliseconds between two places of the line that moves."""
LED = 0.12
"""Of the way to where the player says that it is, what one frame takes."""
GRACE = 0.6
"""Seconds in which a device that was missing may be found again."""
_CHOICES = ("volume", "muted", "metronome", "audio_device", "soundfont")
"""Preferences that change what is heard at once."""


class Listening(QObject):
    """Plays a tune, tells where it is, and sounds single notes.

    `changed`: another tune is heard now, or none. `moved` carries the tick that is heard.
    `refused` carries a sentence on why what was asked for cannot be heard, `remarked` one on why it
    sounds otherwise than was chosen, once.
    """

    changed = Signal()
    moved = Signal(float)
    refused = Signal(str)
    remarked = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings: Settings | None = None
        self._player: Player | None = None
        self._is_playing = False
        self._quietly = False
        self._grace = 0.0
        self._remarked = ""
        self._looked = 0.0
        self._from = -1.0
        self.melody: Melody | None = None
        """What is heard; the last one, where nothing is."""
        self.place = ""
        """Where it is shown, as whoever has it played calls that; empty: it does not matter."""
        self.loop: tuple[int, int] | None = None
        """The ticks that are heard again and again."""
        self.tick = 0.0
        self._clock: Clock | None = None
        self._frames = QTimer(self, interval=FRAME)
        self._frames.setTimerType(Qt.TimerType.PreciseTimer)
        self._frames.timeout.connect(self._look)

    # How it sounds

    def use(self, settings: Settings) -> None:
        """Sound as these settings say, and as they will say."""
        if settings is self._settings:
            return
        if self._settings is not None:
            self._settings.changed.disconnect(self._note_setting)
        self._settings = settings
        settings.changed.connect(self._note_setting)
        for name in _CHOICES:
            self._tell_player(name)

    @Slot(str)
    def _note_setting(self, name: str) -> None:
        if name in _CHOICES:
            self._tell_player(name)

    def _tell_player(self, name: str) -> None:
        player, settings = self._player, self._settings
        if player is None or settings is None:
            return
        if name in ("volume", "muted"):
            loud = 0 if settings.preference("muted") else settings.preference("volume")
            player.set_volume(loud / 100)
        elif name == "metronome":
            player.set_metronome(settings.preference("metronome"))
        elif name == "audio_device":
            player.set_device(settings.preference("audio_device"))
        elif name == "soundfont":
            player.set_soundfont(settings.preference("soundfont"))

    @property
    def devices(self) -> tuple[str, ...]:
        """The names of what can sound; empty until that is known, a moment after `prepare`."""
        return self._player.devices if self._player is not None else ()

    @property
    def figures(self) -> Mapping[str, float]:
        """What the player has measured of itself."""
        return self._player.figures if self._player is not None else {}

    @property
    def is_ready(self) -> bool:
        """Whether the process that sounds is there."""
        return self._player is not None

    def rest(self) -> None:
        """Be silent and let the device go, until something is to be heard."""
        player, self._player = self._player, None
        if player is not None:
            player.close()
        self._end()

    @property
    def remark(self) -> str:
        """Why the sound font that was chosen is not used, in a sentence; empty where it is."""
        return self._player.remark if self._player is not None else ""

    def prepare(self) -> None:
        """Have all ready to play at once: somebody looks at a tune."""
        self._made()

    def _made(self) -> Player:
        if self._player is None:
            from aigc_studio.sound.player import Player

            self._player = Player()
            for name in _CHOICES:
                self._tell_player(name)
        return self._player

    # Playing

    @property
    def is_playing(self) -> bool:
        """Whether a tune is heard now."""
        return self._is_playing

    def hears(self, melody: Artifact | None, place: str = "") -> bool:
        """Whether this tune is heard now, shown there."""
        return self._is_playing and melody is self.melody and place == self.place

    def toggle(self, melody: Melody, place: str = "") -> None:
        """Play it from the beginning; if it is heard already, stop."""
        if self.hears(melody, place):
            self.stop()
        else:
            self.play(melody, place)

    def play(
        self,
        melody: Melody,
        place: str = "",
        start: float = 0,
        loop: tuple[int, int] | None = None,
        *,
        quietly: bool = False,
    ) -> None:
        """Play a tune from a tick on, instead of what is heard.

        Where nothing can be heard it ends at once, and why is said, unless `quietly`: nobody asked
        for it.
        """
        player = self._made()
        self.melody, self.place, self.loop = melody, place, loop
        self._clock = Clock(melody)
        self.tick = self._from = float(start)
        self._looked = time.monotonic()
        self._quietly = quietly
        # A device that was missing the last time may be there by now: it is looked for anew.
        self._grace = time.monotonic() + GRACE if player.problem else 0.0
        player.play(melody, start=start, loop=loop)
        self._is_playing = True
        self._frames.start()
        self.changed.emit()

    @Slot()
    def stop(self) -> None:
        """Be silent."""
        if self._player is not None:
            self._player.stop()
        self._end()

    def seek(self, tick: float) -> None:
        """Go on from another tick."""
        if self._is_playing and self._player is not None:
            self._player.seek(tick)
            self.tick = self._from = float(tick)
            self.moved.emit(self.tick)

    def set_loop(self, loop: tuple[int, int] | None) -> None:
        """Hear these ticks again and again from now on; None: go on to the end."""
        if self._is_playing and self._player is not None and loop != self.loop:
            self.loop = loop
            self._player.set_loop(loop)

    def renew(self, melody: Melody) -> None:
        """What is heard was changed: it goes on where it is, as it is now."""
        if not self._is_playing or self._player is None or melody is self.melody:
            return
        self.melody, self._clock = melody, Clock(melody)
        self._player.replace(melody)
        self.changed.emit()

    def move_to(self, place: str, melody: Melody) -> None:
        """What is heard is shown somewhere else now, the same as it was."""
        if self._is_playing:
            self.place, self.melody = place, melody
            self.changed.emit()

    def sound(self, pitch: int, program: int = 0, velocity: int = 80) -> None:
        """Sound one note, short: somebody touched it."""
        self._made().sound_note(pitch, program, velocity)

    def seconds(self) -> tuple[float, float]:
        """Where it is, and how long all of it is, in seconds."""
        if self._clock is None or self.melody is None:
            return 0.0, 0.0
        return self._clock.seconds(self.tick), self._clock.seconds(self.melody.length)

    def close(self) -> None:
        """Be silent, let the device go, and sound by no settings any more."""
        self.rest()
        self.melody = None
        if self._settings is not None:
            self._settings.changed.disconnect(self._note_setting)
            self._settings = None

    # Within

    @Slot()
    def _look(self) -> None:
        """A frame: where is it, and is it still heard?"""
        player = self._player
        if player is not None and player.problem and time.monotonic() < self._grace:
            return
        if player is None or not player.is_playing:
            problem = player.problem if player is not None else ""
            self._end()
            if problem and not self._quietly:
                self.refused.emit(problem)
            return
        if player.remark != self._remarked:
            self._remarked = player.remark
            if self._remarked:
                self.remarked.emit(self._remarked)
        tick = self._smooth(player.position())
        if tick != self.tick:
            self.tick = tick
            self.moved.emit(tick)

    def _smooth(self, told: float) -> float:
        """Where the line is: it goes at the tune's pace, and is led to where the player says.

        What that says comes in steps, some early and some late; a line would stutter by them.
        """
        now, former = time.monotonic(), self._looked
        self._looked = now
        if self._clock is None or self.melody is None or told == self._from:
            return told  # nothing has sounded yet
        self._from = -1.0
        expected = self.tick + self._clock.rate(self.tick) * (now - former)
        if abs(told - expected) > self.melody.ticks_per_quarter / 4:
            return told  # it was moved, or goes round
        return max(expected + LED * (told - expected), self.tick)

    def _end(self) -> None:
        self._frames.stop()
        if self._is_playing:
            self._is_playing = False
            self.changed.emit()

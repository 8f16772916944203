"""A player for tests: it keeps what it was asked for, and time passes when a test says so."""

from collections.abc import Sequence
from typing import Any

from aigc_studio.api import Melody


class DumbPlayer:
    """As `aigc_studio.sound.player.Player`, with no process behind it.

    `calls` are those so far. `go_on(ticks)` lets it play; `lost` is why there is no device.
    """

    made: "list[DumbPlayer]" = []  # noqa: RUF012
    lost = ""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.melody: Melody | None = None
        self.loop: tuple[int, int] | None = None
        self.tick = 0.0
        self.volume = 1.0
        self.metronome = False
        self.device = self.soundfont = self.remark = ""
        self.devices: tuple[str, ...] = ("Loudspeakers", "Headphones")
        self.notes: list[tuple[int, int, int]] = []
        self._plays = False
        self.closed = False
        DumbPlayer.made.append(self)

    @property
    def problem(self) -> str:
        return DumbPlayer.lost

    @property
    def is_playing(self) -> bool:
        return self._plays and not DumbPlayer.lost

    def position(self) -> float:
        return self.tick

    def play(
        self,
        melody: Melody,
        *,
        start: float = 0,
        loop: tuple[int, int] | None = None,
        then: Sequence[Melody] = (),
    ) -> None:
        self.calls.append(("play", start, loop))
        self.melody, self.tick, self.loop, self._plays = melody, float(start), loop, True

    def stop(self) -> None:
        self.calls.append(("stop",))
        self._plays = False

    def seek(self, tick: float) -> None:
        self.calls.append(("seek", tick))
        self.tick = float(tick)

    def set_loop(self, loop: tuple[int, int] | None) -> None:
        self.calls.append(("loop", loop))
        self.loop = loop

    def replace(self, melody: Melody) -> None:
        self.calls.append(("replace",))
        self.melody = melody

    def set_volume(self, volume: float) -> None:
        self.volume = volume

    def set_soundfont(self, path: str) -> None:
        self.soundfont = path
        self.remark = "" if path != "/broken.sf2" else "It cannot be read."

    def set_device(self, name: str) -> None:
        self.device = name

    def set_metronome(self, on: bool) -> None:
        self.metronome = on

    def sound_note(self, pitch: int, program: int = 0, velocity: int = 80) -> None:
        self.notes.append((pitch, program, velocity))

    def close(self) -> None:
        self.closed = True

    def go_on(self, ticks: float) -> None:
        self.tick += ticks
        if self.melody is not None and self.tick >= self.melody.length:
            self._plays = False

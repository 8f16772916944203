"""The player: melodies and single notes on the sound device of the machine.

What sounds is made and handed to the device by a process of its own (`speaker`): neither this
process, whose interpreter may be busy, nor a training beside it makes the sound stop. Its standard
error is nobody's: what the system's sound libraries complain of there reaches no terminal.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from aigc_studio.translation import _

if TYPE_CHECKING:
    from aigc_studio.api.melody import Melody

State = Literal["stopped", "playing", "no device"]

_PART = 500

PATIENCE = 2.0
"""Seconds that the process may take to end before it is ended."""


@dataclass(frozen=True)
class _Place:
    """Where a tune is heard: `tick` of tune `number` at the moment `when` (`time.monotonic`), going
    on by `rate` ticks a second until `until`, from where it goes on at `again` if it is looped."""

    tick: float = 0.0
    rate: float = 0.0
    when: float = 0.0
    number: int = 0


class Player:
    """Plays one tune at a time, and notes beside it. Nothing here waits for anything but `close`.

    All that it does is asked of the process; `state`, `problem`, `is_playing` and `position` say
    what was heard of it last. A process that dies is started again when something is to be heard.
    """

    def __init__(self) -> None:
        self._settings: dict[str, dict[str, Any]] = {}
        self._line: _Line | None = None
        self._request = 0
        self._is_asked = False
        self._start = 0.0
        self._melodies: tuple[Melody, ...] = ()
        self._closed = False
        self._bad_font = ""
        self._ready()

    # Playing

    def play(
        self,
        melody: Melody,
        *,
        start: float = 0,
        loop: tuple[int, int] | None = None,
        then: Sequence[Melody] = (),
    ) -> None:
        """Play a melody from a tick on instead of what is heard, and those of `then` after it.

        `loop`: these ticks (half-open) of it again and again; a beginning behind them comes first
        to the end of the tune.
        """
        self._request += 1
        self._is_asked, self._start = True, float(start)
        self._melodies = (melody, *then)
        line = self._ready()
        line.problem = ""  # it tries again
        line.send(
            "play",
            request=self._request,
            melodies=self._melodies,
            start=float(start),
            loop=loop,
            asked=time.monotonic(),
        )

    def stop(self) -> None:
        """Be silent, within some 10 ms."""
        self._start = self.position()
        self._request += 1
        self._is_asked = False
        if self._line is not None:
            self._line.send("stop", request=self._request)

    def seek(self, tick: float) -> None:
        """Go on from another tick of the tune that is heard."""
        if self._is_asked and self._line is not None:
            self._start = float(tick)
            self._request += 1
            self._line.send("seek", request=self._request, tick=float(tick))

    def set_loop(self, loop: tuple[int, int] | None) -> None:
        """Play these ticks (half-open) again and again from now on; None: go on to the end."""
        if self._is_asked and self._line is not None:
            self._line.send("loop", loop=loop)

    def replace(self, melody: Melody) -> None:
        """The tune was changed while it plays: it goes on where it is."""
        if self._is_asked and self._line is not None:
            number = min(self.number, len(self._melodies) - 1)
            self._melodies = (*self._melodies[:number], melody, *self._melodies[number + 1 :])
            self._line.send("replace", melody=melody)

    def sound_note(self, pitch: int, program: int = 0, velocity: int = 80) -> None:
        """Sound one note, short, beside all else; `pitch`, `program`, `velocity` as in MIDI."""
        self._ready().send(
            "note", pitch=pitch, program=program, velocity=velocity, asked=time.monotonic()
        )

    # How it sounds

    def set_volume(self, volume: float) -> None:
        """How loud, 0 to 1; a step is smoothed."""
        self._set("volume", volume=min(max(float(volume), 0.0), 1.0))

    def set_device(self, name: str) -> None:
        """Sound on the device of this name, one of `devices`; empty: on the system's usual one, and
        so where there is none of the name any more."""
        self._set("device", name=name)

    def set_soundfont(self, path: str) -> None:
        """Play with the instruments of a sound font (.sf2, .sf3) by FluidSynth; empty: with the
        studio's own. Where it cannot be used `remark` says why, and the studio's own play."""
        self._set("soundfont", path=path)

    def set_metronome(self, on: bool) -> None:
        """Whether each beat of the metre ticks, the first of a bar higher."""
        self._set("metronome", on=bool(on))

    def _set(self, wish: str, /, **values: Any) -> None:
        self._settings[wish] = values
        if wish == "soundfont":
            self._bad_font = ""
        if self._line is not None:
            self._line.send(wish, **values)

    # What is heard

    @property
    def state(self) -> State:
        """Whether a tune is heard or about to be, or nothing can be."""
        if self.problem:
            return "no device"
        return "playing" if self.is_playing else "stopped"

    @property
    def problem(self) -> str:
        """Why nothing can be heard, in a sentence; empty where it can, or was not tried yet."""
        if self._line is None or not self._line.problem:
            return ""
        if self._line.ended_with_font:
            return _font_sentence(self._line.ended_with_font)
        if self._line.problem == "library":  # miniaudio is not installed
            return _(
                "No sound: what plays it is not built for this kind of computer. Where there is a "
                "C compiler, pip install miniaudio does so; exporting WAV works all the same."
            )
        return _(
            "No sound: this computer has no sound device that can be used now. Connect one and "
            "press Play again; exporting WAV works all the same."
        )

    @property
    def remark(self) -> str:
        """Why the sound font that was chosen is not used, in a sentence; empty where it is."""
        problem, path = ("", "") if self._line is None else self._line.font
        if problem == "library":
            return _(
                "The sound font is not used, because FluidSynth is missing: install the library "
                "FluidSynth and aigc-studio[soundfont], or choose no sound font."
            )
        return (
            _font_sentence(path if problem else self._bad_font) if problem or self._bad_font else ""
        )

    @property
    def devices(self) -> tuple[str, ...]:
        """The names of the devices there were when the process began; empty until it tells."""
        return () if self._line is None else self._line.devices

    @property
    def is_playing(self) -> bool:
        """Whether a tune is heard, or was asked for and is about to be."""
        if not self._is_asked or self._line is None or self._line.problem:
            return False
        return not (self._line.has_ended or self._line.ended >= self._request)

    @property
    def number(self) -> int:
        """Which of the tunes that were asked for is heard, from 0."""
        place = self._place()
        return place.number if place else 0

    def position(self) -> float:
        """The tick that is heard now, of the tune `number`; where it ended, when it has."""
        place = self._place()
        if place is None:
            return self._start
        length = float(self._melodies[min(place.number, len(self._melodies) - 1)].length)
        passed = max(time.monotonic() - place.when, 0.0) if self.is_playing else 0.0
        # What is not heard of for long has stopped: the line does not run away.
        return min(max(place.tick + place.rate * min(passed, 0.5), 0.0), length)

    def _place(self) -> _Place | None:
        if self._line is None or not self._melodies:
            return None
        request, place = self._line.place
        return place if request >= self._request else None

    @property
    def figures(self) -> Mapping[str, float]:
        """What the process has measured: `late` (times that the device had to wait for sound),
        `first` (milliseconds from the last `play` until the device took its first sound), `note`
        (the same of the last `sound_note`), `gap` (the longest, in milliseconds, between two times
        that the device took some)."""
        return {} if self._line is None else dict(self._line.figures)

    # The process

    def _ready(self) -> _Line:
        if self._closed:
            raise RuntimeError("this player is closed")
        if self._line is not None and not self._line.has_ended:
            return self._line
        if self._line is not None and self._line.ended_with_font:
            # What FluidSynth fell over once it would fall over again, and no tune would be heard.
            self._bad_font = self._line.ended_with_font
            self._settings["soundfont"] = {"path": ""}
        self._line = _Line()
        for wish, values in self._settings.items():
            self._line.send(wish, **values)
        return self._line

    def close(self) -> None:
        """Be silent, let the device go and end the process; the player cannot be used any more."""
        self._closed, self._is_asked = True, False
        line, self._line = self._line, None
        if line is not None:
            line.close()


class _Line:
    """The process and what was heard of it. A thread writes to it, and one reads."""

    def __init__(self) -> None:
        self.problem = ""
        self.place: tuple[int, _Place] = (0, _Place())
        self.ended = 0
        self.devices: tuple[str, ...] = ()
        self.font = "", ""
        self.ended_with_font = ""
        """The font that was in use, or being read, when the process ended by itself."""
        self._asked_font = ""
        self.figures: dict[str, float] = {}
        self.has_ended = False
        self._is_closing = False
        self._outgoing: queue.SimpleQueue[tuple[str, dict[str, Any]] | None] = queue.SimpleQueue()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._run, name="sound", daemon=True)
        self._thread.start()

    def send(self, wish: str, /, **values: Any) -> None:
        """Ask the process for something."""
        if wish == "soundfont":
            self._asked_font = values["path"]
        self._outgoing.put((wish, values))

    def close(self) -> None:
        """End the process; it is gone when this returns, or is killed."""
        self._is_closing = True
        self._outgoing.put(None)
        self._thread.join(PATIENCE)
        process = self._process
        if process is not None and process.poll() is None:
            process.kill()
            process.wait()
        self._thread.join(PATIENCE)

    def _run(self) -> None:
        """Start the process, and write to it until it is to end."""
        try:
            process = self._process = _started()
        except OSError as error:
            self.problem, self.has_ended = str(error), True
            return
        reader = threading.Thread(target=self._read, args=(process,), name="sound", daemon=True)
        reader.start()
        assert process.stdin is not None
        with contextlib.suppress(OSError, ValueError):
            while (wish := self._outgoing.get()) is not None:
                # Here and not where it was asked for: a melody may be a long one.
                line = json.dumps(wish, default=_text)
                process.stdin.write(line.encode() + b"\n")
                process.stdin.flush()
        with contextlib.suppress(OSError, ValueError):
            process.stdin.close()
        reader.join()
        process.wait()

    def _read(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        with process.stdout:
            for line in process.stdout:
                with contextlib.suppress(ValueError, TypeError, KeyError):
                    self._hear(*json.loads(line))
        if not self._is_closing:
            self.ended_with_font = "" if self.font[0] else self._asked_font
            self.problem = "the process that sounds has ended"
        self.has_ended = True
        self._outgoing.put(None)

    def _hear(self, name: str, values: dict[str, Any]) -> None:
        if name == "place":
            request = values.pop("request")
            self.place = request, _Place(**{**values, "when": time.monotonic()})
        elif name == "ended":
            self.ended = values["request"]
        elif name == "device":
            self.problem = values["problem"]
        elif name == "font":
            self.font = str(values["problem"]), str(values["path"])
        elif name == "devices":
            self.devices = tuple(map(str, values["names"]))
        elif name == "figures":
            self.figures = values


def _font_sentence(path: str) -> str:
    sentence = _("The sound font {path} cannot be read: choose another file, or none.")
    return sentence.format(path=path)


def _text(melody: Melody) -> str:
    """As `Melody.to_json`, a few hundred notes at a time: one call for all of a long melody would
    hold the interpreter for longer than the window can wait."""
    head = replace(melody, notes=()).to_json()
    parts = [
        json.dumps([vars(note) for note in melody.notes[at : at + _PART]])[1:-1]
        for at in range(0, len(melody.notes), _PART)
    ]
    return head.replace('"notes":[]', f'"notes":[{",".join(parts)}]', 1)


def _started() -> subprocess.Popen[bytes]:
    """The process: the same interpreter and the same studio, one thread for its arithmetic."""
    environment = os.environ | {
        "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1",
        "VECLIB_MAXIMUM_THREADS": "1", "PYTHONUNBUFFERED": "1",
    }  # fmt: skip
    flags = getattr(subprocess, "CREATE_NO_WINDOW", 0) | getattr(
        subprocess, "ABOVE_NORMAL_PRIORITY_CLASS", 0
    )
    return subprocess.Popen(
        [sys.executable, "-P", str(Path(__file__).parent / "__main__.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        creationflags=flags,
    )

"""The sound device of the machine, by miniaudio.

Without that package, or with one that cannot be loaded, there is no device, as on a machine that
has none. `AIGC_STUDIO_AUDIO` = `null` takes a device that nobody hears and that runs in real time,
`none` none at all.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from typing import Any, Protocol

from aigc_studio.sound.tones import RATE, Samples

PERIOD = 0.015
"""Seconds of sound that the device takes at once."""

PERIODS = 4
"""So many of them wait in the device: it may be kept waiting for a little less than that long."""

Take = Callable[[int], Samples]
"""Called on a thread of the device: give so many frames, float32, (count, 2)."""


class NoDevice(Exception):
    """Nothing can be heard on this machine, now; `library`: as miniaudio is not installed."""


class Device(Protocol):
    """What plays."""

    def start(self) -> None:
        """Take sound from now on. Raises `NoDevice`."""

    def stop(self) -> None:
        """Take no more; it can be started again."""

    def close(self) -> None:
        """Let the device go."""


def names() -> list[str]:
    """The devices there are now; empty where there is none, or nobody to ask."""
    if os.environ.get("AIGC_STUDIO_AUDIO") == "none":
        return []
    try:
        import miniaudio

        return [each["name"] for each in _found(miniaudio)]
    except Exception:  # of the system's libraries, each in its own way
        return []


def _found(miniaudio: Any) -> list[dict[str, Any]]:
    is_null = os.environ.get("AIGC_STUDIO_AUDIO") == "null"
    devices = miniaudio.Devices([miniaudio.Backend.NULL] if is_null else None)
    if devices.backend == "Null" and not is_null:
        return []
    return list(devices.get_playbacks())


def _id_of(name: str, miniaudio: Any) -> Any:
    """What miniaudio knows a device by; None, the usual one, where it is not there now."""
    if not name:
        return None
    try:
        return next((each["id"] for each in _found(miniaudio) if each["name"] == name), None)
    except miniaudio.MiniaudioError:
        return None


class Speaker:
    """A device of the system, open: the one of this name, or where it is not there the usual one.

    `lost` is called when it is gone, on any thread. Raises `NoDevice`.
    """

    def __init__(self, take: Take, lost: Callable[[], None], name: str = "") -> None:
        wanted = os.environ.get("AIGC_STUDIO_AUDIO", "")
        if wanted == "none":
            raise NoDevice("AIGC_STUDIO_AUDIO")
        try:
            import miniaudio
        except ModuleNotFoundError as error:
            raise NoDevice("library") from error
        except (ImportError, OSError) as error:
            raise NoDevice(str(error)) from error
        self._take, self._lost, self._ends = take, lost, False
        self._failures: Any = miniaudio.MiniaudioError
        null = miniaudio.Backend.NULL
        try:
            self._device: Any = miniaudio.PlaybackDevice(
                output_format=miniaudio.SampleFormat.FLOAT32,
                nchannels=2,
                sample_rate=RATE,
                buffersize_msec=round(PERIOD * 1000),
                callback_periods=PERIODS,
                device_id=_id_of(name, miniaudio),
                backends=[null] if wanted == "null" else None,
                app_name="AIGC Studio",
            )
        except self._failures as error:
            raise NoDevice(str(error)) from error
        if self._device.backend == "Null" and wanted != "null":
            self._device.close()
            raise NoDevice("there is only the null device")

    def start(self) -> None:
        """Take sound from now on. Raises `NoDevice`."""
        sound = self._sound()
        next(sound)
        self._ends = False
        self._device.stop_callback = self._note_stop
        try:
            self._device.start(sound)
        except self._failures as error:
            raise NoDevice(str(error)) from error

    def _note_stop(self) -> None:
        if not self._ends:
            self._lost()

    def _sound(self) -> Generator[Any, int, None]:
        count = yield b""
        while True:
            count = yield self._take(count)

    def stop(self) -> None:
        """Take no more; it can be started again."""
        self._ends = True
        try:
            self._device.stop()
        except self._failures:
            self._lost()

    def close(self) -> None:
        """Let the device go."""
        self._ends = True
        self._device.close()

"""What the person prefers and what the window remembers: one INI file in the data folder.

A damaged file or a value of the wrong kind means the default, never an error.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QCoreApplication, QObject, QTimer, Signal

from aigc_studio import folders
from aigc_studio.translation import _
from aigc_studio.ui.settings_file import Change, SettingsFile

_RECENT = 10
_SEEDS = 12
_PATIENCE = 500
_LAST_PATIENCE = 1.0
"""Seconds to wait in the end for another window that writes."""

_most = {"threads": 1024, "memory": 1 << 20, "volume": 100}
"""The largest numbers that there are; what is beyond, or below none, is no number of ours."""

_defaults: dict[str, Any] = {
    "theme": "system",
    "language": "",
    "threads": 0,
    "memory": 0,
    "device": "auto",
    "label_exports": True,
    "export_prompt": True,
    "live_preview": True,
    "warm_worker": True,
    "measure_models": True,
    "smooth_pixels": True,
    "staff": False,
    "volume": 80,
    "muted": False,
    "metronome": False,
    "loop": False,
    "play_new": True,
    "touch_sound": True,
    "audio_device": "",
    "soundfont": "",
}


class Settings(QObject):
    """Preferences by name, and things remembered. `changed` carries the name of a preference.

    Preferences: `theme` (system, light, dark), `language` ("" = the system's, or a key of
    `translation.LANGUAGES`), `threads` (0 = all but one), `memory` (GB that a plugin may take, 0 =
    most of what there is), `device` (auto, cpu, cuda, mps), `label_exports`, `export_prompt`,
    `live_preview`, `warm_worker`, `measure_models` (when a training has made them), `smooth_pixels`
    (how small pictures are shown), `staff` (tunes are shown on staves). Of sound: `volume` (0 to
    100), `muted`, `metronome`, `loop` (the selected bars, or all, again and again), `play_new` (a
    tune that was made is heard at once), `touch_sound` (notes under the hand are heard),
    `audio_device` (its name; "" = the system's), `soundfont` (a path; "" = the studio's own
    instruments).

    `unkept` carries a sentence when the file cannot be written: once, until it can be again.
    """

    changed = Signal(str)
    unkept = Signal(str)

    def __init__(self, path: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path = path or folders.data_folder() / "settings.ini"
        self._file = SettingsFile(self.path)
        self._values = self._file.read()
        # Values change with every step of a slider; the file half a second after the last one.
        self._pending: dict[str, list[Change]] = {}
        self._problem = self._told = ""
        self._timer = QTimer(self, singleShot=True, interval=_PATIENCE)
        self._timer.timeout.connect(self._write)
        app = QCoreApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(self.save)

    def preference(self, name: str) -> Any:
        """A preference, of the type of its default. Raises `KeyError` for an unknown name."""
        default = _defaults[name]
        value = self._values.get(f"preferences/{name}", default)
        if isinstance(default, bool):
            return value if isinstance(value, bool) else str(value).lower() in ("true", "1")
        if isinstance(default, int):
            number = _whole(value, default)
            return number if 0 <= number <= _most[name] else default
        return str(value) if isinstance(value, str) else default

    def set_preference(self, name: str, value: Any) -> None:
        """Keep a preference and tell those who listen, if it is another one."""
        if self.preference(name) == value:
            return
        self._set(f"preferences/{name}", value)
        self.changed.emit(name)

    def reset_preferences(self) -> None:
        """All preferences back to their defaults."""
        for name, value in _defaults.items():
            self.set_preference(name, value)

    def default(self, name: str) -> Any:
        """What a preference is before anyone changes it."""
        return _defaults[name]

    def recent_files(self) -> list[Path]:
        """Projects opened or saved lately, newest first; those that are gone are left out.

        One on a drive that does not answer is among them: it may be there.
        """
        from aigc_studio.jobs.drives import answers

        paths = [
            Path(text) for text in self._list("recent/files")[:_RECENT] if isinstance(text, str)
        ]
        found = zip(paths, answers(os.path.exists, paths), strict=True)  # of any length
        return [path for path, is_there in found if is_there is not False]

    def add_recent_file(self, path: Path) -> None:
        """Put a file first among the recent ones."""
        text = str(path.absolute())
        self._change("recent/files", lambda old: _first(text, _listed(old), _RECENT))
        self.changed.emit("recent_files")

    def clear_recent_files(self) -> None:
        """Forget them."""
        self._keep("recent/files", [])
        self.changed.emit("recent_files")

    def recent_seeds(self) -> list[int]:
        """Seeds used lately, newest first."""
        return [n for n in self._list("recent/seeds")[:_SEEDS] if isinstance(n, int)]

    def add_recent_seed(self, seed: int) -> None:
        """Put a seed first among the recent ones."""
        self._change("recent/seeds", lambda old: _first(seed, _listed(old), _SEEDS))

    def remembered(self, *keys: str) -> dict[str, Any]:
        """What was remembered under these keys (a generator and an operation, say)."""
        return self._mapping("remembered/" + "/".join(keys))

    def remember(self, values: dict[str, Any], *keys: str) -> None:
        """Remember plain values under these keys."""
        self._keep("remembered/" + "/".join(keys), values)

    def geometry(self, name: str) -> QByteArray:
        """The remembered geometry or state of a window; empty when there is none."""
        value = self._values.get(f"geometry/{name}")
        return value if isinstance(value, QByteArray) else QByteArray()

    def set_geometry(self, name: str, value: QByteArray) -> None:
        """Remember the geometry or state of a window."""
        self._set(f"geometry/{name}", value)

    def flag(self, name: str, default: bool = False) -> bool:
        """A remembered yes or no that is no preference (a hint that was seen, say)."""
        return str(self._values.get(f"flags/{name}", default)).lower() in ("true", "1")

    def set_flag(self, name: str, value: bool) -> None:
        """Remember a yes or no."""
        self._set(f"flags/{name}", value)

    def save(self) -> None:
        """Write to disk now; it is also done half a second after a change, and at the end."""
        self._timer.stop()
        self._write_within(_LAST_PATIENCE)

    def _write(self) -> None:
        if not self._write_within(0.0):
            self._timer.start()  # another window is at it
        if self._problem and not self._told:
            self.unkept.emit(self._problem)
        self._told = self._problem

    def _write_within(self, seconds: float) -> bool:
        """Write what is pending; False when another window was in the way all the time."""
        if not self._pending:
            return True
        try:
            values = self._file.write(self._pending, seconds)
        except OSError as error:  # a full disk, say: it is tried again with the next change
            sentence = _(
                "{path} cannot be written ({problem}): free up space, or grant permission."
            )
            self._problem = sentence.format(path=self.path, problem=error.strerror or error)
            return True
        self._problem = ""
        if values is None:
            return False
        self._pending = {}
        self._values = values
        return True

    def _list(self, key: str) -> list[Any]:
        return _listed(self._values.get(key))

    def _mapping(self, key: str) -> dict[str, Any]:
        value = _parsed(self._values.get(key))
        return value if isinstance(value, dict) else {}

    def _keep(self, key: str, value: Any) -> None:
        self._set(key, json.dumps(value, ensure_ascii=False, default=str))

    def _set(self, key: str, value: Any) -> None:
        self._pending.pop(key, None)  # what it was does not matter
        self._change(key, lambda _old: value)

    def _change(self, key: str, change: Change) -> None:
        """Change a value here, and in the file as it is there by then."""
        steps = self._pending.setdefault(key, [])
        steps.append(change)
        del steps[:-_SEEDS]  # a list holds no more; they gather where the file cannot be written
        value = change(self._values.pop(key, None))
        if value is not None:
            self._values[key] = value
        self._timer.start()


def _first(value: Any, others: list[Any], most: int) -> str:
    """A list as it is kept, with this value first."""
    kept = [value, *(each for each in others if each != value)]
    return json.dumps(kept[:most], ensure_ascii=False, default=str)


def _listed(text: Any) -> list[Any]:
    value = _parsed(text)
    return value if isinstance(value, list) else []


def _parsed(text: Any) -> Any:
    try:
        return json.loads(str(text))
    except (ValueError, RecursionError):
        return None


def _whole(value: Any, default: int) -> int:
    try:
        return int(str(value))
    except ValueError:
        return default

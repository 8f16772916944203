"""What the person prefers and what the window remembers: one INI file in the data folder.

A damaged file or a value of the wrong kind means the default, never an error.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QCoreApplication, QObject, QSettings, QTimer, Signal

from aigc_studio import folders

_RECENT = 10
_SEEDS = 12
_PATIENCE = 500

_defaults: dict[str, Any] = {
    "theme": "system",
    "language": "",
    "threads": 0,
    "device": "auto",
    "label_exports": True,
    "export_prompt": True,
    "live_preview": True,
    "warm_worker": True,
}


class Settings(QObject):
    """Preferences by name, and things remembered. `changed` carries the name of a preference.

    Preferences: `theme` (system, light, dark), `language` ("" = the system's, or a key of
    `translation.LANGUAGES`), `threads` (0 = all but one), `device` (auto, cpu, cuda, mps),
    `label_exports`, `export_prompt`, `live_preview`, `warm_worker`.
    """

    changed = Signal(str)

    def __init__(self, path: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path = path or folders.data_folder() / "settings.ini"
        self._store = QSettings(str(self.path), QSettings.Format.IniFormat)
        # Qt writes the file after every change; values change with every step of a slider.
        self._pending: dict[str, str] = {}
        self._timer = QTimer(self, singleShot=True, interval=_PATIENCE)
        self._timer.timeout.connect(self._write)
        app = QCoreApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(self.save)

    def preference(self, name: str) -> Any:
        """A preference, of the type of its default. Raises `KeyError` for an unknown name."""
        default = _defaults[name]
        value = self._store.value(f"preferences/{name}", default)
        if isinstance(default, bool):
            return value if isinstance(value, bool) else str(value).lower() in ("true", "1")
        if isinstance(default, int):
            return _whole(value, default)
        return str(value) if isinstance(value, str) else default

    def set_preference(self, name: str, value: Any) -> None:
        """Keep a preference and tell those who listen, if it is another one."""
        if self.preference(name) == value:
            return
        self._store.setValue(f"preferences/{name}", value)
        self.changed.emit(name)

    def reset_preferences(self) -> None:
        """All preferences back to their defaults."""
        for name, value in _defaults.items():
            self.set_preference(name, value)

    def default(self, name: str) -> Any:
        """What a preference is before anyone changes it."""
        return _defaults[name]

    def recent_files(self) -> list[Path]:
        """Projects opened or saved lately, newest first; those that are gone are left out."""
        paths = [Path(text) for text in self._list("recent/files") if isinstance(text, str)]
        return [path for path in paths if path.exists()]

    def add_recent_file(self, path: Path) -> None:
        """Put a file first among the recent ones."""
        text = str(path.absolute())
        others = [each for each in self._list("recent/files") if each != text]
        self._keep("recent/files", [text, *others][:_RECENT])
        self.changed.emit("recent_files")

    def clear_recent_files(self) -> None:
        """Forget them."""
        self._keep("recent/files", [])
        self.changed.emit("recent_files")

    def recent_seeds(self) -> list[int]:
        """Seeds used lately, newest first."""
        return [n for n in self._list("recent/seeds") if isinstance(n, int)]

    def add_recent_seed(self, seed: int) -> None:
        """Put a seed first among the recent ones."""
        others = [each for each in self.recent_seeds() if each != seed]
        self._keep("recent/seeds", [seed, *others][:_SEEDS])

    def remembered(self, *keys: str) -> dict[str, Any]:
        """What was remembered under these keys (a generator and an operation, say)."""
        return self._mapping("remembered/" + "/".join(keys))

    def remember(self, values: dict[str, Any], *keys: str) -> None:
        """Remember plain values under these keys."""
        self._keep("remembered/" + "/".join(keys), values)

    def geometry(self, name: str) -> QByteArray:
        """The remembered geometry or state of a window; empty when there is none."""
        value = self._store.value(f"geometry/{name}")
        return value if isinstance(value, QByteArray) else QByteArray()

    def set_geometry(self, name: str, value: QByteArray) -> None:
        """Remember the geometry or state of a window."""
        self._store.setValue(f"geometry/{name}", value)

    def forget_geometry(self) -> None:
        """All windows open where they first did."""
        self._store.remove("geometry")

    def flag(self, name: str, default: bool = False) -> bool:
        """A remembered yes or no that is no preference (a hint that was seen, say)."""
        return str(self._store.value(f"flags/{name}", default)).lower() in ("true", "1")

    def set_flag(self, name: str, value: bool) -> None:
        """Remember a yes or no."""
        self._store.setValue(f"flags/{name}", value)

    def save(self) -> None:
        """Write to disk now; it is also done half a second after a change, and at the end."""
        self._write()
        self._store.sync()

    def _write(self) -> None:
        pending, self._pending = self._pending, {}
        for key, text in pending.items():
            self._store.setValue(key, text)

    def _list(self, key: str) -> list[Any]:
        value = self._read(key)
        return value if isinstance(value, list) else []

    def _mapping(self, key: str) -> dict[str, Any]:
        value = self._read(key)
        return value if isinstance(value, dict) else {}

    def _read(self, key: str) -> Any:
        try:
            return json.loads(self._pending.get(key) or str(self._store.value(key, "null")))
        except ValueError:
            return None

    def _keep(self, key: str, value: Any) -> None:
        self._pending[key] = json.dumps(value, ensure_ascii=False, default=str)
        self._timer.start()


def _whole(value: Any, default: int) -> int:
    try:
        return int(str(value))
    except ValueError:
        return default

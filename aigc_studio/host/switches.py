"""Which plugins a person has switched off: a list of names that all windows and shells share."""

from __future__ import annotations

from pathlib import Path

from aigc_studio import folders
from aigc_studio.api import documents, limits
from aigc_studio.api.errors import StudioError
from aigc_studio.api.kinds import ListOf, Words, record
from aigc_studio.files import make_private, write_json
from aigc_studio.locks import Lock
from aigc_studio.translation import _

_kind = record({"off": ListOf(Words(limits.TITLE, paths=True))})


def switched_off() -> frozenset[str]:
    """The names of plugins (`PluginSource.name`) that are not to be run."""
    try:
        return frozenset(documents.read(_file(), limits.CARD_BYTES, kind=_kind)["off"])
    except (OSError, ValueError):
        return frozenset()


def switch(name: str, on: bool) -> None:
    """Switch a plugin on or off, from its next description on. Raises `StudioError`."""
    path = _file()
    try:
        make_private(path.parent)
        with Lock(path.with_suffix(".lock"), seconds=2.0):
            off = switched_off() - {name} if on else switched_off() | {name}
            write_json(path, {"off": sorted(off)})
    except OSError as error:
        sentence = _("{path} cannot be written ({problem}): make room, or allow it.")
        problem = error.strerror or error
        raise StudioError(sentence.format(path=path, problem=problem)) from error


def _file() -> Path:
    return folders.data_folder() / "plugins.json"

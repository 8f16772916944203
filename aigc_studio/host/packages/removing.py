"""Taking a plugin away, so that it can be put back."""

from __future__ import annotations

import contextlib
import itertools
import os
from dataclasses import dataclass
from pathlib import Path

from aigc_studio import folders
from aigc_studio.api.errors import StudioError
from aigc_studio.files import make_private, remove_tree
from aigc_studio.host.packages import places
from aigc_studio.host.records import PluginSource
from aigc_studio.translation import _

_PACKAGES = "packages"
"""Below `removed/`: packages and environments, which can be had again and are not kept for ever."""


@dataclass(frozen=True)
class Removed:
    """What was moved: where it was, and where it lies now."""

    name: str
    moves: tuple[tuple[Path, Path], ...]

    def restore(self) -> None:
        """Put all back. Raises `StudioError` where its place is taken, or it is gone for good."""
        with places.turn():
            for was, now in self.moves:
                if os.path.lexists(was) or not os.path.lexists(now):
                    sentence = _(
                        "{name} cannot be put back: {path} is in the way, or what was "
                        "removed is gone."
                    )
                    raise StudioError(sentence.format(name=self.name, path=was))
            try:
                for was, now in self.moves:
                    make_private(was.parent)
                    os.rename(now, was)
            except OSError as error:
                raise StudioError(places.closed(was.parent, error)) from error


def is_own(source: PluginSource) -> bool:
    """Whether a plugin came with the studio itself."""
    return places.normal(source.distribution) == "aigc-studio"


def why_not(source: PluginSource) -> str:
    """Why a plugin cannot be removed here, as a sentence; empty when it can."""
    if is_own(source):
        sentence = _("{name} belongs to the studio: switch it off instead.")
        return sentence.format(name=source.name)
    if source.kind == "entry_point" and not _is_installed(source):
        sentence = _(
            "{name} is in the Python that the studio runs in: remove it there (pip uninstall "
            "{package})."
        )
        return sentence.format(name=source.name, package=source.distribution)
    path = Path(source.path)
    if source.kind != "entry_point" and path.parent != folders.plugin_folder().absolute():
        sentence = _("{path} is outside the plugin folder: remove it there.")
        return sentence.format(path=path)
    return ""


def remove(source: PluginSource) -> Removed:
    """Take a plugin away: its file or folder, or its package with what lies beside it.

    It is moved to `data/removed/`; models stay. Raises `StudioError`.
    """
    if sentence := why_not(source):
        raise StudioError(sentence)
    environment = places.environment_of(source)
    going = [path for path in (*_paths(source), environment) if os.path.lexists(path)]
    if not going:
        sentence = _("{name} is already gone: look for plugins again.")
        raise StudioError(sentence.format(name=source.name))
    moves: list[tuple[Path, Path]] = []
    with places.turn():
        clear()
        try:
            for path in going:
                again = path == environment or source.kind == "entry_point"
                place = places.removed_folder() / (_PACKAGES if again else "")
                make_private(place)
                free = _free(place, path.name)
                os.rename(path, free)
                moves.append((path, free))
        except OSError as error:
            for was, now in moves:
                with contextlib.suppress(OSError):  # why it could not go is told, not this
                    os.rename(now, was)
            raise StudioError(places.closed(going[0].parent, error)) from error
    return Removed(source.name, tuple(moves))


def clear() -> None:
    """Take packages and environments that were removed away for good; files of a person's stay."""
    remove_tree(places.removed_folder() / _PACKAGES)


def _paths(source: PluginSource) -> list[Path]:
    path = Path(source.path)
    return [path, path.with_suffix(".plugin.json")] if source.kind == "file" else [path]


def _is_installed(source: PluginSource) -> bool:
    parent = Path(source.path).parent if source.path else None
    return parent == places.installed_folder()


def _free(folder: Path, name: str) -> Path:
    """A path in `folder` with this name, or with a number when it is taken."""
    stem, dot, rest = name.partition(".")
    names = itertools.chain([name], (f"{stem}-{n}{dot}{rest}" for n in itertools.count(2)))
    return next(folder / each for each in names if not os.path.lexists(folder / each))

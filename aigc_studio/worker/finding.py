"""Finds the modules of a plugin that somebody is writing: what lies beside it, and always as it is.

Python knows an edit by its second and its size, so a file saved twice within a second may run as it
was. Here no bytecode is read, and none is left in the author's folders.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import (
    EXTENSION_SUFFIXES,
    SOURCE_SUFFIXES,
    ExtensionFileLoader,
    FileFinder,
    ModuleSpec,
    SourceFileLoader,
)
from pathlib import Path
from types import ModuleType
from typing import Any


class _SourceLoader(SourceFileLoader):
    """Compiles each time: without the age of a source, Python keeps no bytecode of it."""

    def path_stats(self, path: Any) -> Any:
        raise OSError("no bytecode")


def loader_for(name: str, file: Path) -> SourceFileLoader:
    """What loads this file as it is now."""
    return _SourceLoader(name, str(file))


class OwnCode(MetaPathFinder):
    """Before all others: the modules in packages below `folder`, and the package of this name."""

    def __init__(self, folder: Path, package: str = "") -> None:
        self._folder = folder
        self._package = package

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        """As Python asks for it."""
        if path is None:
            return _find_in(self._folder, fullname) if fullname == self._package else None
        for place in map(Path, path):
            if self._is_own(place, fullname):
                return _find_in(place, fullname)
        return None

    def _is_own(self, place: Path, name: str) -> bool:
        """Whether a package's place is the author's, and not what merely lies in their folder."""
        if name.startswith("aigc_studio.") or not place.is_relative_to(self._folder):
            return False
        return "site-packages" not in place.relative_to(self._folder).parts

    def __eq__(self, other: object) -> bool:
        return isinstance(other, OwnCode) and vars(other) == vars(self)

    __hash__ = None  # type: ignore[assignment]


class Beside(MetaPathFinder):
    """After all others: the modules in `folder` that nobody else has.

    A file there never takes the place of a module of Python, or of a package that is installed:
    the folder may hold plugins of many people.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        """As Python asks for it."""
        return None if path is not None else _find_in(self._folder, fullname)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Beside) and vars(other) == vars(self)

    __hash__ = None  # type: ignore[assignment]


def _find_in(folder: Path, fullname: str) -> ModuleSpec | None:
    kinds = ((ExtensionFileLoader, EXTENSION_SUFFIXES), (_SourceLoader, SOURCE_SUFFIXES))
    return FileFinder(str(folder), *kinds).find_spec(fullname)

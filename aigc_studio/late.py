"""Modules that are imported when they are first used, so that no start waits for them.

    if TYPE_CHECKING:
        from aigc_studio.project import replay
    else:
        replay = late.module("aigc_studio.project.replay")

Types and names stay what they were. For a table whose entries live in many modules there is `Late`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class _Module:
    """Stands for a module, and imports it when something of it is asked for."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module(self._name), name)


def module(name: str) -> Any:
    """What stands for the module `name`. A `from name import …` has to wait for a function."""
    return _Module(name)


class Late(Mapping[K, V]):
    """A table of things at home in other modules: `{"image": "package.module:Name"}`.

    Reading an entry imports its module. What needs no entry (which keys there are) imports none.
    """

    def __init__(self, homes: Mapping[K, str]) -> None:
        self._homes = dict(homes)
        self._found: dict[K, V] = {}

    def __getitem__(self, key: K) -> V:
        if key not in self._found:
            module, _colon, name = self._homes[key].partition(":")
            self._found[key] = getattr(import_module(module), name)
        return self._found[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._homes)

    def __len__(self) -> int:
        return len(self._homes)

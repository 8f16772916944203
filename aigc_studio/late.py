"""Modules that are imported when they are first used, so that no start waits for them.

    if TYPE_CHECKING:
        from aigc_studio.project import replay
    else:
        replay = late.module("aigc_studio.project.replay")

Types and names stay what they were. For a table whose entries live in many modules there is `Late`,
for a package whose public names do there is `names`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
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


def names(package: str, homes: Mapping[str, str]) -> Callable[[str], Any]:
    """The `__getattr__` of a package whose public names live in modules of it: `{"Run": "run"}`.

    Each is imported when it is first asked for, and stays there. A home is told from the package,
    one beside it as `.beside`.
    """

    def find(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(f".{homes[name]}", package), name)
        setattr(sys.modules[package], name, value)
        return value

    return find


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

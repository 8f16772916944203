"""Seeds for every random generator there is, also for those of modules imported later."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import random
import sys
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any


def seed_everything(seed: int, threads: int) -> None:
    """Seed `random`, numpy and torch; torch gets `threads` threads. Imports neither of the two.

    What is not imported yet is seeded right after its import, before the importer sees it.
    """
    random.seed(seed)
    actions: dict[str, Callable[[Any], None]] = {
        "numpy.random": lambda module: module.seed([seed % 2**32, seed >> 32]),
        "torch": lambda module: _settle_torch(module, seed, threads),
    }
    for name, action in actions.items():
        if name in sys.modules:
            action(sys.modules[name])
    _watcher.actions = actions
    if _watcher not in sys.meta_path:
        sys.meta_path.insert(0, _watcher)


def _settle_torch(torch: Any, seed: int, threads: int) -> None:
    if torch.accelerator.is_available():
        torch.manual_seed(seed)
    else:
        # That would note for each kind of device that is not here who asked: a stack of source
        # lines each, a tenth of the time that sixteen digits take.
        torch.default_generator.manual_seed(seed)
    torch.set_num_threads(max(1, threads))


class _Watcher(importlib.abc.MetaPathFinder):
    """Finds nothing by itself: wraps the loader of the modules that it waits for."""

    def __init__(self) -> None:
        self.actions: dict[str, Callable[[Any], None]] = {}

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,
        target: ModuleType | None = None,
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname not in self.actions:
            return None
        for finder in sys.meta_path:
            if finder is self:
                continue
            spec = finder.find_spec(fullname, path, target)
            if spec is not None:
                if spec.loader is not None:
                    spec.loader = _Loader(spec.loader, self)
                return spec
        return None


class _Loader(importlib.abc.Loader):
    """Loads as the true loader does, then seeds."""

    def __init__(self, true_loader: Any, watcher: _Watcher) -> None:
        self._true_loader = true_loader
        self._watcher = watcher

    def __getattr__(self, name: str) -> Any:
        return getattr(self._true_loader, name)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        module: ModuleType | None = self._true_loader.create_module(spec)
        return module

    def exec_module(self, module: ModuleType) -> None:
        # The module keeps its true loader: pickling and resources ask for it.
        module.__loader__ = self._true_loader
        if module.__spec__ is not None:
            module.__spec__.loader = self._true_loader
        self._true_loader.exec_module(module)
        action = self._watcher.actions.get(module.__name__)
        if action is not None:
            action(module)


_watcher = _Watcher()

"""torch's compiler, imported when something is compiled and not by every optimiser.

An optimiser imports `torch._dynamo`, 800 modules and more than a second, to tell the compiler what
not to touch. As long as nothing else has asked for it there is nothing to be told: a module stands
in for it that answers just these two questions, and becomes the true one with the first other.
"""

from __future__ import annotations

import functools
import importlib.machinery
import sys
import threading
import types
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:  # it imports much itself
    from importlib.abc import Loader

NAME = "torch._dynamo"
_QUESTIONS = ("graph_break", "disable")


def compile_late() -> None:
    """From now on the compiler is imported late in this process; unless it has been already."""
    if NAME not in sys.modules and not any(isinstance(each, _Finder) for each in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


class _Finder:
    """Finds that module as usual, and has it loaded late; it is asked once."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != NAME:
            return None
        sys.meta_path.remove(self)
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = cast("Loader", _Late(spec.loader))
        return spec


class _Late:
    """Loads a module when something of it is asked for that it has not yet."""

    def __init__(self, loader: Loader) -> None:
        self._loader = loader
        self._lock = threading.RLock()
        self._is_loading = self._is_loaded = False

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType | None:
        """As the true loader does."""
        return self._loader.create_module(spec)

    def exec_module(self, module: types.ModuleType) -> None:
        """Let it stand there, with what an optimiser asks; without its path, so that whoever
        imports what lies below it has it loaded first."""
        here = vars(module)
        self._path = here.pop("__path__", None)
        here["__getattr__"] = functools.partial(self._asked, module)
        here["graph_break"] = lambda *_words, **_named: None
        here["disable"] = functools.partial(self._disable, module)

    def _asked(self, module: types.ModuleType, name: str) -> Any:
        # Whoever asks while another thread loads it waits; but not for its path: the import of
        # what lies below it has begun then, and the other thread may wait for that.
        while not self._lock.acquire(timeout=0.05):
            if name == "__path__" and self._is_loading:
                return self._path
        try:
            if not self._is_loading and not self._is_loaded:
                self._load(module)
            if name in vars(module):
                return vars(module)[name]
        finally:
            self._lock.release()
        # Its own, where it has one.
        own = vars(module).get("__getattr__")
        if own is None or isinstance(own, functools.partial):
            raise AttributeError(f"module {NAME!r} has no attribute {name!r}")
        return own(name)

    def _load(self, module: types.ModuleType) -> None:
        here = vars(module)
        stood_in = {each: here.pop(each) for each in _QUESTIONS}
        here["__path__"] = self._path
        self._is_loading = True
        try:
            self._loader.exec_module(module)
        except BaseException:  # told to who asked, and tried again for the next
            here.update(stood_in)
            here.pop("__path__")
            raise
        finally:
            self._is_loading = False
        self._is_loaded = True

    def _disable(
        self, module: types.ModuleType, fn: Any = None, recursive: bool = True, **options: Any
    ) -> Any:
        """A function that the compiler is to leave alone: itself, until there is a compiler."""
        if not isinstance(fn, types.FunctionType):
            return self._asked(module, "disable")(fn, recursive, **options)
        true: list[Callable[..., Any]] = []

        @functools.wraps(fn)
        def let_be(*words: Any, **named: Any) -> Any:
            if not self._is_loaded:
                return fn(*words, **named)
            if not true:
                true.append(vars(module)["disable"](fn, recursive, **options))
            return true[0](*words, **named)

        return let_be

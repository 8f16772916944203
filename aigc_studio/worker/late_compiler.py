"""torch's compiler, imported when something is compiled and not by every optimiser.

An optimiser imports `torch._dynamo`, 800 modules and more than a second, to tell the compiler what
not to touch. As long as nothing else has asked for it there is nothing to be told: a module stands
in for it that answers just these two questions, and becomes the true one with the first other.
"""

from __future__ import annotations

import copy
import functools
import importlib.machinery
import sys
import threading
import time
import types
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:  # it imports much itself
    from importlib.abc import Loader

NAME = "torch._dynamo"
_QUESTIONS = ("graph_break", "disable")
_PATIENCE = 2.0
"""Seconds that an import of what lies below it waits for another thread that loads it: longer than
that takes, unless the other waits for this one."""


def compile_late() -> None:
    """From now on the compiler is imported late in this process; unless it has been already."""
    if NAME not in sys.modules and not any(isinstance(each, _Finder) for each in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


class _Finder:
    """Finds that module as usual, and has it loaded late, once.

    It stays where it is: another thread that looks for a module just then would miss a finder if
    the list became shorter.
    """

    def __init__(self) -> None:
        self._was_asked = False

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname.startswith(NAME + "."):
            return _there(fullname, target)
        if fullname != NAME or self._was_asked:
            return None
        self._was_asked = True
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = cast("Loader", _Late(spec.loader))
        return spec


def _there(fullname: str, target: types.ModuleType | None) -> importlib.machinery.ModuleSpec | None:
    """What lies below it and came with it, when its path was asked in order to import just that:
    Python would run it a second time. None for all else, and for a reload, which has a target."""
    module = sys.modules.get(fullname)
    own: importlib.machinery.ModuleSpec | None = getattr(module, "__spec__", None)
    if module is None or own is None or target is not None:
        return None
    found = copy.copy(own)
    found.loader = cast("Loader", _There(module, own))
    return found


class _There:
    """Loads a module that is there already: as it is."""

    def __init__(self, module: types.ModuleType, own: importlib.machinery.ModuleSpec) -> None:
        self._module, self._own = module, own

    def create_module(self, _spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        """The one that is there."""
        return self._module

    def exec_module(self, module: types.ModuleType) -> None:
        """It has been run: it only gets back what says where it is from."""
        vars(module)["__spec__"] = self._own  # torch's settings refuse setattr


class _Late:
    """Loads a module when something of it is asked for that it has not yet."""

    def __init__(self, loader: Loader) -> None:
        self._loader = loader
        self._lock = threading.RLock()
        self._is_loading = self._is_loaded = False

    def __getattr__(self, name: str) -> Any:
        """What else a loader is asked: for the source, for files beside it."""
        return getattr(self._loader, name)

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
        # what lies below it has begun then, and the other thread may wait for that. Such an import
        # finds what is there so far, as in any circle of imports, when that takes too long.
        until = time.monotonic() + _PATIENCE
        while not self._lock.acquire(timeout=0.05):
            if self._is_loading and name == "__path__":
                return self._path
            if self._is_loading and time.monotonic() > until and _imports_below():
                raise _unknown(name)
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
            raise _unknown(name)
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


def _imports_below() -> bool:
    """Whether this thread is importing what lies below it: others may wait for that."""
    frame: types.FrameType | None = sys._getframe()
    while frame is not None:
        code = frame.f_code
        is_import = code.co_name == "_find_and_load" and "importlib" in code.co_filename
        if is_import and str(frame.f_locals.get("name")).startswith(NAME + "."):
            return True
        frame = frame.f_back
    return False


def _unknown(name: str) -> AttributeError:
    return AttributeError(f"module {NAME!r} has no attribute {name!r}")

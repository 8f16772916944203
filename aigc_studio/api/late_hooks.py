"""Hooks named in words, `hookimpl("module:function")`: that module is imported when first asked."""

from __future__ import annotations

import difflib
import importlib
import importlib.util
import re
import sys
from collections.abc import Callable
from typing import Any

MODULE = "aigc_studio_module"
"""The attribute of a hook that says which module it waits for."""
FUNCTION = "aigc_studio_function"
"""The attribute of a hook that says which function of that module it calls for all operations."""

_words = re.compile(r"\.*\w+(\.\w+)*:\w+")


class HookNotFound(ImportError):
    """A hook names a module or a function that is not there.

    `path` and `lineno` say where the hook itself stands: the line that its author has to mend.
    """

    lineno = 0


def late_hook(words: str) -> Callable[..., Any]:
    """The function that `words` (`module:function`) name, imported when it is called.

    A module that begins with a dot is one of the package, or of the folder, of whoever calls
    `hookimpl`. Raises `ValueError` for words that name no function.
    """
    frame = sys._getframe(2)
    file, line = frame.f_code.co_filename, frame.f_lineno
    if not _words.fullmatch(words):
        raise ValueError(f'hookimpl("{words}") names no function: write "module:function" into it')
    module, _colon, name = words.partition(":")
    package = frame.f_globals.get("__package__") or ""
    if module.startswith(".") and not package:  # a single file: what lies beside it
        module = module.lstrip(".")

    def found() -> Callable[..., Any]:
        try:
            return _imported(module, name, package)
        except _Missing as missing:
            problem = f'hookimpl("{words}") names no function: {missing}'
            error = HookNotFound(problem, name=module, path=file)
            error.add_note(f"It stands in {file}, line {line}.")
            error.lineno = line
            raise error from None

    hook = _as_function(name, found)
    hook.__dict__.update({MODULE: resolved(module, package), FUNCTION: name})
    return hook


def resolved(module: str, package: str) -> str:
    """The whole name of a module that may begin with dots; as it is where it has too many."""
    try:
        return importlib.util.resolve_name(module, package or None)
    except ImportError:
        return module


def _as_function(name: str, found: Callable[[], Callable[..., Any]]) -> Callable[..., Any]:
    """A plain function, as pluggy wants one; `describe` is the hook that is asked for nothing."""
    if name == "describe":

        def hook() -> Any:
            return found()()

    else:

        def hook(request: Any) -> Any:  # type: ignore[misc]
            return found()(request)

    hook.__name__ = hook.__qualname__ = name
    return hook


class _Missing(Exception):
    """What is not there, as a phrase."""


def _imported(module: str, name: str, package: str) -> Callable[..., Any]:
    full = resolved(module, package)
    if full.startswith("."):
        raise _Missing(f"{module} has more dots than there are packages")
    try:
        work = importlib.import_module(full)
    except ModuleNotFoundError as error:
        # The module's own imports may fail too: that is told as it is.
        if error.name is None or not f"{full}.".startswith(f"{error.name}."):
            raise
        raise _Missing(f"there is no module {error.name}") from None
    function = getattr(work, name, None)
    if callable(function):
        return function  # type: ignore[no-any-return]
    near = difflib.get_close_matches(name, dir(work), n=1)
    hint = f"; was {near[0]} meant?" if near else ""
    raise _Missing(f"the module {full} has no function {name}{hint}")

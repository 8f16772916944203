"""Functions that look like hooks and are none: what pluggy would pass over in silence."""

from __future__ import annotations

import difflib
import importlib.util
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from aigc_studio.api.hookspecs import HOOKS, VERBS
from aigc_studio.api.late_hooks import MODULE
from aigc_studio.translation import _

_MARK = "aigc_studio_impl"


def undecorated(plugin: Any) -> tuple[str, ...]:
    """Names of hooks that the plugin defines itself, without the mark."""
    return tuple(name for name, function in _own(plugin) if name in HOOKS and not _marked(function))


def unknown(plugin: Any) -> tuple[str, str]:
    """A marked function whose name is no hook's, and the hook it may have been meant to be."""
    for name, function in _own(plugin):
        if name not in HOOKS and _marked(function):
            near = difflib.get_close_matches(name, HOOKS, n=1, cutoff=0.6)
            return name, near[0] if near else ""
    return "", ""


def lookalikes(plugin: Any) -> tuple[str, ...]:
    """A sentence for every unmarked function whose name is nearly that of a hook."""
    sentences = []
    for name, function in _own(plugin):
        near = difflib.get_close_matches(name, HOOKS, n=1, cutoff=0.8)
        if near and name not in HOOKS and not _marked(function):
            sentence = _("{name}() looks like the hook {hook}(), but is not one.")
            sentences.append(sentence.format(name=name, hook=near[0]))
    return tuple(sentences)


def lost(plugin: Any) -> tuple[str, ...]:
    """A sentence for every hook whose module is not there. Imports none but packages around it."""
    sentence = _("{hook}() is to be found in the module {module}, and there is none.")
    waiting = ((verb, getattr(getattr(plugin, verb, None), MODULE, "")) for verb in VERBS)
    return tuple(
        sentence.format(hook=verb, module=module)
        for verb, module in waiting
        if module and _origin(module) is None
    )


def shadowed(plugin: Any, folder: Path) -> tuple[str, ...]:
    """A sentence for every file beside a plugin of one file that is not what its import gives."""
    wanted = {getattr(value, MODULE, "") for value in vars(plugin).values()}
    for value in vars(plugin).values():
        is_module = isinstance(value, ModuleType)
        wanted.add(value.__name__ if is_module else getattr(value, "__module__", ""))
    sentence = _(
        "{file} is not what `import {module}` gives, as Python or a package has a module of this "
        "name: rename the file."
    )
    beside = {each for each in wanted if isinstance(each, str) and each.isidentifier()}
    return tuple(
        sentence.format(file=f"{name}.py", module=name)
        for name in sorted(beside - {plugin.__name__})
        if (folder / f"{name}.py").is_file() and _origin(name) != str(folder / f"{name}.py")
    )


def _origin(module: str) -> str | None:
    """Where a module would be imported from, or was; None where there is none."""
    try:
        spec = importlib.util.find_spec(module)
    except (ImportError, ValueError, AttributeError):
        return None
    return None if spec is None else spec.origin or ""


def _marked(function: Any) -> bool:
    return hasattr(function, _MARK)


def _own(plugin: Any) -> Iterator[tuple[str, Any]]:
    home = getattr(plugin, "__name__", None) or type(plugin).__module__
    for name in dir(plugin):
        if name.startswith("_"):
            continue
        function = getattr(plugin, name, None)
        if callable(function) and getattr(function, "__module__", None) == home:
            yield name, function

"""Functions that look like hooks and are none: what pluggy would pass over in silence."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any

from aigc_studio.api.hookspecs import HOOKS
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

"""The modules of a plugin that are imported when a hook is first asked: read before, and not run.

A slip in them would be told late otherwise: after torch was imported, by the verb that asks first.
"""

from __future__ import annotations

import ast
import importlib.util
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aigc_studio.api.hookspecs import VERBS
from aigc_studio.api.late_hooks import MODULE

_MOST_FILES = 50


def read_late(plugin: Any, folder: Path) -> None:
    """Compile the modules below `folder` that hooks wait for, and what those import from beside
    them. Raises what Python cannot read: `SyntaxError`, or `ValueError` for one with null bytes."""
    waiting, seen = [each for each in _origins(plugin) if each.is_relative_to(folder)], set[Path]()
    while waiting and len(seen) < _MOST_FILES:
        file = waiting.pop()
        if file in seen or file.suffix != ".py":
            continue
        seen.add(file)
        try:
            code = file.read_bytes()
        except OSError:
            continue
        with warnings.catch_warnings(action="ignore"):
            tree = ast.parse(code, str(file))
            compile(code, str(file), "exec", dont_inherit=True)
        waiting += [each for each in _beside(tree, file.parent) if each.is_file()]


def _origins(plugin: Any) -> Iterator[Path]:
    modules = {getattr(getattr(plugin, verb, None), MODULE, "") for verb in VERBS}
    for module in sorted(each for each in modules if each):
        try:
            spec = importlib.util.find_spec(module)
        except (ImportError, ValueError, AttributeError):
            continue
        if spec is not None and spec.origin:
            yield Path(spec.origin)


def _beside(tree: ast.Module, folder: Path) -> Iterator[Path]:
    """The files of this folder that a module may import."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [each.name for each in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module] if node.module else [each.name for each in node.names]
        else:
            continue
        for name in names:
            yield folder / f"{name.rpartition('.')[2]}.py"

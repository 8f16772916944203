"""The modules of a plugin that are imported when a hook is first asked: read before, and not run.

A slip in them would be told late otherwise: after torch was imported, by the verb that asks first.
"""

from __future__ import annotations

import ast
import importlib.util
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from aigc_studio.api.description import Description
from aigc_studio.api.hookspecs import VERBS
from aigc_studio.api.late_hooks import MODULE
from aigc_studio.translation import _

_MOST_FILES = 50


def read_late(plugin: Any, folder: Path) -> Mapping[Path, ast.Module]:
    """Compile the modules below `folder` that hooks wait for, and what those import from beside
    them. Raises what Python cannot read: `SyntaxError`, or `ValueError` for one with null bytes."""
    origins = [_origin(verb, plugin) for verb in VERBS]
    waiting = [each for each in origins if each and each.is_relative_to(folder)]
    read: dict[Path, ast.Module] = {}
    while waiting and len(read) < _MOST_FILES:
        file = waiting.pop()
        if file in read or file.suffix != ".py":
            continue
        try:
            code = file.read_bytes()
        except OSError:
            continue
        with warnings.catch_warnings(action="ignore"):
            tree = ast.parse(code, str(file))
            compile(code, str(file), "exec", dont_inherit=True)
        read[file] = tree
        waiting += [each for each in _beside(tree, file.parent) if each.is_file()]
    return read


def absent(plugin: Any, about: Description, read: Mapping[Path, ast.Module]) -> Iterator[str]:
    """A sentence for each operation that the modules which were read have no function for."""
    sentence = _("{file} has no {name}() for the operation {operation}.")
    for verb in about.verbs:
        file = _origin(verb, plugin)
        tree = read.get(file) if file else None
        names = _names_in(tree) if tree else None
        if file is None or names is None:
            continue
        called = getattr(plugin, verb).__name__
        for operation in about.of_verb(verb):
            own = operation.id.replace("-", "_")
            if not names & {called, own}:
                name = own if called == verb else called
                yield sentence.format(file=file.name, name=name, operation=operation.id)


def _names_in(tree: ast.Module) -> set[str] | None:
    """What a module may have at its top; None where that cannot be told by reading."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names |= {(each.asname or each.name).partition(".")[0] for each in node.names}
    return None if names & {"*", "__getattr__"} or _sets_globals(tree) else names


def _sets_globals(tree: ast.Module) -> bool:
    return any(
        isinstance(node, ast.Name) and node.id in ("globals", "setattr", "vars")
        for node in ast.walk(tree)
    )


def _origin(verb: str, plugin: Any) -> Path | None:
    """The file of the module that the hook of a verb waits for."""
    module = getattr(getattr(plugin, verb, None), MODULE, "")
    try:
        spec = importlib.util.find_spec(module) if module else None
    except (ImportError, ValueError, AttributeError):
        return None
    return Path(spec.origin) if spec is not None and spec.origin else None


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

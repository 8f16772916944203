"""The modules of a plugin that are imported when a hook is first asked: read before, and not run.

A slip in them would be told late otherwise: after torch was imported, by the verb that asks first.
So would a package that is not installed.
"""

from __future__ import annotations

import ast
import importlib.util
import sys
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from aigc_studio.api.description import Description
from aigc_studio.api.hookspecs import VERBS
from aigc_studio.api.late_hooks import FUNCTION, MODULE
from aigc_studio.translation import _

_MOST_FILES = 50


def read_late(plugin: Any, folder: Path) -> Mapping[Path, ast.Module]:
    """Compile the modules below `folder` that hooks wait for, and what those import from there.
    Raises what Python cannot read: `SyntaxError`, or `ValueError` for one with null bytes."""
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
        waiting += [each for each in _imported(tree, file, folder) if each.is_file()]
    return read


def absent(plugin: Any, about: Description, read: Mapping[Path, ast.Module]) -> Iterator[str]:
    """A sentence for each operation that the modules which were read have no function for."""
    sentence = _("{file} has no {name}() for the operation {operation}.")
    without = _(
        "{file} has no {name}(): write it, or do not take the hook {name} from hooks_in(…) "
        "(train, edit = hooks.train, hooks.edit)."
    )
    for verb in about.verbs:
        file = _origin(verb, plugin)
        tree = read.get(file) if file else None
        names = _names_in(tree) if tree else None
        if file is None or names is None:
            continue
        alone = getattr(getattr(plugin, verb), FUNCTION, "")
        for operation in about.of_verb(verb):
            own = operation.id.replace("-", "_")
            if not names & ({alone} if alone else {verb, own}):
                told = without if own == verb and not alone else sentence
                yield told.format(file=file.name, name=alone or own, operation=operation.id)


def missing(read: Mapping[Path, ast.Module]) -> Iterator[str]:
    """A sentence for each module that those which were read import first thing, and that is not
    here. What is imported in a `try` or an `if` may be done without."""
    sentence = _("{file} imports {name} in line {line}, and there is no module of that name here.")
    for file, tree in read.items():
        for node in tree.body:
            for name in _absent_names(node, file):
                yield sentence.format(file=file.name, name=name, line=node.lineno)


def _absent_names(node: ast.stmt, file: Path) -> Iterator[str]:
    if isinstance(node, ast.Import):
        found = dict.fromkeys(each.name.partition(".")[0] for each in node.names)
        yield from (name for name in found if not _is_known(name))
    elif isinstance(node, ast.ImportFrom) and node.level == 0:
        name = (node.module or "").partition(".")[0]
        if not _is_known(name):
            yield name
    elif isinstance(node, ast.ImportFrom) and node.module and node.level <= len(file.parents):
        start, name = file.parents[node.level - 1], node.module.partition(".")[0]
        if not (start / name).is_dir() and not any(start.glob(f"{name}.*")):
            yield "." * node.level + name


def _is_known(module: str) -> bool:
    try:
        return module in sys.modules or importlib.util.find_spec(module) is not None
    except Exception:  # a finder of somebody's: whoever imports it will hear
        return True


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
        isinstance(node, ast.Name) and node.id in ("exec", "globals", "setattr", "vars")
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


def _imported(tree: ast.Module, file: Path, folder: Path) -> Iterator[Path]:
    """The files below `folder` that the module of a file may import: `utils.py` beside it is none
    of `torch.utils`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found = [_below(folder, each.name) for each in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = file.parents[node.level - 1] if 0 < node.level <= len(file.parents) else folder
            base = _below(start, node.module or "")
            found = [base, *(base / each.name for each in node.names)]
        else:
            continue
        for path in found:
            if path.is_relative_to(folder) and path != folder:
                package = path / "__init__.py"  # goes before a file of its name
                yield package if package.is_file() else path.with_name(f"{path.name}.py")


def _below(folder: Path, module: str) -> Path:
    return folder.joinpath(*module.split("."))

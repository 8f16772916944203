"""Signatures of what is public, read from the source by `ast`: nothing is imported."""

from __future__ import annotations

import ast
import functools
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent

WIDTH = 88
"""Characters of a signature on one line."""

Definition = ast.ClassDef | ast.FunctionDef | ast.Assign | ast.AnnAssign


@dataclass
class Room:
    """A module: its definitions by name, texts under its constants, and functions of several
    signatures."""

    tree: ast.Module
    definitions: dict[str, Definition] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)
    overloads: dict[str, list[ast.FunctionDef]] = field(default_factory=dict)

    @classmethod
    @functools.cache
    def at(cls, path: Path) -> Room:
        """The module in a file."""
        room = cls(ast.parse(path.read_text("utf-8")))
        last = ""
        for node in room.tree.body:
            if isinstance(node, ast.ClassDef | ast.FunctionDef):
                last = node.name
                room.definitions[last] = node
                if isinstance(node, ast.FunctionDef) and has(node, "overload"):
                    room.overloads.setdefault(last, []).append(node)
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                target = node.targets[0] if isinstance(node, ast.Assign) else node.target
                last = getattr(target, "id", "")
                room.definitions[last] = node
            elif last and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                room.told[last] = " ".join(str(node.value.value).split())
        return room

    def document(self) -> str:
        """The docstring of the module."""
        return ast.get_docstring(self.tree) or ""


def exported(package: Path) -> dict[str, Path]:
    """The file that each name of a package's `__all__` is defined in, in that order."""
    room = Room.at(package / "__init__.py")
    homes = {
        name: package / f"{home}.py"
        for home, names in _value(room, "_homes").items()
        for name in names
    }
    homes |= {"Localized": package.parent / "translation.py"}
    for name in _value(room, "_modules"):
        homes.setdefault(name, _file(package / name))
    homes |= {
        name: _file(package.parent.joinpath(*module.split(".")[1:]))
        for name, module in _imports(room).items()
    }
    return {name: _origin(name, homes[name]) for name in _value(room, "__all__")}


def _origin(name: str, path: Path) -> Path:
    """The file that defines a name, where this one only imports it from another of ours."""
    room = Room.at(path)
    module = _imports(room).get(name, "")
    if name in room.definitions or not module:
        return path
    return _origin(name, _file(ROOT.joinpath(*module.split("."))))


def _file(module: Path) -> Path:
    """The file of a module, or of a package."""
    return module / "__init__.py" if module.is_dir() else module.with_suffix(".py")


def _value(room: Room, name: str) -> Any:
    node = room.definitions.get(name)
    value = getattr(node, "value", None)
    return ast.literal_eval(value) if value is not None else {}


def _imports(room: Room) -> dict[str, str]:
    """Names that a package imports of its modules outright, and the modules."""
    found: dict[str, str] = {}
    for node in room.tree.body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("aigc_studio"):
            found |= {each.name: str(node.module) for each in node.names}
    return found


# Signatures


def arguments(function: ast.FunctionDef, *, bound: bool) -> list[str]:
    """The arguments of a function as they are written, without `self`."""
    told = function.args
    plain = [*told.posonlyargs, *told.args]
    defaults: list[ast.expr | None] = [None] * (len(plain) - len(told.defaults))
    words = [_argument(a, d) for a, d in zip(plain, [*defaults, *told.defaults], strict=True)]
    words = words[1:] if bound and not has(function, "staticmethod") else words
    if told.vararg:
        words.append(f"*{_argument(told.vararg, None)}")
    elif told.kwonlyargs:
        words.append("*")
    words += [_argument(a, d) for a, d in zip(told.kwonlyargs, told.kw_defaults, strict=True)]
    return words + ([f"**{_argument(told.kwarg, None)}"] if told.kwarg else [])


def _argument(argument: ast.arg, default: ast.expr | None) -> str:
    kind = f": {source(argument.annotation)}" if argument.annotation else ""
    equals = " = " if kind else "="
    return argument.arg + kind + (f"{equals}{source(default)}" if default else "")


def source(node: ast.AST | None) -> str:
    """An expression as it is written; empty for none."""
    return ast.unparse(node).replace("'", '"') if node else ""


def call(name: str, words: list[str], returns: str = "") -> str:
    """A signature on one line, or on a line for each argument."""
    arrow = f" -> {returns}" if returns else ""
    line = f"{name}({', '.join(words)}){arrow}"
    if len(line) <= WIDTH:
        return line
    return "\n".join([f"{name}(", *(f"    {each}," for each in words), f"){arrow}"])


def has(node: ast.FunctionDef | ast.ClassDef, decorator: str) -> bool:
    """Whether a decorator of this name stands over it."""
    return any(decorator in source(each) for each in node.decorator_list)


def fields(node: ast.ClassDef, room: Room) -> list[str]:
    """The fields of a dataclass with those of the classes that it extends, as arguments."""
    known: dict[str, str] = {}
    for each in (*reversed(bases(node, room)), node):
        for part in each.body:
            if isinstance(part, ast.AnnAssign) and "ClassVar" not in source(part.annotation):
                name = source(part.target)
                if not name.startswith("_"):
                    known[name] = f"{name}: {source(part.annotation)}{_default(part.value)}"
    needed = [each for each in known.values() if " = " not in each]
    star = ["*"] if any("kw_only=True" in source(each) for each in node.decorator_list) else []
    return star + needed + [each for each in known.values() if each not in needed]


def _default(value: ast.expr | None) -> str:
    if value is None:
        return ""
    factory = re.search(r"default_factory=([^)]+)", source(value))
    empty = {"dict": "{}", "list": "[]", "tuple": "()"}
    if not factory:
        return f" = {source(value)}"
    return f" = {empty.get(factory[1], f'{factory[1]}()')}"


def bases(node: ast.ClassDef, room: Room) -> list[ast.ClassDef]:
    """The classes of the same module that a class extends, nearest first."""
    found: list[ast.ClassDef] = []
    for base in node.bases:
        name = source(base).partition("[")[0]
        there = room.definitions.get(name)
        if isinstance(there, ast.ClassDef):
            found += [there, *bases(there, room)]
    return found

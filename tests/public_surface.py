"""Everything that a plugin may rely on, written out: `python tests/public_surface.py`.

What is public is what `api.__all__` names, with the fields, methods and values of each, and the
names of the toolkit. It stands in `public_surface.txt`, so that a change of it is seen, and meant:
what is taken away or renamed goes through `api/deprecations.py` first.
"""

import enum
import inspect
from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from aigc_studio import api, toolkit
from aigc_studio.toolkit import sequences

KEPT = Path(__file__).parent / "api" / "public_surface.txt"


def surface() -> str:
    """The whole of it as text, one thing a line."""
    lines: list[str] = []
    for name in sorted(api.__all__):
        lines += [f"api.{line}" for line in _described(name, getattr(api, name))]
    lines += [f"toolkit.{name}" for name in sorted(toolkit.__all__)]
    lines += [f"toolkit.sequences.{name}" for name in sorted(sequences.__all__)]
    return "\n".join(lines) + "\n"


def _described(name: str, value: Any) -> Iterator[str]:
    if inspect.isclass(value):
        kinds = [each.__name__ for each in value.__mro__[1:] if each.__module__ != "builtins"]
        yield f"{name}: class" + (f" of {', '.join(kinds)}" if kinds else "")
        yield from (f"{name}.{line}" for line in _members(value))
    elif inspect.isroutine(value):
        yield f"{name}{_signature(value)}"
    else:
        yield f"{name} = {_plain(value)}"


def _members(kind: type) -> Iterator[str]:
    own = {name: inspect.getattr_static(kind, name) for name in dir(kind) if name[0] != "_"}
    if is_dataclass(kind):
        for field in fields(kind):
            own.pop(field.name, None)
            yield f"{field.name}: {field.type}{_default(field)}"
    elif "__init__" in vars(kind):
        yield f"__init__{_signature(vars(kind)['__init__'])}"
    for name, member in own.items():
        home = next(each for each in kind.__mro__ if name in vars(each))
        if not home.__module__.startswith("aigc_studio"):
            continue  # pydantic's own
        if isinstance(member, cached_property | property):
            reader = member.func if isinstance(member, cached_property) else member.fget
            assert reader is not None
            yield f"{name} -> {_plain(inspect.signature(reader).return_annotation)}"
        elif isinstance(member, classmethod | staticmethod) or inspect.isroutine(member):
            yield f"{name}{_signature(getattr(member, '__func__', member))}"
        else:
            yield f"{name} = {_plain(member)}"


def _default(field: Any) -> str:
    if field.default is not MISSING:
        return f" = {_plain(field.default)}"
    if field.default_factory is not MISSING:
        return f" = {field.default_factory.__name__}()"
    return ""


def _signature(function: Any) -> str:
    told = inspect.signature(function)
    found, star = [], False
    for each in told.parameters.values():
        if each.kind is each.KEYWORD_ONLY and not star:
            found.append("*")
        star = star or each.kind in (each.KEYWORD_ONLY, each.VAR_POSITIONAL)
        kind = "" if each.annotation is each.empty else f": {_plain(each.annotation)}"
        value = "" if each.default is each.empty else f" = {_plain(each.default)}"
        found.append(f"{each.name}{kind}{value}")
    back = "" if told.return_annotation is told.empty else f" -> {_plain(told.return_annotation)}"
    return f"({', '.join(found)}){back}"


def _plain(value: Any) -> str:
    """A value as the same words on every machine and Python."""
    if isinstance(value, str):
        return value or '""'
    if isinstance(value, type):
        return value.__name__
    if isinstance(value, enum.Enum):
        return value.name
    words = str(value).replace("typing.", "").replace("collections.abc.", "")
    return " ".join(words.replace("aigc_studio.api.", "").split())


if __name__ == "__main__":
    KEPT.write_text(surface(), encoding="utf-8")

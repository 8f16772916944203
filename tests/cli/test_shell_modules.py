"""How the modules of the shell stand on each other."""

import ast
import graphlib
from collections.abc import Iterator
from pathlib import Path

from aigc_studio import cli

ROOM = Path(cli.__path__[0])


def module_name(path: Path) -> str:
    """As it is imported: `aigc_studio.cli.plugins.new`, or `aigc_studio.cli.plugins`."""
    parts = ("aigc_studio", "cli", *path.relative_to(ROOM).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(path: Path, names: set[str]) -> Iterator[str]:
    """The modules of the shell that one of them imports, at its top, in functions and for types."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            whole = {f"{node.module}.{each.name}" for each in node.names} & names
            yield from whole or {node.module} & names


def test_imports_within_the_shell_go_one_way() -> None:
    paths = {module_name(each): each for each in ROOM.rglob("*.py") if each.parent != ROOM}
    paths |= {module_name(each): each for each in ROOM.glob("[!_]*.py")}
    graph = {name: set(imported(path, set(paths))) for name, path in paths.items()}
    assert len(graph) > 30
    assert "aigc_studio.cli.choosing" in graph["aigc_studio.cli.plugins.listing"]
    graphlib.TopologicalSorter(graph).prepare()  # raises CycleError

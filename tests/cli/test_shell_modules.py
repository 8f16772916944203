"""How the modules of the shell stand on each other."""

import ast
import graphlib
from collections.abc import Iterator
from pathlib import Path

from aigc_studio import cli

ROOM = "aigc_studio.cli"


def imported(path: Path, names: set[str]) -> Iterator[str]:
    """The modules of the shell that one of them imports, at its top, in functions and for types."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == ROOM:
            yield from (each.name for each in node.names if each.name in names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{ROOM}."):
            yield str(node.module).removeprefix(f"{ROOM}.")


def test_imports_within_the_shell_go_one_way() -> None:
    paths = {each.stem: each for each in Path(cli.__path__[0]).glob("[!_]*.py")}
    graph = {name: set(imported(path, set(paths))) for name, path in paths.items()}
    assert len(graph) > 20
    graphlib.TopologicalSorter(graph).prepare()  # raises CycleError

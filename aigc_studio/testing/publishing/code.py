"""A plugin's own code, read and not run: what it imports, and what it reaches for."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from aigc_studio.host import PluginRecord, stamps
from aigc_studio.wire.places import own_code

NETWORK = frozenset(
    ("socket", "urllib.request", "http.client", "ftplib", "smtplib", "requests", "httpx", "aiohttp",
     "urllib3", "websockets", "huggingface_hub", "openai", "anthropic")
)  # fmt: skip
"""Modules whose import says that a network is reached for."""
PROGRAMS = frozenset(("subprocess", "os.system", "os.popen", "os.execv", "os.spawnv", "pexpect"))
FILES = frozenset(("Path.home", "os.path.expanduser", "expanduser", "path.expanduser"))


@dataclass
class Code:
    """What stands in the files of a plugin: `imports` are whole names of modules, `optional` those
    that it does without, `reaches` maps `network`, `files` and `programs` to the first place."""

    files: list[Path] = field(default_factory=list)
    imports: dict[str, str] = field(default_factory=dict)
    optional: set[str] = field(default_factory=set)
    reaches: dict[str, str] = field(default_factory=dict)

    @property
    def packages(self) -> dict[str, str]:
        """What it must find elsewhere: the first name of each import, and where it stands."""
        own = {path.stem for path in self.files} | {path.parent.name for path in self.files}
        known = own | set(sys.stdlib_module_names) | {"aigc_studio"}
        found: dict[str, str] = {}
        for name, place in self.imports.items():
            first = name.partition(".")[0]
            if first not in known and first not in self.optional:
                found.setdefault(first, place)
        return found


def code_of(record: PluginRecord) -> Code:
    """Read the plugin's files; what cannot be read, or is no Python, is passed over."""
    root = own_code(record.source.to_json(), record.home)
    code = Code([each for each in stamps.code_of(record.source) if not _is_test(each, root)])
    for file in code.files:
        try:
            tree = ast.parse(file.read_bytes())
        except (OSError, SyntaxError, ValueError):
            continue
        _look(code, tree, file.name)
    return code


def _is_test(file: Path, root: Path) -> bool:
    """Whether it is no part of what runs in the studio."""
    file = file.resolve()
    parts = file.relative_to(root).parts if file.is_relative_to(root) else ()
    return "tests" in parts[:-1] or file.name.startswith("test_")


def _look(code: Code, tree: ast.AST, file: str) -> None:
    tried = {id(each) for node in ast.walk(tree) if _is_guard(node) for each in ast.walk(node)}
    for node in ast.walk(tree):
        place = f"{file}, {getattr(node, 'lineno', 0)}"
        for name in _imported(node):
            code.imports.setdefault(name, place)
            if id(node) in tried:
                code.optional.add(name.partition(".")[0])
            _note(code, name, place)
        if isinstance(node, ast.Attribute):
            _note(code, ast.unparse(node), place)


def _note(code: Code, name: str, place: str) -> None:
    for kind, names in {"network": NETWORK, "programs": PROGRAMS, "files": FILES}.items():
        if name in names or (kind != "files" and name.partition(".")[0] in names):
            code.reaches.setdefault(kind, f"{name} ({place})")


def _imported(node: ast.AST) -> Iterator[str]:
    """The whole names of the modules that a statement imports."""
    if isinstance(node, ast.Import):
        yield from (each.name for each in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        yield node.module
        yield from (f"{node.module}.{each.name}" for each in node.names)


def _is_guard(node: ast.AST) -> bool:
    """A `try` that does without what it cannot import, or an `if TYPE_CHECKING`."""
    if isinstance(node, ast.If):
        return "TYPE_CHECKING" in ast.unparse(node.test)
    if not isinstance(node, ast.Try):
        return False
    caught = [ast.unparse(each.type) if each.type else "" for each in node.handlers]
    return any(not each or "ImportError" in each or "ModuleNotFound" in each for each in caught)

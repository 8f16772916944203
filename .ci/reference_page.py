"""A page of the reference as Markdown: entries for names, and where a browser finds them."""

from __future__ import annotations

import argparse
import ast
import re
from collections.abc import Iterator
from pathlib import Path

from signatures import Room, arguments, bases, call, exported, fields, has, source


class Page:
    """The text of a page; names in backticks become links to where they are told of."""

    def __init__(self, file: str, title: str, lead: str, anchors: dict[str, str]) -> None:
        self.file, self.anchors = file, anchors
        self.lines = [f"# {title}", "", lead, ""]

    def group(self, title: str) -> None:
        """Begin a group of entries."""
        self.lines += [f"## {title}", ""]

    def entry(self, name: str, path: Path) -> None:
        """All that is public of a name."""
        room = Room.at(path)
        node = room.definitions.get(name)
        self.lines += [f"### {name}", ""]
        if isinstance(node, ast.FunctionDef):
            ways = room.overloads.get(name, [node])
            calls = [call(name, arguments(way, bound=False), source(way.returns)) for way in ways]
            self.code("\n".join(calls))
            self.say(ast.get_docstring(node) or "")
        elif isinstance(node, ast.ClassDef):
            self.of_class(name, node, room)
        elif node is not None:
            value = source(node.value)
            self.code(f"{name} = {value if len(value) < 200 else '…'}")
            self.say(room.told.get(name, ""))

    def module(self, path: Path) -> None:
        """A module that is public as a whole, or a package with an `__all__` of its own."""
        room = Room.at(path)
        self.say(room.document())
        if "__all__" in room.definitions:
            for name, home in exported(path.parent).items():
                self.entry(name, home)
            return
        for name, node in room.definitions.items():
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not name.startswith("_"):
                self.entry(name, path)

    def hooks(self, path: Path) -> None:
        """The functions that a plugin may have."""
        spec = Room.at(path).definitions["GeneratorSpec"]
        assert isinstance(spec, ast.ClassDef)
        self.say(
            f"{ast.get_docstring(spec)} That is `GeneratorSpec`; `describe` alone must be there."
        )
        for hook in spec.body:
            if isinstance(hook, ast.FunctionDef):
                self.lines += [f"### {hook.name}", ""]
                self.code(call(hook.name, arguments(hook, bound=True), source(hook.returns)))
                self.say(ast.get_docstring(hook) or "")

    def command(self, name: str, parser: argparse.ArgumentParser) -> None:
        """A command of the shell: what comes after it, and its flags."""
        self.lines += [f"### aigc-studio {name}", ""]
        self.say(f"{(parser.description or '').capitalize()}.")
        for action in parser._actions:
            if set(action.option_strings) & {"--json", "--traceback", "--help"}:
                continue
            value = action.metavar or action.dest.upper()
            if action.choices and not action.metavar:
                value = "|".join(map(str, action.choices))
            flags = " ".join(action.option_strings)
            takes = "" if action.nargs == 0 else str(value)
            said = f" — {action.help}" if action.help else ""
            self.lines.append(f"- `{' '.join(filter(None, (flags, takes)))}`{said}")
        self.lines.append("")

    def of_class(self, name: str, node: ast.ClassDef, room: Room) -> None:
        """Its constructor, its docstring with that of what it extends, its methods."""
        own = [part for part in node.body if isinstance(part, ast.FunctionDef)]
        maker = next((part for part in own if part.name == "__init__"), None)
        if has(node, "dataclass"):
            self.code(call(name, fields(node, room)))
        elif maker is not None:
            self.code(call(name, arguments(maker, bound=True)))
        self.say(ast.get_docstring(node) or "")
        for base in bases(node, room):
            if base.name in self.anchors:
                self.say(f"All that `{base.name}` has is there as well.")
        for base in (node, *(each for each in bases(node, room) if each.name[0] == "_")):
            methods = [part for part in base.body if isinstance(part, ast.FunctionDef)]
            for method in methods:
                if not method.name.startswith("_"):
                    self.method(name, method)

    def method(self, owner: str, method: ast.FunctionDef) -> None:
        """One line for a method or a property, and its docstring below."""
        returns = source(method.returns)
        if has(method, "property"):
            words = f"{owner}.{method.name}: {returns}"
        else:
            words = call(f"{owner}.{method.name}", arguments(method, bound=True), returns)
            words = " ".join(words.split()).replace("( ", "(").replace(", )", ")")
        first, *rest = (ast.get_docstring(method) or "").split("\n\n")
        self.lines += [f"- `{words}`  "]
        told = self.linked("\n\n".join([" ".join(first.split()), *rest]))
        self.lines += [f"  {line}".rstrip() for line in told.splitlines()]
        self.lines.append("")

    def code(self, words: str) -> None:
        """A signature."""
        self.lines += ["```python", words, "```", ""]

    def say(self, document: str) -> None:
        """A docstring, if there is one."""
        if document:
            self.lines += [self.linked(document), ""]

    def linked(self, words: str) -> str:
        """The words with links where they name what has an entry."""

        def link(match: re.Match[str]) -> str:
            name = match[1].partition(".")[0]
            # A plain word, as `edit` or `sample`, mostly means something else than what it names.
            is_plain = name.islower() and "_" not in name
            place = "" if is_plain else self.anchors.get(name, "")
            return f"[`{match[1]}`]({place.removeprefix(self.file)})" if place else match[0]

        return re.sub(r"(?<!`)`([A-Za-z_][\w.]*)`(?!`)", link, words)

    def __str__(self) -> str:
        return "\n".join(self.lines).rstrip() + "\n"


def slugs(text: str) -> Iterator[tuple[str, str]]:
    """Each heading of a page, and the anchor that a browser goes to for it."""
    seen: dict[str, int] = {}
    fenced = False
    for line in text.splitlines():
        fenced ^= line.lstrip().startswith("```")
        if fenced or not re.match(r"#+ ", line):
            continue
        title = line.lstrip("#").strip()
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", title)
        slug = re.sub(r"[^\w\- ]", "", words).lower().replace(" ", "-")
        seen[slug] = seen.get(slug, -1) + 1
        yield title, f"{slug}-{seen[slug]}" if seen[slug] else slug

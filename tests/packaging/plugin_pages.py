"""The pages for plugin authors as tests read them: code, links, and what a shell prints."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "plugins"
GENERATED = ("reference.md", "toolkit.md")

_block = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)
_link = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")


@dataclass(frozen=True)
class Block:
    """A block of code: `python`, `text` and `toml` may name their file in the first line."""

    kind: str
    body: str

    @property
    def file(self) -> str:
        """The file that it is, where its first line is nothing but `# its name`."""
        first = re.match(r"# (?:add to )?([\w./-]+\.\w+)\n", self.body)
        return first[1] if first else ""

    @property
    def is_more(self) -> bool:
        """Whether it is added to a file that is there."""
        return self.body.startswith("# add to ")

    def content(self) -> str:
        """What stands in the file: of what is no code, the line with the name is none of it."""
        return self.body if self.kind in ("python", "toml") else self.body.partition("\n")[2]


def pages() -> list[Path]:
    """Every page for authors, those of the examples too."""
    return sorted(FOLDER.rglob("*.md"))


def name_of(page: Path) -> str:
    """A page as a test is called after it."""
    return page.relative_to(FOLDER).as_posix()


def blocks(page: Path) -> list[Block]:
    """The blocks of code of a page, in order."""
    return [Block(*found) for found in _block.findall(page.read_text("utf-8"))]


def links(page: Path) -> Iterator[str]:
    """Where a page's links lead that stay in this repository."""
    prose = _block.sub("", page.read_text("utf-8"))
    for target in _link.findall(prose):
        if "://" not in target and not target.startswith("mailto:"):
            yield target


def anchors(page: Path) -> set[str]:
    """The places of a page that a link can name."""
    found: dict[str, int] = {}
    for line in _block.sub("", page.read_text("utf-8")).splitlines():
        if re.match(r"#+ ", line):
            title = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", line.lstrip("#").strip())
            slug = re.sub(r"[^\w\- ]", "", title).lower().replace(" ", "-")
            found[slug] = found.get(slug, -1) + 1
    return {slug + (f"-{n}" if n else "") for slug, most in found.items() for n in range(most + 1)}


def commands(body: str) -> Iterator[tuple[list[str], str]]:
    """The commands of a console block as words, each with what it should print."""
    for part in re.split(r"^\$ ", body, flags=re.M)[1:]:
        line, _end, printed = part.partition("\n")
        yield shlex.split(line, comments=True), printed.strip("\n")


def is_like(printed: str, told: str) -> bool:
    """Whether a command printed what a page tells; what is not told at all may be anything.

    `…` stands for anything, and in a line of its own for any lines, or none.
    """
    pattern = "".join(
        "(?:.*\n)*" if line.strip() == "…" else ".*?".join(map(re.escape, line.split("…"))) + "\n"
        for line in map(str.rstrip, told.splitlines())
    )
    plain = "".join(f"{line.rstrip()}\n" for line in printed.strip("\n").splitlines())
    return not told or re.fullmatch(pattern, plain) is not None

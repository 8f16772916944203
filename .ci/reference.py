"""Write the reference pages of docs/plugins from the source: signatures, fields, docstrings.

Without flags it checks and says which page is out of date; `--update` writes them.
"""

from __future__ import annotations

import argparse
import ast
import itertools
import re
import sys
from pathlib import Path

from reference_page import Page, slugs
from signatures import Room, exported

ROOT = Path(__file__).resolve().parent.parent
STUDIO = ROOT / "aigc_studio"
FOLDER = ROOT / "docs" / "plugins"

GROUPS = {
    "Hooks": ("hookimpl", "API_VERSION"),
    "What a generator says of itself": (
        "Description", "Operation", "Control", "Controls", "Measure", "Starter", "Piece",
        "Localized",
    ),
    "Parameters": ("Parameters", "parameter"),
    "Requests": (
        "Request", "GenerateRequest", "EditRequest", "TrainRequest", "EvaluateRequest"),
    "Events": (
        "Action", "Event", "Progress", "Metric", "Preview", "Partial", "Candidate", "Checkpoint",
        "Message", "Annotation",
    ),
    "Artifacts": (
        "Artifact", "Medium", "Image", "Text", "Melody", "Note", "Tempo", "Metre", "KeySignature",
    ),
    "Selections": ("Selection", "Mask", "Span", "Bars"),
    "Data to learn from": ("Dataset", "Example", "Attribute"),
    "Models": ("save_model", "load_model"),
    "Errors": ("StudioError", "GeneratorError"),
}  # fmt: skip
"""The names of `api.__all__` as they stand on the page; any other comes at its end."""

API_LEAD = """All that a plugin may import from `aigc_studio.api`, what the conformance kit
offers in `aigc_studio.testing`, the limits, and the commands that an author uses. Made from the
source by `make reference`. The toolkit has a [page of its own](toolkit.md); rules that hold beyond
signatures are in [rules.md](rules.md)."""

TOOLKIT_LEAD = """Help that any plugin may use, and none must: `from aigc_studio import toolkit`.
Nothing is imported before it is asked for, so that naming the toolkit imports no torch. Made from
the source by `make reference`; what a plugin stands on without it is in
[reference.md](reference.md)."""

TESTING_LEAD = "`from aigc_studio.testing import …`. What each check asks: [checks.md](checks.md)."
LIMITS_LEAD = "What the studio takes in: more is refused in a sentence, and words are cut."
SHELL_LEAD = """Each has `--json` (one document), `--traceback` and `--help`. Status 0 is done,
2 cannot be done, 1 broke."""


def api_page(anchors: dict[str, str]) -> Page:
    """The plugin interface."""
    page = Page("reference.md", "Reference", API_LEAD, anchors)
    homes = exported(STUDIO / "api") | {"Request": STUDIO / "api" / "requests.py"}
    told = {"GeneratorSpec", *itertools.chain(*GROUPS.values())}
    for title, names in GROUPS.items():
        page.group(title)
        if title == "Hooks":
            page.hooks(homes["GeneratorSpec"])
        for name in names:
            page.entry(name, homes[name])
    if left := [name for name in homes if name not in told]:
        page.group("More")
        for name in left:
            page.entry(name, homes[name])
    page.group("Testing")
    page.say(TESTING_LEAD)
    for name, path in exported(STUDIO / "testing").items():
        page.entry(name, path)
    limits(page)
    shell(page)
    return page


def toolkit_page(anchors: dict[str, str]) -> Page:
    """The toolkit, in the order of its `__all__`."""
    page = Page("toolkit.md", "Toolkit", TOOLKIT_LEAD, anchors)
    modules = []
    page.group("Names")
    for name, path in exported(STUDIO / "toolkit").items():
        if name in Room.at(path).definitions:
            page.entry(name, path)
        else:
            modules.append((name, path))
    for name, path in modules:
        page.group(name)
        page.module(path)
    return page


def limits(page: Page) -> None:
    """The table of limits, in the file's own groups."""
    room = Room.at(STUDIO / "api" / "limits.py")
    page.group("Limits")
    page.say(LIMITS_LEAD)
    page.lines += ["| limit | is | of what |", "|---|---|---|"]
    for name, node in room.definitions.items():
        assert isinstance(node, ast.Assign)
        number = eval(compile(ast.Expression(node.value), "limits", "eval"))
        page.lines.append(f"| `{name}` | {number:,} | {room.told[name]} |")
    page.lines.append("")


def shell(page: Page) -> None:
    """The commands that an author uses, with the words that their own help has."""
    from aigc_studio.cli.parser import build_parser
    from aigc_studio.translation import set_language

    set_language("en")
    commands = _parts(build_parser())
    page.group("Commands")
    page.say(SHELL_LEAD)
    for name, parser in _parts(commands["plugins"]).items():
        page.command(f"plugins {name}", parser)
    for name in ("generate", "edit", "train", "evaluate"):
        page.command(name, commands[name])


def _parts(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    return next(
        dict(each.choices)
        for each in parser._actions
        if isinstance(each, argparse._SubParsersAction)
    )


PAGES = {"reference.md": api_page, "toolkit.md": toolkit_page}


def pages() -> dict[str, str]:
    """The text of each generated page by its file's name."""
    anchors: dict[str, str] = {}
    for file, make in PAGES.items():
        for title, slug in slugs(str(make({}))):
            if re.fullmatch(r"\w+", title):
                anchors.setdefault(title, f"{file}#{slug}")
    return {file: str(make(anchors)) for file, make in PAGES.items()}


def problems() -> list[str]:
    """The pages that are not what the source says."""
    return [
        f"docs/plugins/{file} is out of date: run `make reference`"
        for file, text in pages().items()
        if not (FOLDER / file).exists() or (FOLDER / file).read_text("utf-8") != text
    ]


def main() -> int:
    """Check, or write with `--update`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--update", action="store_true", help="write the pages")
    if parser.parse_args().update:
        for file, text in pages().items():
            (FOLDER / file).write_text(text, "utf-8")
    found = problems()
    print("\n".join(found) or "The reference is up to date.")  # noqa: T201
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

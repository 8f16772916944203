"""Commands on all pages are ones that there are: their flags, generators, operations, controls,
models and packs, the targets of the Makefile, the scripts. (The pages for authors are run as well.)
"""

import argparse
import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from plugin_pages import ROOT

from aigc_studio.api import Description
from aigc_studio.cli import asking, model_choice, steering
from aigc_studio.cli.choosing import settle_words
from aigc_studio.cli.parser import build_parser
from aigc_studio.host import PluginRecord, PluginSource
from aigc_studio.library import PackStore
from aigc_studio.worker.plugin import join

PAGES = sorted(
    page
    for pattern in ("*.md", "docs/*.md", "docs/plugins/**/*.md", "plugins/*/*.md", "tests/*/*.md")
    for page in ROOT.glob(pattern)
    if page.name != "decisions.md"  # it tells of what was
)
BUILT_IN = ("gan-digits", "vae-faces", "rnn-text", "rnn-melody")
VERBS = ("train", "generate", "edit", "evaluate")
_block = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)
_named = re.compile(
    r"`((?:aigc-studio|make|python tests/|python \.ci/|plugins|data|models)[ `][^`]*)`"
)
_line = re.compile(r"(?:\$ )?((?:aigc-studio|make|python|torchrun) .*)")


def written_out(page: Path) -> list[list[str]]:
    """The commands of the blocks of code, to be typed as they stand there."""
    found = []
    for _kind, body in _block.findall(page.read_text("utf-8")):
        for line in body.replace("\\\n", " ").splitlines():
            if command := _line.fullmatch(line.strip()):
                found.append(shlex.split(command[1], comments=True))
    return found


def mentioned(page: Path) -> list[list[str]]:
    """The commands that sentences name, with words such as NAME in them, of several the first."""
    prose = _block.sub("", page.read_text("utf-8"))
    return [re.split(r" \||\[", each)[0].split() for each in _named.findall(prose)]


def of(first: str, commands: list[list[str]]) -> Iterator[list[str]]:
    """What stands behind the first word."""
    for words in commands:
        if words and words[0] == first:
            yield words[1:]
        elif first == "aigc-studio" and words[0] == "torchrun":
            yield words[words.index("aigc_studio") + 1 :]


@cache
def record(generator: str) -> PluginRecord:
    """A built-in generator, as it describes itself."""
    source = PluginSource("entry_point", generator, generator.replace("-", "_"))
    about = Description.from_json(join(source.to_json()).document)
    return PluginRecord(source, "ready", about)


def parsed(words: list[str]) -> argparse.Namespace:
    """As the shell takes them; raises `StudioError`."""
    arguments, rest = build_parser().parse_known_args(words)
    arguments.rest, arguments.words, arguments.sources = rest, words, []
    settle_words(arguments)
    if not getattr(arguments, "takes_parameters", False):
        assert arguments.rest == []
    return arguments


def check_meaning(arguments: argparse.Namespace, verb: str) -> None:
    """The generator, the operation, its parameters, the model and its controls are there."""
    generator = getattr(arguments, "generator", None) or getattr(arguments, "model", "")
    if generator not in BUILT_IN:
        return
    made = record(generator)
    about = asking.describe(made)
    operation = asking.find_operation(about, verb, arguments.operation)
    asking.parse_parameters(operation, arguments)
    if verb in ("generate", "edit"):
        model = model_choice.model_of(arguments, made, operation)
        steering.parse_controls(arguments, about, operation, model)


def names(pages: list[Path]) -> list[Any]:
    return [pytest.param(page, id=page.relative_to(ROOT).as_posix()) for page in pages]


@pytest.mark.parametrize("page", names([each for each in PAGES if written_out(each)]))
def test_what_is_to_be_typed_is_understood(page: Path) -> None:
    for words in of("aigc-studio", written_out(page)):
        arguments = parsed(words)
        if words[0] in VERBS:
            check_meaning(arguments, words[0])
        if words[:2] == ["data", "fetch"]:
            PackStore().find(arguments.pack)


@cache
def flags(path: tuple[str, ...]) -> set[str] | None:
    """The flags of a command, or those of a part of it; None where there is no such command."""
    parser: argparse.ArgumentParser = build_parser()
    for word in path:
        (group,) = (
            each for each in parser._actions if isinstance(each, argparse._SubParsersAction)
        )
        if word not in group.choices:
            return None
        parser = group.choices[word]
    return {flag for action in parser._actions for flag in action.option_strings}


@pytest.mark.parametrize("page", names([each for each in PAGES if mentioned(each)]))
def test_what_is_named_is_there(page: Path) -> None:
    for words in mentioned(page):
        if words[0] == "aigc-studio":
            words = words[1:]
        if not words or words[0] not in ("plugins", "data", "models", "tour", *VERBS):
            continue
        depth = 2 if words[0] in ("plugins", "data", "models") else 1
        if len(words) < depth or not re.fullmatch("[a-z]+", words[depth - 1]):
            continue
        known = flags(tuple(words[:depth]))
        assert known is not None, words
        assert {each for each in words if each.startswith("--")} - known == set(), words


@pytest.mark.parametrize("page", names(PAGES))
def test_targets_and_scripts_are_there(page: Path) -> None:
    text = page.read_text("utf-8")
    told = "\n".join(
        [*(body for kind, body in _block.findall(text) if kind != "python"), *_named.findall(text)]
    )
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for name in re.findall(r"(?:^| )make ([a-z]+)", told, re.M):
        assert re.search(rf"^{name}:", makefile, re.M), name
    for words in of("python", [*written_out(page), *mentioned(page)]):
        if words[0].endswith(".py"):
            script = (ROOT / words[0]).read_text("utf-8")
            assert [each for each in words if each.startswith("--") and each not in script] == []


@pytest.mark.parametrize("name", BUILT_IN)
def test_the_page_of_a_built_in_plugin_names_all_its_rooms_and_no_others(name: str) -> None:
    folder = ROOT / "plugins" / name.replace("-", "_")
    page = (folder / "README.md").read_text("utf-8")
    (table,) = re.findall(r"^\| (?:module|room) \|.*?(?=\n\n)", page, re.M | re.S)
    named = {
        each for row in table.splitlines() for each in re.findall(r"`([a-z_]+(?:\.py|/))`", row)
    }
    modules = {each.name for each in folder.glob("*.py")} - {"__init__.py"}
    rooms = {f"{each.parent.name}/" for each in folder.glob("*/__init__.py")}
    assert named == modules | rooms

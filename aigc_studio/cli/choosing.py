"""Which generator a command asks: the one named, or that of `--plugin PATH`."""

from __future__ import annotations

import argparse
import contextlib
import os
import shlex
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from aigc_studio.api.errors import StudioError
from aigc_studio.cli.orphans import orphaned
from aigc_studio.translation import _

if TYPE_CHECKING:
    from aigc_studio.host import PluginRecord, PluginSource, Registry


def plugin_flag(parser: argparse.ArgumentParser) -> None:
    """`--plugin PATH`: a plugin that is not installed, for this command."""
    parser.add_argument(
        "--plugin",
        default="",
        metavar="PATH",
        help=_("a plugin's file, folder or project, which comes before all that are installed"),
    )


def settle_words(arguments: argparse.Namespace) -> None:
    """Give the flags of a plugin's parameters their values, and the generator its name.

    argparse does not know these flags: of `--depth 3 markov` it takes the 3 for the generator.
    """
    key = _key(arguments)
    if not key:
        return
    named = getattr(arguments, key) or None
    rest = list(arguments.rest)
    if named is not None and (place := _flag_before(named, rest, arguments.words)) is not None:
        rest.insert(place + 1, named)
        named = None
    if named is None:
        bare = next(_bare(rest), None)
        named = None if bare is None else rest.pop(bare)
    setattr(arguments, key, named or "")
    arguments.rest = rest


def _key(arguments: argparse.Namespace) -> str:
    """What the command calls the word that names a generator, or a model of one; empty without."""
    if hasattr(arguments, "generator"):
        return "generator"
    return "model" if arguments.command == "evaluate" else ""


def _flag_before(word: str, rest: Sequence[str], words: Sequence[str]) -> int | None:
    """Where in `rest` the flag without a value is that stands before this word."""
    for place, flag in enumerate(rest):
        takes = flag.startswith("--") and "=" not in flag
        is_alone = rest[place + 1 : place + 2] != [word]
        stands_before = any(words[n : n + 2] == [flag, word] for n in range(len(words)))
        if takes and is_alone and stands_before:
            return place
    return None


def _bare(rest: Sequence[str]) -> Iterator[int]:
    """The places of the words that are no flag, nor a flag's value."""
    takes = False
    for place, word in enumerate(rest):
        if not takes and not word.startswith("-"):
            yield place
        takes = not takes and word.startswith("--") and "=" not in word


def open_registry() -> Registry:
    """The plugins, described afresh where something is new."""
    from aigc_studio.host import Registry

    registry = Registry()
    registry.load_cached()
    registry.refresh()
    return registry


def find_generator(name: str) -> PluginRecord:
    """The plugin with this id. Raises `StudioError` that says which there are.

    Where models of it are here and it is not, it says what to install.
    """
    from aigc_studio.host import Registry

    registry = Registry()
    try:
        return registry.find(name)
    except StudioError as error:
        sentence = orphaned(registry, name)
        if not sentence:
            raise
        raise StudioError(sentence) from error


def chosen(arguments: argparse.Namespace, name: str = "") -> PluginRecord:
    """The plugin that `name` names, or the one of `--plugin PATH`; with `--here` in this process.

    Raises `StudioError`.
    """
    sources = getattr(arguments, "sources", ())
    if arguments.here:
        return _joined(sources, name, quiet=arguments.json)
    return find_generator(name) if name else _first_of(sources)


def _joined(sources: Sequence[PluginSource], name: str, *, quiet: bool) -> PluginRecord:
    """The same, joined in this process."""
    from aigc_studio.cli import here

    if len(sources) == 1:  # so that its import and describe() can be looked into as well
        record = here.joined(sources[0], quiet=quiet)
        if not name or (record.description and name == record.description.id):
            return record
    found = find_generator(name) if name else _first_of(sources)
    return here.joined(found.source, quiet=quiet)


def _first_of(sources: Sequence[PluginSource]) -> PluginRecord:
    """The one usable plugin of those that `--plugin` named. Raises `StudioError`."""
    from aigc_studio.host import Registry

    if not sources:
        raise StudioError(_("Name a generator: see aigc-studio plugins list."))
    return Registry().first_of(sources)


def is_here(record: PluginRecord) -> bool:
    """Whether a record is of a plugin that runs in this very process."""
    return hasattr(record, "plugin")


def words_for(record: PluginRecord, generator: str) -> str:
    """How a next command names the generator of this record."""
    from aigc_studio.host.precedence import named_by as path_of

    path = path_of(record.source)
    if not path:
        return generator
    with contextlib.suppress(ValueError):  # on another drive
        near = os.path.relpath(path)
        path = path if near.startswith("..") else near
    return f"{generator} --plugin {shlex.quote(path)}"

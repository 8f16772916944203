"""Which generator a command asks: the one named, or that of `--plugin PATH`."""

from __future__ import annotations

import argparse
import contextlib
import os
import shlex
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from aigc_studio.api.errors import StudioError
from aigc_studio.translation import _

if TYPE_CHECKING:
    from aigc_studio.host import PluginRecord, PluginSource


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


def chosen(arguments: argparse.Namespace, name: str = "") -> PluginRecord:
    """The plugin that `name` names, or the one of `--plugin PATH`; with `--here` in this process.

    Raises `StudioError`.
    """
    from aigc_studio.cli import asking

    sources = getattr(arguments, "sources", ())
    if arguments.here:
        from aigc_studio.cli import here

        return here.chosen(sources, name, quiet=arguments.json)
    return asking.find_generator(name) if name else named_by(sources)


def named_by(sources: Sequence[PluginSource]) -> PluginRecord:
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
    from aigc_studio.host.plugin_path import named_by as path_of

    path = path_of(record.source)
    if not path:
        return generator
    with contextlib.suppress(ValueError):  # on another drive
        near = os.path.relpath(path)
        path = path if near.startswith("..") else near
    return f"{generator} --plugin {shlex.quote(path)}"

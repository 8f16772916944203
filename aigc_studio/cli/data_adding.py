"""`aigc-studio data add`: files join a dataset that is there."""

from __future__ import annotations

import argparse
from dataclasses import replace

from aigc_studio.api import StudioError
from aigc_studio.cli.console import Console, follow
from aigc_studio.cli.data import found_document, tell_data
from aigc_studio.cli.importing import read_pasted, said_options, tell_found
from aigc_studio.translation import ngettext


def add_files(arguments: argparse.Namespace) -> None:
    """Let files and folders join a dataset, saying what is skipped and why. Raises `StudioError`.

    They are read as those were that it was made of, unless told otherwise.
    """
    from aigc_studio.library import DatasetStore, checks

    console, store = Console(as_json=arguments.json), DatasetStore()
    info = store.info(arguments.name)
    paths = [read_pasted() if str(each) == "-" else each for each in arguments.paths]
    options = replace(store.joining_options(info.name), **said_options(arguments))
    looking = checks.look(paths, info.medium, options, known=store.known(info.name))
    found = follow(looking, console)
    tell_found(found, console)
    if found.problem:
        raise StudioError(found.problem)
    rights = {name: getattr(arguments, name) for name in ("licence", "credit", "source", "consent")}
    added = follow(store.add_files(info.name, paths, options, **rights), console)
    sentence = ngettext("{count} example joined.", "{count} examples joined.", added.examples)
    console.say(sentence.format(count=f"{added.examples:,}"))
    told = {"added": added.examples, "already_there": added.known}
    tell_data(info.name, console, told | found_document(found))

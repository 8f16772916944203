"""Several texts in one file: names a line each, longer ones with an empty line between."""

from __future__ import annotations

import argparse
from contextlib import closing
from typing import TYPE_CHECKING

from aigc_studio.api import Description, StudioError, Text
from aigc_studio.cli import growing, results
from aigc_studio.cli.console import Console
from aigc_studio.cli.wish import Wish
from aigc_studio.translation import _

if TYPE_CHECKING:
    from aigc_studio.project.provenance import Provenance


def is_asked_for(arguments: argparse.Namespace, description: Description) -> bool:
    """Whether `--out` names a file of texts: by its ending, unless it is a folder already.

    Raises `StudioError` for what goes with a folder alone.
    """
    from aigc_studio.project import export

    out = arguments.out
    ends = export.SUFFIXES["text"]
    if description.medium != "text" or out is None or arguments.format or out.is_dir():
        return False
    if out.suffix.lower() not in ends:
        return False
    if arguments.resume:
        sentence = _("--resume goes on in a folder: leave it away, or name a folder with --out.")
        raise StudioError(sentence)
    return True


def write(wish: Wish, arguments: argparse.Namespace, console: Console) -> None:
    """Write all results into the one file, when they are there; after Ctrl+C those that are."""
    first, count = wish.request.seed, wish.request.count
    written = results.Results(console, arguments, count, wish.model)
    texts: list[str] = []
    made: list[Provenance] = []
    stream = growing.wants_stream(arguments)
    with written:
        try:
            with closing(wish.results(console, first, count, stream=stream)) as found:
                for event, stopped in found:
                    texts.append(str(event.artifact))
                    made.append(wish.provenance(event.seed or 0, stopped=stopped))
        finally:
            if texts:
                written.add_together(Text(joined(texts)), arguments.out, made)


def joined(texts: list[str]) -> str:
    """One text of several: a line each where each is a line, else with an empty line between."""
    kept = [each.strip("\n") for each in texts]
    return ("\n\n" if any("\n" in each for each in kept) else "\n").join(kept) + "\n"

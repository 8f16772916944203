"""Results that go where `--out` names a file: texts together, pictures and tunes one by one.

Texts: names a line each, longer ones with an empty line between. Of several pictures or tunes the
second goes to `name-2.png` and so on, as edits do.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from aigc_studio.api import Description, StudioError, Text
from aigc_studio.cli import growing, results
from aigc_studio.cli.console import Console
from aigc_studio.cli.wish import Wish
from aigc_studio.translation import _, enumerated

if TYPE_CHECKING:
    from aigc_studio.project.provenance import Provenance


def is_asked_for(arguments: argparse.Namespace, description: Description) -> bool:
    """Whether `--out` names a file: by its ending, unless it is a folder already.

    Raises `StudioError` for what goes with a folder alone.
    """
    from aigc_studio.project import export

    out = arguments.out
    if out is None or arguments.format or out.is_dir():
        return False
    known = next(ends for each, ends in export.SUFFIXES.items() if each == description.medium)
    suffix, ends = out.suffix.lower(), _ends(arguments, known)
    if suffix not in ends:
        _refuse_another(out, ends, export.SUFFIXES.values())
        return False
    if arguments.resume:
        sentence = _("--resume continues in a folder: leave it out, or name a folder with --out.")
        raise StudioError(sentence)
    if description.medium != "text" and arguments.count > results.SHOWN:
        sentence = _("So many results go into a folder: name one with --out, without {suffix}.")
        raise StudioError(sentence.format(suffix=out.suffix))
    return True


def _refuse_another(out: Path, ends: Sequence[str], known: Iterable[Sequence[str]]) -> None:
    """A folder that is called like a picture is not what was meant."""
    if any(out.suffix.lower() in each for each in known):
        sentence = _("{path} cannot be what is made here: name a folder, or a file in {formats}.")
        raise StudioError(sentence.format(path=out, formats=enumerated(ends)))


def _ends(arguments: argparse.Namespace, known: Sequence[str]) -> Sequence[str]:
    """What a file may end with; an animation's is said already."""
    return [f".{arguments.animation}"] if arguments.animation else known


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

"""`aigc-studio plugins remove`: take a plugin away; what was trained with it stays."""

from __future__ import annotations

import argparse
from typing import Any

from aigc_studio.cli.console import Console
from aigc_studio.cli.plugins.naming import id_of, named
from aigc_studio.translation import _, enumerated


def add(command: Any) -> None:
    """Add the command to those of `plugins`."""
    remove = command("remove", _("take a plugin away; its models stay"), run)
    remove.add_argument("name", metavar="NAME", help=_("see: aigc-studio plugins list"))
    remove.add_argument(
        "--dry-run", action="store_true", help=_("say what would change, and change nothing")
    )


def run(arguments: argparse.Namespace) -> None:
    """Take a plugin away. Raises `StudioError` that says why not."""
    from aigc_studio.api import StudioError
    from aigc_studio.host.packages import removing
    from aigc_studio.library import ModelStore

    console = Console(as_json=arguments.json)
    record = named(arguments.name)
    if sentence := removing.why_not(record.source):
        raise StudioError(sentence)
    models = ModelStore().list(id_of(record))
    moves: list[dict[str, str]] = []
    if not arguments.dry_run:
        removed = removing.remove(record.source)
        moves = [{"from": str(was), "to": str(now)} for was, now in removed.moves]
    staying = [each.name for each in models if not each.shipped]
    document = {"id": id_of(record), "moved": moves, "models": staying}
    console.document(document)
    if arguments.dry_run:
        console.say(_("{path} would be removed.").format(path=record.source.path))
    for each in moves:
        console.say(
            _("{path} was removed; it is now in {place}.").format(
                path=each["from"], place=each["to"]
            )
        )
    if staying:
        sentence = _("Models that stay, and need it to be used: {names}")
        console.say(sentence.format(names=enumerated(staying, 8)))

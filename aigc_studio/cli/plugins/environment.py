"""`aigc-studio plugins environment`: a Python of its own for a plugin that needs other versions."""

from __future__ import annotations

import argparse
from typing import Any

from aigc_studio.cli.console import Console, follow
from aigc_studio.cli.plugins.naming import id_of, named_or_at
from aigc_studio.translation import _


def add(command: Any) -> None:
    """The command and its flags."""
    environment = command("environment", _("give a plugin a Python of its own"), run)
    environment.add_argument(
        "name", metavar="NAME|PATH", help=_("see: aigc-studio plugins list; or a file, a project")
    )
    environment.add_argument(
        "--python", default="", metavar="PATH", help=_("that Python instead of the studio's own")
    )
    environment.add_argument(
        "--remove", action="store_true", help=_("remove it: back to the studio's own Python")
    )


def run(arguments: argparse.Namespace) -> None:
    """Make, or take away, an environment. Raises `StudioError`."""
    from aigc_studio.host.packages import environments, places
    from aigc_studio.host.packages.requirements import requirements_of

    console = Console(as_json=arguments.json)
    record = named_or_at(arguments.name)
    if arguments.remove:
        environments.take_environment(record.source)
        console.document({"id": id_of(record), "environment": ""})
        console.say(_("{id} runs in the studio's own Python again.").format(id=id_of(record)))
        return
    found = follow(environments.give_environment(record.source, arguments.python), console)
    folder = places.environment_of(record.source)
    requires = list(requirements_of(record.source))
    document = {"id": id_of(found), "environment": str(folder), "requires": requires}
    console.document(document)
    sentence = _("{id} has a Python of its own now, in {folder}.")
    console.say(sentence.format(id=id_of(found), folder=folder))

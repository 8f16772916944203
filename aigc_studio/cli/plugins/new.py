"""`aigc-studio plugins new`: a plugin that works, to be changed into one's own."""

from __future__ import annotations

import argparse
import os
import shlex
from pathlib import Path
from typing import Any

from aigc_studio.cli.console import Console
from aigc_studio.folders import plugin_folder
from aigc_studio.host.plugin_names import plugin_names
from aigc_studio.host.scaffold import MEDIA, scaffold
from aigc_studio.translation import _

_PACKS = {"text": "shakespeare", "image": "digits", "melody": "fiddle-tunes"}
"""What a net can learn from at once; the templates name the same packs."""


def add(command: Any) -> None:
    """The command and its flags."""
    new = command("new", _("write a small plugin that works, to be changed into yours"), write_new)
    new.add_argument("name", metavar="NAME", help=_("what to call it, in any words"))
    new.add_argument("--medium", choices=MEDIA, default="text", help=_("what it makes"))
    new.add_argument("--torch", action="store_true", help=_("with a small net that is trained"))
    new.add_argument(
        "--package", action="store_true", help=_("a project to publish, in the current folder")
    )
    new.add_argument(
        "--out", type=Path, metavar="FOLDER", help=_("where to, instead of the plugin folder")
    )


def write_new(arguments: argparse.Namespace) -> None:
    """Write it, and say what to do next. Raises `StudioError` when it cannot be written."""
    names = plugin_names(arguments.name, arguments.medium)
    path = scaffold(
        arguments.name,
        arguments.medium,
        torch=arguments.torch,
        package=arguments.package,
        folder=arguments.out,
    )
    steps = _next_steps(path, names.id, arguments)
    console = Console(as_json=arguments.json)
    about = {"id": names.id, "title": names.title, "path": str(path.absolute())}
    console.document({"plugin": about, "next": [command for _what, command in steps]})
    sentence = _("{title} is written: {path}")
    console.say(sentence.format(title=names.title, path=path))
    console.say("")
    for what, line in steps:
        console.say(f"{what}\n    {line}")


def _next_steps(path: Path, key: str, arguments: argparse.Namespace) -> list[tuple[str, str]]:
    """What to do with it, each with the command that does it."""
    place = shlex.quote(os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path))
    named = key if path.parent == plugin_folder() else f"--plugin {place}"
    steps = [
        (_("See it in a window, and change it while it runs:"), f"plugins dev {place}"),
        (_("Let it make something:"), f"generate {named} --count 3 --out results"),
        (_("See what it still lacks:"), f"plugins check {place}"),
    ]
    if arguments.torch:
        pack = _PACKS[arguments.medium]
        steps[1:2] = [
            (_("Fetch something to learn from:"), f"data fetch {pack}"),
            (_("Train it:"), f"train {named} --data {pack} --minutes 1"),
            steps[1],
        ]
    return [(what, f"aigc-studio {line}") for what, line in steps]

"""`aigc-studio plugins dev`: a window for one plugin that is being written."""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any

from aigc_studio.api import StudioError
from aigc_studio.cli.failures import DONE
from aigc_studio.translation import _


def add(command: Any) -> None:
    """The command and its flags."""
    dev = command("dev", _("open a window for one plugin, which follows its file"), develop)
    dev.add_argument("path", metavar="PATH", help=_("a file or a folder, or a name in the folder"))
    dev.add_argument("--all", action="store_true", help=_("offer the other generators as well"))
    dev.add_argument(
        "--editor",
        default="",
        metavar="COMMAND",
        help=_("opens the line of an error; {file} and {line} may stand in it"),
    )


def develop(arguments: argparse.Namespace) -> None:
    """Open the window. Raises `StudioError` where there is no plugin, or no window can be."""
    from aigc_studio.host.discovery import find_source, find_sources, is_wanted

    source = find_source(arguments.path)
    if source is None:
        sentence = _("There is no plugin at {path}: give a Python file, or a folder of a package.")
        raise StudioError(sentence.format(path=arguments.path))
    if not is_wanted(source):
        sentence = _("The plugin {name} is left out by AIGC_STUDIO_PLUGINS: let it in first.")
        raise StudioError(sentence.format(name=source.name))
    former = os.environ.get("AIGC_STUDIO_PLUGIN_PATH", "")
    os.environ["AIGC_STUDIO_PLUGIN_PATH"] = os.pathsep.join(filter(None, (source.path, former)))
    source = next((each for each in find_sources() if each.path == source.path), source)
    # Bytecode is told by whole seconds and sizes: of two quick saves the first might be run.
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    status = arguments.develop(source, everything=arguments.all, editor=arguments.editor)
    if status != DONE:
        sys.exit(status)

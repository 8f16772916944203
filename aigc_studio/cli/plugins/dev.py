"""`aigc-studio plugins dev`: a window for one plugin that is being written."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING, Any

from aigc_studio.api import StudioError
from aigc_studio.cli.failures import DONE
from aigc_studio.translation import _

if TYPE_CHECKING:
    from aigc_studio.host import PluginSource


def add(command: Any) -> None:
    """The command and its flags."""
    dev = command("dev", _("open a window for one plugin, which follows its file"), develop)
    dev.add_argument(
        "path",
        metavar="PATH",
        help=_("a file, a folder, a project, or a name in the plugin folder"),
    )
    dev.add_argument("--all", action="store_true", help=_("offer the other generators as well"))
    dev.add_argument(
        "--editor",
        default="",
        metavar="COMMAND",
        help=_("opens the line of an error; {file} and {line} may stand in it"),
    )


def develop(arguments: argparse.Namespace) -> None:
    """Open the window. Raises `StudioError` where there is no plugin, or no window can be."""
    from aigc_studio.host.discovery import is_wanted

    source = _found(arguments.path)
    if not is_wanted(source):
        sentence = _("The plugin {name} is excluded by AIGC_STUDIO_PLUGINS: allow it first.")
        raise StudioError(sentence.format(name=source.name))
    # Bytecode is told by whole seconds and sizes: of two quick saves the first might be run.
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    status = arguments.develop(source, everything=arguments.all, editor=arguments.editor)
    if status != DONE:
        sys.exit(status)


def _found(words: str) -> PluginSource:
    """The one plugin at a path, or of that name in the plugin folder; it comes before all others
    from now on."""
    from aigc_studio.host.discovery import find_source, find_sources
    from aigc_studio.host.plugin_path import only, problem_at, put_first
    from aigc_studio.host.precedence import whole_path

    # A folder beside it with the same name, of pictures for one, is no plugin and hides none.
    kept = find_source(words) if problem_at(whole_path(words)) else None
    found = put_first(kept.path if kept is not None else words)
    one = only(found, words)
    place = one.path, one.target
    return next(each for each in find_sources() if (each.path, each.target) == place)

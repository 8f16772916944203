"""`aigc-studio plugins path`: the folder that plugins of one's own go into."""

from __future__ import annotations

import argparse
import errno
import os
from typing import Any

from aigc_studio import files
from aigc_studio.api import StudioError
from aigc_studio.cli.console import Console
from aigc_studio.folders import plugin_folder
from aigc_studio.translation import _


def add(command: Any) -> None:
    """Add the command to those of `plugins`."""
    command("path", _("the folder that your own plugins go into"), print_path)


def print_path(arguments: argparse.Namespace) -> None:
    """The plugin folder, made where it was missing. Raises `StudioError` where it cannot be."""
    folder = plugin_folder()
    try:
        files.make_private(folder)
        if not folder.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    except OSError as error:
        sentence = _(
            "The plugin folder {path} cannot be created ({problem}): grant permission, or remove "
            "what is in its place."
        )
        raise StudioError(sentence.format(path=folder, problem=error.strerror)) from error
    console = Console(as_json=arguments.json)
    console.document({"folder": str(folder)})
    console.say(str(folder))

"""`aigc-studio plugins`: what is installed, and all that an author does; a module for each part."""

from __future__ import annotations

from functools import partial
from typing import Any

from aigc_studio.translation import _


def add(commands: Any, group: Any, command: Any) -> None:
    """The command `plugins` with its parts, made by the parser's own `group` and `command`."""
    from aigc_studio.cli.plugins import (
        checking,
        dev,
        environment,
        install,
        listing,
        new,
        path,
        remove,
        switch,
    )

    parts = group(commands, "plugins", _("the generators that are installed"))
    for each in (listing, path, new, dev, checking, install, remove, switch, environment):
        each.add(partial(command, parts))

"""`aigc-studio plugins enable` and `disable`: the same switch as in the Plugins window."""

from __future__ import annotations

import argparse
from typing import Any

from aigc_studio.cli.console import Console
from aigc_studio.cli.plugins.naming import id_of, named
from aigc_studio.translation import _


def add(command: Any) -> None:
    """The two commands."""
    on = command("enable", _("let a plugin run that was switched off"), enable)
    off = command("disable", _("keep a plugin but do not run it"), disable)
    for each in (on, off):
        each.add_argument("name", metavar="NAME", help=_("see: aigc-studio plugins list"))


def enable(arguments: argparse.Namespace) -> None:
    """Switch a plugin on. Raises `StudioError`."""
    _switch(arguments, True)


def disable(arguments: argparse.Namespace) -> None:
    """Switch a plugin off. Raises `StudioError`."""
    _switch(arguments, False)


def _switch(arguments: argparse.Namespace, on: bool) -> None:
    from aigc_studio.cli import choosing
    from aigc_studio.host.switches import switch

    console = Console(as_json=arguments.json)
    record = named(arguments.name)
    switch(record.source.name, on)
    records = choosing.open_registry().records
    now = next((each for each in records if each.source == record.source), record)
    console.document({"id": id_of(now), "state": now.state, "reason": now.reason})
    told = {
        "ready": _("{id} is switched on."),
        "disabled": _("{id} is switched off."),
    }.get(now.state, _("{id} is switched on, and does not work: {reason}"))
    console.say(told.format(id=id_of(now), reason=now.reason))

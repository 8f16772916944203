"""`aigc-studio plugins check`: the conformance tests, on any plugin."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from aigc_studio.api import StudioError
from aigc_studio.cli.console import Console
from aigc_studio.cli.failures import Told
from aigc_studio.translation import _

if TYPE_CHECKING:
    from aigc_studio.testing.report import Check


def add(command: Any) -> None:
    """The command and its flags."""
    check = command("check", _("run the conformance tests on a plugin"), check_plugin)
    check.add_argument(
        "path", metavar="PATH", nargs="?", help=_("a file, a folder, or an installed id")
    )
    check.add_argument(
        "--only", default="", metavar="CHECK[,…]", help=_("these checks alone; see --list")
    )
    check.add_argument("--list", action="store_true", help=_("list the checks, and run none"))
    check.add_argument(
        "--steps", type=int, help=_("steps of its trainings; the fewer, the sooner it is done")
    )
    check.add_argument(
        "--verbose", action="store_true", help=_("the name and the seconds of each check as well")
    )


def check_plugin(arguments: argparse.Namespace) -> None:
    """Run the conformance tests on a plugin. Raises `StudioError` when one fails."""
    from aigc_studio import testing

    console = Console(as_json=arguments.json)
    if arguments.list:
        _list_checks(console)
        return
    if arguments.path is None:
        raise StudioError(_("Say which plugin to check: a file, a folder, or an installed id."))
    if arguments.steps is not None and arguments.steps < 1:
        sentence = _("The steps must be a whole number of at least 1, not {value}.")
        raise StudioError(sentence.format(value=arguments.steps))
    only = [name.strip() for name in arguments.only.split(",") if name.strip()]

    def tell(check: Check) -> None:
        about = f"  [{check.name}, {check.seconds:.1f} s]" if arguments.verbose else ""
        console.say(f"{check}{about}")
        if arguments.traceback and check.details:
            console.note(check.details)

    chosen = {"steps": arguments.steps} if arguments.steps else {}
    report = testing.check_plugin(
        arguments.path, only=only or tuple(testing.CHECKS), on_check=tell, **chosen
    )
    console.document(report.to_json())
    if not report.passed:
        raise Told(report.verdict)
    console.say(report.verdict)


def _list_checks(console: Console) -> None:
    from aigc_studio.testing import CHECKS
    from aigc_studio.testing.conformance import title_of

    rows = [(name, title_of(name)) for name in CHECKS]
    console.document({"checks": [{"name": name, "title": title} for name, title in rows]})
    console.table((_("check"), _("what it asks")), rows)

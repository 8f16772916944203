"""`aigc-studio plugins check`: the conformance tests and what publishing needs, on any plugin."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from aigc_studio.api import Progress, StudioError
from aigc_studio.cli.console import Console
from aigc_studio.cli.failures import Told
from aigc_studio.translation import _, labelled

if TYPE_CHECKING:
    from aigc_studio.testing.report import Check


def add(command: Any) -> None:
    """The command and its flags."""
    check = command(
        "check",
        _("test everything that a plugin must keep to, and what publishing needs"),
        check_plugin,
    )
    check.add_argument(
        "path",
        metavar="PATH",
        nargs="?",
        help=_("a file, a folder, a project with a pyproject.toml, or an installed id"),
    )
    check.add_argument(
        "--only", default="", metavar="CHECK[,…]", help=_("these checks alone; see --list")
    )
    check.add_argument("--list", action="store_true", help=_("list the checks, and run none"))
    check.add_argument(
        "--no-publish",
        action="store_true",
        help=_("whether it keeps to the rules, and not what publishing needs besides"),
    )
    check.add_argument(
        "--steps", type=int, help=_("steps of its trainings; the fewer, the sooner it is done")
    )
    check.add_argument(
        "--data", metavar="NAME|PATH", help=_("what it learns from, in place of what the kit draws")
    )
    check.add_argument(
        "--verbose", action="store_true", help=_("the name and the seconds of each check as well")
    )


def check_plugin(arguments: argparse.Namespace) -> None:
    """Run the checks on a plugin. Raises `StudioError` when one fails."""
    from aigc_studio import testing
    from aigc_studio.cli.data_choice import find_data
    from aigc_studio.testing.finding import find_record
    from aigc_studio.testing.titles import title_of

    console = Console(as_json=arguments.json)
    if arguments.list:
        _list_checks(console)
        return
    only = _chosen(arguments)
    _check_words(arguments)
    begun: list[str] = []

    def begin(name: str) -> None:
        begun.append(name)
        # On a terminal a bar; elsewhere a line where a check takes its time.
        told = f"{len(begun)}/{len(only)} {title_of(name)}"
        console.progress(Progress(len(begun) - 1, len(only), told))

    def tell(check: Check) -> None:
        about = f"  [{check.name}, {check.seconds:.1f} s]" if arguments.verbose else ""
        console.say(f"{check}{about}")
        if arguments.traceback and check.details:
            console.note(check.details)

    chosen: dict[str, Any] = {"steps": arguments.steps} if arguments.steps else {}
    if arguments.data:
        record = find_record(arguments.path)
        chosen["data"] = find_data(arguments.data, record, split="train", console=console)
    report = testing.check_plugin(
        arguments.path, only=only, on_check=tell, on_begin=begin, **chosen
    )
    console.document(report.to_json())
    for badge in report.badges:
        console.say(f"{'★' if badge.held else '☆'} {labelled(badge.title, badge.told)}")
    if not report.passed:
        raise Told(report.verdict)
    console.say(report.verdict)


def _chosen(arguments: argparse.Namespace) -> tuple[str, ...]:
    """The names of the checks that were asked for."""
    from aigc_studio.testing import CHECKS, PUBLISHING

    named = tuple(name.strip() for name in arguments.only.split(",") if name.strip())
    return named or (*CHECKS, *(() if arguments.no_publish else PUBLISHING))


def _check_words(arguments: argparse.Namespace) -> None:
    if arguments.path is None:
        raise StudioError(_("Say which plugin to check: a file, a folder, or an installed id."))
    if arguments.steps is not None and arguments.steps < 1:
        sentence = _("--steps takes a whole number of at least 1, not {value}.")
        raise StudioError(sentence.format(value=arguments.steps))


def _list_checks(console: Console) -> None:
    from aigc_studio.testing import CHECKS
    from aigc_studio.testing.catalogue import ALL
    from aigc_studio.testing.titles import title_of

    rows = [
        (name, title_of(name), _("rules") if name in CHECKS else _("publishing")) for name in ALL
    ]
    listed = [
        {"name": name, "title": title, "part": "rules" if name in CHECKS else "publishing"}
        for name, title, _part in rows
    ]
    console.document({"checks": listed})
    console.table((_("check"), _("what it asks"), _("of")), rows)

"""`aigc-studio plugins`: what is installed, what is broken and why, and the conformance tests."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from aigc_studio.api import StudioError
from aigc_studio.cli import asking
from aigc_studio.cli.console import Console
from aigc_studio.cli.failures import Told
from aigc_studio.folders import plugin_folder
from aigc_studio.translation import _, localized

if TYPE_CHECKING:
    from aigc_studio.testing.report import Check


def list_plugins(arguments: argparse.Namespace) -> None:
    """Every plugin with its state; a broken one with the reason."""
    console = Console(as_json=arguments.json)
    records = asking.open_registry().records
    rows, document = [], []
    for record in records:
        about = record.description
        name = about.id if about else record.source.name
        title = localized(about.title) if about else ""
        verbs = ", ".join(about.verbs) if about else ""
        version = about.version if about else record.source.version
        rows.append((name, version, record.state, verbs, record.reason or title))
        document.append(
            {
                "id": name,
                "title": title,
                "version": version,
                "state": record.state,
                "medium": about.medium if about else None,
                "verbs": list(about.verbs) if about else [],
                "operations": [each.id for verb in about.verbs for each in about.of_verb(verb)]
                if about
                else [],
                "reason": record.reason,
            }
        )
    console.document({"plugins": document})
    console.table((_("id"), _("version"), _("state"), _("verbs"), _("title or reason")), rows)
    console.say(_("Your own plugins go into {folder}").format(folder=plugin_folder()))


def check(arguments: argparse.Namespace) -> None:
    """Run the conformance tests on a plugin. Raises `StudioError` when one fails."""
    from aigc_studio.testing import CHECKS, check_plugin

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
    report = check_plugin(arguments.path, only=only or tuple(CHECKS), on_check=tell, **chosen)
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

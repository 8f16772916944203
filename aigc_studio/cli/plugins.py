"""`aigc-studio plugins`: what is installed, what is broken and why, and the conformance tests."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from aigc_studio.cli import asking
from aigc_studio.cli.console import Console
from aigc_studio.cli.failures import Told
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


def check(arguments: argparse.Namespace) -> None:
    """Run the conformance tests on a plugin. Raises `StudioError` when one fails."""
    from aigc_studio.testing import check_plugin

    console = Console(as_json=arguments.json)

    def tell(check: Check) -> None:
        console.say(str(check))
        if arguments.traceback and check.details:
            console.note(check.details)

    report = check_plugin(arguments.path, on_check=tell)
    console.document(report.to_json())
    if not report.passed:
        raise Told(report.verdict)
    console.say(_("All checks passed."))

"""`aigc-studio plugins list`: what is installed, what is broken and why."""

from __future__ import annotations

import argparse
from typing import Any

from aigc_studio.cli import choosing
from aigc_studio.cli.console import Console
from aigc_studio.folders import plugin_folder
from aigc_studio.host.badges import Badges
from aigc_studio.host.plugin_files import beside
from aigc_studio.translation import _, enumerated, localized


def add(command: Any) -> None:
    """Add the command to those of `plugins`."""
    choosing.plugin_flag(
        command("list", _("every plugin, broken ones with the reason"), list_plugins)
    )


def list_plugins(arguments: argparse.Namespace) -> None:
    """Every plugin with its state; a broken one with the reason."""
    console = Console(as_json=arguments.json)
    records = choosing.open_registry().records
    rows, document, badges = [], [], Badges()
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
                "badges": {each.name: each.held for each in badges.of(record)},
            }
        )
    others = beside(plugin_folder())
    told = [{"file": str(path), "imported": used} for path, used in others.items()]
    console.document({"plugins": document, "no_plugins": told})
    console.table((_("id"), _("version"), _("state"), _("verbs"), _("title or reason")), rows)
    if others:
        sentence = _("Not plugins, as there is no hook in them: {files}")
        console.say(sentence.format(files=enumerated(path.name for path in others)))
    console.say(_("Your own plugins go into {folder}").format(folder=plugin_folder()))

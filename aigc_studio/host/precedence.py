"""Which of two plugins with one id counts: what the plugin path names comes before all others.

Needed before the first paint: what finds the plugins at these paths is `plugin_path`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from aigc_studio.host.records import PluginRecord, PluginSource
from aigc_studio.translation import _

PATH_VARIABLE = "AIGC_STUDIO_PLUGIN_PATH"


def named_paths() -> tuple[str, ...]:
    """What AIGC_STUDIO_PLUGIN_PATH names, in order."""
    return tuple(filter(None, os.environ.get(PATH_VARIABLE, "").split(os.pathsep)))


def whole_path(words: str) -> Path:
    """The path that a person's words name; of a package the folder."""
    path = Path(os.path.abspath(os.path.expanduser(words)))
    return path.parent if path.name == "__init__.py" else path


def named_by(source: PluginSource) -> str:
    """The entry of the plugin path that names a plugin, to be said again in a next command; empty
    for what did not come from it, and where it names it no more."""
    if source.origin != "path":
        return ""
    place = Path(source.path)
    return next((e for e in named_paths() if whole_path(e) in (place, *place.parents)), "")


def is_named(record: PluginRecord) -> bool:
    """Whether the plugin path still names a plugin that came from it; what did not is always."""
    return is_usual(record) or bool(named_by(record.source))


def is_usual(record: PluginRecord) -> bool:
    """Whether a plugin did not come from the plugin path."""
    return record.source.origin != "path"


def without_twins(records: Iterable[PluginRecord]) -> Iterable[PluginRecord]:
    """These records, of which no two are ready with one id: the first has it."""
    first: dict[str, PluginRecord] = {}
    for record in records:
        key = record.description.id if record.description and record.state == "ready" else ""
        if key and key in first and is_usual(record) and not is_usual(first[key]):
            sentence = _("The plugin {path} of {variable} takes its place.")
            reason = sentence.format(path=first[key].source.path, variable=PATH_VARIABLE)
            yield replace(record, state="disabled", reason=reason)
            continue
        if key and key in first:
            sentence = _(
                "The id {key} is taken by the plugin {other}. Remove one of the two, or give one "
                "another id."
            )
            other = first[key].source
            reason = sentence.format(key=key, other=other.path or other.distribution or other.name)
            yield replace(record, state="failed", description=None, reason=reason)
            continue
        if key:
            first[key] = record
        yield record

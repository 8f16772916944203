"""Which of two plugins with one id counts: what the plugin path names comes before all others."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from aigc_studio.host.records import PATH_VARIABLE, PluginRecord, PluginSource, named_paths
from aigc_studio.translation import _


def is_named(source: PluginSource) -> bool:
    """Whether the plugin path still names a plugin that came from it; what did not is always."""
    if source.origin != "path":
        return True
    place = Path(source.path)
    named = {Path(os.path.abspath(os.path.expanduser(each))) for each in named_paths()}
    return not named.isdisjoint((place, *place.parents))


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
            sentence = _("The id {key} is taken by the plugin {other}. Remove one of the two.")
            other = first[key].source
            reason = sentence.format(key=key, other=other.path or other.distribution or other.name)
            yield replace(record, state="failed", description=None, reason=reason)
            continue
        if key:
            first[key] = record
        yield record

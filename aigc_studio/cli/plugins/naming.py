"""Which plugin a person means: by the id of its generator, its name, or its package's."""

from __future__ import annotations

import os
from pathlib import Path

from aigc_studio.api import StudioError
from aigc_studio.cli import choosing
from aigc_studio.host import PluginRecord
from aigc_studio.translation import _, enumerated


def named(name: str) -> PluginRecord:
    """The plugin of this name, working or not. Raises `StudioError` that says which there are."""
    from aigc_studio.host.packages.places import normal

    records = choosing.open_registry().records
    for record in records:
        about = record.description
        if name in (record.source.name, about and about.id):
            return record
    for record in records:
        if record.source.distribution and normal(record.source.distribution) == normal(name):
            return record
    sentence = _("There is no plugin {name}. There are: {names}.")
    names = enumerated(id_of(each) for each in records)
    raise StudioError(sentence.format(name=name, names=names or _("none")))


def named_or_at(words: str) -> PluginRecord:
    """The plugin at a path, or of a name. A bare word is a name, whatever lies in this folder.

    Raises `StudioError` as `named` and `at_path` do.
    """
    found = at_path(words)
    if found is not None:
        return found
    try:
        return named(words)
    except StudioError:
        for name in (words, f"{words}.py"):
            if Path(name).exists():
                sentence = _("There is no plugin {name}. For what lies here, write {path}.")
                path = f"{os.curdir}{os.sep}{name}"
                raise StudioError(sentence.format(name=words, path=path)) from None
        raise


def at_path(words: str) -> PluginRecord | None:
    """The plugin at a path, not asked for its description; None for words that are no path.

    Raises `StudioError` where there is none at it, and where there are several.
    """
    from aigc_studio.host.plugin_path import named_sources, only

    path = Path(words)
    if path.suffix != ".py" and os.sep not in words and words not in (os.curdir, os.pardir):
        return None
    return PluginRecord(only(named_sources(words), words), "failed")


def id_of(record: PluginRecord) -> str:
    """What a plugin is called in the shell: its generator's id, else the name it was found by."""
    return record.description.id if record.description else record.source.name
